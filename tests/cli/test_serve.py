"""`tracker serve`: what it prints, what it serves, and how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import factories, served
from tests.commands import CHECKOUT, environment_of, free_port, process_environment, tracker
from tracker import database, reports, sealed_columns, settings
from tracker.members import Asker
from tracker.models import Role
from tracker.web import sessions


def fill() -> tuple[Asker, Asker]:
    """Put letters of two sections into the database; return a coordinator and a volunteer."""
    with database.writing() as db:
        action = factories.action(db)
        here, there = factories.section(db), factories.section(db, "Elbonia (fictional)")
        coordinator = factories.asker(db, [Role.COORDINATOR], of=here)
        volunteer = factories.asker(db, of=there)
        factories.member(db, [Role.CASE_LEAD], of=here)  # whom the set-up link signs in again
        factories.log(db, factories.asker(db, of=here), action)
        factories.letter(db, volunteer, action)
        factories.letter(db, factories.asker(db, of=there), action)
        return coordinator, volunteer


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_server_says_where_it_is_serves_and_ends_quietly(
    tracker_settings: settings.Settings, tmp_path: Path
) -> None:
    askers = fill()
    port = free_port()
    env = process_environment(**environment_of(tracker_settings), TRACKER_PORT=str(port))
    with served.serving(served.SERVE, env=env, cwd=tmp_path) as server:
        assert server.address == f"http://127.0.0.1:{port}"
        answer, body = server.ask("/healthz")
        assert (answer.status, body) == (200, b'{"alive":true}')
        answer, _ = server.ask("/log")
        assert (answer.status, answer.headers["location"]) == (303, "/sign-in")
        for asker in askers:
            assert asker.member_id is not None
            with database.writing() as db:
                token = sessions.begin(db, asker.member_id, now=datetime.now(UTC))
            cookie = f"{sessions.cookie_name()}={token}"
            for kind in reports.REPORTS:
                answer, sent = server.ask(
                    f"/reports/{kind}.csv?action={factories.ACTION_SLUG}", cookie=cookie
                )
                action, member = ("--action", factories.ACTION_SLUG), ("--as", str(asker.member_id))
                assert answer.status == 200
                assert sent == tracker("report", kind, *action, *member).stdout_bytes
                assert kind != "letters" or sent.count(b"\r\n") == 1 + (
                    2 if asker == askers[0] else 1
                )
        code = server.stop(signal.SIGINT)
    assert code == 0
    assert [re.sub(r"(?<=/setup/).+", "TOKEN", line) for line in server.printed] == [
        f"Urgent Action letters: {server.address}",
        "Set up and sign in (within a day, until you have a passphrase):",
        f"{server.address}/setup/TOKEN",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [served.SERVE, served.RUN], ids=["serve", "streamlit run"])
def test_another_database_s_key_is_refused_in_one_line(
    command: tuple[str, ...], tracker_settings: settings.Settings
) -> None:
    with database.writing() as db:
        sealed_columns.note_key(db)
    file = tracker_settings.secret_key_file
    file.write_text("ab" * 32 + "\n", encoding="ascii")
    port = str(free_port())
    env = process_environment(**environment_of(tracker_settings), TRACKER_PORT=port)
    env |= {"STREAMLIT_SERVER_PORT": port}
    done = subprocess.run(
        command, env=env, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert (done.stdout + done.stderr).strip().splitlines() == [
        f"tracker: the key file {file} is not the one of this database"
    ]
