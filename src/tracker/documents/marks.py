"""The marks of Markdown, HTML and lists, and a text without them."""

from __future__ import annotations

import re
from dataclasses import dataclass

BULLETS = "•●▪■◾◼□▶►‣◦∙·➢➣➤❖✓✔☐☑▸»*–—-"
"""What may begin an item of a list, besides the letters that stand for those of symbol fonts."""

_HEADING = re.compile(r"#{1,6}\s+")
_QUOTE = re.compile(r"(?:>\s?)+")
_BULLET = re.compile(
    rf"(?:(?P<strong>\*\*|__)(?:[{re.escape(BULLETS)}]|[nqoüv])(?P=strong)\s*(?=\S)|"
    r"\$\\(?:bullet|square|blacksquare|cdot)\$\s*(?=\S))"
    rf"|(?:[{re.escape(BULLETS)}\uf000-\uf0ff>!]|\[[ xX]?\]|\(?\d{{1,2}}[.)])\s+(?=\S)"
    r"|[nqoüv]\s+(?=[A-ZÀ-Þ])"
)
_INNER_BULLET = re.compile(
    rf"(?<=[;.:])\s+(?:[{re.escape(BULLETS.rstrip('–—-'))}\uf000-\uf0ff>]|[nqü])\s+(?=[A-ZÀ-Þ])"
)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]+?)(?<=\S)\1(?![\w*])")
_IMAGE = re.compile(r"!\[[^\]]{0,200}\]\([^()\s]{0,400}\)")
_LINK = re.compile(r"\[([^\]]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_TAG = re.compile(r"</?(?:u|b|i|em|strong|span|sup|sub|br|p|div|a)(?:\s[^>]*)?/?>", re.IGNORECASE)
_ESCAPE = 0xF0000
_KEPT = re.compile(f"[{chr(_ESCAPE)}-{chr(_ESCAPE + 0x7F)}]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_BOLD = re.compile(r"(\*\*|__)(?!\s).*(?<!\s)\1[:.]?")
_MOST_BULLETS = 3


@dataclass(frozen=True)
class Unmarked:
    """A line without what it begins with.

    Attributes:
        heading: whether it is marked as a heading or wholly set in bold.
        bullet: whether it begins an item of a list.
    """

    text: str
    heading: bool
    bullet: bool


def unmarked(line: str) -> Unmarked:
    """Return a line without the quote, heading or bullets that it begins with."""
    text = _QUOTE.sub("", line.strip(), count=1) if line.lstrip()[:1] == ">" else line
    text = text.strip()
    heading = _HEADING.match(text)
    if heading:
        text = text[heading.end() :].rstrip("# ")
    bold = _BOLD.fullmatch(text) is not None and text.count(text[:2]) == 2
    bullets = 0
    while bullets < _MOST_BULLETS and (found := _BULLET.match(text)):
        text = text[found.end() :]
        bullets += 1
    return Unmarked(text, heading is not None or bold, bullets > 0)


def items_of(text: str) -> list[str]:
    """Return the items of a list that a converter has put on one line: "...; ■ Urging ..."."""
    return _INNER_BULLET.split(text)


def without_marks(text: str) -> str:
    """Return a line's words: no Markdown, no tags, single spaces."""
    # What is escaped is a letter like others, until the marks are gone.
    text = _ESCAPED.sub(lambda found: chr(_ESCAPE + ord(found[1])), text)
    text = _TAG.sub("", text)
    text = _IMAGE.sub("", text)
    text = _LINK.sub(r"\1", text)
    for _ in range(2):
        text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    text = text.replace("**", "")
    text = _KEPT.sub(lambda found: chr(ord(found[0]) - _ESCAPE), text)
    return " ".join(text.split())
