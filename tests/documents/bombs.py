"""Files made to harm whoever reads them, or that are no document at all. Each is made by code."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.documents import pdf_bombs
from tests.documents.files import deflated, docx_of, zipped
from tracker.documents.files.reading import Unreadable
from tracker.documents.worker import SECONDS, Wanted, in_worker

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Bomb:
    """A file, and what becomes of it.

    Attributes:
        reasons: the codes with which it may be refused; "" where it may yield a draft.
    """

    name: str
    content: bytes
    reasons: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    Attributes:
        reason: the code with which it was refused; "" if it yields something.
        seconds: how long that took, as a person would wait.
    """

    reason: str
    seconds: float


def bombs(*, quick: bool = False) -> list[Bomb]:
    """Return all of them, or those with which a worker is through at once."""
    return [
        Bomb(make.__name__.replace("_", "-") + ending, make(), frozenset(reasons.split("|")))
        for make, ending, reasons, is_quick in _BOMBS
        if is_quick or not quick
    ]


def outcome(bomb: Bomb, seconds: float = SECONDS) -> Outcome:
    """Return what a worker makes of a bomb of which a draft is asked."""
    began = time.monotonic()
    reason = ""
    try:
        in_worker(Wanted.FACTS, bomb.content, bomb.name, seconds=seconds)
    except Unreadable as refusal:
        reason = refusal.reason.value
    return Outcome(reason, time.monotonic() - began)


# Zip and DOCX -------------------------------------------------------------------------------------


def zip_in_a_zip() -> bytes:
    inner = zipped({"a.txt": b" " * MEGABYTE})
    for _ in range(20):
        inner = zipped({f"{i}.zip": inner for i in range(4)})[: 5 * MEGABYTE]
    return inner


def ten_gigabytes_of_spaces() -> bytes:
    """A document of spaces whose size is told as a zip tells it: modulo four gigabytes."""
    size = 10_000 * MEGABYTE % (1 << 32)
    return _archive(["word/document.xml"], deflated(b" ", 10_000), size, 0)


def size_that_is_a_lie() -> bytes:
    """An entry said to hold a thousand bytes, which unpacks to two thousand million."""
    packed = deflated(b" ", 2_000)
    return _archive(["word/document.xml"], packed, 1_000, zlib.crc32(b" " * 1_000))


def entries_on_top_of_each_other() -> bytes:
    """Two thousand entries of one megabyte each, all kept in the same bytes."""
    packed = zlib.compress(b" " * MEGABYTE, 9)[2:-4]
    crc = zlib.crc32(b" " * MEGABYTE)
    names = ["word/document.xml", *(f"word/{i}.xml" for i in range(2_000))]
    return _archive(names, packed, MEGABYTE, crc)


def forty_thousand_entries() -> bytes:
    return _archive([f"word/document{i}.xml" for i in range(40_000)], b"", 0, 0, method=0)


def _archive(names: Iterable[str], packed: bytes, size: int, crc: int, method: int = 8) -> bytes:
    """Return a zip whose entries all lead to the same packed bytes."""
    first, *others = names
    facts = (
        b"\x14\0\0\0"
        + method.to_bytes(2, "little")
        + b"\0\0\x21\0"
        + crc.to_bytes(4, "little")
        + len(packed).to_bytes(4, "little")
        + size.to_bytes(4, "little")
    )
    local = b"PK\3\4" + facts + len(first).to_bytes(2, "little") + b"\0\0" + first.encode() + packed
    listed = b"".join(
        b"PK\1\2\x14\0" + facts + len(name).to_bytes(2, "little") + bytes(16) + name.encode()
        for name in (first, *others)
    )
    count = min(len(others) + 1, 65_535).to_bytes(2, "little")
    end = b"PK\5\6\0\0\0\0" + count * 2
    end += len(listed).to_bytes(4, "little") + len(local).to_bytes(4, "little") + b"\0\0"
    return local + listed + end


_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _document(body: str, before: str = "") -> bytes:
    return docx_of(
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f"<w:document {_WORD}><w:body>{body}</w:body></w:document>"
    )


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
    return _document("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", f"<!DOCTYPE d [{entities}]>")


def entity_from_a_file() -> bytes:
    return _document(
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    )


def tables_nested() -> bytes:
    deep = 10_000
    return _document(
        "<w:tbl><w:tr><w:tc>" * deep
        + "<w:p><w:r><w:t>Deep.</w:t></w:r></w:p>"
        + "</w:tc></w:tr></w:tbl>" * deep
    )


def relations_that_are_a_circle() -> bytes:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="document.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/header"/></Relationships>'
    )
    body = (
        f"<w:document {_WORD}><w:body><w:p><w:r><w:t>Round and round.</w:t></w:r></w:p>"
        '<w:sectPr><w:headerReference xmlns:r="http://schemas.openxmlformats.org/officeDocument/'
        '2006/relationships" r:id="r1" w:type="default"/></w:sectPr></w:body></w:document>'
    )
    return docx_of(body, {"word/_rels/document.xml.rels": relation.encode()})


def document_without_its_parts() -> bytes:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="styles.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/styles"/></Relationships>'
    )
    return docx_of(
        f"<w:document {_WORD}><w:body/></w:document>",
        {"word/_rels/document.xml.rels": relation.encode()},
    )


def spreadsheet() -> bytes:
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": b"<workbook/>",
            "xl/worksheets/sheet1.xml": b"<worksheet/>",
        }
    )


