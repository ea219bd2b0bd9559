"""What a document yields: values, each with the place where it stands and how it was found.

What a document does not say is missing here too: None, or no entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from tracker.rules import Precision

T = TypeVar("T")


class How(StrEnum):
    """How a value was found: by a label before it, by where it stands, or in running text."""

    LABEL = "label"
    LAYOUT = "layout"
    PROSE = "prose"


class ActionKind(StrEnum):
    """What a document is for."""

    FIRST = "first"
    UPDATE = "update"
    STOP = "stop"
    LETTER_ONLY = "letter-only"


@dataclass(frozen=True)
class Source:
    """Where a value stands.

    Attributes:
        first: its first line, counted from 1 over the whole document.
        last: its last line.
        page: the page of its first line, from 1; None where a document has no pages.
        how: how it was found.
        inferred: whether a part of it, such as a year, was taken from elsewhere in the document.
    """

    first: int
    last: int
    page: int | None
    how: How
    inferred: bool = False


@dataclass(frozen=True)
class Value(Generic[T]):
    """A value and where it stands."""

    value: T
    source: Source


@dataclass(frozen=True)
class StatedDate:
    """A date as precise as its source has it: `day` is the first day that it can be.

    `precision` is DAY, MONTH or YEAR.
    """

    day: date
    precision: Precision

    def __str__(self) -> str:
        """Return YYYY-MM-DD, YYYY-MM or YYYY."""
        return self.day.isoformat()[
            : {Precision.YEAR: 4, Precision.MONTH: 7}.get(self.precision, 10)
        ]


@dataclass(frozen=True)
class DraftPerson:
    """A person at risk."""

    name: Value[str]
    other_names: tuple[Value[str], ...] = ()
    pronouns: Value[str] | None = None


@dataclass(frozen=True)
class DraftTarget:
    """An official to write to, or one who gets a copy.

    Attributes:
        name: None where only an office is named.
        address: its lines, in order.
        fax: as printed; several numbers in one text.
        priority: 1 for who is to be written to first; None where the document says nothing.
        reason: why they come first, in the document's words.
        copy: whether they only get a copy.
    """

    name: Value[str] | None = None
    role: Value[str] | None = None
    address: tuple[Value[str], ...] = ()
    salutation: Value[str] | None = None
    emails: tuple[Value[str], ...] = ()
    fax: Value[str] | None = None
    priority: Value[int] | None = None
    reason: Value[str] | None = None
    copy: bool = False


@dataclass(frozen=True)
class DraftEvent:
    """Something that is told to have happened, or to be going to happen, on a date.

    Attributes:
        about: a few of the document's own words.
        sentence: the whole sentence that tells it.
    """

    date: Value[StatedDate]
    about: str
    sentence: str


@dataclass(frozen=True)
class Question:
    """What the document leaves open, and a person must say.

    Attributes:
        about: the field, such as "deadline" or "events".
        text: what stands there, such as "on 3 May" where no year is fixed; "" where nothing does.
        source: where it stands, if anywhere.
    """

    about: str
    text: str = ""
    source: Source | None = None


@dataclass(frozen=True)
class Draft:
    """What a document yields.

    Attributes:
        family: the layout's name.
        languages: in which to write, in English.
    """

    name: str
    family: str
    kind: Value[ActionKind]
    title: Value[str] | None = None
    ua_number: Value[str] | None = None
    index: Value[str] | None = None
    issued_on: Value[date] | None = None
    deadline: Value[date] | None = None
    people: tuple[DraftPerson, ...] = ()
    targets: tuple[DraftTarget, ...] = ()
    languages: tuple[Value[str], ...] = ()
    own_language: Value[bool] | None = None
    previous_url: Value[str] | None = None
    asks: tuple[Value[str], ...] = ()
    events: tuple[DraftEvent, ...] = ()
    questions: tuple[Question, ...] = ()
