"""Pages without Streamlit: plain HTML that works without JavaScript, on any phone."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse

from tracker import database, members, wording
from tracker.members import SectionProblem
from tracker.wording import gettext as _

_templates = Environment(
    loader=PackageLoader("tracker.web", "templates"),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
)
_templates.globals["_"] = _


def fragment(template: str, **values: object) -> str:
    """Return a piece of HTML for a Streamlit page, every value escaped."""
    return _templates.get_template(template).render(**values)


def setup_page(
    *,
    known: str = "",
    section: str | None = None,
    time_zone: str = "UTC",
    problem: SectionProblem | None = None,
) -> HTMLResponse:
    """Return the page behind a sign-in link: one button, and for a new server a small form.

    Args:
        known: the name of the member whom the link signs in; empty for a server's first.
        section, time_zone: what was typed, or the defaults.
        problem: what stands against it, if anything.
    """
    return _page(
        "setup.html",
        _("Sign in") if known else _("Set up this server"),
        status=422 if problem else 200,
        known=known,
        section=_("First section") if section is None else section,
        time_zone=time_zone,
        time_zones=["UTC", *members.time_zones()],
        problem=problem,
        problem_text=problem and _section_problem(problem),
    )


def spent_link_page() -> HTMLResponse:
    """Return what a link shows that opens nothing (any more)."""
    return _message(
        _("This link opens nothing any more"),
        [
            _("Each link works once, for a day, and until the program is started again."),
            _("Whoever runs the program finds a fresh one where it was started."),
        ],
        status=410,
    )


def sign_in_page() -> HTMLResponse:
    """Return what the signed-out see."""
    return _message(
        _("Please sign in"),
        [
            _("This program is for people who write for Urgent Actions."),
            _("Whoever runs it can give you a link that opens it, once."),
            _("Setting it up? Use the link that the program printed when it was started."),
        ],
    )


def missing_page() -> HTMLResponse:
    """Return the page for a path that leads nowhere."""
    return _message(
        _("There is nothing at this address"),
        [_("It may be mistyped, or the page may have moved.")],
        status=404,
        link="/",
        link_text=_("Go to the first page"),
    )


def refused_page() -> HTMLResponse:
    """Return the page for a path that is not for this member, or a request from another site."""
    return _message(
        _("This is not open to you"),
        [_("Ask your coordinator if you think that it should be.")],
        status=403,
        link="/",
        link_text=_("Go to the first page"),
    )


def _message(
    title: str, sentences: list[str], *, status: int = 200, link: str = "", link_text: str = ""
) -> HTMLResponse:
    return _page(
        "message.html", title, status=status, sentences=sentences, link=link, link_text=link_text
    )


def _page(template: str, title: str, *, status: int, **values: object) -> HTMLResponse:
    with database.reading() as db:
        demo = members.is_demo(db)
    text = _templates.get_template(template).render(
        title=title, demo=demo, language=wording.DEFAULT, **values
    )
    return HTMLResponse(text, status_code=status)


def _section_problem(problem: SectionProblem) -> str:
    return {
        SectionProblem.NO_NAME: _("Please give the section a name."),
        SectionProblem.LONG_NAME: _("That name is too long: 120 characters are the most."),
        SectionProblem.SAME_NAME: _("There is a section with this name already."),
        SectionProblem.UNKNOWN_ZONE: _("Please choose a time zone from the list."),
    }[problem]
