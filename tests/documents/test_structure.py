"""Lines → rows without marks → running text. Everybody here is fictional."""

from __future__ import annotations

import pytest

from tests.documents.lines import passages_in, rows_in
from tracker.documents.draft import How, Source
from tracker.documents.files.paper import Line
from tracker.documents.structure import passages_of, rows_of, unbulleted, without_marks

LONG = "Mira Sol was arrested at her home early in the morning of"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Mira** and _Jon_", "Mira and Jon"),
        ("__Mira__ and *Jon*", "Mira and Jon"),
        ("see [the call](https://tides.example/x)", "see the call"),
        ("a <u>joint</u><br/> call", "a joint call"),
        ("a ![picture](sea.png) call", "a call"),
        ("  two   spaces ", "two spaces"),
        ("the snake_case of 3 * 4 * 5", "the snake_case of 3 * 4 * 5"),
        (r"No\. 5", "No. 5"),
    ],
)
def test_words_without_marks(text: str, words: str) -> None:
    assert without_marks(text) == words


@pytest.mark.parametrize(
    ("line", "text", "heading", "bullet"),
    [
        ("Mira Sol", "Mira Sol", False, False),
        ("## Mira Sol", "Mira Sol", True, False),
        ("**Mira Sol**", "Mira Sol", True, False),
        ("**Mira** Sol", "Mira Sol", False, False),
        ("> Mira Sol", "Mira Sol", False, False),
        ("> > Mira Sol", "Mira Sol", False, False),
        ("- Free her", "Free her", False, True),
        ("• Free her", "Free her", False, True),
        ("\uf0b7 Free her", "Free her", False, True),
        ("1. Free her", "Free her", False, True),
        ("(2) Free her", "Free her", False, True),
        ("12 Quay Street", "12 Quay Street", False, False),
    ],
)
def test_what_a_line_is(line: str, text: str, heading: bool, bullet: bool) -> None:
    (row,) = rows_in(line)
    assert (row.text, row.heading, row.bullet, row.raw) == (text, heading, bullet, line)


def test_lines_without_words_are_gaps() -> None:
    rows = rows_in("Mira\n\nJon\n-----\nIda\n* * *\nAna\nRuth")
    assert [(row.number, row.text, row.after_gap) for row in rows] == [
        (1, "Mira", True),
        (3, "Jon", True),
        (5, "Ida", True),
        (7, "Ana", True),
        (8, "Ruth", False),
    ]


def test_columns_are_cells() -> None:
    (row,) = rows_in("Minister of Tides      Head of Police\tMayor")
    assert row.cells == ("Minister of Tides", "Head of Police", "Mayor")
    assert row.text == "Minister of Tides Head of Police Mayor"
    assert rows_in("Minister  of Tides")[0].cells == ("Minister of Tides",)


def test_a_table_is_read_column_by_column() -> None:
    rows = rows_in("| Minister | Mayor |\n| --- | --- |\n| 1 Ebb Street | 2 Ebb Street |")
    assert [(row.number, row.text, row.after_gap) for row in rows] == [
        (1, "Minister", True),
        (3, "1 Ebb Street", False),
        (1, "Mayor", True),
        (3, "2 Ebb Street", False),
    ]


def test_a_break_in_a_line_makes_two_rows() -> None:
    rows = rows_in("Minister of Tides<br>1 Ebb Street")
    assert [(row.number, row.text) for row in rows] == [
        (1, "Minister of Tides"),
        (1, "1 Ebb Street"),
    ]


def texts(text: str) -> list[str]:
    return [passage.text for passage in passages_in(text)]


def test_running_text_goes_on_over_lines() -> None:
    assert texts(f"{LONG}\n3 May, and nobody has seen her since.\n\nShe is ill.") == [
        f"{LONG} 3 May, and nobody has seen her since.",
        "She is ill.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Mira Sol\nPort Elver",
        "Mira Sol\n\nPort Elver",
        "- Mira Sol\n- Port Elver",
        "# Mira Sol\nPort Elver",
        "MIRA SOL\nPort Elver",
    ],
)
def test_what_parts_passages(text: str) -> None:
    assert [each.casefold() for each in texts(text)] == ["mira sol", "port elver"]


def test_an_opening_stands_alone() -> None:
    assert texts("Dear Minister,\nI write to you about a teacher.") == [
        "Dear Minister,",
        "I write to you about a teacher.",
    ]


def test_a_sentence_goes_on_after_the_end_of_a_page() -> None:
    assert texts(f"{LONG}\n\nthe third of May.") == [f"{LONG} the third of May."]
    assert texts(f"{LONG} Monday.\n\nthe third of May.") == [
        f"{LONG} Monday.",
        "the third of May.",
    ]


def test_each_line_of_a_word_document_is_a_paragraph() -> None:
    lines = [Line(1, LONG), Line(2, "the third of May.")]
    assert [each.text for each in passages_of(rows_of(lines, whole=True))] == [
        LONG,
        "the third of May.",
    ]


def test_a_passage_knows_the_lines_of_its_words() -> None:
    lines = [Line(1, LONG, 1), Line(2, "3 May, and nobody has seen her", 1), Line(3, "since.", 2)]
    (passage,) = passages_of(rows_of(lines))
    day, end = passage.text.index("3 May"), passage.text.index("since")
    assert (passage.first, passage.last) == (1, 3)
    assert passage.source(day, day + 5, How.PROSE) == Source(2, 2, 1, How.PROSE)
    assert passage.source(0, day + 5, How.PROSE) == Source(1, 2, 1, How.PROSE)
    assert passage.source(end, end + 5, How.LABEL, inferred=True) == Source(
        3, 3, 2, How.LABEL, inferred=True
    )


def test_what_a_passage_is() -> None:
    heading, item, text = passages_in("# Mira Sol\n- Free her\n\nShe is ill.")
    assert [each.heading for each in (heading, item, text)] == [True, False, False]
    assert [each.bullet for each in (heading, item, text)] == [False, True, False]


def test_a_row_may_lose_its_bullet() -> None:
    (row,) = rows_in("- Free her")
    assert (unbulleted(row).bullet, unbulleted(row).text) == (False, "Free her")


@pytest.mark.parametrize(
    "line",
    [
        "- free her at once",
        "> ➢ free her at once",
        "- > free her at once",
        "[ ] free her at once",
        "- • free her at once",
        "**•** free her at once",
        "$\\bullet$ free her at once",
        "3. free her at once",
    ],
)
def test_an_item_of_a_list_loses_every_mark(line: str) -> None:
    (row,) = rows_in(line)
    assert (row.text, row.bullet) == ("free her at once", True)


def test_items_that_a_converter_put_on_one_line_are_items_of_their_own() -> None:
    rows = rows_in("> Urging them to free her; > Calling on them to say why; n Reminding them")
    assert [row.text for row in rows] == [
        "Urging them to free her;",
        "Calling on them to say why;",
        "Reminding them",
    ]
    assert {row.number for row in rows} == {1}


def test_a_word_broken_at_a_line_s_end_is_made_whole_and_a_hyphen_of_its_own_stays() -> None:
    broken, *_ = passages_of(rows_in("She was taken to one of the hos-\npitals of the city then."))
    assert "hospitals" in broken.text
    own, *_ = passages_of(rows_in("They recalled the right to self-\ndetermination of Zenda."))
    assert "self- determination" in own.text
