"""Somebody to sit at the windows of tests/pages/window.py, in the place of a cookie."""

from __future__ import annotations

import pytest

from tests.pages.window import Person
from tracker.settings import Settings
from tracker.web import sessions


@pytest.fixture
def person(tracker_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Who sits at every window of this test: signed out until `person.sign_in(…)`."""
    somebody = Person()
    monkeypatch.setattr(sessions, "current_member", somebody.here)
    monkeypatch.setattr(sessions, "current_token", lambda: somebody.token)
    return somebody
