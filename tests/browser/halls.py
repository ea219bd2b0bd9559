"""A served program and whoever draws its pages, for strings that would be more than text."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Network
from pathlib import Path

from playwright.sync_api import Browser, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.visitor import Visitor, new_visitor
from tests.browser.watching import Watch
from tests.commands import CHECKOUT, free_port, process_environment
from tests.served import SERVE, Server, serving
from tracker import accounts, database, settings
from tracker.web import sessions

AT_ONCE = 64
"""Strings on one page: more would be no more, only slower."""

# Without the bounds of the fields; no passphrase that is typed here will do.
_TYPE = """([fields, text]) => {
    for (const box of document.querySelectorAll('input[type=password]')) box.value = 'short';
    return fields.map(name => {
        const box = document.getElementById(name);
        box.removeAttribute('maxlength');
        box.value = text;
        return box.value;
    });
}"""
_READ = "fields => fields.map(name => document.getElementById(name).value)"

OPEN_ALL = (
    "() => document.querySelectorAll('details:not([open]) > summary').forEach(s => s.click())"
)


@dataclass(frozen=True)
class Hall:
    """A served program that nobody has set up yet, the strings, and who draws its pages.

    Attributes:
        lines: those that the pages opened to the server; the last one is open.
        networks: those that nobody has sent a form from yet: tries are counted by network.
    """

    server: Server
    watch: Watch
    strings: Sequence[str]
    lines: Sequence[WebSocket]
    networks: Iterator[IPv4Network] = field(
        default_factory=lambda: IPv4Network("10.0.0.0/8").subnets(new_prefix=24)
    )

    @property
    def visitor(self) -> Visitor:
        """The one visitor, who is signed in as now this member, now that."""
        return self.watch.visitor

    def sign_in_as(self, member_id: int) -> str:
        """Sign the visitor in as that member and return the session's token."""
        with database.writing() as db:
            token = sessions.begin(db, member_id, now=datetime.now(UTC))
        context = self.visitor.context
        context.clear_cookies()
        context.add_cookies(
            [{"name": sessions.cookie_name(), "value": token, "url": self.server.address}]
        )
        return token

    def move(self) -> None:
        """Move the visitor to another network, as a proxy on the program's machine tells it."""
        address = next(self.networks)[1]
        self.visitor.context.set_extra_http_headers({"X-Forwarded-For": str(address)})

    def chunks(self) -> Iterator[Sequence[str]]:
        """Yield the strings, as many as fit on a page."""
        for start in range(0, len(self.strings), AT_ONCE):
            yield self.strings[start : start + AT_ONCE]


@contextmanager
def at(chromium: Browser, data_dir: Path, strings: Sequence[str]) -> Iterator[Hall]:
    """Yield a hall of its own; its database is this process's, too."""
    data = {"TRACKER_DATA_DIR": str(data_dir)}
    env = process_environment(**data, TRACKER_PORT=str(free_port()))
    with serving(SERVE, env=env, cwd=CHECKOUT) as server:
        watch = Watch(new_visitor(chromium, server))
        watch.begin()
        lines: list[WebSocket] = []
        watch.visitor.page.on("websocket", lambda line: lines.append(line))  # noqa: PLW0108
        settings.use(settings.load(data))
        try:
            yield Hall(server, watch, strings, lines)
        finally:
            settings.use(None)
            watch.visitor.context.close()


def fresh(name: str) -> str:
    """Return a name that no stage has given yet."""
    return f"{name} {secrets.token_hex(3)} (fictional)"


def typed(text: str) -> str:
    """Return a string as a field of one line keeps it."""
    return accounts.display_name(text)


def send(hall: Hall, text: str, *fields: str, status: int) -> list[str]:
    """Type the text into those fields of a plain page, and send the form from another network.

    Returns what fields of one line made of it. The answer has that status: none says that there
    were too many tries.
    """
    page = hall.visitor.page
    hall.move()
    typed: list[str] = page.evaluate(_TYPE, [fields, text])
    with page.expect_navigation() as answer:
        page.locator("form[method=post] button[type=submit]").first.click()
    answered = answer.value
    assert answered is not None
    assert answered.status == status, (answered.status, text)
    assert page.evaluate(_READ, fields) == typed
    return typed


def press(hall: Hall, label: str, text: str, button: str) -> None:
    """Type into the form with that button, press it, and wait until the page is drawn anew."""
    page = hall.visitor.page
    page.evaluate(OPEN_ALL)
    pressed = page.get_by_role("button", name=button, exact=True).first
    form = page.get_by_test_id("stForm").filter(has=pressed)
    form.get_by_label(label, exact=True).fill(text)
    # The page cannot be seen to run before it does.
    with hall.lines[-1].expect_event("framereceived", _ends_run):
        pressed.click()
    page.wait_for_timeout(50)
    hall.visitor.settle()
    assert page.get_by_text("Something went wrong").count() == 0, text


def _ends_run(frame: str | bytes) -> bool:
    assert isinstance(frame, bytes)
    return ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished"


def choose_first(hall: Hall) -> None:
    """Open the first choices on the page, so that what is to be chosen from is drawn, too."""
    page = hall.visitor.page
    for box in page.locator(".stSelectbox input, .stMultiSelect input").all()[:2]:
        options = hall.visitor.open_choice(box)
        hall.watch.look(count=0)
        box.press("Escape")
        expect(options).to_have_count(0)
