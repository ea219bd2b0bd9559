"""An identity provider in a process of its own, on loopback, for what signs in through one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from tests.commands import free_port
from tracker.settings import Oidc

PATIENCE = 60
"""Seconds after which one that says nothing is taken for hung; no test measures them."""


@dataclass(frozen=True)
class Provider:
    """A provider that is up; it takes every client, and everybody whom it is told of.

    In a real browser its form has one text field, "sub", and the buttons "Authorize" and "Deny".
    """

    issuer: str

    @property
    def configured(self) -> Oidc:
        """The settings that lead to it."""
        return Oidc(self.issuer, client_id="tracker", client_secret="s3cret", name="Fictional ID")

    @property
    def environment(self) -> dict[str, str]:
        """The environment that leads a served program to it."""
        return {
            "TRACKER_OIDC_ISSUER": self.issuer,
            "TRACKER_OIDC_CLIENT_ID": self.configured.client_id,
            "TRACKER_OIDC_CLIENT_SECRET": self.configured.client_secret,
            "TRACKER_OIDC_NAME": self.configured.name,
        }

    def knows(self, subject: str, **claims: object) -> None:
        """Tell it what to say of somebody: email, email_verified, name."""
        headers = {"Content-Type": "application/json"}
        answer = self._ask("PUT", f"/users/{quote(subject)}", json.dumps(claims), headers)
        assert answer.status == 204

    def signs_in(self, url: str, subject: str) -> dict[str, str]:
        """Sign somebody in where `begin` led, and return the query that the browser brings back."""
        return self._answers(url, {"sub": subject})

    def denies(self, url: str) -> dict[str, str]:
        """Press "Deny" where `begin` led, and return the query that the browser brings back."""
        return self._answers(url, {"action": "deny"})

    def _answers(self, url: str, form: dict[str, str]) -> dict[str, str]:
        asked = urlsplit(url)
        assert url.startswith(self.issuer + "/")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._ask("POST", f"{asked.path}?{asked.query}", urlencode(form), headers)
        assert answer.status == 302
        back = answer.headers["location"]
        assert back.startswith(dict(parse_qsl(asked.query))["redirect_uri"] + "?")
        return dict(parse_qsl(urlsplit(back).query))

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> HTTPResponse:
        connection = HTTPConnection(urlsplit(self.issuer).netloc, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            connection.close()


@contextmanager
def providing() -> Iterator[Provider]:
    """Yield a provider, once it answers."""
    port = free_port()
    # Not in the test's own process: it is built on a part of Authlib that warns of its end.
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(process, port)
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the provider did not come up"
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/jwks")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("the provider did not come up")
