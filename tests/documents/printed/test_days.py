"""The day of issue and the deadline. Everybody here is fictional."""

from __future__ import annotations

from datetime import date

import pytest

from tests.documents.lines import layout_named, passages_in, place, rows_in, said
from tracker.documents.draft import How, Value
from tracker.documents.layouts import Field
from tracker.documents.printed import days

ISSUED = date(2022, 5, 3)


def issued(text: str, family: str = "2019-on") -> date | None:
    return said(days.issued_on(rows_in(text), layout_named(family)))


@pytest.mark.parametrize(
    "text",
    [
        "First UA: 44/22 Index: AFR 12/3456/2022 Bassira Date: 3 May 2022",
        "Date: 3 May 2022",
        "UA: 44/22 Index: AFR 12/3456/2022 Issue Date: 3 May 2022",
        "Posted on 3 May 2022",
        "May 3, 2022",
        "Port Elver, 3 May 2022",
        "Port Elver, den 3. Mai 2022",
        "Port Elver, a 3 de mayo de 2022",
        "Port Elver, le 3 mai 2022",
        "Tuesday 3 May 2022",
    ],
)
def test_the_day_of_issue(text: str) -> None:
    for family in ("2019-on", "2009-18", "section-page", "letter"):
        assert issued(f"{text}\n\nMira Sol was arrested.", family) == ISSUED


@pytest.mark.parametrize(
    "text", ["", "Date: May 2022", "Mira Sol was arrested on 3 May 2022.", "Date: 31 June 2022"]
)
def test_no_day_of_issue(text: str) -> None:
    assert issued(f"A TEACHER\n\n{text}") is None


def test_where_the_day_of_issue_stands() -> None:
    layout = layout_named("letter")
    assert place(days.issued_on(rows_in("\nDate: 3 May 2022"), layout)) == (2, 2, How.LABEL)
    assert place(days.issued_on(rows_in("Port Elver, 3 May 2022"), layout)) == (1, 1, How.LAYOUT)


def deadline(
    text: str, issued: date | None = ISSUED, family: str = "2019-on"
) -> Value[date] | None:
    return days.deadline(rows_in(text), passages_in(text), layout_named(family), issued)


@pytest.mark.parametrize(
    "text",
    [
        "PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 18 June 2022",
        "PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL:\n18 June 2022",
        "PLEASE SEND APPEALS BEFORE 18 JUNE 2022 TO:",
        "## Please take action by 18 June 2022",
        "Deadline: 18 June 2022",
        "Action deadline: June 18, 2022",
        "Act by: 18 June 2022",
    ],
)
def test_a_deadline_by_its_label(text: str) -> None:
    found = deadline(f"Mira Sol was arrested.\n\n{text}")
    assert (said(found), found and found.source.how) == (date(2022, 6, 18), How.LABEL)


@pytest.mark.parametrize(
    "text",
    [
        "Please write letters before 18 June 2022.",
        "Write to the minister as soon as you can and no later than 18 June 2022.",
        "Check with us if you want to send appeals after 18 June 2022.",
        "This call is valid until 18 June 2022.",
        "Bitte schreiben Sie bis zum 18 Juni 2022.",
        "Escriba antes del 18 de junio de 2022.",
    ],
)
def test_a_deadline_in_a_sentence(text: str) -> None:
    found = deadline(f"Mira Sol was arrested.\n\n{text}")
    assert (said(found), place(found)) == (date(2022, 6, 18), (3, 3, How.PROSE))
    assert found is not None
    assert not found.source.inferred


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("PLEASE SEND APPEALS BEFORE 18 JUNE TO:", date(2022, 6, 18)),
        ("Please take action by 3 May.", date(2022, 5, 3)),
        ("Please write letters before 2 January.", date(2023, 1, 2)),
    ],
)
def test_a_missing_year_is_the_first_that_can_be(text: str, day: date) -> None:
    found = deadline(text)
    assert found is not None
    assert (found.value, found.source.inferred) == (day, True)
    assert deadline(text, issued=None) is None


@pytest.mark.parametrize(
    "text",
    [
        "Please send appeals as soon as possible.",
        "PLEASE TAKE ACTION AS SOON AS POSSIBLE",
        "Please take action by June 2022",
        "Please write until 29 February.",
        "I urge you to release her by 18 June 2022.",
        "The court ordered the government to act by 18 June 2022.",
        "They had to send their letters by 18 June 2022.",
        "Mira Sol was arrested on 18 June 2022.",
    ],
)
def test_no_deadline(text: str) -> None:
    assert deadline(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 31 February 2023", ["31 February 2023"]),
        ("PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 3/5/2022", ["3/5/2022"]),
        ("PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: further notice", []),
        ("Write to them soon.", []),
    ],
)
def test_what_stands_behind_a_day_s_label_and_is_no_day_is_a_question(
    text: str, shown: list[str]
) -> None:
    asked = days.unclear(rows_in(text), layout_named("2019-on"), Field.DEADLINE, "deadline")
    assert [(question.about, question.text) for question in asked] == [
        ("deadline", text) for text in shown
    ]
