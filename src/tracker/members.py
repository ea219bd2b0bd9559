"""Sections, groups, members, grants and the links that sign them in; and who is asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from tracker import sealing, settings
from tracker.models import Grant, Group, Mark, Member, Role, Section, SignInLink

DEMO = "demo"
LINK_LIFETIME = timedelta(days=1)
NAME_LENGTH = 120


class UnknownMember(LookupError):
    """There is no such member, or the member may not sign in any more."""


class UnknownSection(LookupError):
    """There is no section with that name."""


class SectionProblem(StrEnum):
    """Why a section cannot be made as asked."""

    NO_NAME = "no-name"
    LONG_NAME = "long-name"
    SAME_NAME = "same-name"
    UNKNOWN_ZONE = "unknown-zone"


class SectionRefused(ValueError):
    """A section cannot be made as asked; `reason` says why."""

    def __init__(self, reason: SectionProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Asker:
    """Who asks: every query takes one, and shows no more than this person may see.

    Attributes:
        member_id: the member's key; None for the operator at the command line.
        name: the member's own display name; empty for the operator.
        section_id, section: the member's section; None and empty for the operator.
        group_id, group: the local group, if any.
        time_zone: the IANA zone of the section; UTC for the operator.
        grants: (role, section) pairs; a case lead's role holds in every section.
        demo: whether the database is a demonstration.
        pinned_today: the day that a demonstration takes for today, if one is set.
    """

    member_id: int | None
    name: str
    section_id: int | None
    section: str
    group_id: int | None
    group: str
    time_zone: str
    grants: frozenset[tuple[Role, int]] = field(default_factory=frozenset)
    demo: bool = False
    pinned_today: date | None = None

    @property
    def is_operator(self) -> bool:
        """Whether this is the command line without `--as`: all totals, and pseudonyms only."""
        return self.member_id is None

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that the asker holds anywhere."""
        return frozenset(role for role, _ in self.grants)

    def has(self, role: Role) -> bool:
        """Return whether the asker holds that role anywhere."""
        return role in self.roles

    def sections(self, role: Role) -> frozenset[int]:
        """Return the sections in which the asker holds that role."""
        return frozenset(section for granted, section in self.grants if granted is role)

    def today(self, now: datetime | None = None) -> date:
        """Return the section's day at the moment `now` (UTC; this moment if left out)."""
        if self.pinned_today is not None:
            return self.pinned_today
        return (now or datetime.now(UTC)).astimezone(ZoneInfo(self.time_zone)).date()


def operator(db: Session) -> Asker:
    """Return who asks at the command line: totals and pseudonyms of every section."""
    demo = is_demo(db)
    return Asker(None, "", None, "", None, "", "UTC", demo=demo, pinned_today=_pinned_today(demo))


def asker(db: Session, member_id: int) -> Asker:
    """Return the member as one who asks.

    Raises:
        UnknownMember: no such member, or a disabled one.
    """
    member = db.scalar(
        select(Member)
        .where(Member.id == member_id, Member.disabled_at.is_(None))
        .options(
            selectinload(Member.grants), selectinload(Member.section), selectinload(Member.group)
        )
    )
    if member is None:
        raise UnknownMember(member_id)
    demo = is_demo(db)
    return Asker(
        member_id=member.id,
        name=member.name or "",
        section_id=member.section_id,
        section=member.section.name,
        group_id=member.group_id,
        group=member.group.name if member.group else "",
        time_zone=member.section.time_zone,
        grants=frozenset((grant.role, grant.section_id) for grant in member.grants),
        demo=demo,
        pinned_today=_pinned_today(demo),
    )


def pseudonym(member_id: int | None, section_id: int) -> str:
    """Return the name under which a letter's writer appears; empty for a writer forgotten."""
    return "" if member_id is None else sealing.pseudonym(member_id, section_id)


def with_pseudonym(db: Session, name: str) -> int:
    """Return the key of the member with that pseudonym (with or without "writer").

    It is the pseudonym in the section where the member is now.

    Raises:
        UnknownMember: nobody has it.
    """
    wanted = name.strip().upper().removeprefix("WRITER").strip()
    for member_id, section_id in db.execute(select(Member.id, Member.section_id)):
        if sealing.pseudonym(member_id, section_id).removeprefix("writer ") == wanted:
            return member_id
    raise UnknownMember(name)


# Sections, groups, members --------------------------------------------------------------------


def time_zones() -> list[str]:
    """Return the names of the time zones that a section can have, in alphabetical order."""
    return sorted(zone for zone in available_timezones() if "/" in zone and zone[0].isupper())


