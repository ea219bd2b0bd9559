"""The world that programs change, the book that is kept of it, and everybody's eyes.

Everybody and every place in here is fictional. What is done to the world stands in deeds.py
and its neighbours.
"""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

import pandas as pd
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy.orm import Session

from tests import factories
from tests.walls.business import Book, Kind, Person, Sent, Visitor, is_their_business, sees_totals
from tests.walls.questions import QUESTIONS, Asking, answers
from tracker import (
    accounts,
    cases,
    database,
    forgetting,
    invitations,
    letters,
    members,
    record,
    reports,
    running_counts,
    sealing,
    settings,
    uptake,
)
from tracker.accounts import Account
from tracker.members import Asker, NotYours, UnknownMember
from tracker.models import Deed, Grant, Role
from tracker.uptake import Scope

_REFUSED = (
    letters.Refused,
    letters.ChangedMeanwhile,
    members.ChangedMeanwhile,
    members.GroupRefused,
    members.PersonRefused,
    members.SectionRefused,
    invitations.DomainRefused,
    invitations.JoinCodeRefused,
    accounts.AccountRefused,
    forgetting.Refused,
)
_T = TypeVar("_T")


class Databases(Protocol):
    """What makes fresh databases; see tests/databases.py."""

    def fresh(self, *, migrated: bool = True) -> AbstractContextManager[str]:
        """Yield the URL of a new database."""


@dataclass
class Tally:
    """What the programs of one run came to.

    Attributes:
        seen: how often those whose business it was came to see a canary, by kind.
    """

    programs: int = 0
    steps: int = 0
    changes: int = 0
    refused: int = 0
    questions: int = 0
    pages: int = 0
    canaries: int = 0
    searched: int = 0
    found: int = 0
    seen: Counter[Kind] = field(default_factory=Counter)


class WallBroken(AssertionError):
    """Somebody came to see, or to do, what is none of their business."""


