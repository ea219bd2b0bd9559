"""A draft → the facts that `tracker document draft --json` prints, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tracker.documents.draft import Draft, DraftPerson, DraftTarget, Question, Source, Value

Place = tuple[str, Source]
"""A field, such as `people[0].name`, and where its value stands."""


def facts(draft: Draft) -> dict[str, Any]:
    """Return what a document says, as JSON has it.

    What it does not say is None, or an empty list. `questions` has what stands there and is open;
    `provenance` has each field's path (such as
    `targets[1].address[0]`, counted from 0 as programs do) with its lines, its page, how it was
    found, and whether a part of it was taken from elsewhere in the document.
    """
    return {
        "family": draft.family,
        "kind": draft.kind.value.value,
        "title": _plain(draft.title),
        "ua_number": _plain(draft.ua_number),
        "index": _plain(draft.index),
        "issued_on": draft.issued_on.value.isoformat() if draft.issued_on else None,
        "deadline": draft.deadline.value.isoformat() if draft.deadline else None,
        "people": [_person(person) for person in draft.people],
        "targets": [_target(target) for target in draft.targets],
        "languages": [language.value for language in draft.languages],
        "previous_url": _plain(draft.previous_url),
        "asks": [ask.value for ask in draft.asks],
        "events": [{"date": str(event.date.value), "about": event.about} for event in draft.events],
        "questions": [_question(question) for question in draft.questions],
        "provenance": {field: _source(source) for field, source in _places(draft)},
    }


def _plain(value: Value[Any] | None) -> Any:
    return value.value if value else None


def _person(person: DraftPerson) -> dict[str, Any]:
    return {
        "name": person.name.value,
        "other_names": [name.value for name in person.other_names],
        "pronouns": _plain(person.pronouns),
    }


def _target(target: DraftTarget) -> dict[str, Any]:
    return {
        "name": _plain(target.name),
        "role": _plain(target.role),
        "address": [line.value for line in target.address],
        "salutation": _plain(target.salutation),
        "emails": [email.value for email in target.emails],
        "fax": _plain(target.fax),
        "priority": _plain(target.priority),
        "reason": _plain(target.reason),
        "copy": target.copy,
    }


def _question(question: Question) -> dict[str, Any]:
    source = question.source
    return {
        "about": question.about,
        "text": question.text,
        "lines": [source.first, source.last] if source else None,
    }


# Where it stands ------------------------------------------------------------------------------

_FIELDS = ("kind", "title", "ua_number", "index", "issued_on", "deadline")
_OF_PERSON = ("name", "other_names", "pronouns")
_OF_TARGET = ("name", "role", "address", "salutation", "emails", "fax", "priority", "reason")


def _source(source: Source) -> dict[str, Any]:
    return {
        "lines": [source.first, source.last],
        "page": source.page,
        "how": source.how.value,
        "inferred": source.inferred,
    }


def _places(draft: Draft) -> Iterator[Place]:
    yield from _below("", draft, _FIELDS)
    for i, person in enumerate(draft.people):
        yield from _below(f"people[{i}].", person, _OF_PERSON)
    for i, target in enumerate(draft.targets):
        yield from _below(f"targets[{i}].", target, _OF_TARGET)
    yield from _below("", draft, ("languages", "previous_url", "asks"))
    for i, event in enumerate(draft.events):
        yield f"events[{i}].date", event.date.source
        yield f"events[{i}].about", replace(event.date.source, inferred=False)


def _below(
    place: str, owner: Draft | DraftPerson | DraftTarget, fields: tuple[str, ...]
) -> Iterator[Place]:
    for field in fields:
        found: Value[Any] | tuple[Value[Any], ...] | None = getattr(owner, field)
        if isinstance(found, Value):
            yield f"{place}{field}", found.source
        elif found:
            for i, value in enumerate(found):
                yield f"{place}{field}[{i}]", value.source
