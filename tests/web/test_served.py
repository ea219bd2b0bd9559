"""The served program, asked over loopback: real HTTP and real WebSockets, Streamlit and all."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import InvalidStatus

from tests import served
from tests.commands import free_port, process_environment
from tests.web import takeovers
from tests.web.test_middleware import NOWHERE
from tracker import settings
from tracker.web import access

PAGES = [page.path.removeprefix("/") for page in access.PAGES]
SECRETS = ["Huang", "Wang", "Zhang", "黄雪琴", "王建兵", "Guangzhou", "huang-wang"]
TITLES = [access.page_title(page.path) for page in access.PAGES]

# One process for all of them: a server takes seconds to come up.


@dataclass
class Seen:
    """What a signed-out visitor was shown."""

    status: int
    location: str | None
    body: bytes


class Site:
    """A server that has been up since its first request was for a page.

    Attributes:
        first: what each page's address showed, asked before anything else was.
        first_runs: what a browser was sent for each page's name, before anybody was signed in.
    """

    def __init__(self, server: served.Server, data_dir: Path) -> None:
        self.server = server
        self.data_dir = data_dir
        self.host = urlsplit(server.address).netloc
        paths = sorted(access.PAGES, key=lambda page: page.path != "/progress")
        self.first = {page.path: self.seen(page.path) for page in paths}
        self.first_runs = {name: server.run(name, cookie="") for name in ["progress", *PAGES]}
        self.cookie = server.sign_in()

    def ask(self, method: str, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Return the answer to a request whose path is sent just as it stands."""
        connection = HTTPConnection(self.host, timeout=served.PATIENCE)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def seen(self, path: str, method: str = "GET", **headers: str) -> Seen:
        """Return what a request shows."""
        answer, body = self.ask(method, path, **headers)
        return Seen(answer.status, answer.headers["location"], body)


def change(data_dir: Path, statement: str) -> None:
    """Change the database behind the server's back."""
    with closing(sqlite3.connect(data_dir / "tracker.db")) as db, db:
        db.execute(statement)


def assert_only_sign_in(
    sent: list[ForwardMsg], secrets: Sequence[str] = (*SECRETS, *TITLES)
) -> None:
    assert served.headings(sent) == ["Please sign in"]
    assert [message for message in sent if message.HasField("navigation")] == []
    everything = b"".join(message.SerializeToString() for message in sent).decode(errors="replace")
    assert [secret for secret in secrets if secret in everything] == []


