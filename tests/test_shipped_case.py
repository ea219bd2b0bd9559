"""The case that ships with the program, held against the Urgent Action that it was taken from.

The document lies beside the checkout and never in it: facts carry over, sentences do not.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from pathlib import Path

import pytest

from tracker import case_files
from tracker.case_files import ActionInFile, CaseFile, EventInFile
from tracker.models import ActionStatus, EventKind
from tracker.rules import Precision
from tracker.settings import case_files_dir

FILE = case_files_dir() / "huang-wang.toml"
SEEDS = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"
HUANG, WANG = "Huang Xueqin", "Wang Jianbing"
MONTHS = calendar.month_name
RUN = 8
"""So many words in a row are a sentence of the document's, not a fact."""


@pytest.fixture(scope="module")
def document() -> str:
    """The document's text: one space between words, without marks of layout."""
    files = sorted(SEEDS.glob("*.txt"))
    if not files:
        pytest.skip(f"the document is not here: no text in {SEEDS.parent.name}/{SEEDS.name}")
    text = files[0].read_text(encoding="utf-8")
    return " ".join(re.sub(r"^#+ |^[>\s]+|\*\*|</?u>", "", text, flags=re.MULTILINE).split())


@pytest.fixture(scope="module")
def shipped() -> CaseFile:
    return case_files.read(FILE)


@pytest.fixture(scope="module")
def action(shipped: CaseFile) -> ActionInFile:
    (only,) = shipped.urgent_actions
    return only


def in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def after(label: str, document: str) -> str:
    """Return what stands behind a label of the document, up to the next label or the end."""
    found = re.search(
        re.escape(label) + r"\s*(.*?)(?=\s*(?:[A-Z]{2,} [A-Z :]+:|Please |You |$))", document
    )
    assert found, f"the document has no {label!r}"
    return found[1]


# People ---------------------------------------------------------------------------------------


def test_its_people_are_the_document_s_with_their_pronouns(
    shipped: CaseFile, document: str
) -> None:
    told = [(person.name, person.pronouns) for person in shipped.people]
    assert ", ".join(f"{name} ({pronouns})" for name, pronouns in told) == after(
        "NAME AND PREFERRED PRONOUN:", document
    )
    assert told == [(HUANG, "She/her"), (WANG, "He/Him")]


def test_its_people_have_every_name_that_the_document_gives_them(
    shipped: CaseFile, document: str
) -> None:
    names = {person.name: {person.name, *person.other_names} for person in shipped.people}
    assert names == {
        HUANG: {"Huang Xueqin", "Sophia Huang Xueqin", "黄雪琴"},
        WANG: {"Wang Jianbing", "Wang Jiangbing", "王建兵", "王 建兵"},
    }
    # The document prints each of them, but for the one that closes a gap between two characters.
    printed = set.union(*names.values()) - {"王建兵"}
    assert [name for name in sorted(printed) if name not in document] == []
    in_characters = set(re.findall(r"\(([\u4e00-\u9fff ]+)\)", document))
    assert in_characters == {"黄雪琴", "王 建兵", "煽动颠覆国家政权"}


def test_it_says_who_they_are(shipped: CaseFile) -> None:
    huang, wang = (person.description for person in shipped.people)
    assert "ournalist" in huang
    assert "#MeToo" in huang
    assert "abour activist" in wang
    assert "disabilities" in wang
    assert "occupational diseases" in wang
    assert "#MeToo" in wang


# Targets --------------------------------------------------------------------------------------


def test_its_targets_have_the_document_s_roles_and_whole_addresses_in_order(
    shipped: CaseFile, document: str
) -> None:
    told = [(target.name, target.role, target.address) for target in shipped.targets]
    assert told == [
        (
            "Zhang Rui",
            "Director",
            (
                "Guangzhou Public Security Bureau",
                "No. 200, Qiyi Road",
                "Guangzhou",
                "Guangdong Sheng, 510030",
                "People's Republic of China",
            ),
        ),
        (
            "Zhang Jian",
            "Chief Procurator",
            (
                "Guangzhou City People's Procuratorate",
                "No. 66, Huangpu Dadao Xi",
                "Guangzhou",
                "Guangdong Sheng, 510600",
                "People's Republic of China",
            ),
        ),
    ]
    for target in shipped.targets:
        institution, street, city, province, country = target.address
        assert target.institution == institution
        assert f"{institution} {street}, {city}, {province} {country}" in document
        assert f"{target.role} {target.name} ({target.institution})" in document
        assert (target.email, target.fax) == (None, None)
    assert "@" not in document


def test_its_salutations_are_the_model_letter_s(shipped: CaseFile, document: str) -> None:
    greetings = [target.salutation.removeprefix("Dear ") for target in shipped.targets]
    assert f"Dear {' / '.join(greetings)}," in document


