"""CSV out: UTF-8 with BOM, RFC 4180, ISO dates, and nothing that a spreadsheet would run.

Every report is a stream of bytes made while it is read, so that ten million letters need no more
memory than ten. The same asker gets the same bytes from the web and from the command line.
The columns are described in docs/reports.md.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from tracker import cases, members, record, uptake
from tracker.members import Asker, NotYours
from tracker.models import (
    Deed,
    Group,
    Letter,
    LetterStatus,
    Member,
    Role,
    Section,
    Target,
    UrgentAction,
)
from tracker.rules import Precision
from tracker.uptake import EVERYTHING, Scope

LETTERS = (
    "letter_id", "urgent_action", "target", "section", "group", "writer", "posted_on", "logged_at",
    "channel", "language", "letters", "own_words", "after_deadline", "status",
)  # fmt: skip
PROGRESS = ("urgent_action", "target", "week", "letters", "cumulative", "needed")
TIMELINE = ("case", "date", "until", "precision", "people", "kind", "event", "source")

_BATCH = 1000
# What some spreadsheet takes for a formula, whatever blanks stand before it: these signs (as
# `_cell` folds them: the full-width and small forms too), and anything after a TAB or line break.
_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*(?:[=+@−-]|(?<=[\t\r\n]))")


def letters(
    db: Session,
    asker: Asker,
    action: UrgentAction,
    scope: Scope = EVERYTHING,
    *,
    names: bool = False,
) -> Iterator[bytes]:
    """Yield letters.csv: one row a letter, in the order in which they were logged.

    A volunteer gets the letters of their own, a coordinator those of the section, the operator
    all. Writers stand under pseudonyms. A withdrawn letter counts 0 in `letters`, so that the
    column's sum is the total.

    With `names` there is one column more, `name`: for the members of sections that the asker
    coordinates, and only their letters. That is a step of its own, which the edge records
    (`record_names_exported`) before it reads the first byte.

    Raises:
        NotYours: the scope is another section, or names are not the asker's business.
    """
    refuse_what_is_not_theirs("letters", asker, scope, names=names)
    query = _visible_letters(asker, action, scope, names=names)
    rows = db.execute(query.execution_options(yield_per=_BATCH))
    pseudonyms: dict[tuple[int | None, int], str] = {}
    called = _names(db, asker) if names else {}

    def cells() -> Iterator[Sequence[object]]:
        for row in rows:
            writer = (row.member_id, row.section_id)
            if writer not in pseudonyms:
                pseudonyms[writer] = members.pseudonym(*writer)
            yield (
                row.public_id,
                action.slug,
                row.target,
                row.section,
                row.group,
                pseudonyms[writer],
                row.posted_on,
                row.logged_at,
                row.channel.value,
                row.language,
                int(row.status is LetterStatus.POSTED),
                row.own_words,
                row.after_deadline,
                row.status.value,
                *([called.get(row.member_id, "")] if names else []),
            )

    return _csv((*LETTERS, "name") if names else LETTERS, cells())


def refuse_what_is_not_theirs(
    kind: str, asker: Asker, scope: Scope, *, names: bool = False
) -> None:
    """Refuse a report on another section before its first byte is sent.

    Raises:
        NotYours: the scope is a section, or names are, that are not the asker's business.
    """
    if names:
        _named_sections(asker, scope)
    section_id = scope.section_id
    if section_id is None or kind == "timeline":  # events are nobody's letters
        return
    own_letters = kind == "letters" and section_id == asker.section_id
    if not own_letters and not (
        asker.sees_letters_of(section_id) if kind == "letters" else asker.sees_totals_of(section_id)
    ):
        raise NotYours("another section's letters")


def record_names_exported(
    db: Session, asker: Asker, action: UrgentAction, scope: Scope, *, now: datetime
) -> None:
    """Note, for each section whose names it gives away, that the asker takes them out.

    Raises:
        NotYours: names are not the asker's business.
    """
    for section_id in sorted(_named_sections(asker, scope)):
        record.add(
            db, Deed.NAMES_EXPORTED, now=now, by=asker, section_id=section_id, subject=action.slug
        )


def progress(
    db: Session, asker: Asker, action: UrgentAction, scope: Scope = EVERYTHING
) -> Iterator[bytes]:
    """Yield progress.csv: one row a target and week; see `uptake.letters_by_target_and_week`."""
    weeks = uptake.letters_by_target_and_week(db, asker, action, scope)
    return _csv(PROGRESS, weeks[list(PROGRESS)].itertuples(index=False, name=None))


def timeline(
    db: Session, asker: Asker, action: UrgentAction, scope: Scope = EVERYTHING
) -> Iterator[bytes]:
    """Yield timeline.csv: one row an event of the urgent action's case, in order of date.

    A month is written 2023-09 and a year 2022: no more precise than it is known. `precision` ends
    in "/at-least" where `until` is only the earliest end. Names in `people` are parted by "; ".
    `scope` has no bearing: events are nobody's letters.
    """
    events = cases.timeline(db, asker, action.case_id).to_dict("records")
    return _csv(
        TIMELINE,
        (
            (
                event["case"],
                _rough(event["date"], event["precision"]),
                event["until"],
                event["precision"] + ("/at-least" if event["until_at_least"] else ""),
                "; ".join(event["people"]),
                event["kind"],
                event["event"],
                event["source"],
            )
            for event in events
        ),
    )


REPORTS = {"letters": letters, "progress": progress, "timeline": timeline}


def _named_sections(asker: Asker, scope: Scope) -> frozenset[int]:
    """Return the sections of the scope whose names are the asker's business; at least one."""
    named = frozenset(
        section_id
        for section_id in asker.sections(Role.COORDINATOR)
        if asker.sees_names_of(section_id) and scope.section_id in {None, section_id}
    )
    if not named:
        raise NotYours("names are their section's coordinators' business")
    return named


