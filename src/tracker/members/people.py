"""Members: added, listed, moved, disabled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from tracker import record
from tracker.members.asking import Asker, NotYours, UnknownMember, pseudonym
from tracker.members.case_leads import first_case_lead, hold_case_leads, keep_a_case_lead
from tracker.members.groups import group_to_join
from tracker.members.problems import PersonProblem, PersonRefused
from tracker.members.sections import NAME_LENGTH, add_section, tidy
from tracker.models import (
    Deed,
    Grant,
    Group,
    Invitation,
    JoinCode,
    Member,
    RecordEntry,
    Role,
    Section,
    SignInLink,
    WebSession,
)

# Two presses of one button; two people of one name are not added as quickly.
_SAME_PRESS = timedelta(seconds=10)


@dataclass(frozen=True)
class ListedMember:
    """A member as those who keep the section see them.

    Attributes:
        member_id: the member's number.
        pseudonym: the name in this section, like "writer 7F3K-Q2M8".
        group_id, group: the local group; None and empty for none.
        roles: what the member may do in this section, and whether it is a case lead.
        has_account: whether the member can sign in by passphrase or identity provider.
        disabled: whether the member may not sign in any more.
        waits: whether a link to a new passphrase is out and unused.
        last_seen_on: the UTC day on which the member was last here; None if never, or long ago.
        name: the display name where names were asked for and there is one, else None.
    """

    member_id: int
    pseudonym: str
    group_id: int | None
    group: str
    roles: tuple[Role, ...]
    has_account: bool
    disabled: bool
    waits: bool
    last_seen_on: date | None
    name: str | None = field(default=None, repr=False)


def listed(
    db: Session, asker: Asker, section_id: int, *, now: datetime, names: bool = False
) -> list[ListedMember]:
    """Return the members of a section, by pseudonym.

    Args:
        names: with display names; to show them is a step of its own, which the caller records.

    Raises:
        NotYours: the section is not the asker's to keep, or its names are not the asker's business.
    """
    if not asker.manages(section_id) or (names and not asker.sees_names_of(section_id)):
        raise NotYours(section_id)
    here = Member.section_id == section_id
    last_seen = dict(
        db.execute(
            select(WebSession.member_id, func.max(WebSession.last_seen_at))
            .join(Member, Member.id == WebSession.member_id)
            .where(here)
            .group_by(WebSession.member_id)
        ).all()
    )
    waiting = set(
        db.scalars(
            select(SignInLink.member_id).where(
                SignInLink.spent_at.is_(None), SignInLink.expires_at > now
            )
        )
    )
    # By column: nothing that is sealed is opened unless names were asked for.
    columns = (
        Member.id,
        Member.group_id,
        Group.name,
        or_(Member.passphrase.is_not(None), Member.identity_key.is_not(None)),
        Member.disabled_at.is_not(None),
    )
    query = select(*columns).outerjoin(Group, Group.id == Member.group_id).where(here)
    display = dict(db.execute(select(Member.id, Member.name).where(here)).all()) if names else {}
    roles = _roles(db, section_id)
    found = [
        ListedMember(
            member_id=member_id,
            pseudonym=pseudonym(member_id, section_id),
            group_id=group_id,
            group=group or "",
            roles=tuple(role for role in Role if role in roles.get(member_id, ())),
            has_account=has_account,
            disabled=disabled,
            waits=member_id in waiting,
            last_seen_on=last_seen[member_id].date() if member_id in last_seen else None,
            name=display.get(member_id),
        )
        for member_id, group_id, group, has_account, disabled in db.execute(query)
    ]
    return sorted(found, key=lambda member: member.pseudonym)


def note_names_shown(db: Session, asker: Asker, section_id: int, *, now: datetime) -> None:
    """Record that the asker is about to be shown the names of a section.

    Raises:
        NotYours: they are not the asker's business.
    """
    if not asker.sees_names_of(section_id):
        raise NotYours(section_id)
    record.add(db, Deed.NAMES_SHOWN, now=now, by=asker, section_id=section_id)


def add_member(
    db: Session,
    section: Section,
    roles: Iterable[Role],
    *,
    name: str,
    now: datetime,
    group: Group | None = None,
) -> Member:
    """Add a member of a section with those roles in it."""
    member = Member(
        section_id=section.id,
        group_id=group.id if group else None,
        name=name,
        created_at=now,
        grants=[Grant(role=role, section_id=section.id) for role in roles],
    )
    db.add(member)
    db.flush()
    return member


def add_without_account(
    db: Session, asker: Asker, section_id: int, group_id: int | None, name: str, *, now: datetime
) -> int:
    """Add somebody for whom others log letters, and return the member's key.

    Asked twice within seconds by the same member, as a double click does, it adds one.

    Raises:
        NotYours: the section is not the asker's to keep.
        PersonRefused: no name, or one that is too long.
        GroupRefused: the group is another section's, or was merged.
    """
    section = db.get(Section, section_id)
    if section is None or not asker.manages(section_id):
        raise NotYours(section_id)
    name = tidy(name)
    if not name:
        raise PersonRefused(PersonProblem.NO_NAME)
    if len(name) > NAME_LENGTH:
        raise PersonRefused(PersonProblem.LONG_NAME)
    group_to_join(db, section_id, group_id)
    for added in _just_added(db, asker, section_id, now):
        if (added.name, added.group_id) == (name, group_id):
            return added.id
    group = db.get(Group, group_id) if group_id is not None else None
    member = add_member(db, section, [Role.VOLUNTEER], name=name, now=now, group=group)
    record.add(db, Deed.MEMBER_ADDED, now=now, by=asker, section_id=section_id, about_id=member.id)
    return member.id


def change_group(
    db: Session, asker: Asker, member_id: int, group_id: int | None, *, now: datetime
) -> None:
    """Put a member into another group of the section, or into none; letters stay where they are.

    Raises:
        NotYours: the member is not the asker's to keep.
        GroupRefused: the group is another section's, or was merged.
    """
    member = kept_member(db, asker, member_id)
    group_to_join(db, member.section_id, group_id)
    if member.group_id == group_id:
        return
    member.group_id = group_id
    record.add(
        db,
        Deed.GROUP_CHANGED,
        now=now,
        by=asker,
        section_id=member.section_id,
        about_id=member_id,
        subject="" if group_id is None else str(group_id),
    )


def disable(db: Session, asker: Asker, member_id: int, *, now: datetime) -> None:
    """Shut a member out at once: sessions end, and so does every link that leads in by them.

    Raises:
        NotYours: the member is not the asker's to keep.
        PersonRefused: oneself, or the last case lead who can come back.
    """
    hold_case_leads(db)
    member = kept_member(db, asker, member_id)
    if member_id == asker.member_id:
        raise PersonRefused(PersonProblem.ONESELF)
    if member.disabled_at is not None:
        return
    keep_a_case_lead(db, member_id)
    member.disabled_at = now
    db.execute(
        update(WebSession)
        .where(WebSession.member_id == member_id, WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    end_links(db, SignInLink.member_id == member_id, now=now)
    end_what_they_opened(db, member_id, now=now)
    record.add(
        db,
        Deed.MEMBER_DISABLED,
        now=now,
        by=asker,
        section_id=member.section_id,
        about_id=member_id,
    )


def enable(db: Session, asker: Asker, member_id: int, *, now: datetime) -> None:
    """Let a member in again who was disabled; the old sessions and links stay ended.

    Raises:
        NotYours: the member is not the asker's to keep.
    """
    member = kept_member(db, asker, member_id)
    if member.disabled_at is None:
        return
    member.disabled_at = None
    record.add(
        db,
        Deed.MEMBER_ENABLED,
        now=now,
        by=asker,
        section_id=member.section_id,
        about_id=member_id,
    )


def set_up(db: Session, section: str, time_zone: str, *, now: datetime) -> int:
    """Make a new server's first section and first member, with every role; return the member's key.

    Where members are already here, the first case lead is the one, and nothing changes.

    Raises:
        SectionRefused: the section cannot be made as asked.
        UnknownMember: members are here, and no case lead among them.
    """
    first = first_case_lead(db)
    if first is None:
        if count(db):
            raise UnknownMember("a case lead")
        first = add_member(
            db, add_section(db, section, time_zone), list(Role), name="First member", now=now
        )
        record.add(db, Deed.SET_UP, now=now, member_id=first.id, section_id=first.section_id)
    return first.id


def count(db: Session) -> int:
    """Return the number of members."""
    return db.scalar(select(func.count()).select_from(Member)) or 0


def kept_member(db: Session, asker: Asker, member_id: int) -> Member:
    """Return a member whom the asker may change, with grants, and held until this is committed.

    A coordinator keeps the members of the section, but for case leads.

    Raises:
        NotYours: nobody whom the asker keeps.
    """
    member = db.scalar(
        select(Member)
        .where(Member.id == member_id)
        .with_for_update()
        .options(selectinload(Member.grants))
        .execution_options(populate_existing=True)
    )
    if member is None or not keeps(asker, member):
        raise NotYours(member_id)
    return member


def keeps(asker: Asker, member: Member) -> bool:
    """Return whether the asker may change that member, as things stand."""
    leads = any(grant.role is Role.CASE_LEAD for grant in member.grants)
    if leads and not (asker.is_operator or asker.has(Role.CASE_LEAD)):
        return False
    return asker.manages(member.section_id)


def end_what_they_opened(db: Session, member_id: int, *, now: datetime) -> None:
    """End the links, invitations and join codes that a member made: that right is gone."""
    end_links(db, SignInLink.created_by_id == member_id, now=now)
    db.execute(
        update(Invitation)
        .where(
            Invitation.created_by_id == member_id,
            Invitation.spent_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now, email=None, email_key=None)
    )
    db.execute(
        update(JoinCode)
        .where(JoinCode.created_by_id == member_id, JoinCode.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_links(db: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    """End those of the links that are still open."""
    db.execute(update(SignInLink).where(which, SignInLink.spent_at.is_(None)).values(spent_at=now))


def _just_added(db: Session, asker: Asker, section_id: int, now: datetime) -> Sequence[Member]:
    if asker.is_operator:
        return ()
    about = select(RecordEntry.about_id).where(
        RecordEntry.deed == Deed.MEMBER_ADDED,
        RecordEntry.member_id == asker.member_id,
        RecordEntry.section_id == section_id,
        RecordEntry.at > now - _SAME_PRESS,
    )
    return db.scalars(select(Member).where(Member.id.in_(about))).all()


def _roles(db: Session, section_id: int) -> dict[int, set[Role]]:
    """Return the roles of the section's members there; a case lead's hold everywhere."""
    found: dict[int, set[Role]] = {}
    for member_id, role in db.execute(
        select(Grant.member_id, Grant.role)
        .join(Member, Member.id == Grant.member_id)
        .where(
            Member.section_id == section_id,
            or_(Grant.section_id == section_id, Grant.role == Role.CASE_LEAD),
        )
    ):
        found.setdefault(member_id, set()).add(role)
    return found
