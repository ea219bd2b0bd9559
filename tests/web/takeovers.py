"""Attempts to be somebody else at a served program, counted: tries, and how many succeeded."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle, islice
from urllib.parse import urlsplit

from tests import factories, served
from tracker import database, settings
from tracker.models import Role
from tracker.web import access, sessions

SIGN_IN = ["Please sign in"]
PAGE = "timeline"
"""It names people, and anybody who is signed in may open it."""


@dataclass(frozen=True)
class Count:
    """How one way to be somebody else went."""

    what: str
    tries: int
    succeeded: int


@dataclass(frozen=True)
class Place:
    """A served program and three of its visitors' cookies.

    Attributes:
        cookie: the one under attack.
        other: another member's.
        expired: one whose session has run out.
    """

    server: served.Server
    cookie: str
    other: str
    expired: str


@contextmanager
def visited(server: served.Server, cookie: str, chosen: settings.Settings) -> Iterator[Place]:
    """Yield the program with its visitor, and others put into its database, at `chosen`."""
    settings.use(chosen)
    try:
        now = datetime.now(UTC)
        with database.writing() as db:
            member = factories.member(db, (Role.VOLUNTEER,))
            other = sessions.begin(db, member.id, now=now)
            expired = sessions.begin(db, member.id, now=now - timedelta(days=366))
        name = sessions.cookie_name()
        yield Place(server, cookie, f"{name}={other}", f"{name}={expired}")
    finally:
        settings.use(None)


def by_number(place: Place, tries: int) -> list[Count]:
    """Try to take over runs by their number: one whose page is open, one that lost its line."""
    attackers = {
        "no cookie": "",
        "a forged cookie": forged(place, 1)[0],
        "an expired cookie": place.expired,
        "another member's cookie": place.other,
    }
    done = dict.fromkeys(attackers, 0)
    succeeded = dict.fromkeys(attackers, 0)
    with place.server.line(cookie=place.cookie) as open_line:
        open_run = served.number(served.run(open_line, PAGE))
        with place.server.line(cookie=place.cookie) as lost_line:
            lost_run = served.number(served.run(lost_line, PAGE))
        for (attacker, cookie), number in islice(
            zip(cycle(attackers.items()), cycle([open_run] * 4 + [lost_run] * 4), strict=False),
            tries,
        ):
            with place.server.line(cookie=cookie, number=number) as line:
                sent = served.run(line, PAGE)
            done[attacker] += 1
            shown = cookie != place.other and served.headings(sent) != SIGN_IN
            succeeded[attacker] += served.number(sent) == number or shown
        # Nobody was thrown out either.
        assert served.number(served.run(open_line, PAGE)) == open_run
    with place.server.line(cookie=place.cookie, number=lost_run) as line:
        assert served.number(served.run(line, PAGE)) == lost_run
    return [Count(f"a run's number, {who}", done[who], succeeded[who]) for who in attackers]


def by_cookie(place: Place, tries: int) -> list[Count]:
    """Try to come in with cookies that nobody was given, and with one whose time is over."""
    return [
        Count("a forged cookie", tries, sum(_opens(place, it) for it in forged(place, tries))),
        Count("an expired cookie", tries, sum(_opens(place, place.expired) for _ in range(tries))),
    ]


def by_origin(place: Place, tries: int) -> list[Count]:
    """Try what another site's page could do in the browser of somebody who is signed in."""
    origins = foreign_origins(place.server.address, tries)
    lines = [_opens_line(place, Origin=origin) for origin in origins]
    posts = [_status(place, "POST", "/sign-out", Origin=origin) != 403 for origin in origins]
    visits = [_status(place, "GET", "/log", Origin=origin) != 403 for origin in origins]
    return [
        Count("a foreign Origin opens a line", tries, sum(lines)),
        Count("a foreign Origin sends a form", tries, sum(posts)),
        Count("a foreign Origin asks for a page", tries, sum(visits)),
    ]


def by_host(place: Place, tries: int) -> list[Count]:
    """Try to reach the program under another name, as a site does that rebinds its own."""
    port = urlsplit(place.server.address).port
    names = islice(
        cycle([f"evil.example:{port}", "evil.example", f"127.0.0.1.nip.example:{port}"]), tries
    )
    hosts = [f"{secrets.token_hex(4)}.{name}" for name in names]
    lines = [_opens_line(place, Host=host, Origin=f"http://{host}") for host in hosts]
    visits = [_status(place, "GET", "/log", Host=host) != 421 for host in hosts]
    return [
        Count("an unknown Host opens a line", tries, sum(lines)),
        Count("an unknown Host asks for a page", tries, sum(visits)),
    ]


def forged(place: Place, number: int) -> list[str]:
    """Return cookies that look like the real one, or like something a program may trip over."""
    name, _, token = place.cookie.partition("=")
    tokens = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:-1],
        token + "=",
        token.swapcase(),
        "' OR 1=1 --",
        "null",
        "1",
        "é" * 20,
        "x" * 4000,
    ]
    tokens += [secrets.token_urlsafe(32) for _ in range(max(0, number - len(tokens)))]
    return [f"{name}={token}" for token in tokens[:number]]


def foreign_origins(address: str, number: int) -> list[str]:
    """Return origins of other sites, the likest to our own address first."""
    parts = urlsplit(address)
    host, port = parts.hostname, parts.port or 80
    origins = [
        f"http://{host}",
        f"https://{host}",
        f"http://{host}:{port + 1}",
        f"http://{host}:{port}.evil.example",
        f"http://{host}:{port}@evil.example",
        f"http://evil@{host}:{port}",
        f"ws://{host}:{port}",
        f"{host}:{port}",
        f"http://localhost:{port}",
        f"http://[::1]:{port}",
        "null",
        "",
        "file://",
        "http://[",
        "about:blank",
    ]
    others = (f"https://site-{there}.example" for there in range(number))
    return [*origins, *others][:number]


def table(counts: Sequence[Count]) -> str:
    """Return the counts as they are printed."""
    width = max(len(count.what) for count in counts)
    lines = [f"{'attempt':<{width}}  tries  succeeded"]
    lines += [f"{it.what:<{width}}  {it.tries:>5}  {it.succeeded:>9}" for it in counts]
    return "\n".join(lines)


def _opens(place: Place, cookie: str) -> bool:
    """Return whether anything but the way in opens with that cookie."""
    paths = [page.path for page in access.PAGES] + ["/reports/letters.csv?action=x"]
    if any(_status(place, "GET", path, Cookie=cookie) != 303 for path in paths[::3]):
        return True
    with place.server.line(cookie=cookie) as line:
        return served.headings(served.run(line, PAGE)) != SIGN_IN


def _opens_line(place: Place, **headers: str) -> bool:
    asking = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "c29tZXRoaW5nIHJhbmRvbQ==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    return _status(place, "GET", access.STREAMLIT_LINE, **asking, **headers) == 101


def _status(place: Place, method: str, path: str, **headers: str) -> int:
    """Return the status of the answer; the cookie under attack is sent unless another is given."""
    where = urlsplit(place.server.address)
    connection = HTTPConnection(where.netloc, timeout=served.PATIENCE)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": where.netloc, "Cookie": place.cookie, **headers}.items():
            connection.putheader(name, value.encode("latin-1"))
        connection.endheaders()
        answer: HTTPResponse = connection.getresponse()
        return answer.status
    finally:
        connection.close()
