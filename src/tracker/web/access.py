"""The one table of who may open what. Navigation, pages, routes and tests all read it.

A path that is not in it is a 404. A page still begins by asking who is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.models import Role
from tracker.wording import gettext as _


class Area(StrEnum):
    """What a person does there: the groups of the navigation, in this order."""

    WRITE = "write"
    FOLLOW = "follow"
    COORDINATE = "coordinate"
    KEEP = "keep"


ANYBODY: frozenset[Role] = frozenset(Role)


@dataclass(frozen=True)
class Page:
    """One page: its path, its file in pages/, its icon, and the roles that may open it."""

    path: str
    file: str
    icon: str
    area: Area
    roles: frozenset[Role]


@dataclass(frozen=True)
class RouteRule:
    """One route: its path pattern, its methods, and the roles that may use it.

    `roles` None means that it is open to the signed-out, too: it must show nobody's data.
    """

    path: str
    methods: tuple[str, ...]
    roles: frozenset[Role] | None


PAGES = (
    Page("/log", "log.py", ":material/edit_note:", Area.WRITE, frozenset({Role.VOLUNTEER})),
    Page(
        "/my-letters", "my_letters.py", ":material/mail:", Area.WRITE, frozenset({Role.VOLUNTEER})
    ),
    Page("/progress", "progress.py", ":material/show_chart:", Area.FOLLOW, ANYBODY),
    Page("/timeline", "timeline.py", ":material/timeline:", Area.FOLLOW, ANYBODY),
    Page("/reports", "reports.py", ":material/table_view:", Area.FOLLOW, ANYBODY),
)

ROUTES = (
    RouteRule("/", ("GET",), None),
    RouteRule("/sign-in", ("GET",), None),
    RouteRule("/sign-out", ("POST",), None),
    RouteRule("/setup/{token}", ("GET", "POST"), None),
    RouteRule("/reports/{report}.csv", ("GET",), ANYBODY),
    RouteRule("/favicon.png", ("GET",), None),
    RouteRule("/healthz", ("GET",), None),
    RouteRule("/readyz", ("GET",), None),
)

STREAMLIT_PATHS = (
    "/_stcore/stream",
    "/_stcore/health",
    "/_stcore/host-config",
    "/static/",
    "/media/",
)
"""What Streamlit needs to draw a page: its own code, and the line to the visitor's run.

Its other addresses stay shut: whoever holds a line could put files into the server's memory
(upload_file), and metrics tell anybody how many people are here.
"""

STREAMLIT_FILES = ("/index.html", "/manifest.json")


def page_title(path: str) -> str:
    """Return a page's title, as navigation and the page show it."""
    return {
        "/log": _("Log letters"),
        "/my-letters": _("My letters"),
        "/progress": _("Progress"),
        "/timeline": _("Timeline"),
        "/reports": _("Reports"),
    }[path]


def area_title(area: Area) -> str:
    """Return the heading of a group of the navigation."""
    return {
        Area.WRITE: _("Write"),
        Area.FOLLOW: _("Follow"),
        Area.COORDINATE: _("Coordinate"),
        Area.KEEP: _("Keep the case"),
    }[area]


def page_at(path: str) -> Page | None:
    """Return the page with that path, if there is one."""
    return next((page for page in PAGES if page.path == path), None)


def home(roles: frozenset[Role]) -> str:
    """Return the path of the page that someone with those roles sees first."""
    return "/log" if Role.VOLUNTEER in roles else "/progress"
