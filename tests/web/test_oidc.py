"""Signing in through an identity provider: a real one, and one that lies."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from starlette.responses import Response

from tests.commands import free_port
from tests.provider import Provider, providing
from tracker import sealing, settings
from tracker.settings import Oidc
from tracker.web import identity_provider, oidc
from tracker.web.identity_provider import OidcRefused, Refusal
from tracker.web.oidc import Identity

NOW = datetime(2025, 2, 14, 12, tzinfo=UTC)
SECRET = "a-client-secret-that-nobody-may-see"
EMAIL = "vera@volunteers.example"

DISCOVERY = "/tenant/.well-known/openid-configuration"
PLACES = [DISCOVERY, "/keys", "/token", "/userinfo"]

KEY = RSAKey.generate_key(2048, {"kid": "one"})
ANOTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})
NEXT_KEY = RSAKey.generate_key(2048, {"kid": "two"})
CURVE_KEY = ECKey.generate_key("P-256", {"kid": "curve"})
EDWARDS_KEY = OKPKey.generate_key("Ed25519", {"kid": "edwards"})


@pytest.fixture(autouse=True)
def _server_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    settings.use(settings.load({"TRACKER_DATA_DIR": str(tmp_path)}))
    identity_provider._kept.clear()
    yield
    settings.use(None)


def refused(
    provider: Oidc, query: Mapping[str, str], cookie: str | None, *, now: datetime
) -> Refusal:
    with pytest.raises(OidcRefused) as caught:
        oidc.finish(provider, query, cookie, now=now)
    return caught.value.reason


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


# One that lies ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A request that reached the lying provider."""

    path: str
    authorization: str
    form: Mapping[str, str]


Misbehaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Liar:
    """A provider that says what a test wants.

    Attributes:
        issuer: its address.
        metadata: changes to what it says of itself.
        keys: the keys that it publishes.
        claims: changes to what it says of the person; None leaves a claim out.
        userinfo: what it says of the person besides.
        sign: makes a token of claims.
        tokens: changes to what stands around the token.
        misbehaves: what it does instead of answering, by path.
        asked: what reached it.
        ended: set when the test is over.
    """

    issuer: str
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [KEY.as_dict(private=False)])
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = field(
        default_factory=lambda: lambda claims: signed(claims, KEY)
    )
    tokens: dict[str, Any] = field(default_factory=dict)
    misbehaves: dict[str, Misbehaviour] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def configured(self) -> Oidc:
        """The settings that lead to it."""
        return Oidc(self.issuer, "tracker", SECRET, "Liar")

    def paths(self) -> list[str]:
        """Return what it was asked for, in order."""
        return [asked.path for asked in self.asked]

    def approves(self, url: str) -> dict[str, str]:
        """Return the query with which the browser comes back."""
        wish = dict(parse_qsl(urlsplit(url).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = wish
        return {"code": code, "state": wish["state"]}

    def comes_back(self, *, now: datetime = NOW) -> Identity:
        """Go the whole way, and return who came back."""
        departure = oidc.begin(self.configured, now=NOW)
        query = self.approves(departure.url)
        return oidc.finish(self.configured, query, departure.cookie, now=now)

    def refusal(self, *, now: datetime = NOW) -> Refusal:
        """Go the whole way, and return why nobody came back."""
        with pytest.raises(OidcRefused) as caught:
            self.comes_back(now=now)
        return caught.value.reason

    def answer(self, asked: Asked) -> tuple[int, Any]:
        """Return the status and the document for a request."""
        if asked.path == DISCOVERY:
            return 200, self._description()
        if asked.path == "/keys":
            return 200, {"keys": self.keys}
        if asked.path == "/token":
            return self._exchange(asked.form)
        if asked.path == "/userinfo" and asked.authorization == "Bearer access":
            return 200, {"sub": "42", **self.userinfo}
        return 404, {}

    def _description(self) -> dict[str, Any]:
        root = self.issuer.removesuffix("/tenant")
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{root}/authorize?tenant=1",
            "token_endpoint": f"{root}/token",
            "jwks_uri": f"{root}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return without_none(said | self.metadata)

    def _exchange(self, form: Mapping[str, str]) -> tuple[int, Any]:
        wish = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if (
            wish is None
            or wish["code_challenge"] != unpadded(digest)
            or wish["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(NOW.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": "tracker",
            "sub": "42",
            "iat": now,
            "exp": now + 300,
            "nonce": wish["nonce"],
            "email": EMAIL,
            "email_verified": True,
        }
        token = self.sign(without_none(claims | self.claims))
        return 200, without_none({"id_token": token, "access_token": "access", **self.tokens})


def without_none(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed(claims: dict[str, Any], key: Any, algorithm: str = "RS256", **header: Any) -> str:
    head = {"alg": algorithm, "kid": key.kid} | header
    return jwt.encode(without_none(head), claims, key, algorithms=[algorithm])


def by_hand(header: Any, claims: Any, secret: bytes = b"") -> str:
    """Return a token with an HMAC, or without a secret with an empty signature."""
    head, body = (unpadded(json.dumps(part).encode()) for part in (header, claims))
    proof = hmac.digest(secret, f"{head}.{body}".encode(), "sha256") if secret else b""
    return f"{head}.{body}.{unpadded(proof)}"


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    liar: Liar

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of visitors who hang up: they are meant to."""


class _Handler(BaseHTTPRequestHandler):
    server: _Quiet

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])).decode())

    def _answer(self, body: str) -> None:
        liar = self.server.liar
        asked = Asked(self.path, self.headers.get("authorization", ""), dict(parse_qsl(body)))
        liar.asked.append(asked)
        if asked.path in liar.misbehaves:
            liar.misbehaves[asked.path](self)
        else:
            status, document = liar.answer(asked)
            send(self, json.dumps(document).encode(), status)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture(scope="module")
def lying_server() -> Iterator[_Quiet]:
    server = _Quiet(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def liar(lying_server: _Quiet) -> Iterator[Liar]:
    lying_server.liar = Liar(f"http://127.0.0.1:{lying_server.server_port}/tenant")
    yield lying_server.liar
    lying_server.liar.ended.set()


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


# What it says of itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://id.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://id.example/authorize"},
        {"authorization_endpoint": ["https://id.example/authorize"]},
        {"authorization_endpoint": "https://id.example/\r\nSet-Cookie: a=b"},
        {"token_endpoint": "http://id.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": "https://"},
        {"jwks_uri": "http://id.example/keys"},
        {"jwks_uri": 1},
        {"userinfo_endpoint": "http://id.example/userinfo"},
        {"id_token_signing_alg_values_supported": None},
        {"id_token_signing_alg_values_supported": []},
        {"id_token_signing_alg_values_supported": "RS256"},
        {"id_token_signing_alg_values_supported": ["none", "HS256", {}]},
    ],
)
def test_one_that_describes_itself_wrongly_is_not_gone_to(
    liar: Liar, changes: dict[str, Any]
) -> None:
    liar.metadata = changes
    with pytest.raises(OidcRefused) as caught:
        oidc.begin(liar.configured, now=NOW)
    assert caught.value.reason is Refusal.UNREACHABLE


def test_the_issuer_is_compared_to_the_letter(liar: Liar) -> None:
    slashed = replace(liar.configured, issuer=liar.issuer + "/")
    with pytest.raises(OidcRefused):
        oidc.begin(slashed, now=NOW)
    identity_provider._kept.clear()
    liar.metadata["issuer"] = slashed.issuer
    oidc.begin(slashed, now=NOW)
    assert liar.paths() == [DISCOVERY] * 2


def test_what_it_says_of_itself_is_asked_for_every_hour(liar: Liar) -> None:
    for minutes in (0, 30, 59):
        oidc.begin(liar.configured, now=NOW + timedelta(minutes=minutes))
    assert liar.paths() == [DISCOVERY]
    oidc.begin(liar.configured, now=NOW + timedelta(minutes=61))
    assert liar.paths() == [DISCOVERY] * 2
    # The clock was put back: nobody knows how old that is.
    oidc.begin(liar.configured, now=NOW)
    assert liar.paths() == [DISCOVERY] * 3


def test_many_at_once_have_it_asked_once(liar: Liar) -> None:
    # Who asks the time first is not always the first to ask the provider.
    moments = [NOW - timedelta(milliseconds=one) for one in range(8)]
    with ThreadPoolExecutor(8) as together:
        begun = [together.submit(oidc.begin, liar.configured, now=now) for now in moments]
    assert len({departure.result().cookie for departure in begun}) == 8
    assert liar.paths() == [DISCOVERY]


def test_after_a_failure_nobody_waits_for_the_next_one(liar: Liar) -> None:
    liar.misbehaves[DISCOVERY] = lambda handler: send(handler, b"", 500)
    assert liar.refusal() is Refusal.UNREACHABLE
    liar.misbehaves.clear()
    assert liar.refusal() is Refusal.UNREACHABLE
    assert liar.paths() == [DISCOVERY]
    oidc.begin(liar.configured, now=NOW + timedelta(seconds=21))


# What it says of the person -----------------------------------------------------------------------


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


def with_userinfo(liar: Liar) -> None:
    liar.metadata["userinfo_endpoint"] = liar.issuer.removesuffix("/tenant") + "/userinfo"
    liar.claims |= {"email": None, "email_verified": None}
    liar.userinfo |= {"email": EMAIL, "email_verified": True, "name": "Vera V"}


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


# How it answers -----------------------------------------------------------------------------------


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Say one letter at a time, never silent for long and never at an end."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.liar.ended.wait(0.02):  # type: ignore[attr-defined]
        handler.wfile.write(b" ")


def keep_silent(handler: BaseHTTPRequestHandler) -> None:
    handler.server.liar.ended.wait(10)  # type: ignore[attr-defined]


def go_on(handler: BaseHTTPRequestHandler) -> None:
    """Say more than anybody wants to hear."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" " * 64 * 1024)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"a": ')


def lead_away(status: int) -> Misbehaviour:
    """Send the visitor to another host, which is this server by another name."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        port = handler.server.server_address[1]
        send(handler, b"{}", status, Location=f"http://localhost:{port}/elsewhere")

    return answer


MISBEHAVIOUR: dict[str, Misbehaviour] = {
    "huge": go_on,
    "silent": keep_silent,
    "slow": drip,
    "cut short": hang_up,
    "somewhere else": lead_away(302),
    "somewhere else with the form": lead_away(307),
    "broken": lambda handler: send(handler, b"oops", 500),
    "busy": lambda handler: send(handler, b"{}", 429),
    "empty": lambda handler: send(handler, b""),
    "a page": lambda handler: send(handler, b"<!DOCTYPE html><p>Sign in first"),
    "a list": lambda handler: send(handler, b"[]"),
    "deep": lambda handler: send(handler, b"[" * 100_000),
    "not text": lambda handler: send(handler, b"\xff\xfe\xfd"),
    "packed": lambda handler: send(
        handler, gzip.compress(b" " * 10_000_000), Content_Encoding="gzip"
    ),
    "not http": lambda handler: handler.wfile.write(b"hello\r\n\r\n") and None,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_one_that_does_not_answer_as_it_should_is_unreachable(
    liar: Liar, monkeypatch: pytest.MonkeyPatch, how: str, place: str
) -> None:
    monkeypatch.setattr(identity_provider, "_SILENCE", 0.1)
    monkeypatch.setattr(identity_provider, "_PATIENCE", 0.2)
    with_userinfo(liar)
    liar.misbehaves[place] = MISBEHAVIOUR[how]
    began = time.monotonic()
    assert liar.refusal() is Refusal.UNREACHABLE
    assert time.monotonic() - began < 5
    assert place in liar.paths()
    assert "/elsewhere" not in liar.paths()


def test_an_answer_is_heard_up_to_a_length(liar: Liar) -> None:
    liar.metadata["padding"] = "x" * 200_000
    assert liar.comes_back().subject == "42"
    identity_provider._kept.clear()
    liar.metadata["padding"] = "x" * 300_000
    with pytest.raises(OidcRefused, match="too much"):
        oidc.begin(liar.configured, now=NOW)


def certify(host: str, folder: Path) -> Path:
    """Write a key and a certificate that nobody else vouches for, and return their file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    return file


@pytest.mark.parametrize(
    ("name", "trusted", "reached"),
    [("localhost", True, True), ("localhost", False, False), ("id.example", True, False)],
)
def test_a_provider_is_reached_under_a_certificate_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool, reached: bool
) -> None:
    file = certify(name, tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if trusted:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with _Quiet(("127.0.0.1", 0), _Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.liar = Liar(f"https://localhost:{server.server_port}/tenant")
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            if reached:
                assert server.liar.comes_back().subject == "42"
            else:
                assert server.liar.refusal() is Refusal.UNREACHABLE
                assert server.liar.paths() == []
        finally:
            server.shutdown()


@pytest.mark.parametrize("status", [400, 401])
def test_a_code_that_is_not_taken_is_told_apart(liar: Liar, status: int) -> None:
    document = json.dumps({"error": "invalid_client"}).encode()
    liar.misbehaves["/token"] = lambda handler: send(handler, document, status)
    with pytest.raises(OidcRefused, match=r"^code_refused: invalid_client$"):
        liar.comes_back()


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
