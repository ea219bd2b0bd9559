"""Log, correct, withdraw and restore letters. A letter is never deleted, and counts in one place.

Each change moves the running counts and adds to the record in the letter's own transaction.
Nothing here commits: the caller's `database.writing()` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker import record, rules, running_counts
from tracker.letters.own import UnknownLetter
from tracker.letters.writers import Writer, are_theirs, writer_for
from tracker.members import Asker
from tracker.models import (
    ActionStatus,
    ActionTarget,
    Channel,
    Deed,
    Letter,
    LetterChange,
    LetterStatus,
    LetterVersion,
    Section,
    UrgentAction,
    new_public_id,
)
from tracker.rules import Refusal

_DEEDS = {
    LetterChange.CORRECTED: Deed.LETTER_CORRECTED,
    LetterChange.WITHDRAWN: Deed.LETTER_WITHDRAWN,
    LetterChange.RESTORED: Deed.LETTER_RESTORED,
}


class Refused(ValueError):
    """A letter cannot be logged or corrected as it stands; `reasons` says why, all at once."""

    def __init__(self, reasons: Sequence[Refusal]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = tuple(reasons)


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


def log(
    db: Session,
    asker: Asker,
    *,
    entry_id: str,
    action_id: int,
    target_ids: Collection[int],
    details: Details,
    now: datetime,
    writer_id: int | None = None,
) -> int:
    """Log one letter to each of the targets and return how many are new.

    The same entry sent again logs nothing new: (member, entry, target, first given day) is unique.

    Args:
        entry_id: the id of the form that is sent.
        now: this moment, UTC.
        writer_id: in whose name, if not the asker's own; see `writers_without_account`.

    Raises:
        NotYours: the letters of that writer are not the asker's to log.
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
    writer = writer_for(db, asker, writer_id)
    reasons = _refusals(action, details, asker.today(now), writer)
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
            "member_id": writer.member_id,
            "logged_by_id": None if writer is asker else asker.member_id,
            "section_id": writer.section_id,
            "group_id": writer.group_id,
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
    if new and writer is not asker:
        record.add(
            db,
            Deed.LETTERS_LOGGED_FOR,
            now=now,
            by=asker,
            section_id=writer.section_id,
            about_id=writer.member_id,
            subject=action.slug,
            amount=len(new),
        )
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
    """Correct one of the asker's letters; what it said before is kept.

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
        section = db.get_one(Section, letter.section_id)
        agreeing = replace(details, late_confirmed=agreed)
        reasons = _refusals(action, agreeing, asker.today(now), section)
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
    own = select(Letter).where(are_theirs(asker), Letter.entry_id == entry_id)
    posted = own.where(Letter.status == LetterStatus.POSTED).order_by(Letter.id)
    found = list(db.scalars(_locked(posted)))
    with _changing(db, asker, found, LetterChange.WITHDRAWN, now):
        for letter in found:
            letter.status = LetterStatus.WITHDRAWN
    return len(found)


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
    for letter in letters:
        record.add(
            db,
            _DEEDS[change],
            now=now,
            by=asker,
            section_id=letter.section_id,
            subject=letter.public_id,
        )
    yield
    db.flush()
    changes = running_counts.counted(letters)
    changes.subtract(before)
    running_counts.move(db, changes)


def _own(db: Session, asker: Asker, letter_id: str, version: int) -> Letter:
    letter = db.scalar(
        _locked(select(Letter).where(Letter.public_id == letter_id, are_theirs(asker)))
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


def _refusals(
    action: UrgentAction, details: Details, today: date, of: Asker | Writer | Section
) -> list[Refusal]:
    return rules.refusals(
        posted_on=details.posted_on,
        issued_on=action.issued_on,
        deadline=action.deadline,
        today=today,
        late_confirmed=details.late_confirmed,
        late_rule=of.late_rule,
        late_until=of.late_until,
    )
