"""Files of every kind become the same lines, or say why not."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.documents import bombs
from tests.documents.files import docx_of, pdf_of_objects, zipped
from tracker.documents.files import paper
from tracker.documents.files.reading import Format, Line, Reason, Unreadable, read
from tracker.documents.files.right_to_left import in_reading_order, written_as_read


def texts(content: bytes, name: str = "a.txt") -> list[str]:
    return [line.text for line in read(content, name).lines]


def refusal(content: bytes, name: str = "a.txt") -> Reason:
    with pytest.raises(Unreadable) as caught:
        read(content, name)
    return caught.value.reason


# Text ---------------------------------------------------------------------------------------------


def test_lines_are_numbered_and_keep_their_spaces() -> None:
    read_as = read(b"URGENT ACTION  \r\n\r\n\tName:   Anna\n  end", "call.txt")
    assert (read_as.name, read_as.format) == ("call.txt", Format.TEXT)
    assert read_as.lines == (
        Line(1, "URGENT ACTION"),
        Line(2, ""),
        Line(3, "\tName:   Anna"),
        Line(4, "  end"),
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.md", "markdown"), ("A.MARKDOWN", "markdown"), ("a.txt", "text"), ("a.pdf", "text")],
)
def test_a_name_tells_markdown_from_text_only(name: str, kind: str) -> None:
    assert read(b"# **Title**", name).format == kind
    assert texts(b"# **Title**", name) == ["# **Title**"]


@pytest.mark.parametrize(
    "encoded",
    [
        "Zażółć 黄雪琴".encode(),
        "Zażółć 黄雪琴".encode("utf-8-sig"),
        "Zażółć 黄雪琴".encode("utf-16"),
        b"\xfe\xff" + "Zażółć 黄雪琴".encode("utf-16-be"),
    ],
)
def test_unicode_is_told_by_its_beginning(encoded: bytes) -> None:
    assert texts(encoded) == ["Zażółć 黄雪琴"]


def test_what_is_no_unicode_is_windows_own_code() -> None:
    assert texts("Señora Ministra – “ya”".encode("cp1252")) == ["Señora Ministra – “ya”"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("e\u0301", "é"),
        ("of\ufb01ce and \ufb02ow", "office and flow"),
        ("\ufee3\ufea4\ufee4\ufeaa", "محمد"),
        ("1\u00a0500\u202fkm\u3000x", "1 500 km x"),
        ("a\u200bb\ufeffc\u2060d\u200e\u202e\u2066", "abcd"),
        ("a\u200cb", "ab"),
        (
            "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
            "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
        ),
        ("free\u00addom", "freedom"),
        ("a\x1b[31mb\x07", "a[31mb"),
        ("e" + "\u0301" * 50, "é" + "\u0301" * 7),
    ],
)
def test_text_is_cleaned(written: str, kept: str) -> None:
    assert texts(written.encode()) == [kept]


def test_a_word_broken_softly_is_made_whole() -> None:
    assert texts("im\u00ad\n  mediately and\nuncon-\nditionally".encode()) == [
        "immediately",
        "and",
        "uncon-",
        "ditionally",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\u200b\u00a0".encode(), "empty"),
        (b"URGENT\0ACTION", "not-text"),
        (b"\xe9\x07 bell", "not-text"),
        (b"\x81\x8d", "not-text"),
        (b"\xff\xfeA", "not-text"),
        (b"<!DOCTYPE html><p>URGENT ACTION", "other-format"),
        (b"{\\rtf1 URGENT ACTION}", "other-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "other-format"),
        (b"%PDF-1.7\nand nothing more", "damaged"),
        (b"PK\3\4and nothing more", "damaged"),
    ],
)
def test_other_files_are_refused(content: bytes, reason: str) -> None:
    assert refusal(content) == reason


def test_limits_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(texts(b"a\n" * paper.MOST_LINES)) == 20_000
    assert refusal(b"a\n" * (paper.MOST_LINES + 1)) == "too-long"
    assert len(texts(b"a" * paper.MOST_CHARACTERS)[0]) == 2_000_000
    assert refusal(b"a" * (paper.MOST_CHARACTERS + 1)) == "too-long"
    assert refusal(b"a" * (paper.MOST_BYTES + 1)) == "too-large"


# PDF ----------------------------------------------------------------------------------------------


def drawn(*strings: tuple[float, float, str], size: float = 10, rotated: int = 0) -> bytes:
    """Return a PDF of one page with these strings at their places."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", size)
    canvas.setPageRotation(rotated)
    for x, y, text in strings:
        canvas.drawString(x, y, text)
    canvas.save()
    return file.getvalue()


