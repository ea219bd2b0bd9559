"""Before the first visitor: tables, the shipped cases, and the lines that are printed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import factories
from tests.web.browser import Browser
from tracker import (
    case_files,
    cases,
    database,
    forgetting,
    invitations,
    letters,
    members,
    sealing,
    settings,
)
from tracker.models import Role
from tracker.settings import Settings
from tracker.web import serving, sessions

ADDRESS = "https://letters.example"
DEMO = "A demonstration: every letter and every volunteer in it is fictional."


@pytest.fixture
def bare(bare_database_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings for a database without any table."""
    chosen = settings.load(
        {"TRACKER_DATA_DIR": str(tmp_path / "data"), "TRACKER_DATABASE_URL": bare_database_url}
    )
    settings.use(chosen)
    yield chosen
    settings.use(None)


def slugs() -> list[str]:
    with database.reading() as db:
        return [case.slug for case in cases.all_cases(db, members.operator(db))]


def links(lines: list[str]) -> list[str]:
    return [line.split(ADDRESS)[1] for line in lines if "/setup/" in line]


def test_an_empty_database_gets_tables_and_the_shipped_cases(bare):
    shipped = [case_files.read(file) for file in sorted(settings.case_files_dir().glob("*.toml"))]
    serving.prepare(ADDRESS)
    assert database.is_at_head()
    assert slugs() == [file.slug for file in shipped]
    assert "huang-wang" in slugs()
    with database.reading() as db:
        operator = members.operator(db)
        stored = [cases.as_file(cases.case_named(db, operator, slug)) for slug in slugs()]
        assert members.count(db) == 0
    assert stored == shipped


def test_one_address_and_one_link_are_printed(bare):
    lines = serving.prepare(ADDRESS)
    assert lines[:2] == [
        "Urgent Action letters: https://letters.example",
        "Set up and sign in (within a day, until you have a passphrase):",
    ]
    assert re.fullmatch(r"https://letters\.example/setup/[\w-]{43}", lines[2])
    assert len(lines) == 3
    assert Browser().get(links(lines)[0]).status == 200


def test_preparing_again_is_harmless(bare):
    first = links(serving.prepare(ADDRESS))
    second = links(serving.prepare(ADDRESS))
    assert slugs() == ["huang-wang"]
    assert len(second) == 1
    assert second != first
    assert Browser().get(first[0]).status == 410
    assert Browser().get(second[0]).status == 200


def test_the_shipped_cases_are_not_added_to_anybodys_own(tracker_settings):
    with database.writing() as db:
        factories.case(db)
    for _ in range(2):
        serving.prepare(ADDRESS)
        assert slugs() == ["lighthouse"]


def test_a_server_that_is_set_up_keeps_everything_and_prints_one_link(tracker_settings):
    with database.writing() as db:
        action = factories.action(db)
        member = factories.asker(db, list(Role))
        logged = factories.log(db, member, action)
    lines = serving.prepare(ADDRESS)
    assert lines[1] == "Set up and sign in (within a day, until you have a passphrase):"
    assert len(links(lines)) == 1
    with database.reading() as db:
        assert members.count(db) == 1
        assert letters.of_entry(db, member, logged[0].entry_id) == logged
    assert "This link signs you in, until" in Browser().get(links(lines)[0]).text


def test_living_sessions_outlast_a_restart(tracker_settings):
    with database.writing() as db:
        factories.case(db)
        token = sessions.begin(db, factories.member(db).id, now=datetime.now(UTC))
    serving.prepare(ADDRESS)
    assert Browser(token).get("/log").status == 200


def test_a_demonstration_prints_a_link_for_each_role(tracker_settings):
    with database.writing() as db:
        factories.case(db)
        by_role = {
            role: factories.member(db, [role], name=f"Fictional {role}").id
            for role in reversed(Role)
        }
        members.mark_demo(db)
        members.keep_demo_members(db, by_role)
    for _ in range(2):
        lines = serving.prepare(ADDRESS)
        assert lines[:3] == [
            "Urgent Action letters: https://letters.example", DEMO, "Sign in, once a start, as"
        ]  # fmt: skip
        said = [re.sub(r"[\w-]{43}$", "TOKEN", line) for line in lines[3:]]
        assert said == [
            "volunteer    https://letters.example/setup/TOKEN",
            "coordinator  https://letters.example/setup/TOKEN",
            "case-lead    https://letters.example/setup/TOKEN",
        ]
        for role, link in zip(Role, links(lines), strict=True):
            browser = Browser()
            assert browser.post(link).status == 303
            member = sessions.member_with(browser.cookies["tracker_session"])
            assert member is not None
            assert (member.member_id, member.roles) == (by_role[role], {role})


