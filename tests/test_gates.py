"""The gates themselves: they refuse what they must, and the pins are what pyproject.toml asks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
PINS = [CHECKOUT / "requirements.txt", CHECKOUT / "requirements-test.txt"]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))


def banned(code: str, place: str) -> bool:
    """Return whether ruff refuses that line in that file for what it imports or uses."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--select=TID251",
            f"--stdin-filename={place}",
            "-",
        ],
        input=code,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return "TID251" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "from os import path",
        "import sqlalchemy.orm",
        "from sqlalchemy import select",
        "from tracker import models",
        "from tracker.models import Letter",
        "import streamlit as st\nst.download_button('letters.csv', b'')",
    ],
)
@pytest.mark.parametrize("place", ["pages/progress.py", "dashboard.py"])
def test_a_page_may_not(line: str, place: str) -> None:
    assert banned(line, place)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("import streamlit as st\nst.title('Progress')", "pages/progress.py"),
        ("from tracker import charts, database, rules, uptake", "pages/progress.py"),
        ("from sqlalchemy import select", "src/tracker/uptake.py"),
        ("import os", "src/tracker/web/routes.py"),
        ("from tracker.models import Letter", "tests/test_letters.py"),
    ],
)
def test_others_may(line: str, place: str) -> None:
    assert not banned(line, place)


def imports(file: Path) -> Iterator[str]:
    """Yield the top-level names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def test_the_command_line_waits_for_no_streamlit() -> None:
    code = "import sys, tracker.cli; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_program_asks_for_every_package_that_it_imports() -> None:
    files = [CHECKOUT / "dashboard.py"]
    files += (
        file
        for place in ("src/tracker", "pages", "db")
        for file in (CHECKOUT / place).rglob("*.py")
    )
    imported = {name for file in files for name in imports(file)}
    foreign = imported - sys.stdlib_module_names - {"tracker"}
    assert "sqlalchemy" in foreign
    packages = packages_distributions() | {"pydantic_core": ["pydantic"]}
    asked = {re.split(r"[\[=]", line)[0] for line in PROJECT["project"]["dependencies"]}
    unasked = {
        name for name in foreign if not {package.lower() for package in packages[name]} & asked
    }
    assert unasked == set(), "add these to [project] dependencies, and make pins"


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.name)
def test_the_pins_are_exact_hashed_and_name_no_place(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*--(?!hash=)|\s/[a-z]+/", text, re.MULTILINE)
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_pins_hold_what_the_project_asks_for() -> None:
    program, tests = (
        set(re.findall(r"^[a-z0-9.-]+==\S+", f.read_text(), re.MULTILINE)) for f in PINS
    )
    groups = PROJECT["dependency-groups"]
    asked = [*PROJECT["project"]["dependencies"], *groups["build"]]
    assert {re.sub(r"\[\w+\]", "", line) for line in asked} <= program
    assert {line.partition(";")[0] for line in groups["test"]} <= tests
    assert program <= tests, "make pins: the tests would run with other versions than the program"
    assert PROJECT["build-system"]["requires"] == groups["build"]
