"""Text as written in a test → the rows and passages that the parser works on."""

from __future__ import annotations

from typing import TypeVar

from tracker.documents.draft import How, Value
from tracker.documents.files.paper import Line
from tracker.documents.layouts import Layout, layouts
from tracker.documents.structure import Passage, Row, passages_of, rows_of

T = TypeVar("T")


def rows_in(text: str) -> tuple[Row, ...]:
    """Return the rows of a text; its lines are counted from 1."""
    return rows_of(Line(number, line) for number, line in enumerate(text.split("\n"), 1))


def passages_in(text: str) -> tuple[Passage, ...]:
    """Return the paragraphs, items and headings of a text."""
    return passages_of(rows_in(text))


def layout_named(family: str) -> Layout:
    """Return the layout of this family, such as "2019-on"."""
    return next(layout for layout in layouts() if layout.family == family)


def said(value: Value[T] | None) -> T | None:
    """Return the value without its place."""
    return value.value if value else None


def place(value: Value[T] | None) -> tuple[int, int, How] | None:
    """Return the first and the last line of a value, and how it was found."""
    return (value.source.first, value.source.last, value.source.how) if value else None
