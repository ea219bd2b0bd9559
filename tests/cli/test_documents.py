"""`tracker document draft`: a document becomes a draft case file, or one line says why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import printed, refused, tracker
from tests.documents import bombs, pdf_bombs
from tests.documents.papers import paper
from tracker.cli import documents
from tracker.documents import worker
from tracker.documents.files.paper import Reason

CALL = paper("today-lianghai")


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine starts a worker slowly, and these tests are not about time."""
    patient = worker.in_worker
    monkeypatch.setattr(worker, "in_worker", lambda *asked: patient(*asked, seconds=60))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "call.md"


def test_a_draft_is_printed_as_a_case_file_and_as_json(file: Path) -> None:
    file.write_text(CALL.text, encoding="utf-8")
    assert f"deadline = {CALL.facts['deadline']}" in printed("document", "draft", file)
    facts = json.loads(printed("document", "draft", file, "--json"))
    assert list(facts) == [
        *("family", "kind", "title", "ua_number", "index", "issued_on", "deadline", "people"),
        *("targets", "languages", "previous_url", "asks", "events", "questions", "provenance"),
    ]
    assert facts["people"] == CALL.facts["people"]


def test_what_is_printed_is_utf_8_wherever_it_goes(file: Path) -> None:
    file.write_text(CALL.text, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "tracker", "document", "draft", str(file), "--json"],
        env={**os.environ, "PYTHONPATH": str(worker._PACKAGE), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    names = [name for person in CALL.facts["people"] for name in person["other_names"]]
    assert not "".join(names).isascii()
    assert all(name in ended.stdout.decode("utf-8") for name in names)
    assert b"\\u" not in ended.stdout


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file has no text in it"),
        (bombs.spreadsheet(), "that is a spreadsheet, and no document"),
        (pdf_bombs.scan_without_text(), "the document has no text in it, only pictures perhaps"),
        (pdf_bombs.truncated(), "the file is damaged, or not what its beginning says"),
        (pdf_bombs.locked(), "the file is locked with a password"),
        (bytes(25_000_001), "the file is too large, or becomes so when it is unpacked"),
    ],
)
def test_a_file_that_yields_nothing_has_a_reason(file: Path, content: bytes, reason: str) -> None:
    file.write_bytes(content)
    assert refused("document", "draft", file) == f"{file}: {reason}"


def test_every_reason_has_words() -> None:
    assert set(documents._SAID) == set(Reason)


def test_a_file_that_cannot_be_opened_has_a_reason(file: Path, monkeypatch) -> None:
    assert refused("document", "draft", file) == f"{file}: No such file or directory"
    assert refused("document", "draft", file.parent) == f"{file.parent}: Is a directory"

    def forbidden(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", forbidden)
    assert refused("document", "draft", file) == f"{file}: Permission denied"


def test_a_mistake_in_the_command_is_told() -> None:
    assert tracker("document", "draft").exit_code == 2
    assert tracker("document", "draft", "a.pdf", "--xml").exit_code == 2
