"""What every table shares: named constraints, moments in UTC, codes as plain text."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, DateTime, Enum, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_ALPHABET = _LETTERS + "23456789"


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware in Python on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: it would mean another time on another server."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive value its time zone back, and PostgreSQL's the same one.

        PostgreSQL answers in the time zone that its server or the connection is set to.
        """
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def codes(kind: type[StrEnum]) -> Enum:
    """Return the column type for the codes of `kind`."""
    # Stored as the code itself in a plain column: a new kind is then no change of a type.
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def new_public_id() -> str:
    """Return a random id for where the outside sees one (59 bits).

    It begins with a letter and has no signs: spreadsheets leave such an id as it is.
    """
    rest = "".join(secrets.choice(_ALPHABET) for _ in range(11))
    return secrets.choice(_LETTERS) + rest


class Base(DeclarativeBase):
    """Every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        date: Date(),
        datetime: Moment(),
    }


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that a column holds nothing but the codes of `kind`."""
    known = ", ".join(f"'{code}'" for code in kind)
    return CheckConstraint(f"{column} IN ({known})", name=column)


def not_negative() -> CheckConstraint:
    """Return the constraint that a running count never falls below nothing."""
    return CheckConstraint("letters >= 0", name="letters")
