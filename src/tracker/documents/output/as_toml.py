"""A draft → the text of a case file that a person mends and adds.

Every value has a comment that says where it stands. What the document does not say is left out, and
asked at the end. The text is always TOML, whatever stood in the document.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date

import tomlkit

from tracker.documents.draft import (
    ActionKind,
    Draft,
    DraftEvent,
    DraftPerson,
    DraftTarget,
    How,
    Source,
    Value,
)
from tracker.documents.output import open_points, proposals
from tracker.documents.output.kinds import kind_of

MOST_OF_A_SENTENCE = 600
"""So many characters of an event's sentence stand beside it."""

_FOUND = {How.LABEL: "by its label", How.LAYOUT: "by its place", How.PROSE: "from the text"}


def case_file_text(draft: Draft) -> str:
    """Return a draft case file (docs/case-files.md), with its questions at the end."""
    people = proposals.PeopleByName(draft.people)
    targets = proposals.written_to(draft)
    blocks = [
        _head(draft),
        _case(draft),
        *([*_person(person)] for person in draft.people),
        *([*_target(target)] for target in targets),
        [*_copies(draft)],
        *([*_event(event, draft, people)] for event in draft.events),
        [*_action(draft)],
        *([*_action_target(target, len(targets))] for target in targets),
        [*_questions(draft)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


# Parts of the file ----------------------------------------------------------------------------


def _head(draft: Draft) -> list[str]:
    return [
        _comment(f"A draft, read from {draft.name} ({draft.family}, {draft.kind.value})."),
        "# Hold every line against the document, then answer the questions at the end.",
        "# To add it: tracker case add FILE.toml. How to write one: docs/case-files.md",
    ]


def _case(draft: Draft) -> list[str]:
    lines = []
    names = "the names" if draft.people else "the title"
    if slug := proposals.case_slug(draft):
        lines.append(_pair("slug", slug, f"proposed from {names}"))
    if title := proposals.case_title(draft):
        lines.append(_pair("title", title, "proposed from the names"))
    elif draft.title:
        lines.append(_pair("title", draft.title.value, _where(draft.title.source)))
    return lines


def _person(person: DraftPerson) -> Iterator[str]:
    yield "[[people]]"
    yield _pair("name", person.name.value, _where(person.name.source))
    yield from _list("other_names", person.other_names)
    if person.pronouns:
        yield _pair("pronouns", person.pronouns.value, _where(person.pronouns.source))


def _target(target: DraftTarget) -> Iterator[str]:
    yield "[[targets]]"
    if target.name:
        yield _pair("name", target.name.value, _where(target.name.source))
    if target.role:
        role, institution = proposals.office_of(target)
        yield _pair("role", role, _where(target.role.source))
        if institution:
            yield _pair("institution", institution, _where(target.role.source))
    yield from _list("address", target.address)
    if target.salutation:
        yield _pair("salutation", target.salutation.value, _where(target.salutation.source))
    for i, email in enumerate(target.emails):
        if i == 0:
            yield _pair("email", email.value, _where(email.source))
        else:
            yield _comment(f"another e-mail: {email.value} ({_where(email.source)})")
    if target.fax:
        yield _pair("fax", target.fax.value, _where(target.fax.source))


def _copies(draft: Draft) -> Iterator[str]:
    copies = [target for target in draft.targets if target.copy]
    if copies:
        yield "# Copies are to go to these; they are no targets."
    for target in copies:
        parts = (target.name, target.role, *target.address, *target.emails)
        known = [part for part in parts if part]
        if target.fax:
            known.append(Value(f"fax {target.fax.value}", target.fax.source))
        if known:
            words = "; ".join(part.value for part in known)
            yield _comment(f"{words} ({_where(known[0].source)})")


def _event(event: DraftEvent, draft: Draft, people: proposals.PeopleByName) -> Iterator[str]:
    sentence = _one_line(event.sentence)
    if len(sentence) > MOST_OF_A_SENTENCE:
        sentence = f"{sentence[:MOST_OF_A_SENTENCE]} …"
    yield _comment(f"{open_points.place(event.date.source)}: {sentence}")
    yield "[[events]]"
    yield _pair("kind", kind_of(event.about, event.sentence), "proposed from the words")
    yield _pair("date", _rough(event), _where(event.date.source, of_a_day=True))
    concerned, remark = people.concerned(event.sentence)
    if concerned:
        names = ", ".join(_toml(person.name.value) for person in concerned)
        yield f"people = [{names}]  {_comment(remark)}"
    yield _pair("event", event.about, "the document's words")
    if source := proposals.source_of(draft):
        yield _pair("source", source, "proposed")


def _action(draft: Draft) -> Iterator[str]:
    yield "[[urgent_actions]]"
    if slug := proposals.action_slug(draft):
        yield _pair("slug", slug, "proposed from the case's and the month of issue")
    for key, value in (("title", draft.title), ("number", draft.ua_number), ("index", draft.index)):
        if value:
            yield _pair(key, value.value, _where(value.source))
    for key, day in (("issued_on", draft.issued_on), ("deadline", draft.deadline)):
        if day:
            yield _pair(key, day.value, _where(day.source, of_a_day=True))
    yield from _languages(draft)
    if draft.own_language:
        own = draft.own_language
        yield _pair("own_language", own.value, _where(own.source))
    yield from _list("asks", draft.asks)
    if draft.previous_url:
        yield _pair("previous_url", draft.previous_url.value, _where(draft.previous_url.source))
    if source := proposals.source_of(draft):
        yield _pair("source", source, "proposed")
    if draft.kind.value is ActionKind.STOP:
        yield _pair("status", "closed", f"a stop action: {_where(draft.kind.source)}")


def _languages(draft: Draft) -> Iterator[str]:
    codes: dict[str, Value[str]] = {}
    for language in draft.languages:
        if code := proposals.language_code(language.value):
            codes.setdefault(code, Value(code, language.source))
    yield from _list("languages", tuple(codes.values()))


def _action_target(target: DraftTarget, of: int) -> Iterator[str]:
    yield "[[urgent_actions.targets]]"
    if target.name:
        yield _pair("name", target.name.value, "as above")
    elif target.role:
        yield _comment(f"name: as above, of the {target.role.value}")
    if target.priority:
        yield _pair("priority", target.priority.value, _where(target.priority.source))
    elif of == 1:
        yield _pair("priority", 1, "the only target")
    if target.reason:
        yield _pair("reason", target.reason.value, _where(target.reason.source))


def _questions(draft: Draft) -> Iterator[str]:
    yield "# What the document does not say, or a person must decide. The case's own keys, such as"
    yield "# country, belong above the first [[people]]."
    for question in open_points.questions(draft):
        yield _comment(f"? {question}")


# Lines ----------------------------------------------------------------------------------------


def _pair(key: str, value: str | int | date, remark: str) -> str:
    return f"{key} = {_toml(value)}  {_comment(remark)}"


def _list(key: str, values: tuple[Value[str], ...]) -> Iterator[str]:
    if values:
        yield f"{key} = ["
        for value in values:
            yield f"    {_toml(value.value)},  {_comment(_where(value.source))}"
        yield "]"


def _rough(event: DraftEvent) -> str | date:
    """Return a day as one, and a month or a year as the text that a case file has for it."""
    written = str(event.date.value)
    return event.date.value.day if len(written) == len("2021-09-19") else written


def _toml(value: str | int | date) -> str:
    if isinstance(value, str):
        return tomlkit.string(_one_line(value)).as_string()
    return tomlkit.item(value).as_string()


def _comment(text: str) -> str:
    return f"# {_one_line(text)}"


def _one_line(text: str) -> str:
    """Return `text` without ends of lines, and without what no case file may have."""
    spaced = " ".join(text.split())
    if spaced.isprintable():
        return spaced
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cs"})


def _where(source: Source, *, of_a_day: bool = False) -> str:
    """Return where a value stands and how it was found, in words."""
    inferred = ""
    if source.inferred:
        part = "the year" if of_a_day else "a part of it"
        inferred = f"; {part} is taken from elsewhere in the document"
    return f"{open_points.place(source)}, {_FOUND[source.how]}{inferred}"
