"""A document taken apart: its story, its addresses, its letters' openings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.documents import lexicon
from tracker.documents.addresses import targets_of
from tracker.documents.addresses.greetings import names_greeted
from tracker.documents.addresses.rows import is_contact, is_noise, is_prose
from tracker.documents.draft import DraftTarget, Value
from tracker.documents.layouts import Field, Layout
from tracker.documents.printed.labels import behind
from tracker.documents.structure import Row, passages_of

_SHORT = 60
"""Running text has longer lines."""


@dataclass(frozen=True)
class Parts:
    """A document taken apart.

    Attributes:
        story: the rows that tell something: no addresses, labels, headings.
        told: the story with openings, lead-ins and advice between its parts.
        targets: whom the addresses are of.
        openings: the rows with which letters begin.
    """

    story: tuple[Row, ...]
    told: tuple[Row, ...]
    targets: tuple[DraftTarget, ...]
    openings: tuple[Row, ...]


def heads_of_pages(rows: Sequence[Row]) -> set[Row]:
    """Return the rows that stand at the head or the foot of several pages."""
    ends = [
        row
        for _, page in groupby(rows, key=lambda row: row.page)
        if (on_page := list(page)) and on_page[0].page is not None
        for row in {on_page[0], on_page[-1]}
    ]
    texts = Counter(re.sub(r"\d+", "", row.text) for row in ends)
    return {
        row for row in ends if texts[re.sub(r"\d+", "", row.text)] > 1 and not row.text.isupper()
    }


def taken_apart(rows: tuple[Row, ...], layout: Layout, title: Value[str] | None) -> Parts:
    """Return the parts of a document, whose pages' heads are left out already."""
    labelled = {
        row.number for field in Field for _, taken in behind(rows, layout, field) for row in taken
    }
    prose = _prose(rows)
    inner = prose - _beginnings(rows)
    greeted = names_greeted(row for row in rows if lexicon.OPENING.match(row.text))
    story: list[Row] = []
    told: list[Row] = []
    openings: list[Row] = []
    targets: list[DraftTarget] = []
    run: list[Row] = []
    ended = False
    for row in rows:
        opening = lexicon.OPENING.match(row.text)
        if opening and (run or len(row.text) < 90):
            openings.append(row)
        outside = (
            bool(opening)
            or row.number in labelled
            or bool(layout.heads.fullmatch(row.text.rstrip(" :")))
            or bool(layout.advice.match(row.text))
            or (is_noise(row) and row.number not in inner)
            or (title is not None and title.source.first <= row.number <= title.source.last)
        )
        if not outside and row.number not in prose:
            run.append(row)
            continue
        found = _addresses(run, greeted, ended=ended)
        targets += found
        story += [] if found else run
        told += [] if found else run
        run = []
        if row.number not in labelled:
            told.append(row)
        if row.number in prose and not outside:
            story.append(row)
        ended = ended or bool(re.match(r"additional information", row.text, re.IGNORECASE))
    found = _addresses(run, greeted, ended=ended)
    targets += found
    story += [] if found else run
    told += [] if found else run
    return Parts(tuple(story), tuple(told), tuple(targets), tuple(openings))


def _prose(rows: Sequence[Row]) -> set[int]:
    """Return the numbers of the rows that are running text."""
    found: set[int] = set()
    for passage in passages_of(rows):
        members = [row for _, row in passage.starts]
        listed = len(members) > 2 and all(len(row.text) < _SHORT for row in members)
        if not (listed or all(map(_is_short, members))) and is_prose(passage.text):
            found |= {row.number for row in members if not is_contact(row)}
        else:
            found |= {
                row.number
                for row in members
                if all(map(is_prose, row.cells)) and not (is_contact(row) or _is_short(row))
            }
    return found


def _beginnings(rows: Sequence[Row]) -> frozenset[int]:
    """Return the numbers of the rows with which passages begin: a date there heads a letter."""
    return frozenset(passage.first for passage in passages_of(rows))


def _is_short(row: Row) -> bool:
    return len(row.text) < _SHORT / 2 and not row.text.endswith((".", "!", "?"))


def _addresses(
    run: Sequence[Row], greeted: Collection[str], *, ended: bool
) -> tuple[DraftTarget, ...]:
    """Return whom a run of rows without sentences addresses; nobody, if it is no address at all."""
    return () if ended or not run else targets_of(run, greeted)
