"""The record: what is noted, who reads it, and that no word of anybody's stands in it."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from tests import factories
from tests.factories import NOW, Desk, details
from tracker import database, letters, members, record
from tracker.members import Asker, pseudonym
from tracker.models import Deed, Role
from tracker.settings import Settings

COLUMNS = {
    "at": "datetime64[us, UTC]",
    "who": "str",
    "deed": "str",
    "about": "str",
    "subject": "str",
    "amount": "Int64",
    "section": "str",
}


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        return factories.desk(db)


def told(asker: Asker, **options: int) -> pd.DataFrame:
    with database.reading() as db:
        return record.entries(db, asker, **options)


def test_an_empty_record_has_its_columns(desk: Desk) -> None:
    with database.writing() as db:
        operator = factories.operator(db)
    assert told(operator).dtypes.astype(str).to_dict() == COLUMNS
    assert told(operator).empty


def test_a_line_says_who_did_what_when_under_pseudonyms(desk: Desk) -> None:
    with database.writing() as db:
        cora = factories.asker(db, [Role.COORDINATOR])
        record.add(
            db,
            Deed.GRANTED,
            now=NOW,
            by=cora,
            section_id=cora.section_id,
            about_id=desk.asker.member_id,
            subject="coordinator",
            amount=3,
        )
    lines = told(cora)
    assert lines.dtypes.astype(str).to_dict() == COLUMNS
    assert lines.values.tolist() == [
        [
            pd.Timestamp(NOW),
            pseudonym(cora.member_id, cora.section_id or 0),
            "granted",
            pseudonym(desk.asker.member_id, cora.section_id or 0),
            "coordinator",
            3,
            "Ruritania (fictional)",
        ]
    ]


def test_coordinators_read_their_section_s_and_case_leads_what_is_no_section_s(desk: Desk) -> None:
    with database.writing() as db:
        here, there = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        for section_id, subject in ((here.id, "here"), (there.id, "there"), (None, "nowhere")):
            record.add(db, Deed.GROUP_ADDED, now=NOW, section_id=section_id, subject=subject)
        seen = {
            "volunteer": (desk.asker, []),
            "coordinator": (factories.asker(db, [Role.COORDINATOR], of=here), ["here"]),
            "other": (factories.asker(db, [Role.COORDINATOR], of=there), ["there"]),
            "lead": (factories.asker(db, [Role.CASE_LEAD], of=here), ["nowhere"]),
            "first": (factories.asker(db, list(Role), of=here), ["nowhere", "here"]),
            "operator": (factories.operator(db), ["nowhere", "there", "here"]),
        }
    for asker, subjects in seen.values():
        assert told(asker)["subject"].tolist() == subjects
        narrowed = told(asker, section_id=there.id)["subject"].tolist()
        assert narrowed == [subject for subject in subjects if subject == "there"]


def test_the_newest_lines_come_first_and_no_more_than_asked_for(desk: Desk) -> None:
    with database.writing() as db:
        for minute in range(5):
            now = NOW + timedelta(minutes=minute)
            record.add(db, Deed.SIGNED_IN, now=now, subject=str(minute))
        operator = factories.operator(db)
    assert told(operator, limit=3)["subject"].tolist() == ["4", "3", "2"]


def test_what_happens_to_a_letter_is_noted_by_its_id_alone(desk: Desk) -> None:
    with database.writing() as db:
        cora = factories.asker(db, [Role.COORDINATOR])
        letter = factories.letter(db, desk.asker, desk.action)
        letters.correct(
            db,
            desk.asker,
            letter.letter_id,
            version=1,
            target_id=desk.second,
            details=details(language="fr"),
            now=NOW,
        )
        letters.withdraw(db, desk.asker, letter.letter_id, version=2, now=NOW)
        letters.restore(db, desk.asker, letter.letter_id, version=3, now=NOW)
        assert letters.withdraw_entry(db, desk.asker, letter.entry_id, now=NOW) == 1
    lines = told(cora)
    assert lines["deed"].tolist() == [
        "letter-withdrawn",
        "letter-restored",
        "letter-withdrawn",
        "letter-corrected",
    ]
    assert set(lines["subject"]) == {letter.letter_id}
    who = members.pseudonym(desk.asker.member_id, desk.asker.section_id or 0)
    assert set(lines["who"]) == {who}


def test_logging_and_what_changes_nothing_are_not_noted(desk: Desk) -> None:
    with database.writing() as db:
        operator = factories.operator(db)
        letter = factories.letter(db, desk.asker, desk.action)
        letters.restore(db, desk.asker, letter.letter_id, version=1, now=NOW)
        letters.correct(
            db,
            desk.asker,
            letter.letter_id,
            version=1,
            target_id=desk.first,
            details=details(),
            now=NOW,
        )
    assert told(operator).empty
