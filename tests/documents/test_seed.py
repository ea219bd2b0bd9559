"""The real Urgent Action that lies beside the checkout, read: its facts, and the case made of them.

The document is never in here: what is compared word for word is looked up where it lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands import printed
from tests.databases import SqliteDatabases
from tests.test_shipped_case import FILE, SEEDS
from tracker import case_files, cases, database, members, settings
from tracker.case_files import ActionInFile, CaseFile
from tracker.documents import drafting
from tracker.documents.draft import Draft
from tracker.documents.files import reading
from tracker.documents.output.as_json import facts
from tracker.documents.output.as_toml import case_file_text
from tracker.models import EventKind
from tracker.rules import Precision

HUANG, WANG = "Huang Xueqin", "Wang Jianbing"


@pytest.fixture(scope="module")
def seed() -> Path:
    files = sorted(SEEDS.glob("*.txt"))
    if not files:
        pytest.skip(f"the document is not here: no text in {SEEDS.parent.name}/{SEEDS.name}")
    return files[0]


@pytest.fixture(scope="module")
def lines(seed: Path) -> list[str]:
    """The document's lines, without marks of layout."""
    text = seed.read_text(encoding="utf-8")
    return [re.sub(r"^[#>\s-]+ |\*\*|</?u>", "", line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def draft(seed: Path) -> Draft:
    return drafting.draft_of(reading.read(seed.read_bytes(), seed.name))


@pytest.fixture(scope="module")
def told(draft: Draft) -> dict[str, Any]:
    return facts(draft)


# Its facts ------------------------------------------------------------------------------------


def test_what_the_document_is(told: dict[str, Any], lines: list[str]) -> None:
    assert (told["family"], told["kind"]) == ("2019-on", "update")
    assert told["title"] == lines[2]
    assert told["issued_on"] == "2024-09-09"
    assert told["deadline"] == "2025-03-18"
    assert told["languages"] == ["English", "Chinese"]
    assert told["previous_url"] == "https://www.amnesty.org/en/documents/asa17/5628/2022/en/"


def test_the_number_and_the_index_that_it_does_not_print_are_not_there(
    told: dict[str, Any],
) -> None:
    assert (told["ua_number"], told["index"]) == (None, None)


def test_two_people_with_both_spellings_and_scripts(told: dict[str, Any]) -> None:
    found = [
        (person["name"], sorted(person["other_names"]), person["pronouns"])
        for person in told["people"]
    ]
    assert found == [
        (HUANG, ["Sophia Huang Xueqin", "黄雪琴"], "She/her"),
        (WANG, ["Wang Jiangbing", "王 建兵"], "He/Him"),
    ]


def test_two_targets_with_whole_addresses_and_who_comes_first(told: dict[str, Any]) -> None:
    nothing = {"emails": [], "fax": None, "copy": False}
    assert told["targets"] == [
        {
            "name": "Zhang Rui",
            "role": "Director of Guangzhou Public Security Bureau",
            "address": [
                "Guangzhou Public Security Bureau",
                "No. 200, Qiyi Road",
                "Guangzhou",
                "Guangdong Sheng, 510030",
                "People's Republic of China",
            ],
            "salutation": "Dear Director Zhang Rui",
            "priority": 1,
            "reason": "the urgency of Huang and Wang's health",
            **nothing,
        },
        {
            "name": "Zhang Jian",
            "role": "Chief Procurator",
            "address": [
                "Guangzhou City People's Procuratorate",
                "No. 66, Huangpu Dadao Xi",
                "Guangzhou",
                "Guangdong Sheng, 510600",
                "People's Republic of China",
            ],
            "salutation": "Dear Chief Procurator Zhang Jian",
            "priority": None,
            "reason": None,
            **nothing,
        },
    ]


def test_the_reason_for_the_priority_is_their_health(draft: Draft) -> None:
    first, second = (target.reason for target in draft.targets)
    assert first is not None
    assert "health" in first.value
    assert second is None


def test_the_three_asks_are_the_model_letter_s(told: dict[str, Any], lines: list[str]) -> None:
    assert told["asks"] == [line.rstrip(";.") for line in lines[30:33]]


def test_every_dated_event_is_found_and_none_is_invented(
    told: dict[str, Any], lines: list[str]
) -> None:
    dates = [event["date"] for event in told["events"]]
    assert set(dates) == {"2021-09-19", "2022", "2023-09", "2024-06-14"}
    words = set(re.findall(r"\w+", " ".join(lines)))
    assert [
        event for event in told["events"] if not set(re.findall(r"\w+", event["about"])) <= words
    ] == []


# Labels are in front of these; the rest stands in a place of its own or is told in a text.
LINES = {
    "title": (3, "layout"),
    "issued_on": (17, "label"),
    "deadline": (63, "label"),
    "people[0].name": (67, "label"),
    "people[1].pronouns": (67, "label"),
    "targets[0].name": (11, "layout"),
    "targets[0].role": (11, "layout"),
    "targets[0].address[4]": (13, "layout"),
    "targets[1].name": (15, "layout"),
    "targets[1].address[0]": (19, "layout"),
    "targets[0].priority": (57, "prose"),
    "languages[1]": (59, "label"),
    "previous_url": (69, "label"),
    "asks[2]": (33, "layout"),
}


def test_every_fact_says_where_it_stands(told: dict[str, Any]) -> None:
    found = {field: told["provenance"][field] for field in LINES}
    assert {field: (place["lines"][0], place["how"]) for field, place in found.items()} == LINES
    assert not any(place["inferred"] for place in told["provenance"].values())
    assert {place["page"] for place in told["provenance"].values()} == {None}


# The case made of it --------------------------------------------------------------------------

HELD = f"""
[[events]]
kind = "detention"
date = 2021-09-19
people = ["{HUANG}", "{WANG}"]
event = "In detention since the arrest; no release is reported"
source = "Urgent Action of 9 September 2024"

[[events]]
kind = "incommunicado"
date = 2021-09-19
until = "at least 2022-02-19"
people = ["{HUANG}", "{WANG}"]
event = "Held incommunicado for more than five months"
source = "Urgent Action of 9 September 2024"
"""

# What a person answers: what stands in the draft, and what they write there.
ANSWERS = [
    # Proposed.
    (r'^slug = "huang-xueqin-wang-jianbing"', 'slug = "huang-wang"\ncountry = "China"'),
    (r'^slug = "huang-xueqin-wang-jianbing-2024-09"', 'slug = "huang-wang-2024-09"'),
    # Asked: the institution, the second priority, the reason in words of one's own.
    (
        r'^role = "Chief Procurator"',
        'institution = "Guangzhou City People\'s Procuratorate"\nrole = "Chief Procurator"',
    ),
    (r'^name = "Zhang Jian"  # as above', 'name = "Zhang Jian"\npriority = 2'),
    (r"^reason = .*", 'reason = "Their health is urgent: letters to him come first."'),
    # Known to a person: the name is also written without its gap.
    (r'^    "王 建兵"', '    "王建兵", "王 建兵"'),
    # Asked: whom it concerns, where the sentence names nobody.
    (
        r'^date = "2023-09"',
        f'people = ["{HUANG}", "{WANG}"]\ndate = "2023-09"',
    ),
    # Asked: what came of the arrest.
    (r"^\[\[urgent_actions\]\]", f"{HELD}\n[[urgent_actions]]"),
]

ASKED = [
    "slug: it is proposed",
    "country: ",
    "targets[2].institution: ",
    "an arrest alone counts no time in detention. Was Huang Xueqin held",
    "an arrest alone counts no time in detention. Was Wang Jianbing held",
    "events[3].people: whom does it concern?",
    "what else happened",
    "urgent_actions[1].targets[1].reason: ",
    "urgent_actions[1].targets[2].priority: ",
]


def mended(text: str) -> str:
    for stands, answer in ANSWERS:
        text, times = re.subn(stands, lambda _, answer=answer: answer, text, flags=re.MULTILINE)
        assert times == 1, f"{stands} stands {times} times in the draft"
    return text


@pytest.fixture(scope="module")
def stored(
    draft: Draft, sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CaseFile]:
    """The case as the database has it, once the mended draft is added."""
    folder = tmp_path_factory.mktemp("mended")
    file = folder / "huang-wang.toml"
    file.write_text(mended(case_file_text(draft)), encoding="utf-8")
    with sqlite_databases.fresh() as url:
        settings.use(settings.load({"TRACKER_DATA_DIR": str(folder), "TRACKER_DATABASE_URL": url}))
        assert printed("case", "add", file) == "huang-wang: added\n"
        with database.reading() as db:
            case = cases.case_named(db, members.operator(db), "huang-wang")
            yield cases.as_file(case)
        settings.use(None)


@pytest.fixture(scope="module")
def shipped() -> CaseFile:
    return case_files.read(FILE)


def test_a_person_is_asked_for_what_they_mend(draft: Draft) -> None:
    questions = [line for line in case_file_text(draft).splitlines() if line.startswith("# ? ")]
    assert [
        beginning for beginning in ASKED if not any(beginning in question for question in questions)
    ] == []


def test_the_mended_draft_is_the_shipped_case(stored: CaseFile, shipped: CaseFile) -> None:
    assert (stored.slug, stored.title, stored.country, stored.fictional) == (
        shipped.slug, shipped.title, shipped.country, shipped.fictional,
    )  # fmt: skip
    assert [
        (person.name, sorted(person.other_names), person.pronouns) for person in stored.people
    ] == [(person.name, sorted(person.other_names), person.pronouns) for person in shipped.people]
    assert stored.targets == shipped.targets


def of_the_action(case: CaseFile) -> ActionInFile:
    """Return the urgent action without what is told in the words of whoever wrote the file."""
    (action,) = case.urgent_actions
    untold = {"title": "", "asks": (), "source": "", "after_deadline": "", "target_advice": ""}
    return action.model_copy(update=untold)


def test_its_urgent_action_is_the_shipped_one(stored: CaseFile, shipped: CaseFile) -> None:
    assert of_the_action(stored) == of_the_action(shipped)
    (action,) = stored.urgent_actions
    assert [ask.split()[0] for ask in action.asks] == ["Release", "Pending", "Stop"]
    assert len(shipped.urgent_actions[0].asks) == 3


def dated(case: CaseFile) -> set[tuple[EventKind, str, Precision, str]]:
    """Return what has happened to each person on a date that the document prints for it.

    Both were sentenced on one day: one event, or one each. The shipped case's other events on a day
    are reckoned: it begins them with the arrest, or has them a day after it.
    """
    printed_for = {Precision.DAY, Precision.MONTH, Precision.YEAR}
    return {
        (event.kind, str(event.date.day), event.date.precision, person)
        for event in case.events
        for person in event.people
        if event.date.precision in printed_for and event.kind is not EventKind.OTHER
    }


def test_its_dated_events_are_the_shipped_ones(stored: CaseFile, shipped: CaseFile) -> None:
    assert dated(stored) == dated(shipped)
    assert [event.event for event in stored.events if event.kind is EventKind.OTHER] == []


def test_its_sources_name_the_document(stored: CaseFile) -> None:
    assert {event.source for event in stored.events} == {"Urgent Action of 9 September 2024"}
    assert stored.urgent_actions[0].source == "Urgent Action of 9 September 2024"
