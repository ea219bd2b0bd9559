"""No section sees what is another's: a dose of random programs, and walls broken on purpose."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session

from tests.databases import SqliteDatabases
from tests.walls import programs, questions, screens
from tests.walls.machine import Tally, WallBroken
from tracker import members, record, reports
from tracker.letters import own
from tracker.members import Asker
from tracker.models import Role

DOSE = 10
"""Programs on each database; two thousand run in tests/faults/test_walls.py."""


def test_there_is_a_row_for_everything_that_can_be_asked():
    rows = [
        *(question.query for question in questions.QUESTIONS),
        *questions.CHANGES,
        *questions.HELPERS,
    ]
    assert questions.there_are() == {questions.named(function) for function in rows}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nobody_sees_what_is_none_of_their_business(kind, request, tmp_path):
    tally = programs.run(request.getfixturevalue(f"{kind}_databases"), tmp_path, DOSE, slow=False)
    assert tally.programs >= DOSE
    assert tally.found == 0
    assert tally.questions > 100 * DOSE


def test_nobody_is_sent_what_is_none_of_their_business(sqlite_databases, tmp_path):
    tally = Tally()
    world = programs.machine(sqlite_databases, tmp_path, tally)()
    try:
        world.people_the_world()
        coordinator = list(world.book.people.values())[1]
        for section_id in list(world.book.sections)[1:2]:
            screens.open_everything(world, coordinator, section_id)
    finally:
        world.teardown()
    assert tally.pages > 30
    assert tally.found == 0


def _sees_all(asker: Asker, section_id: int) -> bool:
    return True


def _gives_all(asker: Asker, role: Role, section_id: int) -> bool:
    return True


def _letters_of_all(asker: Asker, *rest: Any, **said: Any) -> Any:
    return _VISIBLE(_OPERATOR, *rest, **said)


_VISIBLE = reports._visible_letters
_OPERATOR = Asker(None, "", None, "", None, "", "UTC")
_ENTRIES = record.entries
_ASKER = members.asker


def _told_to_the_log(db: Session, member_id: int) -> Asker:
    asker = _ASKER(db, member_id)
    logging.getLogger("tracker").warning("%s asks", asker.name)
    return asker


BROKEN: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "everybody keeps every section": (Asker, "manages", _sees_all),
    "everybody gives every role": (Asker, "may_grant", _gives_all),
    "everybody sees names": (Asker, "sees_names_of", _sees_all),
    "everybody sees totals": (Asker, "sees_totals_of", _sees_all),
    "one coordinates everywhere": (
        Asker,
        "sections",
        lambda who, role: frozenset(range(1, 4)) if who.has(role) else frozenset(),
    ),
    "a report without its condition": (reports, "_visible_letters", _letters_of_all),
    "one's own letters without theirs": (own, "are_theirs", lambda _: true()),
    "the record without its condition": (
        record,
        "entries",
        lambda db, _, **said: _ENTRIES(db, _OPERATOR, **said),
    ),
    "a name in the log": (members, "asker", _told_to_the_log),
}


@pytest.mark.parametrize("wall", BROKEN)
def test_a_broken_wall_is_found(
    wall: str, sqlite_databases: SqliteDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*BROKEN[wall])
    with pytest.raises(WallBroken):
        programs.run(sqlite_databases, tmp_path, 60, slow=False, shrink=False)
