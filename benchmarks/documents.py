"""How right the drafts are that are made of the repository's own Urgent Action documents.

Every paper of tests/documents/papers in every form that it has (text, PDF, DOCX), against its facts
by the rules of tests/documents/scoring.py. Rows read: a field, a layout or a form, values right,
found without being there, missed, precision and recall. Wanted are 0.98 and 0.95 for each field and
each layout; tests/documents/test_drafting.py holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.documents.measured import FORMS, Measured, measured
from tests.documents.scoring import FIELDS, Tally, summed, whole

COLUMNS = ("field, layout, form", "right", "invented", "missed", "precision", "recall")


def main() -> Iterator[tuple[str, ...]]:
    everything = measured()
    by_field = summed(each.score for each in everything)
    for field in FIELDS:
        yield _row(field, by_field[field])
    for family in sorted({each.family for each in everything}):
        yield _row(family, _tally(each for each in everything if each.family == family))
    for form in FORMS:
        yield _row(form, _tally(each for each in everything if each.form == form))
    yield _row("all", _tally(everything))


def _tally(ours: Iterable[Measured]) -> Tally:
    return whole(summed(each.score for each in ours))


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    counts = (tally.right, tally.invented, tally.missed)
    parts = ("-" if part is None else f"{part:.3f}" for part in (tally.precision, tally.recall))
    return (name, *map(str, counts), *parts)
