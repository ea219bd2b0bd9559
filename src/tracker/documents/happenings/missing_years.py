"""The year of a day or month that is named without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

RUNS_ON = timedelta(days=120)
"""A story that goes on to an earlier month of the calendar has gone into the next year, if the day
comes so soon after; if not, it looks back, unless the day came so soon before the document."""


class Tense(Enum):
    """When something is told to happen, seen from the day on which the document was issued."""

    PAST = "past"
    COMING = "coming"
    EITHER = "either"


@dataclass(frozen=True)
class Surroundings:
    """What may fix the year of a day.

    Attributes:
        told_before: the last day told before it, in the same sentence or in one that it goes on.
        same_sentence: the same, if in the same sentence or counted from ("two weeks later, on").
        told_after: the next day told in the same sentence.
        belongs: whether the two are told together, as in "3 May and 5 June 2021".
    """

    told_before: date | None = None
    same_sentence: date | None = None
    told_after: date | None = None
    belongs: bool = False


def with_year(
    month_day: tuple[int, int],
    around: Surroundings,
    tense: Tense,
    *,
    issued_on: date | None,
    deadline: date | None,
) -> date | None:
    """Return the day with the year that its surroundings fix; None if nothing does."""
    if around.belongs and around.told_after:
        return _latest(month_day, around.told_after)
    known_by = issued_on or deadline
    if known_by:
        return _seen_from(known_by, month_day, around, tense)
    if around.same_sentence:
        return _going_on(month_day, around.same_sentence)
    return _latest(month_day, around.told_after) if around.told_after else None


def _seen_from(
    known_by: date, month_day: tuple[int, int], around: Surroundings, tense: Tense
) -> date:
    """Return the day as one means it who writes on the day `known_by`."""
    past, coming = _latest(month_day, known_by), _next(month_day, known_by)
    if tense is Tense.PAST and around.told_before:
        going_on = _going_on(month_day, around.told_before)
        looks_back = going_on < around.told_before and known_by - past < RUNS_ON
        return past if looks_back or going_on > known_by else going_on
    if tense is Tense.EITHER:
        return past if known_by - past < coming - known_by else coming
    return past if tense is Tense.PAST else coming


def _latest(month_day: tuple[int, int], by: date) -> date:
    """Return the latest such day on or before another."""
    return max(day for day in _such_days(month_day, by) if day <= by)


def _next(month_day: tuple[int, int], from_day: date) -> date:
    """Return the first such day on or after another."""
    return min(day for day in _such_days(month_day, from_day) if day >= from_day)


def _such_days(month_day: tuple[int, int], near: date) -> Iterator[date]:
    """Yield such a day of the years around; eight each way, for 29 February's sake."""
    for year in range(max(near.year - 8, 1), near.year + 9):
        with suppress(ValueError):
            yield date(year, *month_day)


def _going_on(month_day: tuple[int, int], told_before: date) -> date:
    """Return such a day of the same year, or of the next one where the story runs into it."""
    coming = _next(month_day, told_before)
    if coming - told_before < RUNS_ON:
        return coming
    same_year = [day for day in _such_days(month_day, told_before) if day.year == told_before.year]
    return same_year[0] if same_year else coming
