"""Forgetting: a member who is erased, writers cut from letters after their time, spent ways in.

Letters, the running counts and the record's lines stay; who it was goes from all of them. What is
deleted here still lies in the database's own files until `database.sweep` has run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker import members, record
from tracker.members import Asker, NotYours, PersonRefused, UnknownMember
from tracker.members.case_leads import hold_case_leads, keep_a_case_lead
from tracker.members.people import end_what_they_opened
from tracker.models import (
    SESSION_IDLE,
    SESSION_LONGEST,
    ActionStatus,
    Deed,
    Grant,
    Invitation,
    JoinCode,
    Letter,
    LetterVersion,
    Member,
    RecordEntry,
    RecoveryCode,
    Section,
    SignInLink,
    UrgentAction,
    WebSession,
)

Scope = Callable[[], AbstractContextManager[Session]]

JOIN_CODES_KEPT = timedelta(days=30)
"""For how long after a letter night its coordinator still sees how many joined."""

# Deeds whose subject is a letter's public id, or whose subject is the urgent action written to.
_LETTER_DEEDS = (Deed.LETTER_CORRECTED, Deed.LETTER_WITHDRAWN, Deed.LETTER_RESTORED)
_ACTION_DEEDS = (Deed.LETTERS_LOGGED_FOR,)

# Forgetting is every kind of row in which a member stands: a test holds that none is missing.
OWN_ROWS: tuple[InstrumentedAttribute[Any], ...] = (
    Grant.member_id,
    WebSession.member_id,
    SignInLink.member_id,
    RecoveryCode.member_id,
)
"""Columns whose rows go with the member."""

CUT_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Letter.member_id,
    Letter.logged_by_id,
    LetterVersion.changed_by_id,
    SignInLink.created_by_id,
    Invitation.created_by_id,
    JoinCode.created_by_id,
    RecordEntry.member_id,
    RecordEntry.about_id,
)
"""Columns that are emptied, in rows that stay."""

EMPTIED: tuple[str, ...] = tuple(
    dict.fromkeys(
        [Member.__tablename__]
        + [column.class_.__tablename__ for column in (*OWN_ROWS, *CUT_COLUMNS)]
    )
)
"""The tables in which something is deleted or cut: for `database.sweep`."""

# Few enough letters that nobody who logs one waits for long, and many enough at once to look for.
_BATCH = 1_000
_FOUND_AT_ONCE = 100_000


class Hindrance(StrEnum):
    """Why a member cannot be erased."""

    LAST_CASE_LEAD = "last-case-lead"
    DEMONSTRATION = "demonstration"


class Refused(ValueError):
    """A member cannot be erased as things stand; `reason` says why."""

    def __init__(self, reason: Hindrance) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Purged:
    """The letters of one section to one urgent action whose writers were, or would be, cut.

    Attributes:
        action: the urgent action's slug.
        section: the section's name.
        letters: how many letters.
        writers: how many members had written, logged or changed them.
    """

    action: str
    section: str
    letters: int
    writers: int


@dataclass(frozen=True)
class Tidied:
    """How many spent ways in went, or would go."""

    sessions: int
    links: int
    addresses: int
    join_codes: int


# A member -------------------------------------------------------------------------------------


def erase(db: Session, member_id: int, *, now: datetime, by: Asker | None) -> None:
    """Erase a member: the row, the ways in, and the number wherever it stands.

    Args:
        now: this moment, UTC.
        by: the member, or the operator; None for the program itself.

    Raises:
        NotYours: somebody else asks.
        UnknownMember: there is no such member.
        Refused: the server would be left without a case lead, or a demonstration without its part.
    """
    if by is not None and not by.is_operator and by.member_id != member_id:
        raise NotYours(member_id)
    hold_case_leads(db)
    # Held, so that nothing new refers to the member meanwhile.
    section_id = db.scalar(
        select(Member.section_id).where(Member.id == member_id).with_for_update()
    )
    if section_id is None:
        raise UnknownMember(member_id)
    if members.is_demo(db) and member_id in members.demo_members(db).values():
        raise Refused(Hindrance.DEMONSTRATION)
    try:
        keep_a_case_lead(db, member_id)
    except PersonRefused:
        raise Refused(Hindrance.LAST_CASE_LEAD) from None
    end_what_they_opened(db, member_id, now=now)
    for column in OWN_ROWS:
        db.execute(delete(column.class_).where(column == member_id))
    # What a form's address was lies in the history of the writer's browser. Both go at once: two
    # letters to one target on one day are told apart by it, while they have a writer.
    written = update(Letter).where(Letter.member_id == member_id)
    db.execute(written.values(member_id=None, entry_id=""))
    for column in CUT_COLUMNS:
        db.execute(update(column.class_).where(column == member_id).values({column: None}))
    # The invitation by which the member came holds the e-mail address.
    _forget_addresses(db, now)
    db.execute(delete(Member).where(Member.id == member_id))
    record.add(db, Deed.MEMBER_ERASED, now=now, section_id=section_id)


# Letters after their time ---------------------------------------------------------------------


def due(db: Session, asker: Asker, *, now: datetime) -> list[Purged]:
    """Return what `purge` would cut at this moment, by urgent action and section.

    Raises:
        NotYours: somebody else than the operator asks.
    """
    _refuse_members(asker)
    found = []
    for pair in _pairs_due(db, now):
        letters: set[int] = set()
        writers: set[int] = set()
        for query in _queries(pair):
            for letter_id, *who in db.execute(query):
                letters.add(letter_id)
                writers.update(member_id for member_id in who if member_id is not None)
        if letters:
            found.append(Purged(pair.action, pair.section, len(letters), len(writers)))
    return found


def purge(reading: Scope, writing: Scope, *, now: datetime) -> list[Purged]:
    """Cut the writers from letters whose section's retention is over, and return what was cut.

    The scopes are `database.reading` and `database.writing`: letters are found in the one and cut
    in the other, a batch at a time, so that whoever logs a letter meanwhile waits for a batch and
    no longer. Ended half-way, it has cut whole batches, and the next purge finds the rest.
    """
    with reading() as db:
        cut = due(db, members.operator(db), now=now)
        pairs = _pairs_due(db, now)
    for pair in pairs:
        while True:
            with reading() as db:
                found = _found(db, pair)
            if not found:
                break
            for start in range(0, len(found), _BATCH):
                with writing() as db:
                    _cut(db, pair, found[start : start + _BATCH], now)
        with reading() as db:
            told = db.scalar(select(RecordEntry.id).where(_lines_of_action(pair)).limit(1))
        if told is not None:
            with writing() as db:
                _cut_lines(db, _lines_of_action(pair))
    return cut


@dataclass(frozen=True)
class _Pair:
    """An urgent action and a section whose letters to it have had their time."""

    action_id: int
    section_id: int
    action: str
    section: str


def _pairs_due(db: Session, now: datetime) -> list[_Pair]:
    closed = db.execute(
        select(UrgentAction.id, UrgentAction.slug, UrgentAction.closed_at)
        .where(UrgentAction.status == ActionStatus.CLOSED)
        .order_by(UrgentAction.slug)
    ).all()
    sections = db.execute(
        select(Section.id, Section.name, Section.retention_days).order_by(Section.name)
    ).all()
    return [
        _Pair(action_id, section_id, slug, name)
        for action_id, slug, closed_at in closed
        for section_id, name, days in sections
        if closed_at is not None and closed_at + timedelta(days=days) <= now
    ]


def _queries(pair: _Pair) -> Iterator[Any]:
    """Yield the questions that find a letter's key and the members who stand at it."""
    here = and_(Letter.urgent_action_id == pair.action_id, Letter.section_id == pair.section_id)
    yield select(Letter.id, Letter.member_id, Letter.logged_by_id).where(
        here, or_(Letter.member_id.is_not(None), Letter.logged_by_id.is_not(None))
    )
    yield (
        select(Letter.id, LetterVersion.changed_by_id)
        .join(LetterVersion, LetterVersion.letter_id == Letter.id)
        .where(here, LetterVersion.changed_by_id.is_not(None))
    )
    yield (
        select(Letter.id, RecordEntry.member_id, RecordEntry.about_id)
        .join(RecordEntry, RecordEntry.subject == Letter.public_id)
        .where(here, _lines(_LETTER_DEEDS))
    )


