"""PDF and DOCX files put together by hand, byte by byte, for what no library would write."""

from __future__ import annotations

import io
import zipfile
import zlib

_TYPES = b"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType=\
"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_RELATIONS = b"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="word/document.xml" Type=\
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""


def pdf_of_objects(*objects: bytes) -> bytes:
    """Return a PDF with these objects, numbered from 1; the first is its catalogue."""
    file = io.BytesIO()
    file.write(b"%PDF-1.7\n")
    places = []
    for number, written in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n" % number + written + b"\nendobj\n")
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    file.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip with these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def docx_of(document: str, more: dict[str, bytes] | None = None) -> bytes:
    """Return a Word document whose main part is this XML."""
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS,
            "word/document.xml": document.encode(),
            **(more or {}),
        }
    )


def deflated(character: bytes, megabytes: int) -> bytes:
    """Return that many megabytes of one character, packed once and put in a row."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(character * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return one * megabytes + packer.flush()