class World(RuleBasedStateMachine):
    """A new database with three sections, and the book that is kept of them."""

    databases: ClassVar[Databases]
    folder: ClassVar[Path]
    tally: ClassVar[Tally]

    def __init__(self) -> None:
        """Make the database, and listen to what the program logs."""
        super().__init__()
        self.book = Book()
        self.now = datetime.now(UTC)
        self.sound = False
        """Whether the last step went as it should."""
        self.last: Visitor = None
        """Who looked last."""
        self._open = ExitStack()
        self._open.callback(settings.use, None)
        url = self._open.enter_context(self.databases.fresh())
        settings.use(
            settings.load({"TRACKER_DATA_DIR": str(self.folder), "TRACKER_DATABASE_URL": url})
        )
        self._logged = io.StringIO()
        handler = logging.StreamHandler(self._logged)
        logging.getLogger().addHandler(handler)
        self._open.callback(logging.getLogger().removeHandler, handler)
        self.tally.programs += 1

    def teardown(self) -> None:
        """See that every letter counts once, count what there was to find, and clear away."""
        try:
            if self.sound:
                self.look(self.last, whole=True)
                self.check_counts()
        finally:
            self._clear_away()

    def _clear_away(self) -> None:
        self.tally.canaries += len(self.book.canaries)
        self._open.close()

    @initialize()
    def people_the_world(self) -> None:
        """Add three sections with a volunteer and a coordinator each, and some beyond them."""
        with database.writing() as db:
            for name in ("Ruritania", "Graustark", "Zenda"):
                self.add_section(db, f"{name} (fictional)")
            first, second, third = self.book.sections
            for group_id, section_id in list(self.book.groups.items()):
                self.add_person(db, section_id, group_id, Role.VOLUNTEER)
                self.add_person(db, section_id, group_id, Role.COORDINATOR, Role.VOLUNTEER)
            both = self.add_person(db, first, None, Role.COORDINATOR)
            db.add(Grant(member_id=both.member_id, role=Role.COORDINATOR, section_id=second))
            both.roles.add((Role.COORDINATOR, second))
            self.add_person(db, second, None, Role.CASE_LEAD)
            self.add_without_account(db, third, None)
            action = factories.action(db)
            self.book.actions[action.id] = action.slug
            self.add_line(db, None)
            for person in list(self.book.people.values())[:5:2]:
                self.send(db, members.asker(db, person.member_id), person, action.id)

    # What the world is made of ------------------------------------------------------------------

    def add_section(self, db: Session, name: str, asker: Asker | None = None) -> None:
        """Add a section with a group in it and a line of its record."""
        by = asker or members.operator(db)
        section_id = members.new_section(db, by, name=name, time_zone="UTC", now=self.now)
        self.book.sections[section_id] = name
        self.book.retention[section_id] = 90
        self.add_group(db, section_id)
        self.add_line(db, section_id)
        for member_id in [*self.book.people, *self.book.gone]:
            self.note_pseudonym(member_id, section_id)

    def add_group(self, db: Session, section_id: int, asker: Asker | None = None) -> None:
        """Add a group to a section."""
        name = self.book.text(Kind.GROUP, section_id)
        by = asker or members.operator(db)
        group_id = members.new_group(db, by, section_id, name, now=self.now)
        self.book.groups[group_id] = section_id
        self.book.note(name, Kind.GROUP, section_id, group_id)

    def add_line(self, db: Session, section_id: int | None) -> None:
        """Add a line to the record, of what nobody else may read."""
        line = self.book.planted(Kind.LINE, section_id)
        record.add(db, Deed.PAGE_REFUSED, now=self.now, section_id=section_id, subject=line)

    def add_without_account(
        self, db: Session, section_id: int, group_id: int | None, asker: Asker | None = None
    ) -> None:
        """Add somebody for whom others log letters."""
        name = self.book.text(Kind.DISPLAY_NAME, section_id)
        by = asker or members.operator(db)
        member_id = members.add_without_account(
            db, by, section_id, group_id, f"Fictional {name}", now=self.now
        )
        self.book.note(name, Kind.DISPLAY_NAME, section_id, member_id)
        self.note_person(Person(member_id, section_id, group_id, {(Role.VOLUNTEER, section_id)}))

    def add_person(
        self, db: Session, section_id: int, group_id: int | None, *roles: Role
    ) -> Person:
        """Let somebody in by an invitation, who then chooses an account."""
        place = invitations.Place(section_id, "", group_id, "", roles[0])
        member_id = invitations.admit(db, place, name="", now=self.now)
        person = Person(member_id, section_id, group_id, {(roles[0], section_id)})
        self.note_person(person)
        for role in roles[1:]:
            members.grant(db, members.operator(db), member_id, role, now=self.now)
            person.roles.add((role, section_id))
        self.give_account(db, person)
        return person

    def note_person(self, person: Person) -> None:
        """Note a member, and what they are called in every section and beyond."""
        self.book.people[person.member_id] = person
        for section_id in (*self.book.sections, None):
            self.note_pseudonym(person.member_id, section_id)

    def note_pseudonym(self, member_id: int, section_id: int | None) -> None:
        """Note what the member is called in that section."""
        text = sealing.pseudonym(member_id, section_id or 0).removeprefix("writer ")
        self.book.note(text, Kind.PSEUDONYM, section_id, member_id)

    def give_account(self, db: Session, person: Person) -> None:
        """Give the member new names and a new passphrase, hashed already."""
        about = person.section_id, person.member_id
        account = Account(
            name=f"Fictional {self.book.planted(Kind.DISPLAY_NAME, *about)}",
            sign_in_name=self.book.planted(Kind.SIGN_IN_NAME, *about),
            kept=self.book.planted(Kind.KEPT, *about),
        )
        accounts.give(db, person.member_id, account, now=self.now)
        person.has_account = True

    def send(self, db: Session, asker: Asker, writer: Person, action_id: int) -> None:
        """Log letters of that writer's to both targets, and note them."""
        language = self.book.text(Kind.LETTER, writer.section_id)
        entry = factories.entry_id()
        letters.log(
            db,
            asker,
            entry_id=entry,
            action_id=action_id,
            target_ids=[
                chosen.target_id for chosen in cases.action_with_id(db, asker, action_id).targets
            ],
            details=factories.details(language=language),
            now=self.now,
            writer_id=writer.member_id,
        )
        for logged in letters.of_entry(db, asker, entry):
            mine = asker.member_id == writer.member_id
            self.book.letters[logged.letter_id] = Sent(
                letter_id=logged.letter_id,
                entry_id=entry,
                action_id=action_id,
                section_id=writer.section_id,
                group_id=writer.group_id,
                writer=writer.member_id,
                logged_by=None if mine else asker.member_id,
            )
            for text in (logged.letter_id, language):
                self.book.note(text, Kind.LETTER, writer.section_id, logged.letter_id)

    # Doing --------------------------------------------------------------------------------------

    def visitors(self) -> list[Visitor]:
        """Return everybody who may ask: the operator, and the members in order."""
        return [None, *self.book.people.values()]

    def asker(self, db: Session, visitor: Visitor) -> Asker:
        """Return who asks; a member who is disabled may not.

        Raises:
            UnknownMember: as it must.
        """
        if visitor is None:
            return members.operator(db)
        return members.asker(db, visitor.member_id)

    def try_to(
        self, visitor: Visitor, allowed: bool, change: Callable[[Session, Asker], _T]
    ) -> list[_T]:
        """Have somebody change something, and return what came of it: nothing where it was refused.

        Raises:
            WallBroken: what is not allowed was done, or the other way round.
        """
        self.tally.changes += 1
        disabled = visitor is not None and visitor.disabled
        try:
            with database.writing() as db:
                done = change(db, self.asker(db, visitor))
        except (NotYours, UnknownMember, letters.UnknownLetter) as refused:
            if allowed and not disabled:
                raise WallBroken(f"{visitor} was kept from their own business") from refused
            self.tally.refused += 1
            return []
        except _REFUSED:
            return []
        if disabled or not allowed:
            raise WallBroken(f"{visitor} did what is none of their business")
        return [done]

    # Looking ------------------------------------------------------------------------------------

    def look(self, visitor: Visitor, *, whole: bool = False) -> None:
        """Have somebody ask everything there is to ask; about cases only if it is the whole.

        Raises:
            WallBroken: they came to see what is none of their business.
        """
        self.search("the log", self._logged.getvalue(), None)
        with database.reading() as db:
            try:
                asker = self.asker(db, visitor)
            except UnknownMember:
                assert visitor
                assert visitor.disabled
                return
            if visitor is not None and visitor.disabled:
                raise WallBroken(f"{visitor} is disabled, and asks")
            action_id = list(self.book.actions)[self.tally.steps % len(self.book.actions)]
            action = cases.action_with_id(db, asker, action_id)
            asking = Asking(db, asker, self.now, action)
            for question in QUESTIONS:
                if (question.operators and visitor) or (question.cases and not whole):
                    continue
                told = list(answers(asking, question, self.book))
                self.tally.questions += len(told)
                self.search(question.title, "\n".join(told), visitor, names=question.names)
            self.check_totals(asking, visitor)
            self.check_record(db, asker, visitor)

    def search(self, where: str, text: str, visitor: Visitor, *, names: bool = False) -> None:
        """Search what somebody was shown for every canary.

        Raises:
            WallBroken: one is in it that is none of their business.
        """
        self.tally.searched += len(text.encode())
        for canary in self.book.canaries:
            if canary.text not in text:
                continue
            if not is_their_business(self.book, visitor, canary, names=names):
                self.tally.found += 1
                raise WallBroken(f"{visitor or 'the operator'} found {canary} in {where}")
            self.tally.seen[canary.kind] += 1

    def check_totals(self, asking: Asking, visitor: Visitor) -> None:
        """Everybody sees the total of all, and of a section alone those whose business it is."""
        for section_id in (None, *self.book.sections):
            scope = Scope(section_id=section_id)
            theirs = section_id is None or sees_totals(visitor, section_id)
            try:
                weeks = uptake.letters_by_target_and_week(
                    asking.db, asking.asker, asking.action, scope
                )
            except NotYours:
                if theirs:
                    raise
                continue
            if not theirs:
                raise WallBroken(f"{visitor} was told the total of section {section_id}")
            assert weeks["letters"].sum() == self.book.posted(asking.action.id, section_id)

    def check_record(self, db: Session, asker: Asker, visitor: Visitor) -> None:
        """Whose lines of the record somebody reads can be told by the section beside them."""
        if visitor is None:
            return
        theirs = {name for key, name in self.book.sections.items() if visitor.coordinates(key)}
        theirs |= {""} if visitor.leads else set()
        read = set(record.entries(db, asker)["section"])
        if not read <= theirs:
            raise WallBroken(f"{visitor} reads the record of {read - theirs}")

    def check_counts(self) -> None:
        """The kept sums are those of the letters, and a letter says no more of its writer."""
        with database.reading() as db:
            operator = members.operator(db)
            assert running_counts.drifts(db, operator) == []
            for action_id in self.book.actions:
                self._check_writers(db, operator, action_id)

    def _check_writers(self, db: Session, operator: Asker, action_id: int) -> None:
        action = cases.action_with_id(db, operator, action_id)
        file = io.BytesIO(b"".join(reports.letters(db, operator, action)))
        rows = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        said = {row["letter_id"]: (row["writer"], row["letters"]) for _, row in rows.iterrows()}
        assert said == {
            letter.letter_id: (
                members.pseudonym(letter.writer, letter.section_id),
                str(int(letter.posted)),
            )
            for letter in self.book.letters.values()
            if letter.action_id == action_id
        }
