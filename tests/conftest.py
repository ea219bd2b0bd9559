"""What every test may ask for: fresh databases on both servers, and settings that lead to them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.parts import cannot_run
from tests.postgres import Server, ServerError
from tracker import settings
from tracker.accounts import passphrases

CHECKOUT = Path(__file__).resolve().parent.parent
LONG = {"test_walls.py", "test_wheel.py"}
"""Files that take long with few tests, besides those with a browser."""

set_hypothesis_home_dir(CHECKOUT / ".cache" / "hypothesis")
# How long an example takes says nothing on a machine that runs two tests at once.
hypothesis.settings.register_profile("tracker", deadline=None)
hypothesis.settings.load_profile("tracker")


@pytest.fixture(scope="session", autouse=True)
def _away_from_real_letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test, and every program that one starts, away from this machine's real letters.

    And from the home folder, where Chromium keeps crash reports and settings.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("TRACKER_", "XDG_")) and not name.startswith("TRACKER_TEST_"):
                patch.delenv(name)
        patch.setenv("TRACKER_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database with all tables and no rows; the test runs once on each kind of database.

    For one kind alone: @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True).
    """
    with request.getfixturevalue(f"{request.param}_databases").fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database without any tables, for what migrates; once on each kind of database."""
    with request.getfixturevalue(f"{request.param}_databases").fresh(migrated=False) as url:
        yield url


@pytest.fixture
def tracker_settings(database_url: str, tmp_path: Path) -> Iterator[settings.Settings]:
    """Settings for `database_url`, with a key and a data folder of the test's own, in force."""
    chosen = settings.load(
        {"TRACKER_DATA_DIR": str(tmp_path / "data"), "TRACKER_DATABASE_URL": database_url}
    )
    settings.use(chosen)
    yield chosen
    settings.use(None)


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases hashed in a millisecond, for tests that need many and measure no time."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passphrases, "HASHING", cheap)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Makes SQLite databases: `with sqlite_databases.fresh() as url`."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(postgres: Server) -> Iterator[PostgresDatabases]:
    """Makes PostgreSQL databases: `with postgresql_databases.fresh() as url`."""
    databases = PostgresDatabases(postgres)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def postgres_server(postgres: Server) -> str:
    """The URL of the administrator's database on this process's PostgreSQL server."""
    return postgres.url


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """This process's PostgreSQL server; it is up in half a second, so none is shared."""
    server = Server()
    lack = ""
    try:
        server.start()
    except ServerError as error:
        server.remove()
        lack = str(error)
    if lack:
        cannot_run(f"The tests on PostgreSQL cannot run: {lack}")
    yield server
    server.remove()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that in the end both processes have work.

    Then those with the most tests, as xdist would by itself; it knows no more than their number.
    """
    tests = Counter(item.path for item in items)

    def place(item: pytest.Item) -> tuple[bool, int]:
        long = item.path.name in LONG or item.get_closest_marker("browser") is not None
        return not long, -tests[item.path]

    items.sort(key=place)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out: a line for each reason, however many tests share it."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, times in reasons.items():
        terminalreporter.write_line(f"Left out {times}: {reason}", yellow=True)
