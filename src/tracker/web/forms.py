"""Pages with a form, and what a request carries: the session's token, the form's fields."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tracker.web import plain, sessions

FORM_BYTES = 10_000
"""More than the longest form that the routes take."""


Handler = Callable[[Request], Awaitable[Response]]


def get_or_post(
    show: Callable[[Request], Response], take: Callable[[Request, dict[str, str]], Response]
) -> Handler:
    """Return the handler of a page with a form: `show` answers GET, `take` the form that is sent.

    Both may wait: they run in threads of their own.
    """

    async def handle(request: Request) -> Response:
        if request.method != "POST":
            return await run_in_threadpool(show, request)
        form = await small_form(request)
        if form is None:
            return plain.refused_page()
        return await run_in_threadpool(take, request, form)

    return handle


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
