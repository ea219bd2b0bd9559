"""Sections, groups, members and grants; marks of the database."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, codes, one_of
from tracker.rules import LateRule
from tracker.sealing import Sealed

RETENTION_DAYS = 90
"""For how long a section keeps who wrote, in days after an urgent action is closed, by itself."""


class Role(StrEnum):
    """What a grant allows: see `web.access`, the one table of who may open what."""

    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    CASE_LEAD = "case-lead"


class Mark(Base):
    """A fact about this database as a whole, such as that it is a demonstration for good."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Section(Base):
    """A national section; its time zone (IANA name) says which day "today" is.

    `late_rule` says what becomes of a letter posted after a deadline, `late_until` until which day
    (the section's, of posting) one is accepted. `retention_days` after an urgent action is closed
    the identities are cut from its letters.
    """

    __tablename__ = "sections"
    __table_args__ = (
        UniqueConstraint("name"),
        one_of("late_rule", LateRule),
        CheckConstraint("retention_days >= 0", name="retention_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(60))
    late_rule: Mapped[LateRule] = mapped_column(codes(LateRule), default=LateRule.ASK)
    late_until: Mapped[date | None]
    retention_days: Mapped[int] = mapped_column(Integer, default=RETENTION_DAYS)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Group(Base):
    """A local group of a section.

    One that was merged into another takes no new members; its letters stay where they were written.
    """

    __tablename__ = "local_groups"
    __table_args__ = (UniqueConstraint("section_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    name: Mapped[str] = mapped_column(String(120))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("local_groups.id"))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Member(Base):
    """Someone who writes or coordinates, with or without an account.

    What names the person is sealed: a copy of the database yields no name. What must be found is
    kept as a keyed hash besides: the sign-in name, and who the member is to an identity provider.
    Without either the member has no account, and others log letters in their name.
    """

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("sign_in_key"),
        UniqueConstraint("identity_key"),
        Index(None, "section_id"),
        # A number that belonged to somebody erased is never given to another: pseudonyms are made
        # from it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_groups.id"))
    name: Mapped[str | None] = mapped_column(Sealed("members.name"))
    sign_in_name: Mapped[str | None] = mapped_column(Sealed("members.sign_in_name"))
    sign_in_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    passphrase: Mapped[str | None] = mapped_column(Sealed("members.passphrase"))
    """What argon2id makes of it, and sealed on top."""
    identity: Mapped[str | None] = mapped_column(Sealed("members.identity"))
    """Issuer and subject, parted by a blank."""
    identity_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    totp_secret: Mapped[str | None] = mapped_column(Sealed("members.totp_secret"))
    totp_since: Mapped[datetime | None]
    """Since when sign-in asks for a code; before that the secret was only shown."""
    totp_step: Mapped[int | None]
    """The last time step whose code was taken: none is taken twice."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)

    grants: Mapped[list[Grant]] = relationship(lazy="raise")
    section: Mapped[Section] = relationship(lazy="raise")
    group: Mapped[Group | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}


class Grant(Base):
    """One thing that a member may do: a role, in a section (a case lead's holds everywhere)."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("member_id", "role", "section_id"), one_of("role", Role))

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    role: Mapped[Role] = mapped_column(codes(Role))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
