"""Whatever stands in a file: it is a case that the databases hold, or it is refused plainly."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests import factories
from tracker import case_files, cases, database, members
from tracker.case_files import CaseFile, CaseFileError
from tracker.settings import Settings, case_files_dir

SHIPPED = case_files_dir() / "huang-wang.toml"

# What pydantic would say, and what we say where we have no words of our own: none of it may reach a
# case lead.
JARGON = (
    "input should", "a valid", "type=", "pydantic", "extra inputs", "field required",
    "is not what belongs here",
)  # fmt: skip

PLAIN = (
    st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates() | st.datetimes()
)
VALUES = (
    PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=5), PLAIN, max_size=3)
)


def read_or_refused(content: bytes, folder: Path) -> CaseFile | None:
    """Return what a file with that content says, or None where it is refused as it should be."""
    file = folder / "damaged.toml"
    file.write_bytes(content)
    try:
        return case_files.read(file)
    except CaseFileError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        assert problem == problem.strip() != ""
        assert "\n" not in problem
        assert not [words for words in JARGON if words in problem.lower()]
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@given(data=st.data())
def test_changed_bytes_raise_nothing_but_a_refusal(folder: Path, data: st.DataObject) -> None:
    content = bytearray(SHIPPED.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(content), folder)


@given(data=st.data())
def test_lost_and_doubled_lines_raise_nothing_but_a_refusal(
    folder: Path, data: st.DataObject
) -> None:
    lines = SHIPPED.read_bytes().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + 1] = data.draw(st.sampled_from([[], [lines[place]] * 2]))
    read_or_refused(b"".join(lines), folder)


@settings(max_examples=60)
@given(data=st.data())
def test_any_value_under_any_key_raises_nothing_but_a_refusal(
    folder: Path, data: st.DataObject
) -> None:
    told = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        table: Any = told
        while True:
            key = data.draw(
                st.sampled_from(sorted(table) if isinstance(table, dict) else range(len(table)))
            )
            if not (isinstance(table[key], dict | list) and table[key]) or data.draw(st.booleans()):
                break
            table = table[key]
        table[key] = data.draw(VALUES)
    read_or_refused(tomlkit.dumps(told).encode(), folder)


COUNTS = st.integers(3, case_files.MOST_LETTERS)
DAYS = st.dates(date(case_files.FIRST_YEAR, 1, 1), date(case_files.LAST_YEAR, 12, 31))
LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"])
WORDS = st.text(LETTERS, min_size=1, max_size=40)


@st.composite
def cases_told(draw: st.DrawFn) -> dict[str, Any]:
    """Return what a case file may say, with anything at all in some of its places."""
    told: dict[str, Any] = tomllib.loads(factories.CASE_TEXT)
    action = told["urgent_actions"][0]
    told["slug"] = draw(st.from_regex(r"[a-z0-9]{1,75}(-[a-z0-9]+)?", fullmatch=True))
    told["title"] = told["people"][1]["pronouns"] = draw(WORDS)
    told["people"][0]["other_names"] = told["targets"][0]["address"] = [draw(WORDS)]
    told["summary"] = action["targets"][0]["reason"] = draw(
        st.text(LETTERS | st.sampled_from(" \n\t"))
    )
    action["number"], action["index"] = draw(WORDS), draw(WORDS)
    action["goal"], action["targets"][0]["priority"] = draw(st.tuples(COUNTS, COUNTS))
    action["issued_on"] = told["events"][0]["date"] = draw(DAYS)
    del action["deadline"]
    return told


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(told=cases_told())
def test_what_the_reader_accepts_both_databases_hold_and_give_back(
    tracker_settings: Settings, told: dict[str, Any]
) -> None:
    try:
        file = case_files.parse(tomlkit.dumps(told), "fictional.toml")
    except CaseFileError:
        reject()
    with database.writing() as db:
        asker = members.operator(db)
        cases.add(db, asker, file, "fictional.toml", now=factories.NOW)
        db.expire_all()
        assert cases.as_file(cases.case_named(db, asker, file.slug)) == file
        db.rollback()
