"""Log, correct, withdraw and restore letters. A letter is never deleted, and counts in one place.

Each change moves the running counts in the letter's own transaction. Nothing here commits: the
caller's `database.writing()` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker import rules, running_counts
from tracker.members import Asker
from tracker.models import (
    ActionStatus,
    ActionTarget,
    Channel,
    Letter,
    LetterChange,
    LetterStatus,
    LetterVersion,
    Target,
    UrgentAction,
    new_public_id,
)
from tracker.rules import Refusal

VERSION_COLUMNS = {
    "change": "str",
    "changed_at": "datetime64[us, UTC]",
    "target": "str",
    "posted_on": "object",
    "channel": "str",
    "language": "str",
    "own_words": "bool",
    "status": "str",
}


class Refused(ValueError):
    """A letter cannot be logged or corrected as it stands; `reasons` says why, all at once."""

    def __init__(self, reasons: Sequence[Refusal]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = tuple(reasons)


class UnknownLetter(LookupError):
    """The asker has no letter with that id."""


class ChangedMeanwhile(RuntimeError):
    """The letter was changed in another window since it was read."""


@dataclass(frozen=True)
class Details:
    """What a writer says about a letter.

    Attributes:
        posted_on: the day it was posted, the writer's own.
        channel: how it went out.
        language: ISO 639-1 code.
        own_words: whether it is in the writer's own words rather than the model letter's.
        late_confirmed: whether the writer confirmed that the section's office agreed to a letter
            after the deadline.
    """

    posted_on: date
    channel: Channel
    language: str
    own_words: bool
    late_confirmed: bool = False


@dataclass(frozen=True)
class LoggedLetter:
    """One of the asker's own letters, as pages show it. `letter_id` is its public id."""

    letter_id: str
    entry_id: str
    urgent_action_id: int
    target_id: int
    target: str
    posted_on: date
    logged_at: datetime
    channel: Channel
    language: str
    own_words: bool
    after_deadline: bool
    status: LetterStatus
    version: int


# Writing --------------------------------------------------------------------------------------


def log(
    db: Session,
    asker: Asker,
    *,
    entry_id: str,
    action_id: int,
    target_ids: Collection[int],
    details: Details,
    now: datetime,
) -> int:
    """Log one letter to each of the targets and return how many are new.

    The same entry sent again logs nothing new: (member, entry, target, first given day) is unique.

    Args:
        entry_id: the id of the form that is sent.
        now: this moment, UTC.

    Raises:
        Refused: something stands against the letters; nothing was logged.
    """
    action = db.get_one(UrgentAction, action_id)
    known = list(
        db.scalars(
            select(ActionTarget.target_id)
            .where(ActionTarget.urgent_action_id == action_id)
            .order_by(ActionTarget.priority)
        )
    )
    reasons = _refusals(action, details, asker.today(now))
    if action.status is not ActionStatus.OPEN:
        reasons.append(Refusal.CLOSED)
    if not target_ids or not set(target_ids) <= set(known):
        reasons.insert(0, Refusal.NO_TARGET)
    if reasons:
        raise Refused(reasons)
    new = []
    for target_id in (target_id for target_id in known if target_id in target_ids):
        values = {
            "public_id": new_public_id(),
            "urgent_action_id": action.id,
            "target_id": target_id,
            "member_id": asker.member_id,
            "section_id": asker.section_id,
            "group_id": asker.group_id,
            "entry_id": entry_id,
            "entry_target_id": target_id,
            "entry_posted_on": details.posted_on,
            "posted_on": details.posted_on,
            "logged_at": now,
            "channel": details.channel,
            "language": details.language,
            "own_words": details.own_words,
            "after_deadline": rules.is_after_deadline(details.posted_on, action.deadline),
            "status": LetterStatus.POSTED,
            "version": 1,
        }
        statement = (
            running_counts.insert_into(db, Letter.__table__)
            .values(values)
            .on_conflict_do_nothing(
                index_elements=["member_id", "entry_id", "entry_target_id", "entry_posted_on"]
            )
            .returning(Letter.id)
        )
        letter_id = db.scalar(statement)
        if letter_id is not None:
            new.append(db.get_one(Letter, letter_id))
    running_counts.move(db, running_counts.counted(new))
    return len(new)


