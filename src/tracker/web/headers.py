"""What every answer tells the browser: run our code alone, show it in no frame, keep no copy."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracker import settings

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # Addresses of sign-in links must not travel on to another site. "no-referrer" would make
    # browsers send the origin "null" with our own forms.
    "Referrer-Policy": "same-origin",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer", "camera", "display-capture", "geolocation", "gyroscope",
            "magnetometer", "microphone", "midi", "payment", "usb",
        )
    ),
}  # fmt: skip

_YEAR = 365 * 24 * 60 * 60

INLINE_SCRIPT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""The one script that stands in Streamlit's page itself; it sets a mark for search engines."""

_PLAIN_CONTENT = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""For pages without Streamlit: no scripts, their style in the page, a picture perhaps."""

_STREAMLIT_CONTENT = {
    "default-src": "'self'",
    "script-src": f"'self' {INLINE_SCRIPT}",
    "style-src": "'self' 'unsafe-inline'",  # Streamlit and plotly set styles as they draw
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'self'",
    "frame-ancestors": "'none'",
}


def for_answer(*, streamlits: bool, kept: bool) -> dict[str, str]:
    """Return the headers that an answer carries besides its own.

    Args:
        streamlits: whether Streamlit gives it, which needs scripts; else it is one of our own.
        kept: whether browsers may keep a copy: of program code they may, never of what is about
            somebody.
    """
    chosen = settings.current()
    content = _STREAMLIT_CONTENT | {"connect-src": _lines()} if streamlits else _PLAIN_CONTENT
    headers = _ALWAYS | {
        "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in content.items())
    }
    if chosen.secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    if not kept:
        headers["Cache-Control"] = "no-store"
    return headers


def _lines() -> str:
    # To older Safaris 'self' is no WebSocket, not even one to the very same place.
    base = urlsplit(settings.current().base_url)
    return f"'self' {base.scheme.replace('http', 'ws')}://{base.netloc}"
