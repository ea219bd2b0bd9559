"""Where the previous urgent action stands on the web."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.documents.draft import How, Value
from tracker.documents.layouts import Field, Layout
from tracker.documents.printed.labels import behind
from tracker.documents.structure import Passage, Row

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"\])]+", re.IGNORECASE)

_NOTHING = re.compile(r"(?:n\s?/\s?a|none|not applicable|-+|–|nil)\W*", re.IGNORECASE)

_PREVIOUS = re.compile(
    r"(?:further information|follow-up (?:to|on)|(?:previous|last|earlier|original|first) (?:ua|"
    r"urgent action|"
    r"update|action)s?)\b"
    r"[^.!?]{0,60}?(?P<url>(?:https?://|www\.)[^\s<>\"\])]+)",
    re.IGNORECASE,
)


def previous_url(
    rows: Sequence[Row], passages: Sequence[Passage], layout: Layout
) -> Value[str] | None:
    """Return where the previous urgent action stands on the web, if it is printed."""
    for value, taken in behind(rows, layout, Field.PREVIOUS_URL):
        if _NOTHING.fullmatch(value.value):
            continue
        whole = re.sub(r"(?<=[/-]) (?=[\w/.-]+(?:\s|$))", "", value.value)
        raw = " ".join(row.raw for row in taken)
        found = _URL.search(whole) or _URL.search(raw)
        if found:
            return Value(found[0].rstrip(".,;"), value.source)
    for passage in passages:
        if found := _PREVIOUS.search(passage.text[:3000]):
            source = passage.source(found.start("url"), found.end("url"), How.PROSE)
            return Value(found["url"].rstrip(".,;"), source)
    for row in rows:
        if found := _PREVIOUS.search(row.raw[:3000]):
            return Value(found["url"].rstrip(".,;"), row.source(How.PROSE))
    return None
