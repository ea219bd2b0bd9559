"""What people wait for every day, against the plainest way to do the same, at two sizes.

On SQLite, in this process, without a browser. Rows read: what is done, letters in the database,
milliseconds (the median of the runs), the plain way, milliseconds for it, and the first divided by
the second. A ratio under 1 is a gain; the rest says what order and safety cost.

progress: /progress's numbers from the running counts, against counting the letters in SQL.
log: two letters in one transaction with their running counts, against inserting two rows bare.
letters.csv: the whole report with pseudonyms, against fetching the same rows and csv.writer alone.
"""

from __future__ import annotations

import csv
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select, text

from tracker import cases, database, demo, letters, members, reports, settings, uptake
from tracker.models import Channel, Letter, Role

COLUMNS = ("what", "letters", "ms", "plain ms", "ratio")
SIZES = (3_000, 300_000)
TODAY = date(2025, 1, 15)
NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
ACTION = "huang-wang-2024-09"


def main() -> Iterator[tuple[str, ...]]:
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            settings.use(
                settings.load(
                    {"TRACKER_DATA_DIR": str(Path(folder) / "data"), "TRACKER_TODAY": str(TODAY)}
                )
            )
            database.migrate()
            with database.writing() as db:
                filled = demo.fill(db, letters=size, seed=1, today=TODAY, now=NOW)
            volunteer = filled.by_role[Role.VOLUNTEER]
            yield _row("progress", size, _progress, _progress_plainly)
            yield _row("log", size, _log(volunteer), _log_plainly())
            yield _row("letters.csv", size, _report, _report_plainly)
            database.engine().dispose()
    settings.use(None)


def _row(
    what: str, size: int, ours: Callable[[], object], plain: Callable[[], object]
) -> tuple[str, ...]:
    # One after the other in turns, so that a busy moment of the machine meets both.
    ours(), plain()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(3 if what == "letters.csv" else 30):
        for run, into in ((ours, times[0]), (plain, times[1])):
            began = time.perf_counter()
            run()
            into.append(1000 * (time.perf_counter() - began))
    mine, bare = map(statistics.median, times)
    return (what, f"{size:,}", f"{mine:.1f}", f"{bare:.1f}", f"{mine / bare:.2f}")


def _progress() -> None:
    with database.reading() as db:
        asker = members.operator(db)
        action = cases.action_named(db, asker, ACTION)
        uptake.letters_by_target_and_week(db, asker, action)


def _progress_plainly() -> None:
    with database.reading() as db:
        db.execute(
            select(Letter.target_id, Letter.posted_on, func.count())
            .where(Letter.urgent_action_id == 1, Letter.status == "posted")
            .group_by(Letter.target_id, Letter.posted_on)
        ).all()


def _log(member_id: int) -> Callable[[], None]:
    entries = iter(range(1_000_000))
    details = letters.Details(TODAY, Channel.POST, "en", own_words=False)

    def run() -> None:
        with database.writing() as db:
            letters.log(
                db,
                members.asker(db, member_id),
                entry_id=f"bench-{next(entries)}",
                action_id=1,
                target_ids=[1, 2],
                details=details,
                now=NOW,
            )

    return run


def _log_plainly() -> Callable[[], None]:
    with database.writing() as db:
        db.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, target INTEGER, day TEXT)"))

    def run() -> None:
        with database.writing() as db:
            for target in (1, 2):
                db.execute(
                    text("INSERT INTO bare (target, day) VALUES (:t, '2025-01-15')"), {"t": target}
                )

    return run


def _report() -> None:
    with database.reading() as db:
        asker = members.operator(db)
        for _ in reports.letters(db, asker, cases.action_named(db, asker, ACTION)):
            pass


def _report_plainly() -> None:
    with database.reading() as db:
        rows = db.connection().exec_driver_sql(
            "SELECT public_id, target_id, section_id, group_id, member_id, posted_on, logged_at,"
            " channel, language, own_words, after_deadline, status FROM letters"
            " WHERE urgent_action_id = 1 ORDER BY id"
        )
        writer = csv.writer(io.StringIO())
        for batch in rows.partitions(1000):
            writer.writerows(batch)
