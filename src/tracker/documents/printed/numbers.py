"""The number and the index that a document bears, and what kind of document it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.documents.draft import ActionKind, How, Value
from tracker.documents.layouts import Layout
from tracker.documents.printed.labels import is_head
from tracker.documents.structure import Row

_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|final|last|"
    r"updated?|new|\d{1,2}(?:st|nd|rd|th))"
)

_NUMBER = r"(?<![\d/.-])(?P<number>\d{1,3}\s?[/.]\s?\d{2}(?:-\d{1,2})?)(?![\d/]|\.\d|-\d)"

_INDEX = r"[A-Z]{3}\s?\d{2}/\d{2,5}/(?:19|20)\d{2}"

_NUMBERED = (
    # In the line at the head of a page, or in a title's brackets: "Second UA: 44/22", "UA 60/16".
    re.compile(
        rf"(?:^|[\[(\s|:–-])(?:further information on )?(?:{_ORDINAL}\s+)?(?:UA|"
        rf"U\.A\.)(?:\s?(?:no\.?|number|nr\.?))?\s?[:#]?\s*{_NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"urgent action(?:\s(?:no\.?|number|nr\.?|reference|ref\.?))?\s?[:#]?\s*\(?#?{_NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:^|[\[(:–-])\s*{_ORDINAL}\s+{_NUMBER}(?=\W*$)", re.IGNORECASE),
    re.compile(
        rf"\b(?:ua|action|case|reference)\s?(?:no\.?|number|nr\.?|ref\.?|code)?\s?[:#]\s*{_NUMBER}",
        re.IGNORECASE,
    ),
)

_INDEXED = re.compile(
    rf"(?:\bindex(?: number| no\.?)?\s*[:：]?\s*(?:AI\s)?)({_INDEX})", re.IGNORECASE
)

_BARE_INDEX = re.compile(rf"(?:^|\s)({_INDEX})(?=\s|$)")

_STOP = re.compile(
    r"no (?:further|more) (?:action|appeals?|letters?)s? (?:is|are|"
    r"by \w+ )?(?:\w+ )?(?:requested|required|needed|necessary|wanted)|"
    r"\bstop action\b|^\W*stop\s?:|\bUA (?:is )?(?:now )?closed\b|urgent action (?:is|"
    r"has been) (?:now )?closed|"
    r"(?:please )?(?:do not|don['’]t) (?:send|write) (?:any )?(?:more|further) (?:appeals|"
    r"letters|messages)|"
    r"no further appeals|action (?:on this case )?is (?:now )?closed",
    re.IGNORECASE,
)

_UPDATE = re.compile(
    rf"\bfurther information\s+on\s+(?:ua\b|urgent action\b|\d)|"
    rf"(?:^|[\[(\s])(?:second|third|fourth|fifth|sixth|seventh|"
    rf"eighth|ninth|tenth|final|[2-9]\s?(?:nd|rd|th))\s+"
    rf"(?:ua\b|urgent action\b|update\b|{_NUMBER})|\bis the (?:\w+ )?\w+ update (?:of|to|on)\b|"
    r"(?:^|\n)\W*(?:ua |urgent action )?update\b\s?[:|–-]|"
    r"\bfollow[- ]?up (?:on|to) (?:ua|urgent action)\b",
    re.IGNORECASE,
)


def number(rows: Sequence[Row]) -> Value[str] | None:
    """Return the urgent action's number as it is printed, such as "44/22" or "086/21-3"."""
    for pattern in _NUMBERED:
        for row in rows:
            found = pattern.search(row.text)
            if found:
                how = How.LABEL if is_head(row) or row.heading else How.PROSE
                return Value(found["number"].replace(" ", ""), row.source(how))
    return None


def index(rows: Sequence[Row]) -> Value[str] | None:
    """Return the document's index as it is printed, such as "ASA 17/8520/2024"."""
    for pattern in (_INDEXED, _BARE_INDEX):
        for row in rows:
            found = pattern.search(row.text)
            if found:
                return Value(" ".join(found[1].split()), row.source(How.LABEL))
    return None


def kind(rows: Sequence[Row], layout: Layout, previous_url: Value[str] | None) -> Value[ActionKind]:
    """Return what the document is for; a call that names no earlier one is the first."""
    if layout.letter_only:
        return Value(ActionKind.LETTER_ONLY, rows[0].source(How.LAYOUT))
    for row in rows:
        if _STOP.search(row.text):
            return Value(ActionKind.STOP, row.source(How.PROSE))
    for row in rows:
        if _UPDATE.search(row.text):
            return Value(ActionKind.UPDATE, row.source(How.LABEL if is_head(row) else How.PROSE))
    if previous_url:
        return Value(ActionKind.UPDATE, previous_url.source)
    return Value(ActionKind.FIRST, rows[0].source(How.LAYOUT))
