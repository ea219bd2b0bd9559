"""The kept sums of posted letters: moved in a letter's own transaction, proved by `tracker check`.

Four small tables rather than one wide one: see docs/decisions/0003-running-counts.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.members import Asker
from tracker.models import RUNNING_COUNTS, Letter, LetterStatus


@dataclass(frozen=True)
class Drift:
    """A running count that differs from the letters it counts."""

    table: str
    key: tuple[Any, ...]
    kept: int
    counted: int


def count(db: Session, letter: Letter, change: int) -> None:
    """Add the letter to its running counts (`change` 1) or take it out (-1), if it is posted.

    The tables are always touched in the same order, so that two writers wait for each other and
    never in a circle.
    """
    if letter.status is not LetterStatus.POSTED:
        return
    for table in RUNNING_COUNTS:
        key = {column.name: getattr(letter, column.name) for column in table.primary_key}
        if None in key.values():
            continue
        if change > 0:
            counting = insert_into(db, table).values(key | {"letters": change})
            db.execute(
                counting.on_conflict_do_update(
                    index_elements=list(key),
                    set_={"letters": table.c.letters + counting.excluded.letters},
                )
            )
        else:
            here = [table.c[name] == value for name, value in key.items()]
            db.execute(update(table).where(*here).values(letters=table.c.letters + change))


def drifts(db: Session, asker: Asker) -> list[Drift]:
    """Return every running count that differs from the posted letters it counts; none is right."""
    found = []
    for table in RUNNING_COUNTS:
        kept = {tuple(row[:-1]): row[-1] for row in db.execute(select(table)) if row[-1]}
        counted = {tuple(row[:-1]): row[-1] for row in db.execute(_posted_letters_by(table))}
        found += [
            Drift(table.name, key, kept.get(key, 0), counted.get(key, 0))
            for key in sorted(kept.keys() | counted.keys(), key=repr)
            if kept.get(key, 0) != counted.get(key, 0)
        ]
    return found


def recount(db: Session) -> None:
    """Fill the running counts anew from the letters: for what was loaded in bulk."""
    for table in RUNNING_COUNTS:
        names = [*(column.name for column in table.primary_key), "letters"]
        db.execute(delete(table))
        db.execute(insert(table).from_select(names, _posted_letters_by(table)))


def insert_into(db: Session, table: Any) -> Any:
    """Return an INSERT that has "on conflict": SQLAlchemy has it in its dialects alone."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _posted_letters_by(table: Table) -> Select[*tuple[Any, ...]]:
    columns = [Letter.__table__.c[column.name] for column in table.primary_key]
    return (
        select(*columns, func.count())
        .where(Letter.status == LetterStatus.POSTED, *(column.is_not(None) for column in columns))
        .group_by(*columns)
    )
