"""Everything that there is to ask: one row for each query of the program, and how to ask it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

import tracker
from tests.walls.business import Book
from tracker import (
    accounts,
    cases,
    forgetting,
    invitations,
    letters,
    members,
    record,
    reports,
    running_counts,
    sealed_columns,
    uptake,
)
from tracker.letters import changes as letter_changes
from tracker.letters import writers
from tracker.members import Asker, NotYours, UnknownMember, people
from tracker.models import Base, UrgentAction
from tracker.uptake import EVERYTHING, Scope
from tracker.web import account_views, sessions

Function = Callable[..., Any]
About = Callable[[Book], Iterable[Any]]


def _once(book: Book) -> Iterable[Any]:
    return [None]


def _sections(book: Book) -> Iterable[Any]:
    return book.sections


def _sections_or_all(book: Book) -> Iterable[Any]:
    return [None, *book.sections]


def _letters(book: Book) -> Iterable[Any]:
    return list(book.letters)[-3:]


def _entries(book: Book) -> Iterable[Any]:
    return list({letter.entry_id: None for letter in book.letters.values()})[-3:]


def _people(book: Book) -> Iterable[Any]:
    return book.people


def _scopes(book: Book) -> Iterable[Any]:
    return [EVERYTHING, *(Scope(section_id=section_id) for section_id in book.sections)]


@dataclass(frozen=True)
class Asking:
    """Who asks in which session at what moment, and about which urgent action."""

    db: Session
    asker: Asker
    now: datetime
    action: UrgentAction


Ask = Callable[[Asking, Any], Any]


@dataclass(frozen=True)
class Question:
    """A query, what it is asked about, and how.

    `names` says that it asks for names outright, `operators` that only the command line asks it,
    and `cases` that it is about cases alone: then once a program is enough.
    """

    query: Function
    ask: Ask
    about: About = _once
    names: bool = False
    operators: bool = False
    cases: bool = False

    @property
    def title(self) -> str:
        """The query's name, for people."""
        return named(self.query) + (", with names" if self.names else "")


def _report(write: Function, **said: Any) -> Ask:
    def ask(asking: Asking, scope: Any) -> Any:
        return b"".join(write(asking.db, asking.asker, asking.action, scope, **said))

    return ask


QUESTIONS = (
    Question(members.sections, lambda at, _: members.sections(at.db, at.asker)),
    Question(members.groups, lambda at, of: members.groups(at.db, at.asker, of), _sections),
    Question(
        members.listed, lambda at, of: members.listed(at.db, at.asker, of, now=at.now), _sections
    ),
    Question(
        members.listed,
        lambda at, of: members.listed(at.db, at.asker, of, now=at.now, names=True),
        _sections,
        names=True,
    ),
    Question(
        invitations.invitations,
        lambda at, of: invitations.invitations(at.db, at.asker, of, now=at.now),
        _sections,
    ),
    Question(
        invitations.join_codes,
        lambda at, of: invitations.join_codes(at.db, at.asker, of, now=at.now),
        _sections,
    ),
    Question(invitations.domains, lambda at, _: invitations.domains(at.db, at.asker)),
    Question(letters.of_entry, lambda at, it: letters.of_entry(at.db, at.asker, it), _entries),
    Question(letters.own_letters, lambda at, _: letters.own_letters(at.db, at.asker, limit=99)),
    Question(letters.own_letter, lambda at, it: letters.own_letter(at.db, at.asker, it), _letters),
    Question(letters.count_own, lambda at, _: letters.count_own(at.db, at.asker)),
    Question(letters.versions, lambda at, it: letters.versions(at.db, at.asker, it), _letters),
    Question(
        letters.writers_without_account,
        lambda at, _: letters.writers_without_account(at.db, at.asker),
    ),
    Question(
        writers.writer_for, lambda at, other: writers.writer_for(at.db, at.asker, other), _people
    ),
    Question(
        record.entries,
        lambda at, of: record.entries(at.db, at.asker, section_id=of),
        _sections_or_all,
    ),
    Question(reports.letters, _report(reports.letters), _scopes),
    Question(reports.letters, _report(reports.letters, names=True), _scopes, names=True),
    Question(reports.progress, _report(reports.progress), _scopes),
    Question(
        reports.timeline, lambda at, _: b"".join(reports.timeline(at.db, at.asker, at.action))
    ),
    Question(
        uptake.letters_by_target_and_week,
        lambda at, _: uptake.letters_by_target_and_week(at.db, at.asker, at.action),
    ),
    Question(cases.open_actions, lambda at, _: cases.open_actions(at.db, at.asker), cases=True),
    Question(
        cases.published_actions, lambda at, _: cases.published_actions(at.db, at.asker), cases=True
    ),
    Question(
        cases.action_named,
        lambda at, _: cases.action_named(at.db, at.asker, at.action.slug),
        cases=True,
    ),
    Question(
        cases.action_with_id,
        lambda at, _: cases.action_with_id(at.db, at.asker, at.action.id),
        cases=True,
    ),
    Question(cases.all_cases, lambda at, _: cases.all_cases(at.db, at.asker), cases=True),
    Question(
        cases.case_named, lambda at, _: cases.case_named(at.db, at.asker, "lighthouse"), cases=True
    ),
    Question(
        cases.people_named, lambda at, _: cases.people_named(at.db, at.asker, "Perla"), cases=True
    ),
    Question(
        cases.timeline, lambda at, _: cases.timeline(at.db, at.asker, at.action.case_id), cases=True
    ),
    Question(accounts.sign_in_name_of, lambda at, _: accounts.sign_in_name_of(at.db, at.asker)),
    Question(accounts.of_asker, lambda at, _: accounts.of_asker(at.db, at.asker)),
    Question(accounts.second_step_since, lambda at, _: accounts.second_step_since(at.db, at.asker)),
    Question(
        sessions.of_member, lambda at, _: sessions.of_member(at.db, at.asker, None, now=at.now)
    ),
    Question(
        forgetting.due, lambda at, _: forgetting.due(at.db, at.asker, now=at.now), operators=True
    ),
    Question(
        forgetting.spent,
        lambda at, _: forgetting.spent(at.db, at.asker, now=at.now),
        operators=True,
    ),
    Question(
        running_counts.drifts, lambda at, _: running_counts.drifts(at.db, at.asker), operators=True
    ),
)

