"""Links that set the server up, lead to a new passphrase, or open a demonstration."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, selectinload

from tracker import accounts, members, record, sealing
from tracker.members import Asker, PersonProblem, PersonRefused, UnknownMember, is_demo, kept_member
from tracker.members.people import end_links
from tracker.models import Deed, Grant, Member, Role, SignInLink

LINK_LIFETIME = timedelta(days=1)
RESET_LIFETIME = timedelta(days=3)


def new_sign_in_link(
    db: Session,
    member_id: int | None,
    *,
    now: datetime,
    lifetime: timedelta = LINK_LIFETIME,
    by: Asker | None = None,
) -> str:
    """Return the token of a new link; `by` is who gives it out, None for the program itself.

    Without a member it is a set-up link: its opener becomes the first member, or comes in as
    the first case lead again. In a demonstration a member's link signs in, once; elsewhere it leads
    to a new passphrase.
    """
    token = sealing.new_token()
    db.add(
        SignInLink(
            token_hash=sealing.token_hash(token),
            member_id=member_id,
            created_at=now,
            created_by_id=by.member_id if by else None,
            expires_at=now + lifetime,
        )
    )
    return token


def end_sign_in_links(db: Session, *, now: datetime) -> None:
    """End the set-up links that were printed at an earlier start.

    Members' own links go on, and so does everything in a demonstration.
    """
    if is_demo(db):
        return
    db.execute(
        update(SignInLink)
        .where(SignInLink.member_id.is_(None), SignInLink.spent_at.is_(None))
        .values(spent_at=now)
    )


def set_up_is_open(db: Session) -> bool:
    """Return whether set-up links work: until a case lead can come back with a passphrase.

    Where members are here and every case lead is gone or disabled, they open nothing: nobody else
    becomes one by them.
    """
    if members.first_case_lead(db) is None and members.count(db):
        return False
    able = exists().where(
        Grant.member_id == Member.id,
        Grant.role == Role.CASE_LEAD,
        Member.passphrase.is_not(None),
        Member.disabled_at.is_(None),
    )
    return not db.scalar(select(able))


def open_sign_in_link(db: Session, token: str, *, now: datetime) -> SignInLink | None:
    """Return the link with that token while it opens something, else None."""
    link = db.scalar(
        select(SignInLink).where(
            SignInLink.token_hash == sealing.token_hash(token),
            SignInLink.spent_at.is_(None),
            SignInLink.expires_at > now,
        )
    )
    if link is None or (link.member_id is None and not set_up_is_open(db)):
        return None
    return link


def member_of_link(db: Session, link: SignInLink) -> Member | None:
    """Return whom the link signs in; None where that member has yet to be made."""
    return members.first_case_lead(db) if link.member_id is None else db.get(Member, link.member_id)


def spend_sign_in_link(db: Session, token: str, *, now: datetime) -> SignInLink | None:
    """Use the link with that token and return it; None when it opens nothing (any more).

    A member's link is spent by it: of two that arrive together one wins. A set-up link goes on
    working, and its openers come in one after the other.
    """
    link = open_sign_in_link(db, token, now=now)
    if link is None:
        return None
    if link.member_id is None:
        db.execute(select(SignInLink.id).where(SignInLink.id == link.id).with_for_update())
        return link if set_up_is_open(db) else None
    spent = db.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.spent_at.is_(None))
        .values(spent_at=now)
        .execution_options(synchronize_session=False)
    )
    return link if spent.rowcount == 1 else None  # type: ignore[attr-defined]


def reset(db: Session, asker: Asker, member_id: int, *, now: datetime) -> str:
    """Return the token of a fresh link by which a member chooses a new passphrase.

    Nothing of the member's ends yet, but for earlier links: all else ends when it is spent.

    Raises:
        NotYours: the member is not the asker's to keep.
        PersonRefused: oneself, or somebody who is disabled.
    """
    member = kept_member(db, asker, member_id)
    if member_id == asker.member_id:
        raise PersonRefused(PersonProblem.ONESELF)
    if member.disabled_at is not None:
        raise PersonRefused(PersonProblem.DISABLED)
    end_links(db, SignInLink.member_id == member_id, now=now)
    record.add(
        db, Deed.MEMBER_RESET, now=now, by=asker, section_id=member.section_id, about_id=member_id
    )
    return new_sign_in_link(db, member_id, now=now, lifetime=RESET_LIFETIME, by=asker)


def open_passphrase_link(db: Session, token: str, *, now: datetime) -> int | None:
    """Return the key of the member who may choose a passphrase by that link, while it is good."""
    link = open_sign_in_link(db, token, now=now)
    if link is None or link.member_id is None:
        return None
    member = db.scalar(
        select(Member)
        .where(Member.id == link.member_id, Member.disabled_at.is_(None))
        .options(selectinload(Member.grants))
        .execution_options(populate_existing=True)
    )
    return member.id if member is not None and _maker_keeps(db, link, member) else None


def spend_passphrase_link(db: Session, token: str, *, now: datetime) -> int | None:
    """Spend the link, take the member's second step and recovery codes, and return the key.

    `accounts.give` then ends the old passphrase and every session. None when the link opens nothing
    (any more); of two that arrive together one wins.
    """
    # Held first: nobody gives the member more rights between the look and the spending.
    of_link = select(SignInLink.member_id).where(SignInLink.token_hash == sealing.token_hash(token))
    db.execute(select(Member.id).where(Member.id.in_(of_link)).with_for_update())
    member_id = open_passphrase_link(db, token, now=now)
    if member_id is None or spend_sign_in_link(db, token, now=now) is None:
        return None
    had_second_step, section_id = db.execute(
        select(Member.totp_since.is_not(None), Member.section_id).where(Member.id == member_id)
    ).one()
    accounts.drop_second_step(db, member_id)
    if had_second_step:
        record.add(
            db, Deed.SECOND_STEP_REMOVED, now=now, member_id=member_id, section_id=section_id
        )
    return member_id


def _maker_keeps(db: Session, link: SignInLink, member: Member) -> bool:
    """Return whether whoever gave the link out may still do so; the operator always may."""
    if link.created_by_id is None:
        return True
    try:
        return members.keeps(members.asker(db, link.created_by_id), member)
    except UnknownMember:
        return False
