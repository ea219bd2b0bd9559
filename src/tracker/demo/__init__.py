"""A demonstration: a database of fictional letters, the same every time for the same seed.

`cast` says who writes, `days` when, `letters` to whom and how. quellmark.toml is the case that is
made up. A database that was filled like this is marked for good: demo and real never mix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import case_files, cases, members, running_counts, settings
from tracker.case_files import ActionInFile, CaseFile, EventInFile, RoughDate, SpanEnd
from tracker.demo.cast import settle
from tracker.demo.letters import LETTER_COLUMNS, VERSION_COLUMNS, Rows, post
from tracker.models import Case, Letter, LetterVersion, Role, UrgentAction
from tracker.rules import earliest

REAL_CASE = "huang-wang.toml"
FICTIONAL_CASE = Path(__file__).with_name("quellmark.toml")
ISSUED_BEFORE = timedelta(weeks=5)
"""How long before today the fictional urgent action was issued, in whole weeks of its file."""

MOST_FURTHER_LETTERS = 400


class NotEmpty(RuntimeError):
    """The database has members or letters; a demonstration is not mixed into it."""


@dataclass(frozen=True)
class Filled:
    """What filling did.

    Attributes:
        by_role: the member to sign in as for each role.
        letters: how many letters were written, to both cases.
    """

    by_role: Mapping[Role, int]
    letters: int


def further_letters(letters: int) -> int:
    """Return how many letters the fictional case gets beside `letters` on the real one."""
    return min(letters // 8, MOST_FURTHER_LETTERS)


def fill(
    db: Session,
    *,
    letters: int,
    seed: int,
    today: date,
    now: datetime,
    on_progress: Callable[[int], None] | None = None,
) -> Filled:
    """Fill an empty database with a demonstration, and mark it as one for good.

    It holds the real case with exactly `letters` fictional letters, posted between the urgent
    action's issue date and its deadline, and a fictional case with `further_letters(letters)`
    more, which was issued some five weeks before `today` and whose deadline lies some nine weeks
    ahead. Cases that are here already are used as they are. Withdrawn letters are among the
    letters, as they are in life.

    No letter is posted or logged on a day that has not come: where `today` lies before the
    deadline the letters are crowded into the days up to `today`, and where it lies before the
    issue date the real case has none, whatever `letters` says, and shows how an urgent action
    looks to which nobody has written yet. `Filled.letters` says how many there really are.

    Args:
        db: a session of `database.writing()`; all of it is one transaction.
        letters: how many letters on the real case.
        seed: from 0; the same seed, letters, today and now give the same rows, but for the
            encryption of names.
        today: the day that the demonstration takes for today.
        now: this moment, UTC; nothing is logged or changed after it, nor after `today`.
        on_progress: called with the number of letters written since it was last called.

    Raises:
        NotEmpty: the database has members or letters; nothing was changed.
    """
    if members.count(db) or db.scalar(select(Letter.id).limit(1)) is not None:
        raise NotEmpty("the database has members or letters already")
    # Where today is long past, its end is the moment at which the demonstration stands still.
    now = min(now, datetime.combine(today + timedelta(days=1), time(), UTC))
    rng = np.random.default_rng(seed)
    real = _action(db, case_files.read(settings.case_files_dir() / REAL_CASE), now)
    fictional = _action(db, _brought_to(case_files.read(FICTIONAL_CASE), today), now)
    since = datetime.combine(min(real.issued_on, fictional.issued_on), time(), UTC)
    cast = settle(db, letters, since=min(since, now) - timedelta(days=30), rng=rng)
    db.flush()

    volunteer, lead = cast.by_role[Role.VOLUNTEER], cast.by_role[Role.CASE_LEAD]
    written = 0
    for action, number, own in (
        (real, letters, [volunteer, volunteer, lead, volunteer, lead, volunteer]),
        (fictional, further_letters(letters), [volunteer, lead, volunteer]),
    ):
        for chunk in post(
            action, number, cast, own, today=today, now=now, first_id=written + 1, rng=rng
        ):
            _load(db, Letter.__tablename__, LETTER_COLUMNS, chunk.letters)
            _load(db, LetterVersion.__tablename__, VERSION_COLUMNS, chunk.versions)
            written += len(chunk.letters)
            if on_progress is not None:
                on_progress(len(chunk.letters))
    _go_on_after_last(db, Letter.__tablename__)
    running_counts.recount(db)

    if not members.is_demo(db):
        members.mark_demo(db)
    members.keep_demo_members(db, cast.by_role)
    db.flush()
    return Filled(cast.by_role, written)


# Cases ----------------------------------------------------------------------------------------


def _action(db: Session, file: CaseFile, now: datetime) -> UrgentAction:
    """Return the urgent action of a case file; the case is added if it is not here yet."""
    operator = members.operator(db)
    if db.scalar(select(Case.id).where(Case.slug == file.slug)) is None:
        cases.add(db, operator, file, file.slug, now=now)
    return cases.action_named(db, operator, file.urgent_actions[0].slug)


def _brought_to(file: CaseFile, today: date) -> CaseFile:
    """Return the case as if it had happened lately: its dates moved, by whole weeks."""
    since = today - ISSUED_BEFORE - file.urgent_actions[0].issued_on
    by = timedelta(weeks=since.days // 7)
    return file.model_copy(
        update={
            "events": tuple(_moved_event(event, by) for event in file.events),
            "urgent_actions": tuple(_moved_action(action, by) for action in file.urgent_actions),
        }
    )


def _moved_action(action: ActionInFile, by: timedelta) -> ActionInFile:
    deadline = action.deadline and action.deadline + by
    return action.model_copy(update={"issued_on": action.issued_on + by, "deadline": deadline})


def _moved_event(event: EventInFile, by: timedelta) -> EventInFile:
    until = event.until and SpanEnd(day=event.until.day + by, at_least=event.until.at_least)
    return event.model_copy(update={"date": _moved_date(event.date, by), "until": until})


def _moved_date(rough: RoughDate, by: timedelta) -> RoughDate:
    day = rough.day and rough.day + by
    # A month stands in the database as its first day, a year too.
    return RoughDate(day=earliest(day, rough.precision) or day, precision=rough.precision)


# Bulk -----------------------------------------------------------------------------------------


def _load(db: Session, table: str, columns: Sequence[str], rows: Rows) -> None:
    """Add rows as they stand, by each database's quickest way in, in the session's transaction."""
    connection = db.connection()
    driver = connection.connection.driver_connection
    if isinstance(driver, psycopg.Connection):
        # Moments come without a zone and mean UTC.
        driver.execute("SET LOCAL TIME ZONE 'UTC'")
        names = SQL(", ").join(map(Identifier, columns))
        statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    elif rows:
        into = f"({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        connection.exec_driver_sql(f"INSERT INTO {table} {into}", rows)


def _go_on_after_last(db: Session, table: str) -> None:
    """Have the next letter take the key after the last one loaded; SQLite does so by itself."""
    if db.get_bind().dialect.name == "postgresql":
        newest = select(func.max(Letter.id)).scalar_subquery()
        db.execute(select(func.setval(func.pg_get_serial_sequence(table, "id"), newest)))