def add_section(db: Session, name: str, time_zone: str) -> Section:
    """Add a section.

    Raises:
        SectionRefused: no name, a name too long or already there, or an unknown time zone.
    """
    # A browser can send what PostgreSQL has no place for.
    name = " ".join(name.replace("\0", " ").split())
    if not name:
        raise SectionRefused(SectionProblem.NO_NAME)
    if len(name) > NAME_LENGTH:
        raise SectionRefused(SectionProblem.LONG_NAME)
    if time_zone not in {"UTC", *time_zones()}:
        raise SectionRefused(SectionProblem.UNKNOWN_ZONE)
    if db.scalar(select(Section.id).where(Section.name == name)) is not None:
        raise SectionRefused(SectionProblem.SAME_NAME)
    section = Section(name=name, time_zone=time_zone)
    db.add(section)
    db.flush()
    return section


def section_named(db: Session, name: str) -> Section:
    """Return the section with that name.

    Raises:
        UnknownSection: there is none; the message says so.
    """
    section = db.scalar(select(Section).where(Section.name == name))
    if section is None:
        raise UnknownSection(f"no section is called {name}")
    return section


def add_group(db: Session, section: Section, name: str) -> Group:
    """Add a local group to a section."""
    group = Group(section_id=section.id, name=name)
    db.add(group)
    db.flush()
    return group


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


def set_up(db: Session, section: str, time_zone: str, *, now: datetime) -> int:
    """Make a new server's first section and first member, with every role; return the member's key.

    Where a first member is already here, that is the one, and nothing changes.

    Raises:
        SectionRefused: the section cannot be made as asked.
    """
    first = first_member(db)
    if first is None:
        first = add_member(
            db, add_section(db, section, time_zone), list(Role), name="First member", now=now
        )
    return first.id


def first_member(db: Session) -> Member | None:
    """Return the member who set the server up, if that has happened."""
    return db.scalar(select(Member).order_by(Member.id).limit(1))


def count(db: Session) -> int:
    """Return the number of members."""
    return db.scalar(select(func.count()).select_from(Member)) or 0


# Links that sign in ---------------------------------------------------------------------------


def new_sign_in_link(
    db: Session, member_id: int | None, *, now: datetime, lifetime: timedelta = LINK_LIFETIME
) -> str:
    """Return the token of a new link that signs its opener in, once.

    Without a member it is a set-up link: its opener becomes the first member, or comes in as
    that member again.
    """
    token = sealing.new_token()
    db.add(
        SignInLink(
            token_hash=sealing.token_hash(token),
            member_id=member_id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def end_sign_in_links(db: Session, *, now: datetime) -> None:
    """End every unspent link: those printed at an earlier start open nothing any more."""
    db.execute(update(SignInLink).where(SignInLink.spent_at.is_(None)).values(spent_at=now))


def open_sign_in_link(db: Session, token: str, *, now: datetime) -> SignInLink | None:
    """Return the link with that token while it can still be spent, else None."""
    return db.scalar(
        select(SignInLink).where(
            SignInLink.token_hash == sealing.token_hash(token),
            SignInLink.spent_at.is_(None),
            SignInLink.expires_at > now,
        )
    )


def member_of_link(db: Session, link: SignInLink) -> Member | None:
    """Return whom the link signs in; None where that member has yet to be made."""
    return first_member(db) if link.member_id is None else db.get(Member, link.member_id)


def spend_sign_in_link(db: Session, token: str, *, now: datetime) -> SignInLink | None:
    """Spend the link with that token and return it; None when it opens nothing (any more).

    Of two that arrive together one wins: the row is changed only while it is unspent.
    """
    link = open_sign_in_link(db, token, now=now)
    if link is None:
        return None
    spent = db.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.spent_at.is_(None))
        .values(spent_at=now)
        .execution_options(synchronize_session=False)
    )
    return link if spent.rowcount == 1 else None  # type: ignore[attr-defined]


# Demonstrations -------------------------------------------------------------------------------


def is_demo(db: Session) -> bool:
    """Return whether this database was filled with fictional letters; that never changes."""
    return db.get(Mark, DEMO) is not None


def mark_demo(db: Session) -> None:
    """Mark this database as a demonstration for good."""
    db.add(Mark(name=DEMO, value="yes"))


def keep_demo_members(db: Session, by_role: Mapping[Role, int]) -> None:
    """Note whom a demonstration signs in for each role."""
    for role, member_id in by_role.items():
        db.merge(Mark(name=f"{DEMO}-{role.value}", value=str(member_id)))


def demo_members(db: Session) -> dict[Role, int]:
    """Return whom a demonstration signs in for each role, in the order of the roles."""
    marks = {role: db.get(Mark, f"{DEMO}-{role.value}") for role in Role}
    return {role: int(mark.value) for role, mark in marks.items() if mark is not None}


def _pinned_today(demo: bool) -> date | None:
    # Real letters are never judged by a pretended day.
    return settings.current().today if demo else None
