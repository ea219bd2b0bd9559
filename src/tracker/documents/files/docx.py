"""The lines of a Word document: everything it shows, in the order of its body.

A DOCX is a zip of XML files (ECMA-376). It is unpacked here within limits, and python-docx is given
what came out: so no size that a file states about itself is believed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart

from tracker.documents.files.paper import RawLine, Reason, Unreadable

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

MOST_ENTRIES = 20_000
MOST_UNPACKED = 64_000_000
MOST_XML = 24_000_000
_CHUNK = 1 << 16

_ENTRY = b"PK\1\2"  # begins an entry of a zip's list of contents
_LOCKED = 1  # the bit of an entry that has a password
_BODY_LEVEL = "9"  # the level of an outline that is none
_XML_SPACE = re.compile(r"[\t\r\n]+")
_PROPERTIES = {qn("w:pPr"), qn("w:rPr"), qn("w:sdtPr")}

# What a reader does not see: what was deleted or moved away, the second of two renderings, and how
# a word is pronounced.
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNSEEN = {qn("w:del"), qn("w:moveFrom"), qn("w:rt"), f"{_COMPATIBILITY}Fallback"}
_SAID = {
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:ptab"): "\t",
    qn("w:tab"): "\t",
}
_HEADING = re.compile(r"heading \d|title|subtitle", re.IGNORECASE)


def lines(content: bytes) -> list[RawLine]:
    """Return the lines of the document: its page heads, its body, its page feet.

    A heading begins with "# ", an item of a list with "- ". Cells of a table and text boxes are
    blocks of their own, with an empty line before and after each.

    Raises:
        Unreadable: it is no Word document, a locked one, or too large.
        Exception: of any kind, where it is damaged.
    """
    part = _document_part(_unpacked(content))
    story = _Story(_Styles(part))
    for element in _edges(part, "w:headerReference"):
        story.block(element)
    story.block(part.element.body)
    for element in _edges(part, "w:footerReference"):
        story.block(element)
    while story.found and not story.found[-1]:
        story.found.pop()
    return [RawLine(text) for text in story.found]


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of the zip by name; those that are no XML (pictures, fonts) left empty."""
    if content.count(_ENTRY) > MOST_ENTRIES:
        raise Unreadable(Reason.TOO_LARGE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        _refuse_other(archive)
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Unreadable(Reason.TOO_LARGE)
        return _xml(archive, entries)


def _refuse_other(archive: zipfile.ZipFile) -> None:
    """Refuse a zip that is something else than a Word document."""
    names = archive.namelist()
    if any(name.startswith("xl/") for name in names):
        raise Unreadable(Reason.SPREADSHEET)
    if "mimetype" in names:  # what OpenDocument begins with
        kind = _member(archive, archive.getinfo("mimetype"), 200)
        sheet = b"spreadsheet" in kind
        raise Unreadable(Reason.SPREADSHEET if sheet else Reason.OTHER_FORMAT)
    if not any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        raise Unreadable(Reason.OTHER_FORMAT)


def _xml(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MOST_XML
    for entry in entries:
        found[entry.filename] = b""
        if entry.filename.endswith((".xml", ".rels")):
            data = _member(archive, entry, left)
            # The format has no document types, so what brings one wants entities.
            if b"<!DOCTYPE" in data.replace(b"\0", b""):
                raise Unreadable(Reason.DAMAGED)
            left -= len(data)
            found[entry.filename] = data
    return found


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return what a file of the zip holds, unpacked step by step.

    Raises:
        Unreadable: it is locked, packed in no usual way, or longer than `most` (TOO_LARGE).
    """
    if entry.flag_bits & _LOCKED:
        raise Unreadable(Reason.LOCKED)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unreadable(Reason.DAMAGED)
    data = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            data += chunk
            if len(data) > most:
                raise Unreadable(Reason.TOO_LARGE)
    return bytes(data)


def _document_part(files: dict[str, bytes]) -> DocumentPart:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    part = Package.open(packed).main_document_part
    if not isinstance(part, DocumentPart):
        raise Unreadable(Reason.DAMAGED)
    return part


def _edges(part: DocumentPart, tag: str) -> list[BaseOxmlElement]:
    """Return the page heads, or feet, that the document's sections name, each once."""
    named = dict.fromkeys(element.get(qn("r:id")) for element in part.element.iter(qn(tag)))
    return [
        part.related_parts[key].element
        for key in named
        if isinstance(part.related_parts.get(key), StoryPart)
    ]


@dataclass
class _Story:
    """The lines found so far."""

    styles: _Styles
    found: list[str] = field(default_factory=list)

    def block(self, element: BaseOxmlElement) -> None:
        """Add a block: an empty line stands between it and its neighbours."""
        self._gap()
        self._add(element)
        self._gap()

    def _gap(self) -> None:
        if self.found and self.found[-1]:
            self.found.append("")

    def _add(self, element: BaseOxmlElement) -> None:
        for child in element:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tc"):
                self.block(child)
            elif child.tag not in _UNSEEN:  # tables and their rows, controls, what was inserted
                self._add(child)

    def _paragraph(self, element: BaseOxmlElement) -> None:
        boxes: list[BaseOxmlElement] = []
        text = "".join(_texts(element, boxes))
        if text.strip():
            text = self.styles.mark(element) + text
        self.found.extend(text.split("\n"))
        for box in boxes:
            self.block(box)


def _texts(element: BaseOxmlElement, boxes: list[BaseOxmlElement]) -> Iterator[str]:
    """Yield the texts of a paragraph; text boxes that hang on it are put into `boxes`."""
    for child in element:
        if child.tag == qn("w:t"):
            # Ends of lines in the XML are no ends of lines in the document.
            yield _XML_SPACE.sub(" ", child.text or "")
        elif child.tag in _SAID:
            yield _SAID[child.tag]
        elif child.tag == qn("w:txbxContent"):
            boxes.append(child)
        elif child.tag not in _UNSEEN and child.tag not in _PROPERTIES:
            yield from _texts(child, boxes)


class _Styles:
    """What a paragraph's style makes of it."""

    def __init__(self, part: DocumentPart) -> None:
        self._by_key = {style.get(qn("w:styleId")): style for style in part.styles.element}
        self._marks: dict[str | None, str] = {}

    def mark(self, paragraph: BaseOxmlElement) -> str:
        """Return "# " for a heading, "- " for an item of a list, else nothing."""
        own = _own_mark(paragraph)
        if own is not None:
            return own
        key = _value(paragraph, "w:pPr", "w:pStyle")
        if key not in self._marks:
            self._marks[key] = self._of_style(key)
        return self._marks[key]

    def _of_style(self, key: str | None) -> str:
        """Return the mark of a style, or of the nearest that it is based on which has one."""
        seen: set[str | None] = set()
        while key not in seen and (style := self._by_key.get(key)) is not None:
            seen.add(key)
            if _HEADING.fullmatch(_value(style, "w:name") or ""):
                return "# "
            own = _own_mark(style)
            if own is not None:
                return own
            key = _value(style, "w:basedOn")
        return ""


def _own_mark(element: BaseOxmlElement) -> str | None:
    """Return the mark that a paragraph or a style sets itself; None where it sets none."""
    level = _value(element, "w:pPr", "w:outlineLvl")
    if level is not None and level != _BODY_LEVEL:
        return "# "
    numbering = _value(element, "w:pPr", "w:numPr", "w:numId")
    if numbering is None:
        return None
    return "" if numbering == "0" else "- "


def _value(element: BaseOxmlElement, *path: str) -> str | None:
    """Return the value of the descendant at `path`, if there is one."""
    found = element.find("/".join(map(qn, path)))
    return None if found is None else found.get(qn("w:val"))
