"""A real Chromium, and the program as people run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.office import Office, opened
from tests.browser.visitor import Visitor, new_visitor, run_tracker, running_chromium
from tests.commands import CHECKOUT, free_port, process_environment
from tests.served import SERVE, Server, serving

DEMO_TODAY = "2025-01-15"
"""A day between the real urgent action's issue date and its deadline."""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser; each visitor gets a fresh profile in it.

    It ends with this package's tests: Playwright keeps an event loop running in the thread, beside
    which no other test could run one of its own.
    """
    with running_chromium() as browser:
        yield browser


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    """Which screen; the test runs once on each."""
    return str(request.param)


@pytest.fixture
def sit_down(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors: `sit_down(served, size="phone", scheme="dark")`.

    In the end none of their browsers may have asked anybody but the program itself.
    """
    visitors: list[Visitor] = []

    def sit(
        served: Server, *, size: str = "desktop", scheme: Any = "light", scripts: bool = True
    ) -> Visitor:
        visitors.append(new_visitor(chromium, served, size=size, scheme=scheme, scripts=scripts))
        return visitors[-1]

    yield sit
    for visitor in visitors:
        visitor.context.close()
    assert [url for visitor in visitors for url in visitor.elsewhere] == []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The program with the real case, a case lead and an identity provider."""
    with opened(tmp_path_factory.mktemp("office")) as served:
        yield served


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The folder that the served program keeps its data in."""
    return tmp_path / "data"


@contextmanager
def case_in(folder: Path, **more: str) -> Iterator[Server]:
    """Yield the program on the data in that folder; in an empty one, on the real case alone."""
    data = {"TRACKER_DATA_DIR": str(folder), "TRACKER_PORT": str(free_port())}
    with serving(SERVE, env=process_environment(**data, **more), cwd=CHECKOUT) as served:
        yield served


@pytest.fixture
def real_case(data_dir: Path) -> Iterator[Server]:
    """The program on a fresh database: the real case, no letters."""
    with case_in(data_dir) as served:
        yield served


@pytest.fixture(scope="module")
def shared_case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same for all tests of a file that ask for it: none minds what the others did.

    Nobody signs out there: those who `come_in` share a session.
    """
    with case_in(tmp_path_factory.mktemp("case") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def shared_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demonstration whose today lies before the real case's deadline, shared as `shared_case`."""
    folder = tmp_path_factory.mktemp("demonstration") / "data"
    run_tracker(folder, "demo", "--letters", "400", "--seed", "7", "--today", DEMO_TODAY)
    with case_in(folder, TRACKER_TODAY=DEMO_TODAY) as served:
        yield served
