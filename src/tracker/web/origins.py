"""Who is asking, and under which name: unknown Hosts and foreign sites are turned away.

A page of another site can send requests with a visitor's cookie (it says so in Origin or in
Sec-Fetch-Site), or point a name of its own at this server and so pass for it (DNS rebinding; only
Host tells).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from tracker import settings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", "[::]"})  # noqa: S104  (compared, not bound)


def is_known_host(scope: Scope) -> bool:
    """Return whether the request's Host is a name of this server.

    That is: the public address's, this machine's own, the address it listens on or was reached
    at. Where it listens on every address, any number will do, but no name: behind a container's
    door it cannot know its numbers, and only a name can be pointed at it by somebody else.
    """
    asked = Headers(scope=scope).getlist("host")
    if len(asked) != 1:
        return False
    parts = _split(f"//{asked[0]}")
    if parts is None or parts.netloc != asked[0] or parts.username is not None:
        return False
    chosen = settings.current()
    reached_at, _ = scope.get("server") or ("", None)
    names = {urlsplit(chosen.base_url).hostname, chosen.host.strip("[]").lower(), reached_at}
    if parts.hostname in _LOOPBACK | names:
        return True
    return chosen.host in _EVERYWHERE and _is_number(parts.hostname or "")


def is_foreign(scope: Scope) -> bool:
    """Return whether another site's page sent this.

    A line without an origin comes from no browser.
    """
    headers = Headers(scope=scope)
    origins = headers.getlist("origin")
    if scope["type"] == "websocket":
        return len(origins) != 1 or not _is_ours(origins[0], headers)
    if not all(_is_ours(origin, headers) for origin in origins):
        return True
    # Pictures, scripts and frames of another site come without an origin; browsers say this much.
    from_ours = headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
    return not from_ours and not _is_visit(scope["method"], headers)


def judged(scope: Scope) -> Scope:
    """Return the scope of a request that is not foreign, without its origin.

    Streamlit would judge it again, and where a proxy has changed the Host it would look up its own
    public address on the internet for that.
    """
    return {**scope, "headers": [line for line in scope["headers"] if line[0] != b"origin"]}


def _is_ours(origin: str, headers: Headers) -> bool:
    parts, base = _split(origin), urlsplit(settings.current().base_url)
    if parts is None or parts.scheme not in {"http", "https"} or parts.username is not None:
        return False
    if _place(parts) == _place(base) or parts.netloc == base.netloc:
        # Somebody on the way can answer for the http side of a name that is served by https.
        return base.scheme in {"http", parts.scheme}
    return parts.netloc == headers.get("host")


def _is_visit(method: str, headers: Headers) -> bool:
    """Return whether somebody followed a link here, in a window of its own and not in a frame."""
    return (
        method in {"GET", "HEAD"}
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )


def _split(address: str) -> SplitResult | None:
    """Return an address's parts, or None for what is none; its port is a number."""
    try:
        parts = urlsplit(address)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _place(parts: SplitResult) -> tuple[str | None, int]:
    """Return the host and the port, which https and http need not name."""
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
