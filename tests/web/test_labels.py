"""What codes are called on screen: every code has its own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests import factories
from tests.pages.window import plain
from tracker import database
from tracker.accounts import AccountProblem
from tracker.members import Asker
from tracker.models import Channel, LetterStatus, Target, UrgentAction
from tracker.rules import LateRule, Refusal
from tracker.web import labels


@pytest.mark.parametrize(
    ("codes", "label"), [(Channel, labels.channel), (LetterStatus, labels.status)]
)
def test_every_code_has_words_of_its_own(codes: type[StrEnum], label: Callable[[Any], str]):
    words = [label(code) for code in codes]
    assert all(words)
    assert len(set(words)) == len(words)


def test_every_problem_with_an_account_has_a_sentence():
    sentences = [labels.account_problem(problem) for problem in AccountProblem]
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)


def test_every_refusal_has_a_sentence_of_its_own(tracker_settings):
    with database.writing() as db:
        action = factories.action(db)
        asker = factories.asker(db)
    sentences = [labels.refusal(reason, action, asker) for reason in Refusal]
    assert len(set(sentences)) == len(list(Refusal))
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)


def test_a_letter_that_is_too_late_is_told_what_the_section_does(tracker_settings):
    with database.writing() as db:
        action = factories.action(db)
        asker = factories.asker(db)
    told = {}
    for rule in LateRule:
        for until in (None, date(2025, 7, 31)):
            of = replace(asker, late_rule=rule, late_until=until)
            told[rule, until] = labels.refusal(Refusal.TOO_LATE, action, of)
    assert told.pop((LateRule.ACCEPT, date(2025, 7, 31))) == (
        "The deadline was 30 June 2025, and your section took later letters until 31 July 2025."
    )
    assert set(told.values()) == {
        "The deadline was 30 June 2025, and your section takes no later letters."
    }


def test_a_refusal_without_a_deadline_is_still_a_sentence():
    action = UrgentAction(issued_on=date(2025, 2, 3), deadline=None)
    nobody = Asker(None, "", None, "", None, "", "UTC")
    assert all(labels.refusal(reason, action, nobody) for reason in Refusal)


def test_a_target_is_named_with_what_is_known_of_the_office():
    def called(role: str, institution: str) -> str:
        return labels.target(Target(name="Ms *N*", role=role, institution=institution))

    assert called("Judge", "Court") == r"Ms \*N\*, Judge, Court"
    assert called("", "Court") == r"Ms \*N\*, Court"
    assert called("Judge", "") == r"Ms \*N\*, Judge"
    assert called("", "") == r"Ms \*N\*"


# Pieces that mean something to Markdown, between some that do not.
pieces = st.lists(
    st.sampled_from(
        [
            *"*_`[]()<>#+-.!|~$:&;\\{}=1a ",
            "\n",
            "&lt;",
            "&#65;",
            ":red[",
            "**",
            "```",
            "http://",
            "---",
        ]
    ),
    max_size=12,
).map("".join)


@given(pieces)
def test_markdown_shows_text_as_it_is(text):
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = "\n".join(line for line in lines if line)
    shown, kinds = read_markdown(labels.plain_markdown(text))
    assert shown.replace("\u2060", "") == text  # what keeps a word between colons from an icon
    assert kinds <= {"paragraph_open", "paragraph_close", "text", "softbreak"}


@given(pieces)
def test_the_tests_of_pages_read_it_back(text):
    assert plain(labels.plain_markdown(text)) == text.replace("  \n", "\n")


def test_ordinary_words_are_left_alone_for_screen_readers():
    for text in ("Dr. O'Neil-Smith (Judge), No. 200, Qiyi Road", "Q&A #3: 5 + 4 = 9!", "黄雪琴"):
        assert labels.plain_markdown(text) == text


def read_markdown(text: str) -> tuple[str, set[str]]:
    """Return what a reader of the Markdown sees, and the kinds of parts it is made of."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    shown, kinds = "", set()
    for part in reader.parse(text):
        for piece in part.children or [part]:
            kinds.add(piece.type)
            shown += "\n" if piece.type == "softbreak" else piece.content
    return shown, kinds
