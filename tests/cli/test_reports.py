"""`tracker report …`: the same bytes as the library's for the same asker, whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from tests import factories
from tests.commands import environment_of, printed, process_environment, refused, tracker, tree
from tracker import cases, database, members, reports, sealing, settings
from tracker.members import Asker
from tracker.models import Deed, Member, RecordEntry, Role
from tracker.uptake import EVERYTHING, Scope

ACTION = ("--action", factories.ACTION_SLUG)
LETTERS = ("report", "letters", *ACTION)


@dataclass(frozen=True)
class World:
    """Two sections with a volunteer each, and the coordinator of the first."""

    url: str
    first: int
    coordinator: Asker
    volunteer: Asker
    other: Asker


@pytest.fixture
def world(tracker_settings: settings.Settings) -> World:
    with database.writing() as db:
        action = factories.action(db)
        first, second = factories.section(db), factories.section(db, "Elbonia (fictional)")
        coordinator = factories.asker(db, [Role.COORDINATOR], of=first)
        volunteer = factories.asker(db, of=first, in_group=factories.group(db, first))
        other = factories.asker(db, of=second)
        factories.log(db, volunteer, action)
        factories.letter(db, volunteer, action, factories.details(factories.ISSUED_ON))
        factories.letter(db, other, action)
        return World(tracker_settings.database_url, first.id, coordinator, volunteer, other)


def expected(kind: str, asker: Asker | None = None, scope: Scope = EVERYTHING) -> bytes:
    """Return the report as the library writes it, and so as the web sends it."""
    with database.reading() as db:
        who = members.operator(db) if asker is None else members.asker(db, asker.member_id or 0)
        action = cases.action_named(db, who, factories.ACTION_SLUG)
        return b"".join(reports.REPORTS[kind](db, who, action, scope))


def letters_in(report: bytes) -> int:
    return report.count(b"\r\n") - 1


@pytest.mark.parametrize("kind", reports.REPORTS)
def test_a_report_is_the_library_s_to_the_byte(kind: str, world: World, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    result = tracker("report", kind, *ACTION)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == expected(kind)
    assert letters_in(result.stdout_bytes) > 0
    assert printed("report", kind, *ACTION, "-o", file) == ""
    assert file.read_bytes() == result.stdout_bytes


@pytest.mark.parametrize("kind", reports.REPORTS)
def test_as_narrows_to_what_that_member_sees(kind: str, world: World) -> None:
    for asker, letters in ((world.coordinator, 3), (world.volunteer, 3), (world.other, 1)):
        narrowed = tracker("report", kind, *ACTION, "--as", str(asker.member_id)).stdout_bytes
        assert narrowed == expected(kind, asker)
        assert kind != "letters" or letters_in(narrowed) == letters


def test_a_member_goes_by_number_or_pseudonym(world: World) -> None:
    assert world.other.member_id is not None
    pseudonym = sealing.pseudonym(world.other.member_id, world.other.section_id or 0)
    bare = pseudonym.removeprefix("writer ")
    for name in (pseudonym, bare, bare.lower(), f"Writer {bare}", f" {bare} "):
        assert tracker(*LETTERS, "--as", name).stdout_bytes == expected("letters", world.other)


def test_a_pseudonym_is_taken_as_it_stands_in_the_report(world: World) -> None:
    writer = printed(*LETTERS).splitlines()[-1].split(",")[5]
    assert writer.startswith("writer ")
    assert tracker(*LETTERS, "--as", writer).stdout_bytes == expected("letters", world.other)


def test_section_and_days_narrow_a_report(world: World) -> None:
    section = Scope(section_id=world.first)
    narrowed = tracker(*LETTERS, "--section", "Ruritania (fictional)").stdout_bytes
    assert narrowed == expected("letters", scope=section)
    assert letters_in(narrowed) == 3
    day = str(factories.TODAY)
    assert letters_in(tracker(*LETTERS, "--from", day).stdout_bytes) == 3
    assert letters_in(tracker(*LETTERS, "--to", "2025-03-11").stdout_bytes) == 1
    assert letters_in(tracker(*LETTERS, "--from", day, "--to", "2025-03-11").stdout_bytes) == 0
    weeks = printed("report", "progress", *ACTION, "--to", "2025-03-11").splitlines()
    assert sum(int(week.split(",")[3]) for week in weeks[1:]) == 1


def test_what_is_not_there_is_named(world: World) -> None:
    with database.writing() as db:
        db.get_one(Member, world.other.member_id).disabled_at = factories.NOW
    assert refused("report", "letters", "--action", "99/99") == (
        "no urgent action is called 99/99; there are lighthouse-2025-02"
    )
    assert refused(*LETTERS, "--section", "Freedonia") == "no section is called Freedonia"
    for nobody in ("0000-0000", "writer", "0", str(world.other.member_id), "9" * 30):
        assert refused(*LETTERS, "--as", nobody) == f"no member is called {nobody}"


def test_a_refusal_is_one_line_whatever_was_typed(world: World) -> None:
    assert refused("report", "letters", "--action", "two\nlines") == (
        "no urgent action is called two lines; there are lighthouse-2025-02"
    )
    assert refused(*LETTERS, "--section", "\udcff") == "a part of the command is not text in UTF-8"


# With names -----------------------------------------------------------------------------------


def exports() -> list[int | None]:
    """Return the sections whose names were taken out, a line of the record each."""
    with database.reading() as db:
        taken = select(RecordEntry).where(RecordEntry.deed == Deed.NAMES_EXPORTED)
        return [line.section_id for line in db.scalars(taken)]


def test_a_coordinator_takes_names_out_and_it_is_recorded_once(world: World) -> None:
    name = "Fictional Vera the Coordinated"
    with database.writing() as db:
        db.get_one(Member, world.volunteer.member_id).name = name
        db.get_one(Member, world.other.member_id).name = "Fictional Una Elsewhere"
    member = ("--as", str(world.coordinator.member_id))
    assert name not in printed(*LETTERS, *member)
    assert exports() == []
    report = printed(*LETTERS, *member, "--names")
    assert report.count(name) == 3
    assert "Elsewhere" not in report
    assert exports() == [world.first]


def test_names_are_refused_to_all_others_and_nothing_is_recorded(world: World) -> None:
    said = "that is not for this member to see"
    for member in (("--as", str(world.volunteer.member_id)), ()):
        assert refused(*LETTERS, *member, "--names") == said
    assert exports() == []


# Into a file ----------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestFile:
    def test_a_refused_report_touches_no_file(self, world: World, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        folder.mkdir()
        file = folder / "letters.csv"
        refused("report", "letters", "--action", "nothing", "-o", file)
        assert tree(folder) == {}
        file.write_text("the old report")
        os.utime(file, (1, 1))
        refused("report", "letters", "--action", "nothing", "-o", file)
        assert tree(folder) == {"letters.csv": b"the old report"}
        assert file.stat().st_mtime == 1

    @pytest.mark.parametrize(
        ("failure", "code", "said"),
        [
            (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 1, "tracker: FILE: REASON\n"),
            (KeyboardInterrupt(), 130, ""),
        ],
    )
    def test_a_report_that_breaks_off_leaves_what_was_there(
        self,
        failure: BaseException,
        code: int,
        said: str,
        *,
        world: World,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def half(*_: object) -> Iterator[bytes]:
            yield b"letter_id,"
            raise failure

        monkeypatch.setitem(reports.REPORTS, "letters", half)
        folder = tmp_path / "out"
        folder.mkdir()
        file = folder / "letters.csv"
        for before in ({}, {"letters.csv": b"the old report"}):
            for name, content in before.items():
                (folder / name).write_bytes(content)
            result = tracker(*LETTERS, "-o", file)
            assert (result.exit_code, result.stdout) == (code, "")
            reason = os.strerror(errno.ENOSPC)
            assert result.stderr == said.replace("FILE", str(file)).replace("REASON", reason)
            assert tree(folder) == before

    def test_a_folder_that_is_not_there_is_named(self, world: World, tmp_path: Path) -> None:
        file = tmp_path / "nowhere" / "letters.csv"
        assert refused(*LETTERS, "-o", file) == f"{file}: {os.strerror(errno.ENOENT)}"

    def test_a_new_report_takes_the_old_one_s_place_and_permissions(
        self, world: World, tmp_path: Path
    ) -> None:
        file, link = tmp_path / "letters.csv", tmp_path / "link.csv"
        file.write_text("the old report")
        file.chmod(0o640)
        link.symlink_to(file)
        printed(*LETTERS, "-o", link)
        assert link.is_symlink()
        assert file.read_bytes() == expected("letters")
        assert stat.S_IMODE(file.stat().st_mode) == 0o640

    def test_a_pipe_stays_a_pipe(self, world: World, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        read: list[bytes] = []
        reader = Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
        reader.start()
        printed(*LETTERS, "-o", pipe)
        assert pipe.is_fifo(), "a file was put in its place"
        reader.join()
        assert read == [expected("letters")]


# Processes of their own -----------------------------------------------------------------------

_UNTIL_IT_IS_ENDED = """\
import signal, sys
from tracker import cli, reports
def half(*_):
    yield b"letter_id,"
    print("half", flush=True)
    signal.pause()
