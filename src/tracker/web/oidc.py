"""Signing in through an identity provider: OpenID Connect's code flow, with PKCE.

`begin` says where to send the browser; `finish` says who came back. What must be remembered in
between travels sealed in a cookie, so that the server keeps nothing of those who never return.
Both may wait for seconds, where a provider is slow. Who that person is among the members is not
known here.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
)
from joserfc.jws import JWSRegistry
from starlette.responses import Response

from tracker import sealing, settings
from tracker.invitations import plain_address
from tracker.settings import Oidc
from tracker.web import cookies
from tracker.web.identity_provider import (
    LEEWAY,
    Metadata,
    OidcRefused,
    Refusal,
    ask,
    keys_of,
    metadata_of,
)

CALLBACK = "/sign-in/oidc/callback"
"""The path to which the provider sends the browser back."""

AWAY = timedelta(minutes=10)
"""How long someone may take at the provider."""

# The most of a path that leaves room for the rest in a cookie, which may be 4 KB.
_PATH_BYTES = 1000
_EMAIL_LENGTH = 254
_SUBJECT_LENGTH = 255
_NAME_LENGTH = 120


@dataclass(frozen=True)
class Departure:
    """Where to send the browser, and what to send along in its cookie."""

    url: str
    cookie: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """Who came back.

    Attributes:
        issuer, subject: together the one lasting name of a person; nothing else is.
        email: an address that the provider has verified, A to Z in lower case; else None.
        name: what the provider calls the person, for a first proposal; may be empty.
        next_path: where the person was going.
    """

    issuer: str
    subject: str
    email: str | None = field(repr=False)
    name: str = field(repr=False)
    next_path: str


def begin(provider: Oidc, *, now: datetime, next_path: str = "/") -> Departure:
    """Return how to send somebody to the provider.

    Raises:
        OidcRefused: the provider cannot be reached or used.
    """
    metadata = metadata_of(provider, now)
    left = _Left(
        state=sealing.new_token(),
        nonce=sealing.new_token(),
        verifier=sealing.new_token(),
        next_path=local_path(next_path),
        at=int(now.timestamp()),
    )
    with OAuth2Session(
        provider.client_id,
        redirect_uri=_redirect_uri(),
        scope="openid email profile",
        code_challenge_method="S256",
    ) as client:
        url, _ = client.create_authorization_url(
            metadata.authorization_endpoint,
            state=left.state,
            nonce=left.nonce,
            code_verifier=left.verifier,
        )
    return Departure(url, left.sealed())


def finish(
    provider: Oidc, query: Mapping[str, str], cookie: str | None, *, now: datetime
) -> Identity:
    """Return who came back with that query.

    Raises:
        OidcRefused: nobody can be signed in on it.
    """
    if "error" in query:
        # It opens nothing, so it needs no proof; some providers leave out the state here.
        _refuse_with(query["error"])
    left = _Left.opened(cookie, now)
    if not hmac.compare_digest(query.get("state", "").encode(), left.state.encode()):
        raise OidcRefused(Refusal.OTHER_STATE)
    code = query.get("code", "")
    if not code or query.get("iss", provider.issuer) != provider.issuer:
        raise OidcRefused(Refusal.UNKNOWN_ANSWER)
    metadata = metadata_of(provider, now)
    tokens = _tokens(provider, metadata, code, left.verifier)
    claims = _claims(provider, metadata, tokens.get("id_token"), left.nonce, now)
    person = _person(metadata, claims, tokens.get("access_token"))
    return Identity(
        issuer=provider.issuer,
        subject=claims["sub"],
        email=_verified_email(person),
        name=_name(person),
        next_path=left.next_path,
    )


def local_path(text: str) -> str:
    """Return `text` if it is a path on this server, with its query or without; else "/".

    Browsers read a backslash as a slash and skip control characters, so that more than "//" and a
    scheme leads to other sites.
    """
    local = text.startswith("/") and not text.startswith("//")
    if local and text.isprintable() and "\\" not in text and len(text.encode()) <= _PATH_BYTES:
        return text
    return "/"


def cookie_name() -> str:
    """Return the cookie's name."""
    return cookies.name_of("oidc")


def set_cookie(response: Response, departure: Departure) -> None:
    """Hand the browser what it must bring back."""
    cookies.hand_over(response, cookie_name(), departure.cookie, lasting=AWAY)


def clear_cookie(response: Response) -> None:
    """Have the browser forget it."""
    cookies.take_back(response, cookie_name())


# What the browser carries -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Left:
    """What was known when somebody left for the provider."""

    state: str
    nonce: str
    verifier: str
    next_path: str
    at: int

    def sealed(self) -> str:
        """Return it as a cookie's value."""
        text = json.dumps(vars(self), ensure_ascii=False)
        return base64.urlsafe_b64encode(sealing.seal(text, "oidc")).decode().rstrip("=")

    @classmethod
    def opened(cls, cookie: str | None, now: datetime) -> _Left:
        """Return what the cookie carries, if it is ours and of the last minutes."""
        if not cookie:
            raise OidcRefused(Refusal.NO_COOKIE)
        try:
            sealed = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
            left = cls(**json.loads(sealing.unseal(sealed, "oidc")))
        except (sealing.KeyFileError, TypeError, ValueError):
            raise OidcRefused(Refusal.NO_COOKIE, "it does not open") from None
        if not -LEEWAY <= now - datetime.fromtimestamp(left.at, UTC) <= AWAY:
            raise OidcRefused(Refusal.TOO_LATE)
        return left


