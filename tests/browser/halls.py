"""A served program and whoever draws its pages, for strings that would be more than text."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor, new_visitor
from tests.browser.watching import Watch
from tests.commands import CHECKOUT, free_port, process_environment
from tests.served import SERVE, Server, serving
from tracker import accounts, database, settings
from tracker.web import access, sessions

AT_ONCE = 64
"""Strings on one page: more would be no more, only slower."""

_GO = """address => {
    history.pushState({}, '', address);
    dispatchEvent(new PopStateEvent('popstate', {state: {}}));
}"""

OPEN_ALL = (
    "() => document.querySelectorAll('details:not([open]) > summary').forEach(s => s.click())"
)


@dataclass(frozen=True)
class Hall:
    """A served program that nobody has set up yet, the strings, and who draws its pages."""

    server: Server
    watch: Watch
    strings: Sequence[str]

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
        settings.use(settings.load(data))
        try:
            yield Hall(server, watch, strings)
        finally:
            settings.use(None)
            watch.visitor.context.close()


def fresh(name: str) -> str:
    """Return a name that no stage has given yet."""
    return f"{name} {secrets.token_hex(3)} (fictional)"


def typed(text: str) -> str:
    """Return a string as a field of one line keeps it."""
    return accounts.display_name(text)


def fill(hall: Hall, field: str, text: str) -> str:
    """Type into a field without its bounds, and return what a field of one line made of it."""
    box = hall.visitor.page.locator(field)
    box.evaluate("(box, text) => { box.removeAttribute('maxlength'); box.value = text; }", text)
    return box.input_value()


def send(hall: Hall) -> None:
    page = hall.visitor.page
    with page.expect_navigation():
        page.locator("form[method=post] button[type=submit]").first.click()


def go(hall: Hall, path: str, query: str = "") -> None:
    """Go to another page as its navigation does, without loading all of Streamlit again."""
    page = hall.visitor.page
    page.evaluate(_GO, f"{path}?{query}" if query else path)
    title = access.page_title(path)
    page.get_by_role("heading", level=1, name=title, exact=True).wait_for()
    hall.visitor.settle()


def choose_first(hall: Hall) -> None:
    """Open the first choices on the page, so that what is to be chosen from is drawn, too."""
    page = hall.visitor.page
    for box in page.locator(".stSelectbox input, .stMultiSelect input").all()[:2]:
        options = hall.visitor.open_choice(box)
        hall.watch.look(count=0)
        box.press("Escape")
        expect(options).to_have_count(0)
