"""URL → engine; `reading()` and `writing()`, the only session scopes.

Nothing below these two scopes commits, and no page draws inside one: every `st.*` call is a
point at which Streamlit may abandon the script.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tracker import settings

WAIT_SECONDS = 30
"""How long a writer waits for another process's writer before it gives up."""

_MODE = "tracker_mode"
_writer_queue = threading.Lock()


@lru_cache(maxsize=8)
def engine_for(url: str) -> Engine:
    """Return the process's one engine for that database, made ready for concurrent writers."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        # A server that was restarted leaves dead connections in the pool; ask before use.
        return create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = create_engine(
        parsed, connect_args={"timeout": WAIT_SECONDS}, pool_size=10, max_overflow=20
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def engine() -> Engine:
    """Return the engine of the database that the settings name."""
    chosen = settings.current()
    if chosen.database_url.startswith("sqlite"):
        chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return engine_for(chosen.database_url)


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
def writing() -> Iterator[Session]:
    """Yield a session whose work is committed when the block ends, and undone when it raises.

    One writer of this process works at a time; on SQLite it also takes the database's write lock
    at once, because a transaction that reads first and writes later fails when another was
    quicker. The block itself is not run again, so what it does must be safe to send twice.

    Raises:
        sqlalchemy.exc.OperationalError: another process held the lock for WAIT_SECONDS.
    """
    chosen = engine()
    with _writer_queue, chosen.connect() as connection:
        connection.execution_options(**{_MODE: "write"})
        with Session(bind=connection, expire_on_commit=False) as session:
            _begin(session)
            yield session
            session.commit()


def migrate(url: str | None = None) -> None:
    """Bring the database to the newest version of the tables (Alembic, from db/versions/)."""
    command.upgrade(_alembic(url or settings.current().database_url), "head")


def is_at_head(url: str | None = None) -> bool:
    """Return whether the database has the newest version of the tables."""
    config = _alembic(url or settings.current().database_url)
    heads = ScriptDirectory.from_config(config).get_heads()
    with engine_for(config.attributes["url"]).connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def _alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(settings.migrations_dir()).replace("%", "%%"))
    # As an attribute: an option would be read with % as a sign of its own.
    config.attributes["url"] = url
    return config


def _begin(session: Session) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            session.connection()
            return
        except OperationalError as error:
            session.rollback()
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN would come too late and never be IMMEDIATE; _begin_sqlite sends ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_MODE, "write")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if mode == 'read' else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")
