"""The headline of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.documents import lexicon
from tracker.documents.addresses.rows import is_noise
from tracker.documents.draft import How, Source, Value
from tracker.documents.layouts import Layout
from tracker.documents.printed.labels import is_head
from tracker.documents.structure import Row

_URGENT_ACTION = re.compile(
    r"^(?:\W*(?:amnesty international\W*)?urgent actions?\b(?:\s(?:update|appeal|"
    r"alert)\b)?\s*[:–-]?\s*)+",
    re.IGNORECASE,
)

_TITLE_NUMBER = re.compile(
    r"\s*[\[(][^\])]{0,40}(?:\bUA\b|\d{1,3}[./]\d\d)[^\])]{0,30}[\])]\s*$|\s*[|"
    r"–-]\s*UA\s[\d./-]+\s*$",
    re.IGNORECASE,
)

_TITLE_LABEL = re.compile(r"^(?:urgent action )?title\s*[:：]\s*(?P<title>\S.*)$", re.IGNORECASE)

_NUMBER_BEFORE = re.compile(
    r"^(?:(?:further information on|update on|follow-up on|first|second|"
    r"third)\s+)?UA\s?:?\s?\d{1,3}[/.]\d\d\b\W*(?!Index)",
    re.IGNORECASE,
)

_NO_TITLE = re.compile(
    r"^(?:amnesty international\b|home\s?[/>]|\w+$|update|appeal|network|alert|case|take action|"
    r"n[o°]|skip to|home\b|sign up|log in|join|number|english version|index|"
    r"menu|\d|first ua|from amnesty)|[|>]|https?:|"
    r"^(?:background|additional information|sample letter|model letter)",
    re.IGNORECASE,
)


def title(rows: Sequence[Row], layout: Layout) -> Value[str] | None:
    """Return the headline: behind or below the words "Urgent Action", or the first heading."""
    if layout.letter_only:
        return None
    first = rows[:40]
    for find in (
        _labelled_title,
        _title_behind,
        _title_below,
        _first_heading,
        _first_capitals,
        _first_line,
    ):
        for place in range(len(first)):
            said = find(first, place)
            if said and not _NO_TITLE.search(said):
                return _whole_title(rows, place, said)
    return None


def _labelled_title(rows: Sequence[Row], place: int) -> str:
    found = _TITLE_LABEL.match(rows[place].text)
    return found["title"] if found else ""


def _title_behind(rows: Sequence[Row], place: int) -> str:
    text = rows[place].text
    said = _NUMBER_BEFORE.sub("", _URGENT_ACTION.sub("", text))
    return (
        said
        if said != text and len(said.split()) > 1 and len(text) < 200 and text[-1] != "."
        else ""
    )


def _title_below(rows: Sequence[Row], place: int) -> str:
    above = rows[place - 1].text if place else ""
    text = rows[place].text
    said = above and not _URGENT_ACTION.sub("", above) and _URGENT_ACTION.sub("", text)
    return text if said and _is_headline(rows[place]) else ""


def _first_heading(rows: Sequence[Row], place: int) -> str:
    row = rows[place]
    return (
        row.text if row.heading and _is_headline(row) and _URGENT_ACTION.sub("", row.text) else ""
    )


def _first_capitals(rows: Sequence[Row], place: int) -> str:
    row = rows[place]
    said = row.text.isupper() and len(row.text.split()) > 2 and _is_headline(row)
    return row.text if said and _URGENT_ACTION.sub("", row.text) == row.text else ""


def _first_line(rows: Sequence[Row], place: int) -> str:
    row = rows[place]
    goes_on = place + 1 < len(rows) and not rows[place + 1].after_gap and len(row.text) > _LONG
    headline = place < 8 and _is_headline(row) and not is_noise(row) and not goes_on
    return row.text if headline and len(row.text.split()) > 2 else ""


_LONG = 60
"""A line of running text is longer."""


def _whole_title(rows: Sequence[Row], place: int, said: str) -> Value[str]:
    row = last = rows[place]
    lines = [said]
    for follower in rows[place + 1 : place + 3]:
        if follower.after_gap or not _same_headline(row, follower):
            break
        lines.append(follower.text)
        last = follower
    text = _TITLE_NUMBER.sub("", " ".join(lines)).strip(" :–-")
    return Value(text, Source(row.number, last.number, row.page, How.LAYOUT))


def _is_headline(row: Row) -> bool:
    if (
        row.bullet
        or row.text[0] in "(["
        or len(row.text) > 160
        or row.text.endswith((".", ":", ","))
    ):
        return False
    return not is_head(row) and not lexicon.OPENING.match(row.text)


def _same_headline(row: Row, follower: Row) -> bool:
    return (
        row.text.isupper()
        and follower.text.isupper()
        and row.heading == follower.heading
        and not _URGENT_ACTION.match(follower.text)
    )
