"""What docs/case-files.md and docs/reports.md tell is whole, and is what the program does."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests import factories
from tests.test_case_file_mistakes import KIND, MISTAKES
from tracker import case_files, reports
from tracker.models import ActionStatus, Channel, EventKind, LetterStatus
from tracker.rules import Precision

DOCS = Path(__file__).resolve().parent.parent / "docs"
CASE_FILES = (DOCS / "case-files.md").read_text(encoding="utf-8")
REPORTS = (DOCS / "reports.md").read_text(encoding="utf-8")

TABLES: dict[str, type[BaseModel]] = {
    "### The case": case_files.CaseFile,
    "### `[[people]]`": case_files.PersonInFile,
    "### `[[targets]]`": case_files.TargetInFile,
    "### `[[events]]`": case_files.EventInFile,
    "### `[[urgent_actions]]`": case_files.ActionInFile,
    "### `[[urgent_actions.targets]]`": case_files.ActionTargetInFile,
}

# Told elsewhere than in the table of mistakes: by the file system, by adding, by the whole file.
OTHER_REASONS = {
    "cannot be read: No such file or directory",
    "line 3: is not text in UTF-8",
    "is empty",
    "people: must be tables that each begin with [[people]]",
    "targets[1]: must be a table with keys",
    "urgent_actions[1].goal: is missing: a target has a goal of its own",
    "urgent_actions[1].goal: is less than the goals of its targets together, 11",
    "case lighthouse is already here and differs in events",
    "urgent_actions: slug lighthouse-2025-02 belongs to another case",
    "urgent_actions: slug tide-clerk-2025-01 stands twice",
}


def part(document: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one."""
    rest = document[document.index(heading) + len(heading) :]
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> dict[str, str]:
    """Return the tables' rows that begin with a code: the code, and what stands beside it."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, flags=re.MULTILINE))


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", CASE_FILES, flags=re.DOTALL)
    assert found
    return found[1]


# Case files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_of_a_case_file_is_described_with_whether_it_must_be_there(heading: str) -> None:
    described = first_cells(part(CASE_FILES, heading))
    fields = TABLES[heading].model_fields
    keys = {key: words for key, words in described.items() if key not in {*EventKind}}
    assert [key for key in keys if key not in DATES] == list(fields)
    must = {key for key in fields if described[key].startswith("yes |")}
    assert must == {key for key, field in fields.items() if field.is_required()}


DATES = {"2024-05-02", '"2024-05"', '"2024"', '"before 2024-05-02"'}


def test_every_way_to_write_a_date_is_described() -> None:
    described = first_cells(part(CASE_FILES, "### `[[events]]`"))
    assert described.keys() >= DATES
    for written in DATES:
        text = factories.case_text(('date = "2024-11"', f"date = {written}"))
        case_files.parse(text, "fictional.toml")


def test_every_event_kind_and_status_is_described() -> None:
    kinds = first_cells(part(CASE_FILES, "### `[[events]]`"))
    assert [kind for kind in kinds if kind in {*EventKind}] == list(EventKind)
    status = first_cells(part(CASE_FILES, "### `[[urgent_actions]]`"))["status"]
    assert [code for code in ActionStatus if f"`{code}`" not in status] == []


def test_the_example_is_a_case_file_with_every_key() -> None:
    file = case_files.parse(example(), "tide-clerk.toml")
    assert file.fictional
    tables: list[BaseModel] = [
        file,
        *file.people,
        *file.targets,
        *file.events,
        *file.urgent_actions,
        *file.urgent_actions[0].targets,
    ]
    for kind in TABLES.values():
        said = {
            key for table in tables if isinstance(table, kind) for key in table.model_fields_set
        }
        assert said == set(kind.model_fields)


def test_every_reason_in_the_list_is_told_just_so() -> None:
    told = {
        problem.replace(KIND, "one of arrest, …")
        for _, _, *problems in MISTAKES.values()
        for problem in problems
    }
    described = set(first_cells(part(CASE_FILES, "## What is refused")))
    assert described - OTHER_REASONS <= told
    assert described >= OTHER_REASONS


def test_every_reason_that_is_told_is_in_the_list() -> None:
    described = first_cells(part(CASE_FILES, "## What is refused"))
    told = [problem for _, _, *problems in MISTAKES.values() for problem in problems]
    missing = {reason(problem) for problem in told} - {reason(problem) for problem in described}
    assert {words for words in missing if not words.startswith("is not TOML")} == set()


def reason(problem: str) -> str:
    """Return a reason without its place, without names and numbers, and without what was found."""
    words = re.sub(r"^(line \d+|'.*?'|[\w.\[\]]+): ", "", problem)
    words = re.sub(r"^(unknown (?:event kind|language|status)) .*", r"\1", words)
    words = re.sub(r"^([A-Z]\w+ )+(\{0\} )?|^\w\w (?=stands)", "", words)
    return re.sub(r"\d+", "0", words)


# Reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "columns"),
    [
        ("letters", reports.LETTERS),
        ("progress", reports.PROGRESS),
        ("timeline", reports.TIMELINE),
    ],
)
def test_every_column_of_a_report_is_described_in_its_order(
    report: str, columns: tuple[str, ...]
) -> None:
    below = part(REPORTS, f"## {report}.csv")
    first_table = below[: below.index("\n\n", below.index("| column |"))]
    described = first_cells(first_table)
    assert tuple(described) == columns
    assert all(len(words) > 10 for words in described.values())


def test_every_report_is_described() -> None:
    assert re.findall(r"^## (\w+)\.csv$", REPORTS, flags=re.MULTILINE) == list(reports.REPORTS)


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("| channel |", Channel),
        ("| status |", LetterStatus),
        ("| precision |", Precision),
        ("| kind |", EventKind),
    ],
)
def test_every_code_of_a_report_is_described(heading: str, codes: type[StrEnum]) -> None:
    table = REPORTS[REPORTS.index(f"\n{heading}") :].lstrip("\n").split("\n\n")[0]
    described = first_cells(table)
    assert list(described) == list(codes)
    assert all(described.values())
