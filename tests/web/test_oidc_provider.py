"""An identity provider that describes itself wrongly, or does not answer as it should."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.lying_provider import (
    DISCOVERY,
    NOW,
    PLACES,
    Answering,
    Liar,
    LyingServer,
    Misbehaviour,
    send,
    with_userinfo,
)
from tracker.web import identity_provider, oidc
from tracker.web.identity_provider import OidcRefused, Refusal

pytestmark = pytest.mark.usefixtures("server_of_its_own")


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
    monkeypatch.setattr(identity_provider, "_SILENCE", 0.4)
    monkeypatch.setattr(identity_provider, "_PATIENCE", 0.8)
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
    with LyingServer(("127.0.0.1", 0), Answering) as server:
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
