"""The record of who did what, append-only."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, codes


class Deed(StrEnum):
    """What the record tells of."""

    SET_UP = "set-up"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_IN_SLOWED = "sign-in-slowed"
    SESSION_ENDED = "session-ended"
    PAGE_REFUSED = "page-refused"
    ACCOUNT_CHOSEN = "account-chosen"
    PASSPHRASE_CHANGED = "passphrase-changed"  # noqa: S105
    SECOND_STEP_SET = "second-step-set"
    SECOND_STEP_REMOVED = "second-step-removed"
    INVITED = "invited"
    INVITATION_REVOKED = "invitation-revoked"
    JOIN_CODE_MADE = "join-code-made"
    JOIN_CODE_ENDED = "join-code-ended"
    JOINED = "joined"
    MEMBER_ADDED = "member-added"
    MEMBER_DISABLED = "member-disabled"
    MEMBER_ENABLED = "member-enabled"
    MEMBER_RESET = "member-reset"
    GROUP_CHANGED = "group-changed"
    GRANTED = "granted"
    GRANT_TAKEN = "grant-taken"
    SECTION_ADDED = "section-added"
    SECTION_CHANGED = "section-changed"
    GROUP_ADDED = "group-added"
    GROUP_RENAMED = "group-renamed"
    GROUP_MERGED = "group-merged"
    DOMAIN_MAPPED = "domain-mapped"
    DOMAIN_REMOVED = "domain-removed"
    NAMES_SHOWN = "names-shown"
    NAMES_EXPORTED = "names-exported"
    LETTERS_LOGGED_FOR = "letters-logged-for"
    LETTER_CORRECTED = "letter-corrected"
    LETTER_WITHDRAWN = "letter-withdrawn"
    LETTER_RESTORED = "letter-restored"
    ACTION_CLOSED = "action-closed"
    MEMBER_ERASED = "member-erased"
    PURGED = "purged"
    KEY_ROTATED = "key-rotated"


class RecordEntry(Base):
    """One line of the record: who did what when, never what was said.

    Append-only, and the database itself holds that (see the migration): a line is never deleted,
    and nothing in it changes, but that a member who is forgotten is cut out of it.

    Attributes:
        section_id: whose coordinators read it; None for what belongs to no section.
        member_id: who did it; None for a stranger, the program itself, or somebody forgotten.
        about_id: the member to whom it was done, if any.
        subject: what it was done to: a letter's public id, a role, a report, a path of the table
            of pages; never anything that somebody typed.
        amount: how many, where that says something.
    """

    __tablename__ = "record_entries"
    __table_args__ = (
        Index(None, "section_id", "at"),
        Index(None, "member_id", "at"),
        Index(None, "about_id"),
        Index(None, "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    deed: Mapped[Deed] = mapped_column(codes(Deed))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    subject: Mapped[str] = mapped_column(String(80), default="")
    amount: Mapped[int | None]
