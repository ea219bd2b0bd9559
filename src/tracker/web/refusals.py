"""Noting that somebody who is signed in asked for what is not open to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker import database, record
from tracker.members import Asker
from tracker.models import Deed

# Once says it; a page that asks again and again must not fill the record.
_NOTED_EVERY = timedelta(minutes=5)


def note(member: Asker, path: str, *, now: datetime | None = None) -> None:
    """Add to the record that the member was refused the row of the table with that path."""
    now = now or datetime.now(UTC)
    with database.reading() as db:
        noted = record.was_noted(db, member, Deed.PAGE_REFUSED, path, since=now - _NOTED_EVERY)
    if noted:
        return
    with database.writing() as db:
        record.add(
            db,
            Deed.PAGE_REFUSED,
            now=now,
            by=member,
            section_id=member.section_id,
            subject=path,
        )