def _lines(deeds: Sequence[Deed]) -> ColumnElement[bool]:
    """Return which lines of the record tell of these deeds, and who did them or to whom."""
    return and_(
        RecordEntry.deed.in_(deeds),
        or_(RecordEntry.member_id.is_not(None), RecordEntry.about_id.is_not(None)),
    )


def _lines_of_action(pair: _Pair) -> ColumnElement[bool]:
    return and_(
        RecordEntry.subject == pair.action,
        RecordEntry.section_id == pair.section_id,
        _lines(_ACTION_DEEDS),
    )


def _found(db: Session, pair: _Pair) -> list[int]:
    """Return the keys of letters at which somebody still stands; not all, where they are many."""
    found: set[int] = set()
    for query in _queries(pair):
        found.update(row[0] for row in db.execute(query.limit(_FOUND_AT_ONCE)))
    return sorted(found)


def _cut(db: Session, pair: _Pair, letter_ids: Sequence[int], now: datetime) -> None:
    """Cut everybody from these letters, what they said before, and the record's lines of them."""
    mine = Letter.id.in_(letter_ids)
    db.execute(update(Letter).where(mine).values(member_id=None, logged_by_id=None, entry_id=""))
    db.execute(
        update(LetterVersion)
        .where(LetterVersion.letter_id.in_(letter_ids))
        .values(changed_by_id=None)
    )
    for moment, there in (
        (Letter.logged_at, mine),
        (LetterVersion.changed_at, LetterVersion.letter_id.in_(letter_ids)),
    ):
        _keep_the_day(db, moment, there)
    of_mine = RecordEntry.subject.in_(select(Letter.public_id).where(mine))
    _cut_lines(db, and_(of_mine, _lines(_LETTER_DEEDS)))
    record.add(
        db,
        Deed.PURGED,
        now=now,
        section_id=pair.section_id,
        subject=pair.action,
        amount=len(letter_ids),
    )