def page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """Return a PDF of one page with these operators; object 5 is Helvetica, `more` from 6 on."""
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> " + resources + b" >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *more,
    )


def test_two_columns_stay_apart() -> None:
    read_as = read(
        drawn(
            (60, 700, "Minister of Justice"),
            (300, 700, "Chief Prosecutor"),
            (60, 688, "1 Long Street"),
            (300, 688, "2 Short Street"),
        ),
        "a.pdf",
    )
    assert read_as.format == "pdf"
    assert read_as.lines == (
        Line(1, "Minister of Justice" + " " * 41 + "Chief Prosecutor", 1, 60.0),
        Line(2, "1 Long Street" + " " * 47 + "2 Short Street", 1, 60.0),
    )


def test_a_long_line_does_not_touch_its_neighbour() -> None:
    """The gap is no wider than a space's; the lines above and below tell that it is a column's."""
    long = "Ministry of Justice and of Internal Affairs"
    second = 60 + stringWidth(long, "Helvetica", 10) + 3
    found = texts(
        drawn(
            (60, 700, "The Minister"),
            (second, 700, "The Prosecutor"),
            (60, 688, long),
            (second, 688, "Main Street"),
            (60, 676, "Capital"),
            (second, 676, "Capital"),
            (60, 650, "In prose " + long),
        ),
        "a.pdf",
    )
    assert found[1] == f"{long}   Main Street"


def test_pieces_of_a_line_are_joined_as_they_stand() -> None:
    content = (
        b"BT /F 10 Tf 60 700 Td (Release) Tj ( Anna) Tj ET "
        b"BT /F 10 Tf 1 0 0 1 126 700 Tm [(n) -20 (o) -300 (w)] TJ ET "
        b"BT /F 6 Tf 60 654 Td (raised) Tj ET BT /F 10 Tf 80 650 Td (beside) Tj ET "
        b"BT /F 10 Tf 60 600 Td (bold) Tj ET BT /F 10 Tf 60.3 600 Td (bold) Tj ET "
        b"BT /F 10 Tf 14 TL 60 580 Td (one) Tj T* (two) Tj (three) ' 2 1 (four x) \" ET"
    )
    assert texts(page(content), "a.pdf") == [
        "Release Anna no w",
        "",
        "raised beside",
        "",
        "bold",
        "one",
        "two",
        "three",
        "four x",
    ]


def test_a_gap_in_height_is_an_empty_line() -> None:
    lines = [(60.0, 700.0 - 12 * i, f"Line {i}") for i in range(5)]
    assert texts(drawn(*lines, (60, 630, "Apart")), "a.pdf") == [
        "Line 0",
        "Line 1",
        "Line 2",
        "Line 3",
        "Line 4",
        "",
        "Apart",
    ]


def test_pages_are_numbered_and_turned_pages_read() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.drawString(60, 700, "First")
    canvas.showPage()
    canvas.showPage()
    canvas.setPageRotation(90)
    canvas.translate(300, 60)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Turned with its page")
    canvas.rotate(90)
    canvas.drawString(0, 0, "A stamp on its edge")
    canvas.save()
    assert read(file.getvalue(), "a.pdf").lines == (
        Line(1, "First", 1, 60.0),
        Line(2, "Turned with its page", 3, 60.0),
    )


def test_forms_are_read_where_they_are_drawn() -> None:
    form = b"BT /F 10 Tf 0 0 Td (in a form) Tj ET /X Do"
    content = b"q 1 0 0 1 60 700 cm /X Do Q BT /F 10 Tf 120 700 Td (beside it) Tj ET"
    found = texts(
        page(
            content,
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 99 99] /Length %d >>\nstream\n"
            % len(form)
            + form
            + b"\nendstream",
            resources=b"/XObject << /X 6 0 R >>",
        ),
        "a.pdf",
    )
    assert found == ["in a form      beside it"]


def test_letters_nobody_can_tell_are_no_text() -> None:
    """Codes of glyphs without a table of letters: what a copy and paste gives as gibberish."""
    content = b"BT /G 10 Tf 60 700 Td <00410042> Tj ET"
    written = page(
        content,
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H"
        b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 500 >>] >>",
        resources=b"/Font << /G 6 0 R >>",
    )
    assert refusal(written, "a.pdf") == "no-text"


