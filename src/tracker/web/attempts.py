"""How often somebody may try: few times a minute, and no stranger uses up a volunteer's tries.

A try is counted by account and network, so that guessing is slow. A browser that signed in to the
account before has tries of its own: whatever strangers do, even from the same network, it gets in.
Counted in this process's memory, and forgotten when it ends.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import math
import threading
from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from tracker import sealing
from tracker.web import cookies

KNOWN_FOR = timedelta(days=30)
"""How long a browser is known that signed in once."""

STRANGERS_AT_ONCE = 16
"""So many tries of unknown browsers may wait for their hash: a flood holds nobody else up."""

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
            while tries and tries[0] <= now - self.seconds:
                tries.popleft()
            if len(tries) >= self.most:
                return max(1, math.ceil(tries[0] + self.seconds - now))
            tries.append(now)
            self._forget(self._tries)
            return 0

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

    def _forget(
        self, kept: OrderedDict[Hashable, deque[float]] | OrderedDict[Hashable, float]
    ) -> None:
        # Those who tried longest ago; within a minute no flood gets through so many hashes.
        while len(kept) > self._buckets:
            kept.popitem(last=False)


PASSPHRASES = Attempts(5, 60)
"""Tries of a passphrase: by account and network, or by account and known browser."""

CODES = Attempts(10, 3600)
"""Tries of a code, by account: six digits can be guessed, by whoever has the passphrase already."""


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


def who_tries(request: HTTPConnection, key: bytes, *, now: datetime) -> tuple[Hashable, bool]:
    """Return by what the tries at that account are counted, and whether the browser is known to it.

    Args:
        key: the keyed hash of the account's sign-in name, known or not.
    """
    known = _known_browser(request.cookies.get(cookie_name()), key, now)
    if known is not None:
        return (key, "browser", known), True
    return (key, "network", network(request.client.host if request.client else None)), False


@contextmanager
def place_in_queue(*, known: bool) -> Iterator[bool]:
    """Yield whether there is room for one more who waits for a hash; a known browser always has."""
    if known:
        yield True
        return
    room = _strangers.acquire(blocking=False)
    try:
        yield room
    finally:
        if room:
            _strangers.release()


def cookie_name() -> str:
    """Return the cookie's name."""
    return cookies.name_of("known")


def set_known(response: Response, key: bytes, *, now: datetime) -> None:
    """Have the browser be known to that account, with all its tries; the cookie names nobody."""
    text = json.dumps([key.hex(), sealing.new_token()[:16], int(now.timestamp())])
    sealed = base64.urlsafe_b64encode(sealing.seal(text, "known browser")).decode().rstrip("=")
    cookies.hand_over(response, cookie_name(), sealed, lasting=KNOWN_FOR)


def clear_known(response: Response) -> None:
    """Have the browser forget that it is known."""
    cookies.take_back(response, cookie_name())


_strangers = threading.BoundedSemaphore(STRANGERS_AT_ONCE)


def _known_browser(cookie: str | None, key: bytes, now: datetime) -> str | None:
    """Return which browser that is, if it signed in to that account lately; else None."""
    if not cookie:
        return None
    try:
        sealed = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
        known_key, browser, since = json.loads(sealing.unseal(sealed, "known browser"))
        age = now - datetime.fromtimestamp(since, UTC)
    except (sealing.KeyFileError, TypeError, ValueError):
        return None
    fresh = -_CLOCK_ERROR <= age <= KNOWN_FOR
    return str(browser) if fresh and known_key == key.hex() else None
