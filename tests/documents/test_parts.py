"""A document taken apart. Everybody here is fictional."""

from __future__ import annotations

from tests.documents.lines import layout_named, rows_in, said
from tracker.documents.files.paper import Line
from tracker.documents.parts import Parts, heads_of_pages, taken_apart
from tracker.documents.printed.title import title
from tracker.documents.structure import rows_of

CALL = """\
URGENT ACTION

TEACHER HELD AFTER LESSON

Mira Sol was arrested on 3 May 2022 because she taught her class about the sea.

TAKE ACTION: WRITE AN APPEAL IN YOUR OWN WORDS OR USE THIS MODEL LETTER

Lucia Marchetti
Minister of Justice
1 Palace Street
Port Elver, Bassira

Dear Minister,

I urge you to release Mira Sol at once and without conditions.

Yours sincerely,

ADDITIONAL INFORMATION

Mira Sol has taught at the harbour school since 2015, where everybody knows her.

Port Elver Prison
2 Mill Lane
Port Elver, Bassira

PREFERRED LANGUAGE TO ADDRESS TARGET: English
You can also write in your own language.

NAME AND PREFERRED PRONOUN: Mira Sol (she/her)"""


def parts() -> Parts:
    layout, rows = layout_named("2019-on"), rows_in(CALL)
    return taken_apart(rows, layout, title(rows, layout))


def test_the_story_has_neither_addresses_nor_labels_nor_headings() -> None:
    assert [row.number for row in parts().story] == [5, 16, 22, 24, 25, 26]


def test_what_is_told_has_openings_headings_and_advice_too_but_no_labels() -> None:
    told = [row.number for row in parts().told]
    assert told == [1, 3, 5, 7, 14, 16, 18, 20, 22, 24, 25, 26, 29]


def test_whom_the_addresses_are_of() -> None:
    (target,) = parts().targets
    assert (said(target.name), said(target.role)) == ("Lucia Marchetti", "Minister of Justice")
    assert [line.value for line in target.address] == ["1 Palace Street", "Port Elver, Bassira"]


def test_the_openings() -> None:
    assert [row.text for row in parts().openings] == ["Dear Minister,"]


def on_pages(*pages: list[str]) -> list[str]:
    lines = [
        Line(10 * page + place, text, page)
        for page, texts in enumerate(pages, 1)
        for place, text in enumerate(texts)
    ]
    return sorted(row.text for row in heads_of_pages(rows_of(lines)))


def test_heads_and_feet_are_repeated_on_pages() -> None:
    assert on_pages(
        ["Of Tides, May 2022", "Mira was arrested.", "Page 1"],
        ["Of Tides, May 2022", "She is ill.", "Page 2"],
    ) == ["Of Tides, May 2022", "Of Tides, May 2022", "Page 1", "Page 2"]


def test_what_stands_inside_a_page_or_on_one_only_is_no_head() -> None:
    assert on_pages(["A teacher", "She is ill.", "Mira"], ["Jon", "She is ill.", "A school"]) == []


def test_a_headline_in_capitals_that_a_page_repeats_stays() -> None:
    assert on_pages(["TEACHER HELD", "Mira was arrested."], ["TEACHER HELD", "She is ill."]) == []


def test_without_pages_there_are_no_heads() -> None:
    assert heads_of_pages(rows_in("The sea\n\nThe sea")) == set()
