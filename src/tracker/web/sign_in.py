"""The way in and out: a name and a passphrase, perhaps a code, or an identity provider.

Whoever is refused learns nothing of who has an account here: the sentence, the time that it takes
and the number of tries are the same.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from urllib.parse import urlencode

from anyio import CapacityLimiter, to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker import accounts, database, invitations, members, record, settings
from tracker.models import Deed
from tracker.web import (
    account_pages,
    attempts,
    browsers,
    forms,
    identity_provider,
    oidc,
    plain,
    sessions,
)
from tracker.wording import gettext as _

_log = logging.getLogger(__name__)

_BUSY_SECONDS = 5
# A provider may be slow for seconds: whoever waits for it takes no thread from everybody else.
_AT_PROVIDER = CapacityLimiter(4)


async def to_provider(request: Request) -> Response:
    """Send the browser to the identity provider."""
    return await to_thread.run_sync(_to_provider, request, limiter=_AT_PROVIDER)


async def from_provider(request: Request) -> Response:
    """Let in whoever comes back from the identity provider, if somebody here knows them."""
    return await to_thread.run_sync(_from_provider, request, limiter=_AT_PROVIDER)


def _to_provider(request: Request) -> Response:
    provider = settings.current().oidc
    if provider is None:
        return plain.missing_page()
    next_path = request.query_params.get("next", "/")
    try:
        departure = oidc.begin(provider, now=datetime.now(UTC), next_path=next_path)
    except identity_provider.OidcRefused as refused:
        _log.warning("Nobody can sign in through the provider: %s", refused)
        return account_pages.provider_refused(refused.reason)
    response = RedirectResponse(departure.url, 303)
    oidc.set_cookie(response, departure)
    return response


def _from_provider(request: Request) -> Response:
    provider = settings.current().oidc
    if provider is None:
        return plain.missing_page()
    now = datetime.now(UTC)
    cookie = request.cookies.get(oidc.cookie_name())
    try:
        identity = oidc.finish(provider, dict(request.query_params), cookie, now=now)
        response = _known_elsewhere(request, identity, now)
    except identity_provider.OidcRefused as refused:
        _log.warning("Nobody was signed in through the provider: %s", refused)
        _record_refusal_elsewhere(request, accounts.NOBODY, now)
        response = account_pages.provider_refused(refused.reason)
    oidc.clear_cookie(response)
    return response


def sign_out(request: Request) -> Response:
    """End the session, in every tab."""
    token = forms.token_of(request)
    if token:
        with database.writing() as db:
            sessions.end(db, token, now=datetime.now(UTC))
    response = RedirectResponse("/sign-in", 303)
    sessions.clear_cookie(response)
    return response


# Name and passphrase ------------------------------------------------------------------------------


def _ask(request: Request) -> Response:
    next_path = oidc.local_path(request.query_params.get("next", "/"))
    token = forms.token_of(request)
    if sessions.member_with(token) is not None:
        return RedirectResponse(next_path, 303)
    with database.reading() as db:
        waits = sessions.waiting_member(db, token, now=datetime.now(UTC)) is not None
        set_up = invitations.set_up_is_open(db)
    if waits:
        return RedirectResponse(_code_address(next_path), 303)
    return account_pages.sign_in_page(next_path=next_path, set_up=set_up)


def let_in(request: Request, form: dict[str, str]) -> Response:
    """Return the way on for the right name and passphrase (303), else the form once more.

    Form fields: sign_in_name, passphrase, next. It counts as a try, and a refusal is recorded.
    """
    name = form.get("sign_in_name", "")
    next_path = oidc.local_path(form.get("next", "/"))
    now = datetime.now(UTC)
    with database.reading() as db:
        found = accounts.known(db, name)
    network = attempts.network_of(request)
    who, known = attempts.who_tries(request, found, now=now)
    with attempts.place_in_queue(network, known=known) as room:
        if not room:
            return account_pages.slow_page(_BUSY_SECONDS)
        # First by network: invented names fill no memory with those who try them.
        wait = 0 if known else attempts.NETWORKS.wait(network, now=time.monotonic())
        if wait:
            return _slowed(attempts.NETWORKS, network, accounts.NOBODY, wait, now)
        wait = attempts.PASSPHRASES.wait(who, now=time.monotonic())
        if wait:
            return _slowed(attempts.PASSPHRASES, who, found, wait, now)
        right = accounts.verified(found, form.get("passphrase", ""))
    # The hash took its time: what it opens is decided by how things are now.
    now = datetime.now(UTC)
    with database.writing() as db:
        if right and found.member_id is not None and accounts.still_holds(db, found):
            token, waits = _begun(db, request, found.member_id, now)
        else:
            _record_refusal(db, found, now)
            return account_pages.sign_in_page(name=name, next_path=next_path, refused=True)
    return _came_in(token, found, waits=waits, next_path=next_path, now=now)


def _slowed(
    kind: attempts.Attempts, who: object, found: accounts.Known, wait: int, now: datetime
) -> Response:
    """Say that there were too many tries; the record is told once a window."""
    if kind.is_news(who, now=time.monotonic()):
        with database.writing() as db:
            record.add(
                db,
                Deed.SIGN_IN_SLOWED,
                now=now,
                about_id=found.member_id,
                section_id=found.section_id,
            )
    return account_pages.slow_page(wait)


# The code -----------------------------------------------------------------------------------------


def _ask_code(request: Request) -> Response:
    next_path = oidc.local_path(request.query_params.get("next", "/"))
    with database.reading() as db:
        token = forms.token_of(request)
        waits = sessions.waiting_member(db, token, now=datetime.now(UTC)) is not None
    if not waits:
        return RedirectResponse(_sign_in_address(next_path), 303)
    return account_pages.code_page(next_path=next_path)


def _take_code(request: Request, form: dict[str, str]) -> Response:
    """Let in whoever gave the passphrase and now gives the code of the second step.

    Form fields: code, next.
    """
    next_path = oidc.local_path(form.get("next", "/"))
    now = datetime.now(UTC)
    token = forms.token_of(request) or ""
    with database.reading() as db:
        member_id = sessions.waiting_member(db, token, now=now)
        found = accounts.of_member(db, member_id) if member_id is not None else None
    if member_id is None or found is None:
        return RedirectResponse(_sign_in_address(next_path), 303)
    who = attempts.who_tries_code(request, found, now=now)
    wait = attempts.CODES.wait(who, now=time.monotonic())
    if wait:
        return _slowed(attempts.CODES, who, found, wait, now)
    with database.writing() as db:
        if sessions.waiting_member(db, token, now=now) is None:
            return RedirectResponse(_sign_in_address(next_path), 303)
        if not accounts.accepts_code(db, member_id, form.get("code", ""), now):
            _record_refusal(db, found, now)
            return account_pages.code_page(next_path=next_path, refused=True)
        fresh = sessions.after_code(db, token, now=now)
    return _came_in(fresh, found, waits=False, next_path=next_path, now=now)


# The identity provider ----------------------------------------------------------------------------


def _known_elsewhere(request: Request, identity: oidc.Identity, now: datetime) -> Response:
    """Let in whoever the provider knows, if they are a member or may become one."""
    try:
        with database.writing() as db:
            found = _member_of(db, identity, now)
            begun = None
            if found.member_id is not None and found.enabled:
                begun = _begun(db, request, found.member_id, now)
    except (accounts.IdentityTaken, members.GroupRefused):
        # Two requests at once, as a double click makes: this time there is something to find.
        return RedirectResponse("/sign-in/oidc?" + urlencode({"next": identity.next_path}), 303)
    if begun is None:
        _record_refusal_elsewhere(request, found, now)
        return account_pages.stranger_page()
    token, waits = begun
    return _came_in(token, found, waits=waits, next_path=identity.next_path, now=now)


def _member_of(db: Session, identity: oidc.Identity, now: datetime) -> accounts.Known:
    """Return what is known of that person, who becomes a member where something leads in."""
    member = accounts.member_of_identity(db, identity.issuer, identity.subject)
    if member is not None:
        return accounts.of_member(db, member.id)
    place = invitations.place_by_email(db, identity.email, now=now) if identity.email else None
    if place is None:
        return accounts.NOBODY
    name = accounts.display_name(identity.name) or _("New member")
    member_id = invitations.admit(db, place, name=name, now=now)
    accounts.link_identity(db, member_id, identity.issuer, identity.subject)
    return accounts.of_member(db, member_id)


# What they share ----------------------------------------------------------------------------------


def _begun(db: Session, request: Request, member_id: int, now: datetime) -> tuple[str, bool]:
    """Begin a session instead of this browser's last one; return its token, and if it waits."""
    old = forms.token_of(request)
    if old:
        sessions.end(db, old, now=now)
    browser = browsers.browser_name(request.headers.get("user-agent", ""))
    token = sessions.begin(db, member_id, now=now, browser=browser)
    db.flush()
    return token, sessions.waiting_member(db, token, now=now) is not None


