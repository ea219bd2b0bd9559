"""What an identity provider says of a person: signed rightly, or nobody is signed in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws, jwt

from tests.lying_provider import (
    ANOTHER_KEY,
    CURVE_KEY,
    EDWARDS_KEY,
    EMAIL,
    KEY,
    NEXT_KEY,
    NOW,
    SECRET,
    Liar,
    by_hand,
    signed,
    with_userinfo,
)
from tracker.web import oidc
from tracker.web.identity_provider import OidcRefused, Refusal
from tracker.web.oidc import Identity

pytestmark = pytest.mark.usefixtures("server_of_its_own")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://id.example"}, Refusal.BAD_TOKEN),
        ({"iss": None}, Refusal.BAD_TOKEN),
        ({"aud": "another-client"}, Refusal.BAD_TOKEN),
        ({"aud": ["another-client"]}, Refusal.BAD_TOKEN),
        ({"aud": []}, Refusal.BAD_TOKEN),
        ({"aud": {"tracker": 1}}, Refusal.BAD_TOKEN),
        ({"aud": None}, Refusal.BAD_TOKEN),
        ({"aud": ["tracker", "another-client"]}, Refusal.BAD_TOKEN),
        ({"aud": ["tracker", "another-client"], "azp": "another-client"}, Refusal.BAD_TOKEN),
        ({"azp": "another-client"}, Refusal.BAD_TOKEN),
        ({"nonce": "another-nonce"}, Refusal.BAD_TOKEN),
        ({"nonce": None}, Refusal.BAD_TOKEN),
        ({"sub": None}, Refusal.BAD_TOKEN),
        ({"sub": ""}, Refusal.BAD_TOKEN),
        ({"sub": 42}, Refusal.BAD_TOKEN),
        ({"sub": "4" * 256}, Refusal.BAD_TOKEN),
        ({"exp": None}, Refusal.BAD_TOKEN),
        ({"exp": "tomorrow"}, Refusal.BAD_TOKEN),
        ({"exp": float("nan")}, Refusal.BAD_TOKEN),
        ({"iat": None}, Refusal.BAD_TOKEN),
        ({"exp": NOW.timestamp() - 61}, Refusal.CLOCK),
        ({"iat": NOW.timestamp() + 61}, Refusal.CLOCK),
        ({"nbf": NOW.timestamp() + 61}, Refusal.CLOCK),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    liar: Liar, changes: dict[str, Any], reason: Refusal
) -> None:
    liar.claims = changes
    assert liar.refusal() is reason


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["tracker"]},
        {"azp": "tracker"},
        {"aud": ["another-client", "tracker"], "azp": "tracker"},
        {"exp": NOW.timestamp() - 59},
        {"iat": NOW.timestamp() + 59},
        {"auth_time": 1, "acr": "0", "amr": ["pwd"], "groups": ["a", "b"]},
    ],
)
def test_a_token_within_what_the_protocol_allows_is_taken(
    liar: Liar, changes: dict[str, Any]
) -> None:
    liar.claims = changes
    assert liar.comes_back().subject == "42"


def signed_text(text: str) -> str:
    return jws.serialize_compact({"alg": "RS256", "kid": "one"}, text, KEY)


def signed_elsewhere(claims: dict[str, Any]) -> str:
    """Return a token with the provider's signature of something else."""
    head, body, _ = by_hand({"alg": "RS256", "kid": "one"}, claims).split(".")
    return ".".join([head, body, signed({"sub": "1"}, KEY).split(".")[2]])


FORGERIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "no algorithm": lambda claims: by_hand({"alg": "none"}, claims),
    "no algorithm, for the key": lambda claims: by_hand({"alg": "none", "kid": "one"}, claims),
    "no algorithm, in capitals": lambda claims: by_hand({"alg": "NONE"}, claims),
    "the client's secret": lambda claims: by_hand({"alg": "HS256"}, claims, SECRET.encode()),
    "the public key as a secret": lambda claims: by_hand(
        {"alg": "HS256", "kid": "one"}, claims, KEY.as_pem(private=False)
    ),
    "a key of the same name": lambda claims: signed(claims, ANOTHER_KEY),
    "a key that brings itself": lambda claims: signed(
        claims, NEXT_KEY, jwk=NEXT_KEY.as_dict(private=False, kid="two", use="sig")
    ),
    "an algorithm that was not announced": lambda claims: signed(claims, KEY, "RS512"),
    "the signature of another": signed_elsewhere,
    "a critical header": lambda claims: by_hand(
        {"alg": "RS256", "kid": "one", "crit": ["unknown"]}, claims
    ),
    "a header that is no object": lambda claims: by_hand(["alg"], claims),
    "critical headers that are no list": lambda claims: by_hand(
        {"alg": "RS256", "crit": 3}, claims
    ),
    "a body that is no object": lambda _: signed_text("[1]"),
    "a body too deep": lambda _: signed_text("[" * 60_000),
    "nothing": lambda _: "",
    "not three parts": lambda _: "a.b",
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize(
    "announced", [["RS256"], ["RS256", "HS256", "none"]], ids=["honest", "careless"]
)
def test_a_token_that_the_provider_has_not_signed_is_refused(
    liar: Liar, forgery: str, announced: list[str]
) -> None:
    liar.metadata["id_token_signing_alg_values_supported"] = announced
    liar.sign = FORGERIES[forgery]
    assert liar.refusal() is Refusal.BAD_TOKEN


@pytest.mark.parametrize("token", [None, 1, ["a"], {"a": 1}])
def test_without_a_token_nobody_is_signed_in(liar: Liar, token: Any) -> None:
    liar.tokens["id_token"] = token
    assert liar.refusal() is Refusal.BAD_TOKEN


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("PS256", KEY), ("RS512", KEY), ("ES256", CURVE_KEY), ("Ed25519", EDWARDS_KEY)],
)
def test_every_usual_signature_is_understood(liar: Liar, algorithm: str, key: Any) -> None:
    liar.metadata["id_token_signing_alg_values_supported"] = [algorithm, "RS256"]
    liar.keys = [KEY.as_dict(private=False), CURVE_KEY.as_dict(private=False)]
    liar.keys.append(EDWARDS_KEY.as_dict(private=False))
    liar.sign = lambda claims: signed(claims, key, algorithm)
    assert liar.comes_back().subject == "42"


def test_headers_and_keys_that_are_not_known_here_are_passed_over(liar: Liar) -> None:
    odd = [1, {}, {"kty": "AKP", "pub": "x"}, {"kty": ["RSA"]}, {"kty": "RSA", "n": 1, "e": "AQAB"}]
    odd += [{"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"}, {"kty": "oct", "k": "AA"}]
    odd += [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}, {"kty": "RSA", "n": "é", "e": "AQAB"}]
    liar.keys = [*odd, KEY.as_dict(private=False)]
    head = {"alg": "RS256", "kid": "one", "tenant": "of ours"}
    registry = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    liar.sign = lambda claims: jwt.encode(head, claims, KEY, registry=registry)
    assert liar.comes_back().subject == "42"


@pytest.mark.parametrize("keys", [[], [{"kty": "oct", "k": "AA"}], "keys", None])
def test_one_without_a_usable_key_is_unreachable(liar: Liar, keys: Any) -> None:
    liar.keys = keys
    assert liar.refusal() is Refusal.UNREACHABLE


def test_keys_are_kept_and_asked_for_once_more_when_they_have_changed(liar: Liar) -> None:
    liar.comes_back()
    liar.comes_back()
    assert liar.paths().count("/keys") == 1
    liar.keys = [NEXT_KEY.as_dict(private=False)]
    liar.sign = lambda claims: signed(claims, NEXT_KEY)
    assert liar.comes_back().subject == "42"
    assert liar.paths().count("/keys") == 2
    liar.sign = lambda claims: signed(claims, KEY)
    assert liar.refusal() is Refusal.BAD_TOKEN
    assert liar.paths().count("/keys") == 3


def test_a_changed_key_without_an_id_is_found_too(liar: Liar) -> None:
    def nameless(key: Any) -> None:
        public = key.as_dict(private=False)
        liar.keys = [{name: public[name] for name in ("kty", "n", "e")}]
        liar.sign = lambda claims: signed(claims, key, kid=None)

    for key in (KEY, NEXT_KEY):
        nameless(key)
        assert liar.comes_back().subject == "42"


