"""The door: what is not in the table of `access` is a 404, and nobody passes unasked."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.members import Asker
from tracker.web import access, headers, lines, origins, plain, refusals, sessions
from tracker.wording import gettext as _

_PROBES = frozenset({"/healthz", "/readyz"})
"""Whoever watches the server asks for these under any name it has on the inside."""


class Door:
    """Lets a request through to its page or route only if it may go there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the app where the request may not pass."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            if await run_in_threadpool(_line_may_open, scope):
                line = lines.of_its_visitor(origins.judged(scope))
                await self.app(line, lines.only_asked(receive), send)
            else:
                await send({"type": "websocket.close", "code": 1008})
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal: Response | None = None
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                ours = refusal is not None or not _is_streamlits(scope["path"])
                kept = not ours and scope["path"].startswith("/static/")
                MutableHeaders(scope=message).update(
                    headers.for_answer(streamlits=not ours, kept=kept)
                )
            await send(message)

        try:
            refusal = await run_in_threadpool(_refusal, scope)
            await (refusal or self.app)(origins.judged(scope), receive, send_with_headers)
        except Exception:
            # Beyond this door the answer would go out without its headers. The log has the error.
            if not begun:
                refusal = _mistake_of_ours()
                await refusal(scope, receive, send_with_headers)
            raise


MIDDLEWARE = [Middleware(Door)]


def _line_may_open(scope: Scope) -> bool:
    """Return whether a line may open.

    The signed-out may have one: a page that is open when its session ends says so over it. Their
    run draws the way to sign in, and nothing else.
    """
    ours = origins.is_known_host(scope) and not origins.is_foreign(scope)
    return ours and scope["path"] == access.STREAMLIT_LINE


def _refusal(scope: Scope) -> Response | None:
    """Return the answer to a request that may not pass, or None for one that may."""
    path = scope["path"]
    if path not in _PROBES and not origins.is_known_host(scope):
        return plain.unknown_host_page()
    if origins.is_foreign(scope):
        return plain.refused_page()
    if path in access.STREAMLIT_FILES or path.startswith(access.STREAMLIT_FOLDERS):
        return _refusal_by_streamlit(scope)
    page = access.page_at(path)
    rule = None if page else _rule_for(scope)
    if page is None and rule is None:
        return plain.missing_page()
    if rule is not None and not _allows(rule, scope):
        # Left to the routes, it would fall through to Streamlit, which draws a page everywhere.
        return PlainTextResponse("", 405, {"Allow": ", ".join(rule.methods)})
    what = page or rule
    return None if what is None or what.roles is None else _refusal_of_role(scope, what)


def _refusal_by_streamlit(scope: Scope) -> Response | None:
    path = scope["path"]
    if not path.startswith(access.STREAMLIT_SIGNED_IN) or _member(scope) is not None:
        return None
    if path.startswith(access.STREAMLIT_FOLDERS):
        return plain.missing_page()
    # A page that lost its line asks for this before it opens another, and shows what it is told,
    # but only as JSON.
    return JSONResponse(_("You are signed out. Please sign in again."), 404)


def _refusal_of_role(scope: Scope, what: access.Page | access.RouteRule) -> Response | None:
    member = _member(scope)
    if member is None:
        return RedirectResponse("/sign-in", 303)
    if access.may_open(member, what):
        return None
    refusals.note(member, what.path)
    return plain.refused_page()


def _member(scope: Scope) -> Asker | None:
    return sessions.member_with(HTTPConnection(scope).cookies.get(sessions.cookie_name()))


def _is_streamlits(path: str) -> bool:
    """Return whether Streamlit answers at that path, of those that are in the table."""
    streamlits = path in access.STREAMLIT_FILES or path.startswith(access.STREAMLIT_FOLDERS)
    return streamlits or access.page_at(path) is not None


def _mistake_of_ours() -> Response:
    # Without the pages' frame, which asks the database: it may be what is out of reach.
    return PlainTextResponse(
        _("Something went wrong here, and it is not your doing. What was saved is safe."), 500
    )


def _rule_for(scope: Scope) -> access.RouteRule | None:
    for rule in access.ROUTES:
        match = Route(rule.path, _nothing, methods=list(rule.methods)).matches(scope)
        if match[0] is not Match.NONE:
            return rule
    return None


def _allows(rule: access.RouteRule, scope: Scope) -> bool:
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return method in rule.methods


def _nothing() -> None:
    """Stand in for an endpoint where only the path matters."""
