"""PDF files made to harm whoever reads them, each of a few objects put together by hand."""

from __future__ import annotations

import io
import zlib

from tests.documents.files import deflated, pdf_of_objects


def _page(stream: bytes, resources: bytes = b"", *, packed: bool = True) -> bytes:
    """Return a PDF of one page with this content."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    resources = resources or b"/Font << /F1 5 0 R >>"
    filtered = b""
    if packed:
        stream, filtered = zlib.compress(stream, 9), b"/Filter /FlateDecode "
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << " + resources + b" >> >>",
        b"<< " + filtered + b"/Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        font,
    )


def nested_arrays() -> bytes:
    deep = b"[" * 100_000 + b"]" * 100_000
    return pdf_of_objects(b"<< /Type /Catalog /Pages 2 0 R /Deep " + deep + b" >>", b"<< >>")


def operands_nested() -> bytes:
    return _page(b"BT /F1 12 Tf " + b"[" * 200_000 + b"]" * 200_000 + b" TJ ET")


def page_tree_that_is_a_circle() -> bytes:
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>",
    )


def forms_that_draw_themselves() -> bytes:
    """Twenty forms, each drawing the next one twice: a million drawings."""
    forms = [
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9]"
        b" /Resources << /XObject << /X %d 0 R >> >> /Length 12 >>\nstream\n/X Do /X Do \nendstream"
        % (6 + (i + 1) % 20)
        for i in range(20)
    ]
    content = b"/X Do"
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /X 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"null",
        *forms,
    )


def stream_of_a_gigabyte() -> bytes:
    stream = b"\x78\xda" + deflated(b"\0", 1_000)
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
    )


def stream_packed_twice() -> bytes:
    stream = zlib.compress(b"\x78\xda" + deflated(b"\0", 500), 9)
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(stream)
        + stream
        + b"\nendstream",
    )


def locked() -> bytes:
    """A PDF of one page that needs a password, as reportlab locks it."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt="a word")
    canvas.drawString(72, 720, "Nobody reads this.")
    canvas.save()
    return file.getvalue()


def outline_of_itself() -> bytes:
    content = b"BT /F1 12 Tf 72 720 Td (A page with an outline.) Tj ET"
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Outlines /First 6 0 R /Next 6 0 R /Parent 6 0 R /Last 6 0 R /Title (A) >>",
    )


def truncated() -> bytes:
    whole = _page(b"BT /F1 12 Tf 72 720 Td (Half of this is lost.) Tj ET")
    return whole[: len(whole) // 2]


def hundred_thousand_pages() -> bytes:
    pages = 100_000
    kids = b" ".join(b"%d 0 R" % (i + 3) for i in range(pages))
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"] * pages,
    )


def font_of_a_million_letters() -> bytes:
    """A table of letters that goes on for a million lines."""
    lines = b"".join(b"<%04X> <%04X>\n" % (i, 65 + i % 26) for i in range(50_000)) * 20
    table = zlib.compress(
        b"/CIDInit /ProcSet findresource begin begincmap\n1000000 beginbfchar\n"
        + lines
        + b"endbfchar endcmap end",
    )
    content = b"BT /F1 12 Tf 72 720 Td <00410042> Tj ET"
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H"
        b" /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 1000 /W [0 60000 500] >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(table) + table + b"\nendstream",
    )


def ten_million_operators() -> bytes:
    return _page(b"q Q " * 5_000_000)


def scan_without_text() -> bytes:
    """A page that is one picture."""
    picture = zlib.compress(bytes(range(256)) * 400)
    content = b"q 595 0 0 842 0 0 cm /Im Do Q"
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /Im 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width 320 /Height 320 /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(picture)
        + picture
        + b"\nendstream",
    )
