"""What a draft asks of a person: whatever it would be refused for, and each thing once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.documents.drafts import JON, MARLA, asked, bare, tide_clerk, told
from tests.documents.papers import Paper, papers
from tracker import case_files
from tracker.case_files import CaseFileError
from tracker.documents.draft import ActionKind, How, Question, Source
from tracker.documents.drafting import draft_of
from tracker.documents.files import reading
from tracker.documents.output.as_toml import case_file_text

ALONE = "an arrest alone counts no time in detention."
NO_DAY = "is no day, or can be read in two ways. Which day is it?"


def test_everybody_who_was_arrested_and_not_held_is_asked_about() -> None:
    both = told("2022", "were arrested", "Marla and Jon were arrested.")
    held = told("2022", "was detained", "Marla was detained.")
    draft = replace(bare(), people=(MARLA, JON), events=(both, held))
    assert [question for question in asked(draft) if ALONE in question] == [
        f"events: {ALONE} Was Jon Quill held, and until when?"
    ]
    nobody = told("2022", "was arrested", "A clerk was arrested.")
    assert [q for q in asked(replace(draft, events=(nobody, held))) if ALONE in q] == [
        f"events: {ALONE} Were they held, and until when?"
    ]


def test_events_without_a_source_are_asked_for_it() -> None:
    storm = told("2022", "a storm", "Jon saw a storm.")
    one, two = (replace(bare(), people=(JON,), events=(storm,) * n) for n in (1, 2))
    assert [question for question in asked(one) if "events[1].source" in question] == [
        "events[1].source: which document tells it?"
    ]
    assert "events[1] to [2].source: which document tells it?" in asked(two)
    assert not [question for question in asked(tide_clerk()) if ".source" in question]


@pytest.mark.parametrize("about", ["deadline", "issued_on"])
def test_a_date_that_is_no_day_is_asked_about_once(about: str) -> None:
    source = Source(12, 12, None, How.LABEL)
    draft = replace(bare(), questions=(Question(about, "31 February 2023", source),))
    assert [question for question in asked(draft) if f"{about}: " in question] == [
        f'{about}: "31 February 2023" (line 12) {NO_DAY}'
    ]


# What the questions call otherwise, as docs/documents.md says.
ALSO_CALLED = {
    "urgent_actions[1].targets": "targets",
    "urgent_actions[1].issued_on": "issued_on",
    "urgent_actions[1].deadline": "deadline",
}


def keys_of(question: str) -> list[str]:
    """Return the keys that a question names: one, or one each of a list or a row of events."""
    named = question.partition(": ")[0]
    listed = re.fullmatch(r"events((?:.*\])?)\.(\w+)", named)
    if listed is None:
        office = re.fullmatch(r"targets\[\d+\]\.name", named)
        return [named, f"urgent_actions[1].{named}"] if office else [named]
    numbers = [int(number) for number in re.findall(r"\d+", listed[1])]
    row = range(numbers[0], numbers[-1] + 1) if " to " in named else numbers
    return [f"events[{number}].{listed[2]}" for number in row]


@pytest.mark.parametrize("paper", papers(), ids=lambda paper: paper.name)
def test_whatever_a_draft_is_refused_for_it_asks(paper: Paper) -> None:
    draft = draft_of(reading.read(paper.path.read_bytes(), paper.path.name))
    try:
        case_files.parse(case_file_text(draft), "draft.toml")
        problems: tuple[str, ...] = ()
    except CaseFileError as refusal:
        problems = refusal.problems
    named = {key for question in asked(draft) for key in keys_of(question)}
    if draft.kind.value is ActionKind.STOP:
        # Of these it is said that the draft is to be left.
        assert asked(draft)[0].startswith("a stop action asks for no letters.")
        named.add("urgent_actions[1].asks")
    keys = [problem.partition(": ")[0] for problem in problems]
    assert [key for key in keys if key not in named and ALSO_CALLED.get(key) not in named] == []
