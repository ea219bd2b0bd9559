"""What `--json` prints: the facts in their order, and where each stands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from tests.documents import drafts
from tracker.documents.draft import How, Question, Source, Value
from tracker.documents.output.as_json import facts

KEYS = [
    "family", "kind", "title", "ua_number", "index", "issued_on", "deadline", "people", "targets",
    "languages", "previous_url", "asks", "events", "questions", "provenance",
]  # fmt: skip


def test_everything_a_draft_has_is_told_in_its_order() -> None:
    told = facts(drafts.tide_clerk())
    assert list(told) == KEYS
    del told["provenance"]
    assert told == {
        "family": "2019-on",
        "kind": "update",
        "title": "IN PRISON FOR A TIMETABLE",
        "ua_number": "12/25",
        "index": "FRE 01/0012/2025",
        "issued_on": "2025-01-20",
        "deadline": "2025-04-30",
        "people": [
            {
                "name": "Marla Quill",
                "other_names": ["Marla Quil", "Марла Квилл"],
                "pronouns": "she/her",
            },
            {"name": "Jon Quill", "other_names": [], "pronouns": None},
        ],
        "targets": [
            {
                "name": "Tobias Nemo",
                "role": "Minister at the Ministry of Tides",
                "address": ["Ministry of Tides", "1 Ebb Street"],
                "salutation": "Dear Minister",
                "emails": ["minister@tides.example", "office@tides.example"],
                "fax": "+00 0000 0001",
                "priority": 1,
                "reason": "for the minister can let her go",
                "copy": False,
            },
            {
                "name": None,
                "role": "President of the Harbour Court",
                "address": ["Harbour Court", "2 Flood Street"],
                "salutation": None,
                "emails": [],
                "fax": None,
                "priority": None,
                "reason": None,
                "copy": False,
            },
            {
                "name": "Ilse Outis",
                "role": "Ambassador",
                "address": ["Embassy of Freedonia"],
                "salutation": None,
                "emails": [],
                "fax": "+00 0000 0002",
                "priority": None,
                "reason": None,
                "copy": True,
            },
        ],
        "languages": ["English", "Freedonian"],
        "previous_url": "https://example.org/tide-clerk",
        "asks": ["Set her free", "Let her family visit her"],
        "events": [
            {"date": "2024-05-02", "about": "was arrested at her office"},
            {"date": "2024-09", "about": "a storm"},
            {"date": "2022", "about": "was sentenced"},
        ],
        "questions": [{"about": "events", "text": "on 3 June", "lines": [22, 22]}],
    }


def test_what_a_document_does_not_say_is_none_or_an_empty_list() -> None:
    told = facts(drafts.bare())
    assert list(told) == KEYS
    assert [key for key in KEYS if told[key] is None] == [*KEYS[2:7], "previous_url"]
    assert [key for key in KEYS if told[key] == []] == [
        "people", "targets", "languages", "asks", "events", "questions",
    ]  # fmt: skip
    assert told["provenance"] == {
        "kind": {"lines": [1, 1], "page": None, "how": "prose", "inferred": False}
    }


def test_every_value_has_its_place_in_the_order_of_the_facts() -> None:
    provenance = facts(drafts.tide_clerk())["provenance"]
    assert list(provenance) == [
        "kind", "title", "ua_number", "index", "issued_on", "deadline",
        "people[0].name", "people[0].other_names[0]", "people[0].other_names[1]",
        "people[0].pronouns", "people[1].name",
        "targets[0].name", "targets[0].role", "targets[0].address[0]", "targets[0].address[1]",
        "targets[0].salutation", "targets[0].emails[0]", "targets[0].emails[1]", "targets[0].fax",
        "targets[0].priority", "targets[0].reason", "targets[1].role",
        "targets[1].address[0]", "targets[1].address[1]",
        "targets[2].name", "targets[2].role", "targets[2].address[0]", "targets[2].fax",
        "languages[0]", "languages[1]", "previous_url", "asks[0]", "asks[1]",
        "events[0].date", "events[0].about", "events[1].date", "events[1].about",
        "events[2].date", "events[2].about",
    ]  # fmt: skip


def test_a_place_has_lines_a_page_how_it_was_found_and_whether_it_was_inferred() -> None:
    provenance = facts(drafts.tide_clerk())["provenance"]
    assert provenance["deadline"] == {
        "lines": [40, 41], "page": 2, "how": "prose", "inferred": True,
    }  # fmt: skip
    assert provenance["ua_number"] == {
        "lines": [1, 1], "page": 1, "how": "label", "inferred": False,
    }  # fmt: skip
    assert provenance["targets[0].address[1]"] == {
        "lines": [13, 13], "page": 1, "how": "layout", "inferred": False,
    }  # fmt: skip


def test_an_inferred_date_s_words_are_the_document_s_own() -> None:
    inferred = Value(date(2025, 1, 20), Source(3, 3, None, How.PROSE, inferred=True))
    assert facts(drafts.with_event_on(inferred))["provenance"]["events[0].date"]["inferred"]
    assert not facts(drafts.with_event_on(inferred))["provenance"]["events[0].about"]["inferred"]


def test_a_question_about_what_stands_nowhere_has_no_lines() -> None:
    draft = replace(drafts.bare(), questions=(Question("deadline"),))
    assert facts(draft)["questions"] == [{"about": "deadline", "text": "", "lines": None}]


def test_the_facts_are_json() -> None:
    told = facts(drafts.tide_clerk())
    assert json.loads(json.dumps(told)) == told
