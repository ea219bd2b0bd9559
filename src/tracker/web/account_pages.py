"""What the plain pages of sign-in and of one's own account say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import segno
from starlette.responses import HTMLResponse, Response

from tracker import accounts, settings
from tracker.accounts import AccountProblem
from tracker.forgetting import Hindrance
from tracker.web import plain
from tracker.web.identity_provider import Refusal
from tracker.web.labels import account_problem
from tracker.wording import gettext as _
from tracker.wording import ngettext


def sign_in_page(
    *, name: str = "", next_path: str = "/", refused: bool = False, set_up: bool = False
) -> HTMLResponse:
    """Return the form to sign in with, with what was typed kept; never the passphrase.

    Args:
        set_up: whether the set-up link still works; whoever set out to use it is told of it.
    """
    provider = settings.current().oidc
    return plain.page(
        "sign_in.html",
        _("Please sign in"),
        status=401 if refused else 200,
        name=name,
        next_path=next_path,
        refused=refused,
        set_up=set_up,
        provider=provider.name if provider else "",
        provider_address="/sign-in/oidc?" + urlencode({"next": next_path}),
    )


def code_page(*, next_path: str = "/", refused: bool = False) -> HTMLResponse:
    """Return the form that asks for the code of the second step."""
    return plain.page(
        "code.html",
        _("And now the code"),
        status=401 if refused else 200,
        next_path=next_path,
        refused=refused,
    )


def slow_page(seconds: int) -> Response:
    """Return what whoever tries too often sees: the same for every name."""
    minutes = -(-seconds // 60)
    waiting = (
        _("Please wait a minute, then try again.")
        if minutes == 1
        else ngettext(
            "Please wait {minutes} minute, then try again.",
            "Please wait {minutes} minutes, then try again.",
            minutes,
        ).format(minutes=minutes)
    )
    response = plain.message(
        _("One moment, please"),
        [
            _("Somebody tried this name several times just now, or many people are coming in."),
            waiting,
        ],
        status=429,
        link="/sign-in",
        link_text=_("Back to sign-in"),
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def provider_refused(reason: Refusal) -> HTMLResponse:
    """Return what is said when nobody could be signed in through the identity provider."""
    sentences = {
        Refusal.DENIED: _("You were not signed in: that was declined on the other side."),
        Refusal.TOO_LATE: _("That took too long, so please begin again."),
        Refusal.UNREACHABLE: _("The other side does not answer just now."),
        Refusal.CLOCK: _("The clocks of the two servers disagree; please tell whoever runs it."),
    }
    said = sentences.get(reason, _("Something did not match on the way, so please begin again."))
    return _not_signed_in(said, status=502 if reason is Refusal.UNREACHABLE else 401)


def stranger_page() -> HTMLResponse:
    """Return what somebody sees whom the provider knows, and nobody here."""
    return _not_signed_in(
        _("There is no open account here for you. Please ask your coordinator for an invitation."),
        status=401,
    )


def passphrase_page(
    *,
    has_one: bool,
    name: str = "",
    sign_in_name: str = "",
    problems: Mapping[str, AccountProblem] | None = None,
) -> HTMLResponse:
    """Return the form for a first passphrase, with the names, or for another one."""
    return plain.page(
        "passphrase.html",
        _("Another passphrase") if has_one else _("Choose how you sign in"),
        status=422 if problems else 200,
        has_one=has_one,
        name=name,
        sign_in_name=sign_in_name,
        problems=_worded(problems),
    )


def second_step_page(
    enrolment: accounts.Enrolment,
    *,
    sealed: str,
    has_passphrase: bool,
    problems: Mapping[str, AccountProblem] | None = None,
) -> HTMLResponse:
    """Return the page that tells the telephone its secret, and asks for the first code.

    Args:
        sealed: the secret as the form brings it back.
    """
    secret = enrolment.secret
    return plain.page(
        "second_step.html",
        _("A second step to sign in"),
        status=422 if problems else 200,
        picture=segno.make(enrolment.uri, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
        sealed=sealed,
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        has_passphrase=has_passphrase,
        problems=_worded(problems),
    )


def second_step_set_page(
    *,
    demanded: bool,
    has_passphrase: bool,
    problems: Mapping[str, AccountProblem] | None = None,
) -> HTMLResponse:
    """Return the page of a second step that is set: how to take it away again."""
    return plain.page(
        "second_step_set.html",
        _("Your second step"),
        status=422 if problems else 200,
        demanded=demanded,
        has_passphrase=has_passphrase,
        problems=_worded(problems),
    )


def recovery_codes_page(codes: Sequence[str]) -> HTMLResponse:
    """Return the recovery codes: the only time that they are shown."""
    return plain.page("recovery_codes.html", _("Your recovery codes"), codes=codes)


def erase_page(
    *,
    has_passphrase: bool,
    problems: Mapping[str, AccountProblem] | None = None,
    unticked: bool = False,
) -> HTMLResponse:
    """Return the page that asks whether the account shall really go."""
    return plain.page(
        "erase.html",
        _("Erase my account"),
        status=422 if problems or unticked else 200,
        has_passphrase=has_passphrase,
        problems=_worded(problems),
        unticked=unticked,
    )


def erased_page() -> HTMLResponse:
    """Return what somebody sees last who erased their account."""
    return plain.message(
        _("Your account is gone"),
        [
            _("Your names and whatever else said who you are went with it."),
            _("The letters that you logged stay, as numbers. Thank you for each of them."),
        ],
    )


def not_erased_page(reason: Hindrance) -> HTMLResponse:
    """Return why an account cannot be erased as things stand."""
    return plain.message(
        _("Not yet"),
        [
            {
                Hindrance.LAST_CASE_LEAD: _(
                    "You are the only one who keeps the cases. Please make somebody else a case"
                    " lead first."
                ),
                Hindrance.DEMONSTRATION: _("The people of a demonstration stay as they are."),
            }[reason]
        ],
        status=422,
        link="/account",
        link_text=_("Back to your account"),
    )


def _not_signed_in(sentence: str, *, status: int) -> HTMLResponse:
    return plain.message(
        _("You are not signed in"),
        [sentence],
        status=status,
        link="/sign-in",
        link_text=_("Back to sign-in"),
    )


def _worded(problems: Mapping[str, AccountProblem] | None) -> dict[str, str]:
    return {field: account_problem(problem) for field, problem in (problems or {}).items()}
