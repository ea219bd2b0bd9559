"""Which rows can belong to an address."""

from __future__ import annotations

import pytest

from tests.documents.lines import rows_in
from tracker.documents.addresses.rows import is_contact, is_noise, is_prose


@pytest.mark.parametrize(
    "text",
    [
        "She was arrested at her home in May.",
        "The court will hear the case",
        "Director of the prison said that she was ill and could not be seen by anyone.",
        "Er wurde am 3. Mai festgenommen.",
        "Su hermana la vio por última vez en la cárcel.",
    ],
)
def test_running_text(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lucia Marchetti",
        "Minister of Justice and Human Rights of the Republic",
        "Ministry of Justice, 1 Palace Street",
        "1 Palace Street, Port Elver",
        "Ministère de la Justice et des Droits humains",
    ],
)
def test_rows_of_an_address_are_no_running_text(text: str) -> None:
    assert not is_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "3 May 2022",
        "Port Elver, 3 May 2022",
        "Yours sincerely,",
        "Hochachtungsvoll",
        "Subject: the teacher Mira Sol",
        "Share this page",
        "Home | Join | Donate",
        "Write to the following:",
        "# What you can do",
        "PLEASE TAKE ACTION BY:",
        "Mira Sol (f)",
        "[Your name]",
    ],
)
def test_rows_that_stand_in_no_address(text: str) -> None:
    assert is_noise(rows_in(text)[0])


@pytest.mark.parametrize(
    "text",
    [
        "Minister of Justice",
        "# Minister of Justice",
        "Lucia Marchetti",
        "1 Palace Street",
        "And copies to:",
        "Fax: +999 1 000 0001",
        "Email: a@tides.example",
    ],
)
def test_rows_that_may_stand_in_an_address(text: str) -> None:
    assert not is_noise(rows_in(text)[0])


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Fax: +999 1 000 0001", True),
        ("a@tides.example", True),
        ("Salutation: Dear Minister", True),
        ("1 Palace Street", False),
        ("Mira Sol was arrested", False),
    ],
)
def test_contacts(text: str, contact: bool) -> None:
    assert is_contact(rows_in(text)[0]) is contact
