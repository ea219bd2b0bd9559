"""PDF and DOCX files, made from a paper's text as an office would lay it out.

What a line of the text becomes: `# …` a heading, `- …` (and other bullets) a list, `> …` a text box
(in DOCX), words four or more spaces apart columns that stand side by side, anything else a line of
its own. "ADDITIONAL INFORMATION" begins a page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

HEADING = re.compile(r"^(#+)\s+")
BULLET = re.compile(r"^[-*•■–]\s+|^\d[.)]\s+")
BOXED = re.compile(r"^(>\s*)+")
GAP = re.compile(r"\s{4,}")
MARKS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}")

LATIN, CHINESE, KOREAN = "Helvetica", "STSong-Light", "HYSMyeongJo-Medium"
MARGIN, LEADING = 50.0, 13.0
WIDTH = A4[0] - 2 * MARGIN


@dataclass(frozen=True)
class Line:
    """A line of a paper: what it is and what it says, without the marks that say what it is."""

    kind: str  # "heading", "bullet", "boxed", "columns", "text" or "blank"
    text: str
    level: int = 0


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a paper, Markdown or plain."""
    for raw in text.splitlines():
        heading = HEADING.match(raw)
        bare = MARKS.sub("", raw)
        if not raw.strip():
            yield Line("blank", "")
        elif heading:
            yield Line("heading", MARKS.sub("", raw[heading.end() :]), len(heading[1]))
        elif BOXED.match(raw):
            yield Line("boxed", MARKS.sub("", BOXED.sub("", raw)))
        elif GAP.search(raw.strip()):
            yield Line("columns", bare.rstrip())
        elif BULLET.match(raw):
            yield Line("bullet", MARKS.sub("", BULLET.sub("", raw)))
        else:
            yield Line("text", bare.strip())


def columns_of(rows: list[str]) -> list[list[str]]:
    """The columns of lines whose words stand in columns: each column's cells from top to bottom."""
    cells = [
        (match.start(), match.group())
        for row in rows
        for match in re.finditer(r"\S+(?:\s{1,3}\S+)*", row)
    ]
    starts = sorted({start for start, _ in cells})
    return [[cell for at, cell in cells if at == start] for start in starts]


# PDF ----------------------------------------------------------------------------------------------


def _font_of(character: str) -> str:
    """The font that has this letter; ValueError if none has (fonts that need no file are few)."""
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        if "\uac00" <= character <= "\ud7a3":
            return KOREAN
        if "\u2000" <= character <= "\u9fff":
            return CHINESE
        raise ValueError(f"no font for {character!r}") from None
    return LATIN


def _runs(text: str, bold: bool) -> Iterator[tuple[str, str]]:
    """The text cut where the font changes: (font, part)."""
    for font, characters in groupby(text, _font_of):
        yield (f"{font}-Bold" if bold and font == LATIN else font), "".join(characters)


def _width(text: str, size: float, bold: bool) -> float:
    return sum(float(pdfmetrics.stringWidth(part, font, size)) for font, part in _runs(text, bold))


def _wrapped(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _width(longer, size, bold) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


class _Pages:
    """A canvas with a pen that moves down, and a head and a foot on each page."""

    def __init__(self, head: str, foot: str) -> None:
        for font in (CHINESE, KOREAN):
            pdfmetrics.registerFont(UnicodeCIDFont(font))
        self.file = io.BytesIO()
        self.canvas = Canvas(self.file, pagesize=A4, invariant=1)
        self.head, self.foot, self.page = head, foot, 0
        self.y = 0.0
        self.begin_page()

    def begin_page(self) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.y = A4[1] - MARGIN
        self.put(MARGIN + WIDTH - _width(self.head, 8, False), A4[1] - 30, self.head, 8)
        foot = f"{self.foot} {self.page}".strip() if self.foot else ""
        self.put(MARGIN, 25, foot, 8)

    def put(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        for font, part in _runs(text, bold):
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, y, part)
            x += pdfmetrics.stringWidth(part, font, size)

    def write(self, text: str, size: float = 9.5, bold: bool = False, indent: float = 0) -> None:
        for line in _wrapped(text, WIDTH - indent, size, bold):
            self.need(LEADING)
            self.put(MARGIN + indent, self.y, line, size, bold)

    def write_columns(self, columns: list[list[str]]) -> None:
        top = self.y
        self.need(LEADING * max(map(len, columns)))
        top = self.y + LEADING * (max(map(len, columns)) - 1)
        for number, cells in enumerate(columns):
            for row, cell in enumerate(cells):
                self.put(MARGIN + number * WIDTH / len(columns), top - row * LEADING, cell, 7.5)

    def need(self, height: float) -> None:
        if self.y - height < MARGIN:
            self.begin_page()
        self.y -= height


def as_pdf(text: str, head: str = "", foot: str = "") -> bytes:
    """The text as a PDF, A4, with a head (right) and a foot with the page's number on each page.

    Latin-1 letters, Chinese and Korean only: ValueError for others.
    """
    pages = _Pages(head, foot)
    for kind, group in groupby(lines_of(text), lambda line: line.kind):
        lines = list(group)
        if kind == "columns":
            pages.write_columns(columns_of([line.text for line in lines]))
            continue
        for line in lines:
            if line.text.strip() == "ADDITIONAL INFORMATION":
                pages.begin_page()
            if kind == "blank":
                pages.y -= LEADING / 2
            elif kind == "heading":
                pages.write(line.text, 17 - 2 * line.level, bold=True)
            elif kind == "bullet":
                pages.write(f"• {line.text}", indent=12)
            else:
                pages.write(line.text, bold=line.text.isupper())
    pages.canvas.save()
    return pages.file.getvalue()


# DOCX ---------------------------------------------------------------------------------------------


def as_docx(text: str, head: str = "") -> bytes:
    """The text as a DOCX: columns become a table without lines, quoted lines a text box."""
    document = Document()
    if head:
        document.sections[0].header.paragraphs[0].text = head
    for kind, group in groupby(lines_of(text), lambda line: line.kind):
        lines = list(group)
        if kind == "columns":
            _add_table(document, columns_of([line.text for line in lines]))
        elif kind == "boxed":
            _add_box(document, [line.text for line in lines])
        else:
            for line in lines:
                _add_line(document, line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_line(document: DocxDocument, line: Line) -> None:
    if line.kind == "heading":
        document.add_heading(line.text, level=line.level)
    elif line.kind == "bullet":
        document.add_paragraph(line.text, style="List Bullet")
    elif line.kind == "text":
        document.add_paragraph(line.text)


def _add_table(document: DocxDocument, columns: list[list[str]]) -> None:
    row = document.add_table(rows=1, cols=len(columns)).rows[0]
    for cell, texts in zip(row.cells, columns, strict=True):
        cell.text = "\n".join(texts)


def _add_box(document: DocxDocument, texts: list[str]) -> None:
    """A text box as Word draws it, which python-docx cannot make by itself."""
    shape = parse_xml(
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml">'
        '<v:shape style="width:300pt;height:80pt"><v:textbox><w:txbxContent/></v:textbox></v:shape>'
        "</w:pict>"
    )
    content = shape[0][0][0]
    for text in texts:
        paragraph, run, words = (OxmlElement(tag) for tag in ("w:p", "w:r", "w:t"))
        words.text = text
        run.append(words)
        paragraph.append(run)
        content.append(paragraph)
    document.add_paragraph().add_run()._r.append(shape)
