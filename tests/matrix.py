"""Who may ask for what, as a matrix: every row of the table of access × everybody × each method.

What is expected is worked out here, from the rows alone, and compared with what answers. The same
questions are put in this process (`tests/web/test_matrix.py`) and over HTTP to a server
(`tests/faults/test_matrix.py`). Everybody in here is fictional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests import factories
from tracker.models import Grant, Member, Role, WebSession
from tracker.web import access, sessions

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HERE, THERE = "Ruritania (fictional)", "Elbonia (fictional)"

ROLES: dict[str, frozenset[Role]] = {
    "volunteer": frozenset({Role.VOLUNTEER}),
    "coordinator": frozenset({Role.COORDINATOR}),
    "case lead": frozenset({Role.CASE_LEAD}),
    "coordinator who writes": frozenset({Role.VOLUNTEER, Role.COORDINATOR}),
    "first member": frozenset(Role),
    "without a role": frozenset(),
}
"""Who is signed in, and the roles that each holds in HERE."""

OUT = (
    "nobody",
    "signed out",
    "disabled",
    "erased",
    "idle",
    "too old",
    "waits for a code",
    "forged",
)
"""Who is not signed in (any more): their cookies open what is open to everybody."""


@dataclass(frozen=True)
class Visitor:
    """Somebody with a cookie, if any."""

    name: str
    token: str | None
    roles: frozenset[Role] | None  # None for those who are not signed in


@dataclass(frozen=True)
class Question:
    """A request, as a browser would send it."""

    method: str
    path: str
    query: str = ""


@dataclass(frozen=True)
class Told:
    """What came back: the status, and where it leads."""

    status: int
    location: str | None


Ask = Callable[[Visitor, Question], Told]


def settle(db: Session) -> list[Visitor]:
    """Add two sections with an urgent action and letters, and everybody; return them."""
    now = datetime.now(UTC)
    here, there = factories.section(db, HERE), factories.section(db, THERE)
    action = factories.action(db)
    for section in (here, there):
        factories.log(db, factories.asker(db, of=section), action)
    found = [Visitor("nobody", None, None), Visitor("forged", "A" * 43, None)]
    for name, roles in ROLES.items():
        member = factories.member(db, roles, of=here, name=f"Fictional {name}")
        found.append(Visitor(name, sessions.begin(db, member.id, now=now), roles))
    for name in OUT[1:-1]:
        member = factories.member(db, list(Role), of=here, name=f"Fictional {name}")
        token = sessions.begin(db, member.id, now=now)
        db.flush()
        own = WebSession.member_id == member.id
        changes: dict[str, dict[str, object]] = {
            "signed out": {"ended_at": now},
            "idle": {"last_seen_at": now - timedelta(hours=13)},
            "too old": {"created_at": now - timedelta(days=31)},
            "waits for a code": {"waits_for_code": True},
        }
        if name in changes:
            db.execute(update(WebSession).where(own).values(**changes[name]))
        elif name == "disabled":
            db.execute(update(Member).where(Member.id == member.id).values(disabled_at=now))
        else:
            db.execute(delete(WebSession).where(own))
            db.execute(delete(Grant).where(Grant.member_id == member.id))
        found.append(Visitor(name, token, None))
    return found


def questions() -> Iterator[tuple[access.Page | access.RouteRule, Question, str | None]]:
    """Yield every question: the row, the request, and the section it is about, if any."""
    action = f"action={factories.ACTION_SLUG}"
    rows = (*access.PAGES, *access.ROUTES)
    for row in sorted(rows, key=lambda row: row.path == "/sign-out"):  # after it nobody is left
        path = row.path.replace("{token}", "no-such-link").replace("{code}", "NOSUCHCD")
        for method in METHODS:
            yield row, Question(method, path, action), None
        if isinstance(row, access.RouteRule) and (row.own_section or row.other_sections):
            for section in (HERE, THERE):
                query = f"{action}&section={section.replace(' ', '+')}"
                yield row, Question("GET", path, query), section


def mistake(
    row: access.Page | access.RouteRule,
    question: Question,
    section: str | None,
    visitor: Visitor,
    told: Told,
) -> str | None:
    """Return what is wrong with the answer, or None."""
    allowed = row.methods if isinstance(row, access.RouteRule) else ("GET",)
    method = "GET" if question.method == "HEAD" else question.method
    to_sign_in = told.status == 303 and (told.location or "").startswith("/sign-in")
    if isinstance(row, access.RouteRule) and method not in allowed:
        return None if told.status == 405 else "a method that the table does not name"
    if row.roles is None:
        refused = told.status in {401, 403, 405} or told.status >= 500
        return "refused what is open to everybody" if refused and question.method == "GET" else None
    if visitor.roles is None:
        return None if to_sign_in else "not led to the sign-in"
    if section is None:
        may = row.own or bool(visitor.roles & row.roles)
    else:
        there = visitor.roles if section == HERE else frozenset()
        may = bool(there & row.own_section or visitor.roles & row.other_sections)
    if not may or (section is not None and not visitor.roles & row.roles):
        return None if told.status == 403 else "not refused"
    if isinstance(row, access.Page) and method != "GET":
        return None if told.status in {403, 404, 405} else "a page that takes more than GET"
    return "refused" if to_sign_in or told.status in {403, 405} or told.status >= 500 else None


def deviations(ask: Ask, visitors: list[Visitor]) -> tuple[int, list[str]]:
    """Put every question as everybody; return how many, and every answer that is wrong."""
    asked, found = 0, []
    for row, question, section in questions():
        for visitor in visitors:
            told = ask(visitor, question)
            asked += 1
            wrong = mistake(row, question, section, visitor, told)
            if wrong:
                place = f"{question.method} {question.path}?{question.query}"
                found.append(f"{visitor.name}: {place}: {told.status} {told.location}: {wrong}")
    return asked, found
