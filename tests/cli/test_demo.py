"""`tracker demo`: one link a role, an empty database only, and a bar on a terminal alone."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.commands import environment_of, printed, process_environment, refused, rows
from tracker import database, invitations, members, settings
from tracker.models import Letter, Role


def links(said: str) -> dict[str, str]:
    """Return the tokens in what `tracker demo` printed, by role."""
    found = {}
    for line in said.splitlines()[1:]:
        role, address = line.split()
        found[role] = address.removeprefix("http://127.0.0.1:8501/setup/")
    return found


def test_a_link_for_each_role_signs_in_once(tracker_settings: settings.Settings) -> None:
    said = printed("demo", "--letters", "40")
    assert said.startswith("45 fictional letters are in. Each link signs in once:\n")
    assert list(links(said)) == [role.value for role in Role]
    now = datetime.now(UTC)
    with database.writing() as db:
        assert members.is_demo(db)
        assert db.scalar(select(func.count()).select_from(Letter)) == 45
        for role, token in links(said).items():
            spent = invitations.spend_sign_in_link(db, token, now=now)
            assert spent is not None
            assert spent.member_id is not None
            assert members.asker(db, spent.member_id).has(Role(role))
            assert invitations.spend_sign_in_link(db, token, now=now) is None


def test_a_demonstration_is_never_mixed_into_a_filled_database(
    tracker_settings: settings.Settings,
) -> None:
    with database.writing() as db:
        factories.member(db)
    printed("migrate")  # which notes the key
    before = rows(tracker_settings.database_url)
    assert refused("demo", "--letters", "5") == "the database has members or letters already"
    assert rows(tracker_settings.database_url) == before


def test_a_demonstration_is_not_filled_twice(tracker_settings: settings.Settings) -> None:
    printed("demo", "--letters", "5")
    before = rows(tracker_settings.database_url)
    assert refused("demo", "--letters", "5") == "the database has members or letters already"
    assert rows(tracker_settings.database_url) == before


def test_today_is_for_filling_and_tracker_today_for_what_is_served(
    tracker_settings: settings.Settings,
) -> None:
    printed("demo", "--letters", "30", "--today", "2025-01-20")
    with database.reading() as db:
        posted = db.scalars(select(Letter.posted_on)).all()
        assert len(posted) == 33
        assert max(posted) <= date(2025, 1, 20)
        assert members.operator(db).pinned_today is None
    pinned = environment_of(tracker_settings) | {"TRACKER_TODAY": "2025-02-01"}
    settings.use(settings.load(pinned))
    with database.reading() as db:
        assert members.operator(db).today() == date(2025, 2, 1)


def test_filling_takes_tracker_today_where_nothing_is_said(
    tracker_settings: settings.Settings,
) -> None:
    pinned = environment_of(tracker_settings) | {"TRACKER_TODAY": "2025-01-20"}
    settings.use(settings.load(pinned))
    printed("demo", "--letters", "30")
    with database.reading() as db:
        assert max(db.scalars(select(Letter.posted_on))) <= date(2025, 1, 20)


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_is_drawn_on_a_terminal_only_and_never_into_the_output(
    terminal: bool, tmp_path: Path
) -> None:
    shown, hidden = os.openpty() if terminal else os.pipe()
    if terminal:
        termios.tcsetwinsize(hidden, (24, 80))  # a new one has no room at all
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "demo", "--letters", "100"],
        env=process_environment(TRACKER_DATA_DIR=str(tmp_path / "data")),
        stdout=subprocess.PIPE,
        stderr=hidden,
        check=False,
    )
    os.close(hidden)
    assert done.returncode == 0
    assert len(links(done.stdout.decode())) == len(Role)
    assert b"%" not in done.stdout
    drawn = everything(shown)
    assert (b"%|" in drawn) == terminal
    assert drawn if terminal else not drawn


def everything(readable: int) -> bytes:
    """Return what was written to the other end, which is closed."""
    found = b""
    try:
        while part := os.read(readable, 4096):
            found += part
    except OSError:
        pass  # so a terminal says that nobody writes any more
    os.close(readable)
    return found
