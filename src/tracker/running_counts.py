"""The kept sums of posted letters: moved in a letter's own transaction, proved by `tracker check`.

Four small tables rather than one wide one: see docs/decisions/0003-running-counts.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.members import Asker, NotYours
from tracker.models import RUNNING_COUNTS, Letter, LetterStatus

Changes = Counter[tuple[int, tuple[Any, ...]]]
"""How many letters more or fewer, under each key: (place in RUNNING_COUNTS, the table's key)."""


@dataclass(frozen=True)
class Drift:
    """A running count that differs from the letters it counts."""

    table: str
    key: tuple[Any, ...]
    kept: int
    counted: int


def counted(letters: Iterable[Letter]) -> Changes:
    """Return what these letters add to the running counts: only posted ones add anything."""
    changes: Changes = Counter()
    for letter in letters:
        if letter.status is not LetterStatus.POSTED:
            continue
        for place, table in enumerate(RUNNING_COUNTS):
            key = tuple(getattr(letter, column.name) for column in table.primary_key)
            if None not in key:
                changes[place, key] += 1
    return changes


def move(db: Session, changes: Changes) -> None:
    """Change the running counts by `changes`, in the letters' own transaction.

    All of a transaction's changes go in one call, table by table and key by key: then two writers
    wait for each other, and never in a circle.
    """
    for (place, key), change in sorted(changes.items()):
        table = RUNNING_COUNTS[place]
        columns = {column.name: value for column, value in zip(table.primary_key, key, strict=True)}
        if change > 0:
            counting = insert_into(db, table).values(columns | {"letters": change})
            db.execute(
                counting.on_conflict_do_update(
                    index_elements=list(columns),
                    set_={"letters": table.c.letters + counting.excluded.letters},
                )
            )
        elif change < 0:
            here = [table.c[name] == value for name, value in columns.items()]
            db.execute(update(table).where(*here).values(letters=table.c.letters + change))


def drifts(db: Session, asker: Asker) -> list[Drift]:
    """Return every running count that differs from the posted letters it counts; none is right.

    Raises:
        NotYours: somebody else than the operator asks.
    """
    if not asker.is_operator:
        raise NotYours("the whole server's")
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
    """Fill the running counts anew from the letters: for what was loaded in bulk.

    On PostgreSQL no other server may be writing: a letter that it logs meanwhile would be missed.
    """
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
