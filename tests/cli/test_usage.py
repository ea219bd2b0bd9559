"""`tracker …`: its help, its exit codes and refusals; migrations and the check."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest
import typer
from sqlalchemy import text, update

from tests import factories
from tests.commands import environment_of, free_port, printed, refused, rows, tracker
from tracker import cli, database, settings
from tracker.models import Role, SectionCount

Commands = dict[tuple[str, ...], typer.core.TyperCommand]

CHECKED = """\
The running counts equal the letters they count.
The key opens everything that is sealed.
"""


def commands() -> Commands:
    """Return every command by its words, the groups and `tracker` itself among them."""
    found: Commands = {}

    def walk(words: tuple[str, ...], command: typer.core.TyperCommand) -> None:
        found[words] = command
        for name, below in getattr(command, "commands", {}).items():
            walk((*words, name), below)

    walk((), typer.main.get_command(cli.app))
    return found


def fill(name: str = "Fictional Vera Volunteer") -> None:
    """Put the fictional case and three letters into the database in force."""
    with database.writing() as db:
        action = factories.action(db)
        who = factories.asker(db, list(Role), name=name)
        factories.log(db, who, action)
        factories.letter(db, who, action)


# Help and usage -------------------------------------------------------------------------------


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help_is_whole_at_80_columns(words: tuple[str, ...]) -> None:
    said = printed(*words, "--help")
    assert said == printed(*words, "-h")
    assert max(map(len, said.splitlines())) <= 80
    assert "..." not in said.partition("\n")[2], "a sentence is cut short"
    command = commands()[words]
    assert command.help
    assert command.help.splitlines()[0] in " ".join(said.split())
    for parameter in command.params:
        assert getattr(parameter, "help", ""), parameter.name
        assert parameter.opts[-1] in said or parameter.metavar in said


@pytest.mark.parametrize(
    "line",
    [
        "",
        "report",
        "nonsense",
        "report nonsense",
        "report letters",
        "report timeline --action x --section y",
        "report letters --action x --from 2025-02-30",
        "report letters --action x -o .",
        "demo --letters -1",
        "demo --letters 10000001",
        "demo --seed one",
        "demo --today tomorrow",
        "case add",
        "case show",
        "check everything",
    ],
)
def test_a_mistake_in_the_command_shows_the_usage(
    line: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result = tracker(*line.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: tracker ")
    assert list(tmp_path.iterdir()) == []


# Settings and databases that cannot be used ---------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "check",
        "case list",
        "case show lighthouse",
        "report letters --action x",
        "report timeline --action x -o out.csv",
    ],
)
def test_asking_makes_no_database(
    line: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.chdir(tmp_path)
    file = tmp_path / "data" / "tracker.db"
    assert refused(*line.split()) == (
        f"there is no database at {file}: `tracker migrate` makes one"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("TRACKER_PORT", "http", "TRACKER_PORT must be a number from 1 to 65535, not 'http'"),
        ("TRACKER_PORT", "65536", "TRACKER_PORT must be a number from 1 to 65535, not '65536'"),
        (
            "TRACKER_BASE_URL",
            "letters.example",
            "TRACKER_BASE_URL must be like https://letters.example, not 'letters.example'",
        ),
        ("TRACKER_TODAY", "now", "TRACKER_TODAY must be a day like 2025-01-31, not 'now'"),
        (
            "TRACKER_DATABASE_URL",
            "mysql://db/x",
            "TRACKER_DATABASE_URL must begin with postgresql:// or sqlite:///",
        ),
        (
            "TRACKER_DATABASE_URL",
            "postgresql://u:geheim@db:port/x",
            "TRACKER_DATABASE_URL cannot be understood",
        ),
    ],
)
@pytest.mark.parametrize("line", ["serve", "migrate", "check", "demo", "report letters --action x"])
def test_a_setting_that_cannot_be_used_is_named(
    line: str,
    name: str,
    value: str,
    reason: str,
    *,
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    environment.setenv("TRACKER_PORT", str(free_port()))
    environment.setenv(name, value)
    assert refused(*line.split()) == reason
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["serve", "migrate", "check"])
def test_a_database_out_of_reach_is_refused_without_its_password(
    line: str, environment: pytest.MonkeyPatch
) -> None:
    port = free_port()
    environment.setenv("TRACKER_PORT", str(free_port()))
    environment.setenv("TRACKER_DATABASE_URL", f"postgresql://u:geheim@127.0.0.1:{port}/x")
    reason = refused(line)
    assert reason.startswith("the database refuses: ")
    assert f"port {port} failed" in reason
    assert "geheim" not in reason


@pytest.mark.parametrize("line", ["serve", "migrate", "demo"])
def test_a_data_folder_that_cannot_be_made_is_named(
    line: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file")
    environment.setenv("TRACKER_PORT", str(free_port()))
    assert refused(line) == f"{tmp_path / 'data'}: {os.strerror(errno.EEXIST)}"


def test_a_file_that_is_no_database_is_refused(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tracker.db").write_text("Dear Minister, " * 100)
    assert refused("check") == "the database refuses: file is not a database"


def test_a_port_that_is_taken_is_refused_before_anything_is_made(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        environment.setenv("TRACKER_PORT", str(port))
        assert refused("serve") == (
            f"port {port} of 127.0.0.1 is taken; TRACKER_PORT can name another"
        )
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine_cannot_be_listened_on(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("TRACKER_HOST", "192.0.2.1")  # kept for examples: no machine has it
    assert refused("serve") == (
        f"cannot listen on port 8501 of 192.0.2.1: {os.strerror(errno.EADDRNOTAVAIL)}"
    )


# Migrate --------------------------------------------------------------------------------------


@pytest.fixture
def bare(bare_database_url: str, environment: pytest.MonkeyPatch) -> str:
    """The URL of a database without tables, in force."""
    environment.setenv("TRACKER_DATABASE_URL", bare_database_url)
    with database.engine_for(bare_database_url).connect():
        return bare_database_url  # SQLite's file is there now


def test_migrate_makes_the_tables_and_then_has_nothing_to_do(bare: str) -> None:
    for line in ("check", "case list", "report progress --action x"):
        assert refused(*line.split()) == (
            "the database has not the newest tables: run `tracker migrate`"
        )
    assert printed("migrate") == ""
    assert database.is_at_head()
    before = rows(bare)
    assert printed("migrate") == ""
    assert rows(bare) == before


def test_migrate_makes_the_data_folder_for_its_owner_alone(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printed("migrate")
    assert (tmp_path / "data" / "tracker.db").is_file()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_any_folder_s_name_will_do(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "Briefe 100% für? #1"
    environment.setenv("TRACKER_DATA_DIR", str(folder))
    printed("migrate")
    assert (folder / "tracker.db").is_file()
    assert printed("case", "list") == ""


def test_a_newer_program_s_database_is_left_alone(tracker_settings: settings.Settings) -> None:
    with database.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'tomorrow'"))
    assert refused("migrate") == "the database has tables of a newer version of this program"


# Check ----------------------------------------------------------------------------------------


def test_check_proves_the_running_counts(tracker_settings: settings.Settings) -> None:
    fill()
    result = tracker("check")
    assert result.exit_code == 0
    assert result.stdout == CHECKED


def test_check_tells_every_running_count_that_differs(
    tracker_settings: settings.Settings,
) -> None:
    fill()
    with database.writing() as db:
        wrong = update(SectionCount).where(SectionCount.letters == 2)
        db.execute(wrong.values(letters=7))
        key = db.execute(
            text(
                "SELECT urgent_action_id, target_id, section_id FROM section_counts"
                " WHERE letters = 7"
            )
        ).one()
    drift = f"section_counts {' '.join(map(str, key))} {factories.TODAY}: 7 kept, 2 letters\n"
    assert refused("check", printing=drift) == (
        "running counts that differ from the letters they count: 1"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_check_warns_of_a_key_beside_the_database(
    tracker_settings: settings.Settings, tmp_path: Path
) -> None:
    fill()
    result = tracker("check")
    assert result.exit_code == 0
    assert result.stderr == (
        "Warning: the key lies beside the database, so whoever copies the folder has both; "
        "TRACKER_SECRET_KEY_FILE can name another place\n"
    )
    elsewhere = tmp_path / "elsewhere.key"
    tracker_settings.secret_key_file.rename(elsewhere)
    apart = {"TRACKER_SECRET_KEY_FILE": str(elsewhere)}
    settings.use(settings.load(environment_of(tracker_settings) | apart))
    assert printed("check") == CHECKED


@pytest.mark.parametrize(
    "line", ["check", "serve", f"report letters --action {factories.ACTION_SLUG}"]
)
def test_a_database_is_not_read_with_another_key(
    line: str,
    tracker_settings: settings.Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "execv", None)
    fill()
    changes = {"TRACKER_PORT": str(free_port())}
    missing, other = tmp_path / "missing.key", tmp_path / "other.key"
    for file, reason in (
        (missing, f"the key file {missing} is missing: without it nothing sealed can be opened"),
        (other, "a sealed value does not open: is this the key of this database?"),
    ):
        changes["TRACKER_SECRET_KEY_FILE"] = str(file)
        settings.use(settings.load(environment_of(tracker_settings) | changes))
        assert refused(*line.split()) == reason
        assert not missing.exists()
        other.write_text("ab" * 32)
