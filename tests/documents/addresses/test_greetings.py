"""Whom to write to first, and how each official is greeted. Everybody here is fictional."""

from __future__ import annotations

import pytest

from tests.documents.drafts import at
from tests.documents.lines import passages_in, place, rows_in, said
from tracker.documents.addresses.greetings import greeted, prioritised
from tracker.documents.draft import DraftTarget, How


def official(name: str, role: str, *, copy: bool = False) -> DraftTarget:
    return DraftTarget(name=at(1, name), role=at(1, role), copy=copy)


MINISTER = official("Lucia Marchetti", "Minister of Justice")
DIRECTOR = official("Ruben Vega", "Director of North Harbour Prison")
PROCURATOR = official("Zhu Han", "Chief Procurator")


def greetings(opening: str, *targets: DraftTarget) -> list[str | None]:
    return [said(target.salutation) for target in greeted(targets, rows_in(opening))]


@pytest.mark.parametrize(
    ("opening", "greeting"),
    [
        ("Dear Minister,", "Dear Minister"),
        ("Your Excellency:", "Your Excellency"),
        ("Dear Minister / Dear Sir,", "Dear Minister / Dear Sir"),
    ],
)
def test_an_opening_greets_the_only_official(opening: str, greeting: str) -> None:
    assert greetings(opening, MINISTER) == [greeting]
    assert greetings(opening, MINISTER, official("Jon Reed", "Ambassador", copy=True)) == [
        greeting,
        None,
    ]


@pytest.mark.parametrize(
    "opening",
    [
        "Dear Director Vega / Chief Procurator Zhu,",
        "Dear Director Vega / Dear Chief Procurator Zhu,",
        "Dear Chief Procurator Zhu or Director Vega,",
    ],
)
def test_an_opening_may_greet_several(opening: str) -> None:
    assert greetings(opening, DIRECTOR, PROCURATOR) == [
        "Dear Director Vega",
        "Dear Chief Procurator Zhu",
    ]


def test_an_opening_that_fits_two_as_well_greets_neither() -> None:
    other = official("Ana Roth", "Minister of Health")
    assert greetings("Dear Minister,", MINISTER, other) == [None, None]
    assert greetings("Your Excellency,", MINISTER, DIRECTOR) == [None, None]
    assert greetings("Dear Minister Roth,", MINISTER, other) == [None, "Dear Minister Roth"]


def test_a_labelled_salutation_stays() -> None:
    labelled = DraftTarget(role=at(1, "Minister"), salutation=at(4, "Your Honour", How.LABEL))
    assert greetings("Dear Minister,", labelled) == ["Your Honour"]


def test_a_greeting_stands_where_the_opening_is() -> None:
    (target,) = greeted((MINISTER,), rows_in("\n\nDear Minister,"))
    assert place(target.salutation) == (3, 3, How.LAYOUT)


def first_and_why(text: str) -> list[tuple[int | None, str | None]]:
    targets = prioritised((DIRECTOR, PROCURATOR), passages_in(text))
    return [(said(target.priority), said(target.reason)) for target in targets]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Due to her failing health, letters to Director Vega should be prioritized.",
            "her failing health",
        ),
        (
            "Write to both. Because he can call a doctor, please prioritise Ruben Vega.",
            "he can call a doctor",
        ),
        ("Ruben Vega is the main target.", None),
        ("Please write to Director Vega first.", None),
    ],
)
def test_who_comes_first_and_why(text: str, reason: str | None) -> None:
    assert first_and_why(text) == [(1, reason), (None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "Letters to Director Vega and to Zhu Han should be prioritized.",
        "Letters to Director Vega or Chief Procurator should be prioritized.",
        "Her health should be prioritized.",
        "Letters can be sent to Director Vega.",
    ],
)
def test_nobody_comes_first_without_being_said_to(text: str) -> None:
    assert first_and_why(text) == [(None, None), (None, None)]


def test_a_priority_stands_on_the_lines_of_its_sentence() -> None:
    text = "Mira Sol is still held.\n\nBut as she is ill, please\nprioritise Vega."
    (first, _) = prioritised((DIRECTOR, PROCURATOR), passages_in(text))
    assert (said(first.priority), said(first.reason)) == (1, "she is ill")
    assert place(first.priority) == (3, 4, How.PROSE)