def _redirect_uri() -> str:
    return settings.current().base_url + CALLBACK


def _refuse_with(error: str) -> NoReturn:
    if error == "access_denied":
        raise OidcRefused(Refusal.DENIED)
    raise OidcRefused(Refusal.PROVIDER_ERROR, _error_code(error))


def _error_code(said: object) -> str:
    """Return what may go into the log of an error: anybody can write anything into an address."""
    return said if isinstance(said, str) and re.fullmatch("[a-z_]{1,40}", said) else ""


# What the provider says of the person -------------------------------------------------------------


def _tokens(provider: Oidc, metadata: Metadata, code: str, verifier: str) -> dict[str, Any]:
    method = "none"
    if provider.client_secret:
        method = "client_secret_post" if metadata.secret_in_form else "client_secret_basic"
    with OAuth2Session(provider.client_id, provider.client_secret) as client:
        # Authlib's own fetch_token reads whatever comes, however much, and computes with it.
        status, said = ask(
            client,
            "POST",
            metadata.token_endpoint,
            auth=client.client_auth(method),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": _redirect_uri(),
                "code_verifier": verifier,
            },
        )
    if status in {400, 401} and "error" in said:
        raise OidcRefused(Refusal.CODE_REFUSED, _error_code(said["error"]))
    if status != 200:
        raise OidcRefused(Refusal.UNREACHABLE, f"the token endpoint answers with status {status}")
    return said


def _claims(
    provider: Oidc, metadata: Metadata, id_token: object, nonce: str, now: datetime
) -> dict[str, Any]:
    if not isinstance(id_token, str):
        raise OidcRefused(Refusal.BAD_TOKEN, "there is none")
    try:
        token = _checked(id_token, metadata, now)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
            params={"nonce": nonce, "client_id": provider.client_id},
        )
        claims.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    except ExpiredTokenError:
        raise OidcRefused(Refusal.CLOCK, "exp") from None
    except ClaimError as error:
        early = isinstance(error, InvalidClaimError) and error.claim in {"iat", "nbf"}
        raise OidcRefused(Refusal.CLOCK if early else Refusal.BAD_TOKEN, error.claim) from None
    except JoseError as error:
        raise OidcRefused(Refusal.BAD_TOKEN, error.error) from None
    except (RecursionError, TypeError):  # a header or a body that is no object, or too deep
        raise OidcRefused(Refusal.BAD_TOKEN, "it is malformed") from None
    if len(claims["sub"]) > _SUBJECT_LENGTH:
        raise OidcRefused(Refusal.BAD_TOKEN, "sub")
    return dict(claims)


def _checked(id_token: str, metadata: Metadata, now: datetime) -> jwt.Token:
    """Return the token that the provider signed."""
    # Not strict: a header that we do not know is to be passed over, unless it says "crit".
    registry = JWSRegistry(algorithms=metadata.algorithms, strict_check_header=False)
    try:
        return jwt.decode(id_token, keys_of(metadata, now), registry=registry)
    except (InvalidKeyIdError, BadSignatureError):
        # Providers change their keys, and not each of them gives its keys ids.
        return jwt.decode(id_token, keys_of(metadata, now, anew=True), registry=registry)


def _person(metadata: Metadata, claims: dict[str, Any], access_token: object) -> Mapping[str, Any]:
    """Return what is said of the person: in the token, else where providers keep the rest."""
    if {"email", "email_verified"} <= claims.keys() or metadata.userinfo_endpoint is None:
        return claims
    if not isinstance(access_token, str):
        return claims
    with OAuth2Session(token={"access_token": access_token}) as client:
        status, said = ask(client, "GET", metadata.userinfo_endpoint, auth=client.token_auth)
    if status != 200:
        raise OidcRefused(Refusal.UNREACHABLE, f"userinfo answers with status {status}")
    if said.get("sub") != claims["sub"]:
        raise OidcRefused(Refusal.BAD_TOKEN, "userinfo is about somebody else")
    return said


def _verified_email(said: Mapping[str, Any]) -> str | None:
    # True and nothing else: a provider that writes "true" might as well write "false".
    email = said.get("email")
    if said.get("email_verified") is not True or not isinstance(email, str):
        return None
    address = plain_address(email)
    if len(address) > _EMAIL_LENGTH or not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        return None
    return address if address.isprintable() else None


def _name(said: Mapping[str, Any]) -> str:
    name = said.get("name")
    if not isinstance(name, str):
        return ""
    words = " ".join(name.split())
    return "".join(sign for sign in words if sign.isprintable())[:_NAME_LENGTH].rstrip()
