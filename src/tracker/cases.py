"""Cases, people, targets, urgent actions and events: read them, and add them from a case file.

Cases are public within the program: every asker sees the same. The asker is still the second
argument of every query, so that a case that must stay hidden needs no new signature.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from tracker import record
from tracker.case_files import CaseFile, CaseFileError, RoughDate, SpanEnd
from tracker.members import Asker, NotYours
from tracker.models import (
    ActionStatus,
    ActionTarget,
    Case,
    Deed,
    Event,
    Person,
    PersonName,
    Role,
    Target,
    UrgentAction,
)
from tracker.rules import Precision, Span

TIMELINE_COLUMNS = {
    "case": "str",
    "date": "datetime64[s]",
    "until": "datetime64[s]",
    "until_at_least": "bool",
    "precision": "str",
    "people": "object",
    "kind": "str",
    "event": "str",
    "source": "str",
}

_GAPS = {"Cc", "Cf", "Pd", "Zl", "Zp", "Zs"}


class UnknownAction(LookupError):
    """There is no urgent action with that number or slug."""


class UnknownCase(LookupError):
    """There is no case with that slug."""


@dataclass(frozen=True)
class Added:
    """What adding a case file did: the case's slug, and whether it was new."""

    slug: str
    new: bool


# Asking ---------------------------------------------------------------------------------------


def open_actions(db: Session, asker: Asker) -> list[UrgentAction]:
    """Return the open urgent actions, newest first, with their case, its people and the targets."""
    return list(db.scalars(_actions().where(UrgentAction.status == ActionStatus.OPEN)))


def published_actions(db: Session, asker: Asker) -> list[UrgentAction]:
    """Return the open and closed urgent actions, newest first, loaded like `open_actions`."""
    return list(db.scalars(_actions().where(UrgentAction.status != ActionStatus.DRAFT)))


def action_named(db: Session, asker: Asker, name: str) -> UrgentAction:
    """Return the urgent action with that slug, else the one with that number.

    A draft is there only for the operator and for case leads.

    Raises:
        UnknownAction: there is none, or several have that number; the message names the slugs.
    """
    named = select(UrgentAction.slug, UrgentAction.number).order_by(UrgentAction.slug)
    if not (asker.is_operator or asker.has(Role.CASE_LEAD)):
        named = named.where(UrgentAction.status != ActionStatus.DRAFT)
    known = db.execute(named).all()
    slugs = [slug for slug, _ in known]
    # A slug is one action's alone; a number is what a document prints, and may be printed twice.
    found = [name] if name in slugs else [slug for slug, number in known if number == name]
    if not found:
        there_are = f"there are {', '.join(slugs)}" if slugs else "there are none yet"
        raise UnknownAction(f"no urgent action is called {name}; {there_are}")
    if len(found) > 1:
        raise UnknownAction(f"several urgent actions are called {name}: {', '.join(found)}")
    return db.scalars(_actions().where(UrgentAction.slug == found[0])).one()


def action_with_id(db: Session, asker: Asker, action_id: int) -> UrgentAction:
    """Return the urgent action with that key, loaded like `open_actions`.

    Raises:
        UnknownAction: there is none.
    """
    action = db.scalar(_actions().where(UrgentAction.id == action_id))
    if action is None:
        raise UnknownAction(f"no urgent action has the key {action_id}")
    return action


def all_cases(db: Session, asker: Asker) -> list[Case]:
    """Return every case, in the order in which they were added, with all that belongs to it."""
    return list(db.scalars(_cases().order_by(Case.id)))


def case_named(db: Session, asker: Asker, slug: str) -> Case:
    """Return the case with that slug, with all that belongs to it.

    Raises:
        UnknownCase: there is none.
    """
    case = db.scalar(_cases().where(Case.slug == slug))
    if case is None:
        raise UnknownCase(f"no case is called {slug}")
    return case


def people_named(db: Session, asker: Asker, name: str) -> list[Person]:
    """Return the people at risk who have that name, or part of it, in any spelling or script."""
    key = search_key(name)
    if not key:
        return []
    found = (
        select(PersonName.person_id)
        .where(PersonName.search_key.contains(key, autoescape=True))
        .distinct()
    )
    query = select(Person).where(Person.id.in_(found)).order_by(Person.id)
    return list(db.scalars(query.options(selectinload(Person.names))))


