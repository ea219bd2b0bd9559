"""What is not open to somebody is noted: who asked for which row, and no more than that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests import factories
from tests.web.browser import Browser
from tracker import database, members, record
from tracker.web import access, refusals, sessions

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def volunteer() -> members.Asker:
    with database.writing() as db:
        factories.action(db)
        return factories.asker(db)


def noted() -> list[list[str]]:
    with database.reading() as db:
        told = record.entries(db, members.operator(db))
    told = told[told["deed"] == "page-refused"]
    return told[["who", "deed", "subject", "section"]].values.tolist()


def line(asker: members.Asker, path: str) -> list[str]:
    who = members.pseudonym(asker.member_id, asker.section_id or 0)
    return [who, "page-refused", path, asker.section]


def test_a_refused_route_is_noted_by_its_row_and_never_by_what_was_typed(tracker_settings):
    asker = volunteer()
    with database.writing() as db:
        token = sessions.begin(db, asker.member_id or 0, now=datetime.now(UTC))
    browser = Browser(token)
    for _ in range(3):
        assert browser.get("/reports/with-names?action=a-secret-word").status == 403
    assert noted() == [line(asker, "/reports/with-names")]


def test_a_report_on_another_section_is_noted(tracker_settings):
    asker = volunteer()
    with database.writing() as db:
        there = factories.section(db, "Elsewhere (fictional)")
        token = sessions.begin(db, asker.member_id or 0, now=datetime.now(UTC))
    address = f"/reports/letters.csv?action={factories.ACTION_SLUG}&section={there.name}"
    assert Browser(token).get(address.replace(" ", "+")).status == 403
    assert noted() == [line(asker, "/reports/letters.csv")]


def test_what_is_open_and_what_the_signed_out_ask_for_is_not_noted(tracker_settings):
    asker = volunteer()
    with database.writing() as db:
        token = sessions.begin(db, asker.member_id or 0, now=datetime.now(UTC))
    for page in access.PAGES:
        if access.may_open(asker, page):
            assert Browser(token).get(page.path).status == 200
        assert Browser().get(page.path).status == 303
    assert [told for told in noted() if told[2] in {"/log", "/progress"}] == []


def test_it_is_noted_again_after_five_minutes(tracker_settings):
    asker = volunteer()
    for minutes in (0, 4, 6, 8, 12):
        refusals.note(asker, "/members", now=NOW + timedelta(minutes=minutes))
    refusals.note(asker, "/record", now=NOW)
    assert [told[2] for told in noted()] == ["/record", "/members", "/members", "/members"]
