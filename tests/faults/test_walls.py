"""Two thousand random programs over sections, members and letters; nobody sees another's canary."""

from __future__ import annotations

import pytest

from tests.walls import programs
from tests.walls.business import NOBODYS, Kind
from tests.walls.machine import Tally

pytestmark = pytest.mark.faults

PROGRAMS = 1000
"""On each database."""


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_nobody_sees_what_is_none_of_their_business(where, request, tmp_path, capsys):
    databases = request.getfixturevalue(f"{where}_databases")
    tally = programs.run(databases, tmp_path / where, PROGRAMS)
    with capsys.disabled():
        print(f"\n{_table(where, tally)}")
    assert tally.programs >= PROGRAMS
    assert tally.found == 0
    # About every tenth program opens all sixty pages and addresses.
    assert tally.pages > 2 * PROGRAMS
    # They were there to be found: those whose business they are came to see them.
    assert set(tally.seen) == set(Kind) - NOBODYS


def _table(where: str, tally: Tally) -> str:
    rows = {
        "programs": tally.programs,
        "steps": tally.steps,
        "changes tried": tally.changes,
        "of these refused": tally.refused,
        "questions answered": tally.questions,
        "pages and addresses opened": tally.pages,
        "bytes searched": tally.searched,
        "canaries planted": tally.canaries,
        "seen by those whose they are": tally.seen.total(),
        "found by others": tally.found,
    }
    return "\n".join([where, *(f"  {what:<30}{number:>14,}" for what, number in rows.items())])
