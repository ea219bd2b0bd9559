"""The text that a page of a PDF draws, and where: its content's operators, followed one by one.

The operators are those of ISO 32000-1, 9.3 and 9.4. pypdf reads the file, its fonts, their codes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject

# Not among what pypdf promises to keep; its version is pinned. It alone knows how wide text is.
from pypdf.generic._font import Font

MOST_FORMS = 2_000
DEEPEST = 20

SLANT = 0.1
"""What is turned by more than this, as stamps at a page's edge are, is no line of it."""

Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Piece:
    """Text drawn in one go.

    Attributes:
        left: where it begins, in points from the page's left edge.
        right: where it ends.
        y: its base line's height, in points from the page's lower edge.
        size: the height of its letters, in points.
    """

    text: str
    left: float
    right: float
    y: float
    size: float


class _Face:
    """A font: codes → letters and widths."""

    def __init__(self, resource: DictionaryObject) -> None:
        self._font = Font.from_font_resource(resource)
        # Where codes are numbers of shapes, and no table says what letters these are.
        self.readable = self._font.interpretable and not (
            str(resource.get("/Encoding")).startswith("/Identity") and "/ToUnicode" not in resource
        )
        self._known: dict[str, tuple[str, float]] = {}
        self._wide = 1.0
        if resource.get("/Subtype") == "/Type3":
            self._wide = abs(_matrix(resource["/FontMatrix"])[0]) * 1000

    def letters(self, shown: bytes) -> list[tuple[str, float]]:
        """Return what these codes show: letters, and how wide they are in sizes of the font."""
        return [self._known.get(code) or self._learnt(code) for code in self._codes(shown)]

    def _codes(self, shown: bytes) -> str:
        if isinstance(self._font.encoding, dict):
            return shown.decode("latin-1")
        try:
            return shown.decode(self._font.encoding, "surrogatepass")
        except UnicodeDecodeError:
            return shown.decode(self._font.encoding, "replace")

    def _learnt(self, code: str) -> tuple[str, float]:
        name = code
        if isinstance(self._font.encoding, dict):
            name = self._font.encoding.get(ord(code), code)
        letters = str(self._font.character_map.get(name, name))
        width = self._font.get_text_width(code) / 1000 * self._wide
        self._known[code] = letters, width
        return letters, width


@dataclass
class _State:
    """What `q` saves and `Q` brings back, and where text goes on."""

    page: Matrix
    face: _Face | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    line: Matrix = _PLAIN
    cursor: Matrix = _PLAIN


def pieces(page: PageObject, reader: PdfReader) -> list[Piece]:
    """Return the upright text of a page, in the order in which it is drawn.

    Raises:
        LimitReachedError: it draws more than a document's page does.
        Exception: of any kind, where the page is damaged.
    """
    drawing = _Drawing(reader, _State(_upright(page)))
    drawing.follow(page.get("/Contents"), page.get("/Resources"))
    return drawing.found


def _upright(page: PageObject) -> Matrix:
    """Return what brings a page's points to where they are seen, its lower left corner at 0, 0."""
    box = page.mediabox
    left, bottom = float(box.left), float(box.bottom)
    right, top = float(box.right), float(box.top)
    turned: dict[int, Matrix] = {
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }
    return turned.get(page.rotation % 360, (1, 0, 0, 1, -left, -bottom))


