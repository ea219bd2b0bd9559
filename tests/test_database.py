"""The two session scopes, on both databases: what they promise while others read and write."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests import factories
from tests.postgres import Server
from tests.processes import together
from tracker import database, settings
from tracker.models import Group, Mark, Section
from tracker.settings import Settings, SettingsError

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

ODD_NAMES = ["with space", "50% of", "%41", "a@b", "a:b", "c#d", "e+f", "what?", "黄雪琴"]


def note(name: str) -> Mark:
    return Mark(name=name, value="1")


def noted(db: Session) -> list[str]:
    return list(db.scalars(select(Mark.name).order_by(Mark.name)))


def add_one(db: Session, name: str) -> None:
    """Read, then write: what loses an addition when another comes in between."""
    mark = db.get(Mark, name)
    if mark is None:
        db.add(Mark(name=name, value="1"))
    else:
        mark.value = str(int(mark.value) + 1)


# Writing --------------------------------------------------------------------------------------


def test_what_a_writer_did_is_there_for_the_next_reader(tracker_settings: Settings) -> None:
    with database.writing() as db:
        db.add(note("one"))
    with database.reading() as db:
        assert noted(db) == ["one"]


class Rerun(BaseException):
    """As Streamlit's own control flow: no Exception, so that no page catches it."""


@pytest.mark.parametrize("interruption", [ValueError, Rerun, KeyboardInterrupt, GeneratorExit])
def test_a_writer_that_is_interrupted_leaves_nothing_behind(
    tracker_settings: Settings, interruption: type[BaseException]
) -> None:
    with database.writing() as db:
        db.add(note("before"))

    def interrupted(db: Session) -> None:
        db.add(note("flushed"))
        db.flush()
        db.get_one(Mark, "before").value = "2"
        db.add(note("not yet flushed"))
        raise interruption

    with pytest.raises(interruption), database.writing() as db:
        interrupted(db)
    with database.writing() as db:
        db.add(note("after"))
    with database.reading() as db:
        assert noted(db) == ["after", "before"]
        assert db.get_one(Mark, "before").value == "1"


def test_a_writer_refused_by_the_database_at_the_very_end_leaves_nothing_behind(
    tracker_settings: Settings,
) -> None:
    with pytest.raises(IntegrityError), database.writing() as db:
        db.add_all([note("one"), Group(section_id=404, name="of no section")])
    with database.reading() as db:
        assert noted(db) == []


def test_a_refusal_of_the_database_repeats_nothing_of_what_was_written(
    tracker_settings: Settings,
) -> None:
    with pytest.raises(IntegrityError) as refused, database.writing() as db:
        db.execute(insert(Group).values(section_id=404, name="Vera's group", version=1))
    assert "Vera" not in str(refused.value)


def test_what_was_read_or_written_can_be_used_after_the_block(tracker_settings: Settings) -> None:
    with database.writing() as db:
        written = note("one")
        db.add(written)
    with database.reading() as db:
        read = db.get_one(Mark, "one")
    assert written.value == read.value == "1"


def test_a_writer_inside_a_writer_is_told_so_instead_of_waiting_for_itself(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        db.add(note("outer"))
        with pytest.raises(RuntimeError, match="hand the session on"), database.writing():
            pass
        with pytest.raises(RuntimeError, match="hand the session on"):
            database.migrate()
    with database.writing() as db:
        db.add(note("next"))
    with database.reading() as db:
        assert noted(db) == ["next", "outer"]


def test_of_forty_threads_that_read_and_then_write_none_fails_and_none_is_lost(
    tracker_settings: Settings,
) -> None:
    number, times = 40, 10
    barrier = Barrier(number)

    def work(_: int) -> None:
        barrier.wait()
        for _ in range(times):
            with database.writing() as db:
                add_one(db, "count")

    with ThreadPoolExecutor(number) as threads:
        list(threads.map(work, range(number)))
    with database.reading() as db:
        assert db.get_one(Mark, "count").value == str(number * times)


@on_sqlite
def test_of_two_processes_that_read_and_then_write_none_fails_and_none_is_lost(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        add_one(db, "count")
    together(
        """
from tracker import database
from tracker.models import Mark
start()
for _ in range(60):
    with database.writing() as db:
        mark = db.get(Mark, "count")
        mark.value = str(int(mark.value) + 1)
""",
        configured=tracker_settings,
    )
    with database.reading() as db:
        assert db.get_one(Mark, "count").value == "121"


# Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        lambda db: db.add(note("two")),
        lambda db: db.execute(insert(Mark).values(name="two", value="2")),
        lambda db: db.execute(update(Mark).values(value="2")),
        lambda db: db.execute(text("DELETE FROM marks")),
        lambda db: db.execute(text("CREATE TABLE scribble (id integer)")),
    ],
    ids=["add", "insert", "update", "delete", "create"],
)
def test_a_reader_cannot_write(
    tracker_settings: Settings, write: Callable[[Session], object]
) -> None:
    with database.writing() as db:
        db.add(note("one"))

    def read_and_write() -> None:
        with database.reading() as db:
            noted(db)
            write(db)
            db.commit()

    with pytest.raises(DBAPIError):
        read_and_write()
    # The same connection, taken from the pool again, can.
    with database.writing() as db:
        db.add(note("three"))
    with database.reading() as db:
        assert noted(db) == ["one", "three"]
        assert db.get_one(Mark, "one").value == "1"