def test_a_pdf_with_an_empty_password_opens() -> None:
    file = io.BytesIO()
    from reportlab.lib.pdfencrypt import StandardEncryption

    canvas = Canvas(file, encrypt=StandardEncryption("", ownerPassword="owner", strength=128))
    canvas.drawString(60, 700, "May be read and not changed")
    canvas.save()
    assert texts(file.getvalue(), "a.pdf") == ["May be read and not changed"]


@pytest.mark.parametrize(
    ("drawn_text", "read_text"),
    [
        ("مالسلا (2012) ارون", "نورا (2012) السلام"),
        ("name (ارون) here", "name (نورا) here"),
        ("םולש םולש word 12/3", "12/3 word שלום שלום"),
        ("plain (text)", "plain (text)"),
    ],
)
def test_scripts_that_run_leftwards_are_turned(drawn_text: str, read_text: str) -> None:
    assert in_reading_order(drawn_text) == read_text


def test_letters_that_end_words_tell_how_a_file_was_written() -> None:
    assert written_as_read(["שלום", "name"])
    assert not written_as_read(["םולש", "name"])
    assert not written_as_read(["نورا"])


# DOCX ---------------------------------------------------------------------------------------------


def saved(document: object) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_word_document_is_read_in_its_order() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Date: 9 September 2024"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    document.add_heading("URGENT ACTION", 1)
    document.add_paragraph("Name:\tAnna")
    table = document.add_table(2, 2)
    for row in range(2):
        for column in range(2):
            table.cell(row, column).text = f"Official {row}{column}\nStreet {column}"
    document.add_paragraph("Release her", style="List Bullet")
    document.add_paragraph("One", style="List Number")
    document.add_paragraph("")
    document.add_paragraph("end")
    read_as = read(saved(document), "call.docx")
    assert read_as.format == "docx"
    assert {(line.page, line.left) for line in read_as.lines} == {(None, None)}
    assert [line.text for line in read_as.lines] == [
        "Date: 9 September 2024",
        "",
        "# URGENT ACTION",
        "Name:\tAnna",
        "",
        *("Official 00", "Street 0", "", "Official 01", "Street 1", ""),
        *("Official 10", "Street 0", "", "Official 11", "Street 1", ""),
        "- Release her",
        "- One",
        "",
        "end",
        "",
        "Page 1",
    ]


def test_what_a_reader_sees_is_read_once() -> None:
    document = Document()
    body = document.element.body
    word = nsdecls("w")
    body.insert(
        0,
        parse_xml(
            f"<w:p {word}><w:r><w:t>See </w:t></w:r>"
            '<w:hyperlink><w:r><w:t xml:space="preserve">the page</w:t></w:r></w:hyperlink>'
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t> added</w:t></w:r></w:ins>"
            "<w:r><w:instrText>HYPERLINK</w:instrText><w:noBreakHyphen/><w:softHyphen/>"
            "<w:t>x</w:t></w:r></w:p>"
        ),
    )
    body.insert(
        1,
        parse_xml(
            f"<w:sdt {word}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    compatibility = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
    body.insert(
        2,
        parse_xml(
            f"<w:p {word} {compatibility}><w:r><w:t>Before</w:t><mc:AlternateContent>"
            f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        ),
    )
    assert texts(saved(document), "a.docx") == [
        "See the page added-x",
        "In a control",
        "Before",
        "",
        "In a box",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bombs.spreadsheet(), "spreadsheet"),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "spreadsheet",
        ),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "other-format"),
        (zipped({"a.txt": b"text"}), "other-format"),
        (docx_of("<w:document"), "damaged"),
        (bombs.billion_laughs(), "damaged"),
        (bombs.entity_from_a_file(), "damaged"),
        (saved(Document()), "no-text"),
        (zipped({"word/document.xml": b" " * 24_000_001}), "too-large"),
        (zipped({"word/document.xml": b"", "a.bin": bytes(64_000_001)}), "too-large"),
    ],
)
def test_zips_that_are_no_word_documents_are_refused(content: bytes, reason: str) -> None:
    assert refusal(content, "a.docx") == reason


def test_a_zip_with_a_password_is_locked() -> None:
    content = bytearray(zipped({"word/document.xml": b"text"}))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + place] |= 1
    assert refusal(bytes(content), "a.docx") == "locked"


def test_no_size_that_a_file_states_is_believed() -> None:
    assert refusal(bombs.size_that_is_a_lie(), "a.docx") == "damaged"
