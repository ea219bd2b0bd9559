"""What the numbers mean: exact values at the edges, and what holds for any dates and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules import (
    Pace,
    Precision,
    Refusal,
    Span,
    TimeInDetention,
    days_left,
    earliest,
    goal_shares,
    is_after_deadline,
    latest,
    needed_by,
    pace,
    refusals,
    time_in_detention,
    week_of,
    years_and_days,
)

ISSUED_ON = date(2024, 9, 9)
DEADLINE = date(2025, 3, 18)

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
LETTERS = st.integers(0, 20_000)
GOALS = st.integers(1, 20_000)


def days(number: int) -> timedelta:
    return timedelta(days=number)


# Deadlines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2025, 3, 17), 1),
        (date(2025, 3, 18), 0),
        (date(2025, 3, 19), -1),
        (date(2024, 9, 9), 190),
        (date(2026, 11, 22), -614),
    ],
)
def test_days_are_counted_to_the_deadline_and_past_it(today: date, left: int) -> None:
    assert days_left(DEADLINE, today) == left


def test_a_letter_posted_on_the_deadlines_own_day_is_in_time() -> None:
    assert not is_after_deadline(DEADLINE, DEADLINE)
    assert is_after_deadline(DEADLINE + days(1), DEADLINE)


def test_without_a_deadline_no_letter_is_late() -> None:
    assert not is_after_deadline(date.max, None)


@pytest.mark.parametrize(
    ("posted_on", "today", "confirmed", "found"),
    [
        (ISSUED_ON, DEADLINE, False, []),
        (DEADLINE, DEADLINE, False, []),
        # Posted in time, logged long after.
        (DEADLINE, date(2026, 11, 22), False, []),
        (ISSUED_ON - days(1), DEADLINE, False, [Refusal.BEFORE_ISSUE]),
        (DEADLINE, DEADLINE - days(1), False, [Refusal.FUTURE]),
        (DEADLINE + days(1), DEADLINE + days(1), False, [Refusal.UNCONFIRMED_LATE]),
        (DEADLINE + days(1), DEADLINE + days(1), True, []),
        # That day is not there yet: whether it will be late is not asked.
        (DEADLINE + days(1), DEADLINE, False, [Refusal.FUTURE]),
        (DEADLINE + days(1), DEADLINE, True, [Refusal.FUTURE]),
        # A confirmation excuses lateness and nothing else.
        (ISSUED_ON - days(1), DEADLINE, True, [Refusal.BEFORE_ISSUE]),
        # An urgent action that is issued tomorrow.
        (
            ISSUED_ON - days(1),
            ISSUED_ON - days(2),
            False,
            [Refusal.FUTURE, Refusal.BEFORE_ISSUE],
        ),
    ],
)
def test_what_stands_against_a_letter(
    posted_on: date, today: date, confirmed: bool, found: list[Refusal]
) -> None:
    assert (
        refusals(
            posted_on=posted_on,
            issued_on=ISSUED_ON,
            deadline=DEADLINE,
            today=today,
            late_confirmed=confirmed,
        )
        == found
    )


def test_without_a_deadline_a_letter_needs_no_confirmation() -> None:
    today = date(2026, 11, 22)
    assert not refusals(
        posted_on=today, issued_on=ISSUED_ON, deadline=None, today=today, late_confirmed=False
    )


# Goal and pace --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letters", "goal", "today", "stands"),
    [
        # 28 days with today: four weeks for 800 letters.
        (1200, 2000, DEADLINE - days(27), Pace(1200, 2000, 800, 27, 200)),
        # 20 days with today: 800 × 7 / 20.
        (1200, 2000, DEADLINE - days(19), Pace(1200, 2000, 800, 19, 280)),
        # Rounded up: 1 × 7 / 190 is still a letter.
        (1999, 2000, DEADLINE - days(189), Pace(1999, 2000, 1, 189, 1)),
        # Whole numbers come out whole: 17 letters in 17 days.
        (0, 17, DEADLINE - days(16), Pace(0, 17, 17, 16, 7)),
        # The last eight days, the last week, its last day.
        (0, 80, DEADLINE - days(7), Pace(0, 80, 80, 7, 70)),
        (0, 80, DEADLINE - days(6), Pace(0, 80, 80, 6, 80)),
        (0, 80, DEADLINE, Pace(0, 80, 80, 0, 80)),
        # After it no pace helps any more.
        (0, 80, DEADLINE + days(1), Pace(0, 80, 80, -1, None)),
        # Reached is reached, before and after.
        (2000, 2000, DEADLINE - days(50), Pace(2000, 2000, 0, 50, 0)),
        (2345, 2000, DEADLINE - days(50), Pace(2345, 2000, 0, 50, 0)),
        (2000, 2000, DEADLINE + days(1), Pace(2000, 2000, 0, -1, 0)),
        # No goal: nothing is missing and nothing is needed.
        (1200, None, DEADLINE - days(19), Pace(1200, None, None, 19, None)),
        (0, None, DEADLINE + days(5), Pace(0, None, None, -5, None)),
    ],
)
def test_how_letters_stand_against_the_goal(
    letters: int, goal: int | None, today: date, stands: Pace
) -> None:
    assert pace(letters, goal, DEADLINE, today) == stands


def test_without_a_deadline_there_is_a_remainder_but_no_pace() -> None:
    assert pace(1200, 2000, None, DEADLINE) == Pace(1200, 2000, 800, None, None)
    assert pace(2000, 2000, None, DEADLINE) == Pace(2000, 2000, 0, None, 0)
    assert pace(1200, None, None, DEADLINE) == Pace(1200, None, None, None, None)


@given(letters=LETTERS, goal=st.none() | GOALS, deadline=st.none() | DAYS, today=DAYS)
def test_pace_never_asks_for_a_negative_number_nor_for_more_than_is_missing(
    letters: int, goal: int | None, deadline: date | None, today: date
) -> None:
    found = pace(letters, goal, deadline, today)
    if found.needed_a_week is not None:
        assert found.remaining is not None
        assert 0 <= found.needed_a_week <= found.remaining


@given(letters=LETTERS, goal=GOALS, today=DAYS, left=st.integers(0, 400))
def test_who_posts_what_is_needed_each_week_reaches_the_goal_by_the_deadline(
    letters: int, goal: int, today: date, left: int
) -> None:
    deadline = today + days(left)
    while today <= deadline:
        needed = pace(letters, goal, deadline, today).needed_a_week
        assert needed is not None
        letters += needed
        today += days(7)
    assert letters >= goal


@given(letters=LETTERS, more=LETTERS, goal=GOALS, today=DAYS, left=st.integers(0, 400))
def test_more_letters_never_need_more_a_week(
    letters: int, more: int, goal: int, today: date, left: int
) -> None:
    deadline = today + days(left)
    now = pace(letters, goal, deadline, today).needed_a_week
    then = pace(letters + more, goal, deadline, today).needed_a_week
    assert now is not None
    assert then is not None
    assert then <= now


@pytest.mark.parametrize(
    ("goal", "own_goals", "priorities", "shares"),
    [
        (2000, {1: None, 2: None}, {1: 1, 2: 2}, {1: 1000, 2: 1000}),
        # What does not divide goes to the higher priorities, whatever the targets' keys.
        (11, {7: None, 8: None, 9: None}, {7: 3, 8: 1, 9: 2}, {7: 3, 8: 4, 9: 4}),
        (10, {7: None, 8: None, 9: None}, {7: 3, 8: 1, 9: 2}, {7: 3, 8: 4, 9: 3}),
        (1, {1: None, 2: None}, {1: 2, 2: 1}, {1: 0, 2: 1}),
        # A goal of one's own stays; the others share the rest.
        (2000, {1: 500, 2: None, 3: None}, {1: 1, 2: 2, 3: 3}, {1: 500, 2: 750, 3: 750}),
        (2000, {1: 500, 2: 700}, {1: 1, 2: 2}, {1: 500, 2: 700}),
        # Own goals above the whole leave nothing, and not less.
        (2000, {1: 2500, 2: None}, {1: 1, 2: 2}, {1: 2500, 2: 0}),
        # No goal: only those that have one of their own.
        (None, {1: 500, 2: None}, {1: 1, 2: 2}, {1: 500, 2: None}),
        (None, {1: None}, {1: 1}, {1: None}),
        (2000, {1: None}, {1: 1}, {1: 2000}),
        (2000, {}, {}, {}),
    ],
)
def test_each_targets_share_of_the_goal(
    goal: int | None,
    own_goals: dict[int, int | None],
    priorities: dict[int, int],
    shares: dict[int, int | None],
) -> None:
    assert goal_shares(goal, own_goals, priorities) == shares


@st.composite
def shared_goals(draw: st.DrawFn) -> tuple[int, dict[int, int | None], dict[int, int]]:
    """Goals of some targets' own, and an overall goal that is no less than these together."""
    own = draw(st.lists(st.none() | st.integers(1, 500), min_size=1, max_size=8).filter(has_open))
    goal = sum(one or 0 for one in own) + draw(LETTERS)
    order = draw(st.permutations(range(1, len(own) + 1)))
    return goal, dict(enumerate(own)), dict(enumerate(order))


