"""Letters, what they said before, and the running counts."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, codes, new_public_id, not_negative, one_of


class Channel(StrEnum):
    """How a letter went out."""

    POST = "post"
    REGISTERED_POST = "registered-post"
    EMAIL = "email"
    FAX = "fax"
    WEB_FORM = "web-form"
    SOCIAL_MEDIA = "social-media"
    HAND = "hand"


class LetterStatus(StrEnum):
    """Only posted letters count."""

    PREPARED = "prepared"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"


class LetterChange(StrEnum):
    """What ended an earlier version of a letter."""

    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


class Letter(Base):
    """One appeal to one target. Never deleted: corrected or withdrawn, the old values kept.

    `entry_id` names the form that logged it; `entry_target_id` and `entry_posted_on` are what it
    said then. All three stay as they were, so that the same form sent again is known even after
    a correction.
    Section and group are those that the writer had then. `member_id` is the writer, and empty once
    the writer is forgotten; `logged_by_id` is who logged it in the name of a writer without an
    account.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("member_id", "entry_id", "entry_target_id", "entry_posted_on"),
        UniqueConstraint("public_id"),
        Index(None, "urgent_action_id", "section_id", "posted_on"),
        # Few letters have one; to forget somebody must not mean to look through all of them.
        Index(
            None,
            "logged_by_id",
            sqlite_where=text("logged_by_id IS NOT NULL"),
            postgresql_where=text("logged_by_id IS NOT NULL"),
        ),
        one_of("channel", Channel),
        one_of("status", LetterStatus),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), default=new_public_id)
    urgent_action_id: Mapped[int] = mapped_column(ForeignKey("urgent_actions.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_groups.id"))
    entry_id: Mapped[str] = mapped_column(String(40))
    entry_target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"))
    entry_posted_on: Mapped[date]
    posted_on: Mapped[date]
    logged_at: Mapped[datetime]
    channel: Mapped[Channel] = mapped_column(codes(Channel))
    language: Mapped[str] = mapped_column(String(20))
    own_words: Mapped[bool]
    after_deadline: Mapped[bool]
    status: Mapped[LetterStatus] = mapped_column(codes(LetterStatus))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class LetterVersion(Base):
    """What a letter said before a change, and who changed it when."""

    __tablename__ = "letter_versions"
    __table_args__ = (
        UniqueConstraint("letter_id", "version"),
        Index(None, "changed_by_id"),
        one_of("change", LetterChange),
        one_of("channel", Channel),
        one_of("status", LetterStatus),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    version: Mapped[int]
    change: Mapped[LetterChange] = mapped_column(codes(LetterChange))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"))
    posted_on: Mapped[date]
    channel: Mapped[Channel] = mapped_column(codes(Channel))
    language: Mapped[str] = mapped_column(String(20))
    own_words: Mapped[bool]
    after_deadline: Mapped[bool]
    status: Mapped[LetterStatus] = mapped_column(codes(LetterStatus))


# Running counts: posted letters, kept in the letter's own transaction ----------------------------


class SectionCount(Base):
    """Posted letters of a section to a target on a day."""

    __tablename__ = "section_counts"
    __table_args__ = (not_negative(),)

    urgent_action_id: Mapped[int] = mapped_column(ForeignKey("urgent_actions.id"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)
    posted_on: Mapped[date] = mapped_column(primary_key=True)
    letters: Mapped[int]


class GroupCount(Base):
    """Posted letters of a local group on a day; a letter without a group is in none."""

    __tablename__ = "group_counts"
    __table_args__ = (not_negative(),)

    urgent_action_id: Mapped[int] = mapped_column(ForeignKey("urgent_actions.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("local_groups.id"), primary_key=True)
    posted_on: Mapped[date] = mapped_column(primary_key=True)
    letters: Mapped[int]


class ChannelCount(Base):
    """Posted letters of a section by channel."""

    __tablename__ = "channel_counts"
    __table_args__ = (one_of("channel", Channel), not_negative())

    urgent_action_id: Mapped[int] = mapped_column(ForeignKey("urgent_actions.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(codes(Channel), primary_key=True)
    letters: Mapped[int]


class LanguageCount(Base):
    """Posted letters of a section by language."""

    __tablename__ = "language_counts"
    __table_args__ = (not_negative(),)

    urgent_action_id: Mapped[int] = mapped_column(ForeignKey("urgent_actions.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    letters: Mapped[int]


RUNNING_COUNTS: tuple[Table, ...] = tuple(
    cast(Table, counted.__table__)
    for counted in (SectionCount, GroupCount, ChannelCount, LanguageCount)
)