@pytest.mark.parametrize(
    ("said", "email"),
    [
        ({"email": " Vera@Volunteers.EXAMPLE\n"}, EMAIL),
        ({"email_verified": False}, None),
        ({"email_verified": None}, None),
        ({"email_verified": "true"}, None),
        ({"email_verified": 1}, None),
        ({"email": None}, None),
        ({"email": ""}, None),
        ({"email": [EMAIL]}, None),
        ({"email": "vera"}, None),
        ({"email": "vera@evil.example@volunteers.example"}, None),
        ({"email": "vera@volunteers.example, eve@evil.example"}, None),
        ({"email": "ve\x00ra@volunteers.example"}, None),
        ({"email": "v" * 250 + "@x.example"}, None),
        # KELVIN SIGN, LONG S and ß are no k, s and ss: another person's mailbox.
        ({"email": "\u212aate@volunteers.example"}, "\u212aate@volunteers.example"),
        ({"email": "vera@volunteer\u017f.example"}, "vera@volunteer\u017f.example"),
        ({"email": "Una@GRÖßE.example"}, "una@grÖße.example"),
    ],
)
def test_an_email_address_counts_only_where_the_provider_has_verified_it(
    liar: Liar, said: dict[str, Any], email: str | None
) -> None:
    liar.claims = said
    assert liar.comes_back().email == email


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("  Vera \t Volunteer\n", "Vera Volunteer"),
        ("黄 雪琴", "黄 雪琴"),
        ("Ve\u202era\x00", "Vera"),
        ("v" * 1000, "v" * 120),
        (None, ""),
        (["Vera"], ""),
    ],
)
def test_a_name_is_one_line_of_text(liar: Liar, said: Any, name: str) -> None:
    liar.claims["name"] = said
    assert liar.comes_back().name == name


def test_what_the_token_leaves_out_is_asked_for(liar: Liar) -> None:
    with_userinfo(liar)
    assert liar.comes_back() == Identity(liar.issuer, "42", EMAIL, "Vera V", "/")


def test_what_the_token_says_is_not_asked_for(liar: Liar) -> None:
    with_userinfo(liar)
    liar.claims = {}
    assert liar.comes_back().email == EMAIL
    assert "/userinfo" not in liar.paths()


def test_an_address_and_its_verification_come_from_one_place(liar: Liar) -> None:
    with_userinfo(liar)
    liar.claims = {"email": "lea@leads.example", "email_verified": None}
    assert liar.comes_back().email == EMAIL


@pytest.mark.parametrize("subject", ["43", None, 42])
def test_what_is_said_of_somebody_else_is_refused(liar: Liar, subject: Any) -> None:
    with_userinfo(liar)
    liar.userinfo["sub"] = subject
    assert liar.refusal() is Refusal.BAD_TOKEN


@pytest.mark.parametrize("token", [None, 7])
def test_without_an_access_token_nothing_more_is_asked(liar: Liar, token: Any) -> None:
    with_userinfo(liar)
    liar.tokens["access_token"] = token
    assert liar.comes_back().email is None


@pytest.mark.parametrize("token", ["wrong", "a\r\nb: c", "\u212a"])
def test_an_access_token_that_opens_nothing_signs_nobody_in(liar: Liar, token: str) -> None:
    with_userinfo(liar)
    liar.tokens["access_token"] = token
    assert liar.refusal() is Refusal.UNREACHABLE


def test_nothing_secret_is_logged_or_told(liar: Liar, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[object] = [liar.comes_back(), liar.configured]
    for sign in (*FORGERIES.values(), lambda claims: signed(claims | {"nonce": "x"}, KEY)):
        liar.sign = sign
        departure = oidc.begin(liar.configured, now=NOW)
        with pytest.raises(OidcRefused) as caught:
            oidc.finish(liar.configured, liar.approves(departure.url), departure.cookie, now=NOW)
        told += [caught.value, repr(caught.value), caught.value.__cause__, departure]
    said = caplog.text + "".join(f"{thing}{thing!r}" for thing in told)
    for secret in ("code-", "eyJ", EMAIL, SECRET, "volunteers", departure.cookie):
        assert secret not in said
