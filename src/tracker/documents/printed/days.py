"""The day of issue, and until when letters are wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.documents.dates import first_date
from tracker.documents.draft import How, Question, Value
from tracker.documents.layouts import Field, Layout
from tracker.documents.printed.labels import behind, is_head
from tracker.documents.structure import Passage, Row
from tracker.rules import Precision

_DATED = re.compile(
    r"\b(?:issue(?:d)?|publication)?\s?date(?:d)?\s*[:：]\s*(.{6,40})", re.IGNORECASE
)

_PUBLISHED = re.compile(
    r"\b(?:published|posted|issued|updated)(?: on)?\s*[:：]?\s*(.{6,40})", re.IGNORECASE
)

_INDEX = re.compile(r"\bindex\b|\bUA\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
"""With its weekday a day is a blog's, more often than the urgent action's own."""

_LETTERS = (
    r"(?:appeals?|letters?|messages?|e-?mails?|faxes|postcards?|actions?|tweets?|cartas?|mensajes?|"
    r"lettres?|messages|courriels?|briefe?|faxe|appelle?)"
)
_UNTIL = (
    r"(?:before|until|till|by|no later than|not later than|up to|antes del?|hasta el|avant le|"
    r"jusqu['’]au|bis zum|bis|vor dem)"
)
_LAST_DAY = re.compile(
    rf"(?:(?P<told>take action|act\b|write\b|contact\b|escriba\w*|écri\w+|schreiben|"
    rf"(?:send|env[ií]\w+|envoy\w+|senden|schicken)\b[^.!?\n]{{0,60}}?\b{_LETTERS}|{_LETTERS})"
    rf"\b[^.!?\n]{{0,140}}?\b{_UNTIL}"
    r"|\bcheck with\b[^.!?\n]{0,100}\b(?:appeals|letters|messages)\b[^.!?\n]{0,30}?\bafter"
    r"|\bdeadline(?: for \w+(?: \w+)?)?(?: is)?"
    r"|\b(?:effective|useful|valid|welcome|helpful|active|open) (?:until|till|up to))"
    r"\s*:?\s*(?:the\s|midnight on\s)?(?P<date>[^!?\n]{3,40})",
    re.IGNORECASE,
)
_TOLD_TO_YOU = re.compile(
    r"(?:\W|\b(?:please|and|or|then|also|now|urgently|you|can|may|should|could|we|ask|invite|urge|that|"
    r"to|your|all|the|any|in|own|words|so|if|possible|as|soon|bitte|por|favor|merci|de|veuillez|"
    r"send|further|more|these|an|a|help)\b)*",
    re.IGNORECASE,
)
"""What may stand in a sentence before what volunteers are told to do."""


def issued_on(rows: Sequence[Row], layout: Layout) -> Value[date] | None:
    """Return the day of issue: behind its label, or alone on a row near the beginning."""
    for row in sorted(rows, key=lambda row: not (is_head(row) and _INDEX.search(row.text))):
        found = _DATED.search(row.text)
        stated = first_date(found[1]) if found else None
        if stated and stated.day and stated.precision is Precision.DAY:
            return Value(stated.day, row.source(How.LABEL))
    for row in rows:
        stated = first_date(row.text) if is_head(row) and _INDEX.search(row.text) else None
        if stated and stated.day and stated.precision is Precision.DAY:
            return Value(stated.day, row.source(How.LAYOUT))
    for value, _ in behind(rows, layout, Field.ISSUED_ON):
        stated = first_date(value.value)
        if stated and stated.day and stated.precision is Precision.DAY and stated.start < 12:
            return Value(stated.day, value.source)
    for row in rows[:25]:
        found = _PUBLISHED.search(row.text)
        stated = first_date(found[1]) if found else None
        if stated and stated.day and stated.precision is Precision.DAY and stated.start < 2:
            return Value(stated.day, row.source(How.LABEL))
    for row in sorted(rows[:20], key=lambda row: bool(_WEEKDAY.match(row.text))):
        for cell in row.cells:
            stated = first_date(cell)
            if (
                stated
                and stated.day
                and stated.precision is Precision.DAY
                and _is_place_and_date(cell[: stated.start], cell[stated.end :])
            ):
                return Value(stated.day, row.source(How.LAYOUT))
    return None


def _is_place_and_date(before: str, after: str) -> bool:
    """Return whether nothing but a place stands with a date: "Berlin, den 6. Februar 2023"."""
    before = _WEEKDAY.sub("", before)
    place = re.fullmatch(
        r"(?:(?:[A-ZÀ-Þ][\w.'’-]*|de|del|la|of|am|an)\s?){1,5}(?:[a-z]+)?\s?[,·|–-]?\s*(?:den|le|on|el|a|the)?\s*|"
        r"\W*(?:le|den|el|on)?\W*",
        before,
    )
    return place is not None and not re.search(r"\w", after)


def deadline(
    rows: Sequence[Row], passages: Sequence[Passage], layout: Layout, issued: date | None
) -> Value[date] | None:
    """Return until when letters are wanted; a missing year is the first after the day of issue."""
    for value, _ in behind(rows, layout, Field.DEADLINE):
        if found := _day(value.value, issued, most=14):
            return Value(found[0], replace(value.source, inferred=found[1]))
    for passage in passages:
        for said in _LAST_DAY.finditer(passage.text[:4000]):
            found = _day(said["date"], issued, most=2)
            if found and _is_advice(passage.text, said):
                return Value(
                    found[0],
                    passage.source(said.start(), said.end(), How.PROSE, inferred=found[1]),
                )
    return None


def _is_advice(text: str, said: re.Match[str]) -> bool:
    """Return whether volunteers are told, and it is not told what somebody else did or will do."""
    if not said["told"]:
        return True
    start = max(text.rfind(end, 0, said.start()) + 1 for end in ".!?:;")
    before = text[start : said.start()]
    between = text[said.end("told") : said.start("date")]
    return _TOLD_TO_YOU.fullmatch(before) is not None and not _SOMEBODY.search(between)


_SOMEBODY = re.compile(
    r"\b(?:I|they|he|she|will|must|were|was|has|have|had|urging|calling|asking|demanding)\b"
)


def _day(text: str, issued: date | None, most: int) -> tuple[date, bool] | None:
    stated = first_date(text[:80])
    if stated is None or stated.start > most:
        return None
    if stated.day is not None:
        return (stated.day, False) if stated.precision is Precision.DAY else None
    if stated.month_day is None or issued is None:
        return None
    for year in (issued.year, issued.year + 1):
        try:
            day = date(year, *stated.month_day)
        except ValueError:
            continue
        if day >= issued:
            return day, True
    return None


def unclear(rows: Sequence[Row], layout: Layout, field: Field, about: str) -> tuple[Question, ...]:
    """Return the question that is left where a number stands behind a day's label and is no day.

    As "31 February", and 3/5/2022, which may be in March or in May.
    """
    for value, _ in behind(rows, layout, field):
        if re.search(r"\d", value.value[:_SHOWN]):
            return (Question(about, value.value[:_SHOWN], value.source),)
    return ()


_SHOWN = 40
"""So much of what stands there is shown."""
