"""The people whom a name label lists, with their pronouns and other names, from its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.documents.people.name_words import CONTINUING, GROUP_WORDS, PARTICLES, PLACE_WORDS
from tracker.documents.people.names import (
    is_fuller_form,
    is_name,
    is_spelling_of,
    script,
    without_courtesy,
)

MOST_PEOPLE = 60
_MOST_CHARACTERS = 20_000

_ONE_PRONOUN = (
    r"(?:s?he|him|his|hers?|they|them|theirs?|it|its|ze|zie|zir|hir|xe|xem|any|"
    r"ella|elle|él|elles?|ellos|ellas|iel|il|lui|er|ihn|ihm|sie|ihr|ela|ele)"
)
_JOINED = r"(?:\s?[/|,\\&-]\s?|\s(?:or|and|o|ou|oder)\s|\s)"
PRONOUNS = re.compile(
    rf"(?:(?:preferred\s)?pronouns?:?\s)?(?P<all>(?:both|all)\s(?:use\s)?)?"
    rf"(?P<set>any\spronouns?|{_ONE_PRONOUN}(?:{_JOINED}{_ONE_PRONOUN}){{0,4}}(?:/any)?)",
    re.IGNORECASE,
)
# What is no bracket is a pronoun only as a set ("he/him"): "It", "Any" and "Her" may be names.
_LOOSE_PRONOUNS = re.compile(
    rf"(?<![\w/])(?:(?:both|all)\s)?{_ONE_PRONOUN}(?:\s?[/|]\s?{_ONE_PRONOUN}){{1,4}}(?![\w/])"
    rf"|(?<=[,–—-]\s){_ONE_PRONOUN}(?:,\s{_ONE_PRONOUN}){{0,3}}(?=\s*(?:[,;.)]|$))",
    re.IGNORECASE,
)
BRACKET = re.compile(r"[(\[（]\s*([^()\[\]（）]{0,200}?)\s*[)\]）]")
_GENDER = re.compile(
    r"(?:gender:?\s)?(?:both|all)?\s?(?:m|f|male|female|man|woman|m/f|f/m|m\s?(?:and|&|,)\s?f|unknown|n/a|na)"
    r"\s?(?:both|all)?\.?",
    re.IGNORECASE,
)
ALIAS = re.compile(
    r"(?:who\sis\s|also\s|better\s|widely\s|commonly\s|popularly\s|locally\s|auch\s|también\s|aussi\s)*"
    r"(?:known\s(?:[\w’'-]+\s){0,5}?as|known\sby\sthe\s(?:\w+\s)?(?:name|pseudonym|nickname|alias)s?(?:\sof)?|"
    r"aka|a\.k\.a\.?|a/k/a|alias|nicknamed|nickname|dubbed|spelled|spelt|written|transliterated(?:\sas)?|"
    r"called|pseudonym|pen\sname|stage\sname|née|"
    r"conocid[oa]\s(?:[\w]+\s){0,3}?(?:como|por)|apodad[oa]|llamad[oa]|"
    r"(?:connue?|surnommée?|dite?)(?:\ssous\sle\s(?:nom|pseudonyme)\s(?:de|d['’]))?|"
    r"bekannt\s(?:[\w]+\s){0,3}?(?:als|unter\sdem\snamen)|genannt|auch)\s*:?\s+",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“”„«‟〝]\s*([^\"“”„«»‟〝〞]{1,60}?)\s*[\"“”»‟〞]|‘([^‘’]{1,60})’")
_SEPARATOR = re.compile(
    r"\s*,(?!\s*(?:Jr|Sr|II|III|IV)\.?\s*(?:[,;]|$))\s*|\s*[;、،·•\n]\s*|"
    r"\s+(?:and|&|et|und|including|among them|namely)\s+|\s*&\s*|\s+/\s+|(?:^|\s)\d{1,2}[.)]\s+",
    re.IGNORECASE,
)
_SEPARATOR_OF_FULL_NAMES = re.compile(r"\s+[ye]\s+|(?<!\b[sda])/|/(?![olp]\b)")
"""What may also stand inside a name: it parts only what has two words or more on both sides."""
_DESCRIPTION = re.compile(r"(?:[Aa]ged\s)?\d{1,3}(?:[\s-]years?(?:[\s-]old)?)?|an?\s.*")
_PRONOUNS_APART = re.compile(r"\s*[;,]\s*(?:and\s)?|\s(?:and|y|et|und)\s")
_BEFORE_NO_NAME = re.compile(r"(?:of|in|from|at|near|with|who|y|e|i|et|des|vom|aus|bei|en)")
"""After these comes no name of the one at risk: "family of"."""
_BEFORE_LIST = re.compile(r"^[^:]{1,60}:\s+(?=\S)")
_PRONOUN_LABEL = re.compile(r"\W*(?:preferred\s)?pronouns?\W*", re.IGNORECASE)
_PRONOUN_LABEL_AFTER = re.compile(r"[\s,;–—-]+(?:preferred\s)?pronouns?\W*$", re.IGNORECASE)
_NEXT_LABEL = re.compile(
    r"\b(?:gender(?:\s+m/f)?\s*:|m/f\s*:|issue date\s*:|ua\s*:|link to\b|further information\b|"
    r"index\s*:)",
    re.IGNORECASE,
)
EDGES = ' ,;:.–—-|/*_"“”'


@dataclass
class ListedPerson:
    """One person of a list."""

    name: str
    pronouns: str | None = None
    other_names: list[str] = field(default_factory=list)


def listed_people(text: str) -> list[ListedPerson]:
    """Return the people in the text after a name label; groups and "others" are none.

    A group is listed only where it has pronouns of its own, as a person has.
    """
    text = text[:_MOST_CHARACTERS]
    cut = _NEXT_LABEL.search(text)
    text = " ".join((text[: cut.start()] if cut else text).split())
    people: list[ListedPerson] = []
    ends_name = True
    for part, mark in _parts(text):
        _add_names(people, part, goes_on=not ends_name)
        ends_name = mark is None or _apply(people, mark)
        if len(people) >= MOST_PEOPLE:
            break
    return [person for person in map(_checked, people) if person is not None]


def _parts(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the text between marks, each with the mark after it: a bracket or loose pronouns."""
    at = 0
    marks = sorted(
        [*BRACKET.finditer(text), *_LOOSE_PRONOUNS.finditer(text)], key=lambda found: found.start()
    )
    for found in marks:
        if found.start() < at:
            continue
        inside = found[1] if found.re is BRACKET else found[0]
        yield text[at : found.start()], inside
        at = found.end()
    yield text[at:], None