def test_a_reader_sees_one_moment_while_a_writer_commits(tracker_settings: Settings) -> None:
    count = select(func.count()).select_from(Mark)
    with database.reading() as reader:
        assert reader.scalar(count) == 0
        with database.writing() as writer:
            writer.add_all([note("one"), note("two")])
            writer.flush()
            with database.reading() as other:
                assert other.scalar(count) == 0
        with database.reading() as later:
            assert later.scalar(count) == 2
        assert reader.scalar(count) == 0


def test_readers_do_not_wait_for_a_writer_in_another_thread(tracker_settings: Settings) -> None:
    with ThreadPoolExecutor(1) as thread, database.writing() as writer:
        writer.add(note("one"))
        writer.flush()

        def read() -> list[str]:
            with database.reading() as db:
                return noted(db)

        assert thread.submit(read).result() == []


# SQLite ---------------------------------------------------------------------------------------


@on_sqlite
def test_every_connection_to_sqlite_loses_nothing_and_checks_references(
    tracker_settings: Settings,
) -> None:
    def asked(db: Session) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
        return {name: db.scalar(text(f"PRAGMA {name}")) for name in names}

    safe = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with database.reading() as db, database.reading() as other:
        assert asked(db) == asked(other) == safe | {"query_only": 1}
    with database.writing() as db:
        assert asked(db) == safe | {"query_only": 0}
    # Migrating checks them in another way, on a connection that nobody gets afterwards.
    database.migrate()
    with database.reading() as db, database.reading() as other:
        assert asked(db) == asked(other) == safe | {"query_only": 1}


@pytest.fixture
def another_process(tracker_settings: Settings) -> Iterator[sqlite3.Connection]:
    """A connection past the program's own queue, as another process has one."""
    file = tracker_settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        yield other


