"""Numbers as pages say them, from rows that the test itself wrote."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tracker import rules
from tracker.cases import TIMELINE_COLUMNS
from tracker.models import Person
from tracker.uptake import PROGRESS_COLUMNS
from tracker.web import figures

TODAY = date(2025, 3, 12)
DEADLINE = date(2025, 6, 30)


def weeks(**targets: list[tuple[int, int | None]]) -> pd.DataFrame:
    """Return a frame as uptake makes it: for each target its weeks' letters and what was needed."""
    rows = []
    for priority, (target, numbers) in enumerate(targets.items(), 1):
        so_far = 0
        for place, (letters, needed) in enumerate(numbers):
            so_far += letters
            monday = date(2025, 2, 3) + timedelta(weeks=place)
            rows.append(("x", target, priority, monday, letters, so_far, needed))
    return pd.DataFrame(rows, columns=list(PROGRESS_COLUMNS)).astype(PROGRESS_COLUMNS)


def events(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Return a frame as cases.timeline makes it, of (kind, date, precision, until, at least)."""
    made = [
        ("x", day, until, at_least, precision, ("Ann", "Bob"), kind, "Happened", "A source")
        for kind, day, precision, until, at_least in rows
    ]
    return pd.DataFrame(made, columns=list(TIMELINE_COLUMNS)).astype(TIMELINE_COLUMNS)


@pytest.mark.parametrize(
    ("letters", "goal", "deadline", "sentence"),
    [
        (0, None, DEADLINE, "No letters yet. No goal is set, so there is no pace to show."),
        (1, None, DEADLINE, "1 letter. No goal is set, so there is no pace to show."),
        (1204, None, None, "1,204 letters. No goal is set, so there is no pace to show."),
        (0, 2000, DEADLINE, "0 of 2,000 letters; 127 a week get us there."),
        (1204, 2000, DEADLINE, "1,204 of 2,000 letters; 51 a week get us there."),
        (2000, 2000, DEADLINE, "2,000 of 2,000 letters: the goal is reached."),
        (2001, 2000, date(2025, 3, 1), "2,001 of 2,000 letters: the goal is reached."),
        (1999, 2000, date(2025, 3, 11), "1,999 of 2,000 letters; the deadline has passed."),
        (1999, 2000, TODAY, "1,999 of 2,000 letters; 1 a week get us there."),
        (1999, 2000, None, "1,999 of 2,000 letters."),
    ],
)
def test_the_finding_says_how_it_stands(letters, goal, deadline, sentence):
    pace = rules.pace(letters, goal, deadline, TODAY)
    assert figures.progress_finding(pace, weeks()) == sentence


def test_the_finding_names_the_target_that_lags():
    pace = rules.pace(100, 2000, DEADLINE, TODAY)
    frame = weeks(Ann=[(50, 40), (50, 80)], Bob=[(1, 40), (0, 80)])
    assert figures.progress_finding(pace, frame) == (
        "100 of 2,000 letters; 120 a week get us there. Bob lags."
    )


@pytest.mark.parametrize(
    ("frame", "lagging"),
    [
        (weeks(), None),
        # A first week says nothing yet.
        (weeks(Ann=[(0, 40)]), None),
        # Without a goal nobody lags.
        (weeks(Ann=[(0, None), (0, None)]), None),
        # Exactly a tenth behind is not more than a tenth.
        (weeks(Ann=[(36, 40), (0, 80)]), None),
        (weeks(Ann=[(35, 40), (0, 80)]), "Ann"),
        # This week's letters count, this week's need not yet.
        (weeks(Ann=[(30, 40), (10, 80)]), None),
        # The one furthest behind its share, not the one with the most letters missing.
        (weeks(Ann=[(60, 100), (0, 200)], Bob=[(2, 10), (0, 20)]), "Bob"),
        (weeks(Ann=[(0, 0), (0, 0)]), None),
    ],
)
def test_who_lags(frame, lagging):
    assert figures.lagging_target(frame) == lagging


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("trial", date(2024, 6, 14), "day", None, False), "14 June 2024"),
        (("trial", date(2024, 6, 1), "month", None, False), "June 2024"),
        (("trial", date(2024, 1, 1), "year", None, False), "2024"),
        (("trial", date(2024, 6, 14), "before", None, False), "by 14 June 2024"),
        (("trial", None, "none", None, False), "date not known"),
        (("detention", date(2024, 6, 14), "day", None, False), "since 14 June 2024"),
        (
            ("detention", date(2024, 6, 14), "day", date(2024, 7, 1), False),
            "14 June 2024 to 1 July 2024",
        ),
        (
            ("incommunicado", date(2024, 6, 1), "month", date(2024, 7, 1), True),
            "June 2024 to 1 July 2024 at least",
        ),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(row, said):
    (event,) = events(row).to_dict("records")
    assert figures.when(event) == said


def held(*rows: tuple[object, ...], today: date = TODAY) -> list[str]:
    people = [Person(name="Ann"), Person(name="Bob"), Person(name="Cid")]
    return figures.detention_findings(people, events(*rows), known_on=date(2025, 2, 3), today=today)


def test_nobody_in_detention_makes_no_sentence():
    assert held() == []
    assert held(("trial", date(2024, 6, 14), "day", None, False)) == []
    assert held(("detention", None, "none", None, False)) == []


def test_a_detention_that_ended_is_told_exactly():
    assert held(("detention", date(2024, 6, 1), "day", date(2024, 6, 2), False)) == [
        "Ann and Bob: 1 day in detention."
    ]
    assert held(("detention", date(2023, 6, 1), "day", date(2024, 6, 1), False)) == [
        "Ann and Bob: 1 year in detention."
    ]


def test_a_detention_of_rough_dates_is_told_as_a_lower_bound():
    assert held(("detention", date(2024, 6, 1), "month", date(2024, 7, 10), False)) == [
        "Ann and Bob: at least 10 days in detention."
    ]
    assert held(("detention", date(2024, 6, 1), "month", None, False)) == [
        (
            "Ann and Bob: at least 218 days in detention, as known on 3 February 2025; "
            "at least 255 days today, if still held."
        )
    ]


def test_a_detention_that_goes_on_is_told_as_known_and_as_if():
    row = ("detention", date(2024, 2, 3), "day", None, False)
    assert held(row) == [
        (
            "Ann and Bob: at least 1 year in detention, as known on 3 February 2025; "
            "1 year and 37 days today, if still held."
        )
    ]
    assert held(row, today=date(2025, 2, 3)) == ["Ann and Bob: 1 year in detention so far."]
