"""What a request carries: the session's token, and the fields of a form."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from tracker.web import sessions

FORM_BYTES = 10_000
"""More than the longest form that the routes take."""


def token_of(request: Request) -> str | None:
    """Return the session token that the request's cookie carries."""
    return request.cookies.get(sessions.cookie_name())


async def small_form(request: Request) -> dict[str, str] | None:
    """Return the fields of a form, or None for a body that is larger than any of ours.

    Read by hand and never as multipart: what a stranger sends must not end up in files.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return None
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
