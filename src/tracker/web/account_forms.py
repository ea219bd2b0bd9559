"""One's own account on plain pages: they work without JavaScript and with password managers."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime, timedelta

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker import accounts, database, forgetting, record, sealing
from tracker.accounts import AccountProblem, AccountRefused
from tracker.members import Asker
from tracker.models import Deed
from tracker.web import account_pages, attempts, forms, sessions

DONE = "done"
"""The name in the address of /account that says what was just done."""

TO_SCAN = timedelta(minutes=30)
"""How long a page holds good that shows a telephone its secret."""


# The passphrase -----------------------------------------------------------------------------------


def _ask_passphrase(request: Request) -> Response:
    member = _member(request)
    if member is None:
        return _signed_out()
    with database.reading() as db:
        sign_in_name = accounts.sign_in_name_of(db, member)
    return account_pages.passphrase_page(
        has_one=member.has_passphrase, name=member.name, sign_in_name=sign_in_name
    )


def _keep_passphrase(request: Request, form: dict[str, str]) -> Response:
    """Choose the first passphrase, with the names, or change it.

    Form fields: name, sign_in_name, current, passphrase, repeat.
    """
    member = _member(request)
    if member is None:
        return _signed_out()
    return (_change if member.has_passphrase else _choose)(request, member, form)


def _choose(request: Request, member: Asker, form: dict[str, str]) -> Response:
    name, sign_in_name = form.get("name", ""), form.get("sign_in_name", "")
    link = ("first passphrase", _key(member))
    wait = attempts.wait_to_choose(request, link, now=time.monotonic())
    if wait:
        return account_pages.slow_page(wait)
    try:
        account = accounts.prepared(
            name, sign_in_name, form.get("passphrase", ""), repeat=form.get("repeat", "")
        )
        with database.writing() as db:
            first = accounts.give_first(
                db, _key(member), account, now=datetime.now(UTC), keep_token=forms.token_of(request)
            )
    except AccountRefused as refused:
        if AccountProblem.TAKEN in refused.problems.values():
            wait = attempts.wait_to_tell_taken(request, link, now=time.monotonic())
            if wait:
                return account_pages.slow_page(wait)
        return account_pages.passphrase_page(
            has_one=False, name=name, sign_in_name=sign_in_name, problems=refused.problems
        )
    # Another tab or a link was quicker: this page asks for that passphrase now.
    return _done("passphrase") if first else RedirectResponse("/account/passphrase", 303)


def _change(request: Request, member: Asker, form: dict[str, str]) -> Response:
    with database.reading() as db:
        found = accounts.of_asker(db, member)
        sign_in_name = accounts.sign_in_name_of(db, member)
    wait = _too_often(found)
    if wait:
        return account_pages.slow_page(wait)
    try:
        change = accounts.changed(
            found,
            form.get("current", ""),
            form.get("passphrase", ""),
            repeat=form.get("repeat", ""),
        )
        with database.writing() as db:
            accounts.change_passphrase(
                db, member, change, now=datetime.now(UTC), keep_token=forms.token_of(request)
            )
            found = accounts.of_asker(db, member)
    except AccountRefused as refused:
        if refused.problems.get("current") is AccountProblem.WRONG_PASSPHRASE:
            _record_refusal(found)
        return account_pages.passphrase_page(
            has_one=True, sign_in_name=sign_in_name, problems=refused.problems
        )
    response = _done("passphrase")
    # Known by the new passphrase: by the old one no browser is any more.
    attempts.set_known(response, found, now=datetime.now(UTC))
    return response


# The second step ----------------------------------------------------------------------------------


def _ask_second_step(request: Request) -> Response:
    member = _member(request)
    return _signed_out() if member is None else _second_step_page(member)


def _second_step_page(
    member: Asker,
    problems: dict[str, AccountProblem] | None = None,
    *,
    secret: str | None = None,
) -> Response:
    """Return the page to set the second step, with that secret or a fresh one, or to remove it."""
    with database.reading() as db:
        if accounts.second_step_since(db, member) is not None:
            enrolment = None
        else:
            enrolment = accounts.begin_second_step(db, member, secret)
    if enrolment is None:
        return account_pages.second_step_set_page(
            demanded=accounts.is_demanded(member),
            has_passphrase=member.has_passphrase,
            problems=problems,
        )
    return account_pages.second_step_page(
        enrolment,
        sealed=_sealed(member, enrolment.secret),
        has_passphrase=member.has_passphrase,
        problems=problems,
    )


def _change_second_step(request: Request, form: dict[str, str]) -> Response:
    """Set the second step, or take it away.

    Form fields: do ("set" or "remove"), code, current; and secret, sealed, to set it.
    """
    member = _member(request)
    if member is None:
        return _signed_out()
    with database.reading() as db:
        found = accounts.of_asker(db, member)
    wait = _too_often(found)
    if wait:
        return account_pages.slow_page(wait)
    secret = None
    try:
        if form.get("do") == "remove":
            return _remove_second_step(request, member, found, form)
        secret = _unsealed(member, form.get("secret", ""))
        return _set_second_step(request, member, found, secret, form)
    except AccountRefused as refused:
        return _second_step_page(member, refused.problems, secret=secret)


def _set_second_step(
    request: Request,
    member: Asker,
    found: accounts.Known,
    secret: str | None,
    form: dict[str, str],
) -> Response:
    _ask_who(member, found, form)
    now = datetime.now(UTC)
    with database.writing() as db:
        codes = accounts.confirm_second_step(
            db, member, secret, form.get("code", ""), now, keep_token=forms.token_of(request)
        )
        found = accounts.of_asker(db, member)
    response = account_pages.recovery_codes_page(codes)
    # This browser gave a code: it is the one that stays known.
    attempts.set_known(response, found, now=now)
    return response


def _remove_second_step(
    request: Request, member: Asker, found: accounts.Known, form: dict[str, str]
) -> Response:
    _ask_who(member, found, form)
    now = datetime.now(UTC)
    who = attempts.who_tries_code(request, found, now=now)
    wait = attempts.CODES.wait(who, now=time.monotonic())
    if wait:
        return account_pages.slow_page(wait)
    try:
        with database.writing() as db:
            if not accounts.accepts_code(db, _key(member), form.get("code", ""), now):
                raise AccountRefused({"code": AccountProblem.WRONG_CODE})
            accounts.remove_second_step(db, member, now=now)
    except AccountRefused as refused:
        if refused.problems["code"] is AccountProblem.WRONG_CODE:
            _record_refusal(found)
        raise
    return _done("second-step")


def _sealed(member: Asker, secret: str) -> str:
    """Return the secret for the page's form, for that member and for a while."""
    text = json.dumps([_key(member), secret, int(datetime.now(UTC).timestamp())])
    return base64.urlsafe_b64encode(sealing.seal(text, "second step")).decode()


