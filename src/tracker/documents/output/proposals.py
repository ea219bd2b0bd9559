"""What a draft case file proposes and its document does not say in so many words.

A person confirms each of these: the file marks them as proposed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

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
# "On 3 May 2021, both were": everybody, if only a date is before the words and a verb behind them.
_DAY_BEFORE = (
    r"(?:(?:on|in|since|by|until|el|en|desde|le|depuis|am|im|seit)\s(?=[^,;:]{0,40}\d)"
    r"(?:[^\s,;:]+\s){0,4}?(?:[^\s,;:]+,|\d{4})\s)?"
)
_WORDS_FOR_ALL = (
    r"(?P<two>both(?: of them)?|the (?:two|pair|couple)|ambos|ambas|l[oa]s dos|"
    r"(?:tous |toutes )?les deux|beide|die beiden)|"
    r"(?P<three>(?:the|all) three|l[oa]s tres|(?:tous |toutes )?les trois|alle drei|die drei)|"
    r"(?P<four>(?:the|all) four)|(?P<five>(?:the|all) five)"
)
_VERB = (
    r"(?:(?:also|now|still|later|then|\w{2,20}ly)\s)?(?:was|were|are|is|ha[sd]|have|will|would|can|"
    r"could|may|might|must|did|do|remain(?:ed)?|faced?|went|received|began|appeared|pleaded|"
    r"denied|deny|spent|stood|fueron|son|eran|están|estaban|han|habían|serán|ont|sont|étaient|"
    r"avaient|furent|seront|restent|risquent|wurden|werden|sind|waren|haben|hatten)"
)
_TOGETHER = re.compile(
    rf"\W{{0,5}}{_DAY_BEFORE}(?P<all>{_WORDS_FOR_ALL})\s{_VERB}(?!\w)", re.IGNORECASE
)
_HOW_MANY = {"two": 2, "three": 3, "four": 4, "five": 5}
# Between two words of one name: spaces, the point of an initial or of "Dr.", marks of quotation.
_WITHIN_A_NAME = re.compile(r"[\s.\"'“”‘’«»()]*")
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
    """Finds whom a sentence names, or means by a word such as "both".

    Attributes:
        people: who can be found; nobody where there are more than MOST_PEOPLE.
    """

    def __init__(self, people: Sequence[DraftPerson]) -> None:
        people = people if len(people) <= MOST_PEOPLE else ()
        self.people = tuple(people)
        names = [
            [person.name.value, *(other.value for other in person.other_names)] for person in people
        ]
        parts = [frozenset[str]().union(*map(_capitalised, each)) for each in names]
        self._names = [
            _Names(
                words=frozenset(word for name in each for word in _WORD.findall(name)),
                own=own.difference(*(other for j, other in enumerate(parts) if j != i)),
                whole=tuple(words for name in each if len(words := tuple(_WORD.findall(name))) > 1),
                uncapitalised=tuple(name for name in each if not _capitalised(name)),
            )
            for i, (each, own) in enumerate(zip(names, parts, strict=True))
        ]

    def concerned(self, sentence: str) -> tuple[tuple[DraftPerson, ...], str]:
        """Return the people whom a sentence concerns, and how it says so; nobody where unsure."""
        if named := self.named_in(sentence):
            return named, "named in the sentence"
        together = _TOGETHER.match(sentence, 0, MOST_CHARACTERS)
        if together is None:
            return (), ""
        many = next(number for word, number in _HOW_MANY.items() if together[word])
        if many != len(self.people):
            return (), ""
        return self.people, f'proposed: the sentence says "{together["all"]}"'

    def named_in(self, sentence: str) -> tuple[DraftPerson, ...]:
        """Return the people whom a sentence names: in full, or by a part that only one of them has.

        A part beside another capitalised word may be of somebody else's name, such as a brother's:
        it names nobody.
        """
        sentence = sentence[:MOST_CHARACTERS]
        runs = _side_by_side(sentence)
        return tuple(
            person
            for person, names in zip(self.people, self._names, strict=True)
            if any(names.named_in(run) for run in runs)
            or any(name in sentence for name in names.uncapitalised)
        )


@dataclass(frozen=True)
class _Names:
    """What one person is called.

    Attributes:
        words: all words of all names.
        own: the capitalised ones that are in nobody else's name.
        whole: the names of several words.
        uncapitalised: the names without capitals, as in Chinese or Arabic.
    """

    words: frozenset[str]
    own: frozenset[str]
    whole: tuple[tuple[str, ...], ...]
    uncapitalised: tuple[str, ...]

    def named_in(self, run: Sequence[str]) -> bool:
        """Tell whether words that stand side by side name this person."""
        if self.words.isdisjoint(run):
            return False
        end = 0
        for known, group in groupby(run, self.words.__contains__):
            words = tuple(group)
            start, end = end, end + len(words)
            if not known:
                continue
            if any(_contains(words, name) for name in self.whole):
                return True
            beside = (*run[max(start - 1, 0) : start], *run[end : end + 1])
            if not self.own.isdisjoint(words) and not any(word[0].isupper() for word in beside):
                return True
        return False


def _side_by_side(sentence: str) -> list[list[str]]:
    """Return a sentence's words, parted where more than a space or a quotation mark is between."""
    runs: list[list[str]] = []
    end = -1
    for word in _WORD.finditer(sentence):
        if end < 0 or not _WITHIN_A_NAME.fullmatch(sentence, end, word.start()):
            runs.append([])
        runs[-1].append(word[0])
        end = word.end()
    return runs


def _contains(words: Sequence[str], name: Sequence[str]) -> bool:
    places = range(len(words) - len(name) + 1)
    return any(tuple(words[i : i + len(name)]) == name for i in places)


def _capitalised(name: str) -> frozenset[str]:
    """Return a name's parts that begin with a capital: in Chinese or Arabic there are none."""
    return frozenset(
        part
        for part in _WORD.findall(name)
        if part[:1].isupper() and part.casefold() not in PARTICLES
    )
