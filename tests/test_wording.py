"""One language's words for one visitor: messages, days, numbers, lists."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tracker import wording
from tracker.rules import Precision

DAY = date(2025, 3, 18)
WORDS = {
    "Log letters": "Briefe eintragen",
    "by {day}": "bis {day}",
    "date not known": "Datum unbekannt",
    ("{n} letter", "{n} letters"): ("{n} Brief", "{n} Briefe"),
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    wording.speak(wording.DEFAULT)
    yield
    wording.speak(wording.DEFAULT)


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue with some German words, as a translator would add one."""
    catalogue = Catalog(locale="de")
    for source, translation in WORDS.items():
        catalogue.add(source, translation)
    file = tmp_path / "de" / "LC_MESSAGES" / "tracker.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_mo(stream, catalogue)
    monkeypatch.setattr(wording, "_FOLDER", tmp_path)
    wording._catalogue.cache_clear()
    yield
    wording._catalogue.cache_clear()


def test_english_needs_no_catalogue() -> None:
    assert wording.gettext("Log letters") == "Log letters"
    assert [wording.ngettext("one", "many", number) for number in (0, 1, 2)] == [
        "many",
        "one",
        "many",
    ]


def test_english_is_always_there_and_comes_first(german: None) -> None:
    assert wording.languages() == ["en", "de"]


def test_a_visitor_reads_the_language_that_the_run_speaks(german: None) -> None:
    wording.speak("de")
    assert wording.gettext("Log letters") == "Briefe eintragen"
    assert wording.ngettext("{n} letter", "{n} letters", 1) == "{n} Brief"
    assert wording.ngettext("{n} letter", "{n} letters", 0) == "{n} Briefe"
    assert wording.day(DAY) == "18. März 2025"
    assert wording.number(1204) == "1.204"
    assert wording.listed(["A", "B", "C"]) == "A, B und C"
    assert wording.language_name("zh") == "Chinesisch"
    assert wording.rough_day(DAY, "before") == "bis 18. März 2025"
    assert wording.rough_day(None, "none") == "Datum unbekannt"


def test_a_message_without_a_translation_stays_english(german: None) -> None:
    wording.speak("de")
    assert wording.gettext("Sign out") == "Sign out"


def test_the_empty_message_is_empty_and_not_the_head_of_the_catalogue(german: None) -> None:
    wording.speak("de")
    assert wording.gettext("") == ""


@pytest.mark.parametrize("unknown", ["xx", "", "../../etc", "fr"])
def test_an_unknown_language_falls_back_to_english(german: None, unknown: str) -> None:
    wording.speak("de")
    wording.speak(unknown)
    assert wording.gettext("Log letters") == "Log letters"
    assert wording.day(DAY) == "18 March 2025"


def test_one_visitors_language_is_not_anothers(german: None) -> None:
    def visit(language: str | None) -> str:
        if language:
            wording.speak(language)
        return wording.gettext("Log letters")

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(copy_context().run, visit, "de").result() == "Briefe eintragen"
        assert thread.submit(copy_context().run, visit, None).result() == "Log letters"
    assert wording.gettext("Log letters") == "Log letters"


def test_days_and_months_in_british_english() -> None:
    assert wording.day(DAY) == "18 March 2025"
    assert wording.short_day(DAY) == "18 Mar 2025"
    assert wording.month(date(2023, 9, 1)) == "September 2023"


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (1204, "1,204"), (10_000_000, "10,000,000"), (-3, "-3")]
)
def test_numbers_in_british_english(value: int, written: str) -> None:
    assert wording.number(value) == written


@pytest.mark.parametrize(
    ("value", "precision", "written"),
    [
        (date(2021, 9, 19), Precision.DAY, "19 September 2021"),
        (date(2023, 9, 1), Precision.MONTH, "September 2023"),
        (date(2022, 1, 1), Precision.YEAR, "2022"),
        (date(2024, 6, 14), Precision.BEFORE, "by 14 June 2024"),
        (None, Precision.NONE, "date not known"),
        (None, Precision.DAY, "date not known"),
    ],
)
def test_a_rough_date_is_written_no_more_exactly_than_it_is_known(
    value: date | None, precision: Precision, written: str
) -> None:
    assert wording.rough_day(value, precision) == written
    assert wording.rough_day(value, precision.value) == written


@pytest.mark.parametrize(
    ("items", "written"),
    [
        ([], ""),
        (["Zhang Rui"], "Zhang Rui"),
        (["Zhang Rui", "Zhang Jian"], "Zhang Rui and Zhang Jian"),
        (["A", "B", "C"], "A, B and C"),
    ],
)
def test_lists_as_a_sentence_has_them(items: list[str], written: str) -> None:
    assert wording.listed(items) == written


@pytest.mark.parametrize(
    ("items", "written"),
    [([], ""), (["A"], "A"), (["A", "B"], "A or B"), (["A", "B", "C"], "A, B or C")],
)
def test_lists_as_a_sentence_offers_them(items: list[str], written: str) -> None:
    assert wording.alternatives(items) == written


def test_languages_have_names_and_an_unknown_one_its_code() -> None:
    assert wording.language_name("zh") == "Chinese"
    assert wording.language_name("qqq") == "qqq"
