"""Who is asking: every query takes an `Asker`, and shows no more than this person may see.

The walls between sections are the questions that an `Asker` answers (`sees_letters_of` and the
others): the subject modules put them, pages do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker import sealing, settings
from tracker.members.marks import is_demo
from tracker.models import Member, Role
from tracker.rules import LateRule


class UnknownMember(LookupError):
    """There is no such member, or the member may not sign in any more."""


class NotYours(Exception):
    """What is asked for is another section's, or another member's, business."""


@dataclass(frozen=True)
class Asker:
    """Who asks: every query takes one, and shows no more than this person may see.

    Attributes:
        member_id: the member's key; None for the operator at the command line.
        name: the member's own display name; empty for the operator.
        section_id, section: the member's section; None and empty for the operator.
        group_id, group: the local group, if any.
        time_zone: the IANA zone of the section; UTC for the operator.
        grants: (role, section) pairs that hold; a case lead's role holds in every section. Where
            the server demands a second step, those of coordinators and case leads hold once it is
            set up.
        late_rule, late_until: what the section does with a letter posted after a deadline.
        waiting: the roles that wait for the second step.
        has_passphrase: whether the member can come back with one.
        has_identity: whether the member can come back through an identity provider.
        demo: whether the database is a demonstration.
        pinned_today: the day that a demonstration takes for today, if one is set.
    """

    member_id: int | None
    name: str = field(repr=False)
    section_id: int | None
    section: str
    group_id: int | None
    group: str
    time_zone: str
    grants: frozenset[tuple[Role, int]] = field(default_factory=frozenset)
    late_rule: LateRule = LateRule.ASK
    late_until: date | None = None
    waiting: frozenset[Role] = field(default_factory=frozenset)
    has_passphrase: bool = True
    has_identity: bool = False
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

    @property
    def writes(self) -> bool:
        """Whether the asker logs letters of their own."""
        return self.has(Role.VOLUNTEER)

    @property
    def coordinates(self) -> bool:
        """Whether the asker coordinates a section."""
        return self.has(Role.COORDINATOR)

    def has(self, role: Role) -> bool:
        """Return whether the asker holds that role anywhere."""
        return role in self.roles

    def sections(self, role: Role) -> frozenset[int]:
        """Return the sections in which the asker holds that role."""
        return frozenset(section for granted, section in self.grants if granted is role)

    def sees_letters_of(self, section_id: int) -> bool:
        """Return whether single letters of that section are the asker's business, by pseudonym."""
        return self.is_operator or section_id in self.sections(Role.COORDINATOR)

    def sees_totals_of(self, section_id: int) -> bool:
        """Return whether that section's own totals are the asker's business."""
        return self.sees_letters_of(section_id) or self.has(Role.CASE_LEAD)

    def sees_names_of(self, section_id: int) -> bool:
        """Return whether the names of that section's members are the asker's business.

        To be shown them is a step of its own, and recorded.
        """
        return section_id in self.sections(Role.COORDINATOR)

    def manages(self, section_id: int) -> bool:
        """Return whether the asker keeps that section's members, groups and rules."""
        return self.sees_totals_of(section_id)

    def may_grant(self, role: Role, section_id: int) -> bool:
        """Return whether the asker may give and take that role in that section.

        A coordinator makes volunteers and further coordinators; case leads are made by case leads.
        """
        if role is Role.CASE_LEAD:
            return self.is_operator or self.has(Role.CASE_LEAD)
        return self.manages(section_id)

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
    grants = frozenset((grant.role, grant.section_id) for grant in member.grants)
    held = {grant for grant in grants if grant[0] is Role.VOLUNTEER}
    if member.totp_since is not None or not settings.current().require_totp:
        held = set(grants)
    return Asker(
        member_id=member.id,
        name=member.name or "",
        section_id=member.section_id,
        section=member.section.name,
        group_id=member.group_id,
        group=member.group.name if member.group else "",
        time_zone=member.section.time_zone,
        grants=frozenset(held),
        late_rule=member.section.late_rule,
        late_until=member.section.late_until,
        waiting=frozenset(role for role, _ in grants - held),
        has_passphrase=member.passphrase is not None,
        has_identity=member.identity_key is not None,
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


def _pinned_today(demo: bool) -> date | None:
    # Real letters are never judged by a pretended day.
    return settings.current().today if demo else None
