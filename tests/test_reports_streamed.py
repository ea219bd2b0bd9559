"""Letters go out in pieces: what is not read yet is not fetched yet, and nothing piles up."""

from __future__ import annotations

import tracemalloc

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import Desk
from tracker import database, reports
from tracker.settings import Settings

MOST_BYTES = 4 * 2**20
"""A thousand rows take half of this; fifty thousand take twice as much as CSV alone."""


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        return factories.desk(db)


def cut_off(db: Session) -> None:
    """Have the database forget every row that it has not handed over yet."""
    connection = db.connection().connection.driver_connection
    if db.get_bind().dialect.name == "sqlite":
        connection.interrupt()
    else:
        db.execute(text("CLOSE ALL"))


def test_the_first_letters_go_out_before_the_last_are_fetched(desk: Desk) -> None:
    with database.writing() as db:
        factories.many_letters(db, desk.asker, desk.action, 5000)
    with database.reading() as db:
        chunks = reports.letters(db, desk.asker, desk.action)
        first = next(chunks)
        cut_off(db)
        with pytest.raises(DBAPIError):
            list(chunks)
    assert first.startswith(b"\xef\xbb\xbfletter_id,")
    assert first.count(b"\r\n") == 1001


def test_fifty_thousand_letters_go_out_in_little_memory(desk: Desk) -> None:
    with database.writing() as db:
        factories.many_letters(db, desk.asker, desk.action, 50_000)
    with database.reading() as db:
        tracemalloc.start()
        try:
            lines = sum(
                chunk.count(b"\r\n") for chunk in reports.letters(db, desk.asker, desk.action)
            )
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert lines == 50_001
    assert peak < MOST_BYTES
