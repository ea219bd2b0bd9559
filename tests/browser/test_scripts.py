"""A dose of what tests/faults/test_scripts.py does whole: text stays text, whatever it says."""

from __future__ import annotations

import pytest

from tests.browser import halls, payloads, smuggling, watching

pytestmark = pytest.mark.browser

EVERY = 43
"""One string in so many, of each kind some."""


def test_some_strings_in_every_field_stay_text(chromium, tmp_path):
    with halls.at(chromium, tmp_path / "data", payloads.strings()[::EVERY]) as hall:
        smuggling.everywhere(hall)
    watching.hold(hall.watch)
