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
from tracker import database, members, sealing, settings
from tracker.models import Deed, Member, RecordEntry, Role, WebSession
from tracker.web import sessions
from tracker.web.browsers import browser_name

LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
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


def deeds() -> list[Deed]:
    with database.reading() as db:
        return list(db.scalars(select(RecordEntry.deed).order_by(RecordEntry.id)))


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


@pytest.mark.parametrize("ahead", [timedelta(minutes=3), timedelta(days=40), timedelta(days=4000)])
def test_a_session_begun_in_the_future_lives_no_longer_than_others(member_id, ahead):
    # The clock of the server was fast, and was set back.
    token = begin(member_id, NOW + ahead)
    assert sessions.member_with(token, now=NOW) is not None
    assert (row().created_at, row().last_seen_at) == (NOW, NOW)
    hours = 0
    while sessions.member_with(token, now=NOW + timedelta(hours=hours)) is not None:
        hours += 10
    assert hours == 30 * 24


def test_a_clock_that_jumped_ahead_for_a_while_ends_no_session_for_good(member_id):
    token = begin(member_id)
    assert sessions.member_with(token, now=NOW + timedelta(hours=11)) is not None
    assert sessions.member_with(token, now=NOW + timedelta(days=400)) is None
    assert sessions.member_with(token, now=NOW + timedelta(hours=1)) is not None
    assert row().last_seen_at == NOW + timedelta(hours=1)


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


# Of one's own


def own(member_id: int, token: str | None, now: datetime = NOW) -> list[sessions.OwnSession]:
    with database.reading() as db:
        return list(sessions.of_member(db, members.asker(db, member_id), token, now=now))


def test_ones_own_sessions_are_listed_this_one_first(member_id):
    with database.writing() as db:
        other = factories.member(db).id
        tokens = [
            sessions.begin(
                db, member_id, now=NOW + timedelta(minutes=place), browser=f"Browser {place}"
            )
            for place in range(3)
        ]
        sessions.begin(db, other, now=NOW, browser="Another's")
        ended = sessions.begin(db, member_id, now=NOW)
        sessions.end(db, ended, now=NOW)
        sessions.begin(db, member_id, now=NOW - timedelta(hours=13))
    found = own(member_id, tokens[1])
    assert [session.browser for session in found] == ["Browser 1", "Browser 2", "Browser 0"]
    assert [session.is_this for session in found] == [True, False, False]
    assert len({session.public_id for session in found}) == 3
    assert own(member_id, None)[0].is_this is False


def test_one_of_ones_own_sessions_can_be_ended_and_nobody_elses(member_id):
    mine, lost = begin(member_id), begin(member_id)
    with database.writing() as db:
        other = factories.member(db).id
        theirs = sessions.begin(db, other, now=NOW)
    asked = next(session for session in own(member_id, mine) if not session.is_this)
    with database.writing() as db:
        stranger = members.asker(db, other)
        assert not sessions.end_one(db, stranger, asked.public_id, now=NOW)
    assert sessions.member_with(lost, now=NOW) is not None
    with database.writing() as db:
        asker = members.asker(db, member_id)
        assert sessions.end_one(db, asker, asked.public_id, now=NOW)
        assert not sessions.end_one(db, asker, asked.public_id, now=NOW)
        assert not sessions.end_one(db, asker, "unknown", now=NOW)
    alive = [sessions.member_with(token, now=NOW) is not None for token in (mine, lost, theirs)]
    assert alive == [True, False, True]
    assert deeds().count(Deed.SESSION_ENDED) == 1


def test_all_others_can_be_ended_at_once(member_id):
    tokens = [begin(member_id) for _ in range(4)]
    with database.writing() as db:
        theirs = sessions.begin(db, factories.member(db).id, now=NOW)
        asker = members.asker(db, member_id)
        assert sessions.end_others(db, asker, tokens[2], now=NOW) == 3
        assert sessions.end_others(db, asker, tokens[2], now=NOW) == 0
    alive = [sessions.member_with(token, now=NOW) is not None for token in (*tokens, theirs)]
    assert alive == [False, False, True, False, True]
    assert deeds().count(Deed.SESSION_ENDED) == 1


def test_beginning_and_ending_are_recorded(member_id):
    token = begin(member_id)
    with database.writing() as db:
        sessions.end(db, token, now=NOW)
        sessions.end(db, token, now=NOW)
    assert deeds() == [Deed.SIGNED_IN, Deed.SIGNED_OUT]


# Waiting for a code


@pytest.fixture
def waiting(member_id) -> str:
    """The token of a session that waits for its code."""
    with database.writing() as db:
        db.execute(update(Member).values(totp_since=NOW))
    return begin(member_id)


def waits(token: str, now: datetime = NOW) -> bool:
    with database.reading() as db:
        return sessions.waiting_member(db, token, now=now) is not None


def test_a_session_that_waits_for_a_code_opens_nothing(member_id, waiting):
    assert sessions.member_with(waiting, now=NOW) is None
    assert waits(waiting)
    assert not waits("unknown")
    assert own(member_id, waiting) == []
    assert deeds() == []


def test_after_the_code_another_token_opens_the_account(member_id, waiting):
    with database.writing() as db:
        token = sessions.after_code(db, waiting, now=NOW)
    assert sessions.member_with(token, now=NOW) is not None
    assert sessions.member_with(waiting, now=NOW) is None
    assert not waits(waiting)
    assert not waits(token)
    assert deeds() == [Deed.SIGNED_IN]


@pytest.mark.parametrize("minutes", [-11, 10, 60])
def test_nobody_waits_for_longer_than_ten_minutes(waiting, minutes):
    assert waits(waiting, NOW + timedelta(minutes=9))
    assert not waits(waiting, NOW + timedelta(minutes=minutes))


def test_a_disabled_member_waits_in_vain(waiting):
    with database.writing() as db:
        db.execute(update(Member).values(disabled_at=NOW))
    assert not waits(waiting)


# What is kept


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("(Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        (f"(Windows NT 10.0; Win64; x64) {LIKE} Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        (f"(X11; Linux x86_64) {LIKE} Chrome/140.0.0.0 Safari/537.36", "Chrome, Linux"),
        (f"(iPhone; CPU iPhone OS 18_0 like Mac OS X) {LIKE} Safari/604.1", "Safari, iPhone"),
        (f"(Macintosh; Intel Mac OS X 10_15_7) {LIKE} Safari/605.1.15", "Safari, Mac"),
        (
            f"(Linux; Android 15) {LIKE} SamsungBrowser/28.0 Chrome/130 Safari/537",
            "Samsung Internet, Android",
        ),
        ("curl/8.9.1", ""),
        ("", ""),
        ("x" * 100_000, ""),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_browser_is_named_roughly(tracker_settings, agent, name):
    assert browser_name(agent) == name


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
    assert sessions.cookie_name() == "__Host-tracker-session"
