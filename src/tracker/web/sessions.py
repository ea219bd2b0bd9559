"""Who is here: a cookie, and behind it a row that can be ended at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st
from sqlalchemy import ColumnElement, Update, and_, select, update
from sqlalchemy.orm import Session
from starlette.responses import Response

from tracker import database, members, record, sealing
from tracker.members import Asker
from tracker.models import SESSION_IDLE, SESSION_LONGEST, Deed, Member, WebSession
from tracker.web import cookies

IDLE, LONGEST = SESSION_IDLE, SESSION_LONGEST
CODE_WAIT = timedelta(minutes=10)
"""How long a session may wait for the second step."""

# At every run it would put every visitor into the writer's queue.
_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class OwnSession:
    """One of a member's own sessions, as its owner sees it.

    Attributes:
        public_id: to end it by.
        browser: what the browser roughly is, like "Firefox, Android"; empty where unknown.
        begun_at, last_seen_at: UTC; the latter is kept to the nearest minutes only.
        is_this: whether it is the one that asks.
    """

    public_id: str
    browser: str
    begun_at: datetime
    last_seen_at: datetime
    is_this: bool


def cookie_name() -> str:
    """Return the cookie's name."""
    return cookies.name_of("session")


def begin(
    db: Session, member_id: int, *, now: datetime, browser: str = "", after_code: bool = False
) -> str:
    """Begin a session for the member, record it, and return the token that its cookie carries.

    Every way in ends here: where the member has set a second step, what begins opens nothing but
    the page that asks for the code.

    Args:
        browser: see `OwnSession`.
        after_code: the code was given, just now.
    """
    member = db.get_one(Member, member_id)
    waits = member.totp_since is not None and not after_code
    token = sealing.new_token()
    db.add(
        WebSession(
            token_hash=sealing.token_hash(token),
            member_id=member_id,
            browser=browser or None,
            waits_for_code=waits,
            created_at=now,
            last_seen_at=now,
        )
    )
    if not waits:
        record.add(db, Deed.SIGNED_IN, now=now, member_id=member_id, section_id=member.section_id)
    return token


def set_cookie(response: Response, token: str) -> None:
    """Hand the token to the browser."""
    cookies.hand_over(response, cookie_name(), token, lasting=LONGEST)


def clear_cookie(response: Response) -> None:
    """Have the browser forget the token."""
    cookies.take_back(response, cookie_name())


def end(db: Session, token: str, *, now: datetime) -> None:
    """End the session with that token at once, in every tab, and record it."""
    found = db.scalar(select(WebSession).where(WebSession.token_hash == sealing.token_hash(token)))
    if found is not None and _ended(db, WebSession.id == found.id, now=now):
        member = db.get_one(Member, found.member_id)
        record.add(db, Deed.SIGNED_OUT, now=now, member_id=member.id, section_id=member.section_id)


def of_member(
    db: Session, asker: Asker, token: str | None, *, now: datetime
) -> Sequence[OwnSession]:
    """Return the asker's living sessions: the one with that token first, then the latest."""
    this = sealing.token_hash(token) if token else b""
    rows = db.scalars(
        select(WebSession)
        .where(WebSession.member_id == asker.member_id, _lives(now))
        .order_by(WebSession.last_seen_at.desc(), WebSession.id.desc())
    )
    found = [
        OwnSession(
            public_id=row.public_id,
            browser=row.browser or "",
            begun_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this=row.token_hash == this,
        )
        for row in rows
    ]
    return sorted(found, key=lambda session: not session.is_this)


def end_one(db: Session, asker: Asker, public_id: str, *, now: datetime) -> bool:
    """End one of the asker's own sessions; return whether there was such a one, still open."""
    ended = _ended(
        db,
        and_(WebSession.public_id == public_id, WebSession.member_id == asker.member_id),
        now=now,
    )
    if ended:
        record.add(db, Deed.SESSION_ENDED, now=now, by=asker, section_id=asker.section_id, amount=1)
    return bool(ended)


def end_others(db: Session, asker: Asker, token: str | None, *, now: datetime) -> int:
    """End the asker's own sessions but the one with that token; return how many."""
    this = sealing.token_hash(token) if token else b""
    ended = _ended(
        db,
        and_(WebSession.member_id == asker.member_id, WebSession.token_hash != this),
        now=now,
    )
    if ended:
        record.add(
            db, Deed.SESSION_ENDED, now=now, by=asker, section_id=asker.section_id, amount=ended
        )
    return ended


def member_with(token: str | None, *, now: datetime | None = None) -> Asker | None:
    """Return the member whose living session has that token, else None."""
    if not token:
        return None
    now = now or datetime.now(UTC)
    with database.reading() as db:
        found = db.scalar(
            select(WebSession).where(
                WebSession.token_hash == sealing.token_hash(token), _lives(now)
            )
        )
        if found is None:
            return None
        try:
            asker = members.asker(db, found.member_id)
        except members.UnknownMember:
            return None
    seen = _seen(found, now)
    if seen is not None:
        with database.writing() as db:
            db.execute(seen)
    return asker


def waiting_member(db: Session, token: str | None, *, now: datetime) -> int | None:
    """Return the key of the member whose session with that token waits for a code, else None."""
    if not token:
        return None
    return db.scalar(
        select(WebSession.member_id)
        .join(Member, Member.id == WebSession.member_id)
        .where(
            WebSession.token_hash == sealing.token_hash(token),
            WebSession.waits_for_code,
            WebSession.ended_at.is_(None),
            # Begun under a clock that was ahead: it would wait for too long.
            WebSession.created_at > now - CODE_WAIT,
            WebSession.created_at <= now + CODE_WAIT,
            Member.disabled_at.is_(None),
        )
    )


def after_code(db: Session, token: str, *, now: datetime) -> str:
    """End the session that waited, and return the token of the one that the code opened."""
    waited = db.scalars(
        select(WebSession).where(WebSession.token_hash == sealing.token_hash(token))
    ).one()
    waited.ended_at = now
    return begin(db, waited.member_id, now=now, browser=waited.browser or "", after_code=True)


def current_token() -> str | None:
    """Return the token of this run's visitor. The only place that reads the cookie in a run."""
    return st.context.cookies.get(cookie_name())


def current_member() -> Asker | None:
    """Return the member whose run this is, asked anew each time, else None."""
    return member_with(current_token())


def _lives(now: datetime) -> ColumnElement[bool]:
    """Return the condition under which a session opens something."""
    return and_(
        WebSession.ended_at.is_(None),
        WebSession.waits_for_code.is_(False),
        WebSession.last_seen_at > now - IDLE,
        WebSession.created_at > now - LONGEST,
    )


def _seen(found: WebSession, now: datetime) -> Update | None:
    """Return what to write of this visit, if anything."""
    # What is still ahead was written under a clock that was fast: from now on it counts from now,
    # so that no session lives for longer than it may.
    ahead = max(found.created_at, found.last_seen_at) > now
    if not ahead and found.last_seen_at >= now - _SEEN_EVERY:
        return None
    return (
        update(WebSession)
        .where(WebSession.id == found.id)
        .values(last_seen_at=now, created_at=min(found.created_at, now))
    )


def _ended(db: Session, which: ColumnElement[bool], *, now: datetime) -> int:
    """End those sessions, of the open ones, and return how many."""
    done = db.execute(
        update(WebSession).where(which, WebSession.ended_at.is_(None)).values(ended_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