def _unsealed(member: Asker, sealed: str) -> str | None:
    """Return the secret that the form brought back; None where it is too old or another's."""
    try:
        text = sealing.unseal(base64.urlsafe_b64decode(sealed), "second step")
    except (sealing.KeyFileError, ValueError):
        return None
    member_id, secret, since = json.loads(text)
    age = datetime.now(UTC) - datetime.fromtimestamp(since, UTC)
    return str(secret) if member_id == _key(member) and age <= TO_SCAN else None


# Erasing ------------------------------------------------------------------------------------------


def _ask_erase(request: Request) -> Response:
    member = _member(request)
    if member is None:
        return _signed_out()
    return account_pages.erase_page(has_passphrase=member.has_passphrase)


def _erase(request: Request, form: dict[str, str]) -> Response:
    """Erase one's own account, once that is confirmed.

    Form fields: sure ("yes"), current.
    """
    member = _member(request)
    if member is None:
        return _signed_out()
    if form.get("sure") != "yes":
        return account_pages.erase_page(has_passphrase=member.has_passphrase, unticked=True)
    with database.reading() as db:
        found = accounts.of_asker(db, member)
    wait = _too_often(found)
    if wait:
        return account_pages.slow_page(wait)
    try:
        _ask_who(member, found, form)
    except AccountRefused as refused:
        return account_pages.erase_page(has_passphrase=True, problems=refused.problems)
    try:
        with database.writing() as db:
            forgetting.erase(db, _key(member), now=datetime.now(UTC), by=member)
    except forgetting.Refused as refused:
        return account_pages.not_erased_page(refused.reason)
    response = account_pages.erased_page()
    # What was deleted still lies in the database's own files; the answer need not wait for that.
    response.background = BackgroundTask(database.sweep, forgetting.EMPTIED)
    sessions.clear_cookie(response)
    attempts.clear_known(response)
    return response


# What they share ----------------------------------------------------------------------------------


def _member(request: Request) -> Asker | None:
    return sessions.member_with(forms.token_of(request))


def _key(member: Asker) -> int:
    if member.member_id is None:  # nobody at the command line has a cookie
        raise PermissionError("the command line has no account")
    return member.member_id


def _ask_who(member: Asker, found: accounts.Known, form: dict[str, str]) -> None:
    """Refuse whoever does not know the passphrase: a browser left open is not its owner."""
    if member.has_passphrase and not accounts.verified(found, form.get("current", "")):
        _record_refusal(found)
        raise AccountRefused({"current": AccountProblem.WRONG_PASSPHRASE})


def _record_refusal(found: accounts.Known) -> None:
    with database.writing() as db:
        record.add(
            db,
            Deed.SIGN_IN_REFUSED,
            now=datetime.now(UTC),
            about_id=found.member_id,
            section_id=found.section_id,
        )


def _too_often(found: accounts.Known) -> int:
    return attempts.PASSPHRASES.wait((found.key, "own pages"), now=time.monotonic())


def _signed_out() -> Response:
    return RedirectResponse("/sign-in", 303)


def _done(what: str) -> Response:
    return RedirectResponse(f"/account?{DONE}={what}", 303)


HANDLERS = {
    "/account/passphrase": forms.get_or_post(_ask_passphrase, _keep_passphrase),
    "/account/second-step": forms.get_or_post(_ask_second_step, _change_second_step),
    "/account/erase": forms.get_or_post(_ask_erase, _erase),
}