def has_open(own_goals: Sequence[int | None]) -> bool:
    return None in own_goals


@given(shared_goals())
def test_shares_sum_to_the_goal_and_differ_by_one_letter_at_most(
    given_goals: tuple[int, dict[int, int | None], dict[int, int]],
) -> None:
    goal, own_goals, priorities = given_goals
    shares = goal_shares(goal, own_goals, priorities)
    assert sum(share or 0 for share in shares.values()) == goal
    in_order = sorted(own_goals, key=lambda target: priorities[target])
    open_shares = [shares[target] or 0 for target in in_order if own_goals[target] is None]
    assert open_shares == sorted(open_shares, reverse=True)
    assert open_shares[0] - open_shares[-1] <= 1


@pytest.mark.parametrize(
    ("day", "needed"),
    [
        (date(2025, 1, 31), 0),
        (date(2025, 2, 1), 100),
        (date(2025, 2, 2), 200),
        (date(2025, 2, 9), 900),
        (date(2025, 2, 10), 1000),
        (date(2025, 2, 11), 1000),
        (date(2024, 1, 1), 0),
        (date(2026, 1, 1), 1000),
    ],
)
def test_an_even_pace_begins_on_the_issue_date_and_ends_on_the_deadline(
    day: date, needed: int
) -> None:
    assert needed_by(1000, date(2025, 2, 1), date(2025, 2, 10), day) == needed


