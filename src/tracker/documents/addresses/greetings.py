"""Whom the text says to write to first, and how each official is greeted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.documents import lexicon
from tracker.documents.addresses import officials
from tracker.documents.draft import DraftTarget, How, Value
from tracker.documents.structure import Passage, Row

_FIRST = re.compile(
    r"should be (?:prioriti[sz]ed|given priority|written to first)|please prioriti[sz]e|"
    r"take priority|"
    r"priority should be given|write first to\b|(?:please )?write (?:first )?to\b.{0,120}\bfirst\b|"
    r"first and foremost to|"
    r"in the first instance|is the (?:main|primary|most important) target|(?:as|is) a priority",
    re.IGNORECASE,
)

_BECAUSE = re.compile(
    r"\b(?:due to|because of|owing to|given|as|since|because)\s+([^,;]{8,200})", re.IGNORECASE
)


def prioritised(
    targets: tuple[DraftTarget, ...], passages: Sequence[Passage]
) -> tuple[DraftTarget, ...]:
    """Return the targets, with the one marked to whom the text says to write first, and why."""
    for passage in passages:
        for sentence in re.finditer(r"[^.!?]+(?:[.!?](?!\s)[^.!?]*)*", passage.text):
            said = _FIRST.search(sentence[0])
            if not said:
                continue
            named = [
                target for target in targets if not target.copy and _is_named(target, sentence[0])
            ]
            if len(named) != 1:
                continue
            source = passage.source(sentence.start(), sentence.end(), How.PROSE)
            reason = _BECAUSE.search(sentence[0])
            return tuple(
                replace(
                    target,
                    priority=Value(1, source),
                    reason=Value(reason[1].strip(" ."), source) if reason else None,
                )
                if target is named[0]
                else target
                for target in targets
            )
    return targets


def _is_named(target: DraftTarget, text: str) -> bool:
    said = text.casefold()
    if target.name and target.name.value.split()[-1].casefold() in re.findall(r"[\w'’-]+", said):
        return True
    return bool(target.role and target.role.value.casefold() in said)


_BETWEEN = re.compile(
    r"\s+/\s+|\s+or\s+|\s/|/\s|[,;]\s+(?:and\s+|und\s+|et\s+|y\s+)?"
    r"(?=(?:dear|sehr geehrte|estimad|monsieur|madame|your excellency)\b|sehr geehrte|estimad)",
    re.IGNORECASE,
)


def _both(text: str) -> list[str]:
    """Return the two greetings of "Dear Governor Nemo and Board Members"."""
    first, _, second = text.partition(" and ")
    return [first, f"{first.split(' ', 1)[0]} {second}"]


_BEGIN_ALIKE = lexicon.word_set("dear estimado estimada sehr monsieur madame")
"""With these an opening greets everybody whom it names, though it says the word once."""


def greeted(targets: tuple[DraftTarget, ...], openings: Sequence[Row]) -> tuple[DraftTarget, ...]:
    """Return the targets with a letter's opening to them, where they have no other."""
    out = list(targets)
    ours = [place for place, target in enumerate(out) if not target.copy]
    for row in openings:
        greetings = _greetings(row.text) if len(ours) > 1 else [row.text.strip(" ,:;，：")]
        places = [
            ours[0] if len(ours) == 1 else _greeted_by(greeting, out, ours)
            for greeting in greetings
        ]
        if len(greetings) == 1 and len(ours) > 1 and " and " in row.text:
            both = _both(row.text.strip(" ,:;，："))
            if len({_greeted_by(each, out, ours) for each in both} - {None}) == len(both):
                greetings = both
                places = [_greeted_by(each, out, ours) for each in both]
        if len(set(places)) == 1:  # the same person in two languages
            greetings = [row.text.strip(" ,:;，：")]
        for greeting, place in zip(greetings, places, strict=False):
            if place is not None and out[place].salutation is None:
                salutation = Value(greeting, row.source(How.LAYOUT))
                out[place] = replace(out[place], salutation=salutation)
    return tuple(out)


def names_greeted(openings: Iterable[Row]) -> frozenset[str]:
    """Return the whole names with which letters are opened: "Dear Mr Rufus Nemo" says one."""
    found = set()
    for row in openings:
        for greeting in _greetings(row.text):
            _, _, rest = greeting.partition(" ")
            head = officials.head_of(rest)
            name = head.name or (rest if not head.role else "")
            if len(name.split()) > 1 and officials.is_name(name):
                found.add(officials.without_courtesy(name))
    return frozenset(found)


def _greeted_by(greeting: str, targets: Sequence[DraftTarget], ours: Sequence[int]) -> int | None:
    """Return the one of our targets whom a greeting fits best; none where two fit as well."""
    fits = {place: _fit(targets[place], greeting) for place in ours}
    best = max(fits.values(), default=0)
    fitting = [place for place, fit in fits.items() if fit == best > 0]
    return fitting[0] if len(fitting) == 1 else None


def _greetings(text: str) -> list[str]:
    """Return each greeting of an opening such as "Dear Director A / Chief B,"."""
    parts = [part.strip(" ,:;") for part in _BETWEEN.split(text.strip(" ,:;，："))]
    first = parts[0].split(" ", 1)[0]
    begins_alike = first.casefold() in _BEGIN_ALIKE
    return [
        part
        if place == 0 or not begins_alike or part.split()[0].casefold() in _BEGIN_ALIKE
        else f"{first} {part}"
        for place, part in enumerate(parts)
        if part
    ]


def _fit(target: DraftTarget, greeting: str) -> int:
    """Return how much of the official's name and office a greeting says."""
    said = set(re.findall(r"\w{3,}", greeting.casefold()))
    name = set(re.findall(r"\w{3,}", target.name.value.casefold())) if target.name else set()
    office = set(re.findall(r"\w{4,}", target.role.value.casefold())) if target.role else set()
    return 2 * len(name & said) + sum(any(_is_of(word, one) for one in said) for word in office)


def _is_of(word: str, said: str) -> bool:
    """Return whether two words are one, or a long one has the other at an end.

    As "Justizministerin" has "Ministerin", and "Staatsanwaltschaft" has "Staatsanwalt".
    """
    return word == said or (len(said) > 5 and (word.endswith(said) or word.startswith(said)))
