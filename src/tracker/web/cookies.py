"""Cookies, all alike: out of reach of scripts and of other sites, and under https held to it."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from tracker import settings


def name_of(what: str) -> str:
    """Return a cookie's full name; such a one browsers hold to this host, and to https if it is."""
    return f"__Host-tracker-{what}" if settings.current().secure else f"tracker_{what}"


def hand_over(response: Response, name: str, value: str, *, lasting: timedelta) -> None:
    """Hand the browser a cookie."""
    response.set_cookie(
        name,
        value,
        max_age=int(lasting.total_seconds()),
        httponly=True,
        # Not "strict": links in mails lead here, and the identity provider sends people back.
        samesite="lax",
        secure=settings.current().secure,
        path="/",
    )


def take_back(response: Response, name: str) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(
        name, httponly=True, samesite="lax", secure=settings.current().secure, path="/"
    )