def correct(
    db: Session,
    asker: Asker,
    letter_id: str,
    *,
    version: int,
    target_id: int,
    details: Details,
    now: datetime,
) -> None:
    """Correct one of the asker's own letters; what it said before is kept.

    Raises:
        UnknownLetter: not one of the asker's own.
        ChangedMeanwhile: `version` is not the letter's any more.
        Refused: something stands against the letter as corrected; nothing was changed.
    """
    letter = _own(db, asker, letter_id, version)
    action = db.get_one(UrgentAction, letter.urgent_action_id)
    after_deadline = letter.after_deadline
    reasons = []
    if details.posted_on != letter.posted_on:
        # Only a new day is judged: the old one was, by the deadline then in force.
        agreed = details.late_confirmed or letter.after_deadline
        reasons = _refusals(action, replace(details, late_confirmed=agreed), asker.today(now))
        after_deadline = rules.is_after_deadline(details.posted_on, action.deadline)
    if db.get(ActionTarget, (action.id, target_id)) is None:
        reasons.insert(0, Refusal.NO_TARGET)
    if reasons:
        raise Refused(reasons)
    if (target_id, details.posted_on, details.channel, details.language, details.own_words) == (
        letter.target_id, letter.posted_on, letter.channel, letter.language, letter.own_words
    ):  # fmt: skip
        return
    with _changing(db, asker, [letter], LetterChange.CORRECTED, now):
        letter.target_id = target_id
        letter.posted_on = details.posted_on
        letter.channel = details.channel
        letter.language = details.language
        letter.own_words = details.own_words
        letter.after_deadline = after_deadline


def withdraw(db: Session, asker: Asker, letter_id: str, *, version: int, now: datetime) -> None:
    """Withdraw one of the asker's own letters: it stays, and counts no more.

    Raises:
        UnknownLetter: not one of the asker's own.
        ChangedMeanwhile: `version` is not the letter's any more.
    """
    letter = _own(db, asker, letter_id, version)
    if letter.status is not LetterStatus.WITHDRAWN:
        with _changing(db, asker, [letter], LetterChange.WITHDRAWN, now):
            letter.status = LetterStatus.WITHDRAWN


def restore(db: Session, asker: Asker, letter_id: str, *, version: int, now: datetime) -> None:
    """Put back a letter that the asker withdrew: it counts again.

    Raises:
        UnknownLetter: not one of the asker's own.
        ChangedMeanwhile: `version` is not the letter's any more.
    """
    letter = _own(db, asker, letter_id, version)
    if letter.status is LetterStatus.WITHDRAWN:
        with _changing(db, asker, [letter], LetterChange.RESTORED, now):
            letter.status = LetterStatus.POSTED


def withdraw_entry(db: Session, asker: Asker, entry_id: str, *, now: datetime) -> int:
    """Withdraw every letter that one form logged and return how many that were."""
    own = select(Letter).where(Letter.member_id == asker.member_id, Letter.entry_id == entry_id)
    posted = own.where(Letter.status == LetterStatus.POSTED).order_by(Letter.id)
    found = list(db.scalars(_locked(posted)))
    with _changing(db, asker, found, LetterChange.WITHDRAWN, now):
        for letter in found:
            letter.status = LetterStatus.WITHDRAWN
    return len(found)


# Asking ---------------------------------------------------------------------------------------


def of_entry(db: Session, asker: Asker, entry_id: str) -> list[LoggedLetter]:
    """Return the asker's letters that one form logged, in the order of the targets' priority."""
    query = _own_letters(asker).where(Letter.entry_id == entry_id)
    return [LoggedLetter(*row) for row in db.execute(query.order_by(Letter.id))]


def own_letters(db: Session, asker: Asker, *, limit: int, offset: int = 0) -> list[LoggedLetter]:
    """Return the asker's own letters, the newest logged first, withdrawn ones too."""
    query = _own_letters(asker).order_by(Letter.logged_at.desc(), Letter.id)
    return [LoggedLetter(*row) for row in db.execute(query.limit(limit).offset(offset))]


