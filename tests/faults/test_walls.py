"""Two thousand random programs over sections, members and letters; nobody sees another's canary."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.walls import deeds
from tests.walls.business import Kind
from tests.walls.machine import Tally

pytestmark = pytest.mark.faults

PROGRAMS = 1000
"""On each database."""


def test_nobody_sees_what_is_none_of_their_business(
    sqlite_databases, postgresql_databases, tmp_path, capsys
):
    tallies = {
        "SQLite": deeds.run(sqlite_databases, tmp_path / "one", PROGRAMS),
        "PostgreSQL": deeds.run(postgresql_databases, tmp_path / "other", PROGRAMS),
    }
    with capsys.disabled():
        print(f"\n{_table(tallies)}")
    assert sum(tally.programs for tally in tallies.values()) >= 2 * PROGRAMS
    assert [tally.found for tally in tallies.values()] == [0, 0]
    # They were there to be found: those whose business they are came to see them.
    seen = sum((tally.seen for tally in tallies.values()), Counter[Kind]())
    assert set(seen) == set(Kind) - {Kind.TOKEN}


def _table(tallies: dict[str, Tally]) -> str:
    lines = []
    for where, tally in tallies.items():
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
        lines += [where, *(f"  {what:<30}{number:>14,}" for what, number in rows.items())]
    return "\n".join(lines)
