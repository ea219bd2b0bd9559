"""`tracker case close`, `tracker purge` and `tracker rotate-key`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.commands import printed, refused, rows, tracker
from tracker import database, sealing
from tracker.models import Letter, SignInLink, UrgentAction

ACTION, SECTION = factories.ACTION_SLUG, "Ruritania (fictional)"
NOTHING = "letters 0  sessions 0  links 0  addresses 0  join codes 0\n"


def fill() -> None:
    with database.writing() as db:
        desk = factories.desk(db)
        factories.log(db, desk.asker, desk.action)
        old = {"created_at": factories.NOW, "expires_at": factories.NOW}
        db.add(SignInLink(token_hash=bytes(32), member_id=desk.asker.member_id, **old))


def close_long_ago() -> None:
    with database.writing() as db:
        found = db.scalars(select(UrgentAction)).one()
        assert found.closed_at is not None
        assert datetime.now(UTC) - found.closed_at < timedelta(minutes=5)
        found.closed_at -= timedelta(days=91)


def test_what_is_closed_is_purged_after_its_time_as_the_dry_run_said(tracker_settings) -> None:
    fill()
    assert printed("case", "close", ACTION) == f"{ACTION}: closed\n"
    assert printed("case", "close", ACTION) == f"{ACTION}: already closed, nothing changed\n"
    said = printed("purge", "--dry-run")
    assert said == NOTHING.replace("links 0", "links 1")
    close_long_ago()
    before = rows(tracker_settings.database_url)
    said = printed("purge", "--dry-run")
    assert said == (
        f"{ACTION}  {SECTION}  2 letters  1 members\n"
        "letters 2  sessions 0  links 1  addresses 0  join codes 0\n"
    )
    assert rows(tracker_settings.database_url) == before
    assert printed("purge") == said
    assert printed("purge") == printed("purge", "--dry-run") == NOTHING
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Letter.member_id.is_not(None))) == 0
    assert tracker("check").exit_code == 0


def test_an_unknown_action_is_refused(tracker_settings) -> None:
    fill()
    assert refused("case", "close", "nothing") == (
        f"no urgent action is called nothing; there are {ACTION}"
    )


def test_the_key_is_changed_and_the_numbers_are_told(tracker_settings) -> None:
    fill()
    file = tracker_settings.secret_key_file
    before = file.read_text().strip()
    assert printed("rotate-key") == (
        f"1 rows in 1 tables are sealed with a new key; the old one is gone from {file}.\n"
        "Backups made before open only with the key file as it was then.\n"
    )
    assert before not in file.read_text()
    assert "The key opens everything that is sealed.\n" in tracker("check").stdout


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_check_tells_of_a_change_that_was_not_finished(tracker_settings) -> None:
    fill()
    sealing.begin_rotation()
    assert "a change of the key was not finished" in tracker("check").stderr
    printed("rotate-key")
    assert "not finished" not in tracker("check").stderr