def _came_in(
    token: str, found: accounts.Known, *, waits: bool, next_path: str, now: datetime
) -> Response:
    response = RedirectResponse(_code_address(next_path) if waits else next_path, 303)
    sessions.set_cookie(response, token)
    if not waits:
        attempts.set_known(response, found, now=now)
    return response


def _record_refusal(db: Session, found: accounts.Known, now: datetime) -> None:
    about, section = found.member_id, found.section_id
    record.add(db, Deed.SIGN_IN_REFUSED, now=now, about_id=about, section_id=section)


def _record_refusal_elsewhere(request: Request, found: accounts.Known, now: datetime) -> None:
    """Record that somebody came back from the provider in vain; a flood of them is not recorded."""
    network = attempts.network_of(request)
    if attempts.PASSPHRASES.wait(("provider", network), now=time.monotonic()) == 0:
        with database.writing() as db:
            _record_refusal(db, found, now)


def _sign_in_address(next_path: str) -> str:
    return "/sign-in" if next_path == "/" else "/sign-in?" + urlencode({"next": next_path})


def _code_address(next_path: str) -> str:
    return _sign_in_address(next_path).replace("/sign-in", "/sign-in/code", 1)


HANDLERS = {
    "/sign-in": forms.get_or_post(_ask, let_in),
    "/sign-in/code": forms.get_or_post(_ask_code, _take_code),
    "/sign-in/oidc": to_provider,
    oidc.CALLBACK: from_provider,
    "/sign-out": sign_out,
}
