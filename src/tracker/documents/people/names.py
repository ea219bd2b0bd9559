"""What looks like a person's name, and which names are one: in any script, for many countries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from tracker.documents.lexicon import INSTITUTION, ROLE, countries
from tracker.documents.people.name_words import (
    CONTINUING,
    COURTESY_WORDS,
    FIRST_NAMES_TOO,
    GERMAN_ARTICLES,
    NOUN_ENDINGS,
    OFFICE_WORDS,
    OTHER_WORDS,
    PARTICLES,
    PLACE_WORDS,
)

_SHORTEST, _LONG = 4, 7
"""Shorter words have one spelling; in long ones two letters may differ."""

MOST_WORDS = 7
"""A longer run of capitalised words is a heading, or a body with a long name."""

_LETTERS = r"[^\W\d_][^\W\d_\u0301]*"
_WORD = re.compile(rf"{_LETTERS}(?:['’‘`\u02bb\u02bc·-]{_LETTERS})*\.?")
_POSSESSIVE = re.compile(r"['’](?:s|S)?$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•…\"“„«(\[])\s*$")
_SMALL_PREFIX = re.compile(
    r"(?:al|el|an|ar|as|ash|at|az|ad|d|l|ibn|bin|ul|ur)['’-]\w", re.IGNORECASE
)
_BETWEEN_SURNAMES = frozenset("yei")
_HYPHENS = str.maketrans("", "", "'’‘`\u02bb\u02bc\xb4-‐–·.")


@dataclass(frozen=True)
class NameInText:
    """A run of words that may be a person's name.

    Attributes:
        after_office: whether an office stands right before it ("Minister X").
        at_start: whether a sentence begins with it.
    """

    start: int
    end: int
    text: str
    after_office: bool = False
    at_start: bool = False


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def plain(self) -> str:
        return self.text.casefold().rstrip(".").replace("’", "'")

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper() or bool(
            _SMALL_PREFIX.match(self.text) and any(letter.isupper() for letter in self.text)
        )


def names_in(text: str, small: Collection[str] = ()) -> list[NameInText]:
    """Return what may be names of persons, of two words or more, in order.

    `small` are words that the document also writes in small letters: at a sentence's beginning they
    are no names.
    """
    return [
        name
        for run in _runs(text)
        for name in _names_of(run, text, small)
        if 2 <= len(_counted(name.text)) <= MOST_WORDS
    ]


def _runs(text: str) -> Iterator[list[_Word]]:
    """Yield runs of capitalised words, and of particles between them, parted by spaces alone."""
    run: list[_Word] = []
    for found in _WORD.finditer(text):
        word, owned = _bare(found, text)
        if run and (text[run[-1].end : word.start].strip(" ") or word.start - run[-1].end > 2):
            yield run
            run = []
        if word.capital or (run and _joins(run[-1], word)):
            run.append(word)
        elif run:
            yield run
            run = []
        if owned and run:
            yield run
            run = []
    if run:
        yield run


def _bare(found: re.Match[str], text: str) -> tuple[_Word, bool]:
    """Return the word without the full stop of its sentence or the "'s" of what it owns."""
    word, end = found[0], found.end()
    owned = _POSSESSIVE.search(word) if not word.endswith(".") else None
    if owned:
        return _Word(found.start(), found.start() + owned.start(), word[: owned.start()]), True
    initial = len(word) <= 3 or word.rstrip(".").casefold() in COURTESY_WORDS
    if word.endswith(".") and not initial:
        return _Word(found.start(), end - 1, word[:-1]), True
    return _Word(found.start(), end, word), False


def _joins(before: _Word, word: _Word) -> bool:
    plain = word.plain
    return plain in PARTICLES or (plain in CONTINUING and before.plain in PARTICLES)


def _kind(word: _Word) -> str:
    """Return what a word is: "name", "courtesy", "office", "place" or "other"."""
    plain = word.plain
    if plain in COURTESY_WORDS:
        return "courtesy"
    if plain in OFFICE_WORDS or ROLE.fullmatch(plain):
        return "office"
    if plain in PLACE_WORDS or INSTITUTION.fullmatch(plain):
        return "place"
    if plain in OTHER_WORDS or NOUN_ENDINGS.search(plain):
        return "other"
    if word.text.isupper() and 1 < len(word.text) <= 4 and "." not in word.text:
        return "other"  # UN, NGO, SLE
    return "name"


def _names_of(run: list[_Word], text: str, small: Collection[str]) -> Iterator[NameInText]:
    """Yield the parts of a run that lie between words that are no names."""
    kinds = ["particle" if not word.capital else _kind(word) for word in run]
    kinds = [
        "name" if i and kinds[i - 1] == "name" and word.plain in FIRST_NAMES_TOO else kind
        for i, (word, kind) in enumerate(zip(run, kinds, strict=True))
    ]
    at_start = bool(_SENTENCE_START.search(text[max(run[0].start - 4, 0) : run[0].start]))
    if at_start and kinds[0] == "name" and run[0].plain in small:
        kinds[0] = "other"
    before_run = text[max(run[0].start - 12, 0) : run[0].start].split()
    if "und" in small and "die" in small and before_run and before_run[-1] in GERMAN_ARTICLES:
        kinds[0] = "other"
    first = 0
    for i in range(len(run) + 1):
        if i < len(run) and kinds[i] in {"name", "particle"}:
            continue
        before = kinds[first - 1] if first else ""
        # "Evin Prison", "Colonia San Juan": the words beside such a word belong to it.
        of_place = before == "place" or (i < len(run) and kinds[i] == "place")
        part = _trimmed(run[first:i], kinds[first:i])
        if part and not of_place and not _is_land(part) and not all(w.plain in small for w in part):
            start, end = part[0].start, part[-1].end
            yield NameInText(
                start, end, text[start:end], before == "office", at_start and part[0] is run[0]
            )
        first = i + 1


def _trimmed(words: list[_Word], kinds: list[str]) -> list[_Word]:
    first, last = 0, len(words)
    while first < last and kinds[first] == "particle":
        first += 1
    while last > first and kinds[last - 1] == "particle":
        last -= 1
    return words[first:last]


def _is_land(words: list[_Word]) -> bool:
    text = " ".join(word.plain for word in words)
    return text in countries() or any(land in f" {text} " for land in _long_lands())


@cache
def _long_lands() -> tuple[str, ...]:
    return tuple(f" {name} " for name in countries() if " " in name)


def small_words(texts: Collection[str]) -> frozenset[str]:
    """Return the words that the texts write in small letters, but for particles."""
    return frozenset(
        found[0].rstrip(".").replace("’", "'")
        for text in texts
        for found in _WORD.finditer(text)
        if found[0][:1].islower()
    ) - (PARTICLES | CONTINUING)


def is_name(text: str) -> bool:
    """Return whether a whole text, from a list of names, is written as one: one word is enough."""
    words = [_Word(found.start(), found.end(), found[0]) for found in _WORD.finditer(text)]
    if not words or len(words) > MOST_WORDS + 2 or any(letter.isdigit() for letter in text):
        return False
    if not any(letter.isupper() for letter in text):
        return script(text) not in {"", "LATIN", "CYRILLIC", "GREEK"}
    small = [word for word in words if not word.capital]
    if any(word.plain not in PARTICLES | CONTINUING | _BETWEEN_SURNAMES for word in small):
        return False
    return words[0].plain not in _BETWEEN_SURNAMES and any(word.capital for word in words)


def without_courtesy(text: str) -> str:
    """Return a name without what stands before it: "Dr", "Mr", "Professor"."""
    words = text.split()
    while len(words) > 1 and (plain := words[0].casefold().rstrip(".")) in COURTESY_WORDS:
        if len(words) == 2 and plain in FIRST_NAMES_TOO:
            break
        words = words[1:]
    return " ".join(words)


def script(text: str) -> str:
    """Return the script of most letters, as Unicode names it ("LATIN", "CJK"), or ""."""
    counts: dict[str, int] = {}
    for letter in text[:200]:
        if letter.isalpha():
            name = unicodedata.name(letter, "").split(" ", 1)[0]
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else ""


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """Return a name's words to compare: small letters, no accents, hyphens or apostrophes."""
    return tuple(plain for plain in map(_compared, name.split()) if plain)


