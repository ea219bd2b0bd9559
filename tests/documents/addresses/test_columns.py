"""Addresses side by side, in turn, or folded into one line, put one after the other."""

from __future__ import annotations

from tests.documents.lines import rows_in
from tracker.documents.addresses.columns import in_columns, in_turn, unfolded


def test_columns_come_one_after_the_other() -> None:
    rows = in_columns(rows_in("A one          B one\nA two          B two\n               B three"))
    assert [(row.text, row.number, row.after_gap) for row in rows] == [
        ("A one", 1, True),
        ("A two", 2, False),
        ("B one", 1, True),
        ("B two", 2, False),
        ("B three", 3, False),
    ]


def test_a_short_row_belongs_to_the_column_under_which_it_stands() -> None:
    rows = in_columns(rows_in("A one          B one\nA two          B two\nA three"))
    assert [row.text for row in rows] == ["A one", "A two", "A three", "B one", "B two"]


def test_what_has_one_column_stays() -> None:
    rows = rows_in("1 Palace Street\nPort Elver\n\nFax: 0001")
    assert in_columns(rows) == list(rows)
    once = rows_in("Lucia Marchetti     Minister\nPort Elver")
    assert in_columns(once) == list(once)


def test_addresses_that_take_turns() -> None:
    rows = in_turn(
        rows_in(
            "Minister of Justice\nHead of Police\nMayor\n"
            "Lucia Marchetti\nRuben Vega\nIda Holm\nFax: 1\nFax: 2\nFax: 3"
        )
    )
    assert [row.text for row in rows] == [
        *("Minister of Justice", "Lucia Marchetti", "Fax: 1"),
        *("Head of Police", "Ruben Vega", "Fax: 2"),
        *("Mayor", "Ida Holm", "Fax: 3"),
    ]
    assert [row.text for row in rows if row.after_gap] == [
        "Minister of Justice",
        "Head of Police",
        "Mayor",
    ]


def test_one_address_takes_no_turns() -> None:
    rows = rows_in(
        "Minister of Justice\nLucia Marchetti\n1 Palace Street\nFax: 1\nEmail: a@b.example\nX: @b"
    )
    assert in_turn(rows) == rows


def test_a_long_line_is_parted_into_the_lines_of_an_address() -> None:
    folded = "Ministry of Tides No. 66, Ebb Street, Port Elver, North Province, 10200 France"
    assert unfolded(folded) == [
        "Ministry of Tides",
        "No. 66, Ebb Street",
        "Port Elver",
        "North Province, 10200",
        "France",
    ]


def test_a_short_line_stays_whole() -> None:
    assert unfolded("1 Palace Street, Port Elver, Bassira,") == [
        "1 Palace Street, Port Elver, Bassira"
    ]
