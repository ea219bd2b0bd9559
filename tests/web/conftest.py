"""Fixtures for signing in through an identity provider."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lying_provider import Liar, LyingServer, lying
from tracker import settings
from tracker.web import identity_provider


@pytest.fixture
def server_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings without a database, and nothing kept of any provider."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    settings.use(settings.load({"TRACKER_DATA_DIR": str(tmp_path)}))
    identity_provider._kept.clear()
    yield
    settings.use(None)


@pytest.fixture(scope="module")
def lying_server() -> Iterator[LyingServer]:
    """A server that says what its `liar` says."""
    with lying() as server:
        yield server


@pytest.fixture
def liar(lying_server: LyingServer) -> Iterator[Liar]:
    """A provider that tells no lies yet."""
    lying_server.liar = Liar(f"http://127.0.0.1:{lying_server.server_port}/tenant")
    yield lying_server.liar
    lying_server.liar.ended.set()
