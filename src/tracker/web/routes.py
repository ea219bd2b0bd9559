"""What is served besides pages: the way in and out, reports as CSV, and signs of life."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from tracker import cases, database, members, reports, settings
from tracker.models import ActionStatus
from tracker.uptake import Scope
from tracker.web import access, plain, sessions

FORM_BYTES = 10_000
"""More than the longest form that the routes take."""

FREE_BYTES = 100 * 2**20
"""Less than this on the disk of the data, and the server is not ready."""


def home(request: Request) -> Response:
    """Lead to the page that this visitor sees first."""
    member = sessions.member_with(token_of(request))
    if member is None:
        return RedirectResponse("/sign-in", 303)
    return RedirectResponse(access.home(member.roles), 303)


def sign_in(request: Request) -> Response:
    """Say how to come in; whoever is in already goes to the first page."""
    if sessions.member_with(token_of(request)) is not None:
        return RedirectResponse("/", 303)
    return plain.sign_in_page()


def sign_out(request: Request) -> Response:
    """End the session, in every tab."""
    token = token_of(request)
    if token:
        with database.writing() as db:
            sessions.end(db, token, now=datetime.now(UTC))
    response = RedirectResponse("/sign-in", 303)
    sessions.clear_cookie(response)
    return response


async def setup(request: Request) -> Response:
    """Show the button of a sign-in link, and spend the link when it is pressed.

    Chat programs open links to preview them: only POST spends.
    """
    token = request.path_params["token"]
    if request.method != "POST":
        return await run_in_threadpool(_offer, token)
    form = await _small_form(request)
    if form is None:
        return plain.refused_page()
    return await run_in_threadpool(
        _set_up, token, form.get("section", ""), form.get("time_zone", "")
    )


def report(request: Request) -> Response:
    """Stream a report as CSV, to whoever may see it.

    Query: action (slug or number), and from and to (days, ISO), which bound the day of posting.
    """
    member = sessions.member_with(token_of(request))
    if member is None:
        return RedirectResponse("/sign-in", 303)
    kind, asked = request.path_params["report"], request.query_params
    write = reports.REPORTS.get(kind)
    try:
        scope = Scope(first=_day(asked.get("from")), last=_day(asked.get("to")))
        with database.reading() as db:
            action = cases.action_named(db, member, asked.get("action", ""))
    except (ValueError, cases.UnknownAction):
        return plain.missing_page()
    if write is None or action.status is ActionStatus.DRAFT:
        return plain.missing_page()
    slug = action.slug

    def stream() -> Iterator[bytes]:
        with database.reading() as db:
            yield from write(db, member, cases.action_named(db, member, slug), scope)

    return StreamingResponse(
        stream(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-{kind}.csv"'},
    )


def favicon(request: Request) -> Response:
    """Send the picture beside the page's title; without this route it would be Streamlit's."""
    return FileResponse(settings.icon(), media_type="image/png")


def healthz(request: Request) -> Response:
    """Say that the process is alive."""
    return JSONResponse({"alive": True})


def readyz(request: Request) -> Response:
    """Say whether the database answers, has its newest tables, and has room on its disk."""
    checks = {"database": False, "migrations": False, "disk": False}
    try:
        with database.reading() as db:
            members.is_demo(db)
        checks["database"] = True
        checks["migrations"] = database.is_at_head()
    except SQLAlchemyError:
        pass
    checks["disk"] = _free_bytes(settings.current().data_dir) >= FREE_BYTES
    return JSONResponse(checks, status_code=200 if all(checks.values()) else 503)


def token_of(request: Request) -> str | None:
    """Return the session token that the request's cookie carries."""
    return request.cookies.get(sessions.cookie_name())


def _free_bytes(folder: Path) -> int:
    # With PostgreSQL nothing needs the folder before the first secret is sealed.
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free


async def _small_form(request: Request) -> dict[str, str] | None:
    """Return the fields of a form, or None for a body that is larger than any of ours.

    Read by hand and never as multipart: what a stranger sends must not end up in files.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return None
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_HANDLERS = {
    "/": home,
    "/sign-in": sign_in,
    "/sign-out": sign_out,
    "/setup/{token}": setup,
    "/reports/{report}.csv": report,
    "/favicon.png": favicon,
    "/healthz": healthz,
    "/readyz": readyz,
}

ROUTES = [
    Route(rule.path, _HANDLERS[rule.path], methods=list(rule.methods)) for rule in access.ROUTES
]


def _offer(token: str) -> Response:
    with database.reading() as db:
        link = members.open_sign_in_link(db, token, now=datetime.now(UTC))
        member = members.member_of_link(db, link) if link else None
    if link is None:
        return plain.spent_link_page()
    return plain.setup_page(known=(member.name or "") if member else "")


def _set_up(token: str, section: str, time_zone: str) -> Response:
    now = datetime.now(UTC)
    try:
        with database.writing() as db:
            link = members.spend_sign_in_link(db, token, now=now)
            if link is None:
                return plain.spent_link_page()
            member_id = link.member_id or members.set_up(db, section, time_zone, now=now)
            session_token = sessions.begin(db, member_id, now=now)
    except members.SectionRefused as refused:
        # Nothing was written: the link is still good for the corrected form.
        return plain.setup_page(section=section, time_zone=time_zone, problem=refused.reason)
    response = RedirectResponse("/", 303)
    sessions.set_cookie(response, session_token)
    return response
