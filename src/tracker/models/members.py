"""Sections, groups, members, grants, and how members come in; marks of the database."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
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
from tracker.sealing import Sealed


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
    """A national section; its time zone (IANA name) says which day "today" is."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Group(Base):
    """A local group of a section."""

    __tablename__ = "local_groups"
    __table_args__ = (UniqueConstraint("section_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Member(Base):
    """Someone with an account. The name is sealed: a copy of the database yields none."""

    __tablename__ = "members"
    __table_args__ = (Index(None, "section_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_groups.id"))
    name: Mapped[str | None] = mapped_column(Sealed("members.name"))
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


class WebSession(Base):
    """One signed-in browser. The cookie's token is kept only as a hash."""

    __tablename__ = "web_sessions"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "member_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInLink(Base):
    """A link that signs its opener in, once. Without a member it sets the server up."""

    __tablename__ = "sign_in_links"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
