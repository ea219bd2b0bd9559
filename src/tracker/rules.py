"""What the numbers mean: deadlines, goals, pace, dates of rough precision, time in detention.

Everything here is pure: dates and numbers in, dates and numbers out; `today` is an argument.
Days are local days of the section that asks.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly the day of an event is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    BEFORE = "before"
    """The thing had happened by this day; since when is not known."""
    NONE = "none"


class Refusal(StrEnum):
    """Why a letter cannot be logged as it stands."""

    NO_TARGET = "no-target"
    NO_DAY = "no-day"
    FUTURE = "future"
    BEFORE_ISSUE = "before-issue"
    UNCONFIRMED_LATE = "unconfirmed-late"
    TOO_LATE = "too-late"
    CLOSED = "closed"


class LateRule(StrEnum):
    """What a section does with a letter that was posted after the deadline."""

    ACCEPT = "accept"
    """It counts without a question, until a day that the section sets."""
    ASK = "ask"
    """The writer asks the section's office first."""
    REFUSE = "refuse"


# Deadlines ------------------------------------------------------------------------------------


def days_left(deadline: date, today: date) -> int:
    """Return the days from `today` to the deadline: 0 on its day, negative after it."""
    return (deadline - today).days


def is_after_deadline(posted_on: date, deadline: date | None) -> bool:
    """Return whether a letter posted on that day is late; its deadline's own day is in time."""
    return deadline is not None and posted_on > deadline


def refusals(
    *,
    posted_on: date,
    issued_on: date,
    deadline: date | None,
    today: date,
    late_confirmed: bool,
    late_rule: LateRule = LateRule.ASK,
    late_until: date | None = None,
) -> list[Refusal]:
    """Return what stands against a letter posted on `posted_on`; nothing when it may be logged.

    A letter posted in time may be logged at any time; one posted after the deadline as the writer's
    section has it (`late_rule`): never; when the writer has confirmed that the section's office
    agreed (`late_confirmed`); or without a question until the day `late_until`, if there is one.
    """
    found = []
    if posted_on > today:
        found.append(Refusal.FUTURE)
    if posted_on < issued_on:
        found.append(Refusal.BEFORE_ISSUE)
    if is_after_deadline(posted_on, deadline) and posted_on <= today:
        match late_rule:
            case LateRule.ASK if not late_confirmed:
                found.append(Refusal.UNCONFIRMED_LATE)
            case LateRule.REFUSE:
                found.append(Refusal.TOO_LATE)
            case LateRule.ACCEPT if late_until is not None and posted_on > late_until:
                found.append(Refusal.TOO_LATE)
    return found


# Goal and pace --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pace:
    """How an urgent action stands against its goal.

    Attributes:
        letters: letters posted so far.
        goal: letters wanted by the deadline; None when nobody set one.
        remaining: letters still missing, 0 once the goal is reached; None without a goal.
        days_left: days to the deadline, 0 on its day, negative after it; None without a deadline.
        needed_a_week: letters a week still needed to reach the goal by the deadline; 0 once it is
            reached; None without a goal, without a deadline, or after the deadline.
    """

    letters: int
    goal: int | None
    remaining: int | None
    days_left: int | None
    needed_a_week: int | None


def pace(letters: int, goal: int | None, deadline: date | None, today: date) -> Pace:
    """Return how `letters` stand against `goal` on the morning of `today`.

    Today still counts as a day for posting. In the last seven days the whole remainder is what
    "a week" still needs: a weekly rate above the remainder would ask for letters nobody wants.
    """
    remaining = None if goal is None else max(goal - letters, 0)
    left = None if deadline is None else days_left(deadline, today)
    needed: int | None = None
    if remaining == 0:
        needed = 0
    elif remaining is not None and left is not None and left >= 0:
        needed = _ceiling(remaining * 7, max(left + 1, 7))
    return Pace(letters, goal, remaining, left, needed)


def goal_shares(
    goal: int | None, own_goals: Mapping[int, int | None], priorities: Mapping[int, int]
) -> dict[int, int | None]:
    """Return each target's share of the goal, in letters; None where there is no goal to share.

    A target with a goal of its own keeps it. The others share what is left of the overall goal
    evenly; letters that do not divide go to the higher priorities (1 is first).

    Args:
        goal: letters wanted overall, or None.
        own_goals: target → letters wanted for that target alone, or None.
        priorities: target → its priority in the urgent action.
    """
    shares: dict[int, int | None] = dict(own_goals)
    open_targets = sorted(
        (t for t in own_goals if own_goals[t] is None), key=lambda t: (priorities[t], t)
    )
    if goal is None or not open_targets:
        return shares
    left = max(goal - sum(own for own in own_goals.values() if own is not None), 0)
    each, extra = divmod(left, len(open_targets))
    for place, target in enumerate(open_targets):
        shares[target] = each + (place < extra)
    return shares


