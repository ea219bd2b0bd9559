"""Everything in the database that hangs on the key: which columns, which key, a new key for all.

Which key seals a database is noted in it as a mark, by a fingerprint that gives nothing away: so a
lost or wrong key file is told before anything is written with another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, Table, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker import accounts, record, sealing, settings
from tracker.members import Asker, NotYours
from tracker.models import Base, Deed, Invitation, JoinCode, Mark, Member
from tracker.sealing import KeyFileError, Sealed

KEY_MARK = "key"

HASHED: Mapping[
    InstrumentedAttribute[Any], tuple[InstrumentedAttribute[Any], Callable[[str], bytes]]
] = {
    Member.sign_in_key: (Member.sign_in_name, accounts.sign_in_key),
    Member.identity_key: (Member.identity, accounts.identity_key),
    Invitation.email_key: (
        Invitation.email,
        partial(sealing.keyed_hash, purpose="invitations.email"),
    ),
    JoinCode.code_key: (JoinCode.code, partial(sealing.keyed_hash, purpose="join_codes.code")),
}
"""Columns with keyed hashes: of which sealed column, and how they are made."""


@dataclass(frozen=True)
class Rotated:
    """What a change of the key did: how many rows were sealed anew in how many tables."""

    rows: int
    tables: int


def refuse_wrong_key(db: Session) -> None:
    """Refuse to go on with a key file that is not this database's.

    Raises:
        KeyFileError: the key file is missing, damaged, or another database's.
    """
    mark = db.get(Mark, KEY_MARK)
    file = settings.current().secret_key_file
    if not file.exists():
        if mark is not None or db.scalar(select(Member.id).limit(1)) is not None:
            raise KeyFileError(
                f"the key file {file} is missing: without it nothing sealed can be opened"
            )
        return
    if mark is None:
        _open_one(db)
    elif not set(mark.value.split()) <= set(sealing.fingerprints()):
        raise KeyFileError(f"the key file {file} is not the one of this database")


def note_key(db: Session) -> None:
    """Note in the database which key seals it, where that is not noted yet; makes a missing key.

    Raises:
        KeyFileError: the key file cannot be used, or is not this database's.
    """
    refuse_wrong_key(db)
    if db.get(Mark, KEY_MARK) is None:
        _note(db)


def begin_rotation(db: Session, asker: Asker) -> None:
    """Put a new key into the key file, and note it beside the old one.

    Values are sealed with the new one from then on; the old ones still open. `db` is a session of
    `database.writing(alone=True)`: of two who change the key at once, the second finds the first's.

    Raises:
        NotYours: only the operator changes the key.
        KeyFileError: the key file is not this database's, or cannot be changed.
    """
    if not asker.is_operator:
        raise NotYours(KEY_MARK)
    refuse_wrong_key(db)
    sealing.begin_rotation()
    _note(db)


def seal_anew(db: Session, *, now: datetime) -> Rotated:
    """Seal with the newest key everything that is sealed, and make the keyed hashes anew.

    `db` is a session of `database.writing(alone=True)`: whoever sealed something with the old key
    has written it by then.

    Raises:
        KeyFileError: something does not open; nothing was changed.
    """
    counts = [_seal_table_anew(db, table) for table in sealed_tables()]
    newest = sealing.fingerprints()[0]
    db.get_one(Mark, KEY_MARK).value = newest
    record.add(db, Deed.KEY_ROTATED, now=now, amount=sum(counts))
    return Rotated(sum(counts), sum(1 for count in counts if count))


def open_all(db: Session, asker: Asker) -> None:
    """Open everything that is sealed, and throw it away.

    Raises:
        KeyFileError: something does not open.
    """
    for table in sealed_tables():
        for _ in db.execute(select(*_sealed(table)).execution_options(yield_per=1000)):
            pass


def sealed_tables() -> list[Table]:
    """Return the tables that have a sealed column."""
    return [table for table in Base.metadata.sorted_tables if _sealed(table)]


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def _seal_table_anew(db: Session, table: Table) -> int:
    hashes = {
        hashed.key: (of.key, make) for hashed, (of, make) in HASHED.items() if hashed.table is table
    }
    columns = _sealed(table)
    # Read and opened, handed back and sealed: the column type does both.
    rows = [
        {f"_{key.name}": row[key.name] for key in table.primary_key}
        | {column.name: row[column.name] for column in columns}
        for row in db.execute(select(*table.primary_key, *columns)).mappings()
    ]
    for row in rows:
        for hashed, (of, make) in hashes.items():
            row[hashed] = None if row[of] is None else make(row[of])
    if rows:
        changed: dict[str, Any] = {
            name: bindparam(name) for name in rows[0] if not name.startswith("_")
        }
        db.connection().execute(
            update(table)
            .where(*(key == bindparam(f"_{key.name}") for key in table.primary_key))
            .values(changed),
            rows,
        )
    return len(rows)


def _note(db: Session) -> None:
    db.merge(Mark(name=KEY_MARK, value=" ".join(sealing.fingerprints())))


def _open_one(db: Session) -> None:
    """Open something sealed, in a database older than the mark."""
    sealing.fingerprints()
    db.scalar(select(Member.name).where(Member.name.is_not(None)).limit(1))
