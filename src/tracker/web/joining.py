"""What links and codes open: setting the server up, an invitation, a letter night, a passphrase.

Chat programs open links to preview them: GET shows a form and names nobody, only POST spends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker import accounts, database, invitations, members
from tracker.accounts import Account, AccountProblem, AccountRefused
from tracker.invitations import Place
from tracker.models import Role
from tracker.web import attempts, browsers, forms, joining_pages, plain, sessions, sign_in

CODES_OPENED = attempts.Attempts(600, 60)
"""Looks at join codes from one network in a minute: a hall full of people, and no guessing."""


@dataclass(frozen=True)
class _Seen:
    """Where a link leads, as its opener may know it; no role where a member comes back."""

    section: str
    group: str
    role: Role | None = None


@dataclass(frozen=True)
class _Way:
    """One kind of link behind which an account is chosen.

    Attributes:
        look: where the token leads, while it opens something.
        enter: spend the token and return the member's key; None when it opens nothing any more.
        hall: whether a hall full of people opens it at once.
    """

    look: Callable[[Session, str, datetime], _Seen | None]
    enter: Callable[[Session, str, Account, datetime], int | None]
    hall: bool = False


async def setup(request: Request) -> Response:
    """Show the button of a set-up link, or of a demonstration's, and sign in when it is pressed."""
    token = request.path_params["token"]
    if request.method != "POST":
        return await run_in_threadpool(_offer, token)
    form = await forms.small_form(request)
    if form is None:
        return plain.refused_page()
    return await run_in_threadpool(_set_up, token, form, _browser(request))


async def invite(request: Request) -> Response:
    """Show where an invitation leads, and make its opener a member there."""
    return await _choose_account(request, _INVITATION, request.path_params["token"])


async def join(request: Request) -> Response:
    """Show where a join code leads, and make whoever opens it a volunteer there."""
    if CODES_OPENED.wait(attempts.network_of(request), now=time.monotonic()):
        return joining_pages.crowded_page()
    return await _choose_account(request, _JOIN_CODE, request.path_params["code"])


async def passphrase(request: Request) -> Response:
    """Let a member choose a first or a new passphrase."""
    return await _choose_account(request, _PASSPHRASE, request.path_params["token"])


async def _choose_account(request: Request, way: _Way, token: str) -> Response:
    if request.method != "POST":
        return await run_in_threadpool(_show, way, token)
    form = await forms.small_form(request)
    if form is None:
        return plain.refused_page()
    return await run_in_threadpool(_enter, way, token, form, request)


def _show(
    way: _Way,
    token: str,
    form: Mapping[str, str] | None = None,
    problems: Mapping[str, AccountProblem] | None = None,
) -> Response:
    with database.reading() as db:
        seen = way.look(db, token, datetime.now(UTC))
    if seen is None:
        return joining_pages.spent_link_page()
    return joining_pages.choosing_page(
        seen.section, seen.group, seen.role, typed=form or {}, problems=problems or {}
    )


def _enter(way: _Way, token: str, form: dict[str, str], request: Request) -> Response:
    now = datetime.now(UTC)
    with database.reading() as db:
        # Nobody has the server hash a passphrase for nothing.
        opens = way.look(db, token, now) is not None
        just_used = invitations.just_used(db, token, now=now)
    if not opens:
        twice = _sent_twice(request, form) if just_used else None
        return twice or joining_pages.spent_link_page()
    if attempts.wait_to_choose(request, token, now=time.monotonic(), hall=way.hall):
        return joining_pages.crowded_page()
    try:
        account = accounts.prepared(
            form.get("name", ""), form.get("sign_in_name", ""), form.get("passphrase", "")
        )
        with database.writing() as db:
            member_id = way.enter(db, token, account, now)
            session_token = ""
            if member_id is not None:
                accounts.give(db, member_id, account, now=now)
                session_token = sessions.begin(db, member_id, now=now, browser=_browser(request))
    except AccountRefused as refused:
        # Nothing was written: the link is still good for the corrected form.
        if AccountProblem.TAKEN in refused.problems.values():
            instead = _sent_twice(request, form) or _slowed(request, token)
        else:
            instead = None
        return instead or _show(way, token, form, refused.problems)
    except members.GroupRefused:
        return joining_pages.spent_link_page()
    if not session_token:
        return _sent_twice(request, form) or joining_pages.spent_link_page()
    return _signed_in(session_token)


