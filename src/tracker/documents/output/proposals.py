"""What a draft case file proposes and its document does not say in so many words.

A person confirms each of these: the file marks them as proposed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from babel import Locale
from babel.dates import format_date

from tracker.case_files import LANGUAGES
from tracker.documents.draft import Draft, DraftPerson, DraftTarget
from tracker.documents.lexicon import PARTICLES
from tracker.documents.output.kinds import MOST_CHARACTERS

LONGEST_SLUG = 60
"""Shorter than a slug may be: an urgent action's has the month besides."""

MOST_PEOPLE = 30
"""Where there are more, nobody is proposed for an event: a person says whom it concerns."""

_ALL_NAMED = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TOGETHER = re.compile(
    r"\b(?:both|the (?:pair|couple|two|three|four|five)|all (?:two|three|four|five|of them)|"
    r"amb[oa]s|l[oa]s (?:dos|tres)|(?:tous|toutes) (?:les )?(?:deux|trois)|les (?:deux|trois)|"
    r"(?:die )?beiden?)\b",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"(?:,|\s(?:of|at|for)(?: the)?|\sde(?: la| los| las|l)?|\sd[ue]s?|\sder)$", re.IGNORECASE
)
# Names that people give to languages and babel does not.
_ALSO_CALLED = {
    "bengali": "bn",
    "castilian": "es",
    "dari": "fa",
    "farsi": "fa",
    "flemish": "nl",
    "kirundi": "rn",
    "mandarin": "zh",
    "mandarin chinese": "zh",
    "moldovan": "ro",
    "oriya": "or",
    "sesotho": "st",
    "setswana": "tn",
    "sinhalese": "si",
    "uighur": "ug",
}


def slug_of(text: str) -> str:
    """Return `text` in small Latin letters, digits and hyphens; "" where it has none of them."""
    start = text[: 10 * LONGEST_SLUG]
    plain = unicodedata.normalize("NFKD", start).encode("ascii", "ignore").decode().casefold()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    if len(slug) <= LONGEST_SLUG:
        return slug
    return slug[:LONGEST_SLUG].rpartition("-")[0] or slug[:LONGEST_SLUG]


def case_slug(draft: Draft) -> str:
    """Return a slug of the people's names, else of the title; "" without Latin letters."""
    names = [_latin_name(person) for person in draft.people]
    if len(names) > _ALL_NAMED:
        names = [*names[:1], "and others"]
    return slug_of(" ".join(names)) or slug_of(draft.title.value if draft.title else "")


def action_slug(draft: Draft) -> str:
    """Return the case's slug with the month of issue, such as `marla-quill-2025-01`."""
    month = f"{draft.issued_on.value:%Y-%m}" if draft.issued_on else ""
    return "-".join(part for part in (case_slug(draft), month) if part)


def _latin_name(person: DraftPerson) -> str:
    names = (person.name, *person.other_names)
    return next((name.value for name in names if slug_of(name.value)), "")


def case_title(draft: Draft) -> str:
    """Return the people's names as a title: all of them, or the first of many."""
    *first, last = [person.name.value for person in draft.people] or [""]
    if len(first) >= _ALL_NAMED:
        return f"{first[0]} and others"
    return f"{', '.join(first)} and {last}" if first else last


def source_of(draft: Draft) -> str:
    """Return how the document is called as a source; "" without issue date, number and index."""
    if draft.issued_on:
        day = format_date(draft.issued_on.value, "d MMMM yyyy", locale="en")
        return f"Urgent Action of {day}"
    printed = draft.ua_number or draft.index
    return f"Urgent Action {printed.value}" if printed else ""


def language_code(name: str) -> str | None:
    """Return the ISO 639-1 code of a language by its English name; None where it has none."""
    plain = name.strip().casefold()
    without_remark = plain.partition("(")[0].strip()
    return _languages().get(plain) or _languages().get(without_remark)


@cache
def _languages() -> dict[str, str]:
    names = Locale("en").languages
    return {names[code].casefold(): code for code in sorted(LANGUAGES)} | _ALSO_CALLED


def office_of(target: DraftTarget) -> tuple[str, str]:
    """Return a target's role without its institution, and the institution.

    They are parted where the role ends in "of" or "at" and the address's first line; otherwise the
    role is whole, and the institution "".
    """
    role = target.role.value if target.role else ""
    first = target.address[0].value if target.address else ""
    if not first or not role.casefold().endswith(first.casefold()):
        return role, ""
    before, end = role[: -len(first)].rstrip(), role[-len(first) :]
    joined = _JOINING.search(before)
    if joined is None or not before[: joined.start()].strip():
        return role, ""
    return before[: joined.start()].rstrip(), end


def written_to(draft: Draft) -> tuple[DraftTarget, ...]:
    """Return the targets without those who only get a copy."""
    return tuple(target for target in draft.targets if not target.copy)


class PeopleByName:
    """Finds whom a sentence names: in full, or by a part of a name that only one of them has.

    Attributes:
        people: who can be found; nobody where there are more than MOST_PEOPLE.
    """

    def __init__(self, people: Sequence[DraftPerson]) -> None:
        people = people if len(people) <= MOST_PEOPLE else ()
        self.people = tuple(people)
        owners: dict[str, set[int]] = {}
        self._uncapitalised: list[tuple[str, int]] = []
        for i, person in enumerate(people):
            for name in (person.name.value, *(other.value for other in person.other_names)):
                parts = _capitalised(name)
                for part in parts:
                    owners.setdefault(part, set()).add(i)
                if not parts:
                    self._uncapitalised.append((name, i))
        self._owner = {part: min(found) for part, found in owners.items() if len(found) == 1}

    def named_in(self, sentence: str) -> tuple[DraftPerson, ...]:
        """Return the people whom a sentence names; words such as "both" name everybody."""
        sentence = sentence[:MOST_CHARACTERS]
        if _TOGETHER.search(sentence):
            return self.people
        named = {self._owner[word] for word in _WORD.findall(sentence) if word in self._owner}
        named.update(i for name, i in self._uncapitalised if name in sentence)
        return tuple(self.people[i] for i in sorted(named))


def _capitalised(name: str) -> frozenset[str]:
    """Return a name's parts that begin with a capital: in Chinese or Arabic there are none."""
    return frozenset(
        part
        for part in _WORD.findall(name)
        if part[:1].isupper() and part.casefold() not in PARTICLES
    )
