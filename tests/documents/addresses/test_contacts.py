"""Lines with telephone, fax, e-mail and greetings."""

from __future__ import annotations

import pytest

from tracker.documents.addresses.contacts import Kind, Part, parts_of

TEXT, FAX, EMAIL = Kind.TEXT, Kind.FAX, Kind.EMAIL
SALUTATION, OTHER = Kind.SALUTATION, Kind.OTHER


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("1 Palace Street", [(TEXT, "1 Palace Street")]),
        ("Fax Street 4", [(TEXT, "Fax Street 4")]),
        ("Fax: +999 1 000 0001", [(FAX, "+999 1 000 0001")]),
        ("Fax +999 1 000 0001", [(FAX, "+999 1 000 0001")]),
        ("Fax: +999 1 000 0001 (ext. 2017)", [(FAX, "+999 1 000 0001 (ext. 2017)")]),
        ("Télécopieur : 0001", [(FAX, "0001")]),
        ("Tel/Fax: +999 1 000 0001", [(FAX, "+999 1 000 0001")]),
        ("Tel: +999 1 000 0000", [(OTHER, "+999 1 000 0000")]),
        ("Tel: 0000 Fax: 0001", [(OTHER, "0000"), (FAX, "0001")]),
        ("Email: a@tides.example", [(EMAIL, "a@tides.example")]),
        ("Correo electrónico: a@tides.example", [(EMAIL, "a@tides.example")]),
        (
            "a@tides.example; b@tides.example",
            [(EMAIL, "a@tides.example"), (EMAIL, "b@tides.example")],
        ),
        ("a@tides.example (office)", [(TEXT, "office"), (EMAIL, "a@tides.example")]),
        ("Email: through the web form", [(OTHER, "through the web form")]),
        (
            "Tel: 0000, a@tides.example",
            [(OTHER, "0000, a@tides.example"), (EMAIL, "a@tides.example")],
        ),
        ("Twitter: @tides", [(OTHER, "@tides")]),
        ("@tides", [(OTHER, "@tides")]),
        ("www.tides.example/contact", [(OTHER, "www.tides.example/contact")]),
        ("Salutation: Dear Minister,", [(SALUTATION, "Dear Minister")]),
        ("Anrede: Sehr geehrte Frau Ministerin", [(SALUTATION, "Sehr geehrte Frau Ministerin")]),
        ("Tratamiento: Señora Ministra", [(SALUTATION, "Señora Ministra")]),
        ("Ministry of Tides Fax: 0001", [(TEXT, "Ministry of Tides"), (FAX, "0001")]),
        ("Fax:", []),
        ("", []),
    ],
)
def test_the_parts_of_a_line(line: str, parts: list[tuple[Kind, str]]) -> None:
    assert parts_of(line) == [Part(kind, text) for kind, text in parts]