def _slowed(request: Request, token: str) -> Response | None:
    """Say nothing of a name that is taken, where that was said often already."""
    wait = attempts.wait_to_tell_taken(request, token, now=time.monotonic())
    return joining_pages.crowded_page() if wait else None


def _sent_twice(request: Request, form: dict[str, str]) -> Response | None:
    """Let in whoever sends the form of an account that is there, as a double click does.

    The second answer is the one that a browser shows. It opens no more than /sign-in does, and
    counts as a try there.
    """
    if not form.get("sign_in_name") or not form.get("passphrase"):
        return None
    answer = sign_in.let_in(request, form)
    return answer if answer.status_code == 303 else None


def _offer(token: str) -> Response:
    with database.reading() as db:
        link = invitations.open_sign_in_link(db, token, now=datetime.now(UTC))
        for_nobody = link is None or (link.member_id is not None and not members.is_demo(db))
        member = invitations.member_of_link(db, link) if link else None
    if link is None or for_nobody:
        return joining_pages.spent_link_page()
    return joining_pages.setup_page(known=member is not None, once=link.member_id is not None)


def _set_up(token: str, form: Mapping[str, str], browser: str) -> Response:
    now = datetime.now(UTC)
    section, time_zone = form.get("section", ""), form.get("time_zone", "")
    try:
        with database.writing() as db:
            link = invitations.open_sign_in_link(db, token, now=now)
            # A member's own link leads to a new passphrase: it must not let anybody else in unseen.
            if link is not None and link.member_id is not None and not members.is_demo(db):
                return joining_pages.spent_link_page()
            link = invitations.spend_sign_in_link(db, token, now=now)
            if link is None:
                return joining_pages.spent_link_page()
            member_id = link.member_id or members.set_up(db, section, time_zone, now=now)
            session_token = sessions.begin(db, member_id, now=now, browser=browser)
    except members.SectionRefused as refused:
        # Nothing was written: the link is still good for the corrected form.
        return joining_pages.setup_page(
            section=section, time_zone=time_zone, problems=refused.reasons
        )
    return _signed_in(session_token)


def _signed_in(session_token: str) -> Response:
    response = RedirectResponse("/", 303)
    sessions.set_cookie(response, session_token)
    return response


def _browser(request: Request) -> str:
    return browsers.browser_name(request.headers.get("user-agent", ""))


def _look_at_invitation(db: Session, token: str, now: datetime) -> _Seen | None:
    return _place_seen(invitations.open_invitation(db, token, now=now))


def _accept(db: Session, token: str, account: Account, now: datetime) -> int | None:
    place = invitations.spend_invitation(db, token, now=now)
    return None if place is None else invitations.admit(db, place, name=account.name, now=now)


def _look_at_code(db: Session, code: str, now: datetime) -> _Seen | None:
    return _place_seen(invitations.open_join_code(db, code, now=now))


def _take_place(db: Session, code: str, account: Account, now: datetime) -> int | None:
    place = invitations.take_place(db, code, now=now)
    return None if place is None else invitations.admit(db, place, name=account.name, now=now)


def _look_at_member(db: Session, token: str, now: datetime) -> _Seen | None:
    member_id = invitations.open_passphrase_link(db, token, now=now)
    if member_id is None:
        return None
    member = members.asker(db, member_id)
    return _Seen(member.section, member.group)


def _begin_anew(db: Session, token: str, account: Account, now: datetime) -> int | None:
    return invitations.spend_passphrase_link(db, token, now=now)


def _place_seen(place: Place | None) -> _Seen | None:
    return None if place is None else _Seen(place.section, place.group, place.role)


_INVITATION = _Way(_look_at_invitation, _accept)
_JOIN_CODE = _Way(_look_at_code, _take_place, hall=True)
_PASSPHRASE = _Way(_look_at_member, _begin_anew)

HANDLERS = {
    "/setup/{token}": setup,
    "/invite/{token}": invite,
    "/join/{code}": join,
    "/passphrase/{token}": passphrase,
}