def _compared(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).translate(
        _HYPHENS
    )


def _counted(name: str) -> list[str]:
    return [word for word in name.split() if word.casefold() not in PARTICLES | CONTINUING]


def is_spelling_of(other: str, name: str) -> bool:
    """Return whether two names are spellings of one: word by word the same or nearly so.

    Nearly: they begin and end in the same letter, and what differs sounds alike or is
    left out. Ahmed is Ahmad, but Karima is not Karim, nor Hussein Hassan: relatives share words.
    """
    theirs, ours = words_of(other), words_of(name)
    if theirs == ours:
        return True
    if "".join(theirs) == "".join(ours):
        return True
    if len(theirs) != len(ours) or len(ours) == 1:
        return False
    pairs = [(a, b) for a, b in zip(theirs, ours, strict=True) if a != b]
    return len(pairs) < len(ours) and all(_nearly(a, b) for a, b in pairs)


_SOUNDS_ALIKE = frozenset(
    frozenset(pair)
    for pair in ("ae", "ei", "ou", "iy", "ij", "jy", "ck", "kq", "cq", "sz", "vw", "st")
)
"""Letters that take each other's places when a name is written in another alphabet."""


def _nearly(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    if shorter < _SHORTEST or a[0] != b[0] or a[-1].replace("y", "i") != b[-1].replace("y", "i"):
        return False
    edits = Levenshtein.editops(a, b)
    return len(edits) <= (1 if shorter < _LONG else 2) and all(
        edit.tag != "replace"
        or (shorter > _SHORTEST and frozenset((a[edit.src_pos], b[edit.dest_pos])) in _SOUNDS_ALIKE)
        for edit in edits
    )


def is_fuller_form(longer: str, name: str) -> bool:
    """Return whether a name holds all words of another in their order, and at most three more."""
    theirs, ours = words_of(longer), words_of(name)
    if len(ours) < 2 or not len(ours) < len(theirs) <= len(ours) + 3:
        return False
    left = iter(theirs)
    return all(word in left for word in ours)
