"""How the facts found in a document are held against the expected ones. Pure; the rules:

- Every value counts for its field: right (true positive), found but not expected (false positive),
  expected but not found (false negative). A wrong value is one false positive and one false
  negative. Nothing found where nothing is expected counts nowhere.
- Texts are equal when they are after Unicode's NFKC, without regard to case, to runs of spaces and
  to punctuation at the ends. Dates and kinds are texts like others.
- Addresses are equal when their words are, in order: line ends and commas do not count.
- People are matched by name. Failing that, by any name or other name in common: then the name is
  wrong, and the rest is compared. Of a person without a match, everything is invented or missed.
- Targets are matched by name, without regard to forms of address before it ("Dr", "General", "His
  Excellency"), which one document has in the name and another in the role. Failing that, the two
  whose role and address are most alike, if they are alike by 60 of 100.
- Priority and copy count only where they are set: priority null and copy false are nothing.
- E-mails, languages and other names are sets. Asks are matched when they are equal, or alike by 90
  of 100 (rapidfuzz's ratio).
- Events are matched when the date, with its precision, is equal, and when at least half of the
  content words (what the stop words below leave) of one `about` are in the other. What is found
  again on the date of an event already matched is the same happening told in other words, and
  counts neither way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

ALIKE_ASKS = 90
ALIKE_TARGETS = 60

SCALARS = ("kind", "title", "ua_number", "index", "issued_on", "deadline", "previous_url")
PERSON = ("name", "other_names", "pronouns")
TARGET = ("name", "role", "address", "salutation", "emails", "fax", "priority", "copy")
FIELDS = (
    *SCALARS,
    *(f"people.{each}" for each in PERSON),
    *(f"targets.{each}" for each in TARGET),
    "languages",
    "asks",
    "events",
)

FORMS_OF_ADDRESS = re.compile(
    r"^((his|her|your) (excellency|majesty|honou?r)|h\. ?e\.|i\. ?e\.|the right|hon(ou?rable)?\b\.?"
    r"|(mr|mrs|ms|miss|dr|dra|prof|sr|sra|lt|col|gen)\b\.?|professor|judge|justice|minister|ambassador"
    r"|commissioner|general|colonel|polkovnik|commodore|captain|major|director|sheikh|shaikh"
    r"|señora?|monsieur|madame|m\.|mme|herr|frau)\s+"
)

STOP_WORDS = frozenset(
    {
        *("a", "an", "and", "are", "as", "at", "been", "by", "for", "from", "had", "has", "have"),
        *("he", "her", "him", "his", "in", "is", "it", "its", "of", "on", "or", "over", "she"),
        *("that", "the", "their", "them", "they", "this", "to", "was", "were", "which", "who"),
        *("al", "de", "del", "el", "en", "la", "las", "le", "les", "los", "que", "se", "un", "una"),
        *("au", "aux", "d", "des", "du", "elle", "et", "il", "l", "par", "qu", "sa", "ses", "son"),
        *("das", "dem", "den", "der", "die", "er", "hat", "ihr", "im", "sie", "und", "wurde", "à"),
    }
)
"""Of English, Spanish, French and German: what says nothing about a happening."""


@dataclass(frozen=True)
class Tally:
    """Values right, found without being there, and missed."""

    right: int = 0
    invented: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.right + other.right, self.invented + other.invented, self.missed + other.missed
        )

    @property
    def precision(self) -> float | None:
        """The part of what was found that is right, 0 to 1; None if nothing was found."""
        found = self.right + self.invented
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """The part of what is there that was found, 0 to 1; None if nothing is there."""
        there = self.right + self.missed
        return self.right / there if there else None


Score = dict[str, Tally]
"""Field → its tally, every one of FIELDS."""


def plain(text: object) -> str:
    """The text as it is compared: NFKC, caseless, single spaces, no punctuation at the ends."""
    folded = " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())
    start, end = 0, len(folded)
    while start < end and _at_an_end(folded[start]):
        start += 1
    while end > start and _at_an_end(folded[end - 1]):
        end -= 1
    return folded[start:end]


def score(found: Mapping[str, Any], expected: Mapping[str, Any]) -> Score:
    """The tally of each field of one document."""
    tallies = dict.fromkeys(FIELDS, Tally())
    for field in SCALARS:
        tallies[field] = _one(found.get(field), expected[field])
    _add(tallies, "people", PERSON, _pairs_of_people(found["people"], expected["people"]))
    _add(tallies, "targets", TARGET, _pairs_of_targets(found["targets"], expected["targets"]))
    tallies["languages"] = _set(found["languages"], expected["languages"])
    tallies["asks"] = _asks(found["asks"], expected["asks"])
    tallies["events"] = _events(found["events"], expected["events"])
    return tallies


def summed(scores: Iterable[Score]) -> Score:
    """Several documents' tallies as one."""
    total = dict.fromkeys(FIELDS, Tally())
    for each in scores:
        total = {field: total[field] + each[field] for field in FIELDS}
    return total


def whole(tallies: Score) -> Tally:
    """All fields of a score as one tally."""
    return sum(tallies.values(), Tally())


