"""A database is a demonstration for good, or none at all."""

from __future__ import annotations

from tracker import database, members
from tracker.models import Role
from tracker.settings import Settings


def test_a_database_is_a_demonstration_once_it_is_marked_as_one(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        assert not members.is_demo(db)
        members.mark_demo(db)
    with database.reading() as db:
        assert members.is_demo(db)


def test_a_demonstration_knows_whom_it_signs_in_for_each_role(tracker_settings: Settings) -> None:
    with database.writing() as db:
        assert members.demo_members(db) == {}
        members.keep_demo_members(db, {Role.CASE_LEAD: 3, Role.VOLUNTEER: 1})
        members.keep_demo_members(db, {Role.COORDINATOR: 2, Role.VOLUNTEER: 4})
    with database.reading() as db:
        found = members.demo_members(db)
    assert list(found.items()) == [
        (Role.VOLUNTEER, 4),
        (Role.COORDINATOR, 2),
        (Role.CASE_LEAD, 3),
    ]
