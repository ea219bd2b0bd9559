"""Hundreds of attempts to be somebody else at the served program; none may succeed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import served
from tests.commands import free_port, process_environment
from tests.web import takeovers
from tracker import settings

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[takeovers.Place]:
    """The program with the real case and visitors, served to the tests of this file."""
    folder = tmp_path_factory.mktemp("takeovers")
    data = {"TRACKER_DATA_DIR": str(folder / "data")}
    env = process_environment(**data, TRACKER_PORT=str(free_port()))
    with (
        served.serving(served.SERVE, env=env, cwd=folder) as server,
        takeovers.visited(server, server.sign_in(), settings.load(data)) as visited,
    ):
        yield visited


def test_nobody_becomes_somebody_else(place, capsys):
    counts = [
        *takeovers.by_number(place, 200),
        *takeovers.by_cookie(place, 100),
        *takeovers.by_origin(place, 50),
        *takeovers.by_host(place, 50),
    ]
    with capsys.disabled():
        print(f"\n{takeovers.table(counts)}")
    assert [count for count in counts if count.succeeded] == []
    # Whoever was attacked is still there.
    with place.server.line(cookie=place.cookie) as line:
        assert served.headings(served.run(line, takeovers.PAGE)) != takeovers.SIGN_IN