def impatient_engine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Have SQLite itself give up at once, so that what is tested is what we do about it."""
    with monkeypatch.context() as patch:
        patch.setattr(database, "WAIT_SECONDS", 0)
        database.engine_for(url)


@on_sqlite
def test_a_writer_waits_for_another_processs_writer(
    tracker_settings: Settings,
    another_process: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    impatient_engine(monkeypatch, tracker_settings.database_url)
    another_process.execute("BEGIN IMMEDIATE")
    another_process.execute("INSERT INTO marks VALUES ('theirs', '1')")
    waits = []

    def wait(_: float) -> None:
        waits.append(1)
        if len(waits) == 3:
            another_process.execute("COMMIT")

    monkeypatch.setattr(database.time, "sleep", wait)
    with database.writing() as db:
        assert noted(db) == ["theirs"]
        db.add(note("ours"))
    assert len(waits) == 3
    with database.reading() as db:
        assert noted(db) == ["ours", "theirs"]


@on_sqlite
def test_a_writer_that_waited_in_vain_says_so_and_stands_in_nobodys_way(
    tracker_settings: Settings,
    another_process: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0)
    another_process.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), database.writing():
        pytest.fail("nothing is locked")
    another_process.execute("ROLLBACK")
    with database.writing() as db:
        db.add(note("ours"))


@on_sqlite
def test_readers_and_the_look_at_the_version_take_no_lock(
    tracker_settings: Settings,
    another_process: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0)
    another_process.execute("BEGIN IMMEDIATE")
    assert database.is_at_head()
    with database.reading() as db:
        assert noted(db) == []


def test_a_new_sqlite_file_that_another_process_is_making_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    impatient_engine(monkeypatch, url)
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE theirs (id integer)")
        monkeypatch.setattr(database.time, "sleep", lambda _: other.execute("COMMIT"))
        with database.engine_for(url).connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM theirs")) == 0
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    database.engine_for(url).dispose()


# PostgreSQL -----------------------------------------------------------------------------------


@on_postgresql
def test_connections_that_the_server_ended_between_requests_cost_no_request(
    tracker_settings: Settings, postgres: Server
) -> None:
    with database.reading(), database.reading(), database.writing() as db:
        db.add(note("before"))
    end_all_connections(postgres)
    with database.reading() as db:
        assert noted(db) == ["before"]
    end_all_connections(postgres)
    with database.writing() as db:
        db.add(note("after"))
    with database.reading() as db:
        assert noted(db) == ["after", "before"]


@on_postgresql
def test_a_connection_that_the_server_ends_under_a_writer_costs_that_write_alone(
    tracker_settings: Settings, postgres: Server
) -> None:
    def write_and_lose_the_server() -> None:
        with database.writing() as db:
            db.add(note("lost"))
            db.flush()
            end_all_connections(postgres)

    with pytest.raises(OperationalError):
        write_and_lose_the_server()
    with database.writing() as db:
        db.add(note("kept"))
    with database.reading() as db:
        assert noted(db) == ["kept"]


def end_all_connections(server: Server) -> None:
    with server.connect() as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname LIKE 'test_%' AND pid <> pg_backend_pid()"
        )


@on_postgresql
def test_a_readers_restrictions_end_with_it(tracker_settings: Settings) -> None:
    def asked(db: Session) -> tuple[object, ...]:
        names = ("transaction_isolation", "transaction_read_only")
        return tuple(db.scalar(text(f"SHOW {name}")) for name in names)

    with database.reading() as db:
        assert asked(db) == ("repeatable read", "on")
    with database.writing() as db:
        assert asked(db) == ("read committed", "off")


# URLs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ODD_NAMES)
def test_sqlite_lies_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    url = settings.load({"TRACKER_DATA_DIR": str(tmp_path / name)}).database_url
    assert not database.is_at_head(url)
    database.migrate(url)
    assert database.is_at_head(url)
    assert (tmp_path / name / "tracker.db").is_file()
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o700
    database.engine_for(url).dispose()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_migrations_lie_in_a_folder_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shutil.copytree(settings.migrations_dir(), tmp_path / name)
    monkeypatch.setattr(settings, "migrations_dir", lambda: tmp_path / name)
    url = f"sqlite:///{tmp_path}/x.db"
    database.migrate(url)
    assert database.is_at_head(url)
    database.engine_for(url).dispose()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_postgresql_is_reached_with_any_user_password_and_database_name(
    postgres: Server, name: str
) -> None:
    with closing(postgres.connect()) as administrator:
        administrator.execute(SQL("CREATE ROLE {} LOGIN SUPERUSER").format(Identifier(name)))
        administrator.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        url = URL.create(
            "postgresql",
            username=name,
            password=f"p%40@/: {name}",
            database=name,
            query={"host": str(postgres.folder)},
        ).render_as_string(hide_password=False)
        url = settings.load({"TRACKER_DATABASE_URL": url}).database_url
        try:
            database.migrate(url)
            assert database.is_at_head(url)
            with closing(database.engine_for(url).raw_connection()) as connection:
                used = connection.driver_connection.info
                assert (used.user, used.password, used.dbname) == (name, f"p%40@/: {name}", name)
        finally:
            database.engine_for(url).dispose()
            administrator.execute(SQL("DROP DATABASE {}").format(Identifier(name)))
            administrator.execute(SQL("DROP ROLE {}").format(Identifier(name)))


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://u:hunter2@db:hunter2/x", "postgresql+psycopg:u:hunter2"]
)
def test_a_url_that_cannot_be_understood_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="TRACKER_DATABASE_URL") as refused:
        database.engine_for(url)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_process_has_one_engine_for_a_database(tracker_settings: Settings) -> None:
    assert database.engine() is database.engine()
    assert database.engine() is database.engine_for(tracker_settings.database_url)


# Sweeping, and writing alone -----------------------------------------------------------------


def test_sweeping_empties_sqlite_s_log_once_nobody_reads_an_older_moment(
    tracker_settings: settings.Settings,
) -> None:
    with database.writing() as db:
        factories.member(db)
    assert database.sweep(["members"])
    if database.engine().dialect.name != "sqlite":
        return
    log = Path(f"{database.engine().url.database}-wal")
    assert not log.exists() or log.stat().st_size == 0
    with database.reading() as reader:
        reader.scalar(select(Section.id))
        with database.writing() as db:
            factories.member(db)
        assert not database.sweep(["members"], patience=0)
    assert log.stat().st_size > 0
    assert database.sweep(["members"])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_somebody_still_reads_is_not_swept(tracker_settings: settings.Settings) -> None:
    with database.reading() as reader:
        reader.execute(text("SELECT 1 FROM sections"))  # another table, but an older moment
        with database.writing() as db:
            factories.member(db)
        assert not database.sweep(["members"], patience=0)
    assert database.sweep(["members"])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_sweeping_waits_for_nobody_for_long(tracker_settings: settings.Settings) -> None:
    with database.reading() as reader:
        reader.execute(text("SELECT 1 FROM members"))
        assert not database.sweep(["members"], patience=0)
    assert database.sweep(["members"])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whoever_writes_alone_waits_for_other_processes_writers(
    tracker_settings: settings.Settings,
) -> None:
    lock = text(f"SELECT pg_advisory_xact_lock_shared({database._WRITING_LOCK})")
    begun, done = Event(), Event()

    def alone() -> None:
        begun.set()
        with database.writing(alone=True):
            done.set()

    with database.engine().connect() as other, ThreadPoolExecutor(1) as threads:
        other.execute(lock)  # as a writer of another process holds it
        waiting = threads.submit(alone)
        begun.wait()
        assert not done.wait(0.3)
        other.rollback()
        waiting.result()
        assert done.is_set()