CHANGES: tuple[Function, ...] = (
    accounts.begin_second_step, accounts.change_passphrase, accounts.confirm_second_step,
    accounts.remove_second_step, accounts.rename, cases.add, cases.close,
    invitations.end_join_code, invitations.invite, invitations.make_join_code,
    invitations.map_domain, invitations.remove_domain, invitations.reset, invitations.revoke,
    letters.correct, letters.log, letters.restore, letters.withdraw, letters.withdraw_entry,
    members.add_without_account, members.change_group, members.change_section, members.disable,
    members.enable, members.grant, members.merge_groups, members.new_group, members.new_section,
    members.rename_group, members.take_grant, reports.record_names_exported,
    sealed_columns.begin_rotation, sealed_columns.open_all, sessions.end_one, sessions.end_others,
    account_views.end_other_sessions, account_views.end_session, people.note_names_shown,
)  # fmt: skip
"""What changes something, and shows nothing but what the asker made just now."""

HELPERS: tuple[Function, ...] = (
    record.was_noted,  # whether the asker did something already
    account_views.own_sessions,  # `sessions.of_member` for the browser that asks
    members.kept_member,  # a row that one of CHANGES holds
)
"""What stands behind other rows."""


def named(function: Function) -> str:
    """Return a function's whole name."""
    return f"{function.__module__}.{function.__qualname__}"


# To import them is to run them.
_SCRIPTS = ("tracker.__main__", "tracker.web.shell")


def there_are() -> set[str]:
    """Return every public function of the program that takes a session and who asks."""
    found = set()
    for module in pkgutil.walk_packages(tracker.__path__, "tracker."):
        if module.name in _SCRIPTS:
            continue
        for function in vars(importlib.import_module(module.name)).values():
            if inspect.isfunction(function) and function.__module__ == module.name:
                taken = {"db", "asker"} <= set(inspect.signature(function).parameters)
                if taken and not function.__name__.startswith("_"):
                    found.add(named(function))
    return found


REFUSALS = (
    NotYours,
    UnknownMember,
    letters.UnknownLetter,
    letter_changes.Refused,
    accounts.AccountRefused,
    cases.UnknownAction,
    cases.UnknownCase,
)


def answers(asking: Asking, question: Question, book: Book) -> Iterator[str]:
    """Ask a question about everything in the book, and yield all that is answered, as text.

    A refusal is no answer; what it repeats, the asker knew.
    """
    for about in list(question.about(book)):
        with suppress(*REFUSALS):
            yield told(question.ask(asking, about))


def told(answer: Any) -> str:
    """Return everything that an answer holds, as text: also what its `repr` keeps to itself."""
    if isinstance(answer, bytes):
        return answer.decode(errors="replace")
    if isinstance(answer, pd.DataFrame):
        return answer.to_csv()
    if isinstance(answer, list | tuple | set | frozenset):
        return " ".join(told(part) for part in answer)
    parts: list[Any] = []
    if is_dataclass(answer):
        parts = [getattr(answer, part.name) for part in fields(answer)]
    elif isinstance(answer, Base):
        # What a row refers to is told where it is asked for.
        parts = [part for part in vars(answer).values() if not isinstance(part, Base)]
    return " ".join(told(part) for part in parts) or str(answer)
