"""Who somebody is to an identity provider."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import sealing
from tracker.accounts.known import held
from tracker.models import Member


class IdentityTaken(ValueError):
    """Another request was quicker: that person is a member now."""


def identity_key(identity: str) -> bytes:
    """Return the keyed hash to find a member by: of issuer and subject, parted by a blank."""
    return sealing.keyed_hash(identity, "members.identity")


def member_of_identity(db: Session, issuer: str, subject: str) -> Member | None:
    """Return the member whom that provider knows by that subject, disabled or not."""
    keys = sealing.keyed_hashes(_identity(issuer, subject), "members.identity")
    return db.scalar(select(Member).where(Member.identity_key.in_(keys)))


def link_identity(db: Session, member_id: int, issuer: str, subject: str) -> None:
    """Let the member come in through that provider.

    Raises:
        IdentityTaken: somebody comes in that way already.
        UnknownMember: there is no such member.
    """
    member = held(db, member_id)
    try:
        with db.begin_nested():
            member.identity = _identity(issuer, subject)
            member.identity_key = identity_key(member.identity)
    except IntegrityError:
        raise IdentityTaken from None


def _identity(issuer: str, subject: str) -> str:
    return f"{issuer} {subject}"
