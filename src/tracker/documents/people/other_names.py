"""What else a document calls a person: other scripts, spellings, fuller forms, nicknames."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tracker.documents.draft import How, Value
from tracker.documents.people.listed_names import (
    ALIAS,
    EDGES,
    PRONOUNS,
    QUOTED,
    in_other_script,
    other_names_in_bracket,
    unquoted,
)
from tracker.documents.people.name_words import PARTICLES
from tracker.documents.people.names import (
    NameInText,
    is_fuller_form,
    is_spelling_of,
    names_in,
    small_words,
    words_of,
)
from tracker.documents.people.risk_words import BEFORE_RELATIVE
from tracker.documents.structure import Passage

MOST_CHARACTERS = 200_000
MOST_NAMES = 800
"""So much of a document is looked at; an Urgent Action has a tenth of it."""

_MOST_ALIAS_WORDS = 5
_BEFORE_ALIAS = (
    r",?\s*(?:[(,]?\s*(?:aged\s)?\d{1,3}\)?,?\s*)?[(–—-]?\s*"
    r"(?:who\s(?:is|was)\s|(?:is|was|has\sbeen)\s|"
    r"(?:whose|(?:his|her|their)(?:\s\w+)?)\sname[^.;:!?()]{0,50}?\s(?=also|spel|writt|transl|given))?"
)
_SIGNS_AS = re.compile(
    r"[^.;:!?()]{0,80}?\s(?:who|quien(?:es)?|qui|die|der)\s(?:[\w’'-]+\s){0,3}"
    r"(?:signs?|writes?|blogs?|posts?|performs?|goes|conocen?|llaman?|nennen|signe|appellent)"
    r"\s(?:[\w’'-]+\s){0,4}?(?=[\"“„«‘])",
    re.IGNORECASE,
)
_OR_AS = re.compile(r",\sor\s(?=[^,.;:]{2,50}\sas\s[^,.;:]{1,40}\s(?:calls?|knows?)\b)")
_QUOTED_TOO = re.compile(rf"\s*(?:,|or|and|y|et|und|/)\s*(?:{QUOTED.pattern})")


@dataclass(frozen=True)
class Prose:
    """A document's passages, and what in them may be names: the passage's index and the name."""

    passages: Sequence[Passage]
    names: Sequence[tuple[int, NameInText]]


def prose_of(passages: Sequence[Passage]) -> Prose:
    """Return the passages with the names in them, up to MOST_CHARACTERS.

    A passage all in capitals tells none.
    """
    kept: list[Passage] = []
    length = 0
    for passage in passages:
        length += len(passage.text)
        if length > MOST_CHARACTERS:
            break
        kept.append(passage)
    small = small_words([passage.text for passage in kept])
    names = [
        (i, name)
        for i, passage in enumerate(kept)
        if not passage.text.isupper()
        for name in names_in(passage.text, small)
    ]
    return Prose(tuple(kept), tuple(names[:MOST_NAMES]))


@dataclass(frozen=True)
class OtherNames:
    """What the prose says of one person's names.

    Attributes:
        names: in the order in which they first stand there.
        pronouns: in a bracket after the name.
    """

    names: tuple[Value[str], ...]
    pronouns: Value[str] | None


def other_names(name: str, prose: Prose, strangers: Collection[str]) -> OtherNames:
    """Return what else the prose calls the person; `strangers` are names of others."""
    forms: dict[str, tuple[int, int]] = {}
    for i, found in prose.names:
        if found.text not in forms and _is_form(found, prose.passages[i], name, strangers):
            forms[found.text] = (i, found.start)
    # "Ivan Marin (Иван Марин)": beside a shorter form stands another name, too.
    shorter = {found.text for _, found in prose.names if is_fuller_form(name, found.text)} - set(
        strangers
    )
    pattern = _pattern([name, *forms, *shorter])
    places = [(at, text) for text, at in forms.items()]
    pronouns: Value[str] | None = None
    for i, passage in enumerate(prose.passages):
        for match in pattern.finditer(passage.text):
            for start, text in _beside(match, passage.text):
                if not PRONOUNS.fullmatch(text):
                    places.append(((i, start), text))
                elif pronouns is None:
                    place = passage.source(start, start + len(text), How.PROSE)
                    pronouns = Value(text, place)
        places += [((i, start), text) for start, text in _inside(name, passage.text)]
    kept: dict[str, Value[str]] = {}
    known = {_key(name), *map(_key, strangers)}
    for (i, start), text in sorted(places):
        if _key(text) not in known:
            known.add(_key(text))
            source = prose.passages[i].source(start, start + len(text), How.PROSE)
            kept[text] = Value(text, source)
    return OtherNames(tuple(kept.values()), pronouns)


def _is_form(found: NameInText, passage: Passage, name: str, strangers: Collection[str]) -> bool:
    """Return whether a name in the text is a spelling or a fuller form of this one."""
    if _key(found.text) == _key(name) or found.after_office:
        return False
    if any(words_of(found.text) == words_of(other) for other in strangers):
        return False
    if BEFORE_RELATIVE.search(passage.text[max(found.start - 40, 0) : found.start]):
        return False
    if is_spelling_of(found.text, name):
        return True
    # A sentence's first word may look like a first name: there, a fuller form is believed only if
    # it begins as the name does.
    sure = words_of(found.text)[:1] == words_of(name)[:1] or not found.at_start
    return sure and not passage.heading and is_fuller_form(found.text, name)


def _key(name: str) -> str:
    return " ".join(name.replace("’", "'").casefold().split())


def _pattern(forms: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(_spaced(form.split()) for form in longest_first)})(?!\w)"
    )


def _spaced(words: Sequence[str]) -> str:
    return r"\s+".join(map(re.escape, words))


_AFTER_BRACKET = re.compile(r"['’]?s?\s*[(\[（]\s*([^()\[\]（）]{1,200}?)\s*[)\]）]")
_FOREIGN = r"[^\x00-\u036f\u1e00-\u206f\u3000-\u303f\uff00-\uff0f]{1,40}"
_AFTER_SCRIPT = re.compile(rf"\s({_FOREIGN}(?: {_FOREIGN}){{0,5}})")
_ALIAS_AFTER = re.compile(_BEFORE_ALIAS + r"(?:" + ALIAS.pattern + r")", re.IGNORECASE)
_DESCRIBED_ALIAS = re.compile(
    r",\s(?:an?|the)\s[^.;:!?()]{1,60}?\s(?:" + ALIAS.pattern + r")(?=[\"“„«‘])", re.IGNORECASE
)


def _beside(found: re.Match[str], text: str) -> Iterator[tuple[int, str]]:
    """Yield the other names, and the pronouns, that stand right after a name, with their places."""
    after = text[found.end() : found.end() + 300]
    bracket = _AFTER_BRACKET.match(after)
    if bracket:
        pieces = other_names_in_bracket(bracket[1], found[0])
        if PRONOUNS.fullmatch(bracket[1]) and re.search(r"[/,]", bracket[1]):
            pieces.append(bracket[1])
        for piece in pieces:
            yield found.end() + after.find(piece), piece
    beside = _AFTER_SCRIPT.match(after)
    if beside:
        other = in_other_script(beside[1], found[0])
        if other:
            yield found.end() + after.find(other), other
    start = bracket.end() if bracket else 0
    alias = next(
        (
            match
            for pattern in (_ALIAS_AFTER, _DESCRIBED_ALIAS, _SIGNS_AS, _OR_AS)
            for at in (start, 0)
            if (match := pattern.match(after, at))
        ),
        None,
    )
    if alias:
        yield from ((found.end() + place, other) for place, other in _aliases(after, alias.end()))


def _aliases(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the names at `start`: in quotes, or a run of capitalised words."""
    quoted = QUOTED.match(text, start)
    if not quoted:
        name = _capitalised(text[start:])
        if name:
            yield start, name
        return
    while quoted is not None:
        name = unquoted(quoted[0])
        yield quoted.start() + quoted[0].find(name), name
        quoted = _QUOTED_TOO.match(text, quoted.end())


def _capitalised(text: str) -> str:
    words: list[str] = []
    for word in text.split()[: _MOST_ALIAS_WORDS + 1]:
        bare = word.strip(EDGES + "()")
        if not bare or not (bare[0].isupper() or (words and bare in PARTICLES) or _no_case(bare)):
            break
        words.append(bare)
        if word[-1] in ",.;:)":
            break
    while words and words[-1] in PARTICLES:
        words.pop()
    return " ".join(words) if len(words) <= _MOST_ALIAS_WORDS else ""


def _no_case(word: str) -> bool:
    return word[0].isalpha() and word.casefold() == word and word.upper() == word


def _inside(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield nicknames in quotes within the name: Carlos "Charly" Pérez."""
    words = name.split()
    if len(words) == 1 or words[0] not in text:
        return
    splits = (
        rf"{_spaced(words[:i])}\s+[\"“«]([^\"“”«»]{{1,40}})[\"”»]\s+{_spaced(words[i:])}(?!\w)"
        for i in range(1, len(words))
    )
    for split in splits:
        for found in re.finditer(rf"(?<!\w){split}", text):
            yield found.start(1), found[1].strip()
