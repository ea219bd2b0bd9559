"""Pages about one section, opened for one's own and another, as everybody: as the table says."""

from __future__ import annotations

import pytest

from tests import factories, matrix
from tests.matrix import HERE, ROLES, THERE
from tests.pages.window import Person, Window
from tracker import database, members
from tracker.members import Asker
from tracker.web import access

ABOUT_ONE = [page for page in access.PAGES if page.own_section or page.other_sections]
GROUPS = {HERE: "Group of the Old Mill (fictional)", THERE: "Group of the Far Shore (fictional)"}


@pytest.fixture
def asker(person: Person, request: pytest.FixtureRequest) -> Asker:
    """Somebody of HERE with the roles asked for; each section has a group and a member."""
    with database.writing() as db:
        matrix.settle(db)
        for section, group in GROUPS.items():
            there = factories.section(db, section)
            factories.member(db, of=there, in_group=factories.group(db, there, group))
        member = factories.member(db, ROLES[request.param], of=factories.section(db, HERE))
    person.sign_in(member.id, today=factories.TODAY)
    return person.asker()


def pseudonyms(section: str) -> list[str]:
    with database.reading() as db:
        section_id = members.section_named(db, section).id
        listed = members.listed(db, members.operator(db), section_id, now=factories.NOW)
    return [member.pseudonym for member in listed]


def signs_of(section: str, window: Window) -> list[str]:
    """Return what a page shows that is that section's own."""
    drawn = window.everything
    return [sign for sign in (GROUPS[section], *pseudonyms(section)) if sign in drawn]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("asker", ROLES, indirect=True)
@pytest.mark.parametrize("page", ABOUT_ONE, ids=lambda page: page.path)
def test_a_page_about_a_section_shows_the_one_asked_for_to_those_who_may_see_it(asker, page):
    with database.reading() as db:
        ids = {section: members.section_named(db, section).id for section in (HERE, THERE)}
    opens = access.may_open(asker, page)
    for section, other in ((HERE, THERE), (THERE, HERE)):
        window = Window().visit(page.path, section=section)
        assert (window.titles == [access.page_title(page.path)]) == opens
        may = access.may_open(asker, page, ids[section])
        assert opens or not may
        assert bool(signs_of(section, window)) == may
        # Whoever may not see that section is shown their own instead, if there is one.
        instead = not may and access.may_open(asker, page, ids[other])
        assert bool(signs_of(other, window)) == instead
