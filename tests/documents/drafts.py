"""Drafts made by hand, for tests of what is written from them. Everybody in them is fictional."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from tracker.documents.draft import (
    ActionKind,
    Draft,
    DraftEvent,
    DraftPerson,
    DraftTarget,
    How,
    Question,
    Source,
    StatedDate,
    Value,
)
from tracker.documents.output.as_toml import case_file_text
from tracker.rules import Precision

T = TypeVar("T")


def at(line: int, value: T, how: How = How.LAYOUT) -> Value[T]:
    """Return a value that stands in one line of the first page."""
    return Value(value, Source(line, line, 1, how))


def told(day: str, about: str, sentence: str, line: int = 20) -> DraftEvent:
    """Return an event on a day, or in a month or a year, as an ISO date has it."""
    precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(day)]
    first = date.fromisoformat(day + "0000-01-01"[len(day) :])
    return DraftEvent(at(line, StatedDate(first, precision), How.PROSE), about, sentence)


MARLA = DraftPerson(
    at(50, "Marla Quill", How.LABEL),
    (at(6, "Marla Quil", How.PROSE), at(7, "Марла Квилл", How.PROSE)),
    at(50, "she/her", How.LABEL),
)
JON = DraftPerson(at(50, "Jon Quill", How.LABEL))
MINISTER = DraftTarget(
    name=at(11, "Tobias Nemo"),
    role=at(11, "Minister at the Ministry of Tides"),
    address=(at(12, "Ministry of Tides"), at(13, "1 Ebb Street")),
    salutation=at(16, "Dear Minister", How.LABEL),
    emails=(at(14, "minister@tides.example"), at(14, "office@tides.example")),
    fax=at(15, "+00 0000 0001", How.LABEL),
    priority=at(30, 1, How.PROSE),
    reason=at(30, "for the minister can let her go", How.PROSE),
)
COURT = DraftTarget(
    role=at(17, "President of the Harbour Court"),
    address=(at(18, "Harbour Court"), at(19, "2 Flood Street")),
)
EMBASSY = DraftTarget(
    name=at(44, "Ilse Outis"),
    role=at(44, "Ambassador"),
    address=(at(45, "Embassy of Freedonia"),),
    fax=at(46, "+00 0000 0002"),
    copy=True,
)


def tide_clerk() -> Draft:
    """Return a draft that has everything that a draft can have."""
    return Draft(
        name="tide-clerk.pdf",
        family="2019-on",
        kind=at(51, ActionKind.UPDATE, How.LABEL),
        title=at(3, "IN PRISON FOR A TIMETABLE"),
        ua_number=at(1, "12/25", How.LABEL),
        index=at(1, "FRE 01/0012/2025", How.LABEL),
        issued_on=at(1, date(2025, 1, 20), How.LABEL),
        deadline=Value(date(2025, 4, 30), Source(40, 41, 2, How.PROSE, inferred=True)),
        people=(MARLA, JON),
        targets=(MINISTER, COURT, EMBASSY),
        languages=(at(47, "English", How.LABEL), at(47, "Freedonian", How.LABEL)),
        own_language=at(48, True, How.PROSE),
        previous_url=at(51, "https://example.org/tide-clerk", How.LABEL),
        asks=(at(31, "Set her free"), at(32, "Let her family visit her")),
        events=(
            told(
                "2024-05-02",
                "was arrested at her office",
                "Marla was arrested at her office on 2 May 2024 and tortured.",
            ),
            told("2024-09", "a storm", "In September 2024 a storm came."),
            told("2022", "was sentenced", "In 2022 Jon Quill was sentenced.", 21),
        ),
        questions=(Question("events", "on 3 June", Source(22, 22, 1, How.PROSE)),),
    )


def bare() -> Draft:
    """Return a draft of a document that says next to nothing."""
    return Draft("bare.txt", "letter", Value(ActionKind.FIRST, Source(1, 1, None, How.PROSE)))


def with_event_on(day: Value[date]) -> Draft:
    """Return a bare draft with one event on this day."""
    stated = Value(StatedDate(day.value, Precision.DAY), day.source)
    return replace(bare(), events=(DraftEvent(stated, "a storm", "A storm came."),))


def asked(draft: Draft) -> list[str]:
    """Return the questions at the end of a draft's case file."""
    lines = case_file_text(draft).splitlines()
    return [line.removeprefix("# ? ") for line in lines if line.startswith("# ? ")]


def table(draft: Draft) -> dict[str, Any]:
    """Return what a case file has that was made of a draft."""
    return tomllib.loads(case_file_text(draft))
