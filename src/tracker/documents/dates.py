"""The dates that a text names, in English, Spanish, French, German and Portuguese.

Only what a text spells out is a date: 5/6/2021, which may be in May or in June, is none, and
neither is 31 February.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from babel.dates import get_month_names

from tracker.rules import Precision

LEAP_YEAR = 2000
"""A year in which every day of a calendar exists."""

NEAR = 32
"""So many letters before a date may say what kind of date it is."""


@dataclass(frozen=True)
class DateInText:
    """A date, and where a text names it.

    Attributes:
        start: where its words begin, without an "on" or "in" before them.
        end: where they end; days that are named together ("3 and 5 May") share start and end.
        day: the first day that it can be; None where the year is missing. A stretch in words
            ("from 3 to 5 May 2021") names both its ends, one with a dash ("3-5 May") its first day.
        precision: DAY, MONTH or YEAR.
        month_day: month and day (1 if only a month is named) where the year is missing, else None.
    """

    start: int
    end: int
    day: date | None
    precision: Precision
    month_day: tuple[int, int] | None = None


def _names(width: Literal["wide", "abbreviated"], *languages: str) -> dict[str, int]:
    return {
        name.rstrip("."): month
        for language in languages
        for month, name in get_month_names(width, context="format", locale=language).items()
    }


_WHOLE: Final = {
    name.lower(): n for name, n in _names("wide", "en", "es", "fr", "de", "pt").items()
}
_WHOLE.update(fevrier=2, aout=8, setiembre=9, decembre=12, marco=3, maerz=3, jänner=1)
_SHORT: Final = {
    name.lower(): n
    for name, n in _names("abbreviated", "en", "es", "fr", "de", "pt").items()
    if name.lower() not in _WHOLE
} | {"sep": 9, "sept": 9}
_MONTHS: Final = _WHOLE | _SHORT
_ENGLISH = {*_names("wide", "en"), *_names("abbreviated", "en"), "Sep", "Sept"}
_GERMAN = {*_names("wide", "de"), *_names("abbreviated", "de"), "Maerz", "Jänner"}
_ALONE = {*_names("wide", "en", "de"), *_names("wide", "es", "fr", "pt")}
"""How a month is written without a day or a year: "March", "mars"; "Mayo" would be a place."""
_NO_MONTHS = {"may", "march", "mar", "dec", "set", "out", "ago"}
"""Names of months that, written small, are other words of some language."""

_MONTH = rf"(?:(?:{'|'.join(_WHOLE)})\b|(?:{'|'.join(_SHORT)})\b\.?)"
_YEAR = r"(?:1[89]|20)\d\d(?![\d/%]|[-–:.,]\d)"
_NUMBER = r"(?<!\d)(?<!\d[.,/:])\d{1,2}(?!\d)(?:\s?(?:st|nd|rd|th)\b|(?:er|ro)\b|\.?[ºª°])?"
_DAY = rf"{_NUMBER}\.?"
_TO = r"\s?[-–—]\s?"
_AND = (
    r"\s(?:and|or|to|until|till|through|y|e|et|und|&|al?|au|hasta|jusqu['’]au|bis(?:\szum)?|até)"
    r"(?:\son)?\s(?:the\s|el\s|le\s|dem\s)?"
)
_COUNT = r"\d{1,2}\s(?:[a-z]{3,}s|people|men|women)\b"
"""What comes after the day in "sentenced on May 5 to 20 years"."""

_DATE = re.compile(
    rf"""
    (?<!\w)(?=[\dadefjmnos])(?:
    (?<![./-])(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\w/-])
  | (?<![./-])(?P<figures>\d{{1,2}}(?P<sign>[./-])\d{{1,2}}(?P=sign)(?:19|20)\d\d)(?!\d|[./-]\d)
  | (?:(?P<from>{_DAY})(?:(?P<to>{_TO})|{_AND}))?
    (?P<day>{_DAY})\s(?:(?:of|de|del)\s)?(?P<month>{_MONTH})(?:,?\s(?:del?\s)?(?P<year>{_YEAR}))?
  | (?P<us_month>{_MONTH})\s(?:(?P<us_from>{_NUMBER})(?:(?P<us_to>{_TO})|{_AND})(?!{_COUNT}))?
    (?P<us_day>{_NUMBER})(?!:\d)(?:,?\s(?P<us_year>{_YEAR}))?
  | (?P<only_month>{_MONTH})(?:,?\s(?:(?:of|del?)\s)?(?P<month_year>{_YEAR}))?
  | (?:(?<=mid-)|(?<![/$€£+–—-])(?<!\d[.,:]))(?P<only_year>(?:1[89]|20)\d\d)
    (?:\s?[-–—]\s?(?:19|20)\d\d)?(?!\w|[/%]|[-–:.,]\d)
    )
    """,
    re.VERBOSE,
)
"""Reads small letters only: to be told to heed no case, re takes three times as long."""
_LISTED = re.compile(rf"(?:^|(?<![\d,])\s)(?:{_DAY},\s){{1,6}}$")
_NAME = re.compile(r"\s[A-Z][a-z]")
_NIGHT = re.compile(
    r"(?:\bnight\s(?:of|from)|\bnuit\sdu|\bnoche\sdel|\bnacht\s(?:vom|auf\sden|zum))\s(?:the\s)?$",
    re.IGNORECASE,
)
_IN = re.compile(r"\bin\s$", re.IGNORECASE)
_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|until|till|by|before|after|during|last|next|this|early|late|mid|from|to|between|and|through|"
    r"(?:beginning|start|middle|end|month)\sof|en|de|desde|hasta|durante|entre|mes\sde|"
    r"(?:principios|mediados|finales|fines)\sde|pasado|depuis|jusqu['’]en|début|mi|fin|mois\sd[e’']|"
    r"im|von|seit|anfang|mitte|ende|bis|em|até|à|a|mês\sde)[\s-]?$",
    re.IGNORECASE,
)


def dates_in(text: str) -> list[DateInText]:
    """Return the dates that a text names, in its order."""
    return [found for match in _DATE.finditer(_small(text)) for found in _read(match, text)]


def first_date(text: str) -> DateInText | None:
    """Return the first date that a text names."""
    for match in _DATE.finditer(_small(text)):
        for found in _read(match, text):
            return found
    return None


def _small(text: str) -> str:
    """Return the text in small letters, each where it was."""
    return text.replace("İ", "I").lower()


def _read(match: re.Match[str], text: str) -> Iterator[DateInText]:
    start, end = match.span()
    if match["iso"]:
        year, month, day = match["iso"].split("-")
        yield from _days(start, end, [(int(year), int(month), int(day))])
    elif match["figures"]:
        yield from _days(start, end, _day_of_figures(match["figures"], match["sign"]))
    elif match["day"]:
        yield from _of_month(match, text)
    elif match["us_day"]:
        yield from _american(match, text)
    elif match["only_month"]:
        yield from _month(match, text)
    else:
        year_begins = date(int(match["only_year"]), 1, 1)
        yield DateInText(start, end, year_begins, Precision.YEAR)


def _days(
    start: int, end: int, days: Iterable[tuple[int | None, int, int]]
) -> Iterator[DateInText]:
    """Yield those of the days, given as year, month and day, that the calendar knows."""
    for year, month, day in days:
        try:
            known = date(year or LEAP_YEAR, month, day)
        except ValueError:
            continue
        if year:
            yield DateInText(start, end, known, Precision.DAY)
        else:
            yield DateInText(start, end, None, Precision.DAY, (month, day))


def _day_of_figures(text: str, sign: str) -> list[tuple[int, int, int]]:
    """Return the only day that three numbers can be, if so; with dots, the day stands first."""
    first, second, year = (int(part) for part in text.split(sign))
    if sign == "." or first > 12 or first == second:
        return [(year, second, first)]
    return [(year, first, second)] if second > 12 else []


def _of_month(match: re.Match[str], text: str) -> Iterator[DateInText]:
    """Yield the dates of "9 September 2024", "3-5 May" and their like."""
    name = _as_printed(match, "month", text)
    if not _is_month(name, dated=bool(match["year"])):
        return
    if match["day"].endswith(".") and name.title() not in _GERMAN:
        return
    start, days = match.start(), _numbers(match["from"], match["day"])
    if match["from"] and not _goes_on(days):
        return
    if match["to"] or _NIGHT.search(_before(match, text)):
        days = days[:1]
    elif match["from"]:
        # "3, 4 and 5 May": the list began before what matched.
        listed = _LISTED.search(_before(match, text))
        if listed:
            start -= len(listed[0].lstrip())
            days = _numbers(*re.findall(r"\d+", listed[0])) + days
    year = int(match["year"]) if match["year"] else None
    yield from _days(start, match.end(), ((year, _MONTHS[name.lower()], day) for day in days))


def _american(match: re.Match[str], text: str) -> Iterator[DateInText]:
    """Yield the dates of "September 9, 2024", "May 3-5" and their like."""
    name = _as_printed(match, "us_month", text)
    if not (name in _ENGLISH or name.isupper()):
        return
    month = _MONTHS[name.lower()]
    if _IN.search(_before(match, text)) and not match["us_year"] and not match["us_from"]:
        # "In May 20 people were arrested": the number belongs to what comes after it.
        yield DateInText(match.start(), match.end("us_month"), None, Precision.MONTH, (month, 1))
        return
    days = _numbers(match["us_from"], match["us_day"])
    if match["us_from"] and not _goes_on(days):
        return
    if match["us_to"]:
        days = days[:1]
    year = int(match["us_year"]) if match["us_year"] else None
    yield from _days(match.start(), match.end(), ((year, month, day) for day in days))


def _month(match: re.Match[str], text: str) -> Iterator[DateInText]:
    """Yield the date of "September 2024" or "in September"."""
    name = _as_printed(match, "only_month", text)
    month = _MONTHS[name.lower()]
    if match["month_year"]:
        if _is_month(name, dated=False):
            day = date(int(match["month_year"]), month, 1)
            yield DateInText(match.start(), match.end(), day, Precision.MONTH)
    elif (
        name in _ALONE
        and not _NAME.match(text, match.end())
        and _BEFORE_MONTH.search(_before(match, text))
    ):
        yield DateInText(match.start(), match.end(), None, Precision.MONTH, (month, 1))


def _is_month(name: str, *, dated: bool) -> bool:
    """Return whether a month's name as printed means one; `dated`: a day and a year are with it."""
    if name in _NO_MONTHS:
        return dated and name not in {"out", "ago"}
    return dated or name.lower() in _WHOLE or name in _ENGLISH | _GERMAN


def _numbers(*texts: str | None) -> list[int]:
    return [int(re.sub(r"\D", "", text)) for text in texts if text]


def _goes_on(days: Sequence[int]) -> bool:
    """Return whether the second day comes after the first: else they are no days of a month."""
    return days[0] < days[-1]


def _as_printed(match: re.Match[str], group: str, text: str) -> str:
    return text[match.start(group) : match.end(group)].rstrip(".")


def _before(match: re.Match[str], text: str) -> str:
    return text[max(match.start() - NEAR, 0) : match.start()]
