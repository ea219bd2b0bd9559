"""What a case file needs and a document does not say: the questions at the end of a draft."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.documents.draft import ActionKind, Draft, DraftPerson, Question, Source
from tracker.documents.lexicon import INSTITUTION
from tracker.documents.output import proposals
from tracker.documents.output.kinds import kind_of, kinds
from tracker.models import EventKind

_TIME_IN_DETENTION = frozenset({EventKind.DETENTION, EventKind.INCOMMUNICADO})
_OF_ONE_DAY = frozenset({"issued_on", "deadline"})


def questions(draft: Draft) -> Iterator[str]:
    """Yield what a person must say or look at, a sentence each, in the order of a case file.

    Nearly each begins with its key, counted from one as in the program's words about mistakes.
    """
    yield from _of_the_case(draft)
    yield from _of_targets(draft)
    yield from _of_events(draft)
    yield from _of_the_action(draft)
    yield from map(_left_open, draft.questions)


def place(source: Source) -> str:
    """Return where a value stands: "line 12", or "page 2, lines 40-41"."""
    lines = f"line {source.first}"
    if source.last > source.first:
        lines = f"lines {source.first}-{source.last}"
    return f"page {source.page}, {lines}" if source.page else lines


def _of_the_case(draft: Draft) -> Iterator[str]:
    if draft.kind.value is ActionKind.STOP:
        yield (
            "a stop action asks for no letters. Is the urgent action that it ends here? "
            "Then close that one (tracker case close), and leave this draft."
        )
    if proposals.case_slug(draft):
        yield "slug: it is proposed, and cannot be changed later. Is it good?"
    else:
        yield "slug: which short name shall the case have?"
    if draft.kind.value is ActionKind.UPDATE:
        yield "slug: the document follows an earlier one. Does tracker case list show its case?"
    if not draft.people and not draft.title:
        yield "title: what shall the case be called?"
    yield "country: in which country does this happen?"
    yield "summary: what is the case, in a few sentences of your own?"
    if not draft.people:
        yield "people: who is at risk? Nobody's name was found."
    for i, _ in enumerate(draft.people, 1):
        yield f"people[{i}].description: who is this, in a sentence of your own?"


def _of_targets(draft: Draft) -> Iterator[str]:
    targets = proposals.written_to(draft)
    if not targets:
        yield "targets: who is to be written to, and where? Nobody was found."
    for i, target in enumerate(targets, 1):
        _, institution = proposals.office_of(target)
        if target.name is None:
            yield f"targets[{i}].name: what is the official's name? Only an office is printed."
        if target.address and not institution and INSTITUTION.search(target.address[0].value):
            first = target.address[0].value
            yield f'targets[{i}].institution: is it "{first}", as the address begins?'
        if not target.address and not target.emails:
            yield f"targets[{i}].address: what is their address, or else their e-mail?"


def _of_events(draft: Draft) -> Iterator[str]:
    proposed = [kind_of(event.about, event.sentence) for event in draft.events]
    told = set(proposed)
    for i, (event, kind) in enumerate(zip(draft.events, proposed, strict=True), 1):
        if kind is EventKind.OTHER:
            yield f"events[{i}].kind: no word tells its kind. Which is it?"
        # What is an event already is not asked for, nor is anything asked for twice.
        more = [other for other in kinds(event.sentence) if other not in told]
        if more:
            told.update(more)
            yield (
                f"events[{i}]: its sentence may tell of another event: {', '.join(more)}. Does it?"
            )
    yield from _of_whom_events_concern(draft, proposed)
    if draft.events and not proposals.source_of(draft):
        yield f"{_all_events(draft)}.source: which document tells it?"
    yield "events: what else happened, without a date or with one that only follows from others?"


def _of_whom_events_concern(draft: Draft, proposed: list[EventKind]) -> Iterator[str]:
    people = proposals.PeopleByName(draft.people)
    concerned = [people.concerned(event.sentence)[0] for event in draft.events]
    arrested: dict[DraftPerson, None] = {}
    held: set[DraftPerson] = set()
    for kind, found in zip(proposed, concerned, strict=True):
        if kind is EventKind.ARREST:
            arrested.update(dict.fromkeys(found))
        if kind in _TIME_IN_DETENTION:
            held.update(found)
    alone = "an arrest alone counts no time in detention."
    for person in arrested:
        if person not in held:
            yield f"events: {alone} Was {person.name.value} held, and until when?"
    if (EventKind.ARREST, ()) in zip(proposed, concerned, strict=True):
        yield f"events: {alone} Were they held, and until when?"
    if draft.events and len(draft.people) > proposals.MOST_PEOPLE:
        yield (
            f"{_all_events(draft)}.people: whom does each of them concern? There are many people, "
            "so none is proposed."
        )
        return
    *others, last = [f"[{i}]" for i, found in enumerate(concerned, 1) if not found] or [""]
    if others:
        yield f"events{', '.join(others)} and {last}.people: whom does each of them concern?"
    elif last:
        yield f"events{last}.people: whom does it concern?"


def _all_events(draft: Draft) -> str:
    last = f" to [{len(draft.events)}]" if len(draft.events) > 1 else ""
    return f"events[1]{last}"


def _of_the_action(draft: Draft) -> Iterator[str]:
    if not proposals.action_slug(draft):
        yield "urgent_actions[1].slug: which short name shall the urgent action have?"
    if draft.title is None:
        yield "urgent_actions[1].title: what is the urgent action called?"
    printed = {question.about for question in draft.questions if question.text}
    if draft.issued_on is None and "issued_on" not in printed:
        yield "urgent_actions[1].issued_on: of which day is the document?"
    stopped = draft.kind.value is ActionKind.STOP
    if draft.deadline is None and not stopped and "deadline" not in printed:
        yield "urgent_actions[1].deadline: is there a last day for letters? None is printed."
    unknown = [
        language.value
        for language in draft.languages
        if proposals.language_code(language.value) is None
    ]
    for language in unknown:
        yield f'urgent_actions[1].languages: which code of ISO 639-1 has "{language}"?'
    if len(unknown) == len(draft.languages):
        yield "urgent_actions[1].languages: which languages may letters be in?"
    if draft.asks:
        yield "urgent_actions[1].asks: how do you say them in words of your own?"
    elif not stopped:
        yield "urgent_actions[1].asks: what shall letters ask for?"
    if not proposals.source_of(draft):
        yield "urgent_actions[1].source: which document is this, and of which day?"
    yield from _of_priorities(draft)


def _of_priorities(draft: Draft) -> Iterator[str]:
    targets = proposals.written_to(draft)
    for i, target in enumerate(targets, 1):
        if target.priority is None and len(targets) > 1:
            yield (
                f"urgent_actions[1].targets[{i}].priority: which place in the order? 1 is written "
                "to first, and each needs a place of its own."
            )
        if target.reason is not None:
            yield f"urgent_actions[1].targets[{i}].reason: how do you say it in words of your own?"


def _left_open(question: Question) -> str:
    stands = f" ({place(question.source)})" if question.source else ""
    if question.about == "document":
        return f"document: it is longer than what was read of it{stands}. What does the rest say?"
    if question.text and question.about in _OF_ONE_DAY:
        return (
            f'{question.about}: "{question.text}"{stands} is no day, or can be read in two ways. '
            "Which day is it?"
        )
    if question.text and question.about == "events":
        return f'{question.about}: which day is "{question.text}"{stands}? No year is told for it.'
    if question.text:
        return f'{question.about}: what is meant by "{question.text}"{stands}?'
    return f"{question.about}: what does the document say{stands}?"
