"""Many writers at once, in one server's queue and as several servers: nothing lost or doubled."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TypeVar

import pytest

from tests import factories
from tests.factories import NOW, Desk, details
from tracker import database, letters, running_counts
from tracker.settings import Settings

WRITERS = 20

Result = TypeVar("Result")


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        return factories.desk(db)


@pytest.fixture(params=["in one server", "as several servers"])
def servers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the queue that one process has, threads meet in the database as servers do."""
    if request.param == "as several servers":
        monkeypatch.setattr(database, "_writer_queue", nullcontext())


def at_once(work: Callable[[int], Result], writers: int = WRITERS) -> list[Result]:
    """Return what `work` returned for each writer, all of whom begin together."""
    start = threading.Barrier(writers)

    def begin(writer: int) -> Result:
        start.wait()
        return work(writer)

    with ThreadPoolExecutor(writers) as threads:
        return list(threads.map(begin, range(writers)))


@pytest.mark.usefixtures("servers")
def test_one_entry_sent_by_twenty_threads_logs_once(desk: Desk) -> None:
    def send(_writer: int) -> int:
        with database.writing() as db:
            return letters.log(
                db,
                desk.asker,
                entry_id="form",
                action_id=desk.action.id,
                target_ids=[desk.first, desk.second],
                details=details(),
                now=NOW,
            )

    new = at_once(send)
    with database.reading() as db:
        logged = letters.of_entry(db, desk.asker, "form")
        assert running_counts.drifts(db, factories.operator(db)) == []
    assert sorted(new) == [0] * (WRITERS - 1) + [2]
    assert [letter.target_id for letter in logged] == [desk.first, desk.second]


@pytest.mark.usefixtures("servers")
def test_entries_to_one_target_and_to_both_never_wait_in_a_circle(desk: Desk) -> None:
    chosen = [[desk.first, desk.second], [desk.second], [desk.first]]

    def send(writer: int) -> int:
        new = 0
        for entry in range(5):
            with database.writing() as db:
                targets = chosen[(writer + entry) % 3]
                new += len(factories.log(db, desk.asker, desk.action, targets=targets))
        return new

    new = at_once(send, writers=8)
    with database.reading() as db:
        assert letters.count_own(db, desk.asker) == (sum(new), sum(new))
        assert running_counts.drifts(db, factories.operator(db)) == []


@pytest.mark.usefixtures("servers")
def test_of_several_changes_to_one_letter_one_wins_and_the_others_are_told(desk: Desk) -> None:
    with database.writing() as db:
        letter = factories.letter(db, desk.asker, desk.action)

    def change(writer: int) -> str:
        try:
            with database.writing() as db:
                if writer % 2:
                    letters.withdraw(db, desk.asker, letter.letter_id, version=1, now=NOW)
                else:
                    letters.correct(
                        db,
                        desk.asker,
                        letter.letter_id,
                        version=1,
                        target_id=desk.second,
                        details=details(language="fr"),
                        now=NOW,
                    )
        except letters.ChangedMeanwhile:
            return "told"
        return "won"

    outcomes = at_once(change, writers=10)
    with database.reading() as db:
        assert letters.own_letter(db, desk.asker, letter.letter_id).version == 2
        assert len(letters.versions(db, desk.asker, letter.letter_id)) == 1
        assert running_counts.drifts(db, factories.operator(db)) == []
    assert Counter(outcomes) == {"won": 1, "told": 9}


@pytest.mark.usefixtures("servers")
def test_an_entry_undone_by_several_at_once_is_withdrawn_once(desk: Desk) -> None:
    with database.writing() as db:
        factories.log(db, desk.asker, desk.action, entry="form")

    def undo(_writer: int) -> int:
        with database.writing() as db:
            return letters.withdraw_entry(db, desk.asker, "form", now=NOW)

    withdrawn = at_once(undo, writers=10)
    with database.reading() as db:
        assert running_counts.drifts(db, factories.operator(db)) == []
        assert [letter.version for letter in letters.of_entry(db, desk.asker, "form")] == [2, 2]
    assert sorted(withdrawn) == [0] * 9 + [2]