def test_what_is_needed_by_a_day_is_rounded_up() -> None:
    assert needed_by(10, date(2025, 2, 1), date(2025, 2, 3), date(2025, 2, 1)) == 4
    assert needed_by(10, date(2025, 2, 1), date(2025, 2, 3), date(2025, 2, 2)) == 7


def test_a_deadline_on_the_issue_date_or_before_it_needs_all_at_once() -> None:
    assert needed_by(10, ISSUED_ON, ISSUED_ON, ISSUED_ON) == 10
    assert needed_by(10, ISSUED_ON, ISSUED_ON, ISSUED_ON - days(1)) == 0
    assert needed_by(10, ISSUED_ON, ISSUED_ON - days(1), ISSUED_ON) == 10


@given(goal=GOALS, issued_on=DAYS, length=st.integers(0, 400), day=DAYS)
def test_what_is_needed_grows_day_by_day_to_the_goal_on_the_deadline(
    goal: int, issued_on: date, length: int, day: date
) -> None:
    deadline = issued_on + days(length)
    assert needed_by(goal, issued_on, deadline, issued_on - days(1)) == 0
    assert needed_by(goal, issued_on, deadline, deadline) == goal
    assert needed_by(goal, issued_on, deadline, deadline + days(1)) == goal
    today = needed_by(goal, issued_on, deadline, day)
    assert 0 <= today <= needed_by(goal, issued_on, deadline, day + days(1)) <= goal


