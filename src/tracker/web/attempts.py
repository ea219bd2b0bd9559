"""How often somebody may try: few times a minute, and no stranger uses up a volunteer's tries.

A try is counted by account and network, so that guessing is slow. The browsers that signed in to
the account before share tries of their own: whatever strangers do, even from the same network, they
get in. So at most 5 tries a minute from one network reach the hash of an account, and 5 more from
all browsers together that its owner let in; with another passphrase or second step none of them is
known any more; whoever is signed in has 5 on the pages of one's own account. One network has a
small share of the places to wait in and of the hashes of a minute, however many names it tries.
Counted in this process's memory, and forgotten when it ends.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import math
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from tracker import accounts, sealing
from tracker.web import cookies

KNOWN_FOR = timedelta(days=30)
"""How long a browser is known that signed in once."""

STRANGERS_AT_ONCE = 16
"""So many tries of unknown browsers may wait for their hash: a flood holds nobody else up."""

NETWORK_AT_ONCE = 4
"""So many of them may come from one network: no one machine takes the places of all strangers."""

_BUCKETS = 50_000
_CLOCK_ERROR = timedelta(days=1)


class Attempts:
    """Counts tries in a sliding window of time, by whatever tells those who try apart."""

    def __init__(self, most: int, seconds: float, *, buckets: int = _BUCKETS) -> None:
        """Allow `most` tries in any `seconds`; remember at most `buckets` of those who try."""
        self.most = most
        self.seconds = seconds
        self._tries: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._told: OrderedDict[Hashable, float] = OrderedDict()
        self._buckets = buckets
        self._lock = threading.Lock()

    def wait(self, who: Hashable, *, now: float) -> int:
        """Count a try and return 0; or the whole seconds to wait, for one that is too many.

        Args:
            now: seconds of a clock that never goes back.
        """
        with self._lock:
            tries = self._tries.setdefault(who, deque())
            self._tries.move_to_end(who)
            wait = self._left(tries, now)
            if not wait:
                tries.append(now)
                self._forget(self._tries)
            return wait

    def left(self, who: Hashable, *, now: float) -> int:
        """Return the seconds that `wait` would, and count nothing."""
        with self._lock:
            return self._left(self._tries.get(who, deque()), now)

    def is_news(self, who: Hashable, *, now: float) -> bool:
        """Return whether nobody was told in this window that `who` has to wait."""
        with self._lock:
            told = self._told.get(who)
            if told is not None and now - told < self.seconds:
                return False
            self._told[who] = now
            self._told.move_to_end(who)
            self._forget(self._told)
            return True

    def __len__(self) -> int:
        """How many of those who try are remembered."""
        return len(self._tries)

    def _left(self, tries: deque[float], now: float) -> int:
        while tries and tries[0] <= now - self.seconds:
            tries.popleft()
        if len(tries) < self.most:
            return 0
        return max(1, math.ceil(tries[0] + self.seconds - now))

    def _forget(
        self, kept: OrderedDict[Hashable, deque[float]] | OrderedDict[Hashable, float]
    ) -> None:
        # Those who tried longest ago; within a minute no flood gets through so many hashes.
        while len(kept) > self._buckets:
            kept.popitem(last=False)


PASSPHRASES = Attempts(5, 60)
"""Tries of a passphrase: by account and network, or by account for all the browsers known to it."""

NETWORKS = Attempts(60, 60)
"""Tries of unknown browsers at any names, by network: a hall full of people behind one address."""

CODES = Attempts(10, 3600)
"""Tries of a code: six digits can be guessed, by whoever has the passphrase already.

