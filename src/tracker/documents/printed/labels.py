"""What stands behind a label such as "Name:", and the lines at the heads and feet of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tracker.documents.draft import How, Source, Value
from tracker.documents.layouts import Field, Layout, layouts
from tracker.documents.structure import Row

_HEAD = re.compile(
    r"^(?:(?:\w+\s+|further information on )?UA\s?:?\s*[\d/.-]{4,}\W*|"
    r".{0,80}\bindex(?: number)?\s?:?\s*(?:AI )?(?-i:[A-Z]{3})\s?\d.{0,120}|"
    r"(?:issue )?date\s*:\s*\S.{0,40}|page \d+(?: of \d+)?|\d{1,3}|"
    r"UA\s?:?\s*[\d/.-]{4,}.{0,30}\b(?-i:[A-Z]{3}) \d\d/\d.{0,60}|"
    r"amnesty international(?: urgent action)?)$",
    re.IGNORECASE,
)


def behind(
    rows: Sequence[Row], layout: Layout, field: Field
) -> Iterator[tuple[Value[str], tuple[Row, ...]]]:
    """Yield what stands behind a field's labels, and the rows that it stands on.

    The document's own layout is asked first; the labels of the others count as well.
    """
    for asked in (layout, *(other for other in layouts() if other is not layout)):
        pattern = asked.labels.get(field)
        if pattern is None:
            continue
        label = re.compile(
            rf"^\W{{0,3}}(?:{pattern.pattern})\s*(?P<colon>[:：–-]?)\s*(?P<value>.*)$",
            re.IGNORECASE,
        )
        for place, row in enumerate(rows):
            found = label.match(row.text)
            if found and (
                found["colon"]
                or not found["value"]
                or found["value"][0].isdigit()
                or field is Field.DEADLINE
            ):
                value, taken = _continued(rows, place, found["value"], field)
                source = Source(row.number, taken[-1].number, row.page, How.LABEL)
                yield Value(value, source), taken


def _continued(
    rows: Sequence[Row], place: int, value: str, field: Field
) -> tuple[str, tuple[Row, ...]]:
    """Return a label's value with the rows on which it goes on; names go on to the next gap."""
    taken = [rows[place]]
    for row in rows[place + 1 : place + 6]:
        if row.heading or _is_label(row):
            break
        long = field is Field.NAMES and len(taken[-1].text) > _LONG and _goes_on_naming(row.text)
        if value and (row.after_gap or not (long or _goes_on(value, row))):
            break
        value = f"{value} {row.text}".strip()
        taken.append(row)
    return value, tuple(taken)


def _goes_on_naming(text: str) -> bool:
    """Return whether a row looks like more names with their pronouns, and no sentence."""
    return "(" in text and not text.endswith((".", ":")) and not _LABEL.match(text)


_LONG = 50
_LABEL = re.compile(r"[\w /()]{2,40}[:：]")


def _goes_on(value: str, row: Row) -> bool:
    return (
        value.rstrip().endswith((",", " and", "&", "/", "-", "("))
        or row.text[:1].islower()
        or row.text[:1] == "("
    )


def _is_label(row: Row) -> bool:
    return bool(_any_label().match(row.text))


@cache
def _any_label() -> re.Pattern[str]:
    patterns = [pattern.pattern for layout in layouts() for pattern in layout.labels.values()]
    return re.compile(rf"^\W{{0,3}}(?:{'|'.join(patterns)})\s*(?:[:：]|$|\d)", re.IGNORECASE)


def is_head(row: Row) -> bool:
    """Return whether a row is the head or foot of a page, and no part of the text."""
    return bool(_HEAD.match(row.text)) or bool(
        re.search(r"\bindex\s?:", row.text, re.IGNORECASE)
        and re.search(r"\bdate\s?:|\bUA\b", row.text, re.IGNORECASE)
    )
