"""Arabic and Hebrew as they are drawn, from the left, → as they are read and written.

A PDF draws letters where they stand on the page; a line's own order is the reverse of that for
scripts that run leftwards, but for the numbers and Latin words among them (Unicode's UAX 9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]"
_STRETCH = re.compile(rf"{_LETTER}(?:[^A-Za-z]*{_LETTER})?")
_RIGHTWARDS = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]+|\d(?:[\d.,:/-]*\d)?")
_LATIN = re.compile(r"[A-Za-z]")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")

# Letters that stand at the end of a word only.
_LAST = "\u05da\u05dd\u05df\u05e3\u05e5\u0629\u0649"
_AT_END = re.compile(rf"(?<={_LETTER})[{_LAST}](?!{_LETTER})")
_AT_START = re.compile(rf"(?<!{_LETTER})[{_LAST}](?={_LETTER})")


def written_as_read(texts: Iterable[str]) -> bool:
    """Return whether these texts stand in reading order already, against a PDF's rule.

    Some programs draw them so, which nobody can read on the page. Letters that only end words tell;
    where there are none, the rule holds.
    """
    score = sum(len(_AT_END.findall(text)) - len(_AT_START.findall(text)) for text in texts)
    return score > 0


def in_reading_order(drawn: str) -> str:
    """Return a line, drawn from left to right, in the order in which it is read."""
    leftwards = len(re.findall(_LETTER, drawn))
    if not leftwards:
        return drawn
    if leftwards > len(_LATIN.findall(drawn)):
        return _turned(drawn)
    return _STRETCH.sub(lambda found: _turned(found[0]), drawn)


def _turned(text: str) -> str:
    turned = text[::-1].translate(_MIRRORED)
    return _RIGHTWARDS.sub(lambda found: found[0][::-1], turned)
