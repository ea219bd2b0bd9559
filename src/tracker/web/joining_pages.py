"""What the plain pages of coming in say: set-up, invitation, letter night, new passphrase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import HTMLResponse

from tracker import accounts, members
from tracker.accounts import AccountProblem
from tracker.members import SectionProblem
from tracker.models import Role
from tracker.web import labels, plain
from tracker.wording import gettext as _


def setup_page(
    *,
    known: bool = False,
    once: bool = False,
    section: str | None = None,
    time_zone: str = "UTC",
    problems: Sequence[SectionProblem] = (),
) -> HTMLResponse:
    """Return the page behind a set-up link: one button, and for a new server a small form.

    Args:
        known: whether the member is there whom the link signs in; nobody is for a new server.
        once: whether it does so only once.
        section, time_zone: what was typed, or the defaults.
        problems: what stands against it.
    """
    words = {problem: labels.section_problem(problem) for problem in problems}
    zone_problem = words.pop(SectionProblem.UNKNOWN_ZONE, "")
    return plain.page(
        "setup.html",
        _("Sign in") if known else _("Set up this server"),
        status=422 if problems else 200,
        known=known,
        once=once,
        section=_("First section") if section is None else section,
        time_zone=time_zone,
        time_zones=["UTC", *members.time_zones()],
        name_problem=" ".join(words.values()),
        zone_problem=zone_problem,
    )


def choosing_page(
    section: str,
    group: str,
    role: Role | None,
    *,
    typed: Mapping[str, str],
    problems: Mapping[str, AccountProblem],
) -> HTMLResponse:
    """Return the page behind an invitation, a join code or a link to a passphrase.

    Args:
        section, group: where it leads; the group may be empty.
        role: as what a new member comes in; None for somebody who comes back.
        typed: what was typed; the passphrase is never sent back.
        problems: what stands against which field.
    """
    return plain.page(
        "join.html",
        _("Choose how you sign in") if role is None else _("Welcome"),
        status=422 if problems else 200,
        place=" · ".join(part for part in (group, section) if part),
        role=role and labels.role(role),
        name=typed.get("name", ""),
        sign_in_name=typed.get("sign_in_name", ""),
        problems={field: labels.account_problem(code) for field, code in problems.items()},
        shortest=accounts.SHORTEST,
    )


def crowded_page() -> HTMLResponse:
    """Return what is shown while too many open join codes from one place."""
    return plain.message(
        _("Just a moment, please"),
        [_("Very many people are opening this address just now. Please try again in a minute.")],
        status=429,
    )


def spent_link_page() -> HTMLResponse:
    """Return what a link shows that opens nothing (any more), whatever the reason."""
    return plain.message(
        _("This link opens nothing any more"),
        [
            _("It may have been used, ended or replaced, or its time is over."),
            _("Whoever gave it to you can make a fresh one. If you have an account, sign in."),
        ],
        status=410,
        link="/sign-in",
        link_text=_("Sign in"),
    )
