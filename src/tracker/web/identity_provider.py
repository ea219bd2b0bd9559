"""An identity provider: what it says of itself, its keys, and how it is asked.

Asked at most once an hour for what seldom changes, patiently and with bounds: a provider that is
slow, large or leads elsewhere must not hold up the server.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key
from requests import RequestException
from urllib3.exceptions import HTTPError

from tracker import settings
from tracker.settings import Oidc

LEEWAY = timedelta(seconds=60)
"""By how much the two clocks may differ."""

_KEPT = timedelta(hours=1)
# So long nobody waits again for a provider that has failed somebody else. It is longer than one
# answer may take, or those who came meanwhile would wait in turn.
_PAUSE = timedelta(seconds=20)
# Seconds without a sound, and seconds for one answer in all.
_SILENCE = 5.0
_PATIENCE = 10.0
_LARGEST = 256 * 1024
_CHUNK = 16 * 1024
# With "none" or a shared secret, whoever knows the client's secret could say who anybody is.
_ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"}
)

_T = TypeVar("_T")


class Refusal(StrEnum):
    """Why nobody was signed in."""

    NO_COOKIE = "no_cookie"
    """This browser did not begin here, or what it brings was changed."""
    TOO_LATE = "too_late"
    """It took longer than `AWAY`, or this server's clock was put back meanwhile."""
    OTHER_STATE = "other_state"
    """The answer belongs to another beginning: another tab's, or another person's."""
    DENIED = "denied"
    """The person, or the provider for that person, said no."""
    PROVIDER_ERROR = "provider_error"
    """The provider says that something went wrong there."""
    UNKNOWN_ANSWER = "unknown_answer"
    """What came back is no answer to what was asked."""
    UNREACHABLE = "unreachable"
    """The provider does not answer, or not so that it could be used."""
    CODE_REFUSED = "code_refused"
    """The provider does not take the code (any more), or not from this client."""
    BAD_TOKEN = "bad_token"  # noqa: S105  (a reason, no password)
    """What the provider says of the person does not check out."""
    CLOCK = "clock"
    """It is no longer or not yet valid: the two clocks may disagree."""


class OidcRefused(Exception):
    """Nobody was signed in. The text is for the log: it holds no token, code or e-mail address.

    Attributes:
        reason: why, for the person.
    """

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Metadata:
    """What is used of the provider's description of itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    algorithms: frozenset[str]
    secret_in_form: bool


@dataclass(frozen=True)
class _Kept:
    """Something fetched, and when; None where that failed."""

    what: Any
    since: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Return whether it need not be fetched again."""
        # Nor is it before it was fetched: a clock that was put back must not keep it for long. Who
        # waited for somebody else's fetching began a little earlier.
        return -LEEWAY <= now - self.since < (_PAUSE if self.what is None else _KEPT)


_kept: dict[str, _Kept] = {}
_fetching = threading.Lock()


def _fetched(
    url: str, read: Callable[[dict[str, Any]], _T], *, now: datetime, anew: bool = False
) -> _T:
    """Return what `read` makes of the document there; it is fetched once for everybody."""
    with _fetching:
        kept = _kept.get(url)
        if kept is None or anew or not kept.is_fresh(now):
            _kept[url] = _Kept(None, now)
            with OAuth2Session() as client:
                status, said = ask(client, "GET", url)
            if status != 200:
                raise OidcRefused(Refusal.UNREACHABLE, f"{url} answers with status {status}")
            kept = _kept[url] = _Kept(read(said), now)
    if kept.what is None:
        raise OidcRefused(Refusal.UNREACHABLE, f"{url} failed a moment ago")
    found: _T = kept.what
    return found


def metadata_of(provider: Oidc, now: datetime) -> Metadata:
    """Return what the provider says of itself.

    Raises:
        OidcRefused: it is out of reach, says that it is somebody else, or offers too little.
    """

    def read(said: dict[str, Any]) -> Metadata:
        if said.get("issuer") != provider.issuer:
            raise OidcRefused(Refusal.UNREACHABLE, "the provider calls itself something else")
        announced = _words(said.get("id_token_signing_alg_values_supported"))
        algorithms = announced & _ALGORITHMS
        # Never empty: joserfc takes an empty choice for its own, and that has shared secrets in it.
        if not algorithms:
            raise OidcRefused(Refusal.UNREACHABLE, "it signs with no algorithm that is taken here")
        methods = _words(said.get("token_endpoint_auth_methods_supported"))
        return Metadata(
            authorization_endpoint=_endpoint(said, "authorization_endpoint"),
            token_endpoint=_endpoint(said, "token_endpoint"),
            jwks_uri=_endpoint(said, "jwks_uri"),
            userinfo_endpoint=(
                _endpoint(said, "userinfo_endpoint") if said.get("userinfo_endpoint") else None
            ),
            algorithms=algorithms,
            # Preferred to a header: how special characters are written there is disputed.
            secret_in_form="client_secret_post" in methods,
        )

    # Some issuers' names end with a slash; their description lies behind one slash all the same.
    url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    return _fetched(url, read, now=now)


def _endpoint(said: Mapping[str, Any], name: str) -> str:
    url = said.get(name)
    if not isinstance(url, str) or not settings.is_safe_address(url):
        raise OidcRefused(Refusal.UNREACHABLE, f"its {name} is not an https address")
    return url


def _words(said: object) -> frozenset[str]:
    listed = said if isinstance(said, list) else []
    return frozenset(word for word in listed if isinstance(word, str))


def keys_of(metadata: Metadata, now: datetime, *, anew: bool = False) -> KeySet:
    """Return the keys with which the provider signs; `anew` asks even if they were asked lately.

    Raises:
        OidcRefused: they cannot be had.
    """
    return _fetched(metadata.jwks_uri, _key_set, now=now, anew=anew)


def _key_set(said: dict[str, Any]) -> KeySet:
    published = said.get("keys")
    keys = [_key(one) for one in published] if isinstance(published, list) else []
    usable = [key for key in keys if key is not None]
    if not usable:
        raise OidcRefused(Refusal.UNREACHABLE, "none of its keys can be used")
    return KeySet(usable)


def _key(said: object) -> Key | None:
    """Return a key that can check signatures; what is no such key is none of our business."""
    if not isinstance(said, dict) or said.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    try:
        return import_key(said)
    except (JoseError, LookupError, ValueError):
        return None


def ask(client: Any, method: str, url: str, **sent: Any) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON object with which the provider answers.

    No redirect is followed: what is sent is meant for this address alone.
    """
    until = time.monotonic() + _PATIENCE
    body = b""
    try:
        with client.request(
            method,
            url,
            withhold_token=True,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=_SILENCE,
            allow_redirects=False,
            stream=True,
            **sent,
        ) as answer:
            # One read at a time, and unpacked by nobody: however it comes, it ends in time.
            while chunk := answer.raw.read1(_CHUNK, decode_content=False):
                body += chunk
                if len(body) > _LARGEST or time.monotonic() > until:
                    raise OidcRefused(Refusal.UNREACHABLE, f"{url} says too much or too slowly")
            status: int = answer.status_code
            # Of a redirect or a failure the status says enough; what is refused, it says why.
            said = json.loads(body) if status in {200, 400, 401} else {}
    except (RequestException, HTTPError, ValueError, RecursionError) as error:
        # Its name alone: what an exception quotes may be what was sent.
        raise OidcRefused(Refusal.UNREACHABLE, f"{url}: {type(error).__name__}") from None
    if not isinstance(said, dict):
        raise OidcRefused(Refusal.UNREACHABLE, f"{url} answers with no object")
    return status, said
