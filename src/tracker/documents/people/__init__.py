"""The people at risk: who they are, what else they are called, their pronouns."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tracker.documents.draft import DraftPerson, Value
from tracker.documents.people.at_risk import people_at_risk
from tracker.documents.people.listed_names import ListedPerson, listed_people
from tracker.documents.people.names import words_of
from tracker.documents.people.other_names import Prose, other_names, prose_of
from tracker.documents.structure import Passage


def people(
    label: Sequence[Value[str]],
    title: str,
    passages: Sequence[Passage],
    officials: Collection[str],
) -> tuple[DraftPerson, ...]:
    """Return the people at risk, in the order in which they are named.

    Args:
        label: the texts after a name label, whole. Whom they name is at risk, and nobody else.
        title: the document's headline, or "".
        passages: the document's running text, in order.
        officials: names of addressees, who are none of them.
    """
    prose = prose_of(passages)
    listed = [(person, value) for value in label for person in listed_people(value.value)]
    if not listed:
        found = _without_aliases(people_at_risk(title, prose, officials), passages)
        names = [name.value for name in found]
        return tuple(_with_others(DraftPerson(name), prose, {*names, *officials}) for name in found)
    people_found: dict[tuple[str, ...], DraftPerson] = {}
    for person, value in listed:
        people_found.setdefault(words_of(person.name), _drafted(person, value))
    names = [person.name.value for person in people_found.values()]
    return tuple(
        _with_others(person, prose, {*names, *officials}) for person in people_found.values()
    )


_ALIAS = re.compile(r"[\s,(]{1,3}(?:also |better |widely )?(?:known as|alias|a\.?k\.?a\.?)\W{1,3}")


def _without_aliases(names: Sequence[Value[str]], passages: Sequence[Passage]) -> list[Value[str]]:
    """Return the names without those that another one of them is only known by."""
    return [
        name
        for name in names
        if not any(_is_alias(name.value, other.value, passages) for other in names)
    ]


def _is_alias(name: str, of: str, passages: Sequence[Passage]) -> bool:
    said = re.compile(rf"{re.escape(of)}{_ALIAS.pattern}{re.escape(name)}(?!\w)")
    return name != of and any(said.search(passage.text) for passage in passages)


def _drafted(person: ListedPerson, value: Value[str]) -> DraftPerson:
    return DraftPerson(
        name=Value(person.name, value.source),
        other_names=tuple(Value(other, value.source) for other in person.other_names),
        pronouns=Value(person.pronouns, value.source) if person.pronouns else None,
    )


def _with_others(person: DraftPerson, prose: Prose, names: Collection[str]) -> DraftPerson:
    """Return the person with what the prose adds; `names` are all that others may bear."""
    name = person.name.value
    found = other_names(name, prose, [other for other in names if other != name])
    known = {other.value for other in person.other_names}
    return DraftPerson(
        name=person.name,
        other_names=(
            *person.other_names,
            *(other for other in found.names if other.value not in known),
        ),
        pronouns=person.pronouns or found.pronouns,
    )
