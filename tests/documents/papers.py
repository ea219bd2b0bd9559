"""The papers: documents in the manner of Urgent Actions, all invented, with the facts in each.

`papers/NAME.md` or `.txt` is a document, `papers/NAME.json` what a reader should find in it. Some
are made into PDF and DOCX, too, by `making.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "papers"

AS_PDF = {
    "appeals-further-qasira": "URGENT ACTION",
    "appeals-marisca": "URGENT ACTION",
    "appeals-side-by-side": "URGENT ACTION",
    "appeals-tamborra": "URGENT ACTION",
    "letter-carta": "",
    "page-beekeeper": "Urgent Actions - Section of Nowhere",
    "today-belmarra": "Date: 10 January 2024",
    "today-costaclara": "Date: 14 November 2022",
    "today-lianghai": "Date: 12 March 2024",
    "today-saebyok": "Date: 10 February 2025",
    "today-third-vostrovia": "Date: 28 January 2019",
}
"""What is made into PDF → the head of each of its pages. Latin, Chinese and Korean letters only."""

AS_DOCX = (
    "appeals-side-by-side",
    "letter-brief",
    "letter-lettre",
    "page-second-qasira",
    "today-axumara",
    "today-costaclara",
    "today-kelvaria",
    "today-lianghai",
    "today-third-vostrovia",
)
"""What is made into DOCX: with tables, text boxes and, elsewhere, neither."""


@dataclass(frozen=True)
class Paper:
    """A document and the facts in it (one JSON object, its keys as in `tracker document draft`)."""

    name: str
    path: Path
    text: str
    facts: dict[str, Any]


def papers() -> list[Paper]:
    """Every paper, by name; a document without facts raises FileNotFoundError."""
    found = (path for path in FOLDER.iterdir() if path.suffix in {".md", ".txt"})
    return [
        Paper(
            name=path.stem,
            path=path,
            text=path.read_text(encoding="utf-8"),
            facts=json.loads(path.with_suffix(".json").read_text(encoding="utf-8")),
        )
        for path in sorted(found)
    ]


def paper(name: str) -> Paper:
    """The paper of this name, for instance "letter-carta"; without one, StopIteration."""
    return next(each for each in papers() if each.name == name)
