"""The scoring rules: every kind of mistake lowers the right number, and only that one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.documents.scoring import FIELDS, Tally, plain, score, summed, table, whole

Facts = dict[str, Any]

EXPECTED: Facts = {
    "family": "2019-on",
    "kind": "first",
    "title": "TWO POTTERS HELD",
    "ua_number": "44/22",
    "index": "EUR 99/6120/2023",
    "issued_on": "2023-02-03",
    "deadline": "2023-03-31",
    "people": [
        {"name": "Ada Brink", "other_names": ["阿 达", "Ada Brinck"], "pronouns": "She/her"},
        {"name": "Ole Varn", "other_names": [], "pronouns": None},
    ],
    "targets": [
        {
            "name": "Kurt Amsel",
            "role": "Minister of Justice",
            "address": ["Ministry of Justice, Kiln Road 4", "1000 Nordhain"],
            "salutation": "Dear Minister",
            "emails": ["a@nordhain.example", "b@nordhain.example"],
            "fax": "+998 1 555 0100",
            "priority": 1,
            "copy": False,
        },
        {
            "name": None,
            "role": "Embassy of Nordhain",
            "address": ["Glaze Street 2", "London"],
            "salutation": None,
            "emails": [],
            "fax": None,
            "priority": None,
            "copy": True,
        },
    ],
    "languages": ["English", "German"],
    "previous_url": "https://www.example.org/ua/1",
    "asks": ["Release Ada Brink and Ole Varn immediately", "Give them their clay back"],
    "events": [
        {"date": "2022-05-17", "about": "were arrested at the kiln"},
        {"date": "2022", "about": "a vase was broken"},
    ],
}
PERFECT = {
    **dict.fromkeys(FIELDS, Tally(1)),
    "people.name": Tally(2),
    "people.other_names": Tally(2),
    "targets.role": Tally(2),
    "targets.address": Tally(2),
    "targets.emails": Tally(2),
    "languages": Tally(2),
    "asks": Tally(2),
    "events": Tally(2),
}
EMPTY: Facts = {key: [] if isinstance(value, list) else None for key, value in EXPECTED.items()}


def changed(change: Callable[[Facts], object]) -> dict[str, Tally]:
    """The fields whose tally a change to perfect facts alters, with the new tally."""
    found = copy.deepcopy(EXPECTED)
    change(found)
    scored = score(found, EXPECTED)
    return {field: tally for field, tally in scored.items() if tally != PERFECT[field]}


def test_perfect_facts_are_right_everywhere() -> None:
    assert score(EXPECTED, EXPECTED) == PERFECT
    assert tuple(PERFECT) == FIELDS


def test_nothing_found_misses_everything_and_invents_nothing() -> None:
    missed = {field: Tally(missed=tally.right) for field, tally in PERFECT.items()}
    assert score(EMPTY, EXPECTED) == missed


def test_everything_found_where_nothing_is_there_is_invented() -> None:
    invented = {field: Tally(invented=tally.right) for field, tally in PERFECT.items()}
    assert score(EXPECTED, EMPTY) == invented


def test_nothing_found_where_nothing_is_there_counts_nowhere() -> None:
    assert whole(score(EMPTY, EMPTY)) == Tally()


@pytest.mark.parametrize(
    "field", ["kind", "title", "ua_number", "index", "issued_on", "deadline", "previous_url"]
)
def test_a_wrong_a_missing_and_an_invented_value(field: str) -> None:
    assert changed(lambda found: found.update({field: "other"})) == {field: Tally(0, 1, 1)}
    assert changed(lambda found: found.update({field: None})) == {field: Tally(0, 0, 1)}
    assert score({**EMPTY, field: "other"}, EMPTY)[field] == Tally(0, 1, 0)


def test_case_spaces_width_and_punctuation_at_the_ends_do_not_count() -> None:
    assert plain('  "Dear　Minister\n of JUSTICE," ') == "dear minister of justice"
    assert plain("ﬁne (ext. 2017)") == "fine (ext. 2017"
    assert changed(lambda found: found.update(title=" Two  potters held. ")) == {}
    assert changed(lambda found: found.update(ua_number="44-22")) == {"ua_number": Tally(0, 1, 1)}


def test_a_person_known_by_another_name_has_a_wrong_name_and_the_rest_counts() -> None:
    def swap(found: Facts) -> None:
        found["people"][0].update(name="Ada Brinck", other_names=["阿 达", "Ada Brink"])

    assert changed(swap) == {
        "people.name": Tally(1, 1, 1),
        "people.other_names": Tally(1, 1, 1),
    }


def test_a_person_too_many_and_a_person_missed() -> None:
    sister = {"name": "Ida Brink", "other_names": ["Idchen"], "pronouns": "she/her"}
    assert changed(lambda found: found["people"].append(sister)) == {
        "people.name": Tally(2, 1, 0),
        "people.other_names": Tally(2, 1, 0),
        "people.pronouns": Tally(1, 1, 0),
    }
    assert changed(lambda found: found["people"].pop(0)) == {
        "people.name": Tally(1, 0, 1),
        "people.other_names": Tally(0, 0, 2),
        "people.pronouns": Tally(0, 0, 1),
    }


def test_people_in_another_order_are_the_same_people() -> None:
    assert changed(lambda found: found["people"].reverse()) == {}


def test_a_gender_mark_for_a_pronoun_is_invented() -> None:
    assert changed(lambda found: found["people"][1].update(pronouns="m")) == {
        "people.pronouns": Tally(1, 1, 0)
    }


@pytest.mark.parametrize("name", ["Mr Kurt Amsel", "His Excellency Dr. Kurt AMSEL"])
def test_forms_of_address_before_a_targets_name_do_not_count(name: str) -> None:
    assert changed(lambda found: found["targets"][0].update(name=name)) == {}


@pytest.mark.parametrize(
    ("field", "wrong", "tally"),
    [
        ("name", "Kurt Amseln", Tally(0, 1, 1)),
        ("role", "Minister", Tally(1, 1, 1)),
        ("role", None, Tally(1, 0, 1)),
        ("address", ["Kiln Road 4", "Ministry of Justice", "1000 Nordhain"], Tally(1, 1, 1)),
        ("address", ["Ministry of Justice, Kiln Road 4"], Tally(1, 1, 1)),
        ("salutation", "Dear Kurt", Tally(0, 1, 1)),
        ("emails", ["a@nordhain.example"], Tally(1, 0, 1)),
        ("emails", ["a@nordhain.example", "c@nordhain.example"], Tally(1, 1, 1)),
        ("fax", None, Tally(0, 0, 1)),
        ("priority", None, Tally(0, 0, 1)),
        ("copy", True, Tally(1, 1, 0)),
    ],
)
def test_a_mistake_in_a_target(field: str, wrong: object, tally: Tally) -> None:
    assert changed(lambda found: found["targets"][0].update({field: wrong})) == {
        f"targets.{field}": tally
    }


def test_an_address_is_its_words_in_order() -> None:
    folded = ["ministry of justice Kiln Road 4 1000 Nordhain"]
    assert changed(lambda found: found["targets"][0].update(address=folded)) == {}


def test_a_target_without_a_name_is_known_by_role_and_address() -> None:
    def lose(found: Facts) -> None:
        found["targets"][1].update(copy=False, priority=1)

    assert changed(lose) == {"targets.copy": Tally(0, 0, 1), "targets.priority": Tally(1, 1, 0)}


def test_a_target_too_many() -> None:
    placeholder = {
        **EXPECTED["targets"][1],
        "role": "Name Address 1",
        "address": ["Address 2 Address 3"],
    }
    assert changed(lambda found: found["targets"].append(placeholder)) == {
        "targets.role": Tally(2, 1, 0),
        "targets.address": Tally(2, 1, 0),
        "targets.copy": Tally(1, 1, 0),
    }


def test_languages_are_a_set() -> None:
    assert changed(lambda found: found["languages"].reverse()) == {}
    assert changed(lambda found: found["languages"].append("French")) == {
        "languages": Tally(2, 1, 0)
    }


def test_an_ask_may_differ_by_a_letter_not_by_a_word_of_weight() -> None:
    asks = EXPECTED["asks"]
    near, far = "Release Ada Brink and Ole Varn immediatly", "Release Ada Brink"
    assert changed(lambda found: found.update(asks=[near, asks[1]])) == {}
    assert changed(lambda found: found.update(asks=[far, asks[1]])) == {"asks": Tally(1, 1, 1)}
    assert changed(lambda found: found.update(asks=[*asks, asks[0]])) == {"asks": Tally(2, 1, 0)}
    assert changed(lambda found: found.update(asks=asks[1:])) == {"asks": Tally(1, 0, 1)}


@pytest.mark.parametrize(
    ("event", "tally"),
    [
        ({"date": "2022-05-17", "about": "arrested"}, Tally(2)),
        ({"date": "2022-05-17", "about": "police came and arrested both at their kiln"}, Tally(2)),
        ({"date": "2022-05-17", "about": "celebrated a birthday"}, Tally(1, 1, 1)),
        ({"date": "2022-05-18", "about": "were arrested at the kiln"}, Tally(1, 1, 1)),
        ({"date": "2022-05", "about": "were arrested at the kiln"}, Tally(1, 1, 1)),
    ],
)
def test_an_event_is_its_date_and_half_of_its_words(event: dict[str, str], tally: Tally) -> None:
    found = {**EXPECTED, "events": [event, EXPECTED["events"][1]]}
    assert score(found, EXPECTED)["events"] == tally


def test_a_happening_told_twice_counts_neither_way() -> None:
    again = {"date": "2022-05-17", "about": "have been held"}
    assert changed(lambda found: found["events"].append(again)) == {}
    assert changed(lambda found: found["events"].append({**again, "date": "2021"})) == {
        "events": Tally(2, 1, 0)
    }


def test_precision_and_recall() -> None:
    assert Tally(3, 1, 0).precision == 0.75
    assert Tally(3, 0, 2).recall == 0.6
    assert (Tally().precision, Tally().recall) == (None, None)


def test_the_table_sums_by_field_and_by_family() -> None:
    one, other = score(EXPECTED, EXPECTED), score(EMPTY, EXPECTED)
    assert summed([one, other])["asks"] == Tally(2, 0, 2)
    lines = table([("letter", one), ("2019-on", other)]).splitlines()
    cells = {line.split()[0]: line.split()[1:] for line in lines[1:]}
    assert lines[0].split() == ["right", "invented", "missed", "precision", "recall"]
    assert list(cells) == [*FIELDS, "2019-on", "letter", "all"]
    assert cells["people.name"] == ["2", "0", "2", "1.000", "0.500"]
    assert cells["2019-on"] == ["0", "0", "29", "-", "0.000"]
    assert cells["letter"] == ["29", "0", "0", "1.000", "1.000"]
    assert cells["all"] == ["29", "0", "29", "1.000", "0.500"]
