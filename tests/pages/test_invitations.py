"""/invitations: links that are shown once, and a letter night's join code."""

from __future__ import annotations

import re

from tests import factories
from tests.pages.offices import deeds, desk
from tests.pages.window import Window
from tests.web.browser import Browser
from tracker import database, members
from tracker.models import Deed


def test_an_invitation_is_made_shown_once_listed_and_revoked(person):
    desk(person)
    window = Window().visit("/invitations")
    window.type_text("E-mail address (only if they come in by it)", "no address")
    window.press("Make a link")
    assert window.errors == ["This is no e-mail address. It can also be left out."]
    # What was typed is kept.
    assert window.texts["E-mail address (only if they come in by it)"] == "no address"
    window.type_text("E-mail address (only if they come in by it)", "vera@letters.example")
    window.press("Make a link")
    path = window.to_copy[0].removeprefix("http://127.0.0.1:8501")
    assert Browser().get(path).status == 200
    window.run()
    assert window.to_copy == []
    assert "with an e-mail address" in window.everything
    assert "vera@letters.example" not in window.everything
    assert path.rpartition("/")[2] not in window.everything
    window.press("Revoke")
    assert Browser().get(path).status == 410
    assert deeds() == [Deed.INVITED, Deed.INVITATION_REVOKED]


def test_a_join_code_hangs_on_the_wall_until_it_is_ended(person):
    desk(person)
    window = Window().visit("/invitations").type_number("How many people may join", 12)
    window.press("Make a join code")
    found = re.search(r"127\.0\.0\.1:8501(/join/[0-9A-Z]{4}-[0-9A-Z]{4})<", _html(window))
    assert found is not None
    assert Browser().get(found[1]).status == 200
    assert "0 of 12 came in" in " ".join(window.sentences)
    assert "data:image/svg+xml" in _html(window)
    assert "%23fff" in _html(window)  # its own white margin, for dark pages
    window.press("End the join code")
    assert Browser().get(found[1]).status == 410
    assert "/join/" not in _html(window)


def test_a_join_code_wants_a_group_first(person):
    d = desk(person)
    with database.writing() as db:
        who = person.asker()
        members.change_group(db, who, who.member_id, None, now=factories.NOW)
    window = Window().visit("/invitations").press("Make a join code")
    assert window.errors == [
        "A join code is for your own group, and you are in none yet: choose one for yourself."
    ]
    assert d.person.asker().group == ""


def _html(window: Window) -> str:
    return "\n".join(part.value for part in window._app.html)
