"""URL → engine; `reading()` and `writing()`, the only session scopes.

Nothing below these two scopes commits, and no page draws inside one: every `st.*` call is a
point at which Streamlit may abandon the script.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from tracker import settings

WAIT_SECONDS = 30
"""How long a writer waits for another process's writer before it gives up."""

SMALL_BYTES = 64 * 2**20
"""How large a table may be to be written anew beside the daily work: it takes about a second."""

_log = logging.getLogger(__name__)
_PUT_OFF = "%s is large, and was not written anew: `tracker purge` does that"
_STEP_MILLISECONDS = 500
_LOCK_NOT_AVAILABLE = "55P03"
# Whoever reads, PostgreSQL's own helpers too, a moment before the last change.
_OLDER_SNAPSHOTS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND age(backend_xmin) > 0"
)
_MODE = "tracker_mode"
_MIGRATION_LOCK = 7234881
_WRITING_LOCK = 7234882
_writer_queue = threading.Lock()
_this_thread = threading.local()


class BrokenReferences(RuntimeError):
    """A migration would have left rows that refer to rows which are not there; it was undone."""


@lru_cache(maxsize=8)
def engine_for(url: str) -> Engine:
    """Return the process's one engine for that database, made ready for concurrent writers.

    The folder of an SQLite file is made here, for this user alone, where it is missing. Messages
    and logs repeat no values of a statement: some are names and secrets.

    Raises:
        SettingsError: the URL cannot be understood.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # What could not be read may hold the password: it goes into no message and no log.
        raise settings.SettingsError("TRACKER_DATABASE_URL cannot be understood") from None
    if parsed.get_backend_name() != "sqlite":
        # A server that was restarted leaves dead connections in the pool; ask before use.
        return create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20
        )
    Path(parsed.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        hide_parameters=True,
        connect_args={"timeout": WAIT_SECONDS},
        pool_size=10,
        max_overflow=20,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def engine() -> Engine:
    """Return the engine of the database that the settings name."""
    return engine_for(settings.current().database_url)


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a session that sees one moment of the database and cannot change it."""
    with engine().connect() as connection:
        # What follows changes this connection, until it goes back to the pool.
        connection.execution_options(**{_MODE: "read"})
        if connection.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with Session(bind=connection, autoflush=False, expire_on_commit=False) as session:
            yield session


@contextmanager
def writing(*, alone: bool = False) -> Iterator[Session]:
    """Yield a session whose work is committed when the block ends, and undone when it raises.

    One writer of this process works at a time; on SQLite it also takes the database's write lock
    at once, because a transaction that reads first and writes later fails when another was
    quicker. The block itself is not run again, so what it does must be safe to send twice.

    Args:
        alone: wait until every process's writers are done, and have others wait meanwhile; on
            SQLite it is always so.

    Raises:
        sqlalchemy.exc.OperationalError: another process held the lock for WAIT_SECONDS.
        RuntimeError: this thread is writing already, and would wait for itself.
    """
    with _my_turn(), engine().connect() as connection:
        connection.execution_options(**{_MODE: "write"})
        with Session(bind=connection, expire_on_commit=False) as session:
            _patiently(lambda: _begin(session, alone=alone))
            yield session
            session.commit()


def migrate(url: str | None = None) -> None:
    """Bring the database to the newest version of the tables (Alembic, from db/versions/)."""
    with _my_turn():  # Alembic itself can do one thing at a time in a process
        command.upgrade(_alembic(url or settings.current().database_url), "head")


def sweep(tables: Sequence[str], *, large: bool = False, patience: float = WAIT_SECONDS) -> bool:
    """Clear out of the database's files what was deleted from it; return whether all of it is gone.

    Rows outlast their deletion, and as they were their change: on SQLite in the write-ahead log and
    in pages from which a neighbour page took them over before they were deleted, on PostgreSQL in
    the tables' own files. So all of it is written anew. Call it after the commit.
    Somebody who reads for longer than `patience` (seconds) keeps what he reads; then it is for the
    next time.

    Args:
        tables: in which something was deleted or changed: on PostgreSQL these are written anew, and
            nobody reads or writes one of them meanwhile; on SQLite the whole file, and nobody
            writes meanwhile.
        large: those over SMALL_BYTES, too, which may take minutes. Otherwise PostgreSQL's are
            vacuumed only, and of SQLite's file the log: what is left goes when its place is used
            again.
    """
    put_off = [] if large else large_parts(tables)
    if engine().dialect.name == "sqlite":
        for name in put_off:
            _log.info(_PUT_OFF, name)
        written = bool(put_off) or _until(patience, _write_file_anew)
        return _until(patience, _empty_the_log) and written and not put_off
    for table in put_off:
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'VACUUM "{table}"')
        _log.info(_PUT_OFF, table)
    left = [table for table in tables if table not in put_off]
    return _until(patience, lambda: _write_anew(left)) and not put_off


