"""What stands behind labels, and the heads and feet of pages. Everybody here is fictional."""

from __future__ import annotations

import pytest

from tests.documents.lines import layout_named, rows_in
from tracker.documents.layouts import Field
from tracker.documents.printed.labels import behind, is_head


def names_behind(text: str, family: str = "2019-on") -> list[tuple[str, list[int]]]:
    """Return what stands behind labels of names, each once, with its lines."""
    found = behind(rows_in(text), layout_named(family), Field.NAMES)
    return list({value.value: [row.number for row in rows] for value, rows in found}.items())


@pytest.mark.parametrize(
    ("text", "value", "lines"),
    [
        ("NAME AND PREFERRED PRONOUN: Mira Sol (she/her)", "Mira Sol (she/her)", [1]),
        ("NAME AND PREFERRED PRONOUN:\n\nMira Sol (she/her)", "Mira Sol (she/her)", [1, 3]),
        ("NAMES AND PREFERRED PRONOUNS: Mira Sol,\nJon Sol", "Mira Sol, Jon Sol", [1, 2]),
        ("Name: Mira Sol\nGender m/f: f", "Mira Sol", [1]),
        ("Names: Mira Sol and\nJon Sol\n\nHe is ill.", "Mira Sol and Jon Sol", [1, 2]),
        ("**Name:** Mira Sol", "Mira Sol", [1]),
        ("Name: Mira Sol\nLINK TO PREVIOUS UA: N/A", "Mira Sol", [1]),
    ],
)
def test_what_stands_behind_a_label(text: str, value: str, lines: list[int]) -> None:
    assert names_behind(text) == [(value, lines)]
    assert names_behind(text, "2009-18") == [(value, lines)]


def test_another_label_is_not_the_value_of_an_empty_one() -> None:
    assert names_behind("NAME AND PREFERRED PRONOUN:\nLINK TO PREVIOUS UA: N/A") == [("", [1])]


@pytest.mark.parametrize(
    "text", ["Names of plants are Latin.", "Their name and number", "Mira Sol"]
)
def test_a_sentence_is_no_label(text: str) -> None:
    assert names_behind(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "UA: 44/22 Index: AFR 12/3456/2022 Bassira Date: 3 May 2022",
        "Second UA: 44/22",
        "Date: 3 May 2022",
        "Issue Date: 3 May 2022",
        "Page 2 of 3",
        "2",
        "Amnesty International",
    ],
)
def test_heads_and_feet(text: str) -> None:
    assert is_head(rows_in(text)[0])


@pytest.mark.parametrize(
    "text",
    [
        "UA 44/22 is a call to write.",
        "2 May",
        "The last time that anybody saw her was on that date: 3 May 2022",
        "Amnesty International has called for her release.",
    ],
)
def test_rows_of_the_text(text: str) -> None:
    assert not is_head(rows_in(text)[0])
