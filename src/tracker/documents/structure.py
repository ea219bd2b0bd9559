"""Lines of a document → rows without their marks, and passages of running text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from statistics import median

from tracker.documents.draft import How, Source
from tracker.documents.files.paper import Line
from tracker.documents.lexicon import OPENING
from tracker.documents.marks import items_of, unmarked, without_marks

_TABLE = re.compile(r"\s*\|.*\|\s*$")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_RULE = re.compile(r"(?:[-*_=~]\s*){3,}|\|?[\s:|-]*-{3,}[\s:|-]*")
_COLUMNS = re.compile(r"\t+| {3,}|\s+\|\s+")
_SENTENCE_END = re.compile(r"[.!?:;。！？…][\"'”’»)\]]*$")
_STARTS_SMALL = re.compile(r"[a-zà-öø-ÿ]")


@dataclass(frozen=True)
class Row:
    """One line without its marks.

    Attributes:
        cells: the texts of its columns, where it has some; else its text alone.
        heading: whether it is marked as a heading or wholly set in bold.
        bullet: whether it begins an item of a list.
        after_gap: whether an empty line stands before it.
        whole: whether it is a paragraph of its own, and no other line goes on with it.
        raw: the line as it stands there.
    """

    number: int
    page: int | None
    text: str
    cells: tuple[str, ...]
    heading: bool
    bullet: bool
    after_gap: bool
    raw: str
    left: float | None = None
    whole: bool = False

    def source(self, how: How, *, inferred: bool = False) -> Source:
        """Return this row as a place."""
        return Source(self.number, self.number, self.page, how, inferred)


@dataclass(frozen=True)
class Passage:
    """Words that run on over one or more lines: a paragraph, an item of a list, a heading.

    Attributes:
        starts: for each of its lines where in `text` it begins, and its row.
    """

    text: str
    starts: tuple[tuple[int, Row], ...]

    @property
    def heading(self) -> bool:
        """Return whether it is a heading."""
        return self.starts[0][1].heading

    @property
    def bullet(self) -> bool:
        """Return whether it is an item of a list."""
        return self.starts[0][1].bullet

    @property
    def first(self) -> int:
        """Return the number of its first line."""
        return self.starts[0][1].number

    @property
    def last(self) -> int:
        """Return the number of its last line."""
        return self.starts[-1][1].number

    def source(self, start: int, end: int, how: How, *, inferred: bool = False) -> Source:
        """Return the place of the characters from `start` to `end`."""
        offsets = [offset for offset, _ in self.starts]
        first = self.starts[max(bisect_right(offsets, start) - 1, 0)][1]
        last = self.starts[max(bisect_right(offsets, max(end - 1, start)) - 1, 0)][1]
        return Source(first.number, last.number, first.page, how, inferred)


def rows_of(lines: Iterable[Line], *, whole: bool = False) -> tuple[Row, ...]:
    """Return the rows of a document: its lines that have words; a table's column by column.

    Args:
        whole: whether each line is a paragraph, as in DOCX.
    """
    rows: list[Row] = []
    gap = True
    for line, parted in _unfolded(lines):
        row = _row(line, gap or parted, whole)
        gap = row is None
        if row is not None:
            rows += _items(row)
    return tuple(rows)


def _items(row: Row) -> list[Row]:
    first, *others = items_of(row.text)
    if not others:
        return [row]
    row = replace(row, text=first, cells=(first,), bullet=True)
    return [row, *(replace(row, text=text, cells=(text,), after_gap=False) for text in others)]


def _unfolded(lines: Iterable[Line]) -> Iterator[tuple[Line, bool]]:
    """Yield the lines, of a table those of its cells, and whether each begins a cell."""
    for is_table, group in groupby(lines, key=lambda line: bool(_TABLE.match(line.text))):
        if not is_table:
            for line in group:
                for text in _BREAK.split(line.text):
                    yield replace(line, text=text), False
            continue
        table = [
            [(line, cell) for cell in line.text.strip().strip("|").split("|")]
            for line in group
            if not _RULE.fullmatch(line.text.strip())
        ]
        if _names_fields(table):
            for row in table:
                line, name = row[0]
                yield replace(line, text=f"{name.strip()}: {row[1][1].strip()}"), False
            continue
        for column in zip_longest(*table):
            begins = True
            for line, cell in filter(None, column):
                for text in _BREAK.split(cell):
                    yield replace(line, text=text), begins
                    begins = begins and not text.strip()


_FIELD = re.compile(
    r"\W*(?:UA|urgent action|index|date|issued?|deadline|languages?|names?|previous|country|"
    r"number)\b",
    re.IGNORECASE,
)


def _names_fields(table: Sequence[Sequence[tuple[Line, str]]]) -> bool:
    """Return whether a table has a label and a value on each row, rather than two addresses."""
    if any(len(row) != 2 for row in table):
        return False
    return sum(bool(_FIELD.match(row[0][1])) for row in table) > 1


def _row(line: Line, after_gap: bool, whole: bool) -> Row | None:
    if not line.text.strip() or _RULE.fullmatch(line.text.strip("> \t")):
        return None
    found = unmarked(line.text)
    columns = _COLUMNS.split(found.text.strip("|"))
    cells = tuple(cell for cell in map(without_marks, columns) if cell)
    words = without_marks(found.text)
    if not any(unicodedata.category(letter)[0] in "LN" for letter in words):
        return None
    return Row(
        number=line.number,
        page=line.page,
        text=words,
        cells=cells or (words,),
        heading=found.heading,
        bullet=found.bullet,
        after_gap=after_gap,
        raw=line.text,
        left=line.left,
        whole=whole,
    )


def passages_of(rows: Sequence[Row]) -> tuple[Passage, ...]:
    """Return the rows as running text, a paragraph, an item or a heading each.

    A line goes on with the paragraph before it unless a gap, a bullet or a heading parts them, or
    the line before it left room for the next word: then its writer ended it there.
    """
    return tuple(_passage(group) for group in _groups(rows))


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    wide = _width(rows)
    group: list[Row] = []
    for row in rows:
        if group and _parted(group[-1], row, wide):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


_LONG = 60
_FILLED = 0.8
"""A line that ends before this share of the usual width has room for another word."""


def _width(rows: Sequence[Row]) -> float:
    """Return how long the lines of running text usually are, in letters."""
    return median([len(row.text) for row in rows if len(row.text) >= _LONG] or [_LONG])


def _parted(before: Row, row: Row, wide: float) -> bool:
    if row.bullet or row.heading or before.heading or row.whole:
        return True
    if row.after_gap:
        # A page's end parts a sentence, too: what goes on in small letters, goes on.
        return not (
            _STARTS_SMALL.match(row.text)
            and not _SENTENCE_END.search(before.text)
            and len(before.text) > 40
        )
    if _is_in_capitals(before) != _is_in_capitals(row):
        return True
    if OPENING.match(before.text) or OPENING.match(row.text):
        return True
    first = row.text.split(" ", 1)[0]
    return len(before.text) + 1 + len(first) < _FILLED * wide and not _STARTS_SMALL.match(row.text)


def _is_in_capitals(row: Row) -> bool:
    return row.text.isupper() and len(re.findall(r"[^\W\d_]", row.text)) > 3


def _passage(rows: Sequence[Row]) -> Passage:
    starts, text = [], ""
    for row in rows:
        if _BROKEN.search(text) and _STARTS_SMALL.match(row.text):
            text = text[:-1]
        elif text:
            text += " "
        starts.append((len(text), row))
        text += row.text
    return Passage(text, tuple(starts))


_BROKEN = re.compile(
    r"(?<!\w)(?!(?:anti|co|ex|ill|long|non|pre|pro|self|short|so|well)-)[^\W\d_]{2,30}-$"
)
"""A word that was broken at the end of a line, and had no hyphen of its own."""


def unbulleted(row: Row) -> Row:
    """Return the row as one that begins no item."""
    return replace(row, bullet=False)