def _keep_the_day(
    db: Session, moment: InstrumentedAttribute[datetime], there: ColumnElement[bool]
) -> None:
    """Leave of these moments no more than the UTC day.

    The record tells who signed in when: at a letter night that would tell who logged which letter.
    """
    found = db.scalars(select(moment).where(there).distinct())
    for day in {at.replace(hour=0, minute=0, second=0, microsecond=0) for at in found}:
        db.execute(
            update(moment.class_)
            .where(there, moment > day, moment < day + timedelta(days=1))
            .values({moment: day})
        )


def _cut_lines(db: Session, lines: ColumnElement[bool]) -> None:
    db.execute(
        update(RecordEntry)
        .where(lines)
        .values(member_id=None, about_id=None)
        .execution_options(synchronize_session=False)
    )


# Spent ways in --------------------------------------------------------------------------------


def spent(db: Session, asker: Asker, *, now: datetime) -> Tidied:
    """Return what `tidy` would delete at this moment.

    Raises:
        NotYours: somebody else than the operator asks.
    """
    _refuse_members(asker)
    return Tidied(*(db.scalar(select(func.count()).where(dead)) or 0 for dead in _dead(now)))


def tidy(db: Session, *, now: datetime) -> Tidied:
    """Delete sessions, links and join codes that open nothing any more, and invitations' addresses.

    An invitation that is spent, revoked or expired stays, without the e-mail address.
    """
    going = spent(db, members.operator(db), now=now)
    sessions, links, _, join_codes = _dead(now)
    for table, dead in ((WebSession, sessions), (SignInLink, links), (JoinCode, join_codes)):
        db.execute(delete(table).where(dead))
    _forget_addresses(db, now)
    return going


def _dead(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return which sessions, links, invitations' addresses and join codes have had their time."""
    return (
        or_(
            WebSession.ended_at.is_not(None),
            WebSession.last_seen_at <= now - SESSION_IDLE,
            WebSession.created_at <= now - SESSION_LONGEST,
        ),
        or_(SignInLink.spent_at.is_not(None), SignInLink.expires_at <= now),
        and_(
            or_(Invitation.email.is_not(None), Invitation.email_key.is_not(None)),
            or_(
                Invitation.spent_at.is_not(None),
                Invitation.revoked_at.is_not(None),
                Invitation.expires_at <= now,
            ),
        ),
        func.coalesce(JoinCode.ended_at, JoinCode.expires_at) <= now - JOIN_CODES_KEPT,
    )


def _refuse_members(asker: Asker) -> None:
    if not asker.is_operator:
        raise NotYours("the whole server's")


def _forget_addresses(db: Session, now: datetime) -> None:
    db.execute(update(Invitation).where(_dead(now)[2]).values(email=None, email_key=None))
