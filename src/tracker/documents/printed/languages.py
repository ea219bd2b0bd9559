"""The languages in which letters are wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale

from tracker.documents.draft import How, Value
from tracker.documents.layouts import Field, Layout
from tracker.documents.printed.labels import behind
from tracker.documents.structure import Passage, Row

_OWN_LANGUAGE = re.compile(
    r"\b(?:your|own|eigenen?|propi[oa]|propre|su)\s+(?:own )?(?:language|sprache|lengua|idioma|"
    r"langue)",
    re.IGNORECASE,
)

_IN_LANGUAGE = re.compile(
    r"\b(?:write|writing|written|appeals?|letters?|messages?|appeal|schreiben|escriba\w*|"
    r"écri\w+|wording)\b"
    r"[^.:;!?\n]{0,80}?\b(?:in|auf|en)\s+(?P<languages>(?:good |english\b|[A-ZÀ-Þ]|votre|"
    r"your)[^.:;!?\n]{0,80})",
    re.IGNORECASE,
)


_ALSO = (
    "Bengali", "Burmese", "Cantonese", "Dari", "Dhivehi", "Farsi", "Filipino", "Kirundi",
    "Mandarin", "Setswana", "siSwati", "Tagalog", "isiZulu",
)  # fmt: skip
"""English names of languages beside those that Unicode's tables prefer."""


@cache
def _languages() -> dict[str, str]:
    """Return languages' names, casefolded, in the languages of the documents → in English."""
    english = Locale("en").languages
    known = {
        name.casefold(): english[code]
        for language in ("es", "fr", "de", "en")
        for code, name in Locale(language).languages.items()
        if code in english and len(code) <= 3 and "(" not in name
    }
    return known | {name.casefold(): name for name in _ALSO}


def languages(
    rows: Sequence[Row], passages: Sequence[Passage], layout: Layout
) -> tuple[tuple[Value[str], ...], Value[bool] | None]:
    """Return in which languages to write, in English; and whether one's own will do, if it says."""
    own = next((row for row in rows if _OWN_LANGUAGE.search(row.text)), None)
    own_language = Value(True, own.source(How.PROSE)) if own else None
    for value, _ in behind(rows, layout, Field.LANGUAGES):
        found = _named_languages(value.value)
        if found:
            return tuple(Value(name, value.source) for name in found), own_language
    for passage in passages:
        for said in _IN_LANGUAGE.finditer(passage.text[:6000]):
            found = _named_languages(said["languages"])
            if found:
                source = passage.source(said.start(), said.end(), How.PROSE)
                return tuple(Value(name, source) for name in found), own_language
    return (), own_language


def _named_languages(text: str) -> list[str]:
    """Return the languages named before the sentence turns to anything else."""
    named: list[str] = []
    for part in re.split(
        r"\s*(?:,|/|;|\(|\)|\.|\bor\b|\band\b|\bo\b|\bou\b|\boder\b|\by\b|\bund\b|\bet\b|&)\s*",
        text,
    ):
        words = part.strip(" .:").casefold()
        words = re.sub(
            r"^(?:preferably |ideally |either |good |gutem |in |auf |en |the )+", "", words
        )
        name = _language_at_start(words)
        if name and name not in named:
            named.append(name)
        elif (not name and named and words and not _OWN_LANGUAGE.search(part)) or (
            not name and not named and len(words.split()) > 6
        ):
            break
    return named


def _language_at_start(words: str) -> str | None:
    """Return the language that a few words begin with: "english before 16 july"."""
    parts = words.split()[:4]
    for end in range(len(parts), 0, -1):
        if name := _languages().get(" ".join(parts[:end])):
            return name
    return None
