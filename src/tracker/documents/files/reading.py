"""A file's bytes → the lines of a document. What the file is, its bytes decide, not its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath

from tracker.documents.files.paper import (
    MOST_BYTES,
    MOST_CHARACTERS,
    Format,
    Line,
    Paper,
    RawLine,
    Reason,
    Unreadable,
    lines_of,
)

__all__ = ["Format", "Line", "Paper", "Reason", "Unreadable", "read"]

_MARKDOWN = {".md", ".markdown", ".mdown", ".mkd"}
_PDF = re.compile(rb"^%PDF-\d", re.MULTILINE)
_OTHERS = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # Word and Excel before 2007, and what has a password
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",  # JPEG
    b"GIF8",
    b"II*\0",  # TIFF
    b"MM\0*",
    b"\x1f\x8b",  # gzip
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
    b"%!PS",
)
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
# Controls that no text has; tabs, ends of lines and of pages are none of them.
_NOT_IN_TEXT = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")


def read(content: bytes, name: str) -> Paper:
    """Return the lines of the document whose file has this content and this name.

    Of the name only the ending counts, and only between Markdown and plain text. This may take long
    and much memory where somebody meant it to: what comes from outside goes through
    `tracker.documents.worker`.

    Raises:
        Unreadable: the file gives no lines.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    kind, raw = _raw_lines(content, name)
    lines = lines_of(raw)
    if not any(line.text.strip() for line in lines):
        raise Unreadable(Reason.NO_TEXT if kind in {Format.PDF, Format.DOCX} else Reason.EMPTY)
    return Paper(name, kind, lines)


def _raw_lines(content: bytes, name: str) -> tuple[Format, list[RawLine]]:
    # Each library is loaded for its own kind of file: that is most of the time a short text takes.
    if _PDF.search(content[:1024]):
        from tracker.documents.files import pdf  # noqa: PLC0415

        return Format.PDF, _unbroken(pdf.lines, content)
    if content.startswith(b"PK\3\4"):
        from tracker.documents.files import docx  # noqa: PLC0415

        return Format.DOCX, _unbroken(docx.lines, content)
    if content.startswith(_OTHERS) or _WEB_PAGE.match(content[:1024]):
        raise Unreadable(Reason.OTHER_FORMAT)
    kind = Format.MARKDOWN if PurePath(name).suffix.lower() in _MARKDOWN else Format.TEXT
    return kind, [RawLine(text) for text in _text(content).splitlines()]


def _unbroken(lines: Callable[[bytes], list[RawLine]], content: bytes) -> list[RawLine]:
    """Return the lines, or refuse the content as damaged.

    The libraries meet a broken file with whatever error its bytes lead them to.
    """
    try:
        return lines(content)
    except (MemoryError, Unreadable):
        raise
    except Exception as error:
        raise Unreadable(Reason.DAMAGED) from error


def _text(content: bytes) -> str:
    """Return the text that these bytes are.

    Raises:
        Unreadable: they are none (NOT_TEXT), or too much (TOO_LONG).
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or (encoding == "cp1252" and _NOT_IN_TEXT.search(text)):
            break
        if len(text) > MOST_CHARACTERS:
            raise Unreadable(Reason.TOO_LONG)
        return text
    raise Unreadable(Reason.NOT_TEXT)


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if content.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    return ("utf-8", "cp1252")