def _add_names(people: list[ListedPerson], part: str, *, goes_on: bool) -> None:
    """Add the names of a part without marks."""
    pieces = _SEPARATOR.split(part)
    if goes_on and people and pieces[0].strip(EDGES):
        # "Abdul (Abu) Karim": the bracket stood inside a name.
        people[-1].name = f"{people[-1].name} {pieces[0].strip()}".strip()
        pieces = pieces[1:]
    for written in (part for piece in pieces for part in _full_names(piece)):
        piece = _BEFORE_LIST.sub("", written)
        alias = ALIAS.match(piece)
        if alias and people:
            _add_other(people[-1], piece[alias.end() :])
        elif people and _describes(piece.strip(EDGES)):
            continue
        elif piece.strip(EDGES) and not _PRONOUN_LABEL.fullmatch(piece):
            people.append(ListedPerson(piece.strip()))


def _full_names(piece: str) -> list[str]:
    parts = _SEPARATOR_OF_FULL_NAMES.split(piece)
    return parts if all(len(part.split()) > 1 for part in parts) else [piece]


def _describes(piece: str) -> bool:
    """Return whether a piece says something of the person before it: their age or work."""
    if not piece or _DESCRIPTION.fullmatch(piece):
        return bool(piece)
    words = piece.split()
    return (
        piece.islower()
        and piece.isascii()
        and not any(word in GROUP_WORDS or word[0].isdigit() for word in words)
    )


def _apply(people: list[ListedPerson], mark: str) -> bool:
    """Take a mark for the person before it; return whether it ended their name."""
    if not people or _dealt_out(people, mark):
        return True
    pronouns = PRONOUNS.fullmatch(mark)
    if pronouns:
        for person in people if pronouns["all"] else people[-1:]:
            person.pronouns = person.pronouns or pronouns["set"]
        return True
    if _GENDER.fullmatch(mark):
        return True
    first, comma, rest = mark.partition(",")
    if comma and PRONOUNS.fullmatch(rest.strip()):
        people[-1].pronouns = rest.strip()
        mark = first.strip()
    for other in other_names_in_bracket(mark, people[-1].name) or _alike(mark, people[-1].name):
        _add_other(people[-1], other)
    return False


def _dealt_out(people: list[ListedPerson], mark: str) -> bool:
    """Give each of several people theirs of the pronouns ("she/her; he/him"), if so many wait."""
    sets = _PRONOUNS_APART.split(mark.removesuffix("respectively").strip(EDGES))
    waiting = 0
    while waiting < len(people) and people[-1 - waiting].pronouns is None:
        waiting += 1
    if not 1 < len(sets) == waiting:
        return False
    if not all(PRONOUNS.fullmatch(each) and (";" in mark or "/" in each) for each in sets):
        return False
    for person, pronouns in zip(people[-waiting:], sets, strict=True):
        person.pronouns = pronouns
    return True


