"""The record: who did what when, never what was said. Lines are added and never changed.

Who did it is kept as the member's number and shown as a pseudonym; somebody who is forgotten is
cut out, and the line stays.
"""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from tracker import members
from tracker.members import Asker
from tracker.models import Deed, RecordEntry, Role, Section

RECORD_COLUMNS = {
    "at": "datetime64[us, UTC]",
    "who": "str",
    "deed": "str",
    "about": "str",
    "subject": "str",
    "amount": "Int64",
    "section": "str",
}


def add(
    db: Session,
    deed: Deed,
    *,
    now: datetime,
    by: Asker | None = None,
    member_id: int | None = None,
    section_id: int | None = None,
    about_id: int | None = None,
    subject: str = "",
    amount: int | None = None,
) -> None:
    """Add a line to the record, in the transaction of what it tells of.

    Args:
        by: who did it; the operator and strangers have no number. `member_id` says it instead where
            nobody is asking yet, as at sign-in.
        section_id: whose coordinators read it; None for what is no section's own.
        about_id: the member to whom it was done.
        subject: a code, a public id or a path of the table of pages; never what somebody typed.
        amount: how many.
    """
    db.add(
        RecordEntry(
            at=now,
            section_id=section_id,
            member_id=by.member_id if by else member_id,
            deed=deed,
            about_id=about_id,
            subject=subject,
            amount=amount,
        )
    )


def was_noted(db: Session, asker: Asker, deed: Deed, subject: str, *, since: datetime) -> bool:
    """Return whether the record has that line about what the asker did since that moment."""
    found = select(RecordEntry.id).where(
        RecordEntry.member_id == asker.member_id,
        RecordEntry.at > since,
        RecordEntry.deed == deed,
        RecordEntry.subject == subject,
    )
    return db.scalar(found.limit(1)) is not None


def entries(
    db: Session, asker: Asker, *, section_id: int | None = None, limit: int = 500
) -> pd.DataFrame:
    """Return the newest lines that the asker may read, the newest first.

    Coordinators read their sections', case leads what is no section's own, the operator all.

    Args:
        section_id: only that section's; a section that the asker does not coordinate gives none.
        limit: at most so many.

    Columns: at datetime64[us, UTC]; who str (a pseudonym; empty for strangers, the program and the
    forgotten); deed str (codes of `models.Deed`); about str (a pseudonym or empty); subject str;
    amount Int64; section str (its name, or empty).
    """
    query = (
        select(RecordEntry, Section.name)
        .outerjoin(Section, Section.id == RecordEntry.section_id)
        .order_by(RecordEntry.id.desc())
        .limit(limit)
    )
    if not asker.is_operator:
        coordinated = asker.sections(Role.COORDINATOR)
        query = query.where(
            or_(
                RecordEntry.section_id.in_(coordinated) if coordinated else false(),
                RecordEntry.section_id.is_(None) if asker.has(Role.CASE_LEAD) else false(),
            )
        )
    if section_id is not None:
        query = query.where(RecordEntry.section_id == section_id)
    rows = [
        (
            entry.at,
            _pseudonym(entry.member_id, entry.section_id),
            entry.deed.value,
            _pseudonym(entry.about_id, entry.section_id),
            entry.subject,
            entry.amount,
            name or "",
        )
        for entry, name in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=list(RECORD_COLUMNS)).astype(RECORD_COLUMNS)


def _pseudonym(member_id: int | None, section_id: int | None) -> str:
    # What is no section's own is read by case leads, who have no business in who is who: there a
    # member has a pseudonym of its own.
    return members.pseudonym(member_id, section_id or 0)