def own_letter(db: Session, asker: Asker, letter_id: str) -> LoggedLetter:
    """Return one of the asker's own letters.

    Raises:
        UnknownLetter: not one of the asker's own.
    """
    row = db.execute(_own_letters(asker).where(Letter.public_id == letter_id)).first()
    if row is None:
        raise UnknownLetter(letter_id)
    return LoggedLetter(*row)


def count_own(db: Session, asker: Asker) -> tuple[int, int]:
    """Return how many letters the asker has logged, and how many of these count (are posted)."""
    query = select(func.count(), func.count().filter(Letter.status == LetterStatus.POSTED)).where(
        Letter.member_id == asker.member_id
    )
    logged, posted = db.execute(query).one()
    return logged, posted


def versions(db: Session, asker: Asker, letter_id: str) -> pd.DataFrame:
    """Return what one of the asker's own letters said before, oldest first.

    Columns: change str (codes of `models.LetterChange`), changed_at datetime64[us, UTC], target
    str, posted_on object (date), channel str, language str, own_words bool, status str.
    """
    query = (
        select(
            LetterVersion.change,
            LetterVersion.changed_at,
            Target.name,
            LetterVersion.posted_on,
            LetterVersion.channel,
            LetterVersion.language,
            LetterVersion.own_words,
            LetterVersion.status,
        )
        .join(Letter, Letter.id == LetterVersion.letter_id)
        .join(Target, Target.id == LetterVersion.target_id)
        .where(Letter.public_id == letter_id, Letter.member_id == asker.member_id)
        .order_by(LetterVersion.version)
    )
    rows = [
        tuple(value.value if isinstance(value, StrEnum) else value for value in row)
        for row in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=list(VERSION_COLUMNS)).astype(VERSION_COLUMNS)


@contextmanager
def _changing(
    db: Session, asker: Asker, letters: Sequence[Letter], change: LetterChange, now: datetime
) -> Iterator[None]:
    """Keep what the letters say now, let the block change them, and move them in the counts."""
    before = running_counts.counted(letters)
    db.add_all(
        LetterVersion(
            letter_id=letter.id,
            version=letter.version,
            change=change,
            changed_at=now,
            changed_by_id=asker.member_id,
            target_id=letter.target_id,
            posted_on=letter.posted_on,
            channel=letter.channel,
            language=letter.language,
            own_words=letter.own_words,
            after_deadline=letter.after_deadline,
            status=letter.status,
        )
        for letter in letters
    )
    yield
    db.flush()
    changes = running_counts.counted(letters)
    changes.subtract(before)
    running_counts.move(db, changes)


def _own(db: Session, asker: Asker, letter_id: str, version: int) -> Letter:
    letter = db.scalar(
        _locked(
            select(Letter).where(Letter.public_id == letter_id, Letter.member_id == asker.member_id)
        )
    )
    if letter is None:
        raise UnknownLetter(letter_id)
    if letter.version != version:
        raise ChangedMeanwhile(letter_id)
    return letter


def _locked(letters: Select[Letter]) -> Select[Letter]:
    # On PostgreSQL another server's writer may be at the same letter: wait, then see what it did.
    # SQLite knows no such lock and needs none: writing() has taken the whole database's.
    return letters.with_for_update().execution_options(populate_existing=True)


def _own_letters(asker: Asker) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Letter.public_id,
            Letter.entry_id,
            Letter.urgent_action_id,
            Letter.target_id,
            Target.name,
            Letter.posted_on,
            Letter.logged_at,
            Letter.channel,
            Letter.language,
            Letter.own_words,
            Letter.after_deadline,
            Letter.status,
            Letter.version,
        )
        .join(Target, Target.id == Letter.target_id)
        .where(Letter.member_id == asker.member_id)
    )


def _refusals(action: UrgentAction, details: Details, today: date) -> list[Refusal]:
    return rules.refusals(
        posted_on=details.posted_on,
        issued_on=action.issued_on,
        deadline=action.deadline,
        today=today,
        late_confirmed=details.late_confirmed,
    )
