"""Rows of addresses → whom to write to. Everybody here is fictional."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.lines import place, rows_in, said
from tracker.documents.addresses import targets_of
from tracker.documents.draft import DraftTarget, How

NOBODY: dict[str, Any] = {
    "name": None,
    "role": None,
    "address": [],
    "salutation": None,
    "emails": [],
    "fax": None,
    "copy": False,
}


def plainly(target: DraftTarget) -> dict[str, Any]:
    return {
        "name": said(target.name),
        "role": said(target.role),
        "address": [line.value for line in target.address],
        "salutation": said(target.salutation),
        "emails": [email.value for email in target.emails],
        "fax": said(target.fax),
        "copy": target.copy,
    }


def targets(text: str) -> list[dict[str, Any]]:
    return [plainly(target) for target in targets_of(rows_in(text))]


MINISTER = NOBODY | {
    "name": "Lucia Marchetti",
    "role": "Minister of Justice",
    "address": ["1 Palace Street", "Port Elver, Bassira"],
}
CHIEF = NOBODY | {
    "name": "Ruben Vega",
    "role": "Head of Police",
    "address": ["20 Harbour Road", "Port Elver, Bassira"],
}


@pytest.mark.parametrize(
    "head",
    [
        "Minister of Justice\nLucia Marchetti",
        "Lucia Marchetti\nMinister of Justice",
        "Lucia Marchetti, Minister of Justice",
        "Lucia Marchetti Minister of Justice",
        "Ms Lucia Marchetti\nMinister of Justice",
        "H.E. Lucia Marchetti, Minister of Justice",
        "To: Lucia Marchetti, Minister of Justice",
    ],
)
def test_the_name_may_stand_before_or_after_the_office(head: str) -> None:
    assert targets(f"{head}\n1 Palace Street\nPort Elver, Bassira") == [MINISTER]


def test_what_stands_below_an_address_belongs_to_it() -> None:
    text = (
        "Minister of Justice\nLucia Marchetti\n1 Palace Street\nPort Elver, Bassira\n"
        "Tel: +999 1 000 0000\nFax: +999 1 000 0001\nTwitter: @minjust\n"
        "Facebook: www.facebook.example/minjust\n"
        "Email: office@justice.example / minister@justice.example\nSalutation: Dear Minister,"
    )
    assert targets(text) == [
        MINISTER
        | {
            "salutation": "Dear Minister",
            "emails": ["office@justice.example", "minister@justice.example"],
            "fax": "+999 1 000 0001",
        }
    ]


def test_every_value_has_its_line() -> None:
    (minister,) = targets_of(
        rows_in("Minister of Justice\nLucia Marchetti\n1 Palace Street\nPort Elver\nFax: +999 1")
    )
    assert place(minister.role) == (1, 1, How.LAYOUT)
    assert place(minister.name) == (2, 2, How.LAYOUT)
    assert [place(line) for line in minister.address] == [(3, 3, How.LAYOUT), (4, 4, How.LAYOUT)]
    assert place(minister.fax) == (5, 5, How.LABEL)


def test_two_addresses_one_after_the_other() -> None:
    text = (
        "Minister of Justice\nLucia Marchetti\n1 Palace Street\nPort Elver, Bassira\n{}"
        "Head of Police\nColonel Ruben Vega\n20 Harbour Road\nPort Elver, Bassira"
    )
    assert targets(text.format("\n")) == [MINISTER, CHIEF]
    assert targets(text.format("")) == [MINISTER, CHIEF]


def test_addresses_side_by_side() -> None:
    text = """\
Minister of Justice                Head of Police
Lucia Marchetti                    Colonel Ruben Vega
1 Palace Street                    20 Harbour Road
Port Elver, Bassira                Port Elver, Bassira
Fax: +999 1 000 0001               Fax: +999 1 000 0002
Salutation: Dear Minister          Salutation: Dear Colonel"""
    assert targets(text) == [
        MINISTER | {"fax": "+999 1 000 0001", "salutation": "Dear Minister"},
        CHIEF | {"fax": "+999 1 000 0002", "salutation": "Dear Colonel"},
    ]


def test_addresses_of_unequal_length_side_by_side() -> None:
    text = """\
