"""Local groups: made, renamed, merged. Letters stay in the group in which they were written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker import record
from tracker.members.asking import Asker, NotYours
from tracker.members.sections import NAME_LENGTH, ChangedMeanwhile, tidy
from tracker.models import Deed, Group, Invitation, JoinCode, Member, Section


class GroupProblem(StrEnum):
    """Why a group cannot be made, renamed, merged or joined as asked."""

    NO_NAME = "no-name"
    LONG_NAME = "long-name"
    SAME_NAME = "same-name"
    MERGED = "merged"
    ITSELF = "itself"
    OTHER_SECTION = "other-section"


class GroupRefused(ValueError):
    """A group cannot be made, renamed, merged or joined as asked; `reason` says why."""

    def __init__(self, reason: GroupProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class ListedGroup:
    """A group as those who keep its section see it.

    Attributes:
        members: how many are in it now, those disabled left out.
        merged_into: the name of the group that it was merged into; empty for a living one.
        version: which state this is; a change names the one that it was made from.
    """

    group_id: int
    name: str
    members: int
    merged_into: str
    version: int


def groups(db: Session, asker: Asker, section_id: int) -> list[ListedGroup]:
    """Return the groups of a section by name, those that were merged last.

    Raises:
        NotYours: the section is not the asker's to keep.
    """
    if not asker.manages(section_id):
        raise NotYours(section_id)
    found = db.scalars(select(Group).where(Group.section_id == section_id)).all()
    names = {group.id: group.name for group in found}
    numbers = dict(
        db.execute(
            select(Member.group_id, func.count())
            .where(Member.section_id == section_id, Member.disabled_at.is_(None))
            .group_by(Member.group_id)
        ).all()
    )
    listed = [
        ListedGroup(
            group_id=group.id,
            name=group.name,
            members=numbers.get(group.id, 0),
            merged_into=names.get(group.merged_into_id or 0, ""),
            version=group.version,
        )
        for group in found
    ]
    return sorted(listed, key=lambda group: (bool(group.merged_into), group.name.casefold()))


def add_group(db: Session, section: Section, name: str) -> Group:
    """Add a local group to a section, whoever asks: see `new_group`."""
    group = Group(section_id=section.id, name=name)
    db.add(group)
    db.flush()
    return group


def new_group(db: Session, asker: Asker, section_id: int, name: str, *, now: datetime) -> int:
    """Add a local group to a section and return its key.

    Raises:
        NotYours: the section is not the asker's to keep.
        GroupRefused: no name, a name too long or already there.
    """
    if not asker.manages(section_id):
        raise NotYours(section_id)
    group = Group(section_id=section_id, name=_checked_name(db, section_id, name))
    db.add(group)
    _write(db)
    record.add(
        db, Deed.GROUP_ADDED, now=now, by=asker, section_id=section_id, subject=str(group.id)
    )
    return group.id


def rename_group(
    db: Session, asker: Asker, group_id: int, *, version: int, name: str, now: datetime
) -> None:
    """Give a group another name; its letters show it, too.

    Raises:
        NotYours: the group's section is not the asker's to keep.
        ChangedMeanwhile: it is no longer at that version.
        GroupRefused: no name, a name too long or already there, or a group that was merged.
    """
    group = _kept_group(db, asker, group_id)
    if group.merged_into_id is not None:
        raise GroupRefused(GroupProblem.MERGED)
    if group.version != version:
        raise ChangedMeanwhile(group_id)
    group.name = _checked_name(db, group.section_id, name, Group.id != group_id)
    _write(db)
    record.add(
        db,
        Deed.GROUP_RENAMED,
        now=now,
        by=asker,
        section_id=group.section_id,
        subject=str(group_id),
    )


def merge_groups(db: Session, asker: Asker, from_id: int, into_id: int, *, now: datetime) -> None:
    """Merge a group into another of its section.

    Its members move, and so do its open invitations and join codes; its letters stay where they
    were written. It takes no new members and no other name.

    Raises:
        NotYours: one of the groups is not the asker's to keep.
        GroupRefused: into itself, into another section's, or one of them was merged already.
    """
    merged, into = _kept_group(db, asker, from_id), _kept_group(db, asker, into_id)
    if from_id == into_id:
        raise GroupRefused(GroupProblem.ITSELF)
    if merged.section_id != into.section_id:
        raise GroupRefused(GroupProblem.OTHER_SECTION)
    # The ways in first, as whoever comes in by one does: so nobody waits in a circle, and nobody
    # enters the merged group meanwhile.
    for way_in in (Invitation, JoinCode):
        db.execute(update(way_in).where(way_in.group_id == from_id).values(group_id=into_id))
    # In one order, whichever is merged into which.
    for group in sorted((merged, into), key=lambda group: group.id):
        db.refresh(group, with_for_update=True)
        if group.merged_into_id is not None:
            raise GroupRefused(GroupProblem.MERGED)
    moved = db.execute(
        update(Member)
        .where(Member.group_id == from_id)
        .values(group_id=into_id, version=Member.version + 1)
        .returning(Member.id)
    ).all()
    merged.merged_into_id = into_id
    db.flush()
    record.add(
        db,
        Deed.GROUP_MERGED,
        now=now,
        by=asker,
        section_id=merged.section_id,
        subject=f"{from_id} into {into_id}",
        amount=len(moved),
    )


def group_to_join(db: Session, section_id: int, group_id: int | None) -> None:
    """Make sure that a member of that section can be put into that group, and stays there.

    Raises:
        GroupRefused: the group is another section's, or was merged.
    """
    if group_id is None:
        return
    # Whoever merges it meanwhile waits, and then moves this member, too.
    group = db.get(Group, group_id, with_for_update={"read": True}, populate_existing=True)
    if group is None or group.section_id != section_id:
        raise GroupRefused(GroupProblem.OTHER_SECTION)
    if group.merged_into_id is not None:
        raise GroupRefused(GroupProblem.MERGED)


def _kept_group(db: Session, asker: Asker, group_id: int) -> Group:
    group = db.get(Group, group_id)
    if group is None or not asker.manages(group.section_id):
        raise NotYours(group_id)
    return group


def _checked_name(db: Session, section_id: int, name: str, *others: ColumnElement[bool]) -> str:
    """Return the tidied name.

    Raises:
        GroupRefused: none, too long, or there already among `others` (all if left out).
    """
    name = tidy(name)
    if not name:
        raise GroupRefused(GroupProblem.NO_NAME)
    if len(name) > NAME_LENGTH:
        raise GroupRefused(GroupProblem.LONG_NAME)
    same = select(Group.id).where(Group.section_id == section_id, Group.name == name, *others)
    if db.scalar(same) is not None:
        raise GroupRefused(GroupProblem.SAME_NAME)
    return name


def _write(db: Session) -> None:
    # Another process may have been quicker, after we looked.
    try:
        db.flush()
    except IntegrityError:
        raise GroupRefused(GroupProblem.SAME_NAME) from None
    except StaleDataError:
        raise ChangedMeanwhile from None
