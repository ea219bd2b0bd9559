"""Signing in through an identity provider: a real one, and what the browser brings back."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from starlette.responses import Response

from tests.commands import free_port
from tests.lying_provider import (
    DISCOVERY,
    EMAIL,
    NOW,
    SECRET,
    Liar,
    refused,
    unpadded,
    without_none,
)
from tests.provider import Provider, providing
from tracker import sealing, settings
from tracker.settings import Oidc
from tracker.web import oidc
from tracker.web.identity_provider import OidcRefused, Refusal
from tracker.web.oidc import Identity

pytestmark = pytest.mark.usefixtures("server_of_its_own")


# A real provider ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as found:
        yield found


def moment() -> datetime:
    return datetime.now(UTC)


def test_somebody_signs_in_and_is_who_the_provider_says(provider: Provider) -> None:
    provider.knows("vera", email="Vera@Volunteers.Example", email_verified=True, name="Vera V")
    departure = oidc.begin(provider.configured, now=moment(), next_path="/progress?action=1")
    query = provider.signs_in(departure.url, "vera")
    assert oidc.finish(provider.configured, query, departure.cookie, now=moment()) == Identity(
        issuer=provider.issuer,
        subject="vera",
        email=EMAIL,
        name="Vera V",
        next_path="/progress?action=1",
    )


def test_an_address_that_nobody_verified_is_not_taken_for_one(provider: Provider) -> None:
    # Of somebody unknown to it this provider says an address of its own making.
    departure = oidc.begin(provider.configured, now=moment())
    query = provider.signs_in(departure.url, "nora@volunteers.example")
    identity = oidc.finish(provider.configured, query, departure.cookie, now=moment())
    assert (identity.subject, identity.email) == ("nora@volunteers.example", None)


def test_a_callback_opened_twice_signs_in_once(provider: Provider) -> None:
    departure = oidc.begin(provider.configured, now=moment())
    query = provider.signs_in(departure.url, "vera")
    oidc.finish(provider.configured, query, departure.cookie, now=moment())
    again = refused(provider.configured, query, departure.cookie, now=moment())
    assert again is Refusal.CODE_REFUSED


def test_who_presses_deny_is_told_so(provider: Provider) -> None:
    departure = oidc.begin(provider.configured, now=moment())
    query = provider.denies(departure.url)
    assert refused(provider.configured, query, departure.cookie, now=moment()) is Refusal.DENIED


def test_an_answer_to_somebody_elses_beginning_opens_nothing(provider: Provider) -> None:
    mine = oidc.begin(provider.configured, now=moment())
    theirs = oidc.begin(provider.configured, now=moment())
    query = provider.signs_in(theirs.url, "mallory")
    now = moment()
    assert refused(provider.configured, query, mine.cookie, now=now) is Refusal.OTHER_STATE
    forged = query | {"state": dict(parse_qsl(urlsplit(mine.url).query))["state"]}
    assert refused(provider.configured, forged, mine.cookie, now=now) is Refusal.BAD_TOKEN


def test_a_provider_that_is_not_there_is_unreachable() -> None:
    nobody = Oidc(f"http://127.0.0.1:{free_port()}", "tracker", "", "nobody")
    with pytest.raises(OidcRefused) as caught:
        oidc.begin(nobody, now=NOW)
    assert caught.value.reason is Refusal.UNREACHABLE


def test_one_that_does_not_lie_is_believed(liar: Liar) -> None:
    assert liar.comes_back() == Identity(liar.issuer, "42", EMAIL, "", "/")
    assert liar.paths() == [DISCOVERY, "/token", "/keys"]


def test_the_browser_is_sent_with_all_that_the_protocol_asks_for(liar: Liar) -> None:
    first, second = (oidc.begin(liar.configured, now=NOW) for _ in range(2))
    assert first.url.startswith(f"{liar.issuer.removesuffix('/tenant')}/authorize?")
    query = dict(parse_qsl(urlsplit(first.url).query))
    fresh = {name: query.pop(name) for name in ("state", "nonce", "code_challenge")}
    assert query == {
        "tenant": "1",
        "response_type": "code",
        "client_id": "tracker",
        "redirect_uri": "http://127.0.0.1:8501/sign-in/oidc/callback",
        "scope": "openid email profile",
        "code_challenge_method": "S256",
    }
    others = dict(parse_qsl(urlsplit(second.url).query))
    assert all(len(value) == 43 and others[name] != value for name, value in fresh.items())


def test_a_code_is_worth_nothing_without_the_cookie_that_it_began_with(liar: Liar) -> None:
    mine, theirs = (oidc.begin(liar.configured, now=NOW) for _ in range(2))
    liar.codes["stolen"] = dict(parse_qsl(urlsplit(theirs.url).query))
    query = {"code": "stolen", "state": liar.approves(mine.url)["state"]}
    assert refused(liar.configured, query, mine.cookie, now=NOW) is Refusal.CODE_REFUSED


@pytest.mark.parametrize(
    ("methods", "in_form"),
    [
        (None, False),
        (["client_secret_basic"], False),
        (["client_secret_basic", "client_secret_post"], True),
        (["client_secret_post"], True),
        ("client_secret_post", False),
    ],
)
def test_the_client_proves_itself_as_the_provider_takes_it(
    liar: Liar, methods: Any, in_form: bool
) -> None:
    liar.metadata["token_endpoint_auth_methods_supported"] = methods
    liar.comes_back()
    asked = next(asked for asked in liar.asked if asked.path == "/token")
    assert (asked.form.get("client_secret") == SECRET) is in_form
    basic = "Basic " + base64.b64encode(f"tracker:{SECRET}".encode()).decode()
    assert asked.authorization == ("" if in_form else basic)
    assert asked.form["grant_type"] == "authorization_code"


def test_a_public_client_names_itself_and_proves_nothing(liar: Liar) -> None:
    public = replace(liar.configured, client_secret="")
    departure = oidc.begin(public, now=NOW)
    oidc.finish(public, liar.approves(departure.url), departure.cookie, now=NOW)
    asked = next(asked for asked in liar.asked if asked.path == "/token")
    assert (asked.form["client_id"], asked.authorization) == ("tracker", "")
    assert "client_secret" not in asked.form


# What the browser brings back ---------------------------------------------------------------------


def test_without_its_cookie_nobody_is_signed_in(liar: Liar) -> None:
    departure = oidc.begin(liar.configured, now=NOW)
    query = liar.approves(departure.url)
    broken = ["", "a", "é", "黄", "=", "a" * 5000, departure.cookie[:-4], departure.cookie[4:]]
    for cookie in [None, *broken]:
        assert refused(liar.configured, query, cookie, now=NOW) is Refusal.NO_COOKIE
    assert liar.paths() == [DISCOVERY]


def test_a_cookie_that_was_changed_anywhere_does_not_open(liar: Liar) -> None:
    departure = oidc.begin(liar.configured, now=NOW)
    query = liar.approves(departure.url)
    sealed = base64.urlsafe_b64decode(departure.cookie + "=" * (-len(departure.cookie) % 4))
    for place in range(0, len(sealed), 7):
        changed = bytearray(sealed)
        changed[place] ^= 1
        cookie = unpadded(bytes(changed))
        assert refused(liar.configured, query, cookie, now=NOW) is Refusal.NO_COOKIE


def test_nothing_else_that_is_sealed_here_is_taken_for_a_cookie(liar: Liar, tmp_path: Path) -> None:
    departure = oidc.begin(liar.configured, now=NOW)
    query = liar.approves(departure.url)
    for purpose, text in [("member.name", "{}"), ("oidc", "{}"), ("oidc", '{"state": "x"}')]:
        cookie = unpadded(sealing.seal(text, purpose))
        assert refused(liar.configured, query, cookie, now=NOW) is Refusal.NO_COOKIE
    settings.use(settings.load({"TRACKER_DATA_DIR": str(tmp_path / "another")}))
    assert refused(liar.configured, query, departure.cookie, now=NOW) is Refusal.NO_COOKIE


def test_a_cookie_shows_nothing_of_what_it_carries(liar: Liar) -> None:
    departure = oidc.begin(liar.configured, now=NOW, next_path="/progress")
    opened = base64.urlsafe_b64decode(departure.cookie + "=" * (-len(departure.cookie) % 4))
    sent = dict(parse_qsl(urlsplit(departure.url).query))
    for secret in (sent["state"], sent["nonce"], "/progress", "verifier"):
        assert secret.encode() not in opened
    assert departure.cookie not in repr(departure)


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        (timedelta(minutes=10, seconds=1), Refusal.TOO_LATE),
        (timedelta(days=365), Refusal.TOO_LATE),
        (timedelta(seconds=-61), Refusal.TOO_LATE),
        (timedelta(minutes=10), None),
        (timedelta(seconds=-59), None),
    ],
)
def test_who_takes_too_long_begins_again(
    liar: Liar, later: timedelta, reason: Refusal | None
) -> None:
    liar.claims["exp"] = NOW.timestamp() + 3600
    if reason is None:
        assert liar.comes_back(now=NOW + later).subject == "42"
    else:
        assert liar.refusal(now=NOW + later) is reason
        assert "/token" not in liar.paths()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": "x"}, Refusal.OTHER_STATE),
        ({"state": ""}, Refusal.OTHER_STATE),
        ({"state": "黄"}, Refusal.OTHER_STATE),
        ({"state": None}, Refusal.OTHER_STATE),
        ({"code": None}, Refusal.UNKNOWN_ANSWER),
        ({"code": ""}, Refusal.UNKNOWN_ANSWER),
        ({"iss": "https://id.example"}, Refusal.UNKNOWN_ANSWER),
        ({"code": "another"}, Refusal.CODE_REFUSED),
        ({"code": "黄 &code=\r\n"}, Refusal.CODE_REFUSED),
        ({"error": "access_denied"}, Refusal.DENIED),
        ({"error": "server_error"}, Refusal.PROVIDER_ERROR),
        ({"error": "temporarily_unavailable"}, Refusal.PROVIDER_ERROR),
        ({"error": ""}, Refusal.PROVIDER_ERROR),
        ({"error": "\r\nvera@volunteers.example signed in"}, Refusal.PROVIDER_ERROR),
    ],
)
def test_an_answer_to_another_question_signs_nobody_in(
    liar: Liar, changes: dict[str, Any], reason: Refusal
) -> None:
    departure = oidc.begin(liar.configured, now=NOW)
    query = without_none(liar.approves(departure.url) | changes)
    with pytest.raises(OidcRefused) as caught:
        oidc.finish(liar.configured, query, departure.cookie, now=NOW)
    assert caught.value.reason is reason
    assert "\n" not in str(caught.value)
    assert EMAIL not in str(caught.value)


def test_an_answer_that_names_its_issuer_rightly_is_taken(liar: Liar) -> None:
    departure = oidc.begin(liar.configured, now=NOW)
    query = liar.approves(departure.url) | {"iss": liar.issuer, "session_state": "1"}
    assert oidc.finish(liar.configured, query, departure.cookie, now=NOW).subject == "42"


def test_an_error_needs_no_cookie_for_it_opens_nothing(liar: Liar) -> None:
    for cookie in (None, "x"):
        query = {"error": "access_denied"}
        assert refused(liar.configured, query, cookie, now=NOW) is Refusal.DENIED


# Where to go, and the cookie itself ---------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/progress", "/progress?action=1#top", "/a//b", "/@x", "/黄", "/" + "a" * 999]
)
def test_a_local_path_stays_as_it_is(path: str) -> None:
    assert oidc.local_path(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "progress",
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\n/evil.example",
        "/a\r\nSet-Cookie: a=b",
        "/\x00",
        "/\x7f",
        "/\u202e",
        "/\ud800",
        "/" + "a" * 1000,
        "/" + "黄" * 350,
    ],
)
def test_whatever_could_lead_elsewhere_leads_home(text: str) -> None:
    assert oidc.local_path(text) == "/"


@pytest.mark.parametrize("path", ["//evil.example", "/" + '"' * 999, "/" + "黄" * 333])
def test_the_cookie_carries_only_a_local_path_and_fits(liar: Liar, path: str) -> None:
    departure = oidc.begin(liar.configured, now=NOW, next_path=path)
    query = liar.approves(departure.url)
    identity = oidc.finish(liar.configured, query, departure.cookie, now=NOW)
    assert identity.next_path == oidc.local_path(path)
    assert len(f"__Host-tracker-oidc={departure.cookie}") <= 4096


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [
        ("http://127.0.0.1:8501", "tracker_oidc", False),
        ("https://letters.example", "__Host-tracker-oidc", True),
    ],
)
def test_the_cookie_comes_back_from_the_provider_and_goes_nowhere_else(
    liar: Liar, base_url: str, name: str, secure: bool
) -> None:
    settings.use(replace(settings.current(), base_url=base_url))
    departure = oidc.begin(liar.configured, now=NOW)
    assert urlencode({"redirect_uri": f"{base_url}/sign-in/oidc/callback"}) in departure.url
    response = Response()
    oidc.set_cookie(response, departure)
    value, *rest = response.headers["set-cookie"].split("; ")
    assert value == f"{name}={departure.cookie}"
    assert set(rest) == {
        "HttpOnly",
        "Max-Age=600",
        "Path=/",
        "SameSite=lax",
        *(["Secure"] if secure else []),
    }
    forgetful = Response()
    oidc.clear_cookie(forgetful)
    gone = forgetful.headers["set-cookie"]
    assert gone.startswith(f'{name}=""; ')
    assert "Max-Age=0" in gone
    assert ("Secure" in gone) is secure
