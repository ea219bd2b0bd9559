"""An identity provider that says whatever a test wants, on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tracker.settings import Oidc
from tracker.web import oidc
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


def refused(
    provider: Oidc, query: Mapping[str, str], cookie: str | None, *, now: datetime
) -> Refusal:
    with pytest.raises(OidcRefused) as caught:
        oidc.finish(provider, query, cookie, now=now)
    return caught.value.reason


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


class LyingServer(ThreadingHTTPServer):
    daemon_threads = True
    liar: Liar

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of visitors who hang up: they are meant to."""


class Answering(BaseHTTPRequestHandler):
    server: LyingServer

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


@contextmanager
def lying() -> Iterator[LyingServer]:
    """Yield the server, which asks its `liar` for every answer."""
    server = LyingServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def with_userinfo(liar: Liar) -> None:
    liar.metadata["userinfo_endpoint"] = liar.issuer.removesuffix("/tenant") + "/userinfo"
    liar.claims |= {"email": None, "email_verified": None}
    liar.userinfo |= {"email": EMAIL, "email_verified": True, "name": "Vera V"}
