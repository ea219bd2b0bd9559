"""The timeline of a case, and the time in detention that stands in it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests import factories
from tracker import cases, database
from tracker.rules import Precision, Span

pytestmark = pytest.mark.usefixtures("tracker_settings")

OTHER_CASE = factories.case_text(
    ('slug = "lighthouse"', 'slug = "windmill"'), ("lighthouse-2025-02", "windmill-2025-01")
)

EVENTS = """
[[events]]
kind = "health"
people = ["Odo Figment"]
event = "Fell ill"
source = "A letter"

[[events]]
kind = "incommunicado"
date = "before 2024-05-02"
until = "at least 2024-06-01"
people = ["Odo Figment"]
event = "Heard of by nobody"
source = "A letter"

[[events]]
kind = "statement"
date = "2023"
people = ["Odo Figment", "Perla Invent"]
event = "A statement"
source = "A paper"

[[urgent_actions]]
"""


def test_the_timeline_has_one_row_an_event_in_the_order_of_their_dates() -> None:
    with database.writing() as db:
        case = factories.case(db, factories.case_text(("[[urgent_actions]]\n", EVENTS)))
        factories.case(db, OTHER_CASE)
        told = cases.timeline(db, factories.asker(db), case.id)
    both = ("Perla Invent", "Odo Figment")
    expected = frame(
        ("lighthouse", "2023-01-01", None, False, "year", both,
         "statement", "A statement", "A paper"),
        ("lighthouse", "2024-05-02", None, False, "day", both,
         "detention", "Locked up in the harbour", "A fictional newspaper"),
        ("lighthouse", "2024-05-02", "2024-06-01", True, "before", ("Odo Figment",),
         "incommunicado", "Heard of by nobody", "A letter"),
        ("lighthouse", "2024-11-01", None, False, "month", ("Perla Invent",),
         "trial", "Tried behind closed doors", "A fictional newspaper"),
        ("lighthouse", None, None, False, "none", ("Odo Figment",),
         "health", "Fell ill", "A letter"),
    )  # fmt: skip
    pd.testing.assert_frame_equal(told, expected)


def test_a_case_without_events_has_a_timeline_of_the_same_columns() -> None:
    with database.writing() as db:
        text = factories.CASE_TEXT
        case = factories.case(db, text[: text.index("[[events]]")])
        told = cases.timeline(db, factories.asker(db), case.id)
    pd.testing.assert_frame_equal(told, frame())


def frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Return a timeline with these rows, its types spelt out."""
    columns = [
        "case", "date", "until", "until_at_least", "precision", "people", "kind", "event", "source",
    ]  # fmt: skip
    told = pd.DataFrame(list(rows), columns=columns, dtype="object")
    return told.astype(
        {
            "case": "str",
            "date": "datetime64[s]",
            "until": "datetime64[s]",
            "until_at_least": "bool",
            "precision": "str",
            "people": "object",
            "kind": "str",
            "event": "str",
            "source": "str",
        }
    )


def test_only_what_a_person_spent_locked_up_is_that_person_s_detention() -> None:
    with database.writing() as db:
        case = factories.case(db, factories.case_text(("[[urgent_actions]]\n", EVENTS)))
        told = cases.timeline(db, factories.asker(db), case.id)
    locked_up = Span(date(2024, 5, 2), Precision.DAY)
    unheard_of = Span(date(2024, 5, 2), Precision.BEFORE, date(2024, 6, 1), at_least=True)
    assert cases.detention_spans(told, "Perla Invent") == [locked_up]
    assert cases.detention_spans(told, "Odo Figment") == [locked_up, unheard_of]
    assert cases.detention_spans(told, "Nobody Known") == []


def test_a_detention_of_unknown_beginning_is_a_span_all_the_same() -> None:
    with database.writing() as db:
        case = factories.case(db, factories.case_text(("date = 2024-05-02\n", "")))
        told = cases.timeline(db, factories.asker(db), case.id)
    assert cases.detention_spans(told, "Odo Figment") == [Span(None, Precision.NONE)]


def test_an_empty_timeline_has_no_detention() -> None:
    assert cases.detention_spans(frame(), "Odo Figment") == []