def _names(db: Session, asker: Asker) -> dict[int, str]:
    coordinated = asker.sections(Role.COORDINATOR)
    wrote = select(Letter.member_id).where(Letter.section_id.in_(coordinated)).distinct()
    rows = db.execute(select(Member.id, Member.name).where(Member.id.in_(wrote)))
    return {member_id: name or "" for member_id, name in rows}


def _visible_letters(
    asker: Asker, action: UrgentAction, scope: Scope, *, names: bool
) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Letter.public_id,
            Target.name.label("target"),
            Section.name.label("section"),
            Group.name.label("group"),
            Letter.member_id,
            Letter.section_id,
            Letter.posted_on,
            Letter.logged_at,
            Letter.channel,
            Letter.language,
            Letter.own_words,
            Letter.after_deadline,
            Letter.status,
        )
        .join(Target, Target.id == Letter.target_id)
        .join(Section, Section.id == Letter.section_id)
        .outerjoin(Group, Group.id == Letter.group_id)
        .where(Letter.urgent_action_id == action.id)
        .order_by(Letter.id)
    )
    if names:
        query = query.where(Letter.section_id.in_(_named_sections(asker, scope)))
    elif not asker.is_operator:
        coordinated = asker.sections(Role.COORDINATOR)
        query = query.where(
            or_(
                Letter.member_id == asker.member_id,
                Letter.section_id.in_(coordinated) if coordinated else false(),
            )
        )
    if scope.section_id is not None:
        query = query.where(Letter.section_id == scope.section_id)
    if scope.first is not None:
        query = query.where(Letter.posted_on >= scope.first)
    if scope.last is not None:
        query = query.where(Letter.posted_on <= scope.last)
    return query


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow(header)
    for place, row in enumerate(rows, 1):
        writer.writerow([_cell(value) for value in row])
        if place % _BATCH == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and not isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")  # a `Moment`, so UTC
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    text = str(value)
    if text[:1].isascii() and text[:1].isalnum():
        return text  # nearly every cell of ten million letters
    return f"'{text}" if _FORMULA.match(unicodedata.normalize("NFKC", text)) else text


def _rough(day: pd.Timestamp, precision: str) -> str:
    if pd.isna(day):
        return ""
    forms = {Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}
    return day.strftime(forms.get(Precision(precision), "%Y-%m-%d"))
