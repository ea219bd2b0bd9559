"""A document as lines of clean text, whatever kind of file it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 25_000_000
MOST_LINES = 20_000
MOST_CHARACTERS = 2_000_000
"""A document with more lines, or longer than a thousand pages, is no Urgent Action."""

_MOST_MARKS = 8
"""So many marks on one letter are kept: to put a million in their order takes minutes."""

_SPACES = [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_INVISIBLE = (
    "\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb"
)
_CONTROLS = [*range(0x09), *range(0x0A, 0x20), *range(0x7F, 0xA0)]
_PRESENTED = (*range(0xFB00, 0xFB50), *range(0xFB50, 0xFDF0), *range(0xFE70, 0xFEFD))

_CLEANED = (
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys([*map(ord, _INVISIBLE), *_CONTROLS, *range(0xD800, 0xE000)])
    # Letters joined (ﬁ) or shaped as a font has them: the letters they stand for.
    | {code: unicodedata.normalize("NFKC", chr(code)) for code in _PRESENTED}
)
# Joiners tell letters apart in Persian and in India's scripts; elsewhere they are dirt.
_JOINERS = re.compile(r"(?<![\u0600-\u1fff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u1fff])")
_SOFT_HYPHEN = "\u00ad"


class Format(StrEnum):
    """What kind of file a document is."""

    PDF = "pdf"
    DOCX = "docx"
    MARKDOWN = "markdown"
    TEXT = "text"


class Reason(StrEnum):
    """Why a file gives no lines."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_LONG = "too-long"
    LOCKED = "locked"
    DAMAGED = "damaged"
    NO_TEXT = "no-text"
    NO_URGENT_ACTION = "no-urgent-action"
    SPREADSHEET = "spreadsheet"
    OTHER_FORMAT = "other-format"
    NOT_TEXT = "not-text"
    TOO_SLOW = "too-slow"
    TOO_MUCH_MEMORY = "too-much-memory"
    CRASHED = "crashed"


class Unreadable(ValueError):
    """The file gives no lines; `reason` says why, as a code."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Line:
    """One line of a document, as it stands there.

    Attributes:
        number: from 1, over the whole document.
        text: in Unicode's composed form (NFC), without spaces at its end. Runs of spaces inside and
            before it are kept: columns and indents are told by them.
        page: from 1 in a PDF; None where a document has no pages.
        left: where the line begins in a PDF, in points from the page's left edge.
    """

    number: int
    text: str
    page: int | None = None
    left: float | None = None


@dataclass(frozen=True)
class Paper:
    """A document's lines, and what it was."""

    name: str
    format: Format
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class RawLine:
    """A line before it is cleaned and numbered."""

    text: str
    page: int | None = None
    left: float | None = None


def lines_of(raw: Iterable[RawLine]) -> tuple[Line, ...]:
    """Return the lines, cleaned and numbered.

    A word broken by a soft hyphen at a line's end is made whole, on the line where it begins.

    Raises:
        Unreadable: they are too many, or too long together (TOO_LONG).
    """
    kept: list[RawLine] = []
    characters = 0
    for line in raw:
        kept.append(line)
        characters += len(line.text)
        if len(kept) > MOST_LINES or characters > MOST_CHARACTERS:
            raise Unreadable(Reason.TOO_LONG)
    texts = _made_whole([line.text for line in kept])
    return tuple(
        Line(number, clean(text).rstrip(), line.page, line.left)
        for number, (line, text) in enumerate(zip(kept, texts, strict=True), 1)
    )


def clean(text: str) -> str:
    """Return `text` composed (NFC), without what nobody sees: controls, marks of direction.

    Tabs stay. Ligatures become the letters they join, every kind of space a plain one.
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize(
        "NFC", _thinned(_JOINERS.sub("", text.replace(_SOFT_HYPHEN, "")).translate(_CLEANED))
    )


def _thinned(text: str) -> str:
    """Return `text` without the marks that are too many for one letter."""
    kept = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _made_whole(texts: list[str]) -> list[str]:
    """Return the texts, the second half of a word after a soft hyphen beside the first."""
    whole = list(texts)
    for i in range(len(whole) - 1):
        if whole[i].rstrip().endswith(_SOFT_HYPHEN):
            half, space, rest = whole[i + 1].lstrip().partition(" ")
            if half[:1].isalpha():
                whole[i] = whole[i].rstrip() + half
                whole[i + 1] = rest if space else ""
    return whole
