"""`tracker …`, mostly in the test's own process: quick, and on the settings in force."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from sqlalchemy import text
from typer.testing import CliRunner, Result

from tracker import cli, database
from tracker.models import Base
from tracker.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
BYTECODE = CHECKOUT / ".cache" / "bytecode"


def tracker(*arguments: str | Path) -> Result:
    """Return how `tracker …` ended; what a user would see as a traceback fails the test."""
    runner = CliRunner(env={"COLUMNS": "80"})
    return runner.invoke(
        cli.app, [str(part) for part in arguments], prog_name="tracker", catch_exceptions=False
    )


def printed(*arguments: str | Path) -> str:
    """Return what `tracker …` prints when all is well."""
    result = tracker(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*arguments: str | Path, printing: str = "") -> str:
    """Return the one line with which `tracker …` is refused; it prints `printing` besides."""
    result = tracker(*arguments)
    assert (result.exit_code, result.stdout) == (1, printing)
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("tracker: ")
    return lines[0].removeprefix("tracker: ")


def rows(url: str) -> dict[str, list[Any]]:
    """Return every row of every table, as the database has it."""
    with database.engine_for(url).connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table.name}"))))
            for table in Base.metadata.sorted_tables
        }


def tree(folder: Path) -> dict[str, bytes]:
    """Return everything in a folder: each path, and what a file holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def environment_of(chosen: Settings) -> dict[str, str]:
    """Return the environment that leads to the same data as `chosen`."""
    return {
        "TRACKER_DATA_DIR": str(chosen.data_dir),
        "TRACKER_DATABASE_URL": chosen.database_url,
        "TRACKER_SECRET_KEY_FILE": str(chosen.secret_key_file),
    }


def process_environment(**changes: str) -> dict[str, str]:
    """Return the environment for a process of its own that runs this checkout."""
    apart = ("TRACKER_", "PYTHON")  # such as PYTHONUNBUFFERED, which few users set
    kept = {name: value for name, value in os.environ.items() if not name.startswith(apart)}
    return {
        **kept,
        # The path that the tests were given may be relative to where they were started.
        "PYTHONPATH": str(CHECKOUT / "src"),
        # Compiled once and not by every process: it takes most of a start.
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        **changes,
    }


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
