"""Invitations: one link each, for one person, into a section, a group and a role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from tracker import record, sealing
from tracker.invitations.places import Place, place, plain_address
from tracker.members import Asker, NotYours, group_to_join
from tracker.models import Deed, Group, Invitation, Role

INVITATION_LIFETIME = timedelta(days=14)
_EMAIL = re.compile(r"[^\s@\0]+@[^\s@\0]+\.[^\s@\0]+")
_EMAIL_LENGTH = 254


class InvitationProblem(StrEnum):
    """Why nobody can be invited as asked."""

    BAD_EMAIL = "bad-email"


class InvitationRefused(ValueError):
    """Nobody can be invited as asked; `reason` says why."""

    def __init__(self, reason: InvitationProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class ListedInvitation:
    """An invitation that is still open; its link is known to nobody but whom it was given.

    Attributes:
        invitation_id: its public id.
        has_email: whether it also lets in whom the identity provider knows by an address.
    """

    invitation_id: str
    role: Role
    group: str
    has_email: bool
    created_at: datetime
    expires_at: datetime


def invite(
    db: Session,
    asker: Asker,
    section_id: int,
    group_id: int | None,
    role: Role,
    *,
    email: str | None = None,
    now: datetime,
) -> str:
    """Return the token of a new invitation: for 14 days, for one person.

    Args:
        email: whom an identity provider knows by this verified address may come in by it, too.

    Raises:
        NotYours: the section is not the asker's to keep, or the role not the asker's to give.
        GroupRefused: the group is another section's, or was merged.
        InvitationRefused: what is given as e-mail address is none.
    """
    if not (asker.manages(section_id) and asker.may_grant(role, section_id)):
        raise NotYours(section_id)
    group_to_join(db, section_id, group_id)
    address = plain_address(email or "") or None
    if address and (len(address) > _EMAIL_LENGTH or not _EMAIL.fullmatch(address)):
        raise InvitationRefused(InvitationProblem.BAD_EMAIL)
    token = sealing.new_token()
    invitation = Invitation(
        token_hash=sealing.token_hash(token),
        section_id=section_id,
        group_id=group_id,
        role=role,
        email=address,
        email_key=sealing.keyed_hash(address, "invitations.email") if address else None,
        created_at=now,
        created_by_id=asker.member_id,
        expires_at=now + INVITATION_LIFETIME,
    )
    db.add(invitation)
    db.flush()
    record.add(
        db, Deed.INVITED, now=now, by=asker, section_id=section_id, subject=invitation.public_id
    )
    return token


def invitations(
    db: Session, asker: Asker, section_id: int, *, now: datetime
) -> list[ListedInvitation]:
    """Return the open invitations of a section, the newest first; never a link or an address.

    Raises:
        NotYours: the section is not the asker's to keep.
    """
    if not asker.manages(section_id):
        raise NotYours(section_id)
    query = (
        select(
            Invitation.public_id,
            Invitation.role,
            Group.name,
            Invitation.email_key.is_not(None),
            Invitation.created_at,
            Invitation.expires_at,
        )
        .outerjoin(Group, Group.id == Invitation.group_id)
        .where(Invitation.section_id == section_id, *_is_open(now))
        .order_by(Invitation.id.desc())
    )
    return [
        ListedInvitation(
            invitation_id=public_id,
            role=role,
            group=group or "",
            has_email=has_email,
            created_at=created_at,
            expires_at=expires_at,
        )
        for public_id, role, group, has_email, created_at, expires_at in db.execute(query)
    ]


def revoke(db: Session, asker: Asker, invitation_id: str, *, now: datetime) -> None:
    """End an invitation that nobody has used yet; one that is over stays as it is.

    Raises:
        NotYours: it is not the asker's to end.
    """
    found = db.scalar(select(Invitation).where(Invitation.public_id == invitation_id))
    if found is None or not (
        asker.manages(found.section_id) and asker.may_grant(found.role, found.section_id)
    ):
        raise NotYours(invitation_id)
    revoked = db.scalar(
        update(Invitation)
        .where(Invitation.id == found.id, *_is_open(now))
        .values(revoked_at=now, email=None, email_key=None)
        .returning(Invitation.id)
    )
    if revoked is not None:
        record.add(
            db,
            Deed.INVITATION_REVOKED,
            now=now,
            by=asker,
            section_id=found.section_id,
            subject=invitation_id,
        )


def open_invitation(db: Session, token: str, *, now: datetime) -> Place | None:
    """Return where the link with that token leads while it can be spent, else None."""
    found = db.execute(
        select(Invitation.section_id, Invitation.group_id, Invitation.role).where(
            Invitation.token_hash == sealing.token_hash(token), *_is_open(now)
        )
    ).one_or_none()
    return None if found is None else place(db, *found)


def spend_invitation(db: Session, token: str, *, now: datetime) -> Place | None:
    """Spend the link with that token and return where it leads; None when it opens nothing.

    Of two that arrive together one wins: the row is changed only while it is open.
    """
    # What is returned is the row as it was changed: a merge meanwhile has set another group.
    spent = db.execute(
        update(Invitation)
        .where(Invitation.token_hash == sealing.token_hash(token), *_is_open(now))
        .values(spent_at=now, email=None, email_key=None)
        .returning(Invitation.section_id, Invitation.group_id, Invitation.role)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if spent is None else place(db, *spent)


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.spent_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
