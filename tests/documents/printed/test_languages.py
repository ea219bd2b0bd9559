"""The languages in which letters are wanted."""

from __future__ import annotations

import pytest

from tests.documents.lines import layout_named, passages_in, place, rows_in
from tracker.documents.draft import How
from tracker.documents.printed.languages import languages


def asked(text: str) -> tuple[list[str], bool]:
    named, own = languages(rows_in(text), passages_in(text), layout_named("2019-on"))
    return [language.value for language in named], own is not None


@pytest.mark.parametrize(
    ("text", "named", "own"),
    [
        ("PREFERRED LANGUAGE TO ADDRESS TARGET: English", ["English"], False),
        ("PREFERRED LANGUAGE TO ADDRESS TARGET: English or Chinese", ["English", "Chinese"], False),
        (
            "PREFERRED LANGUAGE TO ADDRESS TARGET: Spanish\nYou can also use your own language.",
            ["Spanish"],
            True,
        ),
        ("Preferred languages: Farsi, Arabic", ["Farsi", "Arabic"], False),
        (
            "PLEASE WRITE IMMEDIATELY in French, English or your own language:",
            ["French", "English"],
            True,
        ),
        (
            "Letters may be written in English, in French or in Dutch.",
            ["English", "French", "Dutch"],
            False,
        ),
        ("Please write in English before 18 June 2022.", ["English"], False),
        ("Bitte schreiben Sie auf Englisch oder Deutsch.", ["English", "German"], False),
        ("Escriba en español.", ["Spanish"], False),
    ],
)
def test_languages_have_their_english_names(text: str, named: list[str], own: bool) -> None:
    assert asked(text) == (named, own)


@pytest.mark.parametrize(
    "text", ["Please write in your own language.", "You can also write in your own language."]
)
def test_your_own_language_is_none(text: str) -> None:
    assert asked(text) == ([], True)


@pytest.mark.parametrize(
    "text", ["She spoke Arabic in court.", "He published books in French.", "Please write soon."]
)
def test_a_language_of_the_story_is_none_to_write_in(text: str) -> None:
    assert asked(text) == ([], False)


def test_where_languages_stand() -> None:
    text = "\nPREFERRED LANGUAGE TO ADDRESS TARGET: English"
    ((english,), _) = languages(rows_in(text), passages_in(text), layout_named("2019-on"))
    assert place(english) == (2, 2, How.LABEL)
