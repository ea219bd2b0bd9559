"""Every page of the one table, for everybody who may come, on an empty and on a full database."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import delete
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from tests import factories
from tests.pages.window import Person, Window
from tests.pages.worlds import SECRETS, VISITORS, WORLDS, a_draft, write_some
from tests.web.browser import Browser
from tracker import cases, database, members, record, settings
from tracker.models import Grant, Role
from tracker.web import access

DEMO = "A demonstration: every letter and every volunteer in it is fictional."

each_world = pytest.mark.parametrize("world", WORLDS)
each_visitor = pytest.mark.parametrize("visitor", VISITORS)
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def settle(person: Person, world: str, visitor: str = "first member") -> None:
    """Fill the database, and sign in somebody with letters where there are letters."""
    with database.writing() as db:
        WORLDS[world](db)
        here = factories.section(db)
        roles = VISITORS[visitor]
        member = factories.asker(db, roles, of=here, in_group=factories.group(db, here))
        if world == "plenty" and member.writes:
            write_some(db, member, *cases.open_actions(db, member))
    assert member.member_id is not None
    person.sign_in(member.member_id, today=factories.TODAY)


def alone(page: access.Page) -> Window:
    """Return the window in which a page's own file was run, without the shell."""
    return Window(str(settings.pages_dir() / page.file)).run()


def secrets_in(window: Window) -> list[str]:
    everything = window.everything
    return [secret for secret in SECRETS if secret in everything]


@each_visitor
@each_world
@on_one_database
def test_each_page_draws_for_those_who_may_open_it_and_for_nobody_else(person, visitor, world):
    settle(person, world, visitor)
    roles = VISITORS[visitor]
    for page in access.PAGES:
        window = Window().visit(page.path)
        if page.roles & roles:
            assert window.titles == [access.page_title(page.path)]
            assert window.count > 3
        else:
            # Streamlit's answer to an address that the navigation has not: the first page.
            assert window.titles == [access.page_title(access.home(roles))]
        assert window.navigation == [known.path for known in access.PAGES if known.roles & roles]


def test_each_page_draws_plenty_from_either_database(person):
    settle(person, "plenty")
    for page in access.PAGES:
        assert Window().visit(page.path).titles == [access.page_title(page.path)]
        assert secrets_in(Window().visit(page.path))  # so that the signed-out can be told apart


@each_visitor
@on_one_database
def test_a_page_that_is_run_without_the_shell_asks_who_is_here(person, visitor):
    settle(person, "plenty", visitor)
    for page in access.PAGES:
        window = alone(page)
        if page.roles & VISITORS[visitor]:
            assert window.titles == [access.page_title(page.path)]
        else:
            assert window.titles == ["This is not open to you"]
            assert window.sentences == ["Ask your coordinator if you think that it should be."]
            assert window.count == 2


@each_world
@on_one_database
def test_the_signed_out_see_how_to_sign_in_and_nothing_else(person, world):
    settle(person, world)
    person.end_session()
    for page in access.PAGES:
        # The shell adds its style sheet to the title and the sentence.
        for window, elements in ((Window().visit(page.path), 3), (alone(page), 2)):
            assert window.titles == ["Please sign in"]
            told = "You are signed out. Please load this page again: it leads to the sign-in."
            assert window.sentences == [told]
            assert window.count == elements
            assert window.navigation == []
            assert secrets_in(window) == []


@each_visitor
@on_one_database
def test_the_first_page_leads_on_to_the_one_for_that_role(person, visitor):
    settle(person, "one open", visitor)
    assert Window().visit("/").titles == [access.page_title(access.home(VISITORS[visitor]))]


def test_a_draft_is_shown_on_no_page(person):
    with database.writing() as db:
        a_draft(db)
        member = factories.member(db, list(Role))
    person.sign_in(member.id, today=factories.TODAY)
    for page in access.PAGES:
        window = Window().visit(page.path)
        if page.area in {access.Area.WRITE, access.Area.FOLLOW}:
            assert len(window.notices) == 1
        assert "Keepers" not in window.everything
        assert "Perla" not in window.everything