def needed_by(goal: int, issued_on: date, deadline: date, day: date) -> int:
    """Return the letters that should be posted by the end of `day` for an even pace to the goal.

    The pace runs straight from none before the issue date to the goal at the end of the
    deadline's day; before and after, it stays at nothing and at the goal.
    """
    whole = (deadline - issued_on).days + 1
    passed = min(max((day - issued_on).days + 1, 0), whole)
    return _ceiling(goal * passed, whole) if whole > 0 else goal


def week_of(day: date) -> date:
    """Return the Monday of that day's week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def _ceiling(number: int, parts: int) -> int:
    # In whole numbers: 17 letters in 17 days are 7 a week, of which floats make 7.000000000000001.
    return -(-number // parts)


# Rough dates and time in detention ------------------------------------------------------------


def earliest(day: date | None, precision: Precision) -> date | None:
    """Return the first day on which it may have happened; None where nothing bounds it."""
    if day is None or precision in {Precision.BEFORE, Precision.NONE}:
        return None
    if precision is Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision is Precision.MONTH else day


def latest(day: date | None, precision: Precision) -> date | None:
    """Return the last day on which it may have happened; None where nothing bounds it."""
    if day is None or precision is Precision.NONE:
        return None
    if precision is Precision.YEAR:
        return day.replace(month=12, day=31)
    if precision is Precision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


@dataclass(frozen=True)
class Span:
    """A stretch of time that one person spent in detention.

    Attributes:
        start: the day it began, as exactly as `precision` says; None when not known.
        precision: how exactly the beginning is known.
        until: its end; None while no end is recorded.
        at_least: whether `until` is only the earliest end.
    """

    start: date | None
    precision: Precision
    until: date | None = None
    at_least: bool = False


@dataclass(frozen=True)
class TimeInDetention:
    """How long a person has been in detention.

    Attributes:
        known_days: days that the record shows, up to the day of its newest source.
        days_if_still_held: days up to today, if nothing has changed since; equal to `known_days`
            where every span has an end.
        at_least: whether a rough date makes the numbers lower bounds.
        open: whether a span has no recorded end.
    """

    known_days: int
    days_if_still_held: int
    at_least: bool
    open: bool


def time_in_detention(spans: Sequence[Span], *, known_on: date, today: date) -> TimeInDetention:
    """Return the sum of the spans, days that lie in several of them counted once.

    The method is the cautious one: a span counts from the last day on which it may have begun to
    the first day on which it may have ended. An open span counts to `known_on`, the date of the
    newest source, as known, and to `today` as "if still held"; before it began it counts nothing.
    """
    is_open = any(span.until is None for span in spans)
    to_day = {horizon: _days_covered(_surely(spans, horizon)) for horizon in (known_on, today)}
    at_least = _days_covered(_possibly(spans, today)) > to_day[today]
    return TimeInDetention(min(to_day.values()), to_day[today], at_least, is_open)


def years_and_days(days: int, since: date) -> tuple[int, int]:
    """Return `days` after `since` as whole calendar years and the days beyond them."""
    end = since + timedelta(days=days)
    years = end.year - since.year
    anniversary = _anniversary(since, years)
    if anniversary > end:
        years -= 1
        anniversary = _anniversary(since, years)
    return years, (end - anniversary).days


def _anniversary(day: date, years: int) -> date:
    # Somebody arrested on 29 February completes a year on 1 March.
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _surely(spans: Sequence[Span], horizon: date) -> Iterator[tuple[date, date]]:
    for span in spans:
        start = latest(span.start, span.precision)
        if start is not None:
            yield start, span.until or horizon


def _possibly(spans: Sequence[Span], horizon: date) -> Iterator[tuple[date, date]]:
    for span in spans:
        start = earliest(span.start, span.precision) or date.min
        if span.until is None:
            yield start, horizon
        elif span.at_least:
            yield start, max(span.until, _release_after(span.until, spans) or horizon)
        else:
            yield start, span.until


def _release_after(day: date, spans: Sequence[Span]) -> date | None:
    """Return the exact end of a span in which `day` lies: what ends at least then ends by then."""
    return max(
        (
            span.until
            for span in spans
            if span.until is not None
            and not span.at_least
            and day <= span.until
            and (start := latest(span.start, span.precision)) is not None
            and start <= day
        ),
        default=None,
    )


def _days_covered(spans: Iterable[tuple[date, date]]) -> int:
    covered = 0
    reached = date.min
    for start, end in sorted(spans):
        first = max(start, reached)
        if end > first:
            covered += (end - first).days
            reached = end
    return covered