@contextmanager
def serve(data_dir: Path) -> Iterator[served.Server]:
    """Serve from a folder that is not the checkout."""
    env = process_environment(TRACKER_DATA_DIR=str(data_dir), TRACKER_PORT=str(free_port()))
    with served.serving(served.SERVE, env=env, cwd=data_dir.parent) as server:
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The program with the real case, served to the tests of this file."""
    data_dir = tmp_path_factory.mktemp("served") / "data"
    with serve(data_dir) as server:
        yield Site(server, data_dir)


@pytest.fixture
def ours(site: Site) -> str:
    return f"http://{site.host}"


# Without a session ----------------------------------------------------------------------------


def test_a_page_that_is_the_first_thing_asked_leads_the_signed_out_to_the_sign_in(site):
    assert next(iter(site.first)) == "/progress"
    assert set(site.first) == {page.path for page in access.PAGES}
    assert set(map(str, site.first.values())) == {str(Seen(303, "/sign-in", b""))}


def test_a_page_whose_run_is_the_first_shows_the_signed_out_how_to_sign_in(site):
    assert len(site.first_runs) == len(PAGES)
    for sent in site.first_runs.values():
        assert_only_sign_in(sent)


def test_after_pages_were_drawn_the_signed_out_still_see_no_more(site):
    with site.server.line(cookie=site.cookie) as line:
        for page in PAGES:
            assert served.headings(served.run(line, page))
    for page in access.PAGES:
        assert site.seen(page.path) == Seen(303, "/sign-in", b"")
    with site.server.line() as line:
        for page in ["", *PAGES, "log.py", "nothing"]:
            assert_only_sign_in(served.run(line, page))
        for page in PAGES:
            assert_only_sign_in(served.run(line, "", page_script_hash=calc_hash(page)))
            assert_only_sign_in(served.run(line, page, query_string="action=huang-wang-2024-09"))


def test_no_address_beside_the_table_shows_anything(site):
    for path in NOWHERE:
        for cookie in ("", site.cookie):
            answer, body = site.ask("GET", path, Cookie=cookie)
            assert answer.status == 404, path
            assert b"There is nothing at this address" in body


def test_a_page_takes_no_form(site, ours):
    for page in access.PAGES:
        assert site.seen(page.path, "POST").status == 303
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            seen = site.seen(page.path, method, Cookie=site.cookie, Origin=ours)
            assert seen.status == 405
            assert site.seen(page.path, method, Origin="https://evil.example").status == 403


def test_what_has_another_method_is_no_page_either(site):
    for path in ("/sign-out", "/healthz", "/setup/x", "/reports/letters.csv"):
        for method in {"GET", "POST", "PUT"} - ({"POST"} if path == "/sign-out" else {"GET"}):
            if (path, method) != ("/setup/x", "POST"):
                assert site.seen(path, method, Cookie=site.cookie).status == 405


def test_a_head_shows_that_there_is_a_page_and_no_more(site):
    for page in access.PAGES:
        assert site.seen(page.path, "HEAD") == Seen(303, "/sign-in", b"")
        assert site.seen(page.path, "HEAD", Cookie=site.cookie) == Seen(200, None, b"")
    assert site.seen("/nothing", "HEAD").status == 404
    assert site.seen("/sign-in", "HEAD") == Seen(200, None, b"")


def test_the_signed_in_get_streamlits_page_and_it_holds_no_content(site):
    for page in access.PAGES:
        seen = site.seen(page.path, Cookie=site.cookie)
        assert seen.status == 200
        assert b"<script" in seen.body
        assert [secret for secret in SECRETS if secret.encode() in seen.body] == []


def test_streamlit_says_that_it_is_well(site):
    assert site.seen("/_stcore/health") == Seen(200, None, b"ok")


def test_what_streamlit_keeps_of_people_is_open_to_the_signed_in_alone(site):
    with site.server.line(cookie=site.cookie) as line:
        drawn = served.run(line, "timeline")
        icons = [
            message.page_config_changed.favicon
            for message in drawn
            if message.HasField("page_config_changed")
        ]
        for path in ("/_stcore/host-config", icons[0]):
            assert site.seen(path, Cookie=site.cookie).status == 200
            assert site.seen(path).status == 404
            assert site.seen(path, Cookie="tracker_session=forged").status == 404
    assert icons[0].startswith("/media/")
    assert site.seen("/favicon.png").status == 200


def test_what_pages_do_not_need_of_streamlit_is_closed(site, ours):
    for path in (
        "/_stcore/metrics",
        "/_stcore/upload_file/x/y",
        "/_stcore/script-health-check",
        "/_stcore/agent/openapi.json",
        "/component/x/index.html",
    ):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            for cookie in ("", site.cookie):
                assert site.seen(path, method, Cookie=cookie, Origin=ours).status == 404, path


def test_whoever_has_a_line_still_cannot_put_a_file_into_memory(site, ours):
    """With the number of their own run, and the token against forged requests."""
    for cookie in ("", site.cookie):
        with site.server.line(cookie=cookie) as line:
            number = served.number(served.run(line, "log"))
            for method in ("PUT", "POST", "DELETE"):
                path = f"/_stcore/upload_file/{number}/x"
                assert site.seen(path, method, Cookie=cookie, Origin=ours).status == 404


def test_a_line_tells_nothing_but_what_pages_ask(site):
    """Streamlit would name the files of the checkout, and empty everybody's caches."""
    asked = BackMsg()
    asked.file_urls_request.file_names.append("x")
    for cookie in ("", site.cookie):
        with site.server.line(cookie=cookie) as line:
            for message in (BackMsg(load_git_info=True), BackMsg(clear_cache=True), asked):
                line.send(message.SerializeToString())
            kinds = {message.WhichOneof("type") for message in served.run(line, "timeline")}
        assert kinds & {"git_info_changed", "file_urls_response"} == set()


def test_every_answer_of_the_server_says_what_the_browser_may_do(site):
    for path in ("/log", "/static/media/none.woff2", "/_stcore/health", "/nothing", "/sign-in"):
        for method in ("GET", "HEAD", "POST"):
            for cookie in ("", site.cookie):
                answer, _ = site.ask(method, path, Cookie=cookie)
                assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
                assert answer.headers["x-content-type-options"] == "nosniff"