@given(goal=GOALS, issued_on=DAYS, length=st.integers(1, 400), passed=st.integers(0, 399))
def test_nothing_is_needed_on_the_day_before_that_the_deadline_does_not_need(
    goal: int, issued_on: date, length: int, passed: int
) -> None:
    day = issued_on + days(min(passed, length - 1))
    needed = needed_by(goal, issued_on, issued_on + days(length), day)
    # No more than the straight line, rounded up to a whole letter.
    assert (needed - 1) * (length + 1) < goal * ((day - issued_on).days + 1)


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2025, 3, 17), date(2025, 3, 17)),
        (date(2025, 3, 18), date(2025, 3, 17)),
        (date(2025, 3, 23), date(2025, 3, 17)),
        (date(2025, 1, 1), date(2024, 12, 30)),
        (date.min, date.min),
    ],
)
def test_a_week_begins_on_monday(day: date, monday: date) -> None:
    assert week_of(day) == monday


# Rough dates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "precision", "first", "last"),
    [
        (date(2021, 9, 19), Precision.DAY, date(2021, 9, 19), date(2021, 9, 19)),
        (date(2023, 9, 1), Precision.MONTH, date(2023, 9, 1), date(2023, 9, 30)),
        (date(2023, 9, 17), Precision.MONTH, date(2023, 9, 1), date(2023, 9, 30)),
        (date(2024, 2, 29), Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        (date(2023, 2, 1), Precision.MONTH, date(2023, 2, 1), date(2023, 2, 28)),
        (date(2022, 12, 1), Precision.MONTH, date(2022, 12, 1), date(2022, 12, 31)),
        (date(2022, 1, 1), Precision.YEAR, date(2022, 1, 1), date(2022, 12, 31)),
        (date(2024, 2, 29), Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        (date(2024, 6, 14), Precision.BEFORE, None, date(2024, 6, 14)),
        (None, Precision.NONE, None, None),
        (None, Precision.DAY, None, None),
        (date(2024, 6, 14), Precision.NONE, None, None),
    ],
)
def test_when_a_rough_date_may_have_been(
    day: date | None, precision: Precision, first: date | None, last: date | None
) -> None:
    assert earliest(day, precision) == first
    assert latest(day, precision) == last


# Time in detention ----------------------------------------------------------------------------

KNOWN_ON = date(2024, 9, 9)
TODAY = date(2026, 11, 22)
ARRESTED_ON = date(2021, 9, 19)


def held(
    start: date | None,
    until: date | None = None,
    precision: Precision = Precision.DAY,
    *,
    at_least: bool = False,
) -> Span:
    return Span(start, precision, until, at_least)


def spent(*spans: Span, known_on: date = KNOWN_ON, today: date = TODAY) -> TimeInDetention:
    return time_in_detention(spans, known_on=known_on, today=today)


def test_the_real_case_counts_from_the_arrest_to_the_document_and_to_today() -> None:
    detained = held(ARRESTED_ON)
    incommunicado = held(ARRESTED_ON, date(2022, 2, 19), at_least=True)
    assert spent(detained, incommunicado) == TimeInDetention(
        known_days=1086, days_if_still_held=1890, at_least=False, open=True
    )


def test_nobody_detained_has_spent_no_time() -> None:
    assert spent() == TimeInDetention(0, 0, at_least=False, open=False)


JANUARY, MARCH = date(2022, 1, 1), date(2022, 3, 1)


@pytest.mark.parametrize(
    ("spans", "known"),
    [
        ([held(JANUARY, MARCH)], 59),
        # The same twice, one inside another, overlapping, touching, and with a gap between.
        ([held(JANUARY, MARCH)] * 2, 59),
        ([held(JANUARY, MARCH), held(date(2022, 1, 10), date(2022, 1, 20))], 59),
        ([held(JANUARY, date(2022, 2, 15)), held(date(2022, 2, 1), MARCH)], 59),
        ([held(JANUARY, date(2022, 2, 1)), held(date(2022, 2, 1), MARCH)], 59),
        ([held(JANUARY, date(2022, 1, 11)), held(date(2022, 2, 1), date(2022, 2, 11))], 20),
        # Held and let go on the same day.
        ([held(JANUARY, JANUARY)], 0),
        # An end before the beginning, as a record may have it by mistake, takes nothing away.
        ([held(MARCH, JANUARY)], 0),
        ([held(MARCH, JANUARY), held(JANUARY, MARCH)], 59),
    ],
)
def test_days_that_lie_in_several_spans_count_once(spans: list[Span], known: int) -> None:
    assert spent(*spans) == TimeInDetention(known, known, at_least=False, open=False)


@pytest.mark.parametrize(
    ("span", "known", "to_today"),
    [
        # Counted from the last day on which it may have begun.
        (held(date(2024, 8, 1), None, Precision.MONTH), 9, 813),
        (held(date(2023, 1, 1), None, Precision.YEAR), 253, 1057),
        (held(date(2024, 9, 1), None, Precision.BEFORE), 8, 812),
        (held(None, None, Precision.NONE), 0, 0),
        # A month or year that is not over, or only came after the newest source.
        (held(date(2024, 9, 1), None, Precision.MONTH), 0, 783),
        (held(date(2024, 1, 1), None, Precision.YEAR), 0, 691),
        (held(date(2026, 11, 1), None, Precision.MONTH), 0, 0),
    ],
)
def test_a_rough_beginning_counts_at_least(span: Span, known: int, to_today: int) -> None:
    assert spent(span) == TimeInDetention(known, to_today, at_least=True, open=True)


def test_an_end_that_is_only_the_earliest_counts_at_least() -> None:
    span = held(JANUARY, MARCH, at_least=True)
    assert spent(span) == TimeInDetention(59, 59, at_least=True, open=False)


def test_an_earliest_end_still_to_come_is_no_doubt_and_hides_none() -> None:
    span = held(JANUARY, TODAY + days(30), at_least=True)
    whole = (TODAY + days(30) - JANUARY).days
    assert spent(span) == TimeInDetention(whole, whole, at_least=False, open=False)
    some_day_before = held(date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH)
    assert spent(span, some_day_before).at_least


def test_a_rough_span_inside_a_sure_one_leaves_no_doubt() -> None:
    rough = held(date(2022, 2, 1), date(2022, 2, 20), Precision.MONTH, at_least=True)
    assert not spent(held(JANUARY), rough).at_least


def test_an_unknown_beginning_before_a_sure_span_leaves_a_doubt() -> None:
    assert spent(held(JANUARY), held(MARCH, None, Precision.BEFORE)).at_least


def test_a_detention_newer_than_the_newest_source_counts_only_to_today() -> None:
    span = held(KNOWN_ON + days(11))
    assert spent(span, today=KNOWN_ON + days(31)) == TimeInDetention(
        known_days=0, days_if_still_held=20, at_least=False, open=True
    )


def test_a_detention_that_has_not_begun_takes_no_days_away() -> None:
    later = held(TODAY + days(11))
    assert spent(later) == TimeInDetention(0, 0, at_least=False, open=True)
    assert spent(held(JANUARY, MARCH), later).known_days == 59


def test_before_the_newest_source_no_more_is_known_than_there_was() -> None:
    assert spent(held(ARRESTED_ON), today=ARRESTED_ON + days(30)) == TimeInDetention(
        known_days=30, days_if_still_held=30, at_least=False, open=True
    )


SPANS = st.lists(
    st.builds(
        Span,
        start=DAYS,
        precision=st.sampled_from(list(Precision)),
        until=st.none() | DAYS,
        at_least=st.booleans(),
    ),
    max_size=6,
)


@given(spans=SPANS, known_on=DAYS, today=DAYS)
def test_the_union_is_no_longer_than_the_sum_and_has_no_order(
    spans: list[Span], known_on: date, today: date
) -> None:
    found = time_in_detention(spans, known_on=known_on, today=today)
    alone = [time_in_detention([span], known_on=known_on, today=today) for span in spans]
    assert found.days_if_still_held <= sum(one.days_if_still_held for one in alone)
    assert found.days_if_still_held >= max((one.days_if_still_held for one in alone), default=0)
    backwards = time_in_detention(spans[::-1], known_on=known_on, today=today)
    twice = time_in_detention([*spans, *spans], known_on=known_on, today=today)
    assert found == backwards == twice


@given(spans=SPANS, known_on=DAYS, today=DAYS)
def test_known_days_are_never_negative_nor_more_than_if_still_held(
    spans: list[Span], known_on: date, today: date
) -> None:
    found = time_in_detention(spans, known_on=known_on, today=today)
    assert 0 <= found.known_days <= found.days_if_still_held


@given(spans=SPANS, known_on=DAYS, today=DAYS)
def test_with_every_end_recorded_both_numbers_are_the_same(
    spans: list[Span], known_on: date, today: date
) -> None:
    ended = [span for span in spans if span.until is not None]
    found = time_in_detention(ended, known_on=known_on, today=today)
    assert not found.open
    assert found.known_days == found.days_if_still_held


@given(spans=SPANS, known_on=DAYS, today=DAYS, later=st.integers(0, 1000))
def test_time_in_detention_never_shrinks(
    spans: list[Span], known_on: date, today: date, later: int
) -> None:
    before = time_in_detention(spans, known_on=known_on, today=today)
    after = time_in_detention(spans, known_on=known_on, today=today + days(later))
    assert before.days_if_still_held <= after.days_if_still_held


@pytest.mark.parametrize(
    ("number", "since", "found"),
    [
        (0, ARRESTED_ON, (0, 0)),
        (364, ARRESTED_ON, (0, 364)),
        (365, ARRESTED_ON, (1, 0)),
        (1086, ARRESTED_ON, (2, 356)),
        (1890, ARRESTED_ON, (5, 64)),
        # Over a leap day: 1 January 2024 to 31 December 2024 is not yet a year.
        (365, date(2024, 1, 1), (0, 365)),
        (366, date(2024, 1, 1), (1, 0)),
        # Since 29 February: a year is complete on 1 March, four on 29 February.
        (365, date(2020, 2, 29), (0, 365)),
        (366, date(2020, 2, 29), (1, 0)),
        (367, date(2020, 2, 29), (1, 1)),
        (1460, date(2020, 2, 29), (3, 364)),
        (1461, date(2020, 2, 29), (4, 0)),
    ],
)
def test_days_as_years_and_days(number: int, since: date, found: tuple[int, int]) -> None:
    assert years_and_days(number, since) == found


@given(
    number=st.integers(0, 20_000), since=DAYS.filter(lambda day: (day.month, day.day) != (2, 29))
)
def test_years_and_days_lose_no_day(number: int, since: date) -> None:
    years, rest = years_and_days(number, since)
    assert since.replace(year=since.year + years) + days(rest) == since + days(number)
    assert since.replace(year=since.year + years + 1) > since + days(number)


def test_what_ended_at_least_within_an_exact_span_ended_with_it_at_the_latest() -> None:
    spans = [
        Span(date(2024, 5, 2), Precision.DAY, date(2024, 12, 1)),
        Span(date(2024, 5, 2), Precision.DAY, date(2024, 7, 2), at_least=True),
    ]
    time = time_in_detention(spans, known_on=date(2025, 1, 20), today=date(2025, 3, 1))
    assert time == TimeInDetention(213, 213, at_least=False, open=False)