Minister of Justice                Head of Police
Lucia Marchetti                    Colonel Ruben Vega
1 Palace Street                    20 Harbour Road
Port Elver, Bassira                Port Elver, Bassira
                                   Fax: +999 1 000 0002"""
    assert targets(text) == [MINISTER, CHIEF | {"fax": "+999 1 000 0002"}]


def test_addresses_that_take_turns_line_by_line() -> None:
    text = (
        "Minister of Justice\nHead of Police\nLucia Marchetti\nRuben Vega\n1 Palace Street\n"
        "20 Harbour Road\nPort Elver, Bassira\nPort Elver, Bassira\n"
        "Salutation: Dear Minister\nSalutation: Dear Colonel"
    )
    assert targets(text) == [
        MINISTER | {"salutation": "Dear Minister"},
        CHIEF | {"salutation": "Dear Colonel"},
    ]


def test_an_address_folded_into_one_line() -> None:
    text = (
        "Lucia Marchetti Minister of Justice\n\n"
        "Ministry of Justice No. 1, Palace Street, Port Elver, North Province, 10200 France"
    )
    assert targets(text) == [
        MINISTER
        | {
            "address": [
                "Ministry of Justice",
                "No. 1, Palace Street",
                "Port Elver",
                "North Province, 10200",
                "France",
            ]
        }
    ]


@pytest.mark.parametrize(
    "label",
    ["And copies to:", "Copies to:", "cc:", "Y copias a:", "Et copies à :", "Kopien an:"],
)
def test_who_stands_after_copies_to_only_gets_a_copy(label: str) -> None:
    text = (
        "Minister of Justice\nLucia Marchetti\n1 Palace Street\nPort Elver, Bassira\n\n"
        f"{label}\nHead of Police\nRuben Vega\n20 Harbour Road\nPort Elver, Bassira"
    )
    assert targets(text) == [MINISTER, CHIEF | {"copy": True}]


def test_an_office_needs_no_name() -> None:
    text = "General Prosecutor's Office\n5 Court Lane\nPort Elver\nBassira"
    assert targets(text) == [
        NOBODY
        | {
            "role": "General Prosecutor's Office",
            "address": ["5 Court Lane", "Port Elver", "Bassira"],
        }
    ]


def test_an_embassy_gets_a_copy_with_or_without_an_ambassador() -> None:
    where = "12 Long Street, London SW1 2AB"
    assert targets(f"Embassy of Bassira\n{where}\nFax: 020 0000 0000") == [
        NOBODY
        | {
            "role": "Embassy of Bassira",
            "address": [where],
            "fax": "020 0000 0000",
            "copy": True,
        }
    ]
    assert targets(f"Ambassador Jon Reed\nEmbassy of Bassira\n{where}") == [
        NOBODY
        | {
            "name": "Jon Reed",
            "role": "Ambassador",
            "address": ["Embassy of Bassira", where],
            "copy": True,
        }
    ]


def test_who_is_written_to_in_the_care_of_an_embassy_gets_the_letter() -> None:
    text = "President Adem Kol\nc/o Embassy of Bassira\n12 Long Street\nLondon"
    assert targets(text) == [
        NOBODY
        | {
            "name": "Adem Kol",
            "role": "President",
            "address": ["c/o Embassy of Bassira", "12 Long Street", "London"],
        }
    ]


def test_the_placeholder_for_diplomats_is_nobody() -> None:
    text = (
        "Please insert local diplomatic addresses below:\n"
        "Name Address 1 Address 2 Address 3 Fax Fax number Email Email address "
        "Salutation Salutation"
    )
    assert targets(text) == []


@pytest.mark.parametrize(
    "own",
    [
        "Amnesty International\n1 Any Street\nLondon WC1X 0AA\nUnited Kingdom",
        "Director of Amnesty International\n1 Any Street\nLondon WC1X 0AA\nFax: +999 1 000 0001",
        "Urgent Action Network\nMinistry Road 1\nPort Elver\nEmail: uan@ourselves.example",
    ],
)
def test_our_own_address_is_left_out(own: str) -> None:
    text = (
        "Minister of Justice\nLucia Marchetti\n1 Palace Street\nPort Elver, Bassira\n"
        f"Salutation: Dear Minister\n\n{own}"
    )
    assert targets(text) == [MINISTER | {"salutation": "Dear Minister"}]


def test_our_own_address_takes_no_other_with_it() -> None:
    text = (
        "Lucia Marchetti\nMinister of Justice\n1 Palace Street\nPort Elver, Bassira\n\n"
        "Amnesty International\n1 Any Street\nLondon WC1X 0AA\nUnited Kingdom"
    )
    assert targets(text) == [MINISTER]


def test_an_office_said_twice_is_said_once() -> None:
    text = "President\nPresident Rudolf Falk\nPresidential Palace\nPort Elver"
    assert targets(text) == [
        NOBODY
        | {
            "name": "Rudolf Falk",
            "role": "President",
            "address": ["Presidential Palace", "Port Elver"],
        }
    ]


@pytest.mark.parametrize(
    "text",
    ["", "Milk\nBread\nEggs", "Lucia Marchetti", "Port Elver\nBassira", "Minister of Justice"],
)
def test_what_is_no_address_has_nobody(text: str) -> None:
    assert targets(text) == []