def test_streamlits_code_is_kept_and_no_page_is(site):
    page = site.seen("/log", Cookie=site.cookie).body.decode()
    code = re.findall(r'src="\.(/static/js/[^"]+)"', page)[0]
    assert "immutable" in site.ask("GET", code)[0].headers["cache-control"]
    for path in ("/log", "/favicon.png", "/_stcore/health", "/_stcore/host-config"):
        answer, _ = site.ask("GET", path, Cookie=site.cookie)
        assert answer.headers["cache-control"] == "no-store"


# Lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [None, "https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", "http://["],
)
def test_a_line_from_elsewhere_is_refused_whoever_is_signed_in(site, origin):
    for cookie in ("", site.cookie):
        with (
            pytest.raises(InvalidStatus) as refused,
            site.server.line(origin=origin, cookie=cookie),
        ):
            pass
        assert refused.value.response.status_code == 403


def test_a_line_from_our_own_page_is_taken(site):
    for cookie in ("", site.cookie):
        with site.server.line(cookie=cookie) as line:
            assert line.subprotocol == "streamlit"


def test_there_is_one_line_and_no_other(site):
    for path in ("/", "/log", "/_stcore/other", "/setup/x", "/healthz", "/nothing"):
        for cookie in ("", site.cookie):
            with pytest.raises(InvalidStatus), site.server.line(cookie=cookie, path=path):
                pass


def test_a_line_that_stays_open_sees_nothing_once_its_session_has_ended(site):
    # By hand: another link to sign in with would need another start of the server.
    with site.server.line(cookie=site.cookie) as line:
        assert served.headings(served.run(line, "timeline"))[0] == "Timeline"
        change(site.data_dir, "UPDATE web_sessions SET ended_at = '2026-01-01 00:00:00'")
        try:
            # Streamlit names this browser's own pages once more, and nothing of what is on them.
            assert_only_sign_in(served.run(line, "timeline"), SECRETS)
        finally:
            change(site.data_dir, "UPDATE web_sessions SET ended_at = NULL")
        assert served.headings(served.run(line, "timeline"))[0] == "Timeline"


def test_whoever_knows_a_runs_number_cannot_take_it_over(site):
    with site.server.line(cookie=site.cookie) as line:
        sent = served.run(line, "timeline")
        number = served.number(sent)
    with site.server.line(number=number) as line:
        assert_only_sign_in(served.run(line, "timeline"), SECRETS)


def test_who_lost_the_line_gets_the_same_run_again(site):
    with site.server.line(cookie=site.cookie) as line:
        number = served.number(served.run(line, "timeline"))
    with site.server.line(cookie=site.cookie, number=number) as line:
        assert served.number(served.run(line, "timeline")) == number


def test_nobody_becomes_somebody_else(site):
    """A small dose; tests/faults/test_takeovers.py has hundreds."""
    data = {"TRACKER_DATA_DIR": str(site.data_dir)}
    with takeovers.visited(site.server, site.cookie, settings.load(data)) as place:
        counts = [
            *takeovers.by_number(place, 8),
            *takeovers.by_cookie(place, 10),
            *takeovers.by_origin(place, 15),
            *takeovers.by_host(place, 3),
        ]
    assert sum(count.tries for count in counts) == 8 + 2 * 10 + 3 * 15 + 2 * 3
    assert [count for count in counts if count.succeeded] == []


def test_a_run_that_fails_logs_where_but_not_what_was_typed(tmp_path):
    """A message may quote a value: here the database's, which quotes the statement."""
    data_dir = tmp_path / "data"
    with serve(data_dir) as server:
        cookie = server.sign_in()
        change(data_dir, "ALTER TABLE events RENAME TO elsewhere")
        sent = server.run("timeline", cookie=cookie)
        server.stop()
    everything = b"".join(message.SerializeToString() for message in sent)
    assert b"Something went wrong here, and it is not your doing." in everything
    log = "\n".join(server.printed)
    assert "A run failed with OperationalError" in log
    assert "pages/timeline.py" in log
    for told in (everything.decode(errors="replace"), log):
        assert "no such table" not in told
        assert "SELECT" not in told
