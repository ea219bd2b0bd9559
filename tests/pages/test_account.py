"""One's own account: the name, how to sign in, and where one is signed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests import factories
from tests.pages.window import Person, Window
from tracker import accounts, database, members, settings
from tracker.models import Member, Role
from tracker.web import sessions

NO_PASSPHRASE = "You have no passphrase yet: see Your account."
WAITS = "Some of what you may do waits for your second step: see Your account."

pytestmark = pytest.mark.usefixtures("quick_hashing")


def settle(person: Person, *roles: Role, account: bool = True) -> int:
    with database.writing() as db:
        here = factories.section(db)
        group = factories.group(db, here)
        member = factories.member(db, roles or [Role.VOLUNTEER], of=here, in_group=group)
        if account:
            chosen = accounts.prepared("Fictional Vera", "vera_*k*", "a quiet mill pond in may")
            accounts.give(db, member.id, chosen, now=datetime.now(UTC))
    person.sign_in(member.id)
    return member.id


def begin_elsewhere(member_id: int, browser: str) -> str:
    with database.writing() as db:
        return sessions.begin(db, member_id, now=datetime.now(UTC), browser=browser)


def is_alive(token: str) -> bool:
    return sessions.member_with(token) is not None


def test_it_says_who_one_is_and_how_to_sign_in(person):
    settle(person)
    window = Window().visit("/account")
    assert window.titles == ["Your account"]
    assert window.finding == (
        "You are signed in with 1 browser. You belong to Group of the Old Mill (fictional) and"
        " Ruritania (fictional)."
    )
    assert "Sign-in name: vera_*k*" in window.sentences
    assert window.plain_links == {
        "Change the passphrase": "/account/passphrase",
        "Set a second step": "/account/second-step",
        "Erase my account": "/account/erase",
    }
    assert window.notices == []
    assert window.buttons == ["Keep this name"]
    assert window.navigation[-1] == "/account"


def test_the_name_that_others_see_can_be_changed(person):
    settle(person)
    window = Window().visit("/account")
    window.type_text("Your name, as others here see it", "  Wera  ").press("Keep this name")
    assert window.notices == ["Your name is changed."]
    with database.reading() as db:
        assert db.scalars(select(Member.name)).one() == "Wera"
    assert any(text.startswith("Wera · ") for text in window.run().aside)
    assert window.notices == []
    window.type_text("Your name, as others here see it", " ").press("Keep this name")
    assert window.errors == ["Please give a name for others to see."]
    with database.reading() as db:
        assert db.scalars(select(Member.name)).one() == "Wera"


def test_every_browser_is_listed_and_can_be_ended(person):
    member_id = settle(person)
    phone, library = (
        begin_elsewhere(member_id, name) for name in ("Firefox, Android", "Edge, Windows")
    )
    window = Window().visit("/account")
    assert window.finding.startswith("You are signed in with 3 browsers.")
    assert "A browser: this one" in window.sentences
    assert {"Firefox, Android", "Edge, Windows"} < set(window.sentences)
    window.press("End")  # the one seen last stands first
    assert (is_alive(phone), is_alive(library)) == (True, False)
    assert "Edge, Windows" not in window.sentences
    window.press("End all the others")
    assert not is_alive(phone)
    assert person.here() is not None
    assert window.buttons == ["Keep this name"]


def test_a_button_of_an_old_window_ends_nobody_elses_session(person):
    member_id = settle(person)
    mine = begin_elsewhere(member_id, "Firefox, Android")
    window = Window().visit("/account")
    settle(person, account=False)
    window.press("End")
    assert is_alive(mine)


def test_whoever_is_signed_out_meanwhile_ends_nothing(person):
    member_id = settle(person)
    other = begin_elsewhere(member_id, "Firefox, Android")
    window = Window().visit("/account")
    person.end_session()
    assert window.press("End").titles == ["Please sign in"]
    assert is_alive(other)


@pytest.mark.parametrize("roles", [(Role.VOLUNTEER,), (Role.VOLUNTEER, Role.CASE_LEAD)])
def test_without_a_passphrase_every_page_says_so(person, roles):
    settle(person, *roles, account=False)
    window = Window().visit("/progress")
    assert NO_PASSPHRASE in window.aside
    window.visit("/account")
    assert len(window.notices) == 1
    assert ("set-up link" in window.notices[0]) == (Role.CASE_LEAD in roles)
    assert window.plain_links["Choose a passphrase"] == "/account/passphrase"


def test_in_a_demonstration_nobody_is_asked_for_a_passphrase(person):
    settle(person, account=False)
    with database.writing() as db:
        members.mark_demo(db)
    window = Window().visit("/account")
    assert NO_PASSPHRASE not in window.aside
    assert window.notices == []


def test_whoever_comes_through_a_provider_needs_no_passphrase(person):
    member_id = settle(person, account=False)
    with database.writing() as db:
        accounts.link_identity(db, member_id, "https://id.example", "42")
    window = Window().visit("/account")
    assert NO_PASSPHRASE not in window.aside
    assert window.notices == []
    assert "You also come in through your identity provider." in window.sentences


@pytest.mark.parametrize("roles", [(Role.COORDINATOR,), (Role.CASE_LEAD, Role.VOLUNTEER)])
def test_a_role_that_waits_for_the_second_step_says_so(person, tracker_settings, roles):
    settle(person, *roles)
    settings.use(replace(tracker_settings, require_totp=True))
    window = Window().visit("/account")
    assert WAITS in window.aside
    assert window.notices == [
        "What you coordinate or keep opens once the second step is set, here below."
    ]
    window.visit("/")
    assert window.titles == ["Log letters" if Role.VOLUNTEER in roles else "Your account"]
    assert WAITS in window.aside


def test_what_was_done_on_a_plain_page_is_said_once(person):
    settle(person)
    window = Window().visit("/account", done="passphrase")
    assert window.notices == ["Your passphrase is kept. You stay signed in here, and nowhere else."]
    assert Window().visit("/account", done="<b>nonsense</b>").notices == []