By account, wherever they come from; the browsers known to it share as many again. Only who gave a
code is known, so that nobody who has the passphrase alone keeps its owner out.
"""

CHOICES = Attempts(10, 60)
"""Forms with a passphrase to choose, by link and network: each is judged, which takes a while."""

CHOICES_OF_A_HALL = Attempts(30, 60)
"""The same for a join code, which many open at once behind one address."""

TAKEN = Attempts(5, 60)
"""Answers that somebody has that sign-in name already, by network."""

TAKEN_BEHIND_LINK = Attempts(20, 3600)
"""The same by link. Whoever joins must be told, and whoever asks for names must not."""


def network(host: str | None) -> str:
    """Return the network of an address: what one line to the internet usually has (/24, /56)."""
    try:
        address = ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    bits = 24 if address.version == 4 else 56
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def network_of(request: HTTPConnection) -> str:
    """Return the network that the request comes from."""
    return network(request.client.host if request.client else None)


def who_tries(
    request: HTTPConnection, found: accounts.Known, *, now: datetime
) -> tuple[Hashable, bool]:
    """Return by what the tries at that account are counted, and whether the browser is known to it.

    Args:
        found: what is known of whoever has the name, if anybody.
    """
    if _is_known(request.cookies.get(cookie_name()), found, now):
        return (found.key, "browser"), True
    return (found.key, "network", network_of(request)), False


def who_tries_code(request: HTTPConnection, found: accounts.Known, *, now: datetime) -> Hashable:
    """Return by what tries of a code are counted: other networks give no further guesses."""
    who, known = who_tries(request, found, now=now)
    return who if known else (found.key, "codes")


def wait_to_choose(
    request: HTTPConnection, link: Hashable, *, now: float, hall: bool = False
) -> int:
    """Count a form with a name and a passphrase to choose and return 0; or the seconds to wait.

    Asked before anything is looked up: else a free name would be told from a taken one.

    Args:
        link: what it was sent behind.
        hall: whether a hall full of people sends it behind one address.
    """
    choices = CHOICES_OF_A_HALL if hall else CHOICES
    network = network_of(request)
    told = max(TAKEN.left(network, now=now), TAKEN_BEHIND_LINK.left(link, now=now))
    return told or choices.wait((link, network), now=now)


def wait_to_tell_taken(request: HTTPConnection, link: Hashable, *, now: float) -> int:
    """Count an answer that a name is taken and return 0; or the seconds to wait."""
    return TAKEN.wait(network_of(request), now=now) or TAKEN_BEHIND_LINK.wait(link, now=now)


@contextmanager
def place_in_queue(network: str, *, known: bool) -> Iterator[bool]:
    """Yield whether there is room for one more who waits for a hash; a known browser always has."""
    if known:
        yield True
        return
    room = _strangers.enter(network)
    try:
        yield room
    finally:
        if room:
            _strangers.leave(network)


def cookie_name() -> str:
    """Return the cookie's name."""
    return cookies.name_of("known")


def set_known(response: Response, found: accounts.Known, *, now: datetime) -> None:
    """Have the browser be known to that account; the cookie names nobody."""
    text = json.dumps([found.key.hex(), _way_in(found), int(now.timestamp())])
    sealed = base64.urlsafe_b64encode(sealing.seal(text, "known browser")).decode().rstrip("=")
    cookies.hand_over(response, cookie_name(), sealed, lasting=KNOWN_FOR)


def clear_known(response: Response) -> None:
    """Have the browser forget that it is known."""
    cookies.take_back(response, cookie_name())


class _Places:
    """The places of strangers who wait for a hash, and which networks have how many of them."""

    def __init__(self) -> None:
        """Begin with all of them free."""
        self.taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, network: str) -> bool:
        """Take a place and return True, or return False where there is none."""
        with self._lock:
            full = self.taken.total() >= STRANGERS_AT_ONCE
            if full or self.taken[network] >= NETWORK_AT_ONCE:
                return False
            self.taken[network] += 1
            return True

    def leave(self, network: str) -> None:
        """Give the place back."""
        with self._lock:
            self.taken[network] -= 1
            self.taken += Counter()  # forgets networks that have none


_strangers = _Places()


def _is_known(cookie: str | None, found: accounts.Known, now: datetime) -> bool:
    """Return whether that browser signed in to the account lately, in the way that holds now."""
    if not cookie:
        return False
    try:
        sealed = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
        key, way_in, since = json.loads(sealing.unseal(sealed, "known browser"))
        age = now - datetime.fromtimestamp(since, UTC)
    except (sealing.KeyFileError, TypeError, ValueError, OverflowError):
        return False
    fresh = -_CLOCK_ERROR <= age <= KNOWN_FOR
    return fresh and [key, way_in] == [found.key.hex(), _way_in(found)]


def _way_in(found: accounts.Known) -> str:
    """Return what changes with the passphrase and the second step, and tells nothing of them."""
    return sealing.token_hash(f"{found.kept} {found.totp_since}")[:8].hex()
