"""The door: what is not in the table of `access` is a 404, and nobody passes unasked."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker import settings
from tracker.models import Role
from tracker.web import access, plain, sessions

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Addresses of sign-in links must not travel on to another site. "no-referrer" would make
    # browsers send the origin "null" with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Door:
    """Lets a request through to its page or route only if it may go there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the app where the request may not pass."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refusal = await run_in_threadpool(_refusal, scope)
        if scope["type"] == "websocket":
            if refusal is not None:
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, receive, send)
            return
        personal = not scope["path"].startswith(access.STREAMLIT_PATHS)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if personal:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await (refusal or self.app)(scope, receive, send_with_headers)


MIDDLEWARE = [Middleware(Door)]


def _refusal(scope: Scope) -> Response | None:
    """Return the answer to a request that may not pass, or None for one that may."""
    path = scope["path"]
    if _is_foreign(Headers(scope=scope), needs_origin=scope["type"] == "websocket"):
        return plain.refused_page() if scope["type"] == "http" else PlainTextResponse("", 403)
    if path.startswith(access.STREAMLIT_PATHS) or path in access.STREAMLIT_FILES:
        return None
    page = access.page_at(path)
    rule = None if page else _rule_for(scope)
    if page is None and rule is None:
        return plain.missing_page()
    if rule is not None and not _allows(rule, scope):
        # Left to the routes, it would fall through to Streamlit, which draws a page everywhere.
        return PlainTextResponse("", 405, {"Allow": ", ".join(rule.methods)})
    roles = page.roles if page else rule.roles if rule else None
    return None if roles is None else _refusal_of_role(scope, roles)


def _refusal_of_role(scope: Scope, roles: frozenset[Role]) -> Response | None:
    token = HTTPConnection(scope).cookies.get(sessions.cookie_name())
    member = sessions.member_with(token)
    if member is None:
        return RedirectResponse("/sign-in", 303)
    return None if any(member.has(role) for role in roles) else plain.refused_page()


def _rule_for(scope: Scope) -> access.RouteRule | None:
    for rule in access.ROUTES:
        match, _ = Route(rule.path, _nothing, methods=list(rule.methods)).matches(scope)
        if match is not Match.NONE:
            return rule
    return None


def _allows(rule: access.RouteRule, scope: Scope) -> bool:
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return method in rule.methods


def _nothing() -> None:
    """Stand in for an endpoint where only the path matters."""


def _is_foreign(headers: Headers, *, needs_origin: bool) -> bool:
    """Return whether another site's page sent this.

    Streamlit would look up its own public address on the internet to judge a foreign origin; so
    it is judged here, before Streamlit sees it. A line without an origin comes from no browser.
    """
    origin = headers.get("origin")
    if origin is None:
        return needs_origin
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return True
    return host not in {headers.get("host"), urlsplit(settings.current().base_url).netloc}
