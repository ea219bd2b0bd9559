"""/reports: three links, and what they lead to."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.pages.window import Person, Window
from tests.pages.worlds import CLOSED, OTHER_CASE, OTHER_SLUG
from tests.web.browser import Browser
from tracker import database

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
