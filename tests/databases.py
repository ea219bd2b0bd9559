"""Fresh databases for tests, fast: the tables are made once, every test gets a copy of them."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from psycopg.sql import SQL, Identifier

from tests.postgres import Server
from tracker import database


class SqliteDatabases:
    """SQLite databases in a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`."""
        self.folder = folder
        self._numbers = itertools.count(1)

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """Yield the URL of a new database, with its tables or without any, and delete it later."""
        file = self.folder / f"test-{next(self._numbers)}.db"
        if migrated:
            shutil.copyfile(self._template, file)
        url = f"sqlite:///{file}"
        try:
            yield url
        finally:
            _let_go(url)
            for leftover in file.parent.glob(f"{file.name}*"):
                leftover.unlink()

    @cached_property
    def _template(self) -> Path:
        file = self.folder / "template.db"
        url = f"sqlite:///{file}"
        database.migrate(url)
        # The last connection that closes puts what the write-ahead log holds into the file.
        _let_go(url)
        return file


class PostgresDatabases:
    """PostgreSQL databases on a running server."""

    def __init__(self, server: Server) -> None:
        """Keep them on `server`."""
        self.server = server
        self._numbers = itertools.count(1)
        self._connection = server.connect()

    def close(self) -> None:
        """Give up the connection that makes and drops them."""
        self._connection.close()

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """Yield the URL of a new database, with its tables or without any, and drop it later."""
        name = f"test_{next(self._numbers)}"
        self._create(name, template=self._template if migrated else "template1")
        url = self.server.url_of(name)
        try:
            yield url
        finally:
            _let_go(url)
            # By force, so that a connection which a failed test left open costs no other test.
            self._connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    @cached_property
    def _template(self) -> str:
        self._create("template_tracker", template="template1")
        url = self.server.url_of("template_tracker")
        database.migrate(url)
        # A database that somebody is connected to cannot be copied.
        _let_go(url)
        return "template_tracker"

    def _create(self, name: str, template: str) -> None:
        # Copying the files is quicker than writing them through the log when nothing is synced.
        self._connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                Identifier(name), Identifier(template)
            )
        )


def _let_go(url: str) -> None:
    """Close the connections that the process keeps to that database."""
    database.engine_for(url).dispose()