def large_parts(tables: Sequence[str]) -> list[str]:
    """Return what is over SMALL_BYTES: those of PostgreSQL's tables, or SQLite's file."""
    if engine().dialect.name == "sqlite":
        file = Path(engine().url.database or "")
        return [file.name] if file.stat().st_size > SMALL_BYTES else []
    with engine().connect() as connection:
        connection.execution_options(**{_MODE: "read"})
        sizes = {
            table: connection.exec_driver_sql(f"SELECT pg_table_size('\"{table}\"')").scalar_one()
            for table in tables
        }
    return [table for table, size in sizes.items() if size > SMALL_BYTES]


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """Yield the connection on which db/env.py changes the tables, all in one transaction.

    Servers that start together migrate one after the other. On SQLite references are checked when
    all is done: most changes of a table copy it there and drop the old one, which others refer to.

    Raises:
        BrokenReferences: some rows refer to rows that are gone; nothing was changed.
    """
    with engine_for(url).connect() as connection:
        connection.execution_options(**{_MODE: "migrate"})
        connection.detach()  # nobody else gets a connection that checks no references
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            yield connection
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    tables = ", ".join(sorted({f"{row[0]} to {row[2]}" for row in broken}))
                    raise BrokenReferences(f"rows refer to missing rows: {tables}")


def is_at_head(url: str | None = None) -> bool:
    """Return whether the database has the newest version of the tables."""
    config = _alembic(url or settings.current().database_url)
    heads = ScriptDirectory.from_config(config).get_heads()
    with engine_for(config.attributes["url"]).connect() as connection:
        # To look takes no lock: /readyz asks while others write.
        connection.execution_options(**{_MODE: "read"})
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def _alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(settings.migrations_dir()).replace("%", "%%"))
    # As an attribute: an option would be read with % as a sign of its own.
    config.attributes["url"] = url
    return config


@contextmanager
def _my_turn() -> Iterator[None]:
    """Wait until no other thread of this process is writing."""
    if getattr(_this_thread, "is_writing", False):
        raise RuntimeError("writing() inside writing(): hand the session on instead")
    with _writer_queue:
        _this_thread.is_writing = True
        try:
            yield
        finally:
            _this_thread.is_writing = False


def _begin(session: Session, *, alone: bool) -> None:
    try:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
            connection.execute(select(lock(_WRITING_LOCK)))
    except OperationalError:
        session.rollback()
        raise


def _patiently(step: Callable[[], object]) -> None:
    """Do what another process's lock may hinder; SQLite does not always wait by itself."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            step()
            return
        except (OperationalError, sqlite3.OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _until(patience: float, step: Callable[[], bool]) -> bool:
    """Try `step`, each time with the writers' queue held, until it succeeds or time is up."""
    deadline = time.monotonic() + patience
    while True:
        with _my_turn():
            if step():
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def _write_file_anew() -> bool:
    """Write SQLite's file anew, page by page, unless another process is writing.

    When a page is full, half of it goes to a new one and is not overwritten where it was: what is
    deleted later is overwritten in its new place only.
    """
    with _for_a_moment() as cursor:
        # Where the file is small no copy of it lies in a temporary folder, nor need there be one.
        if not large_parts(()):
            cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA query_only=OFF")  # as the last reader may have left it
        try:
            cursor.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            return False
        return True


def _empty_the_log() -> bool:
    """Move all of SQLite's write-ahead log into the file, unless somebody reads an older moment."""
    with _for_a_moment() as cursor:
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


@contextmanager
def _for_a_moment() -> Iterator[Any]:
    """Yield a cursor of SQLite's outside of any transaction; it waits for less long than others."""
    connection = engine().raw_connection()
    connection.detach()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_STEP_MILLISECONDS}")
        yield cursor
    finally:
        connection.close()


def _write_anew(left: list[str]) -> bool:
    """Write PostgreSQL's tables anew, without what was deleted from them, and flush its log.

    Those that are done are taken out of `left`: the next try goes on from there.
    """
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Whoever waits for a table's lock has everybody behind him wait, too: not for long.
        connection.exec_driver_sql(f"SET lock_timeout = {_STEP_MILLISECONDS}")
        try:
            while left:
                if connection.exec_driver_sql(_OLDER_SNAPSHOTS).scalar():
                    return False  # what somebody may still see is copied, too
                # What the planner knows of the values are some of the values.
                connection.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{left[0]}"')
                del left[0]
            connection.exec_driver_sql("VACUUM FULL pg_statistic")  # nothing, where it is not ours
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            return False
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
        # Only some users may; the server does it by itself, later.
        for step in ("SELECT pg_switch_wal()", "CHECKPOINT"):
            with suppress(ProgrammingError):
                connection.exec_driver_sql(step)
    return True


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN would come too late and never be IMMEDIATE; _begin_sqlite sends ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    _patiently(lambda: cursor.execute("PRAGMA journal_mode=WAL"))
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten: somebody erased must not stay in the file's free pages.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_MODE, "write")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if mode == 'read' else 'OFF'}")
    if mode == "migrate":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")
