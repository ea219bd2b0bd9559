"""Join codes: one evening, one group, volunteers only, no more of them than there are places."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.processes import together
from tracker import database, invitations, record, sealing
from tracker.invitations import MOST_PLACES, JoinCodeProblem, JoinCodeRefused, ListedJoinCode, Place
from tracker.members import Asker, NotYours
from tracker.models import Deed, JoinCode, Role
from tracker.settings import Settings

SECOND = timedelta(seconds=1)


def coordinator(db: Session) -> Asker:
    section = factories.section(db)
    group = factories.group(db, section)
    return factories.asker(db, [Role.COORDINATOR], of=section, in_group=group)


def new_code(db: Session, who: Asker, most: int = 5) -> ListedJoinCode:
    made = invitations.make_join_code(db, who, most, now=NOW)
    assert who.section_id is not None
    listed = invitations.join_codes(db, who, who.section_id, now=NOW)
    return next(code for code in listed if code.join_code_id == made)


def test_a_code_leads_volunteers_into_the_group_of_whoever_made_it(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who = coordinator(db)
        code = new_code(db, who)
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code.code)
        assert (code.joined, code.most) == (0, 5)
        assert who.section_id is not None
        place = Place(who.section_id, who.section, who.group_id, who.group, Role.VOLUNTEER)
        assert invitations.open_join_code(db, code.code, now=NOW) == place
        assert invitations.take_place(db, code.code, now=NOW) == place
        assert code.code.replace("-", "") not in str(record.entries(db, who).to_dict())


def test_a_code_is_understood_however_it_is_read(tracker_settings: Settings) -> None:
    with database.writing() as db:
        code = new_code(db, coordinator(db))
        row = db.scalars(select(JoinCode)).one()
        row.code_key = sealing.keyed_hash("0123ABCD", "join_codes.code")
        db.flush()
        for typed in ("0123abcd", "O1 23-AB CD", " oi23-abcd ", "OL23ABCD", "0-1-2-3-a-b-c-d"):
            assert invitations.open_join_code(db, typed, now=NOW), typed
        for typed in ("", "0123ABC", "0123ABCDE", "0123ABCU", "é", "\0", "x" * 5000, code.code):
            assert invitations.open_join_code(db, typed, now=NOW) is None
            assert invitations.take_place(db, typed, now=NOW) is None


def test_a_code_is_over_after_twelve_hours_when_ended_or_when_full(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who = coordinator(db)
        code = new_code(db, who, most=1)
        over = NOW + timedelta(hours=12)
        assert invitations.open_join_code(db, code.code, now=over - SECOND)
        assert invitations.open_join_code(db, code.code, now=over) is None
        assert invitations.take_place(db, code.code, now=over) is None
        assert invitations.take_place(db, code.code, now=NOW)
        assert invitations.open_join_code(db, code.code, now=NOW) is None
        assert invitations.take_place(db, code.code, now=NOW) is None
        other = new_code(db, who)
        for _ in range(2):
            invitations.end_join_code(db, who, other.join_code_id, now=NOW)
        assert invitations.take_place(db, other.code, now=NOW) is None
        deeds = record.entries(db, who)["deed"].tolist()
        assert deeds == [Deed.JOIN_CODE_ENDED, Deed.JOIN_CODE_MADE, Deed.JOIN_CODE_MADE]


def test_a_code_is_refused_without_a_group_or_with_too_many_places(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who = coordinator(db)
        for asker, most, reason in (
            (replace(who, group_id=None), 5, JoinCodeProblem.NO_GROUP),
            (who, 0, JoinCodeProblem.PLACES),
            (who, MOST_PLACES + 1, JoinCodeProblem.PLACES),
        ):
            with pytest.raises(JoinCodeRefused) as refused:
                invitations.make_join_code(db, asker, most, now=NOW)
            assert refused.value.reason is reason
        invitations.make_join_code(db, who, MOST_PLACES, now=NOW)


def test_codes_are_the_business_of_those_who_keep_the_section(tracker_settings: Settings) -> None:
    with database.writing() as db:
        who = coordinator(db)
        code = new_code(db, who)
        section = factories.section(db)
        elsewhere = factories.section(db, "Elbonia (fictional)")
        for stranger in (
            factories.asker(db, of=section, in_group=factories.group(db, section)),
            factories.asker(db, [Role.COORDINATOR], of=elsewhere),
        ):
            with pytest.raises(NotYours):
                invitations.join_codes(db, stranger, section.id, now=NOW)
            for join_code_id in (code.join_code_id, "unknown"):
                with pytest.raises(NotYours):
                    invitations.end_join_code(db, stranger, join_code_id, now=NOW)
        with pytest.raises(NotYours):
            invitations.make_join_code(
                db, factories.asker(db, in_group=factories.group(db, section)), 5, now=NOW
            )


def test_the_database_does_not_hold_the_code(tracker_settings: Settings) -> None:
    with database.writing() as db:
        code = new_code(db, coordinator(db)).code.replace("-", "")
        sealed, key = db.execute(text("SELECT code, code_key FROM join_codes")).one()
        assert code.encode() not in bytes(sealed) + bytes(key)


TAKE = """
from tests.factories import NOW
from tracker import database, invitations
start()
taken = 0
for _ in range(10):
    with database.writing() as db:
        taken += invitations.take_place(db, CODE, now=NOW) is not None
print(taken)
"""


def test_two_servers_at_once_take_no_more_places_than_there_are(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who = coordinator(db)
        code = new_code(db, who, most=12)
    said = together(TAKE.replace("CODE", repr(code.code)), configured=tracker_settings)
    assert sum(int(line) for line in said) == 12
    with database.reading() as db:
        assert db.scalars(select(JoinCode.joined)).one() == 12
