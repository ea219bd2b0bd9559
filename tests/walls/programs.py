"""Random programs: anybody tries anything, after each deed somebody looks, and at the end more."""

from __future__ import annotations

from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.walls import screens
from tests.walls.deeds import NUMBER, one_of
from tests.walls.forgetting_deeds import ForgettingDeeds
from tests.walls.letter_deeds import LetterDeeds
from tests.walls.machine import Databases, Tally
from tests.walls.member_deeds import NEAR, REACHES, MemberDeeds
from tests.walls.section_deeds import SectionDeeds
from tests.walls.way_in_deeds import WayInDeeds

SELDOM = st.sampled_from([False] * 9 + [True])
"""What takes seconds, every tenth program does."""


class Walls(LetterDeeds, SectionDeeds, WayInDeeds, MemberDeeds, ForgettingDeeds):
    """The machine."""

    slow = True
    """Whether pages and addresses are opened at all."""

    @initialize(opens=SELDOM, who=NUMBER, section=NUMBER)
    def plan_a_visit(self, opens: bool, who: int, section: int) -> None:
        """Choose who opens every page and every address at the end, if anybody does."""
        self.visit = (who, section) if opens and self.slow else None

    @initialize(who=NUMBER, whom=NUMBER, deed=REACHES, near=NEAR)
    def plan_a_reach(self, who: int, whom: int, deed: str, near: bool) -> None:
        """Choose who tries at the end to deal with a role that is not theirs to give."""
        self.last_reach = (who, whom, deed, near)

    def teardown(self) -> None:
        """Have somebody reach for a role, and open everything of their section or another's."""
        try:
            if self.sound:
                self.reach(*self.last_reach)
                if self.visit:
                    who, section = self.visit
                    person = one_of(self.book.people.values(), who)
                    screens.open_everything(self, person, one_of(self.book.sections, section))
        finally:
            super().teardown()


def machine(databases: Databases, folder: Path, tally: Tally, *, slow: bool = True) -> type[Walls]:
    """Return the machine for those databases; see `run`."""
    given = {"databases": databases, "folder": folder, "tally": tally, "slow": slow}
    return type("Programs", (Walls,), given)


def run(
    databases: Databases,
    folder: Path,
    programs: int,
    *,
    steps: int = 6,
    slow: bool = True,
    shrink: bool = True,
) -> Tally:
    """Run that many programs of up to so many steps, and return what they came to.

    Args:
        folder: where the key lies.
        slow: whether pages and routes are opened, too.
        shrink: whether a program that breaks a wall is made as short as it can be.

    Raises:
        WallBroken: somebody came to see, or to do, what is none of their business.
    """
    tally = Tally()
    run_state_machine_as_test(
        machine(databases, folder, tally, slow=slow),
        settings=hypothesis.settings(
            max_examples=programs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if shrink else [])],
            print_blob=False,
            report_multiple_bugs=False,
        ),
    )
    return tally
