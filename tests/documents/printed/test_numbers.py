"""The number, the index, and what kind of document it is."""

from __future__ import annotations

import pytest

from tests.documents.drafts import at
from tests.documents.lines import layout_named, place, rows_in, said
from tracker.documents.draft import ActionKind, How
from tracker.documents.printed.numbers import index, kind, number


@pytest.mark.parametrize(
    ("text", "as_printed"),
    [
        ("UA: 44/22 Index: AFR 12/3456/2022 Bassira Date: 3 May 2022", "44/22"),
        ("First UA: 44/22", "44/22"),
        ("Second UA: 44.22", "44.22"),
        ("Second 44.22", "44.22"),
        ("THIRD UA 60/16", "60/16"),
        ("First UA: 086/21-3", "086/21-3"),
        ("Further information on UA: 79/11 Index: AMR 97/014/2011", "79/11"),
        ("TEACHER HELD AFTER LESSON (UA 44/22)", "44/22"),
        ("Teacher held after lesson [UA: 44/22]", "44/22"),
        ("Urgent Action 44/22", "44/22"),
        ("Urgent Action (#44/22)", "44/22"),
        ("Urgent action number: 44/22", "44/22"),
        ("Please report back to us and quote UA 44/22.", "44/22"),
        ("UA 086 / 21", "086/21"),
    ],
)
def test_a_number_is_found_wherever_it_stands(text: str, as_printed: str) -> None:
    assert said(number(rows_in(f"A line.\n{text}"))) == as_printed


@pytest.mark.parametrize(
    "text",
    [
        "Date: 12/05/2021",
        "UA 12/05/2021",
        "Second hearing: 12.05.1980",
        "Second 12.05.1980",
        "about 3/4 of them",
        "open 24/7",
        "Law 44/22",
        "Index: AFR 12/3456/2022",
        "Fax: 44/22 000 000",
    ],
)
def test_dates_fractions_and_laws_are_no_number(text: str) -> None:
    assert number(rows_in(text)) is None


def test_where_a_number_stands() -> None:
    assert place(number(rows_in("\nUA: 44/22"))) == (2, 2, How.LABEL)
    assert place(number(rows_in("Please quote UA 44/22."))) == (1, 1, How.PROSE)


@pytest.mark.parametrize(
    ("text", "as_printed"),
    [
        ("UA: 44/22 Index: AFR 12/3456/2022 Bassira Date: 3 May 2022", "AFR 12/3456/2022"),
        ("AI Index: EUR 70/001/2009", "EUR 70/001/2009"),
        ("INDEX NUMBER: AMR 97/014/2011 Costaclara", "AMR 97/014/2011"),
        ("MDE 13/025/2012", "MDE 13/025/2012"),
        ("Index: ASA  17/8520/2024", "ASA 17/8520/2024"),
        ("UA: 44/22", None),
        ("Index: of names", None),
    ],
)
def test_the_index(text: str, as_printed: str | None) -> None:
    assert said(index(rows_in(text))) == as_printed


@pytest.mark.parametrize(
    ("text", "said_kind"),
    [
        ("First UA: 44/22", ActionKind.FIRST),
        ("UA: 44/22 Index: AFR 12/3456/2022", ActionKind.FIRST),
        ("Further information: call our office", ActionKind.FIRST),
        ("Second UA: 44/22", ActionKind.UPDATE),
        ("THIRD UA 60/16", ActionKind.UPDATE),
        ("Second 44.22", ActionKind.UPDATE),
        ("Further information on UA: 79/11", ActionKind.UPDATE),
        ("This is the second update of UA 44/22.", ActionKind.UPDATE),
        ("UPDATE: TEACHER STILL HELD", ActionKind.UPDATE),
        ("STOP ACTION", ActionKind.STOP),
        ("Second UA: 44/22\n\nNo further action is requested. Many thanks.", ActionKind.STOP),
        ("This urgent action is now closed.", ActionKind.STOP),
    ],
)
def test_the_kind(text: str, said_kind: ActionKind) -> None:
    assert kind(rows_in(text), layout_named("2019-on"), None).value is said_kind


def test_who_names_the_previous_one_is_an_update() -> None:
    previous = at(9, "https://tides.example/x", How.LABEL)
    found = kind(rows_in("TEACHER HELD"), layout_named("2019-on"), previous)
    assert (found.value, place(found)) == (ActionKind.UPDATE, (9, 9, How.LABEL))


def test_a_letter_is_a_letter_only() -> None:
    found = kind(rows_in("Sehr geehrte Frau Ministerin,"), layout_named("letter"), None)
    assert found.value is ActionKind.LETTER_ONLY
