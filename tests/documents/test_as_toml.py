"""A draft as a case file: every value with its place, what is missing asked for, always TOML."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.drafts import (
    COURT,
    EMBASSY,
    JON,
    MINISTER,
    asked,
    at,
    bare,
    table,
    tide_clerk,
    told,
)
from tracker import case_files
from tracker.case_files import CaseFileError
from tracker.documents.draft import (
    ActionKind,
    Draft,
    DraftPerson,
    DraftTarget,
    How,
    Question,
    Source,
    Value,
)
from tracker.documents.output.as_toml import MOST_OF_A_SENTENCE, case_file_text

FROM_CASE = "proposed from the case's and the month of issue"
WHICH_PLACE = "which place in the order? 1 is written to first, and each needs a place of its own."
ALONE = "an arrest alone counts no time in detention."
NO_YEAR = "; the year is taken from elsewhere in the document"


def by_place(line: int) -> str:
    return f"page 1, line {line}, by its place"


def block(text: str, beginning: str) -> list[str]:
    """Return the lines of the part of a file that has this line, whatever part that is."""
    (found,) = (part for part in text.split("\n\n") if f"\n{beginning}\n" in f"\n{part}\n")
    return found.splitlines()


# The whole file -------------------------------------------------------------------------------


def test_a_draft_begins_with_what_it_is_and_what_to_do_with_it() -> None:
    assert case_file_text(tide_clerk()).splitlines()[:7] == [
        "# A draft, read from tide-clerk.pdf (2019-on, update).",
        "# Hold every line against the document, then answer the questions at the end.",
        "# To add it: tracker case add FILE.toml. How to write one: docs/case-files.md",
        "",
        'slug = "marla-quill-jon-quill"  # proposed from the names',
        'title = "Marla Quill and Jon Quill"  # proposed from the names',
        "",
    ]


def test_every_value_of_a_person_says_where_it_stands() -> None:
    text = case_file_text(tide_clerk())
    assert block(text, 'name = "Marla Quill"  # page 1, line 50, by its label') == [
        "[[people]]",
        'name = "Marla Quill"  # page 1, line 50, by its label',
        "other_names = [",
        '    "Marla Quil",  # page 1, line 6, from the text',
        '    "Марла Квилл",  # page 1, line 7, from the text',
        "]",
        'pronouns = "she/her"  # page 1, line 50, by its label',
    ]


def test_a_target_has_one_e_mail_and_a_remark_for_the_others() -> None:
    text = case_file_text(tide_clerk())
    assert block(text, 'name = "Tobias Nemo"  # page 1, line 11, by its place') == [
        "[[targets]]",
        'name = "Tobias Nemo"  # page 1, line 11, by its place',
        'role = "Minister"  # page 1, line 11, by its place',
        'institution = "Ministry of Tides"  # page 1, line 11, by its place',
        "address = [",
        '    "Ministry of Tides",  # page 1, line 12, by its place',
        '    "1 Ebb Street",  # page 1, line 13, by its place',
        "]",
        'salutation = "Dear Minister"  # page 1, line 16, by its label',
        'email = "minister@tides.example"  # page 1, line 14, by its place',
        "# another e-mail: office@tides.example (page 1, line 14, by its place)",
        'fax = "+00 0000 0001"  # page 1, line 15, by its label',
    ]


def test_who_gets_a_copy_stands_as_a_remark_and_is_no_target() -> None:
    draft = tide_clerk()
    text = case_file_text(draft)
    assert block(text, "# Copies are to go to these; they are no targets.") == [
        "# Copies are to go to these; they are no targets.",
        f"# Ilse Outis; Ambassador; Embassy of Freedonia; fax +00 0000 0002 ({by_place(44)})",
    ]
    assert len(table(draft)["targets"]) == len(table(draft)["urgent_actions"][0]["targets"]) == 2
    assert "Copies" not in case_file_text(replace(draft, targets=(MINISTER, COURT)))


def test_an_event_stands_below_the_sentence_that_tells_it() -> None:
    text = case_file_text(tide_clerk())
    assert block(text, 'event = "was arrested at her office"  # the document\'s words') == [
        "# page 1, line 20: Marla was arrested at her office on 2 May 2024 and tortured.",
        "[[events]]",
        'kind = "arrest"  # proposed from the words',
        "date = 2024-05-02  # page 1, line 20, from the text",
        'people = ["Marla Quill"]  # named in the sentence',
        'event = "was arrested at her office"  # the document\'s words',
        'source = "Urgent Action of 20 January 2025"  # proposed',
    ]


def test_the_urgent_action_has_what_the_document_says_of_it() -> None:
    text = case_file_text(tide_clerk())
    assert block(text, "[[urgent_actions]]") == [
        "[[urgent_actions]]",
        f'slug = "marla-quill-jon-quill-2025-01"  # {FROM_CASE}',
        'title = "IN PRISON FOR A TIMETABLE"  # page 1, line 3, by its place',
        'number = "12/25"  # page 1, line 1, by its label',
        'index = "FRE 01/0012/2025"  # page 1, line 1, by its label',
        "issued_on = 2025-01-20  # page 1, line 1, by its label",
        f"deadline = 2025-04-30  # page 2, lines 40-41, from the text{NO_YEAR}",
        "languages = [",
        '    "en",  # page 1, line 47, by its label',
        "]",
        "own_language = true  # page 1, line 48, from the text",
        "asks = [",
        '    "Set her free",  # page 1, line 31, by its place',
        '    "Let her family visit her",  # page 1, line 32, by its place',
        "]",
        'previous_url = "https://example.org/tide-clerk"  # page 1, line 51, by its label',
        'source = "Urgent Action of 20 January 2025"  # proposed',
    ]


def test_only_a_priority_that_the_document_states_stands_there() -> None:
    text = case_file_text(tide_clerk())
    assert block(text, 'name = "Tobias Nemo"  # as above') == [
        "[[urgent_actions.targets]]",
        'name = "Tobias Nemo"  # as above',
        "priority = 1  # page 1, line 30, from the text",
        'reason = "for the minister can let her go"  # page 1, line 30, from the text',
    ]
    assert block(text, "# name: as above, of the President of the Harbour Court") == [
        "[[urgent_actions.targets]]",
        "# name: as above, of the President of the Harbour Court",
    ]


def test_an_only_target_comes_first() -> None:
    draft = replace(tide_clerk(), targets=(replace(MINISTER, priority=None), EMBASSY))
    assert "priority = 1  # the only target" in case_file_text(draft).splitlines()
    assert not [question for question in asked(draft) if "priority" in question]


def test_what_is_open_is_asked_at_the_end_in_the_order_of_a_case_file() -> None:
    assert asked(tide_clerk()) == [
        "slug: it is proposed, and cannot be changed later. Is it good?",
        "slug: the document follows an earlier one. Does tracker case list show its case?",
        "country: in which country does this happen?",
        "summary: what is the case, in a few sentences of your own?",
        "people[1].description: who is this, in a sentence of your own?",
        "people[2].description: who is this, in a sentence of your own?",
        "targets[2].name: what is the official's name? Only an office is printed.",
        "events[1]: its sentence may tell of another event: ill-treatment. Does it?",
        "events[2].kind: no word tells its kind. Which is it?",
        f"events: {ALONE} Was Marla Quill held, and until when?",
        "events[2].people: whom does it concern?",
        "events: what else happened, without a date or with one that only follows from others?",
        'urgent_actions[1].languages: which code of ISO 639-1 has "Freedonian"?',
        "urgent_actions[1].asks: how do you say them in words of your own?",
        "urgent_actions[1].targets[1].reason: how do you say it in words of your own?",
        f"urgent_actions[1].targets[2].priority: {WHICH_PLACE}",
        'events: which day is "on 3 June" (page 1, line 22)? No year is told for it.',
    ]


def test_what_a_document_does_not_say_is_left_out_and_asked() -> None:
    assert table(bare()) == {"urgent_actions": [{}]}
    assert asked(bare()) == [
        "slug: which short name shall the case have?",
        "title: what shall the case be called?",
        "country: in which country does this happen?",
        "summary: what is the case, in a few sentences of your own?",
        "people: who is at risk? Nobody's name was found.",
        "targets: who is to be written to, and where? Nobody was found.",
        "events: what else happened, without a date or with one that only follows from others?",
        "urgent_actions[1].slug: which short name shall the urgent action have?",
        "urgent_actions[1].title: what is the urgent action called?",
        "urgent_actions[1].issued_on: of which day is the document?",
        "urgent_actions[1].deadline: is there a last day for letters? None is printed.",
        "urgent_actions[1].languages: which languages may letters be in?",
        "urgent_actions[1].asks: what shall letters ask for?",
        "urgent_actions[1].source: which document is this, and of which day?",
    ]


def test_a_draft_that_lacks_nothing_but_what_is_asked_is_a_case_file() -> None:
    arrest, storm, sentence = tide_clerk().events
    storm = replace(storm, sentence="In September 2024 Jon Quill saw a storm.")
    draft = replace(tide_clerk(), targets=(MINISTER,), events=(arrest, storm, sentence))
    file = case_files.parse(case_file_text(draft), "draft.toml")
    assert [person.name for person in file.people] == ["Marla Quill", "Jon Quill"]
    assert [event.kind for event in file.events] == ["arrest", "other", "sentence"]
    assert file.urgent_actions[0].deadline == date(2025, 4, 30)


def test_a_draft_that_is_not_mended_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(CaseFileError) as refusal:
        case_files.parse(case_file_text(tide_clerk()), "draft.toml")
    assert refusal.value.problems == (
        "targets[2].name: is missing",
        "events[2].people: is missing",
        "urgent_actions[1].targets[2].name: is missing",
        "urgent_actions[1].targets[2].priority: is missing",
    )


# Stop actions, questions without words ----------------------------------------------------------


def test_a_stop_action_is_closed_and_is_asked_for_no_deadline_and_no_asks() -> None:
    draft = replace(bare(), kind=at(2, ActionKind.STOP, How.LABEL))
    assert 'status = "closed"  # a stop action: page 1, line 2, by its label' in (
        case_file_text(draft).splitlines()
    )
    assert [question for question in asked(draft) if "deadline" in question] == []
    assert [question for question in asked(draft) if ".asks" in question] == []
    assert asked(draft)[0] == (
        "a stop action asks for no letters. Is the urgent action that it ends here? "
        "Then close that one (tracker case close), and leave this draft."
    )


@pytest.mark.parametrize("held", ["detained", "held incommunicado"])
def test_whoever_was_arrested_and_held_is_not_asked_about_again(held: str) -> None:
    events = (told("2022", "arrested", "Jon was arrested."), told("2022", held, f"Jon was {held}."))
    draft = replace(bare(), people=(JON,), events=events)
    assert [question for question in asked(draft) if "an arrest alone" in question] == []


def test_a_question_about_words_that_are_no_date_asks_what_they_mean() -> None:
    draft = replace(bare(), questions=(Question("targets", "the Emir", at(9, "").source),))
    assert asked(draft)[-1] == 'targets: what is meant by "the Emir" (page 1, line 9)?'


def test_a_question_without_words_names_its_field() -> None:
    draft = replace(bare(), questions=(Question("deadline"),))
    assert asked(draft)[-1] == "deadline: what does the document say?"


def test_a_target_that_nobody_could_write_to_is_asked_about() -> None:
    draft = replace(bare(), targets=(DraftTarget(name=at(3, "Tobias Nemo")),))
    assert "targets[1].address: what is their address, or else their e-mail?" in asked(draft)


# Whatever stands in a document ------------------------------------------------------------------

HOSTILE = [
    'a "quotation" and \\ a backslash',
    "two\nlines\r\nand a third",
    "]]\n[[people]]\nname = 'x'",
    '"""three"""',
    "# no remark",
    "nul\0 escape\x1b delete\x7f next\x85line",
    "lone\ud800surrogate",
    "separated\u2028lines",
]


def filled_with(text: str) -> Draft:
    """Return a draft that has this text wherever a document's words can stand."""
    value = Value(text, Source(1, 2, None, How.PROSE))
    target = DraftTarget(
        value, value, (value, value), value, (value, value), value, at(1, 1), value
    )
    return replace(
        tide_clerk(),
        name=text,
        title=value,
        ua_number=value,
        index=value,
        people=(DraftPerson(value, (value,), value),),
        targets=(target, replace(target, copy=True)),
        languages=(value, at(1, "English")),
        previous_url=value,
        asks=(value,),
        events=(told("2024-05", text, text),),
        questions=(Question(text, text, value.source),),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_draft_is_toml_whatever_its_document_had(text: str) -> None:
    written = case_file_text(filled_with(text))
    found = tomllib.loads(written)
    one_line = " ".join(text.split()).translate(dict.fromkeys([0, 0x1B, 0x7F, 0xD800]))
    assert found["people"] == [{"name": one_line, "other_names": [one_line], "pronouns": one_line}]
    assert [list(target) for target in found["targets"]] == [
        ["name", "role", "address", "salutation", "email", "fax"]
    ]
    assert found["events"][0]["event"] == one_line
    assert found["urgent_actions"][0]["asks"] == [one_line]
    assert written.encode().decode() == written
    # Their number does not hang on what stands in the document.
    assert written.count("\n") == case_file_text(filled_with("x")).count("\n")


@given(st.text(st.characters(exclude_categories=[])))
def test_a_draft_is_toml_with_any_text(text: str) -> None:
    found = tomllib.loads(case_file_text(filled_with(text)))
    assert set(found) <= {"slug", "title", "people", "targets", "events", "urgent_actions"}
    assert len(found["people"]) == len(found["targets"]) == len(found["events"]) == 1


def test_a_long_sentence_is_cut_in_the_remark() -> None:
    events = (told("2024-05-02", "a storm", "A storm came. " + "x" * 5000),)
    text = case_file_text(replace(bare(), events=events))
    assert max(map(len, text.splitlines())) == len("# page 1, line 20: ") + MOST_OF_A_SENTENCE + 2


def test_a_draft_without_people_has_events_without_them() -> None:
    draft = replace(bare(), events=(told("2022", "a storm", "A storm came."),))
    assert table(draft)["events"] == [{"kind": "other", "date": "2022", "event": "a storm"}]
