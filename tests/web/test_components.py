"""What pages share: what is said when a run fails, and what is written of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from streamlit import error_util
from streamlit.testing.v1 import AppTest

from tracker.web import components, serving

SORRY = (
    "Something went wrong here, and it is not your doing. What was saved is safe. "
    "Please load the page again; if it stays like this, tell your coordinator."
)
TYPED = "a diagnosis that somebody typed"


def fail_with(typed: str) -> None:
    """Fail as a page might, with a message that quotes what was typed."""
    raise LookupError(f"nothing is called {typed}")


def failing_run(typed: str) -> None:  # the runner runs its text: everything is imported inside
    from streamlit.error_util import handle_user_script_exception

    from tests.web.test_components import fail_with
    from tracker.web.components import went_wrong

    try:
        fail_with(typed)
    except LookupError as error:
        handle_user_script_exception(error, went_wrong)


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += self.format(record) + "\n"


@pytest.fixture
def log() -> Iterator[_Log]:
    """Everything that our log and Streamlit's say, as it would be printed."""
    handler = _Log()
    loggers = [logging.getLogger(components.__name__), logging.getLogger(error_util.__name__)]
    before = list(loggers[1].filters)
    for logger in loggers:
        logger.addHandler(handler)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)
    loggers[1].filters[:] = before


def test_a_failed_run_says_so_in_our_words(log):
    app = AppTest.from_function(failing_run, args=(TYPED,), default_timeout=60).run()
    assert [error.value.replace("\\", "") for error in app.error] == [SORRY]
    assert len(app.exception) == 0


def test_a_failed_run_is_logged_with_its_type_and_places_but_not_its_message(log):
    serving._keep_messages_out_of_the_log()
    AppTest.from_function(failing_run, args=(TYPED,), default_timeout=60).run()
    assert "A run failed with LookupError" in log.text
    assert "fail_with" in log.text
    assert "Uncaught app execution" in log.text  # Streamlit's own line, without the error
    assert TYPED not in log.text


def test_without_that_streamlit_would_log_the_message(log):
    AppTest.from_function(failing_run, args=(TYPED,), default_timeout=60).run()
    assert TYPED in log.text
