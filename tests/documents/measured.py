"""Every paper in every form it has (text, PDF, DOCX), read and held against its facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.documents import papers, scoring
from tests.documents.making import as_docx, as_pdf
from tests.documents.scoring import Score
from tracker.documents.draft import Draft
from tracker.documents.drafting import draft_of
from tracker.documents.files import reading
from tracker.documents.files.reading import Line
from tracker.documents.output.as_json import facts

FORMS = ("text", "pdf", "docx")


@dataclass(frozen=True)
class Measured:
    """A paper in one form: its lines, the draft made of them, and how right the draft is."""

    name: str
    form: str
    family: str
    lines: tuple[Line, ...]
    draft: Draft
    found: dict[str, Any]
    score: Score

    def __str__(self) -> str:
        """Return such as "today-lianghai as pdf"."""
        return f"{self.name} as {self.form}"


@cache
def measured() -> tuple[Measured, ...]:
    """Every paper in every form; made and read once."""
    return tuple(
        _measured(paper, form, name, content)
        for paper in papers.papers()
        for form, name, content in _files(paper)
    )


def _files(paper: papers.Paper) -> Iterator[tuple[str, str, bytes]]:
    yield "text", paper.path.name, paper.text.encode()
    if paper.name in papers.AS_PDF:
        yield "pdf", f"{paper.name}.pdf", as_pdf(paper.text, papers.AS_PDF[paper.name], "Page")
    if paper.name in papers.AS_DOCX:
        yield "docx", f"{paper.name}.docx", as_docx(paper.text)


def _measured(paper: papers.Paper, form: str, name: str, content: bytes) -> Measured:
    read = reading.read(content, name)
    draft = draft_of(read)
    found = facts(draft)
    return Measured(
        name=paper.name,
        form=form,
        family=paper.facts["family"],
        lines=read.lines,
        draft=draft,
        found=found,
        score=scoring.score(found, paper.facts),
    )


def table(ours: Sequence[Measured]) -> str:
    """Precision and recall of these papers, by field and by family."""
    return scoring.table([(each.family, each.score) for each in ours])


def mistakes(ours: Sequence[Measured]) -> str:
    """What was invented and missed, a line for each field of a paper that is not wholly right."""
    return "\n".join(
        f"{each}: {field} {tally.invented} invented, {tally.missed} missed"
        for each in ours
        for field, tally in each.score.items()
        if tally.invented or tally.missed
    )