def table(results: Sequence[tuple[str, Score]]) -> str:
    """Precision and recall by field and by family; results are (family, score) of each document."""
    rows: list[tuple[str, ...]] = [("", "right", "invented", "missed", "precision", "recall")]
    by_field = summed(each for _, each in results)
    rows += [_row(field, by_field[field]) for field in FIELDS]
    for family in sorted({family for family, _ in results}):
        rows.append(_row(family, whole(summed(each for name, each in results if name == family))))
    rows.append(_row("all", whole(by_field)))
    return "\n".join(
        f"{name:20}" + "".join(f"{cell:>11}" for cell in cells) for name, *cells in rows
    )


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    parts = ("-" if each is None else f"{each:.3f}" for each in (tally.precision, tally.recall))
    return (name, str(tally.right), str(tally.invented), str(tally.missed), *parts)


def _at_an_end(character: str) -> bool:
    return character.isspace() or unicodedata.category(character).startswith("P")


def _one(found: object, expected: object, alike: Callable[[Any], object] = plain) -> Tally:
    """One value against one; None, False, "" and [] are no value."""
    if not found or not expected:
        return Tally(invented=int(bool(found)), missed=int(bool(expected)))
    same = alike(found) == alike(expected)
    return Tally(right=int(same), invented=int(not same), missed=int(not same))


def _set(found: Sequence[str], expected: Sequence[str]) -> Tally:
    ours, theirs = {plain(each) for each in found}, {plain(each) for each in expected}
    return Tally(len(ours & theirs), len(ours - theirs), len(theirs - ours))


def _words(address: Sequence[str]) -> list[str]:
    return [plain(word) for word in " ".join(address).replace(",", " ").split() if plain(word)]


Pair = tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]
"""What was found and what was expected of one person or target; None without a partner."""


def _add(tallies: Score, group: str, fields: Sequence[str], pairs: Iterable[Pair]) -> None:
    for found, expected in pairs:
        for field in fields:
            ours, theirs = (each[field] if each else None for each in (found, expected))
            if field in {"other_names", "emails"}:
                tally = _set(ours or [], theirs or [])
            elif field == "address":
                tally = _one(ours, theirs, _words)
            elif (group, field) == ("targets", "name"):
                tally = _one(ours, theirs, _bare_name)
            else:
                tally = _one(ours, theirs)
            tallies[f"{group}.{field}"] += tally


def _paired(
    found: Sequence[Mapping[str, Any]],
    expected: Sequence[Mapping[str, Any]],
    likenesses: Sequence[Callable[[Mapping[str, Any], Mapping[str, Any]], float]],
) -> list[Pair]:
    """Partners by the first likeness above 0, the most alike first; then by the next likeness."""
    ours, theirs = list(range(len(found))), list(range(len(expected)))
    pairs: list[Pair] = []
    for likeness in likenesses:
        candidates = [(likeness(found[i], expected[j]), -j, -i) for i in ours for j in theirs]
        for how_much, j, i in sorted(candidates, reverse=True):
            if how_much > 0 and -i in ours and -j in theirs:
                ours.remove(-i)
                theirs.remove(-j)
                pairs.append((found[-i], expected[-j]))
    alone: list[Pair] = [(found[i], None) for i in ours]
    return pairs + alone + [(None, expected[j]) for j in theirs]


def _pairs_of_people(
    found: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]
) -> list[Pair]:
    def names(person: Mapping[str, Any]) -> set[str]:
        return {plain(each) for each in (person["name"], *person["other_names"])}

    return _paired(
        found,
        expected,
        (lambda a, b: plain(a["name"]) == plain(b["name"]), lambda a, b: len(names(a) & names(b))),
    )


def _bare_name(name: str | None) -> str:
    bare = plain(name or "")
    while (shorter := FORMS_OF_ADDRESS.sub("", bare)) != bare:
        bare = shorter
    return bare


def _pairs_of_targets(
    found: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]
) -> list[Pair]:
    def same_name(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
        return bool(a["name"]) and _bare_name(a["name"]) == _bare_name(b["name"])

    def place(target: Mapping[str, Any]) -> str:
        return " ".join([plain(target["role"] or ""), *_words(target["address"])])

    def same_place(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
        how_much = fuzz.ratio(place(a), place(b))
        return how_much if how_much >= ALIKE_TARGETS else 0

    return _paired(found, expected, (same_name, same_place))


def _asks(found: Sequence[str], expected: Sequence[str]) -> Tally:
    left = [plain(each) for each in found]
    right = 0
    for ask in map(plain, expected):
        best = max(left, key=lambda each: fuzz.ratio(each, ask), default=None)
        if best is not None and fuzz.ratio(best, ask) >= ALIKE_ASKS:
            left.remove(best)
            right += 1
    return Tally(right, len(left), len(expected) - right)


def _content(about: str) -> set[str]:
    words = {plain(word) for word in re.split(r"[\s'’]+", about)} - {""}
    return words - STOP_WORDS or words


def _same_happening(a: Mapping[str, str], b: Mapping[str, str]) -> bool:
    if a["date"] != b["date"]:
        return False
    ours, theirs = _content(a["about"]), _content(b["about"])
    both = len(ours & theirs)
    return both > 0 and (2 * both >= len(ours) or 2 * both >= len(theirs))


def _events(found: Sequence[Mapping[str, str]], expected: Sequence[Mapping[str, str]]) -> Tally:
    pairs = _paired(found, expected, (_same_happening,))
    matched = {theirs["date"] for ours, theirs in pairs if ours and theirs}
    alone = [ours for ours, theirs in pairs if ours and not theirs]
    return Tally(
        right=sum(1 for ours, theirs in pairs if ours and theirs),
        invented=sum(1 for each in alone if each["date"] not in matched),
        missed=sum(1 for ours, _ in pairs if not ours),
    )
