"""The layouts of Urgent Action documents: what each file beside this one says, in one shape.

A new layout is a new file here with a `LAYOUT`; nothing else needs to know of it.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from importlib import import_module

from tracker.documents.structure import Row


class Field(Enum):
    """What a label can stand before."""

    NAMES = auto()
    LANGUAGES = auto()
    ISSUED_ON = auto()
    DEADLINE = auto()
    PREVIOUS_URL = auto()


def words(*patterns: str) -> re.Pattern[str]:
    """Return one pattern for any of these, whatever their case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Layout:
    """How one kind of document is set.

    Attributes:
        family: its name in a draft.
        signs: what stands in such documents and seldom in others, each with its weight.
        labels: what stands at the beginning of a row, before the value.
        heads: rows that are the page's own and tell nothing: heads, feet, headings of parts.
        advice: rows that tell volunteers how to write: no story, and no address.
        letter_only: whether such a document is a letter and nothing else, and has no headline.
    """

    family: str
    signs: Sequence[tuple[re.Pattern[str], int]]
    labels: Mapping[Field, re.Pattern[str]] = field(default_factory=dict)
    heads: re.Pattern[str] = NEVER
    advice: re.Pattern[str] = NEVER
    letter_only: bool = False

    def weight(self, text: str) -> int:
        """Return how much of a document's text speaks for this layout."""
        return sum(weight for sign, weight in self.signs if sign.search(text))


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout of this folder."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").LAYOUT for name in names)


def layout_of(rows: Sequence[Row]) -> Layout:
    """Return the layout that most of a document's signs speak for."""
    text = "\n".join(row.text for row in rows)
    return max(layouts(), key=lambda layout: layout.weight(text))
