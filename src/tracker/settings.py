"""Environment → one frozen object; the one place that knows where pages and migrations lie."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

_PACKAGE = Path(__file__).resolve().parent


class SettingsError(ValueError):
    """An environment variable has a value that cannot be used; the message names it."""


@dataclass(frozen=True)
class Oidc:
    """The identity provider through which people may sign in.

    Attributes:
        issuer: what the provider calls itself, to the letter.
        client_id: what the provider calls this program.
        client_secret: what this program proves itself with; empty for a public client.
        name: what the button calls the provider.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class Settings:
    """What the environment says, read once at the edge.

    Attributes:
        data_dir: the folder for the database, the key and what the program writes.
        database_url: an SQLAlchemy URL; SQLite in `data_dir` unless TRACKER_DATABASE_URL is set.
        secret_key_file: where the key lies that seals names and free text.
        base_url: the address at which people open the program, without a trailing slash.
        host: the address that the server listens on.
        port: the TCP port that the server listens on.
        today: the day that a demo database takes for today; None for the real one.
        oidc: the identity provider; None where there are local accounts alone.
        require_totp: whether every local account must have a second factor.
    """

    data_dir: Path
    database_url: str = field(repr=False)  # it may hold a password
    secret_key_file: Path
    base_url: str
    host: str = "127.0.0.1"
    port: int = 8501
    today: date | None = None
    oidc: Oidc | None = None
    require_totp: bool = False

    @property
    def secure(self) -> bool:
        """Whether visitors come over https, so that cookies may be marked Secure."""
        return urlsplit(self.base_url).scheme == "https"


def load(environment: Mapping[str, str]) -> Settings:
    """Return the settings that `environment` describes.

    Raises:
        SettingsError: a variable cannot be understood.
    """
    data_dir = Path(environment.get("TRACKER_DATA_DIR") or "data").expanduser().absolute()
    host = environment.get("TRACKER_HOST") or "127.0.0.1"
    port = _port(environment.get("TRACKER_PORT") or "8501")
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environment.get("TRACKER_DATABASE_URL"), data_dir),
        secret_key_file=Path(environment.get("TRACKER_SECRET_KEY_FILE") or data_dir / "secret.key")
        .expanduser()
        .absolute(),
        base_url=_base_url(environment.get("TRACKER_BASE_URL") or address(host, port)),
        host=host,
        port=port,
        today=_day(environment.get("TRACKER_TODAY")),
        oidc=_oidc(environment),
        require_totp=_yes_or_no("TRACKER_REQUIRE_TOTP", environment.get("TRACKER_REQUIRE_TOTP")),
    )


def current() -> Settings:
    """Return this process's settings: those handed to `use`, else those of its environment."""
    global _current
    if _current is None:
        _current = load(os.environ)
    return _current


def use(chosen: Settings | None) -> None:
    """Make `chosen` the process's settings; None has them read from the environment again."""
    global _current
    _current = chosen


def app_dir() -> Path:
    """Return the folder that holds dashboard.py, pages/ and db/: the checkout's, or the wheel's."""
    checkout = _PACKAGE.parent.parent
    return checkout if (checkout / "dashboard.py").is_file() else _PACKAGE / "_app"


def dashboard() -> Path:
    """Return the file that `streamlit run` serves."""
    return app_dir() / "dashboard.py"


def shell() -> Path:
    """Return the script that Streamlit runs for each visitor; away from pages/ on purpose."""
    return _PACKAGE / "web" / "shell.py"


def icon() -> Path:
    """Return the picture that browsers show beside the page's title."""
    return _PACKAGE / "web" / "icon.png"


def pages_dir() -> Path:
    """Return the folder of the pages."""
    return app_dir() / "pages"


def migrations_dir() -> Path:
    """Return Alembic's folder."""
    return app_dir() / "db"


def case_files_dir() -> Path:
    """Return the folder of the case files that ship with the program."""
    return app_dir() / "db" / "cases"


def locale_dir() -> Path:
    """Return the folder of the message catalogues."""
    return _PACKAGE / "locale"


def python() -> str:
    """Return the interpreter that runs this program, to start the server with."""
    return sys.executable


def address(host: str, port: int) -> str:
    """Return the address at which a browser on this machine opens a server that listens there."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104  (compared, not bound)
    return f"http://{f'[{name}]' if ':' in name and not name.startswith('[') else name}:{port}"


def is_safe_address(url: str) -> bool:
    """Return whether nobody on the way can read or change what is sent to that address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    # Some readers pass over blanks and line ends, and so would call another address than this one.
    if not host or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


_current: Settings | None = None


def _database_url(url: str | None, data_dir: Path) -> str:
    if not url:
        # In a URL these two signs mean something else than in the name of a folder.
        file = str(data_dir / "tracker.db").replace("%", "%25").replace("?", "%3F")
        return f"sqlite:///{file}"
    # People paste the address their provider shows; the driver is ours to name.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if url in {"sqlite:///", "sqlite:///:memory:"}:
        # In memory each connection would have a database of its own.
        raise SettingsError("TRACKER_DATABASE_URL must name a file after sqlite:///")
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise SettingsError("TRACKER_DATABASE_URL must begin with postgresql:// or sqlite:///")


def _base_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return url.rstrip("/")
    except ValueError:
        pass
    raise SettingsError(f"TRACKER_BASE_URL must be like https://letters.example, not {url!r}")


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise SettingsError(f"TRACKER_PORT must be a number from 1 to 65535, not {text!r}")


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"TRACKER_TODAY must be a day like 2025-01-31, not {text!r}") from None


def _oidc(environment: Mapping[str, str]) -> Oidc | None:
    issuer = environment.get("TRACKER_OIDC_ISSUER") or ""
    client_id = environment.get("TRACKER_OIDC_CLIENT_ID") or ""
    if not issuer and not client_id:
        return None
    if not client_id:
        raise SettingsError("TRACKER_OIDC_CLIENT_ID must be set where TRACKER_OIDC_ISSUER is")
    if not issuer:
        raise SettingsError("TRACKER_OIDC_ISSUER must be set where TRACKER_OIDC_CLIENT_ID is")
    # What follows the path of an issuer, or a password in it, would only be there by mistake.
    if not is_safe_address(issuer) or set(issuer) & set("?#@"):
        raise SettingsError(
            "TRACKER_OIDC_ISSUER must be like https://id.example; http is for this machine alone"
        )
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        client_secret=environment.get("TRACKER_OIDC_CLIENT_SECRET") or "",
        name=environment.get("TRACKER_OIDC_NAME") or urlsplit(issuer).hostname or issuer,
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _yes_or_no(variable: str, text: str | None) -> bool:
    word = (text or "").lower()
    if word in {"1", "true", "yes"}:
        return True
    if word in {"0", "false", "no", ""}:
        return False
    raise SettingsError(f"{variable} must be yes or no, not {text!r}")
