"""A document is read in a process that has limits, and whatever it does, an answer comes back."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.document_pages import document as forty_pages
from tests.documents import bombs, mutants
from tests.documents.papers import paper
from tracker.documents import worker
from tracker.documents.files.reading import Reason, Unreadable
from tracker.documents.worker import SECONDS, Wanted, in_worker

PATIENCE = 60.0
"""Seconds for what is not about time: a busy machine starts a process slowly."""

CALL = paper("today-belmarra")


def refusal(content: bytes, name: str = "a.txt", **limits: float) -> Reason:
    with pytest.raises(Unreadable) as caught:
        in_worker(Wanted.LINES, content, name, **limits)
    return caught.value.reason


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch):
    """Has the worker run another program, with `answer` to say something at its end."""

    def run(script: str) -> None:
        head = "import json, os, sys, time\nsys.path.insert(0, sys.argv[1])\n"
        head += "def answer(text): print(json.dumps({'text': text}))\n"
        monkeypatch.setattr(worker, "_PROGRAM", head + script)

    return run


def test_lines_come_back() -> None:
    answer = json.loads(in_worker(Wanted.LINES, "A\n é ".encode(), "call.md", seconds=PATIENCE))
    assert answer == {
        "name": "call.md",
        "format": "markdown",
        "lines": [
            {"number": 1, "text": "A", "page": None, "left": None},
            {"number": 2, "text": " é", "page": None, "left": None},
        ],
    }


def test_facts_and_a_case_file_come_back() -> None:
    facts = json.loads(
        in_worker(Wanted.FACTS, CALL.text.encode(), CALL.path.name, seconds=PATIENCE)
    )
    assert facts["deadline"] == CALL.facts["deadline"]
    case_file = in_worker(Wanted.CASE_FILE, CALL.text.encode(), CALL.path.name, seconds=PATIENCE)
    assert f"deadline = {CALL.facts['deadline']}" in case_file


def test_a_refusal_comes_back_with_its_reason() -> None:
    assert refusal(bombs.spreadsheet(), seconds=PATIENCE) == "spreadsheet"
    assert refusal(bytes(25_000_001), seconds=0) == "too-large"


def test_nothing_of_the_environment_is_handed_on(program, monkeypatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY_FILE", "/a/secret")
    program("answer(sorted(os.environ))")
    assert in_worker(Wanted.LINES, b"a", "a", seconds=PATIENCE) in ([], ["LC_CTYPE"])


def test_no_code_of_the_folder_where_somebody_is_comes_in(tmp_path, monkeypatch) -> None:
    (tmp_path / "tracker").mkdir()
    (tmp_path / "tracker" / "__init__.py").write_text("raise SystemExit(9)")
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert '"A"' in in_worker(Wanted.LINES, b"A", "a", seconds=PATIENCE)


def test_what_takes_too_long_is_ended_with_all_it_started(program, tmp_path) -> None:
    started = tmp_path / "started"
    program(
        "import subprocess\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(started)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)"
    )
    began = time.monotonic()
    assert refusal(b"a", seconds=3) == "too-slow"
    assert 3 <= time.monotonic() - began < 10
    assert _gone(int(started.read_text()))


def _gone(number: int) -> bool:
    """Return whether the process ends within some seconds; one that nobody awaited is a zombie."""
    for _ in range(100):
        state = Path(f"/proc/{number}/stat")
        if not state.exists() or ") Z " in state.read_text():
            return True
        time.sleep(0.05)
    return False


def test_a_processor_kept_busy_has_an_end_of_its_own(program) -> None:
    """For a parent that was ended, and cannot end its worker."""
    program(
        "from tracker.documents import worker_program\n"
        "worker_program._limit(0, 512)\n"
        "while True: pass"
    )
    assert refusal(b"a", seconds=PATIENCE) == "too-slow"


def test_memory_has_an_end(program) -> None:
    program(
        "from tracker.documents import worker_program\n"
        "worker_program.read = lambda content, name: bytearray(400_000_000)\n"
        "worker_program.main()"
    )
    assert refusal(b"a", seconds=PATIENCE, megabytes=300) == "too-much-memory"


@pytest.mark.parametrize(
    "script", ["os._exit(3)", "os.abort()", "raise ValueError", "print('{')", ""]
)
def test_a_worker_that_breaks_is_a_reason(program, script: str) -> None:
    program(script)
    assert refusal(b"a" * 200_000, seconds=PATIENCE) == "crashed"


def test_a_dense_pdf_of_forty_pages_takes_little() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1)
    sentence = (
        "The authorities hold the teacher since 3 May 2012 without a charge, and say nothing. "
    )
    for _ in range(40):
        canvas.setFont("Helvetica", 8)
        for row in range(80):
            canvas.drawString(40, 810 - row * 9.5, (sentence * 2)[:130])
        canvas.showPage()
    canvas.save()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    content = file.getvalue()
    answer = in_worker(Wanted.LINES, content, "a.pdf", seconds=PATIENCE, megabytes=300)
    assert len(json.loads(answer)["lines"]) == 3_200
    facts = in_worker(Wanted.FACTS, forty_pages(40), "a.pdf", seconds=PATIENCE, megabytes=300)
    assert json.loads(facts)["people"]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 5


@pytest.mark.parametrize(
    ("modules", "large"),
    [
        (
            "tracker.cli.documents",
            ["alembic", "docx", "pandas", "pypdf", "sqlalchemy", "streamlit"],
        ),
        (
            "tracker.documents, tracker.documents.worker_program",
            ["docx", "pandas", "pydantic", "pypdf", "sqlalchemy", "streamlit"],
        ),
        (
            "tracker.documents.drafting, tracker.documents.output.as_json",
            ["pandas", "pydantic", "sqlalchemy", "streamlit"],
        ),
    ],
)
def test_starting_loads_nothing_large(modules: str, large: list[str]) -> None:
    script = f"import sys, {modules}; print([name for name in {large} if name in sys.modules])"
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(worker._PACKAGE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == "[]\n"


def test_quick_bombs_do_no_harm() -> None:
    quick = bombs.bombs(quick=True)
    assert len(quick) >= 25
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda bomb: bombs.outcome(bomb, PATIENCE), quick))
    assert [
        (bomb.name, outcome.reason)
        for bomb, outcome in zip(quick, outcomes, strict=True)
        if outcome.reason not in bomb.reasons
    ] == []


def test_some_broken_papers_do_no_harm() -> None:
    found = mutants.tally(mutants.mutants(40, seed=4), seconds=SECONDS)
    assert [crash for of_kind in found.values() for crash in of_kind.crashes] == []
    assert sum(of_kind.drafts for of_kind in found.values()) > 0
    assert sum(of_kind.refused.total() for of_kind in found.values()) > 0
