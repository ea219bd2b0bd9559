"""Hundreds of strings that would be more than text, in every field: none may do anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.browser import halls, payloads, smuggling, watching
from tests.browser.visitor import running_chromium

pytestmark = [pytest.mark.browser, pytest.mark.faults]

PARTS = 6
"""Each test takes one string in so many: none of them lasts for minutes."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[halls.Hall]:
    """A served program, set up, and all the strings; the form to set it up had them, too."""
    strings = payloads.strings()
    assert len(strings) >= 300
    folder = tmp_path_factory.mktemp("smuggling")
    with running_chromium() as chromium, halls.at(chromium, folder / "data", strings) as hall:
        smuggling.set_up(hall)
        watching.hold(hall.watch)
        hall.visitor.open_link()
        yield hall


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("stage", smuggling.STAGES, ids=lambda stage: stage.__name__)
def test_no_string_runs_asks_or_becomes_more_than_text(hall, stage, part, capsys):
    strings = hall.strings[part::PARTS]
    hall.watch.forget()
    stage(replace(hall, strings=strings))
    with capsys.disabled():
        print(f"\n{len(strings)} of {len(hall.strings)} strings\n{watching.table(hall.watch.rows)}")
    watching.hold(hall.watch)
