"""The one table of who may open what. Navigation, pages, routes and tests all read it.

A path that is not in it is a 404. A page still begins by asking who is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.members import Asker
from tracker.models import Role
from tracker.wording import gettext as _


class Area(StrEnum):
    """What a person does there: the groups of the navigation, in this order."""

    WRITE = "write"
    FOLLOW = "follow"
    COORDINATE = "coordinate"
    KEEP = "keep"
    OWN = "own"


ANYBODY: frozenset[Role] = frozenset(Role)
COORDINATORS: frozenset[Role] = frozenset({Role.COORDINATOR})
LEADS: frozenset[Role] = frozenset({Role.CASE_LEAD})
KEEPERS: frozenset[Role] = frozenset({Role.COORDINATOR, Role.CASE_LEAD})
WRITERS: frozenset[Role] = frozenset({Role.VOLUNTEER, Role.COORDINATOR})
"""Coordinators log for those without an account."""


@dataclass(frozen=True)
class Page:
    """One page: its path, its file in pages/, its icon, and the roles that may open it.

    `own` means that it is about the member alone: it is open also while all roles wait. Where it is
    about one section (`?section=…`), `own_section` are the roles that may open it for a section in
    which they hold that role, and `other_sections` those that may for any.
    """

    path: str
    file: str
    icon: str
    area: Area
    roles: frozenset[Role]
    own_section: frozenset[Role] = frozenset()
    other_sections: frozenset[Role] = frozenset()
    own: bool = False


@dataclass(frozen=True)
class RouteRule:
    """One route: its path pattern, its methods, and the roles that may use it.

    `roles` None means that it is open to the signed-out, too: it must show nobody's data. The rest
    is as in `Page`.
    """

    path: str
    methods: tuple[str, ...]
    roles: frozenset[Role] | None
    own_section: frozenset[Role] = frozenset()
    other_sections: frozenset[Role] = frozenset()
    own: bool = False


PAGES = (
    Page("/log", "log.py", ":material/edit_note:", Area.WRITE, WRITERS),
    Page("/my-letters", "my_letters.py", ":material/mail:", Area.WRITE, WRITERS),
    Page("/progress", "progress.py", ":material/show_chart:", Area.FOLLOW, ANYBODY),
    Page("/timeline", "timeline.py", ":material/timeline:", Area.FOLLOW, ANYBODY),
    Page("/reports", "reports.py", ":material/table_view:", Area.FOLLOW, ANYBODY),
    Page(
        "/members",
        "members.py",
        ":material/group:",
        Area.COORDINATE,
        KEEPERS,
        own_section=KEEPERS,
        other_sections=LEADS,
    ),
    Page(
        "/invitations",
        "invitations.py",
        ":material/person_add:",
        Area.COORDINATE,
        KEEPERS,
        own_section=KEEPERS,
        other_sections=LEADS,
    ),
    Page(
        "/sections",
        "sections.py",
        ":material/tune:",
        Area.COORDINATE,
        KEEPERS,
        own_section=KEEPERS,
        other_sections=LEADS,
    ),
    Page(
        "/record",
        "record.py",
        ":material/history:",
        Area.COORDINATE,
        KEEPERS,
        own_section=COORDINATORS,
    ),
    Page("/account", "account.py", ":material/account_circle:", Area.OWN, ANYBODY, own=True),
)

ROUTES = (
    RouteRule("/", ("GET",), None),
    RouteRule("/sign-in", ("GET", "POST"), None),
    RouteRule("/sign-in/code", ("GET", "POST"), None),
    RouteRule("/sign-in/oidc", ("GET",), None),
    RouteRule("/sign-in/oidc/callback", ("GET",), None),
    RouteRule("/sign-out", ("POST",), None),
    RouteRule("/setup/{token}", ("GET", "POST"), None),
    RouteRule("/invite/{token}", ("GET", "POST"), None),
    RouteRule("/join/{code}", ("GET", "POST"), None),
    RouteRule("/passphrase/{token}", ("GET", "POST"), None),
    RouteRule("/reports/letters.csv", ("GET",), ANYBODY, own_section=ANYBODY),
    RouteRule(
        "/reports/progress.csv", ("GET",), ANYBODY, own_section=KEEPERS, other_sections=LEADS
    ),
    RouteRule(
        "/reports/timeline.csv", ("GET",), ANYBODY, own_section=ANYBODY, other_sections=ANYBODY
    ),
    RouteRule("/reports/with-names", ("GET", "POST"), COORDINATORS, own_section=COORDINATORS),
    RouteRule("/account/passphrase", ("GET", "POST"), ANYBODY, own=True),
    RouteRule("/account/second-step", ("GET", "POST"), ANYBODY, own=True),
    RouteRule("/account/erase", ("GET", "POST"), ANYBODY, own=True),
    RouteRule("/favicon.png", ("GET",), None),
    RouteRule("/healthz", ("GET",), None),
    RouteRule("/readyz", ("GET",), None),
)

STREAMLIT_LINE = "/_stcore/stream"
"""The line between a page and the visitor's run."""

STREAMLIT_FILES = (STREAMLIT_LINE, "/_stcore/health", "/_stcore/host-config")
STREAMLIT_FOLDERS = ("/static/", "/media/")
"""What Streamlit needs to draw a page: its own code, and the line to the visitor's run.

Its other addresses stay shut: whoever holds a line could put files into the server's memory
(upload_file), and metrics tell anybody how many people are here.
"""

STREAMLIT_SIGNED_IN = ("/_stcore/host-config", "/media/")
"""Of these, what is there only for somebody who is signed in."""


def page_title(path: str) -> str:
    """Return a page's title, as navigation and the page show it."""
    return {
        "/log": _("Log letters"),
        "/my-letters": _("My letters"),
        "/progress": _("Progress"),
        "/timeline": _("Timeline"),
        "/reports": _("Reports"),
        "/members": _("Members"),
        "/invitations": _("Invitations"),
        "/sections": _("Sections and groups"),
        "/record": _("Record"),
        "/account": _("Your account"),
    }[path]


def area_title(area: Area) -> str:
    """Return the heading of a group of the navigation."""
    return {
        Area.WRITE: _("Write"),
        Area.FOLLOW: _("Follow"),
        Area.COORDINATE: _("Coordinate"),
        Area.KEEP: _("Keep the case"),
        Area.OWN: _("Your account"),
    }[area]


def page_at(path: str) -> Page | None:
    """Return the page with that path, if there is one."""
    return next((page for page in PAGES if page.path == path), None)


def route_at(path: str) -> RouteRule | None:
    """Return the route with that path pattern, if there is one."""
    return next((rule for rule in ROUTES if rule.path == path), None)


def may_open(asker: Asker, row: Page | RouteRule, section_id: int | None = None) -> bool:
    """Return whether the table lets somebody who is signed in open that page or route.

    Args:
        section_id: the section that it is about, where it is about one.
    """
    if section_id is not None:
        there = {role for role, section in asker.grants if section == section_id}
        return bool(there & row.own_section or asker.roles & row.other_sections)
    return row.own or row.roles is None or bool(asker.roles & row.roles)


def home(roles: frozenset[Role]) -> str:
    """Return the path of the page that someone with those roles sees first."""
    if not roles:  # each of them waits for the second step
        return "/account"
    return "/log" if Role.VOLUNTEER in roles else "/progress"
