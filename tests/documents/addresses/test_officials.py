"""Names, offices and addresses told apart. Everybody here is fictional."""

from __future__ import annotations

import pytest

from tracker.documents.addresses.officials import (
    Head,
    has_role,
    head_of,
    is_address,
    is_name,
    without_courtesy,
)


@pytest.mark.parametrize(
    "text",
    ["Lucia Marchetti", "Ms Lucia Marchetti", "Bassim al-Khatib", "Jan van der Meer", "孟若兰"],
)
def test_names(text: str) -> None:
    assert is_name(text)
    assert not has_role(text)
    assert not is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "Minister of Justice",
        "Chief Procurator",
        "Director of North Harbour Prison",
        "Fiscal General de la Nación",
        "Garde des Sceaux",
        "Generalstaatsanwältin",
    ],
)
def test_offices(text: str) -> None:
    assert has_role(text)
    assert not is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "Office of the President",
        "Ministry of Justice",
        "Ministerio de Justicia",
        "1 Palace Street",
        "4 Justice Square",
        "King Talal Road 88",
        "PO Box 12",
        "c/o Embassy of Bassira",
        "Port Elver, France",
        "United Kingdom",
    ],
)
def test_parts_of_an_address(text: str) -> None:
    assert is_address(text)
    assert not has_role(text)


@pytest.mark.parametrize(
    "text",
    [
        "lucia marchetti",
        "Who is it?",
        "a@tides.example",
        "One Two Three Four Five Six Seven Eight Nine Ten",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Lucia Marchetti", Head("Lucia Marchetti", "", "")),
        ("Ms Lucia Marchetti", Head("Lucia Marchetti", "", "")),
        ("Minister of Justice", Head("", "Minister of Justice", "")),
        ("Adem Kol, President", Head("Adem Kol", "President", "")),
        ("President Adem Kol", Head("Adem Kol", "President", "")),
        ("Chief Procurator Zhu Han", Head("Zhu Han", "Chief Procurator", "")),
        ("Colonel Ruben Vega, Head of Police", Head("Ruben Vega", "Head of Police", "")),
        (
            "H.E. Lucia Marchetti Minister of Justice",
            Head("Lucia Marchetti", "Minister of Justice", ""),
        ),
        (
            "Zhu Han Director of North Harbour Prison 12 Quay Road",
            Head("Zhu Han", "Director of North Harbour Prison", "12 Quay Road"),
        ),
        ("Lucia Marchetti 1 Palace Street", Head("Lucia Marchetti", "", "1 Palace Street")),
        ("1 Palace Street", Head("", "", "1 Palace Street")),
        ("Office of the President", Head("", "", "Office of the President")),
    ],
)
def test_the_beginning_of_an_address(text: str, head: Head) -> None:
    assert head_of(text) == head


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr Jon Reed", "Jon Reed"),
        ("Dr. Jon Reed", "Jon Reed"),
        ("His Excellency General Jon Reed", "Jon Reed"),
        ("Sra. Camila Restán", "Camila Restán"),
        ("Frau Mina Sol", "Mina Sol"),
        ("Jon Reed", "Jon Reed"),
        ("Mr", "Mr"),
    ],
)
def test_forms_of_address_are_no_part_of_a_name(text: str, name: str) -> None:
    assert without_courtesy(text) == name
