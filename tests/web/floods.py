"""Floods of sign-in attempts, how long an answer takes, and cookies that are used again.

`make faults` runs them whole, the tests a dose of the same.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from tests import factories
from tests.web.browser import Browser
from tests.web.doors import PASSPHRASE, add_account, nobody_tried, sign_in, who
from tracker import accounts, database
from tracker.models import Member
from tracker.web import attempts, sessions
from tracker.web import sign_in as handlers

HOME = "198.51.100.23"
WRONG = "none of your business"


@dataclass
class Clock:
    """Time as the flood has it: it goes on with each attempt, not with the machine."""

    now: float = 1_000.0

    def monotonic(self) -> float:
        """Return the seconds that have passed since some moment."""
        return self.now


@dataclass(frozen=True)
class Flood:
    """What a flood came to.

    Attributes:
        sent: how many attempts of strangers there were.
        hashed: how many of them reached the hash.
        most: the most that reached it in any 60 seconds for one account from one network.
        volunteers: how often a volunteer signed in meanwhile, from a browser that had been in.
        locked_out: how often that failed.
        statuses: the answers that strangers got.
    """

    sent: int
    hashed: int
    most: int
    volunteers: int
    locked_out: int
    statuses: frozenset[int]


def flood(patch: pytest.MonkeyPatch, number: int, *, seed: int = 7) -> Flood:
    """Send that many attempts at ten accounts and ten unknown names, from twelve networks.

    One in two goes at one volunteer's account, and one in four of all comes from the very network
    that this volunteer signs in from, every quarter of a minute and once all are sent.
    """
    chance, clock = random.Random(seed), Clock()
    patch.setattr(handlers, "time", clock)
    nobody_tried(patch)
    hashed: dict[tuple[bytes, str], list[float]] = defaultdict(list)
    network = ""
    check = accounts.verified

    def counted(found: accounts.Known, passphrase: str) -> bool:
        if network:
            hashed[found.key, network].append(clock.now)
        return check(found, passphrase)

    patch.setattr(accounts, "verified", counted)
    names = [f"volunteer {place}" for place in range(10)] + [
        f"nobody {place}" for place in range(10)
    ]
    for name in names[:10]:
        add_account(name)
    home = Browser(address=HOME)
    volunteers, last_in = 1, clock.now
    locked_out = int(sign_in(home, names[0]).status != 303)
    statuses = set()
    for place in range(number):
        clock.now += chance.expovariate(100)
        name = names[0] if chance.random() < 0.5 else chance.choice(names)
        near = chance.random() < 0.25
        last = chance.randrange(1, 250)
        address = f"198.51.100.{last}" if near else f"203.0.{chance.randrange(11)}.{last}"
        network = attempts.network(address)
        statuses.add(sign_in(Browser(address=address), name, WRONG).status)
        network = ""
        if place % 50 == 49:
            clock.now += 1
        if clock.now - last_in > 15 or place == number - 1:
            home.post("/sign-out")
            last_in = clock.now
            volunteers += 1
            locked_out += sign_in(home, names[0]).status != 303
    return Flood(
        sent=number,
        hashed=sum(map(len, hashed.values())),
        most=max(map(_most_in_a_minute, hashed.values())),
        volunteers=volunteers,
        locked_out=locked_out,
        statuses=frozenset(statuses),
    )


def _most_in_a_minute(moments: list[float]) -> int:
    return max(
        sum(start <= moment < start + 60 for moment in moments[place:])
        for place, start in enumerate(moments)
    )


def seconds_by_kind(patch: pytest.MonkeyPatch, number: int) -> dict[str, list[float]]:
    """Return how long that many refusals of each kind took, asked in turn: known, unknown, …."""
    with database.reading() as db:
        is_new = not accounts.known(db, "vera").enabled
    if is_new:
        add_account("vera")
        gone = add_account("otto")
        with database.writing() as db:
            db.execute(update(Member).where(Member.id == gone).values(disabled_at=factories.NOW))
    # Tries of an earlier measurement would slow these down.
    nobody_tried(patch)
    names = {"known": "vera", "unknown": "vers", "disabled": "otto"}
    taken: dict[str, list[float]] = {kind: [] for kind in names}
    for place in range(number + 1):
        kinds = list(names)
        # In another order each time: whatever the machine does besides falls on all alike.
        kinds = kinds[place % 3 :] + kinds[: place % 3]
        for kind in kinds:
            browser = Browser(address=f"203.{place // 250}.{place % 250}.9")
            begun = time.perf_counter()
            answer = sign_in(browser, names[kind], WRONG)
            seconds = time.perf_counter() - begun
            assert answer.status == 401
            if place:  # the first of each kind loads what the others find loaded
                taken[kind].append(seconds)
    return taken


def medians(taken: dict[str, list[float]]) -> dict[str, float]:
    """Return the medians in milliseconds."""
    return {kind: 1000 * statistics.median(seconds) for kind, seconds in taken.items()}


def differs(one: float, other: float) -> bool:
    """Return whether two medians (milliseconds) differ by more than 5 % and by more than 5 ms."""
    return abs(one - other) > max(0.05 * min(one, other), 5)


def replays(number: int) -> dict[str, tuple[int, int]]:
    """Use cookies again after what ends them: how often tried, and how often something opened."""
    return {
        kind: _replayed(end, number)
        for kind, end in (
            ("signing out", _sign_out),
            ("being disabled", _disable),
            ("changing the passphrase", _change_passphrase),
            ("ending all others", _end_others),
            ("going stale", _forget_for_a_day),
        )
    }


def _replayed(end: Callable[[Browser, str], None], number: int) -> tuple[int, int]:
    name = f"volunteer {end.__name__}"
    add_account(name)
    stolen = []
    for place in range(number):
        browser = Browser(address=f"192.0.{place}.2")
        assert sign_in(browser, name).status == 303
        stolen.append(dict(browser.cookies))
    owner = Browser(address="192.0.250.1")
    assert sign_in(owner, name).status == 303
    if end is _sign_out:
        for cookies in stolen:
            victim = Browser()
            victim.cookies = dict(cookies)
            victim.post("/sign-out")
    else:
        end(owner, name)
    accepted = 0
    for cookies in stolen:
        thief = Browser()
        thief.cookies = dict(cookies)
        accepted += who(thief) is not None
        for path in ("/log", "/account", "/account/passphrase", "/reports/letters.csv", "/"):
            answer = thief.get(path)
            accepted += not (answer.location or "").startswith("/sign-in")
    return 6 * number, accepted


def _sign_out(owner: Browser, name: str) -> None:
    owner.post("/sign-out")


def _disable(owner: Browser, name: str) -> None:
    with database.writing() as db:
        key = accounts.sign_in_key(name)
        db.execute(
            update(Member).where(Member.sign_in_key == key).values(disabled_at=datetime.now(UTC))
        )


def _change_passphrase(owner: Browser, name: str) -> None:
    new = "nine lamps and one umbrella"
    answer = owner.post("/account/passphrase", current=PASSPHRASE, passphrase=new, repeat=new)
    assert answer.status == 303
    assert who(owner) is not None


def _end_others(owner: Browser, name: str) -> None:
    asker = who(owner)
    assert asker is not None
    with database.writing() as db:
        token = owner.cookies[sessions.cookie_name()]
        sessions.end_others(db, asker, token, now=datetime.now(UTC))
    assert who(owner) is not None


def _forget_for_a_day(owner: Browser, name: str) -> None:
    with database.writing() as db:
        asker = accounts.known(db, name)
        long_ago = datetime.now(UTC) - sessions.IDLE
        db.execute(
            update(sessions.WebSession)
            .where(sessions.WebSession.member_id == asker.member_id)
            .values(last_seen_at=long_ago)
        )
