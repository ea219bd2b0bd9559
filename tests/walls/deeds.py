"""How programs do anything: somebody tries, and after each deed somebody looks.

What they try stands in letter_deeds.py and the other files of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from hypothesis import strategies as st

from tests.walls.business import Visitor
from tests.walls.machine import World

_T = TypeVar("_T")

NUMBER = st.integers(0, 99)
"""Which one of however many there are."""

ABLE = st.sampled_from([True, True, True, False])
"""Whether to choose among those who may, or among everybody."""


def one_of(found: Iterable[_T], number: int) -> _T:
    """Return one of those, whatever the number."""
    several = list(found)
    return several[number % len(several)]


class Deeds(World):
    """Somebody who tries, and somebody who looks."""

    def by(self, number: int, able: bool, may: Callable[[Visitor], bool]) -> Visitor:
        """Return who tries: one of those who may, if there are any and `able` says so."""
        able_ones = [who for who in self.enabled() if may(who)]
        return one_of(able_ones if able and able_ones else self.visitors(), number)

    def enabled(self) -> list[Visitor]:
        """Return everybody who may still ask for something."""
        return [who for who in self.visitors() if not (who and who.disabled)]

    def then_look(self, eyes: int) -> None:
        """Have somebody look, after each deed."""
        self.tally.steps += 1
        self.sound = False
        self.last = one_of(self.visitors(), eyes)
        self.look(self.last)
        self.sound = True
