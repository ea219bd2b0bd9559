"""The words by which the parts of an address are told."""

from __future__ import annotations

import pytest

from tracker.documents import lexicon


@pytest.mark.parametrize(
    "text", ["France", "Frankreich", "ESPAÑA", "Bolivia,", "United Kingdom", "Republic of Nowhere"]
)
def test_names_of_countries(text: str) -> None:
    assert lexicon.is_country(text)
    assert lexicon.ends_with_country(text)
    assert lexicon.ends_with_country(f"Port Elver, {text}")


@pytest.mark.parametrize("text", ["Port Elver", "5 Spain Street", "Harbour", "The tides", ""])
def test_no_country(text: str) -> None:
    assert not lexicon.is_country(text)
    assert not lexicon.ends_with_country(text)


def test_a_line_that_ends_in_a_country_is_not_one() -> None:
    assert lexicon.ends_with_country("75001 Paris France")
    assert not lexicon.is_country("75001 Paris France")


@pytest.mark.parametrize(
    "text",
    [
        "Dear Minister,",
        "Dear Minister",
        "Your Excellency:",
        "To whom it may concern",
        "Sehr geehrter Herr Präsident,",
        "Monsieur le Ministre,",
        "Excelentísimo Señor Presidente:",
        "Estimada Señora Fiscal",
    ],
)
def test_letters_begin(text: str) -> None:
    assert lexicon.OPENING.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dear friends are here. They came by boat.",
        "Monsieur Falk said it",
        "The minister is dear to us",
        "Yours sincerely,",
    ],
)
def test_letters_do_not_begin(text: str) -> None:
    assert not lexicon.OPENING.match(text)


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ("ROLE", "Minister"),
        ("ROLE", "fiscal general"),
        ("ROLE", "Garde des Sceaux"),
        ("ROLE", "Oberstaatsanwalt"),
        ("INSTITUTION", "Ministry"),
        ("INSTITUTION", "Fiscalía"),
        ("INSTITUTION", "Maison d’arrêt"),
        ("STREET", "P.O. Box"),
        ("STREET", "Straße"),
    ],
)
def test_words_are_whole_and_in_several_languages(words: str, word: str) -> None:
    pattern = getattr(lexicon, words)
    assert pattern.fullmatch(word)
    assert not pattern.search(f"x{word}x")


def test_the_longest_word_counts() -> None:
    found = lexicon.ROLE.match("prime minister of tides")
    assert found is not None
    assert found[0] == "prime minister"


def test_a_set_of_words() -> None:
    assert lexicon.word_set("of the of") == {"of", "the"}
