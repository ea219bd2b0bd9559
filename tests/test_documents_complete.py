"""README.md and docs/operations.md name what there is, and nothing that is not there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.commands import CHECKOUT
from tracker import cli, settings

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
MAP = README.partition("## Map of the rooms")[2].partition("\n## ")[0]
IN_CODE = re.compile(r"`([^`]+)`")


def tracked(*places: str) -> list[str]:
    """Return the files of the checkout below these places, but those that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *places],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return sorted(name for name in names if name and (CHECKOUT / name).is_file())


def commands(command: Any, words: str = "tracker") -> set[str]:
    """Return every command below this one that does something itself."""
    below = getattr(command, "commands", {})
    if not below:
        return {words}
    return set().union(*(commands(deeper, f"{words} {name}") for name, deeper in below.items()))


def named_commands(text: str) -> set[str]:
    """Return the commands in lines like `tracker case add FILE · list` and `tracker report a|b`."""
    groups = {"case", "document", "member", "report"}
    found = set()
    for line in re.findall(r"^    (tracker .+)$", text, re.MULTILINE):
        first, *others = line.split(" · ")
        words = first.split()[1:]
        group = words.pop(0) if words[0] in groups else ""
        for name in [*words[0].split("|"), *(other.split()[0] for other in others)]:
            found.add(" ".join(part for part in ("tracker", group, name) if part))
    return found


def test_the_readme_names_every_command_and_no_other() -> None:
    assert named_commands(README) == commands(typer.main.get_command(cli.app))


def rooms() -> set[str]:
    """Return what the map must show: modules and folders of the program, folders of the rest."""
    found = {"dashboard.py", "pages/", "db/", "tests/", "docs/"}
    for name in tracked("src/tracker"):
        room = name.removeprefix("src/tracker/").partition("/")
        if not room[0].startswith("__"):
            found.add(f"src/tracker/{room[0]}{room[1]}")
    for place in ("db", "docs", "tests"):
        for name in tracked(place):
            folder, inside, _ = name.removeprefix(f"{place}/").partition("/")
            if inside or name.endswith(".md"):
                found.add(f"{place}/{folder}{inside}")
    return found


def shown() -> dict[str, bool]:
    """Return every place on the map, and whether a fresh clone has it.

    A row begins with a place; names that follow in the row may be seen from its folder.
    """
    there = {
        place
        for name in tracked()
        for place in (name, *(f"{folder}/" for folder in map(str, Path(name).parents)))
    }
    found = {}
    for row in re.findall(r"^\| (`.+) \|$", MAP, re.MULTILINE):
        names = [name for name in IN_CODE.findall(row) if re.fullmatch(r"[\w-]*[./][\w./-]*", name)]
        folder = names[0][: names[0].rfind("/") + 1]
        for name in names:
            seen = name if name.startswith((folder, "docs/")) else folder + name
            seen += "/" * (f"{seen}/" in there)
            found[seen] = seen in there
    return found


def test_the_map_shows_every_room() -> None:
    assert sorted(rooms() - shown().keys()) == []


def test_every_place_on_the_map_is_there() -> None:
    assert [place for place, there in shown().items() if not there] == []


@pytest.mark.parametrize("document", [name for name in tracked() if name.endswith(".md")])
def test_every_link_leads_to_a_file(document: str) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", (CHECKOUT / document).read_text(encoding="utf-8"))
    files = [link for link in links if not link.startswith(("http://", "https://"))]
    place = (CHECKOUT / document).parent
    assert [link for link in files if not (place / link).is_file()] == []


def variables(text: str) -> set[str]:
    return set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", text))


def test_every_setting_is_described_and_no_other() -> None:
    read = set()
    for name in tracked("src/tracker"):
        if name.endswith(".py"):
            read |= variables((CHECKOUT / name).read_text(encoding="utf-8"))
    assert variables(OPERATIONS) == read
    assert variables(README) <= read


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("TRACKER_DATA_DIR", lambda found: f"`./{found.data_dir.relative_to(Path.cwd())}`"),
        ("TRACKER_HOST", lambda found: f"`{found.host}`"),
        ("TRACKER_PORT", lambda found: f"`{found.port}`"),
        (
            "TRACKER_SECRET_KEY_FILE",
            lambda found: f"`{found.secret_key_file.name}` in `TRACKER_DATA_DIR`",
        ),
        (
            "TRACKER_DATABASE_URL",
            lambda found: f"`{Path(found.database_url).name}` in `TRACKER_DATA_DIR`",
        ),
        ("TRACKER_TODAY", lambda found: str(found.today or "–")),
    ],
)
def test_defaults_are_told_as_they_are(name: str, default: Any) -> None:
    row = next(line for line in OPERATIONS.splitlines() if line.startswith(f"| `{name}`"))
    assert default(settings.load({})) in row.split("|")[2]
