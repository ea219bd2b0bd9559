"""How members come in: sessions, links, invitations, join codes, mail domains."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, codes, new_public_id, one_of
from tracker.models.members import Role
from tracker.sealing import Sealed

SESSION_IDLE = timedelta(hours=12)
"""For how long a session lives on while nobody uses it."""

SESSION_LONGEST = timedelta(days=30)
"""For how long a session lives at all."""


class WebSession(Base):
    """One signed-in browser. The cookie's token is kept only as a hash.

    While `waits_for_code` it opens nothing but the page that asks for the second step.
    """

    __tablename__ = "web_sessions"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        UniqueConstraint("public_id"),
        Index(None, "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), default=new_public_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    browser: Mapped[str | None] = mapped_column(Sealed("web_sessions.browser"))
    """What the browser roughly is, so that its owner knows it again: "Firefox, Android"."""
    waits_for_code: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInLink(Base):
    """A link for one member: to a first or a new passphrase, or into a demonstration.

    Without a member it sets the server up. `created_by_id` is the member who gave it out, and it
    opens nothing once that member may not; None for the operator and the program itself.
    """

    __tablename__ = "sign_in_links"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "member_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of the codes that stand in for the second step when the telephone is lost; used once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("code_hash"), Index(None, "member_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Invitation(Base):
    """A one-time link that makes its opener a member of that section and group, in that role.

    With an e-mail address, whoever the identity provider knows by it may come in as well.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("token_hash"),
        Index(None, "email_key"),
        Index(None, "section_id"),
        one_of("role", Role),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), default=new_public_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_groups.id"))
    role: Mapped[Role] = mapped_column(codes(Role))
    email: Mapped[str | None] = mapped_column(Sealed("invitations.email"))
    email_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class JoinCode(Base):
    """A short address for one letter night: whoever opens it becomes a volunteer of the group."""

    __tablename__ = "join_codes"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("code_key"),
        Index(None, "section_id"),
        CheckConstraint("joined >= 0 AND joined <= most", name="joined"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), default=new_public_id)
    code: Mapped[str] = mapped_column(Sealed("join_codes.code"))
    code_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_groups.id"))
    most: Mapped[int]
    joined: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MailDomain(Base):
    """A mail domain whose people, known to the identity provider, are volunteers of a section."""

    __tablename__ = "mail_domains"
    __table_args__ = (UniqueConstraint("domain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(Text)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    created_at: Mapped[datetime]
