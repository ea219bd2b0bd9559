"""Join codes: a short address for one letter night, for volunteers of one group."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from tracker import record, sealing
from tracker.invitations.places import Place, place
from tracker.members import Asker, NotYours, group_to_join
from tracker.models import Deed, Group, JoinCode, Role

JOIN_CODE_LIFETIME = timedelta(hours=12)
MOST_PLACES = 200
_LENGTH = 8
# Crockford's: what is read wrongly is understood all the same.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class JoinCodeProblem(StrEnum):
    """Why a join code cannot be made."""

    NO_GROUP = "no-group"
    PLACES = "places"


class JoinCodeRefused(ValueError):
    """A join code cannot be made; `reason` says why."""

    def __init__(self, reason: JoinCodeProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class ListedJoinCode:
    """A join code that still lets people in, or would if it were not full.

    Attributes:
        join_code_id: its public id.
        code: what people type, like "7F3K-Q2M8".
        joined, most: how many came in by it, and how many may.
    """

    join_code_id: str
    code: str = field(repr=False)
    group: str
    joined: int
    most: int
    expires_at: datetime


def make_join_code(db: Session, asker: Asker, most: int, *, now: datetime) -> str:
    """Make a join code for the asker's own group, for twelve hours; return its public id.

    Args:
        most: how many may come in by it, 1 to MOST_PLACES.

    Raises:
        NotYours: the asker keeps no section, or not the own one.
        JoinCodeRefused: the asker is in no group, or `most` is out of bounds.
        GroupRefused: the group was merged in this very moment.
    """
    section_id = asker.section_id
    if section_id is None or not asker.manages(section_id):
        raise NotYours("a join code")
    if asker.group_id is None:
        raise JoinCodeRefused(JoinCodeProblem.NO_GROUP)
    if not 1 <= most <= MOST_PLACES:
        raise JoinCodeRefused(JoinCodeProblem.PLACES)
    group_to_join(db, section_id, asker.group_id)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    made = JoinCode(
        code=code,
        code_key=code_keys(code)[0],
        section_id=section_id,
        group_id=asker.group_id,
        most=most,
        created_at=now,
        created_by_id=asker.member_id,
        expires_at=now + JOIN_CODE_LIFETIME,
    )
    db.add(made)
    db.flush()
    record.add(
        db,
        Deed.JOIN_CODE_MADE,
        now=now,
        by=asker,
        section_id=section_id,
        subject=made.public_id,
        amount=most,
    )
    return made.public_id


def join_codes(
    db: Session, asker: Asker, section_id: int, *, now: datetime
) -> list[ListedJoinCode]:
    """Return a section's join codes that are not over, the newest first.

    Raises:
        NotYours: the section is not the asker's to keep.
    """
    if not asker.manages(section_id):
        raise NotYours(section_id)
    query = (
        select(JoinCode, Group.name)
        .outerjoin(Group, Group.id == JoinCode.group_id)
        .where(JoinCode.section_id == section_id, *_is_open(now))
        .order_by(JoinCode.id.desc())
    )
    return [
        ListedJoinCode(
            join_code_id=code.public_id,
            code=f"{code.code[:4]}-{code.code[4:]}",
            group=group or "",
            joined=code.joined,
            most=code.most,
            expires_at=code.expires_at,
        )
        for code, group in db.execute(query)
    ]


def end_join_code(db: Session, asker: Asker, join_code_id: str, *, now: datetime) -> None:
    """End a join code at once; one that is over stays as it is.

    Raises:
        NotYours: its section is not the asker's to keep.
    """
    section_id = db.scalar(select(JoinCode.section_id).where(JoinCode.public_id == join_code_id))
    if section_id is None or not asker.manages(section_id):
        raise NotYours(join_code_id)
    joined = db.scalar(
        update(JoinCode)
        .where(JoinCode.public_id == join_code_id, *_is_open(now))
        .values(ended_at=now)
        .returning(JoinCode.joined)
    )
    if joined is not None:
        record.add(
            db,
            Deed.JOIN_CODE_ENDED,
            now=now,
            by=asker,
            section_id=section_id,
            subject=join_code_id,
            amount=joined,
        )


def open_join_code(db: Session, code: str, *, now: datetime) -> Place | None:
    """Return where a code leads while it has a place left, else None.

    Small letters, blanks, hyphens, and O, I and L for 0 and 1 are understood.
    """
    found = db.execute(
        select(JoinCode.section_id, JoinCode.group_id).where(
            JoinCode.code_key.in_(code_keys(code)),
            JoinCode.joined < JoinCode.most,
            *_is_open(now),
        )
    ).one_or_none()
    return None if found is None else place(db, *found, Role.VOLUNTEER)


def take_place(db: Session, code: str, *, now: datetime) -> Place | None:
    """Take one of a code's places and return where it leads; None when there is none (any more).

    However many arrive together, no more than its places are taken.
    """
    taken = db.execute(
        update(JoinCode)
        .where(
            JoinCode.code_key.in_(code_keys(code)),
            JoinCode.joined < JoinCode.most,
            *_is_open(now),
        )
        .values(joined=JoinCode.joined + 1)
        .returning(JoinCode.section_id, JoinCode.group_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if taken is None else place(db, *taken, Role.VOLUNTEER)


def _as_read(code: str) -> str:
    return code.upper().translate(_READ_AS)


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (JoinCode.ended_at.is_(None), JoinCode.expires_at > now)


def code_keys(code: str) -> list[bytes]:
    """Return what a code is found by, however it was typed; the first is what new ones get."""
    return sealing.keyed_hashes(_as_read(code), "join_codes.code")
