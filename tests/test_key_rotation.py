"""A new key for all that is sealed, while others read and write, and killed at any moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import LargeBinary, select, text
from sqlalchemy.orm import Session

from tests import factories, rotations
from tracker import accounts, database, members, sealed_columns, sealing, settings
from tracker.models import Base, Deed, Mark, Member, RecordEntry, Role
from tracker.sealing import KeyFileError, Sealed

NOW = factories.NOW

# Nothing that hangs on the key is forgotten ---------------------------------------------------


def test_every_keyed_hash_is_made_anew_from_a_sealed_column() -> None:
    hashed = {
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name.endswith("_key")
    }
    known = {str(key.expression): of for key, (of, _) in sealed_columns.HASHED.items()}
    assert set(known) == {str(column) for column in hashed}
    for of in known.values():
        assert isinstance(of.expression.type, Sealed)
    # Whatever else is kept as bytes is the hash of a random token, which no key has made.
    others = {
        column.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column not in hashed
    }
    assert others == {"token_hash", "code_hash"}


def test_every_sealed_column_is_sealed_anew() -> None:
    sealed = {
        str(column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    assert sealed == {
        str(column)
        for table in sealed_columns.sealed_tables()
        for column in sealed_columns._sealed(table)
    }
    # Each is bound to its own name: a value moved to another column does not open.
    purposes = {
        column.type.purpose
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    assert purposes == sealed


@given(typed=st.text())
def test_a_sign_in_name_is_found_by_what_is_kept_of_it(typed: str) -> None:
    kept = accounts.display_name(typed)
    assert accounts.normal_name(kept) == accounts.normal_name(typed)


# The whole way --------------------------------------------------------------------------------


def raw(db: Session) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: [
            tuple(row)
            for row in db.execute(
                text(f"SELECT {', '.join(table.columns.keys())} FROM {table.name} ORDER BY id")
            )
        ]
        for table in sealed_columns.sealed_tables()
    }


def test_everything_opens_with_the_new_key_alone(tracker_settings) -> None:
    world = rotations.fill()
    with database.reading() as db:
        before, stored = factories.everything(db), raw(db)
        pseudonym = members.pseudonym(world.member_id, 1)
    old_file = tracker_settings.secret_key_file.read_text()
    rotated = rotations.rotate()
    assert rotated.rows == sum(map(len, stored.values()))
    new_file = tracker_settings.secret_key_file.read_text()
    assert old_file.strip() not in new_file
    assert tracker_settings.secret_key_file.stat().st_mode & 0o777 == 0o600
    sealing._known.clear()  # as a process that starts now
    with database.reading() as db:
        after, now_stored = factories.everything(db), raw(db)
        assert members.pseudonym(world.member_id, 1) == pseudonym
        hashed = {str(column.expression).partition(".")[2] for column in sealed_columns.HASHED}
        for table in sealed_columns.sealed_tables():
            kept = [column.name for column in table.columns if column.name not in hashed]
            assert _only(table, before, kept) == _only(table, after, kept)
            for old, new in zip(stored[table.name], now_stored[table.name], strict=True):
                for column, one, other in zip(table.columns, old, new, strict=True):
                    if isinstance(column.type, Sealed) or column.name in hashed:
                        assert one is None or bytes(one) != bytes(other), column
        line = db.scalars(select(RecordEntry).order_by(RecordEntry.id.desc())).first()
        assert line is not None
        assert (line.deed, line.amount) == (Deed.KEY_ROTATED, rotated.rows)
    rotations.finds_everything(world)


def _only(table, rows, names) -> list[tuple[object, ...]]:
    places = [place for place, column in enumerate(table.columns) if column.name in names]
    return [tuple(row[place] for place in places) for row in rows[table.name]]


def test_the_old_key_alone_opens_nothing_any_more(tracker_settings) -> None:
    rotations.fill()
    old = tracker_settings.secret_key_file.read_text()
    rotations.rotate()
    tracker_settings.secret_key_file.write_text(old)
    sealing._known.clear()
    with (
        database.reading() as db,
        pytest.raises(KeyFileError, match="not the one"),
    ):
        sealed_columns.refuse_wrong_key(db)
    with database.reading() as db, pytest.raises(KeyFileError, match="does not open"):
        db.scalars(select(Member.name)).all()


def test_a_key_can_be_changed_again_and_again(tracker_settings) -> None:
    world = rotations.fill()
    for _ in range(3):
        rotations.rotate()
        sealing._known.clear()
        rotations.finds_everything(world)
    assert len(tracker_settings.secret_key_file.read_text().splitlines()) == 2


@pytest.mark.parametrize("ended_after", ["file", "rows"])
def test_a_change_ended_half_way_leaves_everything_readable_and_is_finished_later(
    tracker_settings, ended_after
) -> None:
    world = rotations.fill()
    with database.writing(alone=True) as db:
        sealed_columns.begin_rotation(db, members.operator(db))
    newest = sealing.fingerprints()[0]
    if ended_after == "rows":
        with database.writing(alone=True) as db:
            sealed_columns.seal_anew(db, now=NOW)
    sealing._known.clear()
    rotations.finds_everything(world)
    with database.writing() as db:
        member_id = factories.member(db, name="Fictional Newcomer").id
    assert len(sealing.fingerprints()) == 2
    rotations.rotate()
    assert sealing.fingerprints() == [newest]
    sealing._known.clear()
    rotations.finds_everything(world)
    with database.reading() as db:
        assert db.get_one(Member, member_id).name == "Fictional Newcomer"


def test_what_does_not_open_stops_the_change_and_stays(tracker_settings) -> None:
    world = rotations.fill()
    with database.writing() as db:
        damaged = factories.member(db).id
        spoil = text("UPDATE members SET totp_secret = :spoilt WHERE id = :id")
        db.execute(spoil, {"spoilt": b"no sealed value", "id": damaged})
    with pytest.raises(KeyFileError):
        rotations.rotate()
    sealing._known.clear()
    rotations.finds_everything(world)


def test_only_the_operator_changes_the_key(tracker_settings) -> None:
    with database.writing() as db:
        lead = factories.asker(db, [Role.CASE_LEAD])
        with pytest.raises(members.NotYours):
            sealed_columns.begin_rotation(db, lead)


def test_others_read_and_write_all_the_while(tracker_settings) -> None:
    world = rotations.fill()
    done = Event()

    def read() -> int:
        times = 0
        while not done.is_set():
            rotations.finds_everything(world)
            times += 1
        return times

    def write() -> list[tuple[int, str]]:
        added = []
        while not done.is_set():
            name = f"Fictional {len(added)}"
            with database.writing() as db:
                added.append((factories.member(db, name=name).id, name))
        return added

    with ThreadPoolExecutor(4) as threads:
        readers, writers = [threads.submit(read) for _ in range(2)], threads.submit(write)
        for _ in range(4):
            rotations.rotate()
        done.set()
        assert all(reader.result() for reader in readers)
        added = writers.result()
    sealing._known.clear()
    with database.reading() as db:
        names = dict(map(tuple, db.execute(select(Member.id, Member.name))))
        assert [(key, names[key]) for key, _ in added] == added


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_at_any_moment_nothing_is_lost(tracker_settings) -> None:
    killed = rotations.killed_at_each_stage(tracker_settings)
    assert [stage for stage in killed if stage.lost or not stage.killed] == []


# Which key is this database's -----------------------------------------------------------------


def test_a_lost_key_file_is_refused_where_no_member_is_yet(tracker_settings) -> None:
    with database.writing() as db:
        sealed_columns.note_key(db)
    tracker_settings.secret_key_file.unlink()
    sealing._known.clear()
    with database.reading() as db, pytest.raises(KeyFileError, match="is missing"):
        sealed_columns.refuse_wrong_key(db)
    assert not tracker_settings.secret_key_file.exists()
    tracker_settings.secret_key_file.write_text("ab" * 32)
    with database.reading() as db, pytest.raises(KeyFileError, match="not the one"):
        sealed_columns.refuse_wrong_key(db)


def test_a_database_older_than_the_mark_is_known_by_its_members(tracker_settings) -> None:
    with database.writing() as db:
        factories.member(db)
        sealed_columns.note_key(db)
        mark = db.get_one(Mark, sealed_columns.KEY_MARK).value
        db.delete(db.get_one(Mark, sealed_columns.KEY_MARK))
    other = tracker_settings.secret_key_file.with_name("other.key")
    other.write_text("ab" * 32)
    settings.use(replace(tracker_settings, secret_key_file=other))
    with database.writing() as db, pytest.raises(KeyFileError, match="does not open"):
        sealed_columns.note_key(db)
    settings.use(tracker_settings)
    with database.writing() as db:
        sealed_columns.note_key(db)
        assert db.get_one(Mark, sealed_columns.KEY_MARK).value == mark
