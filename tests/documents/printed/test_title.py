"""The headline of a document. Everybody here is fictional."""

from __future__ import annotations

import pytest

from tests.documents.lines import layout_named, place, rows_in, said
from tracker.documents.draft import How
from tracker.documents.printed.title import title

STORY = "\n\nMira Sol was arrested at her school on 3 May 2022."


def headline(text: str, family: str = "2019-on") -> str | None:
    return said(title(rows_in(text), layout_named(family)))


@pytest.mark.parametrize(
    "text",
    [
        "# URGENT ACTION\n\n## TEACHER HELD AFTER LESSON",
        "URGENT ACTION\nTEACHER HELD AFTER LESSON",
        "URGENT ACTION: TEACHER HELD AFTER LESSON",
        "URGENT ACTION\nTEACHER HELD\nAFTER LESSON",
        "URGENT ACTION\nTEACHER HELD AFTER LESSON (UA 44/22)",
        "TEACHER HELD AFTER LESSON [UA: 44/22]",
        "# TEACHER HELD AFTER LESSON",
        "UA 44/22: TEACHER HELD AFTER LESSON",
        "Title: TEACHER HELD AFTER LESSON",
        "Home | Join | Donate\nTEACHER HELD AFTER LESSON\nPosted on 4 May 2022",
    ],
)
def test_a_headline_in_capitals(text: str) -> None:
    assert headline(text + STORY) == "TEACHER HELD AFTER LESSON"
    assert headline(text + STORY, "section-page") == "TEACHER HELD AFTER LESSON"


@pytest.mark.parametrize(
    "text",
    [
        "# Teacher held after lesson",
        "Urgent Action: Teacher held after lesson (UA 44/22)",
        "URGENT ACTION\nTeacher held after lesson",
        "Urgent Action Update: Teacher held after lesson",
    ],
)
def test_a_headline_as_it_is_printed(text: str) -> None:
    assert headline(text + STORY) == "Teacher held after lesson"


def test_a_headline_over_two_lines_has_both_as_its_place() -> None:
    found = title(
        rows_in("URGENT ACTION\nTEACHER HELD\nAFTER LESSON\n\nStory."), layout_named("2019-on")
    )
    assert place(found) == (2, 3, How.LAYOUT)


@pytest.mark.parametrize(
    "text", ["URGENT ACTION", "Additional information", "Dear Minister,\nI am writing to you."]
)
def test_what_is_no_headline(text: str) -> None:
    assert headline(text) is None


def test_a_letter_has_none() -> None:
    assert headline("FREE MIRA SOL NOW\n\nDear Minister,", "letter") is None
