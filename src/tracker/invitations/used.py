"""Whether a link or a code has just let somebody in: a double click sends its form twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import sealing
from tracker.invitations.codes import code_keys
from tracker.models import Invitation, JoinCode, SignInLink

JUST = timedelta(minutes=2)
"""So long after it was used, its form may come once more: a click, a slow network, a reload."""


def just_used(db: Session, token: str, *, now: datetime) -> bool:
    """Return whether that link, or that code's last place, was used a moment ago."""
    hashed, since = sealing.token_hash(token), now - JUST
    links = (
        select(Invitation.id).where(Invitation.token_hash == hashed, Invitation.spent_at > since),
        select(SignInLink.id).where(SignInLink.token_hash == hashed, SignInLink.spent_at > since),
        select(JoinCode.id).where(
            JoinCode.code_key.in_(code_keys(token)),
            JoinCode.joined == JoinCode.most,
            JoinCode.expires_at > since,
        ),
    )
    return any(db.scalar(link.limit(1)) is not None for link in links)
