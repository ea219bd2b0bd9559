"""Whose a line is, and what may be asked over it."""

from __future__ import annotations

import asyncio
import tomllib

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tracker import settings
from tracker.web import lines, sessions

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def visitor(**headers: str) -> list[bytes]:
    """Return what a line says of its visitor."""
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    scope = {
        "type": "websocket",
        "headers": [(name.encode(), value.encode()) for name, value in named],
    }
    told = lines.of_its_visitor(scope)["headers"]
    return [value for name, value in told if name == lines.VISITOR_HEADER.encode()]


def cookie(token: str) -> str:
    return f"{sessions.cookie_name()}={token}"


def passed(*sent: bytes | None) -> list[bytes | None]:
    """Return what of it reaches Streamlit."""
    messages = iter([{"type": "websocket.receive", "bytes": it} for it in sent])

    async def receive():
        message = next(messages, None)
        if message is None:
            raise EOFError
        return message

    async def read() -> list[bytes | None]:
        reached: list[bytes | None] = []
        receive_asked = lines.only_asked(receive)
        try:
            while True:
                reached.append((await receive_asked())["bytes"])
        except EOFError:
            return reached

    return asyncio.run(read())


def test_a_line_says_which_cookie_opened_it_but_not_the_cookie(tracker_settings):
    one, same, other = (visitor(cookie=cookie(token)) for token in ("one", "one", "other"))
    assert one == same != other
    assert len(one) == 1
    assert b"one" not in one[0]


def test_nobody_says_for_themselves_who_they_are(tracker_settings):
    (real,) = visitor(cookie=cookie("one"))
    assert visitor(tracker_visitor=real.decode()) == []
    assert visitor(Tracker_Visitor=real.decode()) == []
    assert visitor(tracker_visitor=real.decode(), cookie=cookie("other")) != [real]
    assert len(visitor(tracker_visitor=real.decode(), cookie=cookie("one"))) == 1


def test_streamlit_takes_the_header_for_who_somebody_is(tracker_settings):
    text = (settings.app_dir() / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    trusted = tomllib.loads(text)["server"]["trustedUserHeaders"]
    assert list(trusted) == [lines.VISITOR_HEADER]


def test_what_pages_ask_is_passed_on(tracker_settings):
    rerun, stop, beat = BackMsg(), BackMsg(stop_script=True), BackMsg(app_heartbeat=True)
    rerun.rerun_script.page_name = "log"
    asked = [it.SerializeToString() for it in (rerun, stop, beat)]
    assert passed(*asked) == asked


def test_what_no_page_asks_is_passed_over(tracker_settings):
    upload, beat = BackMsg(), BackMsg(app_heartbeat=True).SerializeToString()
    upload.file_urls_request.file_names.append("x")
    unasked = [
        BackMsg(load_git_info=True),
        BackMsg(clear_cache=True),
        BackMsg(set_run_on_save=True),
        BackMsg(debug_shutdown_runtime=True),
        upload,
        BackMsg(),
    ]
    assert passed(*(it.SerializeToString() for it in unasked), beat) == [beat]


def test_a_lines_beginning_and_what_cannot_be_read_are_streamlits_matter(tracker_settings):
    assert passed(None, b"\xff\xff\xff") == [None, b"\xff\xff\xff"]
