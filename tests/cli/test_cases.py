"""`tracker case …`: adding a case file, or refusing it whole; listing and showing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import factories
from tests.commands import printed, refused, rows
from tracker import database, settings

LAND = "Freedonia (fictional)"


def case_file(folder: Path, *changes: tuple[str, str]) -> Path:
    file = folder / "lighthouse.toml"
    file.write_text(factories.case_text(*changes), encoding="utf-8")
    return file


def test_a_case_is_added_once(tracker_settings: settings.Settings, tmp_path: Path) -> None:
    file = case_file(tmp_path)
    assert printed("case", "add", file) == "lighthouse: added\n"
    before = rows(tracker_settings.database_url)
    assert printed("case", "add", file) == "lighthouse: already here, nothing changed\n"
    assert rows(tracker_settings.database_url) == before


def test_a_case_s_first_file_makes_the_database(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert printed("case", "add", case_file(tmp_path)) == "lighthouse: added\n"
    assert printed("case", "list").startswith("lighthouse  ")


def test_a_mistake_in_a_case_file_is_told_in_one_line(
    tracker_settings: settings.Settings, tmp_path: Path
) -> None:
    before = rows(tracker_settings.database_url)
    file = case_file(tmp_path, ("deadline = 2025-06-30", "deadline = 2025-01-30"))
    assert refused("case", "add", file) == (
        "lighthouse.toml: urgent_actions[1].deadline: comes before issued_on"
    )
    assert rows(tracker_settings.database_url) == before


def test_several_mistakes_in_a_case_file_stand_in_a_line_each(
    tracker_settings: settings.Settings, tmp_path: Path
) -> None:
    before = rows(tracker_settings.database_url)
    file = case_file(
        tmp_path, ('languages = ["en", "fr"]', 'languages = ["en", "xx"]'), ('kind = "trial"', "")
    )
    problems = (
        "lighthouse.toml: events[2].kind: is missing\n"
        "lighthouse.toml: urgent_actions[1].languages[2]: unknown language 'xx': "
        "a code of ISO 639-1 is needed, such as en or zh\n"
    )
    assert refused("case", "add", file, printing=problems) == (
        "lighthouse.toml has 2 mistakes, and nothing was changed"
    )
    assert rows(tracker_settings.database_url) == before


def test_a_case_that_is_here_and_differs_stays_as_it_was(
    tracker_settings: settings.Settings, tmp_path: Path
) -> None:
    printed("case", "add", case_file(tmp_path))
    before = rows(tracker_settings.database_url)
    file = case_file(tmp_path, ('email = "judge@nowhere.example"', ""))
    assert refused("case", "add", file) == (
        "lighthouse.toml: case lighthouse is already here and differs in targets"
    )
    assert rows(tracker_settings.database_url) == before


def test_a_case_file_that_is_refused_makes_no_database(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.toml"
    assert refused("case", "add", missing) == (
        "missing.toml: cannot be read: No such file or directory"
    )
    refused("case", "add", case_file(tmp_path, ('slug = "lighthouse"\n', "")))
    assert [path.name for path in tmp_path.iterdir()] == ["lighthouse.toml"]


def test_cases_are_listed_with_what_names_their_urgent_actions(
    tracker_settings: settings.Settings,
) -> None:
    assert printed("case", "list") == ""
    numbered = (
        ('slug = "lighthouse"', 'slug = "windmill"'),
        ('slug = "lighthouse-2025-02"', 'slug = "windmill-2025-02"\nnumber = "7/25"'),
        ("deadline = 2025-06-30\n", ""),
        ('name = "Perla Invent"', 'name = "Mira Making"'),
        ('other_names = ["Pérla Ïnvent", "Перла Инвент"]\n', ""),
        ('"Perla Invent"]', '"Mira Making"]'),
        ('"Perla Invent"]', '"Mira Making"]'),
    )
    with database.writing() as db:
        factories.case(db)
        factories.case(db, factories.case_text(*numbered))
    lighthouse = (
        "lighthouse  Perla Invent and Odo Figment\n"
        "  lighthouse-2025-02  2025-02-03  2025-06-30  open\n"
    )
    assert printed("case", "list") == lighthouse + (
        "windmill  Perla Invent and Odo Figment\n  7/25  2025-02-03  no deadline  open\n"
    )
    assert printed("case", "list", "--person", "перла") == lighthouse
    assert printed("case", "list", "--person", "Nobody") == ""


def test_a_case_is_shown_with_each_date_as_far_as_it_is_known(
    tracker_settings: settings.Settings,
) -> None:
    with database.writing() as db:
        factories.case(db)
    assert printed("case", "show", "lighthouse").splitlines() == [
        f"Perla Invent and Odo Figment ({LAND})",
        "person  Perla Invent, Pérla Ïnvent, Перла Инвент  she/her",
        "person  Odo Figment  they/them",
        f"target  Nadie Nessuno  Minister  Ministry of Nothing, 1 Nowhere Square, {LAND}",
        f"target  Ingen Keiner  Judge  Court of Nowhere, 2 Nowhere Square, {LAND}",
        "action  lighthouse-2025-02  2025-02-03  2025-06-30",
        "event   2024-05-02  day     Locked up in the harbour",
        "event   2024-11     month   Tried behind closed doors",
    ]
    assert refused("case", "show", "windmill") == "no case is called windmill"
