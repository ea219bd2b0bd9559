"""Case leads: a server is never without one, and without one who can come back only at first."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.members.problems import PersonProblem, PersonRefused
from tracker.models import Grant, Member, Role


def first_case_lead(db: Session) -> Member | None:
    """Return the first case lead who is not disabled: whom a set-up link signs in again."""
    enabled = _leads(), Member.disabled_at.is_(None)
    return db.scalar(select(Member).where(*enabled).order_by(Member.id).limit(1))


def hold_case_leads(db: Session) -> None:
    """Have nobody else change a case lead until this is committed; first of all that is held.

    Held in one order: of two who shut each other out at once, the second finds itself the last.
    """
    db.execute(select(Member.id).where(_leads()).order_by(Member.id).with_for_update())


def keep_a_case_lead(db: Session, member_id: int) -> None:
    """Make sure that another case lead is there when this member is not: one who can come back.

    Where this one could not come back either, another such one will do.

    Raises:
        PersonRefused: this is the last case lead, or the last with a passphrase or an identity.
    """
    able = or_(Member.passphrase.is_not(None), Member.identity_key.is_not(None))
    query = select(Member.id, able).where(_leads(), Member.disabled_at.is_(None))
    others = dict(db.execute(query).all())
    comes_back = others.pop(member_id, None)
    if comes_back is not None and not any(others.values() if comes_back else others):
        raise PersonRefused(PersonProblem.LAST_CASE_LEAD)


def _leads() -> ColumnElement[bool]:
    return Member.id.in_(select(Grant.member_id).where(Grant.role == Role.CASE_LEAD))
