"""Who is here: a cookie, and behind it a row that can be ended at any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from starlette.responses import Response

from tracker import database, members, sealing, settings
from tracker.members import Asker
from tracker.models import WebSession

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)
# At every run it would put every visitor into the writer's queue.
_SEEN_EVERY = timedelta(minutes=5)


def cookie_name() -> str:
    """Return the cookie's name; under https browsers hold such a one to this host and to https."""
    return "__Host-tracker" if settings.current().secure else "tracker_session"


def begin(db: Session, member_id: int, *, now: datetime) -> str:
    """Begin a session for the member and return the token that its cookie carries."""
    token = sealing.new_token()
    db.add(
        WebSession(
            token_hash=sealing.token_hash(token),
            member_id=member_id,
            created_at=now,
            last_seen_at=now,
        )
    )
    return token


def set_cookie(response: Response, token: str) -> None:
    """Hand the token to the browser, out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.current().secure,
        path="/",
    )


def clear_cookie(response: Response) -> None:
    """Have the browser forget the token."""
    response.delete_cookie(
        cookie_name(), httponly=True, samesite="lax", secure=settings.current().secure, path="/"
    )


def end(db: Session, token: str, *, now: datetime) -> None:
    """End the session with that token at once, in every tab."""
    db.execute(
        update(WebSession)
        .where(WebSession.token_hash == sealing.token_hash(token), WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def member_with(token: str | None, *, now: datetime | None = None) -> Asker | None:
    """Return the member whose living session has that token, else None."""
    if not token:
        return None
    now = now or datetime.now(UTC)
    with database.reading() as db:
        found = db.scalar(
            select(WebSession).where(
                WebSession.token_hash == sealing.token_hash(token),
                WebSession.ended_at.is_(None),
                WebSession.last_seen_at > now - IDLE,
                WebSession.created_at > now - LONGEST,
            )
        )
        if found is None:
            return None
        try:
            asker = members.asker(db, found.member_id)
        except members.UnknownMember:
            return None
    if found.last_seen_at < now - _SEEN_EVERY:
        with database.writing() as db:
            db.execute(update(WebSession).where(WebSession.id == found.id).values(last_seen_at=now))
    return asker


def current_token() -> str | None:
    """Return the token of this run's visitor. The only place that reads the cookie in a run."""
    return st.context.cookies.get(cookie_name())


def current_member() -> Asker | None:
    """Return the member whose run this is, asked anew each time, else None."""
    return member_with(current_token())
