"""Words that name no date but go back to one: "on the same day", "le même jour"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tracker.documents.dates import DateInText
from tracker.rules import Precision

_TIME_EN = r"(?:day|date|night|evening|afternoon|morning)"
_SAME: Final = re.compile(
    rf"\b(?:the\ssame\s{_TIME_EN}|th(?:at|is)\s(?:very\s)?same\s{_TIME_EN}|"
    r"that\s(?:day|night|evening|afternoon)|"
    r"(?:el|ese|aquel)\smismo\sdía|(?:la|esa|aquella)\smisma\s(?:noche|tarde|mañana)|"
    r"(?:ese|aquel)\sdía|(?:esa|aquella)\snoche|"
    r"l[ae]\smême\s(?:jour|nuit|soirée|soir)|le\s(?:jour|soir)\smême|ce\s(?:jour|soir)-là|"
    r"cette\snuit-là|(?:am|an\sdem)(?:selben|\sselben|\sgleichen)\s(?:tag|abend|morgen|nachmittag)|"
    r"in\s(?:der\s?selben|der\sgleichen)\snacht|an\s(?:diesem|jenem)\s(?:tag|abend)|"
    r"in\s(?:dieser|jener)\snacht|"
    r"no\smesmo\sdia|n(?:a|essa)\smesma\s(?:noite|tarde|manhã)|n(?:esse|aquele)\s(?:mesmo\s)?dia|"
    r"n(?:essa|aquela)\snoite)\b"
    r"(?!\s(?:as|that|when|which|than|que|qu['’]|où|wie|als|dass|em\sque|en\sque)\b)",
    re.IGNORECASE,
)
_NO_DAY_OF_ITS_OWN: Final = re.compile(
    r"\b(?:since|until|till|by|before|after|from|desde|hasta|antes\sde|después\sde|depuis|avant|"
    r"après|jusqu['’]à|seit|bis|vor|nach|até|depois\sd)\s?$",
    re.IGNORECASE,
)
_OTHER_DAYS: Final = re.compile(
    r"\b(?:days?|weeks?|months?|years?)\s(?:\w+\s)?(?:after|before|later|earlier|ago)\b|"
    r"\b(?:the\s(?:next|following)\s\w+|previous\s(?:day|night))\b|"
    r"\b(?:días?|semanas?|meses|años?)\s(?:\w+\s)?(?:antes|después|más\starde)\b|\bdía\ssiguiente\b|"
    r"\b(?:jours?|semaines?|mois|ans)\s(?:\w+\s)?(?:avant|après|plus\stard)\b|\blendemain\b|"
    r"\b(?:tage?|wochen?|monate?|jahre?)\s(?:\w+\s)?(?:vor|nach|später|zuvor)\b|"
    r"\b(?:dias?|semanas?|anos?)\s(?:\w+\s)?(?:antes|depois|mais\starde)\b|\bdia\sseguinte\b",
    re.IGNORECASE,
)
"""By these a sentence leads to a day beside the one that it names."""

_NEAR: Final = 16
_LONGEST_SIGN: Final = len(", (")


def same_days_in(text: str, dates: Sequence[DateInText]) -> list[DateInText]:
    """Return where a text goes back to a day, in its order: days without a date of their own.

    Those that it names right after that ("the same day, 3 May") are among its `dates`.
    """
    begins = {each.start for each in dates}
    return [
        DateInText(*found.span(), None, Precision.DAY)
        for found in _SAME.finditer(text)
        if begins.isdisjoint(range(found.end(), found.end() + _LONGEST_SIGN + 1))
        and not _NO_DAY_OF_ITS_OWN.search(text[max(found.start() - _NEAR, 0) : found.start()])
    ]


def leads_to_other_days(sentence: str) -> bool:
    """Return whether a sentence leads to a day beside the one that it names."""
    return bool(_OTHER_DAYS.search(sentence))
