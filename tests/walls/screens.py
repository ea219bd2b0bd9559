"""What a browser is sent: every address and every page, for somebody who is signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.pages import window
from tests.walls.business import Kind, Person
from tests.web.browser import Answer, Browser
from tracker import database
from tracker.web import access, sessions

if TYPE_CHECKING:
    from tests.walls.machine import World


def open_everything(world: World, person: Person, section_id: int) -> None:
    """Open every route and every page as that member, without a section and with that one.

    Raises:
        WallBroken: something is in there that is none of the member's business.
    """
    with database.writing() as db:
        token = sessions.begin(db, person.member_id, now=datetime.now(UTC))
    world.book.note(token, Kind.TOKEN, person.section_id)
    open_routes(world, person, token, section_id)
    open_pages(world, person, token, section_id)


def open_routes(world: World, person: Person, token: str, section_id: int) -> None:
    """Open every address, and search what is sent back."""
    for rule in access.ROUTES:
        path = rule.path.replace("{token}", "wrong").replace("{code}", "WRNG-WRNG")
        for section in ("", world.book.sections[section_id]):
            for slug in world.book.actions.values() if "/reports/" in path else ("",):
                asked = {"action": slug, "section": section}
                said = {name: value for name, value in asked.items() if value}
                browser = Browser(token)
                if "GET" in rule.methods:
                    answer = browser.get(f"{path}?{urlencode(said)}" if said else path)
                    sent = f"{answer.headers} {_text(answer)}"
                    world.search(path, _without(sent, token), person)
                if path == "/reports/with-names":
                    answer = browser.post(path, **said)
                    world.search(f"{path}, sent", _text(answer), person, names=True)
                world.tally.pages += 1


def open_pages(world: World, person: Person, token: str, section_id: int) -> None:
    """Open every page, and search all that is sent to the browser."""
    here = window.Person()
    here.token = token
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "current_member", here.here)
        patch.setattr(sessions, "current_token", lambda: token)
        screen = window.Window()
        for page in access.PAGES:
            for query in ({}, {"section": world.book.sections[section_id]}):
                screen.visit(page.path, **query)
                world.search(page.path, screen.everything, person)
                world.tally.pages += 1


def _text(answer: Answer) -> str:
    return answer.body.decode(errors="replace")


def _without(text: str, token: str) -> str:
    # An answer may set the cookie anew, for whoever sent it.
    return text.replace(token, "")
