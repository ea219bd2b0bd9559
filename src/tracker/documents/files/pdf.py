"""The lines of a PDF, as they stand on its pages.

A PDF says where each piece of text is drawn, and not what a line is (ISO 32000-1, 9.4). So pieces
at one height become a line, from left to right; a space goes where a gap is as wide as one, and
several where it is a column's.
"""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pypdf import PdfReader, apply_configuration, get_configuration
from pypdf.errors import LimitReachedError

from tracker.documents.files.drawing import Piece, pieces
from tracker.documents.files.paper import MOST_CHARACTERS, RawLine, Reason, Unreadable
from tracker.documents.files.right_to_left import in_reading_order, written_as_read

# What pypdf remarks on a broken file quotes it, and whose document it is stays between these lines.
logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False

MOST_PAGES = 500
MOST_PARTS = 300_000
"""Operators of one page and what they work on; a dense page has twenty thousand."""
MOST_UNPACKED = 32_000_000

# In sizes of the letters: how far apart the pieces of one line may stand in height, what gap is a
# space and what a column's, how wide a place of the line is taken to be.
ONE_LINE = 0.5
SPACE = 0.15
COLUMN = 1.0
UNIT = 0.4
SAME_PLACE = 0.1
EXACTLY = 0.3  # points
# An empty line stands for a gap in height that is so many times the usual one.
BLOCK = 1.3
WIDEST = 300


def lines(content: bytes) -> list[RawLine]:
    """Return the lines of the document; an empty one where its page leaves a gap.

    Raises:
        Unreadable: it needs a password, or is too long.
        Exception: of any kind, where it is damaged.
    """
    limits = get_configuration().with_overwrites(
        page_tree_maximum_entries=2 * MOST_PAGES,
        stream_parsing_work_maximum_count=MOST_PARTS,
        zlib_maximum_output_length=MOST_UNPACKED,
        disable_legacy_handling=True,
    )
    try:
        with apply_configuration(limits):
            return _lines(_opened(content))
    except LimitReachedError as error:
        raise Unreadable(Reason.TOO_LONG) from error


def _opened(content: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(content))
    # Many are locked with an empty password, so that they can be read and not changed.
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(Reason.LOCKED)
    return reader


def _lines(reader: PdfReader) -> list[RawLine]:
    pages: list[list[_Row]] = []
    characters = 0
    for page in reader.pages:
        drawn = pieces(page, reader)
        characters += sum(len(piece.text) for piece in drawn)
        if len(pages) == MOST_PAGES or characters > MOST_CHARACTERS:
            raise Unreadable(Reason.TOO_LONG)
        pages.append(_rows(drawn))
    as_read = written_as_read(cell.text for rows in pages for row in rows for cell in _cells(row))
    return [
        line
        for number, rows in enumerate(pages, 1)
        for line in _page_lines(rows, number, as_read=as_read)
    ]


@dataclass
class _Row:
    """The pieces that stand at one height."""

    y: float
    size: float
    pieces: list[Piece]


@dataclass
class _Cell:
    """A part of a line, apart from its neighbours."""

    left: float
    text: str


def _rows(drawn: list[Piece]) -> list[_Row]:
    """Return the page's lines from its top, the pieces of each from the left."""
    rows: list[_Row] = []
    for piece in sorted(drawn, key=lambda piece: -piece.y):
        row = rows[-1] if rows else None
        if row is None or row.y - piece.y > ONE_LINE * max(row.size, piece.size):
            rows.append(_Row(piece.y, piece.size, [piece]))
            continue
        row.pieces.append(piece)
        if piece.size > row.size:  # what is raised or lowered is smaller
            row.y, row.size = piece.y, piece.size
    for row in rows:
        row.pieces = _once(sorted(row.pieces, key=lambda piece: piece.left))
    return rows


def _once(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces without those drawn again in their place, which makes letters bold."""
    kept: list[Piece] = []
    for piece in pieces:
        near = SAME_PLACE * piece.size
        if not any(
            piece.text == other.text and abs(piece.left - other.left) < near for other in kept[-2:]
        ):
            kept.append(piece)
    return kept


def _cells(row: _Row, edges: Collection[float] = ()) -> list[_Cell]:
    """Return the parts of a line between which a column's gap lies.

    Where a column of a neighbouring line begins (`edges`), any space is a column's gap.
    """
    cells: list[_Cell] = []
    end = -math.inf
    for piece in row.pieces:
        gap = (piece.left - end) / (piece.size or 1)
        at_edge = any(abs(piece.left - edge) < EXACTLY for edge in edges)
        if gap >= COLUMN or (at_edge and gap >= SPACE):
            cells.append(_Cell(piece.left, piece.text))
        else:
            cells[-1].text += f" {piece.text}" if gap >= SPACE else piece.text
        end = max(end, piece.right)
    return cells


def _cells_of(rows: list[_Row]) -> list[list[_Cell]]:
    """Return the cells of each line.

    Neighbours that begin at the same place are taken to have the same columns: of two addresses
    side by side, the longest line may all but touch its neighbour.
    """
    found = [_cells(row) for row in rows]
    for i, row in enumerate(rows):
        edges = [
            cell.left
            for cells in found[max(i - 1, 0) : i + 2]
            for cell in cells[1:]
            if abs(cells[0].left - row.pieces[0].left) < EXACTLY
        ]
        found[i] = _cells(row, edges)
    return found


def _page_lines(rows: list[_Row], page: int, *, as_read: bool) -> Iterator[RawLine]:
    """Yield a page's lines, each cell about where it stands on the page."""
    if not rows:
        return
    margin = min(row.pieces[0].left for row in rows)
    unit = UNIT * median(row.size for row in rows) or 1
    above: _Row | None = None
    usual = _usual_gap(rows)
    for row, cells in zip(rows, _cells_of(rows), strict=True):
        if above is not None and above.y - row.y > BLOCK * max(usual, row.size):
            yield RawLine("", page)
        text = ""
        for cell in cells:
            place = min(round((cell.left - margin) / unit), WIDEST)
            text += " " * max(place - len(text), 3 if text else 0)
            text += cell.text if as_read else in_reading_order(cell.text)
        yield RawLine(text, page, round(row.pieces[0].left, 1))
        above = row


def _usual_gap(rows: list[_Row]) -> float:
    """Return the height from line to line that is the page's commonest, roughly."""
    gaps = [above.y - row.y for above, row in pairwise(rows)]
    return median(gaps) if gaps else 0
