"""When the letters of a demonstration are posted and logged: a shape, as people make it.

All days are local days of a section. Forms come out in the order in which they were sent, as they
do in life, some thousands at a time, so that ten million letters need no more memory than these.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from tracker.demo.cast import Company
from tracker.models import UrgentAction

Ints = NDArray[np.int64]

_DAY = 86_400
_EPOCH = date(1970, 1, 1)
# The first part of the earth to have a day has it 14 hours before UTC.
_EARLIEST = 14 * 3600
# How likely a letter is logged on the day of posting, a day later, … ten days later.
_LOGGED_AFTER = (60.0, 16.0, 8.0, 5.0, 3.0, 2.0, 2.0, 1.5, 1.0, 1.0, 0.5)
# Groups meet in the middle of the week; Monday is first.
_WEEK = (1.0, 1.25, 1.35, 1.2, 0.85, 0.75, 0.5)
_UNEVEN = 0.3


@dataclass(frozen=True)
class Entries:
    """Forms that were sent: when (seconds of UTC), for a letter posted on which day, by whom."""

    logged: Ints
    posted: Ints
    company: Ints

    def at(self, chosen: slice | Ints) -> Entries:
        """Return the forms at these places."""
        return Entries(self.logged[chosen], self.posted[chosen], self.company[chosen])

    def and_then(self, other: Entries) -> Entries:
        """Return these and others in the order in which they were sent."""
        joined = Entries(
            np.concatenate([self.logged, other.logged]),
            np.concatenate([self.posted, other.posted]),
            np.concatenate([self.company, other.company]),
        )
        return joined.at(np.argsort(joined.logged, kind="stable"))


@dataclass(frozen=True)
class Calendar:
    """When each section's letters are posted and logged.

    Attributes:
        first: the issue date, as days since 1970.
        weights: section x local day of logging (from `first`) x days since posting -> how likely.
        offsets: section x day -> its clock's seconds ahead of UTC.
        last: section -> its last day of logging, counted from `first`.
        passed: section -> how much of that last day has passed.
        now: the moment after which nothing is logged (seconds of UTC).
    """

    first: int
    weights: NDArray[np.float64]
    offsets: Ints
    last: Ints
    passed: NDArray[np.float64]
    now: int

    @classmethod
    def of(
        cls,
        action: UrgentAction,
        companies: Sequence[Company],
        today: date,
        now: datetime,
        rng: np.random.Generator,
    ) -> Calendar:
        """Return the calendar of an urgent action; without weight where no day has come yet."""
        clocks = [now.astimezone(company.zone) for company in companies]
        last = np.array([(min(today, at.date()) - action.issued_on).days for at in clocks])
        passed = np.array(
            [
                (at - datetime.combine(at.date(), time(), at.tzinfo)) / timedelta(days=1)
                if at.date() <= today
                else 1.0
                for at in clocks
            ]
        )
        end = min(action.deadline or today, today)
        posting = [
            action.issued_on + timedelta(days=day)
            for day in range(max((end - action.issued_on).days + 1, 0))
        ]
        logging = len(posting) + len(_LOGGED_AFTER) - 1
        # No two days are alike, nor are two sections, however many letters there are.
        likely = np.array([_weight_of(day, action) for day in posting])
        likely = likely * rng.lognormal(0, _UNEVEN, (len(companies), len(posting)))
        weights = np.zeros((len(companies), logging, len(_LOGGED_AFTER)))
        for later, share in enumerate(_LOGGED_AFTER):
            weights[:, later : later + len(posting), later] = likely * share
        weights *= np.array([company.share for company in companies])[:, None, None]
        weights *= (np.arange(logging) <= last[:, None])[:, :, None]
        noons = [
            datetime.combine(action.issued_on + timedelta(days=day), time(12))
            for day in range(logging)
        ]
        offsets = np.array(
            [[_seconds(company.zone.utcoffset(noon)) for noon in noons] for company in companies],
            dtype=np.int64,
        )
        first = (action.issued_on - _EPOCH).days
        return cls(first, weights, offsets, last, passed, int(now.timestamp()))

    def of_first_section(self) -> Calendar:
        """Return the calendar of the first section alone."""
        weights = np.zeros_like(self.weights)
        weights[0] = self.weights[0]
        return replace(self, weights=weights)

    def spread(self, forms: int, rng: np.random.Generator) -> Ints:
        """Return how many of the forms fall on each cell of `weights`."""
        chances = self.weights.ravel() / self.weights.sum()
        return rng.multinomial(forms, chances).reshape(self.weights.shape)

    def entries(
        self, counts: Ints, rng: np.random.Generator, *, at_least: int
    ) -> Iterator[Entries]:
        """Yield the forms in the order in which they were sent, some days' at a time.

        But for the last ones, `at_least` so many come together.
        """
        waiting = Entries(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
        for day in range(counts.shape[1]):
            sent = waiting.and_then(self._sent_on(day, counts[:, day, :], rng))
            # Somewhere the next day begins while this one still runs elsewhere.
            complete = (self.first + day + 1) * _DAY - _EARLIEST
            ready = int(np.searchsorted(sent.logged, complete))
            if ready >= at_least:
                yield sent.at(slice(ready))
                sent = sent.at(slice(ready, None))
            waiting = sent
        yield waiting

    def _sent_on(self, day: int, counts: Ints, rng: np.random.Generator) -> Entries:
        company, later = np.divmod(
            np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1]
        )
        # From half past seven to a quarter to midnight, most of them in the evening.
        clock = 27_000 + 58_500 * rng.beta(3, 2, company.size)
        clock *= np.where(self.last == day, self.passed, 1.0)[company]
        logged = (self.first + day) * _DAY + clock.astype(np.int64) - self.offsets[company, day]
        return Entries(np.minimum(logged, self.now), self.first + day - later, company)


def _weight_of(day: date, action: UrgentAction) -> float:
    """Return how much is posted on that day, where 1 is a usual Monday."""
    weight = float(_WEEK[day.weekday()])
    # A rush after publication, and another one before it is too late.
    weight *= 1 + 5 * math.exp(-(day - action.issued_on).days / 6)
    if action.deadline is not None:
        weight *= 1 + 2.5 * math.exp(-(action.deadline - day).days / 5)
    # Letter nights around Human Rights Day, 10 December; hardly anybody writes over the new year.
    if day.month == 12 and day.day <= 16:
        weight *= {9: 3.0, 10: 9.0, 11: 4.0}.get(day.day, 1.8)
    elif (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2):
        weight *= 0.4
    return weight


def _seconds(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) if offset else 0
