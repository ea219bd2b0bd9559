"""How often somebody may try, and that no stranger uses up a volunteer's tries."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from tests.web import floods
from tests.web.browser import Browser
from tests.web.doors import PASSPHRASE, add_account, deeds, nobody_tried, sign_in
from tracker import accounts, database, members, sealing
from tracker.models import Deed
from tracker.web import attempts
from tracker.web.attempts import Attempts

WRONG = "none of your business"

pytestmark = pytest.mark.usefixtures("tracker_settings", "quick_hashing")
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _fresh_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_tried(monkeypatch)


# Counting


@on_one_database
def test_the_sixth_try_in_a_minute_waits():
    tries = Attempts(5, 60)
    assert [tries.wait("a", now=now) for now in (0, 10, 20, 30, 40)] == [0] * 5
    assert [tries.wait("a", now=now) for now in (41, 59.5)] == [19, 1]
    assert tries.wait("a", now=60) == 0
    assert tries.wait("a", now=60.5) == 10


@on_one_database
def test_waiting_is_not_made_longer_by_asking():
    tries = Attempts(5, 60)
    for _ in range(100):
        tries.wait("a", now=0)
    assert [tries.wait("a", now=60) for _ in range(6)] == [0] * 5 + [60]


@on_one_database
def test_asking_what_is_left_counts_nothing():
    tries = Attempts(1, 60)
    assert [tries.left("a", now=0) for _ in range(3)] == [0] * 3
    assert tries.wait("a", now=0) == 0
    assert (tries.left("a", now=1), tries.left("a", now=60)) == (59, 0)
    assert len(tries) == 1


@on_one_database
def test_everybody_has_tries_of_their_own():
    tries = Attempts(1, 60)
    assert [tries.wait(who, now=0) for who in ("a", "b", ("a", "b"), "a")] == [0, 0, 0, 60]


@on_one_database
def test_no_more_is_remembered_than_there_is_room_for():
    tries = Attempts(1, 60, buckets=10)
    for who in range(1000):
        assert tries.wait(who, now=0) == 0
        tries.is_news(who, now=0)
    assert len(tries) == 10
    assert tries.wait(999, now=1) == 59


@on_one_database
def test_of_many_threads_no_more_than_the_most_get_through():
    tries = Attempts(5, 60)
    barrier = threading.Barrier(16)

    def attempt(_: int) -> int:
        barrier.wait()
        return sum(tries.wait("a", now=1.0) == 0 for _ in range(50))

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(16))) == 5


# Networks


@on_one_database
@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""), (None, ""), ("testclient", ""), ("203.0.113.999", ""),
    ],
)  # fmt: skip
def test_a_network_is_what_one_line_usually_has(host, network):
    assert attempts.network(host) == network


# At the form


def test_the_sixth_attempt_is_slowed_whatever_it_says_and_the_record_told_once():
    member_id = add_account()
    for name, about in (("vera", member_id), ("stranger", None)):
        answers = [sign_in(Browser(), name, WRONG) for _ in range(8)]
        assert [answer.status for answer in answers] == [401] * 5 + [429] * 3
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
        assert sign_in(Browser(), name).status == 429  # the right one, too
        assert deeds().count((Deed.SIGN_IN_SLOWED, None, about)) == 1
        assert deeds().count((Deed.SIGN_IN_REFUSED, None, about)) == 5


def test_the_slow_page_is_the_same_for_known_and_unknown_names():
    add_account()
    pages = []
    for name in ("vera", "stranger"):
        for _ in range(5):
            sign_in(Browser(), name, WRONG)
        answer = sign_in(Browser(), name, WRONG)
        pages.append((answer.text, {**answer.headers, "retry-after": ""}))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.77"])
def test_a_stranger_locks_nobody_out_who_has_been_here_before(address):
    add_account()
    mine = Browser()
    assert sign_in(mine).status == 303
    mine.post("/sign-out")
    for _ in range(20):
        sign_in(Browser(address=address), "vera", WRONG)
    assert sign_in(mine).status == 303


def test_a_known_browser_has_five_tries_a_minute_too():
    add_account()
    mine = Browser()
    sign_in(mine)
    statuses = [sign_in(mine, "vera", WRONG).status for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2


def test_all_the_browsers_known_to_an_account_share_their_tries():
    add_account()
    mine = [Browser(address=f"192.0.{place}.1") for place in range(4)]
    for browser in mine:
        assert sign_in(browser).status == 303
    statuses = [sign_in(browser, "vera", WRONG).status for _ in range(3) for browser in mine]
    assert statuses == [401] * 5 + [429] * 7


def test_another_passphrase_makes_strangers_of_all_browsers_but_ones_own():
    add_account()
    mine, thief = Browser(), Browser(address="203.0.113.9")
    for browser in (mine, thief):
        assert sign_in(browser).status == 303
    stolen = thief.cookies[attempts.cookie_name()]
    new = "nine lamps and one umbrella"
    mine.post("/account/passphrase", current=PASSPHRASE, passphrase=new, repeat=new)
    with database.reading() as db:
        found = accounts.known(db, "vera")
    now = datetime.now(UTC)
    assert not attempts._is_known(stolen, found, now)
    assert attempts._is_known(mine.cookies[attempts.cookie_name()], found, now)


def test_a_second_step_makes_strangers_of_browsers_that_gave_no_code():
    member_id = add_account()
    browser = Browser()
    sign_in(browser)
    now = datetime.now(UTC)
    with database.writing() as db:
        asker = members.asker(db, member_id)
        secret = accounts.begin_second_step(db, asker).secret
        accounts.confirm_second_step(db, asker, secret, pyotp.TOTP(secret).at(now), now)
        found = accounts.known(db, "vera")
    assert not attempts._is_known(browser.cookies[attempts.cookie_name()], found, now)


def test_one_network_has_few_tries_however_many_names_it_invents():
    add_account()
    machine = Browser(address="203.0.113.9")
    statuses = [sign_in(machine, f"nobody {place}", WRONG).status for place in range(65)]
    assert statuses == [401] * 60 + [429] * 5
    assert deeds().count((Deed.SIGN_IN_SLOWED, None, None)) == 1
    assert sign_in(Browser(address="198.51.100.7")).status == 303


def test_a_hall_behind_one_address_gets_in():
    for place in range(40):
        add_account(f"volunteer {place}")
    hall = [sign_in(Browser(), f"volunteer {place}").status for place in range(40)]
    assert set(hall) == {303}


def test_a_browser_is_known_to_its_own_account_alone():
    add_account()
    add_account("otto")
    mine = Browser()
    sign_in(mine)
    for _ in range(5):
        sign_in(Browser(), "otto", WRONG)
    assert sign_in(mine, "otto").status == 429


def test_the_known_cookie_names_nobody_and_ends_after_30_days():
    member_id = add_account()
    cookie = sign_in(Browser()).cookies[attempts.cookie_name()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert cookie["max-age"] == str(30 * 24 * 3600)
    raw = base64.urlsafe_b64decode(cookie.value + "=" * (-len(cookie.value) % 4))
    key = accounts.sign_in_key("vera")
    for secret in (b"vera", b"Vera", key, key.hex().encode(), str(member_id).encode() * 5):
        assert secret not in raw
    now = datetime.now(UTC)
    with database.reading() as db:
        found, other = accounts.known(db, "vera"), accounts.known(db, "otto")
    for age, known in ((0, True), (29, True), (31, False), (-2, False)):
        assert attempts._is_known(cookie.value, found, now + timedelta(days=age)) == known
    assert not attempts._is_known(cookie.value, other, now)


@pytest.mark.parametrize(
    "cookie", ["", "x", "====", "ö", "A" * 4000, base64.urlsafe_b64encode(b"\0" * 60).decode()]
)
def test_a_forged_known_cookie_is_no_trouble(cookie):
    add_account()
    for place in range(7):
        browser = Browser()
        browser.cookies[attempts.cookie_name()] = cookie.encode().decode("latin-1")
        assert sign_in(browser, "vera", WRONG).status == (401 if place < 5 else 429)


def test_what_is_sealed_for_something_else_is_no_known_cookie():
    found, now = accounts.Known(accounts.sign_in_key("vera")), datetime.now(UTC)
    for text, purpose in (
        ('["x", "y", 1]', "oidc"),
        ("{}", "known browser"),
        ("7", "known browser"),
    ):
        sealed = base64.urlsafe_b64encode(sealing.seal(text, purpose)).decode()
        assert not attempts._is_known(sealed, found, now)


@on_one_database
def test_a_flood_of_slow_hashes_holds_no_known_browser_up(monkeypatch):
    add_account()
    mine = Browser()
    sign_in(mine)
    hold = threading.Semaphore(0)
    verified = accounts.verified

    def slow(found, passphrase):
        if passphrase == WRONG:
            hold.acquire()
        return verified(found, passphrase)

    monkeypatch.setattr(accounts, "verified", slow)
    with ThreadPoolExecutor(attempts.STRANGERS_AT_ONCE) as pool:
        flood = [
            pool.submit(sign_in, Browser(address=f"203.0.{place}.1"), f"nobody {place}", WRONG)
            for place in range(attempts.STRANGERS_AT_ONCE)
        ]
        try:
            while attempts._strangers.taken.total() < attempts.STRANGERS_AT_ONCE:
                pass
            late = sign_in(Browser(address="192.0.2.1"), "stranger", WRONG)
            assert late.status == 429
            assert late.headers["retry-after"] == "5"
            assert sign_in(mine).status == 303
        finally:
            hold.release(attempts.STRANGERS_AT_ONCE)
        assert {answer.result().status for answer in flood} == {401}


@on_one_database
def test_one_machine_leaves_places_for_volunteers_whose_browser_is_not_known(monkeypatch):
    add_account()
    opened = threading.Event()
    verified = accounts.verified

    def slow(found, passphrase):
        if passphrase == WRONG:
            opened.wait(30)
        return verified(found, passphrase)

    monkeypatch.setattr(accounts, "verified", slow)
    with ThreadPoolExecutor(32) as pool:
        flood = [
            pool.submit(sign_in, Browser(address="203.0.113.9"), f"nobody {place}", WRONG)
            for place in range(32)
        ]
        try:
            # All but those who have a place are answered, and nobody leaves theirs.
            while sum(answer.done() for answer in flood) < 32 - attempts.NETWORK_AT_ONCE:
                assert sum(attempts._strangers.taken.values()) <= attempts.NETWORK_AT_ONCE
            assert sign_in(Browser(address="198.51.100.7")).status == 303
        finally:
            opened.set()
        statuses = sorted(answer.result().status for answer in flood)
    assert statuses == [401] * 4 + [429] * 28
    assert not attempts._strangers.taken


# Doses of tests/faults/test_sign_in_attempts.py


def test_a_flood_of_attempts(monkeypatch):
    seen = floods.flood(monkeypatch, 300)
    assert seen.most == 5
    assert seen.locked_out == 0
    assert seen.hashed < seen.sent
    assert seen.statuses == {401, 429}


@on_one_database
def test_how_long_refusals_take_is_measured_of_each_kind(monkeypatch):
    medians = floods.medians(floods.seconds_by_kind(monkeypatch, 3))
    assert set(medians) == {"known", "unknown", "disabled"}
    assert not floods.differs(100, 105)
    assert not floods.differs(10, 15)
    assert floods.differs(100, 106)


def test_cookies_are_not_used_again():
    assert {accepted for _, accepted in floods.replays(2).values()} == {0}