def test_the_links_of_a_demonstration_outlast_a_start(tracker_settings):
    now = datetime.now(UTC)
    with database.writing() as db:
        factories.case(db)
        member_id = factories.member(db).id
        members.mark_demo(db)
        members.keep_demo_members(db, {Role.VOLUNTEER: member_id})
        printed_by_the_filling = invitations.new_sign_in_link(db, member_id, now=now)
    serving.prepare(ADDRESS)
    assert Browser().post(f"/setup/{printed_by_the_filling}").status == 303


def test_a_demonstration_gets_no_shipped_case_beside_its_own(tracker_settings):
    with database.writing() as db:
        factories.case(db)
        members.mark_demo(db)
    lines = serving.prepare(ADDRESS)
    assert slugs() == ["lighthouse"]
    assert links(lines) == []  # nobody to sign in as, and never the set-up of a real server


def test_a_broken_shipped_case_leaves_nothing_half_done(bare, tmp_path, monkeypatch):
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "a.toml").write_text(factories.CASE_TEXT, encoding="utf-8")
    (folder / "b.toml").write_text("slug = 1", encoding="utf-8")
    monkeypatch.setattr(settings, "case_files_dir", lambda: folder)
    with pytest.raises(case_files.CaseFileError):
        serving.prepare(ADDRESS)
    assert slugs() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_serving_hands_this_process_over_to_streamlit(tracker_settings, monkeypatch):
    calls = []
    monkeypatch.setattr(os, "execv", lambda file, command: calls.append((file, command)))
    settings.use(replace(tracker_settings, host="127.0.0.2", port=8765))
    serving.serve()
    assert calls == [
        (
            sys.executable,
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                str(settings.dashboard()),
                "--server.address=127.0.0.2",
                "--server.port=8765",
            ],
        )
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_printed_address_is_the_configured_one_else_where_streamlit_listens(
    tracker_settings, monkeypatch
):
    options = {"server.address": "0.0.0.0", "server.port": 8600}
    monkeypatch.setattr(serving.st, "get_option", options.get)
    assert serving._address() == "http://127.0.0.1:8600"
    options["server.address"] = "::1"
    assert serving._address() == "http://[::1]:8600"
    options["server.address"] = None
    assert serving._address() == "http://127.0.0.1:8600"
    monkeypatch.setenv("TRACKER_BASE_URL", "https://letters.example")
    settings.use(replace(tracker_settings, base_url="https://letters.example"))
    assert serving._address() == "https://letters.example"


def test_no_link_is_printed_once_a_case_lead_can_come_back(tracker_settings):
    with database.writing() as db:
        factories.case(db)
        factories.member(db, [Role.CASE_LEAD]).passphrase = "$argon2id$fictional"
    assert serving.prepare(ADDRESS) == [f"Urgent Action letters: {ADDRESS}"]


def test_a_start_notes_the_key_and_refuses_another(tracker_settings):
    serving.prepare(ADDRESS)
    tracker_settings.secret_key_file.write_text("ab" * 32)
    sealing._known.clear()
    with pytest.raises(sealing.KeyFileError, match="is not the one of this database"):
        serving.prepare(ADDRESS)


def test_a_server_purges_and_logs_nothing_but_numbers(tracker_settings, caplog):
    caplog.set_level("INFO", logger="tracker.web.serving")
    with database.writing() as db:
        desk = factories.desk(db)
        factories.log(db, desk.asker, desk.action)
        cases.close(db, members.operator(db), desk.action, now=factories.NOW)
    serving.purge(datetime.now(UTC))
    numbers = "writers of 2 letters, 0 sessions, 0 links, 0 addresses, 0 join codes"
    assert caplog.messages == [f"purged: {numbers}; the files are swept"]
    with database.reading() as db:
        assert letters.count_own(db, desk.asker) == (0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_demonstration_forgets_nobody(tracker_settings):
    with database.writing() as db:
        desk = factories.desk(db)
        factories.log(db, desk.asker, desk.action)
        cases.close(db, members.operator(db), desk.action, now=factories.NOW)
        members.mark_demo(db)
    serving.purge(datetime.now(UTC))
    with database.reading() as db:
        assert letters.count_own(db, desk.asker) == (2, 2)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_purge_that_fails_is_logged_by_its_type_and_ends_nothing(
    tracker_settings, monkeypatch, caplog
):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Fictional Vera")

    monkeypatch.setattr(forgetting, "purge", fail)
    serving.purge(datetime.now(UTC))
    assert caplog.messages == ["the daily purge failed: RuntimeError"]
