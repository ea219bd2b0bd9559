"""How long `tracker demo` takes to fill a database, against inserting the same letters plainly.

The plain way is a lower bound that no program of ours can pass: the letters that were loaded, taken
out again and put into a database with the same tables, keys and indexes by sqlite3's own
`executemany` (chunks of 20,000, one transaction) or by PostgreSQL's own COPY from memory. It draws
nothing, seals no name, and counts nothing. Rows read: database, letters on the real case, seconds
to fill, letters a second, the filling process's peak memory, seconds the plain way, and the first
divided by the last. PostgreSQL runs as in the tests: in memory where there is room, without fsync.

TRACKER_BENCH_LETTERS (such as "3000,10000000") chooses other sizes.
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.postgres import Server
from tracker import database, demo, settings

COLUMNS = ("database", "letters", "seconds", "a second", "peak MiB", "plain", "ratio")
SIZES = "3000,100000,1000000"
NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
CHUNK = 20_000
_REPEATED_UP_TO = 100_000


def main() -> Iterator[tuple[str, ...]]:
    sizes = [int(size) for size in os.environ.get("TRACKER_BENCH_LETTERS", SIZES).split(",")]
    for measure in (_on_sqlite, _on_postgresql):
        for size in sizes:
            repeats = 3 if size <= _REPEATED_UP_TO else 1
            # The quickest of several is the one that other programs disturbed least.
            runs = [measure(size) for _ in range(repeats)]
            seconds = min(run[0] for run in runs)
            peak = max(run[1] for run in runs)
            plain = min(run[2] for run in runs)
            yield (
                measure.__name__.removeprefix("_on_"),
                f"{size:,}",
                f"{seconds:.2f}",
                f"{size / seconds:,.0f}",
                f"{peak}",
                f"{plain:.2f}",
                f"{seconds / plain:.1f}",
            )


def _on_sqlite(letters: int) -> tuple[float, int, float]:
    with tempfile.TemporaryDirectory() as folder:
        seconds, peak = _fill_apart(letters, {"TRACKER_DATA_DIR": folder})
        filled, empty = Path(folder, "tracker.db"), Path(folder, "plain.db")
        shutil.copyfile(filled, empty)
        with closing(sqlite3.connect(empty, isolation_level=None)) as db:
            db.executescript("DELETE FROM letter_versions; DELETE FROM letters; VACUUM;")
            db.executescript("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; BEGIN IMMEDIATE;")
            with closing(sqlite3.connect(filled)) as source:
                cursor = source.execute("SELECT * FROM letters ORDER BY id")
                marks = ", ".join("?" * len(cursor.description))
                insert = f"INSERT INTO letters VALUES ({marks})"  # noqa: S608  (question marks)
                plain = 0.0
                while rows := cursor.fetchmany(CHUNK):
                    plain += _seconds(partial(db.executemany, insert, rows))
            plain += _seconds(lambda: db.execute("COMMIT"))
        return seconds, peak, plain


def _on_postgresql(letters: int) -> tuple[float, int, float]:
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        environment = {"TRACKER_DATA_DIR": folder, "TRACKER_DATABASE_URL": server.url}
        seconds, peak = _fill_apart(letters, environment)
        with server.connect() as db, db.cursor() as cursor:
            kept = io.BytesIO()
            with cursor.copy("COPY letters TO STDOUT (FORMAT binary)") as out:
                for block in out:
                    kept.write(block)
            cursor.execute("TRUNCATE letter_versions, letters")

            def copy() -> None:
                with db.transaction(), cursor.copy("COPY letters FROM STDIN (FORMAT binary)") as to:
                    to.write(kept.getbuffer())

            return seconds, peak, _seconds(copy)


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _fill_apart(letters: int, environment: dict[str, str]) -> tuple[float, int]:
    """Fill in a process of its own, whose memory is then the filling's alone."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.demo_load", str(letters)],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = json.loads(done.stdout)
    return float(seconds), int(peak)


def _fill(letters: int) -> tuple[float, int]:
    settings.use(settings.load(os.environ))
    database.engine()
    database.migrate()
    started = time.perf_counter()
    with database.writing() as db:
        demo.fill(db, letters=letters, seed=1, today=NOW.date(), now=NOW)
    seconds = time.perf_counter() - started
    database.engine().dispose()  # the last connection puts the write-ahead log into the file
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(json.dumps(_fill(int(sys.argv[1]))))
