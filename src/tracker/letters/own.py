"""The letters that are the asker's to see: their own, and those they logged for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.letters.writers import are_theirs
from tracker.members import Asker
from tracker.models import Channel, Letter, LetterStatus, LetterVersion, Target

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


class UnknownLetter(LookupError):
    """The asker has no letter with that id."""


@dataclass(frozen=True)
class LoggedLetter:
    """One of the letters that are the asker's to change: their own, or logged by them for another.

    `letter_id` is its public id; `writer_id` says whose letter it is.
    """

    letter_id: str
    entry_id: str
    urgent_action_id: int
    writer_id: int
    section_id: int
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
        .where(Letter.public_id == letter_id, are_theirs(asker))
        .order_by(LetterVersion.version)
    )
    rows = [
        tuple(value.value if isinstance(value, StrEnum) else value for value in row)
        for row in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=list(VERSION_COLUMNS)).astype(VERSION_COLUMNS)


def _own_letters(asker: Asker) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Letter.public_id,
            Letter.entry_id,
            Letter.urgent_action_id,
            Letter.member_id,
            Letter.section_id,
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
        .where(are_theirs(asker))
    )