def test_zhang_rui_comes_first_because_their_health_is_urgent(
    action: ActionInFile, document: str
) -> None:
    assert [(target.name, target.priority) for target in action.targets] == [
        ("Zhang Rui", 1),
        ("Zhang Jian", 2),
    ]
    assert re.search(r"urgency of [^.]+ health, letters to Director Zhang Rui", document)
    assert "health is urgent" in action.targets[0].reason
    assert action.targets[1].reason == ""


# The urgent action ----------------------------------------------------------------------------


def test_its_deadline_and_issue_date_are_the_document_s(
    action: ActionInFile, document: str
) -> None:
    assert action.deadline == date(2025, 3, 18)
    assert action.issued_on == date(2024, 9, 9)
    assert after("AS SOON AS POSSIBLE UNTIL:", document) == in_words(action.deadline)
    assert set(re.findall(r"Date: (\d+ \w+ \d{4})", document)) == {in_words(action.issued_on)}


def test_its_languages_are_the_document_s_and_one_s_own_is_allowed(
    action: ActionInFile, document: str
) -> None:
    assert action.languages == ("en", "zh")
    assert after("PREFERRED LANGUAGE TO ADDRESS TARGET:", document) == "English or Chinese"
    assert action.own_language
    assert "write in your own language" in document


def test_it_says_to_ask_the_section_s_office_after_the_deadline(
    action: ActionInFile, document: str
) -> None:
    assert "the Amnesty office in your country" in document
    assert "section's office" in action.after_deadline


def test_it_has_the_previous_urgent_action_s_address(action: ActionInFile, document: str) -> None:
    assert action.previous_url == "https://www.amnesty.org/en/documents/asa17/5628/2022/en/"
    assert f"LINK TO PREVIOUS UA: {action.previous_url}" in document


def test_it_asks_for_the_document_s_three_things(action: ActionInFile, document: str) -> None:
    letter = document[
        document.index("Therefore, I urge you to:") : document.index("Yours sincerely")
    ]
    assert len(re.findall(r" - ", letter)) == len(action.asks) == 3
    release, care, others = action.asks
    assert all(word in release for word in ("Sophia Huang Xueqin", "Wang Jianbing", "conditions"))
    assert all(word in care for word in ("medical care", "check-ups", "professionals", "tortures"))
    assert all(word in others for word in ("harassing", "arresting", "threatening", "association"))


def test_it_advises_a_letter_to_each_target_or_to_the_one_that_fits(action: ActionInFile) -> None:
    assert "each of the two targets separately" in action.target_advice
    assert "choose the one" in action.target_advice


def test_what_the_document_does_not_say_is_left_out(action: ActionInFile, document: str) -> None:
    assert (action.number, action.index, action.goal) == (None, None, None)
    assert [target.goal for target in action.targets] == [None, None]
    assert not re.search(r"\bUA:? ?\d|ASA \d|\bIndex\b", document)


def test_it_is_open_and_real(shipped: CaseFile, action: ActionInFile) -> None:
    assert action.status is ActionStatus.OPEN
    assert not shipped.fictional
    assert shipped.country == "China"


# Events ---------------------------------------------------------------------------------------

BOTH = frozenset({HUANG, WANG})
ARREST, ISSUED = date(2021, 9, 19), date(2024, 9, 9)
SENTENCE = date(2024, 6, 14)

# What happened: kind, date, precision, end, whom it concerns, and words that say what it was.
EVENTS: list[tuple[EventKind, date | None, Precision, str, frozenset[str], tuple[str, ...]]] = [
    (EventKind.ARREST, ARREST, Precision.DAY, "", BOTH, ("Guangzhou",)),
    (EventKind.DETENTION, ARREST, Precision.DAY, "", BOTH, ("no release",)),
    (EventKind.INCOMMUNICADO, ARREST, Precision.DAY, "at least 2022-02-19", BOTH, ("five months",)),
    (EventKind.OTHER, ARREST, Precision.DAY, "at least 2024-09-09", BOTH, ("families",)),
    (EventKind.OTHER, date(2021, 9, 20), Precision.DAY, "", frozenset({HUANG}),
     ("United Kingdom", "master's degree", "planned")),
    (EventKind.OPINION, date(2022, 1, 1), Precision.YEAR, "", frozenset({WANG}),
     ("Working Group on Arbitrary Detention", "arbitrary")),
    (EventKind.OPINION, ISSUED, Precision.BEFORE, "", BOTH,
     ("Working Group", "abolish", "international standards")),
    (EventKind.STATEMENT, date(2023, 9, 1), Precision.MONTH, "", BOTH, ("joint statement",)),
    (EventKind.HEALTH, SENTENCE, Precision.BEFORE, "", frozenset({HUANG}),
     ("weight", "amenorrhoea")),
    (EventKind.SENTENCE, SENTENCE, Precision.DAY, "", frozenset({HUANG}),
     ("5 years", "Guangzhou Intermediate Court", "煽动颠覆国家政权")),
    (EventKind.SENTENCE, SENTENCE, Precision.DAY, "", frozenset({WANG}),
     ("3 years and 6 months", "Guangzhou Intermediate Court", "煽动颠覆国家政权")),
    (EventKind.APPEAL, ISSUED, Precision.BEFORE, "", BOTH, ("Guangdong High Court",)),
    (EventKind.ILL_TREATMENT, ISSUED, Precision.BEFORE, "", BOTH, ("reported", "health")),
    (EventKind.HEALTH, ISSUED, Precision.BEFORE, "", BOTH, ("medical care",)),
    (EventKind.HEALTH, ISSUED, Precision.BEFORE, "", frozenset({WANG}),
     ("mitral valve", "left ventricle", "arrhythmia", "chest", "diarrhoea", "worse")),
    (EventKind.HEALTH, ISSUED, Precision.BEFORE, "", frozenset({WANG}),
     ("detention centre", "medicine", "philosophy")),
    (EventKind.OTHER, ISSUED, Precision.BEFORE, "", frozenset({HUANG}), ("lawyer", "the state")),
    (EventKind.OTHER, ISSUED, Precision.BEFORE, "", BOTH, ("friends", "homes", "devices")),
    (EventKind.HEALTH, None, Precision.NONE, "", frozenset({WANG}),
     ("solitary confinement", "digestion", "interrogations")),
]  # fmt: skip