def search_key(name: str) -> str:
    """Return a name as it is compared: no case, no accents, one width of letters, no gaps.

    Gaps are spaces, hyphens, and the marks without a width that come along when a name is copied.
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(
        letter
        for letter in folded
        if not unicodedata.combining(letter) and unicodedata.category(letter) not in _GAPS
    )


def timeline(db: Session, asker: Asker, case_id: int) -> pd.DataFrame:
    """Return the events of a case in the order of their dates; those without a date come last.

    Columns: case str; date datetime64[s], NaT where unknown, the first day of a month or year;
    until datetime64[s], NaT where none; until_at_least bool; precision str (codes of
    `rules.Precision`); people object (tuple of main names, in the case's order); kind str (codes
    of `models.EventKind`); event str; source str.
    """
    query = select(Event, Case.slug).join(Case, Case.id == Event.case_id)
    events = db.execute(
        query.where(Event.case_id == case_id)
        .order_by(Event.happened_on.is_(None), Event.happened_on, Event.place)
        .options(selectinload(Event.people))
    ).all()
    rows = [
        (
            slug,
            event.happened_on,
            event.until,
            event.until_at_least,
            event.precision.value,
            tuple(person.name for person in event.people),
            event.kind.value,
            event.summary,
            event.source,
        )
        for event, slug in events
    ]
    return pd.DataFrame(rows, columns=list(TIMELINE_COLUMNS)).astype(TIMELINE_COLUMNS)


def detention_spans(timeline: pd.DataFrame, person: str) -> list[Span]:
    """Return the stretches that a person spent in detention, from the rows of `timeline`."""
    held = timeline[timeline["kind"].isin(["detention", "incommunicado"])]
    return [
        Span(
            None if pd.isna(event["date"]) else event["date"].date(),
            Precision(event["precision"]),
            None if pd.isna(event["until"]) else event["until"].date(),
            event["until_at_least"],
        )
        for event in held.to_dict("records")
        if person in event["people"]
    ]


# Adding ---------------------------------------------------------------------------------------


def add(db: Session, asker: Asker, file: CaseFile, name: str, *, now: datetime) -> Added:
    """Add the case that a file describes; `name` is the file's name for the refusal.

    A file whose case is already here, just as it stands in the file, changes nothing. An urgent
    action that the file calls closed counts as closed `now`: when it was, files do not say.

    Raises:
        CaseFileError: the case is here but differs, or its urgent action's slug is another's.
    """
    here = db.scalar(_cases().where(Case.slug == file.slug))
    if here is not None:
        differing = differences(as_file(here), file)
        if differing:
            raise CaseFileError(
                name,
                [f"case {file.slug} is already here and differs in {', '.join(differing)}"],
            )
        return Added(file.slug, new=False)
    slugs = [action.slug for action in file.urgent_actions]
    taken = db.scalars(
        select(UrgentAction.slug).where(UrgentAction.slug.in_(slugs)).order_by(UrgentAction.slug)
    )
    if problems := [f"urgent_actions: slug {slug} belongs to another case" for slug in taken]:
        raise CaseFileError(name, problems)
    db.add(_case(file, now))
    db.flush()
    return Added(file.slug, new=True)


def close(db: Session, asker: Asker, action: UrgentAction, *, now: datetime) -> bool:
    """Close an urgent action and return whether it was open: it takes no letters any more.

    From now on its sections' retention counts.

    Raises:
        NotYours: neither a case lead nor the operator.
    """
    if not (asker.is_operator or asker.has(Role.CASE_LEAD)):
        raise NotYours(action.slug)
    held = db.get_one(UrgentAction, action.id, with_for_update=True, populate_existing=True)
    if held.status is ActionStatus.CLOSED:
        return False
    held.status, held.closed_at = ActionStatus.CLOSED, now
    record.add(db, Deed.ACTION_CLOSED, now=now, by=asker, subject=action.slug)
    return True


def as_file(case: Case) -> CaseFile:
    """Return a stored case as the case file that describes it."""
    return CaseFile.model_validate(
        {
            "slug": case.slug,
            "title": case.title,
            "country": case.country,
            "summary": case.summary,
            "fictional": case.fictional,
            "people": [
                {
                    "name": person.name,
                    "other_names": [found.name for found in person.names[1:]],
                    "pronouns": person.pronouns,
                    "description": person.description,
                }
                for person in case.people
            ],
            "targets": [
                {
                    "name": target.name,
                    "role": target.role,
                    "institution": target.institution,
                    "address": target.address,
                    "salutation": target.salutation,
                    "email": target.email,
                    "fax": target.fax,
                }
                for target in case.targets
            ],
            "events": [_event_in_file(event) for event in case.events],
            "urgent_actions": [_action_in_file(action) for action in case.actions],
        }
    )


def differences(one: CaseFile, other: CaseFile) -> list[str]:
    """Return the keys in which two case files differ, such as targets or urgent_actions."""
    return [key for key in CaseFile.model_fields if getattr(one, key) != getattr(other, key)]


def _case(file: CaseFile, now: datetime) -> Case:
    people = {
        person.name: Person(
            place=place,
            name=person.name,
            pronouns=person.pronouns,
            description=person.description,
            names=_names([person.name, *person.other_names]),
        )
        for place, person in enumerate(file.people)
    }
    targets = {
        target.name: Target(
            place=place,
            name=target.name,
            role=target.role,
            institution=target.institution,
            address=list(target.address),
            salutation=target.salutation,
            email=target.email,
            fax=target.fax,
        )
        for place, target in enumerate(file.targets)
    }
    return Case(
        slug=file.slug,
        title=file.title,
        country=file.country,
        summary=file.summary,
        fictional=file.fictional,
        people=list(people.values()),
        targets=list(targets.values()),
        events=[
            Event(
                place=place,
                kind=event.kind,
                happened_on=event.date.day,
                precision=event.date.precision,
                until=event.until.day if event.until else None,
                until_at_least=event.until.at_least if event.until else False,
                summary=event.event,
                source=event.source,
                people=[people[name] for name in people if name in event.people],
            )
            for place, event in enumerate(file.events)
        ],
        actions=[
            UrgentAction(
                slug=action.slug,
                title=action.title,
                number=action.number,
                index_code=action.index,
                issued_on=action.issued_on,
                deadline=action.deadline,
                after_deadline=action.after_deadline,
                languages=list(action.languages),
                own_language=action.own_language,
                asks=list(action.asks),
                target_advice=action.target_advice,
                goal=action.goal,
                previous_url=action.previous_url,
                source=action.source,
                status=action.status,
                closed_at=now if action.status is ActionStatus.CLOSED else None,
                targets=[
                    ActionTarget(
                        target=targets[target.name],
                        priority=target.priority,
                        reason=target.reason,
                        goal=target.goal,
                    )
                    for target in action.targets
                ],
            )
            for action in file.urgent_actions
        ],
    )


def _names(names: Sequence[str]) -> list[PersonName]:
    return [
        PersonName(place=place, name=name, search_key=search_key(name))
        for place, name in enumerate(names)
    ]


def _event_in_file(event: Event) -> dict[str, object]:
    return {
        "kind": event.kind,
        "date": RoughDate(day=event.happened_on, precision=event.precision),
        "until": event.until and SpanEnd(day=event.until, at_least=event.until_at_least),
        "people": [person.name for person in event.people],
        "event": event.summary,
        "source": event.source,
    }


def _action_in_file(action: UrgentAction) -> dict[str, object]:
    return {
        "slug": action.slug,
        "title": action.title,
        "number": action.number,
        "index": action.index_code,
        "issued_on": action.issued_on,
        "deadline": action.deadline,
        "after_deadline": action.after_deadline,
        "languages": action.languages,
        "own_language": action.own_language,
        "asks": action.asks,
        "target_advice": action.target_advice,
        "goal": action.goal,
        "previous_url": action.previous_url,
        "source": action.source,
        "status": action.status,
        "targets": [
            {
                "name": chosen.target.name,
                "priority": chosen.priority,
                "reason": chosen.reason,
                "goal": chosen.goal,
            }
            for chosen in action.targets
        ],
    }


def _actions() -> Select[UrgentAction]:
    return (
        select(UrgentAction)
        .order_by(UrgentAction.issued_on.desc(), UrgentAction.id.desc())
        .options(
            selectinload(UrgentAction.targets).selectinload(ActionTarget.target),
            selectinload(UrgentAction.case).selectinload(Case.people).selectinload(Person.names),
        )
    )


def _cases() -> Select[Case]:
    return select(Case).options(
        selectinload(Case.people).selectinload(Person.names),
        selectinload(Case.targets),
        selectinload(Case.events).selectinload(Event.people),
        selectinload(Case.actions)
        .selectinload(UrgentAction.targets)
        .selectinload(ActionTarget.target),
    )
