"""/record: who did what when, of the own section, by pseudonym."""

from __future__ import annotations

from tests import factories
from tests.factories import NOW
from tests.pages.window import Window
from tracker import database, members, record
from tracker.models import Deed, Role
from tracker.web import member_labels


def test_the_record_of_the_section_stands_there_newest_first(person):
    with database.writing() as db:
        section, away = factories.section(db), factories.section(db, "Elbonia (fictional)")
        who = factories.asker(db, [Role.COORDINATOR], of=section)
        volunteer = factories.member(db, of=section)
        assert who.member_id is not None
        members.grant(db, who, volunteer.id, Role.COORDINATOR, now=NOW)
        record.add(db, Deed.GROUP_ADDED, now=NOW, section_id=away.id)
        record.add(db, Deed.KEY_ROTATED, now=NOW)
    person.sign_in(who.member_id)
    window = Window().visit("/record")
    rows = window.rows
    assert [row["What"] for row in rows] == ["signed in", "gave a role, coordinator"]
    given = rows[1]
    assert given["When"] == "12 Mar 2025, 12:00"
    assert given["Who"] == members.pseudonym(who.member_id, section.id)
    assert given["To whom"] == members.pseudonym(volunteer.id, section.id)
    assert "Vera" not in "".join(str(row) for row in rows)
    window.filter("What", Deed.GRANTED)
    assert [row["What"] for row in window.rows] == ["gave a role, coordinator"]


def test_a_case_lead_reads_what_is_no_sections_own(person):
    with database.writing() as db:
        lead = factories.member(db, [Role.CASE_LEAD])
        record.add(db, Deed.KEY_ROTATED, now=NOW)
        record.add(db, Deed.GROUP_ADDED, now=NOW, section_id=lead.section_id)
    person.sign_in(lead.id)
    assert [row["What"] for row in Window().visit("/record").rows] == ["changed the server's key"]


def test_without_a_line_the_page_says_what_will_be_here(person):
    with database.writing() as db:
        lead = factories.member(db, [Role.CASE_LEAD])
    person.sign_in(lead.id)
    assert Window().visit("/record").notices == [
        "Who did what and when will stand here; never what was written."
    ]


def test_a_long_record_is_shown_in_parts(person):
    with database.writing() as db:
        lead = factories.member(db, [Role.CASE_LEAD])
        for _ in range(201):
            record.add(db, Deed.KEY_ROTATED, now=NOW)
    person.sign_in(lead.id)
    window = Window().visit("/record")
    assert len(window.rows) == 200
    assert len(window.press("Show more").rows) == 201
    assert "Show more" not in window.buttons


def test_every_deed_has_its_words():
    words = [member_labels.deed(deed) for deed in Deed]
    assert all(words)
    assert len(set(words)) == len(words)