def end_of(event: EventInFile) -> str:
    if event.until is None:
        return ""
    return f"{'at least ' if event.until.at_least else ''}{event.until.day.isoformat()}"


def test_its_events_are_the_document_s_with_dates_no_more_precise(shipped: CaseFile) -> None:
    told = [
        (event.kind, event.date.day, event.date.precision, end_of(event), event.people)
        for event in shipped.events
    ]
    assert told == [event[:5] for event in EVENTS]


def test_each_event_says_what_happened(shipped: CaseFile) -> None:
    missing = [
        (event.event, word)
        for event, expected in zip(shipped.events, EVENTS, strict=True)
        for word in expected[5]
        if word not in event.event
    ]
    assert missing == []


def test_the_document_has_every_date_as_precisely_as_the_events(
    shipped: CaseFile, document: str
) -> None:
    # Five months after the arrest at the earliest; still so when the document was issued.
    ends = {date(2022, 2, 19), date(2024, 9, 9)}
    # She was arrested the day before she wanted to leave.
    reckoned = date(2021, 9, 20)
    for event in shipped.events:
        day, precision = event.date.day, event.date.precision
        assert event.until is None or (event.until.at_least and event.until.day in ends)
        if day is None or day == reckoned:
            continue
        printed = {
            Precision.MONTH: f"in {MONTHS[day.month]} {day.year}",
            Precision.YEAR: f"in {day.year}",
        }
        assert printed.get(precision, in_words(day)) in document
    assert "day before Huang was planning to leave" in document
    assert "incommunicado for more than five months" in document


# Where each part of the document begins and ends.
PARTS = {
    "first paragraph": ("#MeToo activist Sophia", "TAKE ACTION: WRITE"),
    "model letter": ("I am writing to express", "Yours sincerely"),
    "additional information": ("ADDITIONAL INFORMATION", "PREFERRED LANGUAGE"),
}

# How some of the events begin, and what the document says of them in the part that is their source.
SIGNS = {
    "Arrested in Guangzhou": "arrested in Guangzhou",
    "In detention since": "detained in Guangzhou from 19 September 2021",
    "Both have lodged": "formally appealed",
    "Amnesty International has learned": "facing health concerns",
    "Check-ups have found": "arrhythmia",
    "Reported to have been made": "state-appointed lawyer",
    "Reported before the sentence": "amenorrhoea",
    "Lasting trouble": "early solitary confinement",
}


def test_every_event_has_a_source_that_names_the_document_and_its_part(shipped: CaseFile) -> None:
    assert {event.source for event in shipped.events} == {
        f"Urgent Action of 9 September 2024, {part}" for part in PARTS
    }


@pytest.mark.parametrize("beginning", SIGNS)
def test_the_part_that_is_an_event_s_source_tells_of_it(
    shipped: CaseFile, document: str, beginning: str
) -> None:
    (event,) = (event for event in shipped.events if event.event.startswith(beginning))
    first, last = PARTS[event.source.partition(", ")[2]]
    assert SIGNS[beginning] in document[document.index(first) : document.index(last)]


# The words ------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    return [word for word in (re.sub(r"\W", "", part).lower() for part in text.split()) if word]


def runs(text: list[str]) -> set[str]:
    return {" ".join(text[start : start + RUN]) for start in range(len(text) - RUN + 1)}


def test_no_sentence_of_the_document_stands_in_the_file(document: str) -> None:
    # Addresses and names are facts, and facts carry over.
    content = re.sub(r"address = \[.*?\]", "", FILE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert runs(words(content)) & runs(words(document)) == set()


def test_the_search_for_sentences_finds_one(document: str) -> None:
    sentence = document[document.index("Huang Xueqin is a journalist") :][:120]
    assert runs(words(f'summary = """{sentence}"""')) & runs(words(document))