@on_one_database
def test_who_is_here_stands_beside_the_navigation(person):
    settle(person, "one open", "volunteer")
    window = Window().visit("/progress")
    who = "Fictional Vera Volunteer", "Group of the Old Mill (fictional)", "Ruritania (fictional)"
    assert " · ".join(who) in window.aside


@on_one_database
def test_a_demonstration_says_so_on_every_page_and_a_real_server_on_none(person):
    settle(person, "plenty")
    for page in access.PAGES:
        assert DEMO not in Window().visit(page.path).everything
    with database.writing() as db:
        members.mark_demo(db)
    for page in access.PAGES:
        assert DEMO in Window().visit(page.path).everything


def test_signing_out_ends_the_session_in_every_window(person):
    settle(person, "plenty")
    window, other = Window().visit("/progress"), Window().visit("/my-letters")
    # A form of plain HTML beside the navigation: its POST also takes the cookie back.
    assert '<form method=\\"post\\" action=\\"/sign-out\\">' in window.everything
    browser = Browser(person.token)
    assert browser.post("/sign-out").location == "/sign-in"
    assert browser.cookies == {}
    window.run()
    for seen in (window, other.run(), other.visit("/timeline")):
        assert seen.titles == ["Please sign in"]
        assert secrets_in(seen) == []


@on_one_database
def test_a_role_that_is_taken_away_closes_its_pages_at_once(person):
    settle(person, "one open", "volunteer")
    window = Window().visit("/log")
    with database.writing() as db:
        db.execute(delete(Grant))
        section = factories.section(db)
        member = person.asker()
        db.add(Grant(member_id=member.member_id, role=Role.CASE_LEAD, section_id=section.id))
    window.press("Log letters")
    assert window.titles == ["This is not open to you"]
    assert window.run().titles == ["Progress"]
    opened = [page.path for page in access.PAGES if access.may_open(person.asker(), page)]
    assert window.navigation == opened
    assert "/log" not in opened


@on_one_database
def test_no_page_draws_while_a_session_of_the_database_is_open(person, monkeypatch):
    """Every st.* call is a point at which Streamlit may abandon the script, and the session."""
    settle(person, "plenty")
    here = threading.local()
    drawn: list[str] = []

    def watched(scope):
        @contextmanager
        def watching():
            with scope() as db:
                here.depth = getattr(here, "depth", 0) + 1
                try:
                    yield db
                finally:
                    here.depth -= 1

        return watching

    draw = ScriptRunContext.enqueue

    def enqueue(self, message):
        if getattr(here, "depth", 0):
            drawn.append(str(message)[:300])
        draw(self, message)

    monkeypatch.setattr(database, "reading", watched(database.reading))
    monkeypatch.setattr(database, "writing", watched(database.writing))
    monkeypatch.setattr(ScriptRunContext, "enqueue", enqueue)
    for page in access.PAGES:
        Window().visit(page.path)
    window = Window().visit("/log").press("Log letters").press("Undo").press("Log letters")
    window.press("Log another")
    window = Window().visit("/my-letters").press("Withdraw").press("Put back").press("Correct")
    window.press("Save")
    Window().visit("/members").press("Show names").press("Add")
    window = Window().visit("/invitations").press("Make a link")
    window.press("Revoke").press("Make a join code").press("End the join code")
    window = Window().visit("/sections").press("Save").press("Make this group")
    assert drawn == []


@on_one_database
def test_a_page_that_is_refused_is_noted_once(person):
    settle(person, "one open", "case lead")
    closed = [page for page in access.PAGES if not access.may_open(person.asker(), page)]
    assert closed
    for page in closed:
        for _ in range(2):
            assert alone(page).titles == ["This is not open to you"]
    with database.reading() as db:
        told = record.entries(db, members.operator(db))
    refused = told[told["deed"] == "page-refused"]
    assert refused["subject"].tolist() == [page.path for page in reversed(closed)]
