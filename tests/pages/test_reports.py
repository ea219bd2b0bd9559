"""/reports: three links, and what they lead to."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.pages.window import Person, Window
from tests.pages.worlds import CLOSED, OTHER_CASE, OTHER_SLUG
from tests.web.browser import Browser
from tracker import database
from tracker.models import Role

KINDS = ("letters", "progress", "timeline")


@pytest.fixture
def reader(person: Person) -> Person:
    """A volunteer with two letters on the one urgent action there is."""
    with database.writing() as db:
        action = factories.action(db)
        member = factories.asker(db)
        factories.log(db, member, action, factories.details(date(2025, 2, 20)))
    assert member.member_id is not None
    person.sign_in(member.member_id, today=factories.TODAY)
    return person


def test_there_is_a_link_to_each_report(reader):
    window = Window().visit("/reports")
    assert window.downloads == {
        f"Download {kind}.csv": f"/reports/{kind}.csv?action={factories.ACTION_SLUG}"
        for kind in KINDS
    }


def test_each_link_opens_for_whoever_sees_it(reader):
    window = Window().visit("/reports").type_day("Posted from", date(2025, 2, 1)).run()
    for link in window.downloads.values():
        assert Browser().get(link).location == "/sign-in"
        answer = Browser(reader.token).get(link)
        assert answer.status == 200
        assert answer.body.startswith(b"\xef\xbb\xbf")


def test_the_days_stand_in_the_links_but_not_in_the_timelines(reader):
    window = Window().visit("/reports")
    window.type_day("Posted from", date(2025, 2, 21)).type_day("Posted to", date(2025, 3, 1)).run()
    slug = factories.ACTION_SLUG
    days = "&from=2025-02-21&to=2025-03-01"
    assert window.downloads == {
        "Download letters.csv": f"/reports/letters.csv?action={slug}{days}",
        "Download progress.csv": f"/reports/progress.csv?action={slug}{days}",
        "Download timeline.csv": f"/reports/timeline.csv?action={slug}",
    }
    assert window.errors == []
    body = Browser(reader.token).get(window.downloads["Download letters.csv"]).body
    assert body.count(b"\r\n") == 1  # the header alone: the letters are a day older


def test_days_in_the_wrong_order_are_pointed_out(reader):
    window = Window().visit("/reports")
    window.type_day("Posted from", date(2025, 3, 2)).type_day("Posted to", date(2025, 3, 1)).run()
    assert window.errors == ["The last day comes before the first: the reports would be empty."]


def test_the_chosen_urgent_action_stands_in_the_links(reader):
    closed = factories.case_text(
        ('slug = "lighthouse"', 'slug = "ferry"'),
        ('slug = "lighthouse-2025-02"', 'slug = "ferry-2025-02"'),
        CLOSED,
    )
    with database.writing() as db:
        factories.case(db, OTHER_CASE)
        factories.case(db, closed)
    window = Window().visit("/reports", action=OTHER_SLUG)
    assert all(OTHER_SLUG in link for link in window.downloads.values())
    assert len(window.options("Urgent action")) == 3


def test_a_coordinator_finds_the_way_to_names_and_nobody_else_does(person):
    with database.writing() as db:
        factories.action(db)
        cora = factories.member(db, [Role.COORDINATOR])
        lead = factories.member(db, [Role.CASE_LEAD])
    person.sign_in(lead.id, today=factories.TODAY)
    assert "With names …" not in Window().visit("/reports").downloads
    person.sign_in(cora.id, today=factories.TODAY)
    link = Window().visit("/reports").downloads["With names …"]
    assert link == f"/reports/with-names?action={factories.ACTION_SLUG}"
    assert Browser(person.token).get(link).status == 200


def test_a_case_lead_chooses_whose_totals(person):
    with database.writing() as db:
        action = factories.action(db)
        here, there = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        factories.log(db, factories.asker(db, of=here), action)
        lead = factories.member(db, [Role.CASE_LEAD], of=there)
    person.sign_in(lead.id, today=factories.TODAY)
    window = Window().visit("/reports")
    assert window.fields["Section"] is None
    window.choose("Section", "Ruritania (fictional)").run()
    link = window.downloads["Download progress.csv"]
    assert link.endswith("&section=Ruritania+%28fictional%29")
    assert Browser(person.token).get(link).text.count(",1,1,") == 2
    window.choose("Section", "Elsewhere (fictional)").run()
    assert (
        Browser(person.token).get(window.downloads["Download progress.csv"]).text.count("\n") == 1
    )
