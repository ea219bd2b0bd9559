"""What the page of one's own account is made of, and the notices that stand on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.members import Asker
from tracker.models import Role
from tracker.web import components, sessions
from tracker.web.components import lacks_passphrase
from tracker.web.sessions import OwnSession
from tracker.wording import gettext as _


def own_sessions(db: Session, asker: Asker, *, now: datetime) -> Sequence[OwnSession]:
    """Return where the asker is signed in, this browser first."""
    return sessions.of_member(db, asker, sessions.current_token(), now=now)


def end_session(db: Session, asker: Asker, session_id: str, *, now: datetime) -> None:
    """End one of the asker's own sessions, if it is still open."""
    sessions.end_one(db, asker, session_id, now=now)


def end_other_sessions(db: Session, asker: Asker, *, now: datetime) -> None:
    """End the asker's sessions in all other browsers."""
    sessions.end_others(db, asker, sessions.current_token(), now=now)


def account_notices(member: Asker) -> None:
    """Draw what the member still has to do for the account, if anything."""
    if member.waiting:
        components.notice(
            _("What you coordinate or keep opens once the second step is set, here below.")
        )
    if lacks_passphrase(member):
        sentences = [
            _("You have no passphrase yet, so only a link lets you in again. Please choose one.")
        ]
        if Role.CASE_LEAD in member.roles | member.waiting:
            sentences.append(
                _("The server's set-up link goes on working until a case lead has one.")
            )
        components.notice(" ".join(sentences))


def say_done(what: str | None) -> None:
    """Draw what was just done, by its code: "name", "passphrase", "second-step"; else nothing."""
    said = {
        "name": _("Your name is changed."),
        "passphrase": _("Your passphrase is kept. You stay signed in here, and nowhere else."),
        "second-step": _("Sign-in asks you for no code any more."),
    }.get(what or "")
    if said:
        components.notice(said)
