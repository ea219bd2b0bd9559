"""Happenings told without a date of their own: "on the same day". All invented."""

from __future__ import annotations

from datetime import date

import pytest

from tests.documents.test_happenings import passages
from tracker.documents.dates import dates_in
from tracker.documents.happenings import events
from tracker.documents.happenings.same_days import leads_to_other_days, same_days_in

ISSUED_ON = date(2024, 9, 9)


def told(text: str, issued_on: date | None = ISSUED_ON) -> list[tuple[str, str]]:
    found, _ = events(passages(text), issued_on=issued_on, deadline=None)
    return [(str(each.date.value), each.about) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "On 9 June armed men shot at the boat. On the same day, a leaflet called both targets.",
            ["armed men shot at the boat", "a leaflet called both targets"],
        ),
        (
            "On 9 June two men stopped at her door. That same night Ana Ruto received a message.",
            ["two men stopped at her door", "Ana Ruto received a message"],
        ),
        (
            "Ana Ruto pleaded guilty on 9 June. She is ill. A court jailed Ana Ruto that day.",
            ["Ana Ruto pleaded guilty", "A court jailed Ana Ruto"],
        ),
        (
            "He was arrested on 9 June and released the same day.",
            ["He was arrested", "released"],
        ),
        (
            "El 9 de junio fue detenida Ana Ruto. Ese mismo día, la policía allanó su casa.",
            ["fue detenida Ana Ruto", "la policía allanó su casa"],
        ),
        (
            "Le 9 juin, Ana Ruto a été arrêtée. Le même jour, 500 personnes ont été battues.",
            ["Ana Ruto a été arrêtée", "500 personnes ont été battues"],
        ),
        (
            "Am 9. Juni wurde Ana Ruto festgenommen. Am selben Tag durchsuchte man ihr Haus.",
            ["wurde Ana Ruto festgenommen", "durchsuchte man ihr Haus"],
        ),
        (
            "No dia 9 de junho, Ana Ruto foi presa. No mesmo dia, a polícia invadiu a casa.",
            ["Ana Ruto foi presa", "a polícia invadiu a casa"],
        ),
    ],
)
def test_what_happened_on_the_same_day(text: str, expected: list[str]) -> None:
    assert told(text) == [("2024-06-09", about) for about in expected]


@pytest.mark.parametrize(
    "text",
    [
        "He was arrested on 9 June. He was sentenced on the same day as the students.",
        "He was arrested on 9 June, a week after Ana Ruto. She was beaten on the same night.",
        "He was arrested on 9 June. Since that day nobody has seen him.",
        "He was arrested on 9 June. He is a poet. He has a son. He sings. He was beaten that day.",
        "The office was searched between 7 May and 9 June. He was beaten on the same day.",
        "He was arrested in June. He was beaten on the same day.",
    ],
)
def test_an_unsure_day_stays_out(text: str) -> None:
    assert not any("beaten" in about or "sentenced" in about for _, about in told(text))


def test_the_same_day_with_its_date_is_a_date() -> None:
    text = "on the same day, 3 May 2021, and the same night"
    found = same_days_in(text, dates_in(text))
    assert [text[each.start : each.end] for each in found] == ["the same night"]


def test_the_same_day_is_inferred() -> None:
    found, _ = events(
        passages("On 9 June 2024 men shot at Ana. She was arrested that day."),
        issued_on=ISSUED_ON,
        deadline=None,
    )
    assert [each.date.source.inferred for each in found] == [False, True]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("She was arrested on 3 May, seven weeks after the strike.", True),
        ("Fue detenida el 3 de mayo, dos días después.", True),
        ("Elle a été libérée dès le lendemain.", True),
        ("She was arrested on 3 May and held for two days.", False),
    ],
)
def test_sentences_that_lead_to_other_days(sentence: str, expected: bool) -> None:
    assert leads_to_other_days(sentence) is expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ana was arrested on 9 June. Its leader, Ali Varo, was also arrested on 9 June.", 2),
        ("Ana was arrested on 9 June. Ana, also known as Ani, was arrested on 9 June.", 1),
        ("Ana was arrested on 9 June. She was arrested on 9 June at her home in Velgrad.", 1),
    ],
)
def test_who_was_also_arrested_is_another(text: str, count: int) -> None:
    assert len(told(text)) == count
