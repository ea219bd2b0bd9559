"""One language's words for one visitor: messages, days and numbers. locale/ holds the catalogues.

The shell chooses the language once for each run (`speak`); everything below just asks. Codes and
headers of CSV files are never translated.
"""

from __future__ import annotations

import gettext as _catalogues
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

DEFAULT = "en"
_DOMAIN = "tracker"
_FOLDER = Path(__file__).resolve().parent / "locale"
_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def languages() -> list[str]:
    """Return the codes of the languages that there are words for, the source language first."""
    found = sorted(file.parent.parent.name for file in _FOLDER.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo"))
    return [DEFAULT, *(code for code in found if code != DEFAULT)]


def speak(language: str) -> None:
    """Use that language's words from here on in this run; an unknown one falls back to English."""
    _language.set(language if language in languages() else DEFAULT)


def gettext(message: str) -> str:
    """Return the message in the visitor's language."""
    # A catalogue has its own head, with names and dates of translators, under the empty message.
    return _catalogue(_language.get()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Return the message in the form that the visitor's language has for that number."""
    return _catalogue(_language.get()).ngettext(one, many, number)


def number(value: float) -> str:
    """Return a number as the visitor's language writes it: 1,204."""
    return format_decimal(value, locale=_locale())


def day(value: date) -> str:
    """Return a day in full: 18 March 2025."""
    return format_date(value, format="long", locale=_locale())


def moment(value: datetime, time_zone: str) -> str:
    """Return a moment (UTC) as day and time in a time zone (IANA name): 18 Mar 2025, 14:05."""
    there = value.astimezone(ZoneInfo(time_zone))
    return f"{short_day(there.date())}, {format_time(there, 'short', locale=_locale())}"


def short_day(value: date) -> str:
    """Return a day for tight places: 18 Mar 2025."""
    return format_date(value, format="medium", locale=_locale())


def month(value: date) -> str:
    """Return a month: September 2023."""
    return format_skeleton("yMMMM", value, locale=_locale())


def rough_day(value: date | None, precision: str) -> str:
    """Return a date as exactly as it is known; `precision` is a code of `rules.Precision`."""
    if value is None or precision == "none":
        return gettext("date not known")
    if precision == "before":
        return gettext("by {day}").format(day=day(value))
    if precision == "month":
        return month(value)
    return str(value.year) if precision == "year" else day(value)


def listed(items: list[str]) -> str:
    """Return the items as a sentence lists them: A, B and C."""
    return format_list(items, locale=_locale()) if items else ""


def alternatives(items: Sequence[str]) -> str:
    """Return the items as a sentence offers them: A, B or C."""
    return format_list(list(items), style="or", locale=_locale()) if items else ""


def language_name(code: str) -> str:
    """Return a language's name in the visitor's language, for an ISO 639-1 code."""
    return str(_locale().languages.get(code, code))


def _locale() -> Locale:
    code = _language.get()
    # Source words are British; so are the source language's dates.
    return Locale.parse("en_GB" if code == DEFAULT else code, sep="-" if "-" in code else "_")


@lru_cache(maxsize=32)
def _catalogue(language: str) -> _catalogues.NullTranslations:
    return _catalogues.translation(_DOMAIN, str(_FOLDER), [language], fallback=True)
