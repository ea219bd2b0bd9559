"""Where the previous urgent action stands on the web."""

from __future__ import annotations

import pytest

from tests.documents.lines import layout_named, passages_in, place, rows_in, said
from tracker.documents.draft import How, Value
from tracker.documents.printed.links import previous_url

ADDRESS = "https://calls.example/en/documents/afr12/3456/2022/en/"


def link(text: str, family: str = "2019-on") -> Value[str] | None:
    return previous_url(rows_in(text), passages_in(text), layout_named(family))


@pytest.mark.parametrize(
    "text",
    [
        f"LINK TO PREVIOUS UA: {ADDRESS}",
        f"LINK TO PREVIOUS UA:\n{ADDRESS}",
        f"LINK TO PREVIOUS UA: {ADDRESS}.",
        f"LINK TO PREVIOUS UA: <{ADDRESS}>",
        f"LINK TO PREVIOUS UA: [the first one]({ADDRESS})",
        f"Further information: {ADDRESS}",
        f"The previous UA stands at {ADDRESS}.",
        "LINK TO PREVIOUS UA: https://calls.example/en/documents/\nafr12/3456/2022/en/",
    ],
)
def test_the_address_of_the_previous_one(text: str) -> None:
    assert said(link(text)) == ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "LINK TO PREVIOUS UA: N/A",
        "LINK TO PREVIOUS UA: n/a",
        "LINK TO PREVIOUS UA: None",
        "LINK TO PREVIOUS UA:",
        f"Read what happened then: {ADDRESS}",
        "Further information: call our office.",
    ],
)
def test_no_address(text: str) -> None:
    assert link(text) is None


def test_an_address_over_two_lines_has_both_as_its_place() -> None:
    text = "A line\nLINK TO PREVIOUS UA: https://calls.example/en/documents/\nafr12/3456/2022/en/"
    assert place(link(text)) == (2, 3, How.LABEL)
    assert place(link(f"The previous UA stands at {ADDRESS}.")) == (1, 1, How.PROSE)
