"""A place that somebody is let into: a section, a group of it, and a role there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase

from sqlalchemy.orm import Session

from tracker import members, record
from tracker.models import Deed, Group, Role, Section

_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


@dataclass(frozen=True)
class Place:
    """What an invitation, a join code or a mail domain lets somebody into."""

    section_id: int
    section: str
    group_id: int | None
    group: str
    role: Role


def plain_address(address: str) -> str:
    """Return an e-mail address or mail domain with A to Z in small letters, and all else as it is.

    More than that folds the addresses of different people into one: "ß" becomes "ss", and the sign
    for Kelvin a plain k.
    """
    return address.strip().translate(_SMALL)


def place(db: Session, section_id: int, group_id: int | None, role: Role) -> Place:
    """Return the place with the names of its section and group."""
    section = db.get_one(Section, section_id)
    group = db.get_one(Group, group_id) if group_id is not None else None
    return Place(section_id, section.name, group_id, group.name if group else "", role)


def admit(db: Session, into: Place, *, name: str, now: datetime) -> int:
    """Make somebody a member there and return the member's key; the way in is spent already.

    Raises:
        GroupRefused: the group was merged in this very moment.
    """
    members.group_to_join(db, into.section_id, into.group_id)
    group = db.get_one(Group, into.group_id) if into.group_id is not None else None
    section = db.get_one(Section, into.section_id)
    member = members.add_member(db, section, [into.role], name=name, now=now, group=group)
    record.add(
        db,
        Deed.JOINED,
        now=now,
        member_id=member.id,
        section_id=into.section_id,
        about_id=member.id,
        subject=into.role.value,
    )
    return member.id
