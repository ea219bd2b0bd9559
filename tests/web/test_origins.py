"""Which Hosts are this server's names, and which requests another site sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker import settings
from tracker.web import origins

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PUBLIC = "https://letters.example"
LOOPBACK = ["127.0.0.1", "127.0.0.1:8501", "127.0.0.1:1", "localhost:8501", "[::1]:8501", "[::1]"]
OTHERS = ["evil.example", "192.168.1.20:8501", "[2001:db8::1]", "127.0.0.1.evil.example"]
MALFORMED = [
    "", " ", ":8501", "letters.example:x", "letters.example:99999", "letters.example:0",
    "letters.example/x", "x@letters.example", "letters.example#", "[::1", "a b", "127.0.0.1\t",
]  # fmt: skip


def asked(kind: str = "http", method: str = "GET", *lines: tuple[str, str], **headers: str):
    """Return a request's scope; `lines` are headers that come twice."""
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return {
        "type": kind,
        "method": method,
        "server": ("10.1.2.3", 8501),
        "headers": [(name.encode(), value.encode()) for name, value in [*named, *lines]],
    }


@pytest.fixture
def public(tracker_settings) -> None:
    """A server behind a proxy, with a public address."""
    settings.use(replace(tracker_settings, base_url=PUBLIC))


def test_its_own_names_are_known(public):
    hosts = ["letters.example", "letters.example:443", "LETTERS.example", "10.1.2.3:8501"]
    for host in [*hosts, *LOOPBACK]:
        assert origins.is_known_host(asked(host=host)), host


def test_no_other_name_is_known(public):
    for host in [*OTHERS, *MALFORMED, "letters.example.", "xletters.example"]:
        assert not origins.is_known_host(asked(host=host)), host
    assert not origins.is_known_host(asked())
    two = (("host", "letters.example"), ("host", "evil.example"))
    assert not origins.is_known_host(asked("http", "GET", *two))


@pytest.mark.parametrize("host", ["192.168.1.20", "letters.lan", "[2001:db8::1]"])
def test_the_address_it_listens_on_is_known(tracker_settings, host):
    settings.use(replace(tracker_settings, host=host.strip("[]")))
    assert origins.is_known_host(asked(host=f"{host}:8501"))
    assert not origins.is_known_host(asked(host="192.168.1.21:8501"))
    assert not origins.is_known_host(asked(host="evil.example:8501"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_where_it_listens_everywhere_any_number_will_do_but_no_name(tracker_settings, host):
    settings.use(replace(tracker_settings, host=host))
    for number in ("192.168.1.20:8501", "203.0.113.9", "[2001:db8::1]:8501", *LOOPBACK):
        assert origins.is_known_host(asked(host=number)), number
    for name in ("evil.example", "127.0.0.1.evil.example", "0x7f.1", *MALFORMED):
        assert not origins.is_known_host(asked(host=name)), name


def test_our_own_pages_are_ours(public):
    for host in ("letters.example", "127.0.0.1:8501"):
        for origin in (PUBLIC, f"{PUBLIC}:443"):
            for kind in ("http", "websocket"):
                assert not origins.is_foreign(asked(kind, "POST", host=host, origin=origin))
    at_home = {"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:8501"}
    assert not origins.is_foreign(asked("websocket", **at_home))


def test_the_http_side_of_a_name_that_is_served_by_https_is_not_ours(public):
    for origin in ("http://letters.example", "http://letters.example:80"):
        assert origins.is_foreign(asked("http", "POST", host="letters.example", origin=origin))


def test_two_origins_are_none(public):
    two = (("origin", PUBLIC), ("origin", "https://evil.example"))
    for kind in ("http", "websocket"):
        assert origins.is_foreign(asked(kind, "POST", *two, host="letters.example"))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_only_lead_here(public, site):
    visit = {"sec_fetch_site": site, "sec_fetch_mode": "navigate", "host": "letters.example"}
    for method in ("GET", "HEAD"):
        assert not origins.is_foreign(asked("http", method, **visit))
        assert not origins.is_foreign(asked("http", method, **visit, sec_fetch_dest="document"))
    for dest in ("iframe", "frame", "embed", "object"):
        assert origins.is_foreign(asked("http", "GET", **visit, sec_fetch_dest=dest))
    assert origins.is_foreign(asked("http", "POST", **visit, sec_fetch_dest="document"))
    for mode in ("no-cors", "cors", "websocket", ""):
        assert origins.is_foreign(asked("http", "GET", **visit | {"sec_fetch_mode": mode}))


def test_whoever_says_nothing_about_a_site_is_no_site(public):
    assert not origins.is_foreign(asked("http", "GET", host="letters.example"))
    assert not origins.is_foreign(asked("http", "POST", host="letters.example"))
    assert origins.is_foreign(asked("websocket", host="letters.example"))


def test_what_was_judged_is_judged_by_nobody_else(public):
    scope = asked("websocket", host="127.0.0.1:8501", origin=PUBLIC, cookie="x=y")
    assert origins.judged(scope)["headers"] == [(b"host", b"127.0.0.1:8501"), (b"cookie", b"x=y")]
