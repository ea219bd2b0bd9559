"""What a case file may say, and how a file is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests import factories
from tracker import case_files
from tracker.case_files import CaseFileError, RoughDate, SpanEnd
from tracker.models import ActionStatus, EventKind
from tracker.rules import Precision

# Files ----------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError) as caught:
        case_files.read(tmp_path / "missing.toml")
    assert str(caught.value) == "missing.toml: cannot be read: No such file or directory"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError) as caught:
        case_files.read(tmp_path)
    assert caught.value.problems == ("cannot be read: Is a directory",)


def test_a_file_in_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes('# A remark\nslug = "a"\ntitle = "Café"\n'.encode("latin-1"))
    with pytest.raises(CaseFileError) as caught:
        case_files.read(file)
    assert caught.value.problems == ("line 3: is not text in UTF-8",)


@pytest.mark.parametrize("written", ["as it is", "with a byte-order mark", "with CRLF"])
def test_a_file_is_read_however_an_editor_saved_it(tmp_path: Path, written: str) -> None:
    content = factories.CASE_TEXT.encode()
    if written == "with a byte-order mark":
        content = b"\xef\xbb\xbf" + content
    elif written == "with CRLF":
        content = content.replace(b"\n", b"\r\n")
    file = tmp_path / "fictional.toml"
    file.write_bytes(content)
    assert case_files.read(file) == case_files.parse(factories.CASE_TEXT, "fictional.toml")


# What is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2024-11-05", date(2024, 11, 5), Precision.DAY),
        ('"2024-11-05"', date(2024, 11, 5), Precision.DAY),
        ('" 2024-11-05 "', date(2024, 11, 5), Precision.DAY),
        ('"2024-11"', date(2024, 11, 1), Precision.MONTH),
        ('"2024"', date(2024, 1, 1), Precision.YEAR),
        ("2024", date(2024, 1, 1), Precision.YEAR),
        ('"before 2024-11-05"', date(2024, 11, 5), Precision.BEFORE),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(
    written: str, day: date, precision: Precision
) -> None:
    text = factories.case_text(('date = "2024-11"', f"date = {written}"))
    event = case_files.parse(text, "fictional.toml").events[1]
    assert event.date == RoughDate(day=day, precision=precision)


def test_an_event_without_a_date_has_none() -> None:
    text = factories.case_text(('date = "2024-11"\n', ""))
    event = case_files.parse(text, "fictional.toml").events[1]
    assert event.date == RoughDate(day=None, precision=Precision.NONE)


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("2024-11-30", SpanEnd(day=date(2024, 11, 30), at_least=False)),
        ('"2024-11-30"', SpanEnd(day=date(2024, 11, 30), at_least=False)),
        ('"at least 2024-11-30"', SpanEnd(day=date(2024, 11, 30), at_least=True)),
    ],
)
def test_the_end_of_a_span_says_whether_it_is_the_earliest(written: str, end: SpanEnd) -> None:
    text = factories.case_text(('date = "2024-11"', f'date = "2024-11"\nuntil = {written}'))
    assert case_files.parse(text, "fictional.toml").events[1].until == end


def test_a_span_may_end_on_the_day_it_began() -> None:
    text = factories.case_text(("date = 2024-05-02", "date = 2024-05-02\nuntil = 2024-05-02"))
    assert case_files.parse(text, "fictional.toml").events[0].until is not None


def test_the_deadline_may_be_the_issue_date() -> None:
    text = factories.case_text(("deadline = 2025-06-30", "deadline = 2025-02-03"))
    action = case_files.parse(text, "fictional.toml").urgent_actions[0]
    assert action.deadline == action.issued_on


def test_what_a_document_leaves_out_stays_empty() -> None:
    text = factories.case_text(("deadline = 2025-06-30\n", ""))
    action = case_files.parse(text, "fictional.toml").urgent_actions[0]
    assert (action.number, action.index, action.deadline, action.goal, action.previous_url) == (
        None, None, None, None, None,
    )  # fmt: skip
    assert (action.status, action.own_language) == (ActionStatus.OPEN, False)


def test_targets_come_in_the_order_of_their_priority() -> None:
    text = factories.case_text(("priority = 1", "priority = 7"), ("priority = 2", "priority = 3"))
    targets = case_files.parse(text, "fictional.toml").urgent_actions[0].targets
    assert [(target.name, target.priority) for target in targets] == [
        (factories.SECOND_TARGET, 3),
        (factories.FIRST_TARGET, 7),
    ]


def test_a_target_may_have_an_e_mail_alone() -> None:
    text = factories.case_text(
        ('address = ["Court of Nowhere", "2 Nowhere Square", "Freedonia (fictional)"]\n', "")
    )
    assert case_files.parse(text, "fictional.toml").targets[1].address == ()


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_kind_can_be_written(kind: EventKind) -> None:
    text = factories.case_text(('kind = "trial"', f'kind = "{kind.value}"'))
    assert case_files.parse(text, "fictional.toml").events[1].kind is kind