# Text ---------------------------------------------------------------------------------------------


def line_of_twenty_megabytes() -> bytes:
    return b"a line without an end " * 1_000_000


def ten_million_lines() -> bytes:
    return b"\n" * 10_000_000


def brackets() -> bytes:
    return b"(" * 1_990_000


def spaces_and_letters() -> bytes:
    """What a pattern with two ways through the same text takes for ever over."""
    return (b"a " * 500_000 + b"!\n") + b"UA: " * 100_000 + b"\n" + b"1 " * 200_000


def addresses_without_an_end() -> bytes:
    return b"a." * 300_000 + b"@" + b"b." * 300_000 + b"\nhttp://" + b"x/" * 300_000


def million_marks() -> bytes:
    return ("e" + "\u0301\u0323" * 450_000 + " a name").encode()


def text_that_turns() -> bytes:
    """Marks that turn the direction of text, over and over."""
    return ("URGENT ACTION \u202etxet " + "\u202e\u202d\u2066" * 100_000 + "\u202c end").encode()


def zeros() -> bytes:
    return bytes(MEGABYTE)


def utf_8_that_is_none() -> bytes:
    return b"URGENT ACTION \xc3\x28 \xf0\x28\x8c\xbc \x81\x8d\x8f" * 1_000


def halves_of_letters() -> bytes:
    """UTF-16 with the second half of a letter only."""
    return b"\xff\xfe" + "URGENT ACTION ".encode("utf-16-le") + b"\x00\xdc" * 1_000


def utf_7() -> bytes:
    return b"+AFUAUgBHAEUATgBU- +ADw-script+AD4- URGENT ACTION\n" * 100


def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1_000


def novel() -> bytes:
    """Half a megabyte of sentences about nobody."""
    places = ["harbour", "mountain", "orchard", "library", "railway", "market", "bridge"]
    people = ["Ottoline", "Barnaby", "Perpetua", "Ignatius", "Clementine"]
    doings = ["walked to", "wrote about", "dreamt of", "returned to", "painted", "forgot"]
    sentences = (
        f"{people[i % 5]} {doings[i % 6]} the {places[i % 7]} on {1 + i % 28} May {1900 + i % 90},"
        f" and the {places[(i + 3) % 7]} was as quiet as ever."
        for i in range(6_000)
    )
    return "".join(
        sentence + ("\n\n" if i % 6 == 5 else " ") for i, sentence in enumerate(sentences)
    ).encode()


def nothing() -> bytes:
    return b""


_BOMBS: list[tuple[Callable[[], bytes], str, str, bool]] = [
    (pdf_bombs.nested_arrays, ".pdf", "damaged|too-long|no-text", True),
    (pdf_bombs.operands_nested, ".pdf", "damaged|too-long|no-text", True),
    (pdf_bombs.page_tree_that_is_a_circle, ".pdf", "damaged|no-text", True),
    (pdf_bombs.forms_that_draw_themselves, ".pdf", "too-long|no-text", True),
    (pdf_bombs.stream_of_a_gigabyte, ".pdf", "too-long|damaged|no-text", True),
    (pdf_bombs.stream_packed_twice, ".pdf", "too-long|damaged|no-text", True),
    (pdf_bombs.locked, ".pdf", "locked", True),
    (pdf_bombs.outline_of_itself, ".pdf", "no-urgent-action|", True),
    (pdf_bombs.truncated, ".pdf", "damaged|no-text|", True),
    (pdf_bombs.hundred_thousand_pages, ".pdf", "too-long|too-slow", False),
    (
        pdf_bombs.font_of_a_million_letters,
        ".pdf",
        "too-long|damaged|too-slow|too-much-memory|",
        False,
    ),
    (pdf_bombs.ten_million_operators, ".pdf", "too-long", False),
    (pdf_bombs.scan_without_text, ".pdf", "no-text", True),
    (zip_in_a_zip, ".docx", "other-format|damaged", True),
    (ten_gigabytes_of_spaces, ".docx", "too-large", True),
    (size_that_is_a_lie, ".docx", "damaged|too-large", True),
    (entries_on_top_of_each_other, ".docx", "too-large", True),
    (forty_thousand_entries, ".docx", "too-large", True),
    (billion_laughs, ".docx", "damaged", True),
    (entity_from_a_file, ".docx", "damaged", True),
    (tables_nested, ".docx", "damaged", True),
    (relations_that_are_a_circle, ".docx", "no-urgent-action|", True),
    (document_without_its_parts, ".docx", "damaged", True),
    (spreadsheet, ".xlsx", "spreadsheet", True),
    (line_of_twenty_megabytes, ".txt", "too-long", True),
    (ten_million_lines, ".txt", "too-long", True),
    (brackets, ".txt", "no-text", False),
    (spaces_and_letters, ".txt", "no-urgent-action", False),
    (addresses_without_an_end, ".txt", "no-urgent-action", False),
    (million_marks, ".txt", "no-urgent-action|", False),
    (text_that_turns, ".txt", "no-urgent-action|", True),
    (zeros, ".txt", "not-text", True),
    (utf_8_that_is_none, ".txt", "not-text", True),
    (halves_of_letters, ".txt", "not-text", True),
    (utf_7, ".txt", "no-urgent-action|", True),
    (picture, ".png", "other-format", True),
    (novel, ".txt", "no-urgent-action", False),
    (nothing, ".pdf", "empty", True),
]