def _alike(mark: str, name: str) -> list[str]:
    """Return a bracket's text where it is another form of the name, or shares a word with it."""
    shared = set(mark.split()) & set(name.split())
    another = is_spelling_of(mark, name) or is_fuller_form(mark, name)
    return [mark] if another or (shared and len(mark.split()) > 1 and is_name(mark)) else []


def other_names_in_bracket(inside: str, name: str) -> list[str]:
    """Return the names that a bracket after a name gives: in other scripts, aliases, in quotes."""
    found = []
    for piece in re.split(r"\s*[,;/،、]\s*", inside[:200]):
        alias = ALIAS.match(piece)
        foreign = in_other_script(piece, name)
        quoted = QUOTED.fullmatch(piece)
        if foreign:
            found.append(foreign)
        elif alias:
            found.append(unquoted(piece[alias.end() :]))
        elif quoted:
            found.append(unquoted(piece))
    return [other for other in found if other]


def in_other_script(piece: str, name: str) -> str:
    """Return the part of a bracket's piece in a script other than the name's, or "".

    A word before it that says which language it is ("Chinese: 黄雪琴") is left out.
    """
    _, colon, rest = piece.partition(":")
    text = (rest if colon else piece).strip(EDGES)
    words = text.split()
    ours = script(name)
    while words and script(words[0]) == ours:
        words = words[1:]
    text = " ".join(words)
    if not text or len(text) > 80 or script(text) in {ours, ""}:
        return ""
    return "" if any(script(word) == ours for word in words) else text


def _add_other(person: ListedPerson, text: str) -> None:
    text = unquoted(text)
    if text and text != person.name and text not in person.other_names:
        person.other_names.append(text)


def unquoted(text: str) -> str:
    """Return what stands in quotes, or else the text, without marks at its ends."""
    quoted = QUOTED.search(text)
    return (quoted[1] or quoted[2] or "" if quoted else text).strip(EDGES + "'‘’")


def _checked(person: ListedPerson) -> ListedPerson | None:
    """Return the person with a clean name, or None where the text names nobody."""
    name = person.name
    alias = re.search(rf"[\s,]{ALIAS.pattern}", name, re.IGNORECASE)
    if alias:
        name, other = name[: alias.start()], name[alias.end() :]
        _add_other(person, other)
    for quoted in QUOTED.finditer(name):
        _add_other(person, quoted[0])
    name = " ".join(QUOTED.sub(" ", name).split())
    name = _PRONOUN_LABEL_AFTER.sub("", name)
    initial = re.search(r"(?:^|[\s.])(?:[^\W\d_]|Jr|Sr)\.$", name)
    name = re.sub(r"\s+[mf]\.?$|\s+m/f$|^(?i:names?)\s*:\s*", "", name).strip(EDGES)
    name = _without_description(re.sub(r"^(?:both|all|and|y|et|und)\s+(?=\S)", "", name))
    name, foreign = _without_other_script(name)
    if foreign:
        _add_other(person, foreign)
    person.name = without_courtesy(name) + ("." if initial else "")
    plain = {word.casefold().strip(".,") for word in person.name.split()}
    if person.pronouns is None and (plain & GROUP_WORDS or not is_name(person.name)):
        return None
    if (
        all(word in GROUP_WORDS or word.isdigit() for word in plain)
        or person.name == person.name.lower() != person.name.upper()
    ):
        return None
    return person


def _without_description(name: str) -> str:
    """Return a name without what it follows on: "her son", "human rights defenders"."""
    words = name.split()
    last = max((i for i, word in enumerate(words) if _is_no_part(word)), default=-1)
    rest = " ".join(words[last + 1 :])
    if last < 0 or not is_name(rest) or words[-1].casefold() in PLACE_WORDS:
        return name
    before = words[: last + 1]
    if any(_BEFORE_NO_NAME.fullmatch(word.casefold()) for word in before):
        return name
    group = any(word[0].isupper() or word.casefold() in GROUP_WORDS for word in before)
    return name if group and last == len(words) - 2 else rest


def _is_no_part(word: str) -> bool:
    plain = word.casefold()
    return plain in GROUP_WORDS or (word.islower() and plain not in PARTICLES | CONTINUING)


def _without_other_script(name: str) -> tuple[str, str]:
    """Return a name, and what it is in another script after it, or ""."""
    words = name.split()
    scripts = [script(word) for word in words]
    ours = next(filter(None, scripts), "")
    first = next((i for i, each in enumerate(scripts) if each not in {ours, ""}), len(words))
    if any(each == ours for each in scripts[first:]):
        return name, ""
    return " ".join(words[:first]), " ".join(words[first:])