class _Drawing:
    """One page, as it is drawn."""

    def __init__(self, reader: PdfReader, state: _State) -> None:
        self.found: list[Piece] = []
        self._reader = reader
        self._state = state
        self._resources = DictionaryObject()
        self._faces: dict[int, _Face] = {}
        self._within: list[int] = []
        self._forms = 0
        self._operators: dict[bytes, Callable[[list[Any]], None]] = {
            b"cm": self._turn_page,
            b"Do": self._form,
            b"BT": self._begin,
            b"Tf": self._choose_font,
            b"Tc": self._set("letter_space"),
            b"Tw": self._set("word_space"),
            b"Tz": self._set("scale", 0.01),
            b"TL": self._set("leading"),
            b"Ts": self._set("rise"),
            b"Tm": self._place,
            b"Td": self._move,
            b"TD": self._move_leading,
            b"T*": self._next_line,
            b"Tj": self._show,
            b"TJ": self._show_array,
            b"'": self._show_on_next_line,
            b'"': self._show_spaced,
        }

    def follow(self, content: Any, resources: Any) -> None:
        """Follow the operators of `content`, which names its fonts and forms in `resources`."""
        content = None if content is None else content.get_object()
        if not isinstance(content, (ArrayObject, StreamObject)):
            return
        outer, self._resources = self._resources, _dictionary(resources) or self._resources
        before = copy(self._state)
        saved: list[_State] = []
        for operands, operator in ContentStream(content, self._reader, "bytes").operations:
            if operator == b"q":
                saved.append(copy(self._state))
            elif operator == b"Q" and saved:
                self._state = saved.pop()
            elif operator in self._operators:
                self._operators[operator](operands)
        self._resources, self._state = outer, before

    def _form(self, operands: list[Any]) -> None:
        """Draw what stands apart under a name; a picture has no text."""
        form = _dictionary(self._resources.get("/XObject")).get(operands[0])
        form = None if form is None else form.get_object()
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form":
            return
        self._forms += 1
        if self._forms > MOST_FORMS or len(self._within) > DEEPEST:
            raise LimitReachedError("too many forms")
        if id(form) in self._within:  # it would draw itself without an end
            return
        before = copy(self._state)
        if "/Matrix" in form:
            self._turn_page(form["/Matrix"])
        self._within.append(id(form))
        self.follow(form, form.get("/Resources"))
        self._within.pop()
        self._state = before

    def _turn_page(self, operands: Any) -> None:
        self._state.page = _times(_matrix(operands), self._state.page)

    def _begin(self, operands: list[Any]) -> None:
        self._state.line = self._state.cursor = _PLAIN

    def _choose_font(self, operands: list[Any]) -> None:
        name, size = operands
        self._state.size = float(size)
        resource = _dictionary(_dictionary(self._resources.get("/Font")).get(name))
        if id(resource) not in self._faces and resource:
            self._faces[id(resource)] = _Face(resource)
        self._state.face = self._faces.get(id(resource))

    def _set(self, name: str, unit: float = 1.0) -> Callable[[list[Any]], None]:
        """Return what puts an operand into the state under this name."""

        def put(operands: list[Any]) -> None:
            setattr(self._state, name, float(operands[0]) * unit)

        return put

    def _place(self, operands: list[Any]) -> None:
        self._state.line = self._state.cursor = _matrix(operands)

    def _move(self, operands: list[Any]) -> None:
        right, up = operands
        state = self._state
        state.line = state.cursor = _times((1, 0, 0, 1, float(right), float(up)), state.line)

    def _move_leading(self, operands: list[Any]) -> None:
        self._state.leading = -float(operands[1])
        self._move(operands)

    def _next_line(self, operands: list[Any]) -> None:
        self._move([0, -self._state.leading])

    def _show_array(self, operands: list[Any]) -> None:
        for part in operands[0]:
            if isinstance(part, bytes):
                self._show([part])
            else:
                self._advance(-float(part) / 1000 * self._state.size * self._state.scale)

    def _show_on_next_line(self, operands: list[Any]) -> None:
        self._next_line([])
        self._show(operands)

    def _show_spaced(self, operands: list[Any]) -> None:
        self._state.word_space, self._state.letter_space = map(float, operands[:2])
        self._show_on_next_line(operands[2:])

    def _show(self, operands: list[Any]) -> None:
        state = self._state
        if state.face is None:
            return
        letters = state.face.letters(operands[0])
        widths = [
            (width * state.size + state.letter_space + (state.word_space if letter == " " else 0))
            * state.scale
            for letter, width in letters
        ]
        if state.face.readable:
            self._note([letter for letter, _ in letters], widths)
        self._advance(sum(widths))

    def _note(self, letters: list[str], widths: list[float]) -> None:
        """Keep a piece, without the spaces around it, if it stands upright."""
        a, b, c, d, e, f = _times(self._state.cursor, self._state.page)
        seen = [i for i, letter in enumerate(letters) if letter.strip()]
        if not seen or a <= 0 or abs(b) > SLANT * a:
            return
        begin, end = sum(widths[: seen[0]]), sum(widths[: seen[-1] + 1])
        rise = self._state.rise
        self.found.append(
            Piece(
                text="".join(letters[seen[0] : seen[-1] + 1]),
                left=a * begin + c * rise + e,
                right=a * end + c * rise + e,
                y=b * begin + d * rise + f,
                size=abs(self._state.size) * math.hypot(c, d),
            )
        )

    def _advance(self, distance: float) -> None:
        self._state.cursor = _times((1, 0, 0, 1, distance, 0), self._state.cursor)


def _dictionary(value: Any) -> DictionaryObject:
    """Return the dictionary that `value` is or leads to; an empty one where it is none."""
    found = None if value is None else value.get_object()
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return a, b, c, d, e, f


def _times(first: Matrix, then: Matrix) -> Matrix:
    """Return what does `first` and `then`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
