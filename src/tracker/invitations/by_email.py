"""Who may come in by an e-mail address that an identity provider has verified."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import sealing
from tracker.invitations.places import Place, place
from tracker.models import Invitation, MailDomain, Role


def place_by_email(db: Session, email: str, *, now: datetime) -> Place | None:
    """Return where that address leads, and spend the invitation that says so; None for nowhere.

    An invitation to the very address comes first, then a section that its mail domain is mapped to.

    Args:
        email: verified by the provider, as `plain_address` writes it.
    """
    return _invited(db, email, now) or _of_domain(db, email)


def _invited(db: Session, email: str, now: datetime) -> Place | None:
    still_open = (
        Invitation.email_key.in_(sealing.keyed_hashes(email, "invitations.email")),
        Invitation.spent_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
    for invitation_id in db.scalars(
        select(Invitation.id).where(*still_open).order_by(Invitation.id)
    ):
        # Of two that arrive together one wins: the row is changed only while it is open.
        spent = db.execute(
            update(Invitation)
            .where(Invitation.id == invitation_id, *still_open)
            .values(spent_at=now, email=None, email_key=None)
            .returning(Invitation.section_id, Invitation.group_id, Invitation.role)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if spent is not None:
            return place(db, *spent)
    return None


def _of_domain(db: Session, email: str) -> Place | None:
    domain = email.rpartition("@")[2]
    section_id = db.scalar(select(MailDomain.section_id).where(MailDomain.domain == domain))
    return None if section_id is None else place(db, section_id, None, Role.VOLUNTEER)
