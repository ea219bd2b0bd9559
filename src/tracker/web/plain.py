"""Pages without Streamlit: plain HTML that works without JavaScript, on any phone."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse

from tracker import database, members, wording
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


def with_names_page(asked: Mapping[str, str]) -> HTMLResponse:
    """Return the page that asks whether names shall be taken out; `asked` says of which letters."""
    return _page("with_names.html", _("Take the letters out with names"), status=200, asked=asked)


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


def unknown_host_page() -> HTMLResponse:
    """Return the page for whoever asked for this server under a name that is not its own."""
    return _message(
        _("This server has another name"),
        [
            _("Please open it at the address that you were given."),
            _("Whoever runs it: the public address is set in TRACKER_BASE_URL."),
        ],
        status=421,
    )


def message(
    title: str, sentences: list[str], *, status: int = 200, link: str = "", link_text: str = ""
) -> HTMLResponse:
    """Return a page that only says something, perhaps with a link."""
    return _message(title, sentences, status=status, link=link, link_text=link_text)


def page(template: str, title: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page from a template of its own."""
    return _page(template, title, status=status, **values)


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
