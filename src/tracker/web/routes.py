"""What is served besides pages: reports as CSV, signs of life, and the ways in and out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
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
from tracker.members import Asker
from tracker.models import ActionStatus
from tracker.uptake import Scope
from tracker.web import access, account_forms, forms, joining, plain, refusals, sessions, sign_in

FREE_BYTES = 100 * 2**20
"""Less than this on the disk of the data, and the server is not ready."""


def home(request: Request) -> Response:
    """Lead to the page that this visitor sees first."""
    member = sessions.member_with(forms.token_of(request))
    if member is None:
        return RedirectResponse("/sign-in", 303)
    return RedirectResponse(access.home(member.roles), 303)


def report(request: Request) -> Response:
    """Stream a report as CSV, to whoever may see it.

    Query: action (slug or number); section (its name), where one alone is meant; from and to (days,
    ISO), which bound the day of posting.
    """
    member = sessions.member_with(forms.token_of(request))
    if member is None:
        return RedirectResponse("/sign-in", 303)
    kind = request.url.path.removeprefix("/reports/").removesuffix(".csv")
    write = reports.REPORTS[kind]
    asked = _asked(member, request.query_params)
    if asked is None:
        return plain.missing_page()
    slug, scope = asked
    if not _may_ask(member, f"/reports/{kind}.csv", scope):
        return plain.refused_page()

    def stream() -> Iterator[bytes]:
        with database.reading() as db:
            yield from write(db, member, cases.action_named(db, member, slug), scope)

    return _csv(stream(), f"{slug}-{kind}.csv")


def _offer_names(request: Request) -> Response:
    member = sessions.member_with(forms.token_of(request))
    asked = member and _asked(member, request.query_params)
    if member is None or not asked:
        return plain.missing_page()
    if not _may_ask(member, "/reports/with-names", asked[1]):
        return plain.refused_page()
    return plain.with_names_page(dict(request.query_params))


def _take_names_out(request: Request, form: Mapping[str, str]) -> Response:
    """Stream letters.csv with names; that is recorded before its first byte.

    Form fields: as the query of `report`.
    """
    member = sessions.member_with(forms.token_of(request))
    asked = member and _asked(member, form)
    if member is None or not asked:
        return plain.missing_page()
    slug, scope = asked
    if not _may_ask(member, "/reports/with-names", scope):
        return plain.refused_page()
    with database.writing() as db:
        action = cases.action_named(db, member, slug)
        reports.record_names_exported(db, member, action, scope, now=datetime.now(UTC))

    def stream() -> Iterator[bytes]:
        with database.reading() as db:
            action = cases.action_named(db, member, slug)
            yield from reports.letters(db, member, action, scope, names=True)

    return _csv(stream(), f"{slug}-letters-with-names.csv")


def _may_ask(member: Asker, path: str, scope: Scope) -> bool:
    """Return whether the table lets the member ask for that section; a refusal is recorded.

    `reports` refuses by itself what is not theirs; this is before the first byte is sent.
    """
    rule = access.route_at(path)
    may = rule is not None and access.may_open(member, rule, scope.section_id)
    if not may:
        refusals.note(member, path)
    return may


def _asked(member: Asker, said: Mapping[str, str]) -> tuple[str, Scope] | None:
    """Return which urgent action is asked for, and which of its letters; None if there is none."""
    try:
        with database.reading() as db:
            action = cases.action_named(db, member, said.get("action", ""))
            section = said.get("section")
            scope = Scope(
                section_id=members.section_named(db, section).id if section else None,
                first=_day(said.get("from")),
                last=_day(said.get("to")),
            )
    except (ValueError, cases.UnknownAction, members.UnknownSection):
        return None
    return None if action.status is ActionStatus.DRAFT else (action.slug, scope)


def _csv(chunks: Iterator[bytes], name: str) -> Response:
    return StreamingResponse(
        chunks,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
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


def _free_bytes(folder: Path) -> int:
    # With PostgreSQL nothing needs the folder before the first secret is sealed.
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_HANDLERS = {
    "/": home,
    **sign_in.HANDLERS,
    **account_forms.HANDLERS,
    **joining.HANDLERS,
    **{f"/reports/{kind}.csv": report for kind in reports.REPORTS},
    "/reports/with-names": forms.get_or_post(_offer_names, _take_names_out),
    "/favicon.png": favicon,
    "/healthz": healthz,
    "/readyz": readyz,
}

ROUTES = [
    Route(rule.path, _HANDLERS[rule.path], methods=list(rule.methods)) for rule in access.ROUTES
]
