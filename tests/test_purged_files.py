"""After a purge no file of the database tells who wrote which letter."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests import factories
from tests.commands import printed, tracker
from tests.postgres import Server
from tracker import cases, database, forgetting, letters, members, sealing
from tracker.models import Grant, Member, Role, Section, UrgentAction
from tracker.settings import Settings

NOW = factories.NOW
LATER = NOW + timedelta(days=91)

# Four bytes that stand for nothing else in any file.
WRITER = 0x5EC2E7A1


def fill() -> tuple[Section, UrgentAction]:
    with database.writing() as db:
        section, action = factories.section(db), factories.action(db)
        grant = Grant(role=Role.VOLUNTEER, section_id=section.id)
        who = Member(id=WRITER, section_id=section.id, name="Fictional Vera", created_at=NOW)
        who.grants = [grant]
        db.add(who)
    return section, action


def log_letters(action: UrgentAction) -> list[str]:
    """Log letters, withdraw one of each two, and return what else tells them: the public ids."""
    told = []
    for _ in range(5):
        with database.writing() as db:
            asker = replace(members.asker(db, WRITER), pinned_today=factories.TODAY)
            logged = factories.log(db, asker, action)
            letters.withdraw(db, asker, logged[0].letter_id, version=1, now=NOW)
            told += [letter.letter_id for letter in logged]
    with database.writing() as db:
        cases.close(db, members.operator(db), action, now=NOW)
    return told


def files(postgres: Server | None) -> dict[str, bytes]:
    """Return all that is kept, but for PostgreSQL's log: docs/operations.md tells of that."""
    if postgres is None:
        file = Path(database.engine().url.database or "")
        found = list(file.parent.glob(f"{file.name}*"))
    else:
        with postgres.connect() as connection:
            connection.execute("CHECKPOINT")  # what is in memory only is written
        found = [path for path in postgres.folder.rglob("*") if "pg_wal" not in path.parts]
    return {
        str(path): path.read_bytes() for path in found if path.is_file() and not path.is_socket()
    }


def beside(kept: Mapping[str, bytes], number: bytes, ids: list[str]) -> int:
    """Return how often the writer's number stands beside a letter's id."""
    one, other = re.escape(number), b"|".join(letter_id.encode() for letter_id in ids)
    close = re.compile(rb"(?s)%b.{0,80}?(?:%b)|(?:%b).{0,80}?%b" % (one, other, other, one))
    return sum(len(close.findall(content)) for content in kept.values())


def test_the_number_of_whoever_wrote_is_in_no_file_after_a_purge(
    tracker_settings: Settings, request: pytest.FixtureRequest
) -> None:
    on_postgres = database.engine().dialect.name == "postgresql"
    server = request.getfixturevalue("postgres") if on_postgres else None
    number = struct.pack("<i" if on_postgres else ">i", WRITER)
    _, action = fill()
    assert database.sweep(forgetting.EMPTIED)
    without = sum(content.count(number) for content in files(server).values())
    ids = log_letters(action)
    if on_postgres:
        with database.engine().connect() as connection:
            # As the server does by itself after some time; what it learns are values, too.
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    before = files(server)
    assert beside(before, number, ids) >= len(ids)
    with database.reading() as db:
        who = factories.operator(db)
        assert forgetting.due(db, who, now=LATER)[0].letters == len(ids)
    forgetting.purge(database.reading, database.writing, now=LATER)
    assert database.sweep(forgetting.EMPTIED)
    after = files(server)
    assert beside(after, number, ids) == 0
    assert sum(content.count(number) for content in after.values()) == without


def test_a_large_table_is_written_anew_for_the_operator_alone(
    tracker_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    on_postgres = database.engine().dialect.name == "postgresql"
    large = "letters" if on_postgres else Path(database.engine().url.database or "").name
    _, action = fill()
    log_letters(action)
    monkeypatch.setattr(database, "SMALL_BYTES", 40_000 if on_postgres else 4_000_000)
    assert database.sweep(forgetting.EMPTIED)
    monkeypatch.setattr(database, "SMALL_BYTES", 0)
    caplog.set_level("INFO", logger="tracker.database")
    assert not database.sweep(["letters"])
    assert caplog.messages == [
        f"{large} is large, and was not written anew: `tracker purge` does that"
    ]
    assert database.sweep(["letters"], large=True)
    put_off = tracker("purge", "--no-rewrite").stderr
    assert large in put_off
    assert "tracker purge" in put_off
    assert "minutes" in tracker("purge").stderr
    monkeypatch.undo()
    assert printed("purge").startswith("letters 0")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_index_keeps_what_was_in_a_page_before_it_was_divided(
    tracker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = [(sealing.token_hash(f"fictional {place}"),) for place in range(1_000)]
    gone = [one for place, one in enumerate(hashes) if place % 5]
    for change, rows in (
        ("CREATE TABLE keys (id INTEGER PRIMARY KEY, hash BLOB UNIQUE)", None),
        ("INSERT INTO keys (hash) VALUES (?)", hashes),
        ("DELETE FROM keys WHERE hash = ?", gone),
    ):
        with database.writing() as db:
            db.connection().exec_driver_sql(change, rows)
    with monkeypatch.context() as patch:
        patch.setattr(database, "SMALL_BYTES", 0)
        assert not database.sweep(forgetting.EMPTIED)  # the log alone
    left = _kept(gone)
    assert database.sweep(forgetting.EMPTIED)
    assert (left > 0, _kept(gone)) == (True, 0)


def _kept(hashes: list[tuple[bytes]]) -> int:
    content = b"".join(files(None).values())
    return sum(one in content for (one,) in hashes)
