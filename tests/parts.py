"""What a test does when this machine lacks what it needs."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def cannot_run(reason: str) -> NoReturn:
    """Leave the test out and say why; where CI=true a part left out is a failure.

    A machine of a contributor may lack a browser or refuse to start a server. Where the result
    decides something, nobody reads the line about what was skipped.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
