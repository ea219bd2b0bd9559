"""Whose passphrase is it? Asked in two steps, so that the slow one holds no transaction open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import sealing
from tracker.accounts import passphrases
from tracker.accounts.names import sign_in_keys
from tracker.members import Asker, NotYours, UnknownMember
from tracker.models import Member


@dataclass(frozen=True)
class Known:
    """What is known of whoever gives a sign-in name; for strangers next to nothing.

    Attributes:
        key: the keyed hash of the sign-in name, known or not.
        member_id, section_id: the member and the section; None for a stranger.
        enabled: whether it is a member who may come in.
        kept: what is kept of the passphrase; None where none opens anything.
        totp_since: since when sign-in asks for a code; None while it does not.
        words: the member's names, which make a bad passphrase.
    """

    key: bytes = field(repr=False)
    member_id: int | None = None
    section_id: int | None = None
    enabled: bool = False
    kept: str | None = field(default=None, repr=False)
    totp_since: datetime | None = None
    words: tuple[str, ...] = field(default=(), repr=False)


NOBODY = Known(b"")
"""Somebody of whom nothing is known, not even a name to sign in with."""


def known(db: Session, sign_in_name: str) -> Known:
    """Return what is known of whoever signs in with that name."""
    keys = sign_in_keys(sign_in_name)
    member = db.scalar(select(Member).where(Member.sign_in_key.in_(keys)))
    return Known(keys[0]) if member is None else _of(member)


def of_asker(db: Session, asker: Asker) -> Known:
    """Return what is known of the asker themselves."""
    if asker.member_id is None:
        raise NotYours("the command line has no account")
    return of_member(db, asker.member_id)


def of_member(db: Session, member_id: int) -> Known:
    """Return what is known of a member.

    Raises:
        UnknownMember: there is none with that key.
    """
    member = db.get(Member, member_id)
    if member is None:
        raise UnknownMember(member_id)
    return _of(member)


def verified(found: Known, passphrase: str) -> bool:
    """Return whether that is the passphrase; takes as long for whoever has none.

    Slow on purpose: call it outside of `database.writing()`, and ask `still_holds` inside.
    """
    return passphrases.matches(passphrase, found.kept)


def still_holds(db: Session, found: Known) -> bool:
    """Return whether the account is still as it was found: not disabled, the same passphrase.

    Asked in the transaction that opens something, and holds the account still until its end.
    """
    if found.member_id is None or found.kept is None:
        return False
    member = db.get(Member, found.member_id, with_for_update=True)
    if member is None or member.disabled_at is not None:
        return False
    return member.passphrase == found.kept


def held(db: Session, member_id: int) -> Member:
    """Return the member, who is nobody else's to change until the transaction ends.

    Raises:
        UnknownMember: there is none with that key.
    """
    member = db.get(Member, member_id, with_for_update=True)
    if member is None:
        raise UnknownMember(member_id)
    return member


def _of(member: Member) -> Known:
    words = tuple(word for word in (member.name, member.sign_in_name) if word)
    return Known(
        # Whoever has no sign-in name still has tries of the second step to be counted.
        key=member.sign_in_key or sealing.keyed_hash(str(member.id), "members.id"),
        member_id=member.id,
        section_id=member.section_id,
        enabled=member.disabled_at is None,
        kept=member.passphrase if member.disabled_at is None else None,
        totp_since=member.totp_since,
        words=words,
    )
