"""Who is here: which cookies open something, for how long, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.engine import make_url

from tests import factories
from tracker import database, sealing, settings
from tracker.models import Member, Role, WebSession
from tracker.web import sessions

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def member_id(tracker_settings) -> int:
    with database.writing() as db:
        return factories.member(db, [Role.VOLUNTEER, Role.COORDINATOR]).id


def begin(member_id: int, now: datetime = NOW) -> str:
    with database.writing() as db:
        return sessions.begin(db, member_id, now=now)


def row() -> WebSession:
    with database.reading() as db:
        return db.scalars(select(WebSession)).one()


def set_row(**values: object) -> None:
    with database.writing() as db:
        db.execute(update(WebSession).values(**values))


def test_a_living_session_says_who_is_here(member_id):
    token = begin(member_id)
    found = sessions.member_with(token, now=NOW)
    assert found is not None
    assert found.member_id == member_id
    assert found.name == "Fictional Vera Volunteer"
    assert found.roles == {Role.VOLUNTEER, Role.COORDINATOR}


@pytest.mark.parametrize("token", [None, "", "unknown", "x" * 5000, "ö\x00"])
def test_an_unknown_token_is_nobodys(member_id, token):
    begin(member_id)
    assert sessions.member_with(token, now=NOW) is None


def test_the_hash_of_a_token_is_no_token(member_id):
    token = begin(member_id)
    for stolen in (row().token_hash.hex(), row().token_hash.decode("latin-1"), token + "="):
        assert sessions.member_with(stolen, now=NOW) is None


def test_an_ended_session_is_over_at_once(member_id):
    token, other = begin(member_id), begin(member_id)
    with database.writing() as db:
        sessions.end(db, token, now=NOW)
    assert sessions.member_with(token, now=NOW) is None
    assert sessions.member_with(other, now=NOW) is not None


def test_ending_twice_keeps_the_first_end(member_id):
    token = begin(member_id)
    for minutes in (1, 2):
        with database.writing() as db:
            sessions.end(db, token, now=NOW + timedelta(minutes=minutes))
    assert row().ended_at == NOW + timedelta(minutes=1)


def test_ending_what_is_not_there_changes_nothing(member_id):
    token = begin(member_id)
    with database.writing() as db:
        sessions.end(db, "unknown", now=NOW)
    assert sessions.member_with(token, now=NOW) is not None


@pytest.mark.parametrize(
    ("idle", "lives"),
    [
        (timedelta(0), True),
        (timedelta(hours=12) - timedelta(seconds=1), True),
        (timedelta(hours=12), False),
        (timedelta(hours=13), False),
        (timedelta(days=400), False),
    ],
)
def test_a_session_ends_after_twelve_idle_hours(member_id, idle, lives):
    token = begin(member_id)
    assert (sessions.member_with(token, now=NOW + idle) is not None) == lives


def test_a_session_in_use_ends_after_thirty_days(member_id):
    token = begin(member_id)
    hours = 0
    while sessions.member_with(token, now=NOW + timedelta(hours=hours)) is not None:
        hours += 10
    assert hours == 30 * 24


def test_a_session_begun_in_the_future_is_no_trouble(member_id):
    # The clock of the server may have been set back.
    token = begin(member_id, NOW + timedelta(minutes=3))
    assert sessions.member_with(token, now=NOW) is not None


def test_a_disabled_member_is_out_at_once(member_id):
    token = begin(member_id)
    with database.writing() as db:
        db.execute(update(Member).values(disabled_at=NOW))
    assert sessions.member_with(token, now=NOW) is None
    with database.writing() as db:
        db.execute(update(Member).values(disabled_at=None))
    assert sessions.member_with(token, now=NOW) is not None


def test_last_seen_is_written_at_most_every_five_minutes(member_id):
    token = begin(member_id)
    writes = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("UPDATE", "INSERT", "DELETE")):
            writes.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    seen = []
    for minutes in range(20):
        assert sessions.member_with(token, now=NOW + timedelta(minutes=minutes)) is not None
        if row().last_seen_at not in seen:
            seen.append(row().last_seen_at)
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    assert len(writes) == len(gaps) == 3
    assert set(gaps) == {timedelta(minutes=6)}


def test_a_visit_waits_for_no_writer(member_id):
    token = begin(member_id)
    with database.writing() as db:
        factories.section(db, "Elbonia (fictional)")
        # writing() inside writing() is refused: this would raise if a visit wrote.
        assert sessions.member_with(token, now=NOW + timedelta(minutes=4)) is not None


def test_only_a_hash_of_the_token_is_stored(member_id):
    token = begin(member_id)
    assert row().token_hash == sealing.token_hash(token)
    assert token.encode() not in row().token_hash


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_file_of_the_database_holds_a_token(member_id, tmp_path):
    token = begin(member_id)
    assert sessions.member_with(token, now=NOW + timedelta(minutes=6)) is not None
    file = Path(make_url(settings.current().database_url).database or "")
    kept = [found.read_bytes() for found in file.parent.glob(f"{file.name}*")]
    kept += [
        found.read_bytes() for found in settings.current().data_dir.rglob("*") if found.is_file()
    ]
    hashed = sealing.token_hash(token)
    assert any(hashed in content for content in kept)  # the search finds what is there
    assert not any(token.encode() in content for content in kept)


def test_tokens_are_long_and_never_the_same(member_id):
    tokens = {begin(member_id) for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43  # 256 bits


def test_the_cookie_under_https_is_held_to_this_host(tracker_settings):
    assert sessions.cookie_name() == "tracker_session"
    settings.use(replace(tracker_settings, base_url="https://letters.example"))
    assert sessions.cookie_name() == "__Host-tracker"
