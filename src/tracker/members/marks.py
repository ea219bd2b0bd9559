"""Marks of a database as a whole: whether it is a demonstration, and whom it signs in."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tracker.models import Mark, Role

DEMO = "demo"


def is_demo(db: Session) -> bool:
    """Return whether this database was filled with fictional letters; that never changes."""
    return db.get(Mark, DEMO) is not None


def mark_demo(db: Session) -> None:
    """Mark this database as a demonstration for good."""
    db.add(Mark(name=DEMO, value="yes"))


def keep_demo_members(db: Session, by_role: Mapping[Role, int]) -> None:
    """Note whom a demonstration signs in for each role."""
    for role, member_id in by_role.items():
        db.merge(Mark(name=f"{DEMO}-{role.value}", value=str(member_id)))


def demo_members(db: Session) -> dict[Role, int]:
    """Return whom a demonstration signs in for each role, in the order of the roles."""
    marks = {role: db.get(Mark, f"{DEMO}-{role.value}") for role in Role}
    return {role: int(mark.value) for role, mark in marks.items() if mark is not None}
