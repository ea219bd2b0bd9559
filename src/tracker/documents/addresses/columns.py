"""Addresses side by side, in turn or folded into one line → one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tracker.documents import lexicon
from tracker.documents.addresses import contacts, officials
from tracker.documents.addresses.contacts import Kind
from tracker.documents.structure import Row


def in_columns(rows: Sequence[Row]) -> list[Row]:
    """Return rows that stand side by side one column after the other.

    A row with cells belongs to as many columns; where each begins on the line tells which.
    """
    out: list[Row] = []
    group: list[Row] = []
    for row in rows:
        if row.after_gap:
            out += _column_by_column(group)
            group = []
        if len(row.cells) > 1 or group:
            group.append(row)
            continue
        out += _column_by_column(group)
        group = []
        out.append(row)
    return out + _column_by_column(group)


def _column_by_column(rows: Sequence[Row]) -> list[Row]:
    wide = [row for row in rows if len(row.cells) > 1]
    if len(wide) < 2:
        return list(rows)
    places = [_places(row) for row in rows]
    starts = max((place for place in places), key=len)
    columns: list[list[Row]] = [[] for _ in starts]
    for row, place in zip(rows, places, strict=True):
        for text, at in zip(row.cells, place, strict=True):
            nearest = min(range(len(starts)), key=lambda column: abs(starts[column] - at))
            gap = not columns[nearest] or row.after_gap
            columns[nearest].append(replace(row, text=text, cells=(text,), after_gap=gap))
    return [row for column in columns for row in column]


def _places(row: Row) -> tuple[int, ...]:
    found, start = [], 0
    for cell in row.cells:
        word = cell.split(" ", 1)[0]
        at = row.raw.find(word, start)
        at = start if at < 0 else at
        found.append(at)
        start = at + len(cell)
    return tuple(found)


def in_turn(rows: Sequence[Row]) -> Sequence[Row]:
    """Return rows of several addresses that take turns one address after the other.

    As in "Minister", "President", name, name, street, street; others as they are.
    """
    for number in (2, 3, 4):
        if len(rows) < 3 * number or len(rows) % number or any(row.after_gap for row in rows[1:]):
            continue
        turns = [rows[start : start + number] for start in range(0, len(rows), number)]
        kinds = [[_kinds(row) for row in turn] for turn in turns]
        if (
            all(officials.has_role(row.text) for row in turns[0])
            and all(len(set(kind)) == 1 for kind in kinds)
            and sum(kind[0] != (Kind.TEXT,) for kind in kinds)
        ):
            return [
                replace(turn[column], after_gap=place == 0)
                for column in range(number)
                for place, turn in enumerate(turns)
            ]
    return rows


def _kinds(row: Row) -> tuple[Kind, ...]:
    return tuple(part.kind for part in contacts.parts_of(row.text))


_FOLDED = 60
"""An address on one line is longer than this."""

_HOUSE = re.compile(r"(?:No\.?\s?)?\d{1,5}\w?")

_POSTCODE = re.compile(r"(?=[\w\s-]*\d)[A-Z\d][A-Z\d\s-]{2,9}")

_NUMBER = re.compile(r"\s(?=No\.?\s?\d|P\.?\s?O\.?\s?Box|B\.?P\.?\s\d)")


def unfolded(text: str) -> list[str]:
    """Return the lines of an address; a long one into which they are folded is parted."""
    text = text.strip(" ,;")
    if len(text) <= _FOLDED or text.count(",") < 2:
        return [text]
    pieces = [piece for part in text.split(",") for piece in _pieces(part.strip())]
    lines: list[str] = []
    for piece in pieces:
        if lines and (_HOUSE.fullmatch(lines[-1]) or _POSTCODE.fullmatch(piece)):
            lines[-1] = f"{lines[-1]}, {piece}"
        elif piece:
            lines.append(piece)
    return lines


def _pieces(part: str) -> list[str]:
    """Part "Bureau No. 200" and "510030 People's Republic of China"."""
    pieces = _NUMBER.split(part, maxsplit=1)
    words = pieces.pop().split()
    whole = lexicon.is_country(" ".join(words))
    for start in range(1, 1 if whole else len(words)):
        if lexicon.is_country(" ".join(words[start:])):
            return [*pieces, " ".join(words[:start]), " ".join(words[start:])]
    return [*pieces, " ".join(words)]
