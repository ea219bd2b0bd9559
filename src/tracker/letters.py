"""Log, correct, withdraw and restore letters. A letter is never deleted, and counts in one place.

Each change moves the running counts in the letter's own transaction. Nothing here commits: the
caller's `database.writing()` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

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
    known = set(
        db.scalars(select(ActionTarget.target_id).where(ActionTarget.urgent_action_id == action_id))
    )
    reasons = _refusals(action, details, asker.today(now))
    if action.status is not ActionStatus.OPEN:
        reasons.append(Refusal.CLOSED)
    if not target_ids or not set(target_ids) <= known:
        reasons.insert(0, Refusal.NO_TARGET)
    if reasons:
        raise Refused(reasons)
    new = 0
    for target_id in sorted(target_ids):
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
            running_counts.count(db, db.get_one(Letter, letter_id), +1)
            new += 1
    return new


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
    reasons = _refusals(action, details, asker.today(now))
    if db.get(ActionTarget, (action.id, target_id)) is None:
        reasons.insert(0, Refusal.NO_TARGET)
    if reasons:
        raise Refused(reasons)
    if (target_id, details.posted_on, details.channel, details.language, details.own_words) == (
        letter.target_id, letter.posted_on, letter.channel, letter.language, letter.own_words
    ):  # fmt: skip
        return
    with _changing(db, asker, letter, LetterChange.CORRECTED, now):
        letter.target_id = target_id
        letter.posted_on = details.posted_on
        letter.channel = details.channel
        letter.language = details.language
        letter.own_words = details.own_words
        letter.after_deadline = rules.is_after_deadline(details.posted_on, action.deadline)


def withdraw(db: Session, asker: Asker, letter_id: str, *, version: int, now: datetime) -> None:
    """Withdraw one of the asker's own letters: it stays, and counts no more.

    Raises:
        UnknownLetter: not one of the asker's own.
        ChangedMeanwhile: `version` is not the letter's any more.
    """
    letter = _own(db, asker, letter_id, version)
    if letter.status is not LetterStatus.WITHDRAWN:
        with _changing(db, asker, letter, LetterChange.WITHDRAWN, now):
            letter.status = LetterStatus.WITHDRAWN


def restore(db: Session, asker: Asker, letter_id: str, *, version: int, now: datetime) -> None:
    """Put back a letter that the asker withdrew: it counts again.

    Raises:
        UnknownLetter: not one of the asker's own.
        ChangedMeanwhile: `version` is not the letter's any more.
    """
    letter = _own(db, asker, letter_id, version)
    if letter.status is LetterStatus.WITHDRAWN:
        with _changing(db, asker, letter, LetterChange.RESTORED, now):
            letter.status = LetterStatus.POSTED


def withdraw_entry(db: Session, asker: Asker, entry_id: str, *, now: datetime) -> int:
    """Withdraw every letter that one form logged and return how many that were."""
    own = select(Letter).where(Letter.member_id == asker.member_id, Letter.entry_id == entry_id)
    posted = list(db.scalars(own.where(Letter.status == LetterStatus.POSTED).order_by(Letter.id)))
    for letter in posted:
        with _changing(db, asker, letter, LetterChange.WITHDRAWN, now):
            letter.status = LetterStatus.WITHDRAWN
    return len(posted)


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

    Columns: change str (codes of `models.LetterChange`), changed_at datetime64 (UTC), target str,
    posted_on object (date), channel str, language str, own_words bool, status str.
    """
    columns = {
        "change": LetterVersion.change,
        "changed_at": LetterVersion.changed_at,
        "target": Target.name,
        "posted_on": LetterVersion.posted_on,
        "channel": LetterVersion.channel,
        "language": LetterVersion.language,
        "own_words": LetterVersion.own_words,
        "status": LetterVersion.status,
    }
    query = (
        select(*columns.values())
        .join(Letter, Letter.id == LetterVersion.letter_id)
        .join(Target, Target.id == LetterVersion.target_id)
        .where(Letter.public_id == letter_id, Letter.member_id == asker.member_id)
        .order_by(LetterVersion.version)
    )
    return pd.DataFrame([tuple(row) for row in db.execute(query)], columns=list(columns))


@contextmanager
def _changing(
    db: Session, asker: Asker, letter: Letter, change: LetterChange, now: datetime
) -> Iterator[None]:
    """Keep what the letter says now, let the block change it, and move it in the counts."""
    running_counts.count(db, letter, -1)
    db.add(
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
    )
    yield
    letter_id = letter.public_id
    try:
        db.flush()
    except (StaleDataError, IntegrityError):
        # Another server's writer was quicker: its version of the letter stands.
        raise ChangedMeanwhile(letter_id) from None
    running_counts.count(db, letter, +1)


def _own(db: Session, asker: Asker, letter_id: str, version: int) -> Letter:
    letter = db.scalar(
        select(Letter).where(Letter.public_id == letter_id, Letter.member_id == asker.member_id)
    )
    if letter is None:
        raise UnknownLetter(letter_id)
    if letter.version != version:
        raise ChangedMeanwhile(letter_id)
    return letter


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