reports.REPORTS["letters"] = half
cli.main()
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestProcess:
    @pytest.fixture
    def env(self, world: World, tracker_settings: settings.Settings) -> dict[str, str]:
        return process_environment(**environment_of(tracker_settings))

    def test_a_report_that_is_ended_leaves_what_was_there(
        self, env: dict[str, str], tmp_path: Path
    ) -> None:
        folder = tmp_path / "out"
        folder.mkdir()
        (folder / "letters.csv").write_text("the old report")
        nohup = ["sh", "-c", 'trap "" HUP; exec "$@"', "nohup"]
        command = [*nohup, sys.executable, "-c", _UNTIL_IT_IS_ENDED, *LETTERS, "-o", "letters.csv"]
        with subprocess.Popen(
            command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"half\n", process.communicate()
            assert len(tree(folder)) == 2
            process.send_signal(signal.SIGHUP)
            process.send_signal(signal.SIGTERM)
            assert process.communicate() == (b"", b"")
        assert process.returncode == 128 + signal.SIGTERM
        assert tree(folder) == {"letters.csv": b"the old report"}

    def test_who_reads_one_line_only_hears_no_complaint(
        self, env: dict[str, str], world: World
    ) -> None:
        with database.writing() as db:
            action = cases.action_named(db, world.volunteer, factories.ACTION_SLUG)
            factories.many_letters(db, world.volunteer, action, 2_000)  # more than a pipe holds
        with subprocess.Popen(
            [sys.executable, "-m", "tracker", *LETTERS],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline().startswith(b"\xef\xbb\xbfletter_id,")
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 0

    def test_a_full_disk_is_told_in_one_line(self, env: dict[str, str]) -> None:
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "tracker", *LETTERS],
                env=env,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert done.stderr == f"tracker: {os.strerror(errno.ENOSPC)}\n"

    def test_a_terminal_without_cyrillic_letters_shows_their_numbers(
        self, env: dict[str, str]
    ) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "case", "show", factories.CASE_SLUG],
            env=env | {"PYTHONIOENCODING": "latin-1"},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert rb"\u041f\u0435\u0440\u043b\u0430" in done.stdout
