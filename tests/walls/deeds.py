"""What programs do: anybody tries anything, and after each deed somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.walls import business, screens
from tests.walls.business import Kind, Sent, Visitor
from tests.walls.machine import Databases, Tally, World
from tracker import accounts, cases, database, forgetting, invitations, letters, members
from tracker.members import Asker
from tracker.models import Group, Letter, Role, Section
from tracker.rules import LateRule
from tracker.web import sessions

_T = TypeVar("_T")

NUMBER = st.integers(0, 99)
"""Which one of however many there are."""

ABLE = st.sampled_from([True, True, True, False])
"""Whether to choose among those who may, or among everybody."""


def _one(of: Iterable[_T], number: int) -> _T:
    found = list(of)
    return found[number % len(found)]


class Walls(World):
    """The machine."""

    def by(self, number: int, able: bool, may: Callable[[Visitor], bool]) -> Visitor:
        """Return who tries: one of those who may, if there are any and `able` says so."""
        everybody = self.visitors()
        enabled = [who for who in everybody if may(who) and not (who and who.disabled)]
        return _one(enabled if able and enabled else everybody, number)

    def then_look(self, eyes: int) -> None:
        """Have somebody look, after each deed."""
        self.tally.steps += 1
        self.sound = False
        self.last = _one(self.visitors(), eyes)
        self.look(self.last)
        self.sound = True

    # Letters

    @rule(who=NUMBER, writer=NUMBER, action=NUMBER, own=st.booleans(), able=ABLE, eyes=NUMBER)
    def log(self, *, who: int, writer: int, action: int, own: bool, able: bool, eyes: int) -> None:
        """Log letters, in one's own name or in somebody else's."""
        whose = _one(self.book.people.values(), writer)
        by: Visitor = whose
        if not own:
            by = self.by(who, able, lambda one: business.may_log_for(one, whose))
        action_id = _one(self.book.actions, action)
        self.try_to(
            by,
            business.may_log_for(by, whose),
            lambda db, asker: self.send(db, asker, whose, action_id),
        )
        self.then_look(eyes)

    @rule(
        who=NUMBER,
        letter=NUMBER,
        deed=st.sampled_from(["correct", "withdraw", "restore", "withdraw entry"]),
        able=ABLE,
        eyes=NUMBER,
    )
    def change_letter(self, who: int, letter: int, deed: str, able: bool, eyes: int) -> None:
        """Correct, withdraw or restore a letter."""
        sent = _one(self.book.letters.values(), letter)
        by = self.by(who, able, lambda one: business.may_change(one, sent))
        if deed == "withdraw entry":
            self._withdraw_entry(by, sent)
        else:
            for _ in self.try_to(
                by,
                business.may_change(by, sent),
                lambda db, asker: self._changed(db, asker, sent, deed),
            ):
                if deed != "correct":
                    sent.posted = deed == "restore"
        self.then_look(eyes)

    def _changed(self, db: Session, asker: Asker, sent: Sent, deed: str) -> None:
        letter = db.scalars(select(Letter).where(Letter.public_id == sent.letter_id)).one()
        same: dict[str, Any] = {"version": letter.version, "now": self.now}
        if deed == "withdraw":
            letters.withdraw(db, asker, sent.letter_id, **same)
        elif deed == "restore":
            letters.restore(db, asker, sent.letter_id, **same)
        else:
            language = self.book.text(Kind.LETTER, sent.section_id)
            details = factories.details(factories.TODAY - timedelta(days=8), language=language)
            target = letter.target_id
            letters.correct(db, asker, sent.letter_id, target_id=target, details=details, **same)
            self.book.note(language, Kind.LETTER, sent.section_id, sent.letter_id)

    def _withdraw_entry(self, by: Visitor, sent: Sent) -> None:
        # Of somebody else's form nothing is withdrawn, and nothing said.
        theirs = [
            letter
            for letter in self.book.letters.values()
            if letter.entry_id == sent.entry_id
            and sent.entry_id
            and business.may_change(by, letter)
        ]
        expected = sum(letter.posted for letter in theirs)
        for number in self.try_to(
            by,
            True,
            lambda db, asker: letters.withdraw_entry(db, asker, sent.entry_id, now=self.now),
        ):
            assert number == expected
            for letter in theirs:
                letter.posted = False

    # Sections and groups

    @precondition(lambda self: len(self.book.sections) < 5)
    @rule(who=NUMBER, able=ABLE, eyes=NUMBER)
    def new_section(self, who: int, able: bool, eyes: int) -> None:
        """Add a section."""
        name = f"Section {len(self.book.sections)} (fictional)"
        by = self.by(who, able, business.keeps_all)
        self.try_to(
            by,
            business.keeps_all(by),
            lambda db, asker: self.add_section(db, name, asker),
        )
        self.then_look(eyes)

    @rule(who=NUMBER, section=NUMBER, days=st.sampled_from([0, 30, 90]), able=ABLE, eyes=NUMBER)
    def change_section(self, who: int, section: int, days: int, able: bool, eyes: int) -> None:
        """Change for how long a section keeps who wrote."""
        section_id = _one(self.book.sections, section)
        by = self.by(who, able, lambda one: business.keeps(one, section_id))

        def change(db: Session, asker: Asker) -> None:
            kept = db.get_one(Section, section_id)
            members.change_section(
                db,
                asker,
                section_id,
                version=kept.version,
                name=kept.name,
                time_zone="UTC",
                late_rule=LateRule.ASK,
                late_until=None,
                retention_days=days,
                now=self.now,
            )

        if self.try_to(by, business.keeps(by, section_id), change):
            self.book.retention[section_id] = days
        self.then_look(eyes)

    @rule(who=NUMBER, section=NUMBER, able=ABLE, eyes=NUMBER)
    def new_group(self, who: int, section: int, able: bool, eyes: int) -> None:
        """Add a group."""
        section_id = _one(self.book.sections, section)
        by = self.by(who, able, lambda one: business.keeps(one, section_id))
        self.try_to(
            by,
            business.keeps(by, section_id),
            lambda db, asker: self.add_group(db, section_id, asker),
        )
        self.then_look(eyes)

    @rule(who=NUMBER, group=NUMBER, able=ABLE, eyes=NUMBER)
    def rename_group(self, who: int, group: int, able: bool, eyes: int) -> None:
        """Give a group another name."""
        group_id, section_id = _one(self.book.groups.items(), group)
        by = self.by(who, able, lambda one: business.keeps(one, section_id))

        def rename(db: Session, asker: Asker) -> None:
            version = db.get_one(Group, group_id).version
            name = self.book.planted(Kind.GROUP, section_id, group_id)
            members.rename_group(db, asker, group_id, version=version, name=name, now=self.now)

        self.try_to(by, business.keeps(by, section_id), rename)
        self.then_look(eyes)

    @rule(who=NUMBER, group=NUMBER, into=NUMBER, able=ABLE, eyes=NUMBER)
    def merge_groups(self, who: int, group: int, into: int, able: bool, eyes: int) -> None:
        """Merge a group into another, most often one of its own section."""
        from_id, section_id = _one(self.book.groups.items(), group)
        choice = [key for key, of in self.book.groups.items() if of == section_id or not able]
        into_id = _one(choice, into)

        def may(one: Visitor) -> bool:
            return business.keeps(one, section_id) and business.keeps(
                one, self.book.groups[into_id]
            )

        by = self.by(who, able, may)
        for _ in self.try_to(
            by,
            may(by),
            lambda db, asker: members.merge_groups(db, asker, from_id, into_id, now=self.now),
        ):
            for person in self.book.people.values():
                if person.group_id == from_id:
                    person.group_id = into_id
        self.then_look(eyes)

    # Ways in

    @rule(who=NUMBER, group=NUMBER, able=ABLE, eyes=NUMBER)
    def add_somebody(self, who: int, group: int, able: bool, eyes: int) -> None:
        """Add somebody without an account."""
        group_id, section_id = _one(self.book.groups.items(), group)
        by = self.by(who, able, lambda one: business.keeps(one, section_id))
        self.try_to(
            by,
            business.keeps(by, section_id),
            lambda db, asker: self.add_without_account(db, section_id, group_id, asker),
        )
        self.then_look(eyes)

    @rule(
        who=NUMBER,
        group=NUMBER,
        role=st.sampled_from(Role),
        spent=st.booleans(),
        able=ABLE,
        eyes=NUMBER,
    )
    def invite(
        self, *, who: int, group: int, role: Role, spent: bool, able: bool, eyes: int
    ) -> None:
        """Invite somebody, who comes in at once or not at all."""
        group_id, section_id = _one(self.book.groups.items(), group)

        def may(one: Visitor) -> bool:
            return business.keeps(one, section_id) and business.may_give(one, role, section_id)

        def invite(db: Session, asker: Asker) -> str:
            email = f"{self.book.planted(Kind.EMAIL, section_id)}@example.org"
            return invitations.invite(
                db, asker, section_id, group_id, role, email=email, now=self.now
            )

        by = self.by(who, able, lambda one: business.keeps(one, section_id))
        for token in self.try_to(by, may(by), invite):
            self.book.note(token, Kind.TOKEN, section_id)
            with database.writing() as db:
                operator = members.operator(db)
                newest = invitations.invitations(db, operator, section_id, now=self.now)[0]
                self.book.note(newest.invitation_id, Kind.WAY_IN, section_id)
                if spent:
                    assert invitations.spend_invitation(db, token, now=self.now) is not None
                    self.add_person(db, section_id, group_id, role)
        self.then_look(eyes)

    @rule(who=NUMBER, joins=st.booleans(), eyes=NUMBER)
    def letter_night(self, who: int, joins: bool, eyes: int) -> None:
        """Make a join code for one's own group, and have somebody come in by it."""
        by = _one(self.book.people.values(), who)
        for code_id in self.try_to(
            by,
            business.keeps(by, by.section_id),
            lambda db, asker: invitations.make_join_code(db, asker, 5, now=self.now),
        ):
            with database.writing() as db:
                operator = members.operator(db)
                made = invitations.join_codes(db, operator, by.section_id, now=self.now)[0]
                for text in (code_id, made.code):
                    self.book.note(text, Kind.WAY_IN, by.section_id)
                if joins:
                    assert invitations.take_place(db, made.code, now=self.now) is not None
                    self.add_person(db, by.section_id, by.group_id, Role.VOLUNTEER)
        self.then_look(eyes)

    @rule(who=NUMBER, section=NUMBER, removes=st.booleans(), able=ABLE, eyes=NUMBER)
    def map_domain(self, who: int, section: int, removes: bool, able: bool, eyes: int) -> None:
        """Map a mail domain to a section, and perhaps take it away again."""
        section_id = _one(self.book.sections, section)
        domain = f"{self.book.planted(Kind.DOMAIN, section_id)}.example"

        def mapping(db: Session, asker: Asker) -> None:
            invitations.map_domain(db, asker, domain, section_id, now=self.now)
            if removes:
                invitations.remove_domain(db, asker, domain, now=self.now)

        by = self.by(who, able, business.keeps_all)
        self.try_to(by, business.keeps_all(by), mapping)
        self.then_look(eyes)

    # Members

    @rule(
        who=NUMBER,
        whom=NUMBER,
        deed=st.sampled_from(["disable", "enable", "reset", "change group"]),
        able=ABLE,
        eyes=NUMBER,
    )
    def change_member(self, who: int, whom: int, deed: str, able: bool, eyes: int) -> None:
        """Disable, enable, reset or move a member."""
        person = _one(self.book.people.values(), whom)
        groups = [
            key for key, of in self.book.groups.items() if of == person.section_id or not able
        ]
        group_id = _one([None, *groups], who)

        def change(db: Session, asker: Asker) -> None:
            if deed == "change group":
                members.change_group(db, asker, person.member_id, group_id, now=self.now)
            elif deed == "reset":
                token = invitations.reset(db, asker, person.member_id, now=self.now)
                self.book.note(token, Kind.TOKEN, person.section_id)
            else:
                act = members.disable if deed == "disable" else members.enable
                act(db, asker, person.member_id, now=self.now)

        by = self.by(who, able, lambda one: business.keeps_person(one, person))
        if self.try_to(by, business.keeps_person(by, person), change):
            if deed == "change group":
                person.group_id = group_id
            elif deed != "reset":
                person.disabled = deed == "disable"
        self.then_look(eyes)

    @rule(
        who=NUMBER,
        whom=NUMBER,
        role=st.sampled_from(Role),
        given=st.booleans(),
        able=ABLE,
        eyes=NUMBER,
    )
    def change_grants(
        self, *, who: int, whom: int, role: Role, given: bool, able: bool, eyes: int
    ) -> None:
        """Give or take a role."""
        person = _one(self.book.people.values(), whom)
        act = members.grant if given else members.take_grant

        def may(one: Visitor) -> bool:
            return business.keeps_person(one, person) and business.may_give(
                one, role, person.section_id
            )

        by = self.by(who, able, lambda one: business.keeps(one, person.section_id))
        for _ in self.try_to(
            by, may(by), lambda db, asker: act(db, asker, person.member_id, role, now=self.now)
        ):
            here = (role, person.section_id)
            if given:
                # A case lead's role holds everywhere, wherever it was given.
                person.roles |= set() if role is Role.CASE_LEAD and person.leads else {here}
            elif role is Role.CASE_LEAD:
                person.roles = {held for held in person.roles if held[0] is not role}
            else:
                person.roles.discard(here)
        self.then_look(eyes)

    @rule(who=NUMBER, deed=st.sampled_from(["rename", "account", "sign in", "code"]), eyes=NUMBER)
    def choose(self, who: int, deed: str, eyes: int) -> None:
        """Choose a new name, an account or a second step; sign in."""
        person = _one(self.book.people.values(), who)
        about = person.section_id, person.member_id

        def change(db: Session, asker: Asker) -> None:
            if deed == "rename":
                name = self.book.planted(Kind.DISPLAY_NAME, *about)
                accounts.rename(db, asker, name, self.now)
            elif deed == "account":
                self.give_account(db, person)
            elif deed == "sign in":
                token = sessions.begin(db, person.member_id, now=self.now, browser="Fictional")
                self.book.note(token, Kind.TOKEN, person.section_id)
            else:
                enrolment = accounts.begin_second_step(db, asker)
                self.book.note(enrolment.secret, Kind.KEPT, *about)

        self.try_to(person, True, change)
        self.then_look(eyes)

    # Forgetting, and the record

    @precondition(lambda self: len(self.book.people) > 4)
    @rule(who=NUMBER, whom=NUMBER, able=ABLE, eyes=NUMBER)
    def erase(self, who: int, whom: int, able: bool, eyes: int) -> None:
        """Erase a member: oneself, or the operator does."""
        person = _one(self.book.people.values(), whom)

        def may(one: Visitor) -> bool:
            return one is None or one is person

        by = self.by(who, able, may)
        for _ in self.try_to(
            by,
            may(by),
            lambda db, asker: forgetting.erase(db, person.member_id, now=self.now, by=asker),
        ):
            del self.book.people[person.member_id]
            self.book.gone.add(person.member_id)
            for letter in self.book.letters.values():
                self._forget(letter, person.member_id)
        self.then_look(eyes)

    @staticmethod
    def _forget(letter: Sent, member_id: int) -> None:
        if letter.writer == member_id:
            letter.writer = None
        if letter.logged_by == member_id:
            letter.logged_by = None

    @rule(who=NUMBER, action=NUMBER, days=st.sampled_from([0, 60, 100]), able=ABLE, eyes=NUMBER)
    def close_and_purge(self, who: int, action: int, days: int, able: bool, eyes: int) -> None:
        """Close an urgent action, and some days later cut who wrote from what has had its time."""
        action_id = _one(self.book.actions, action)
        by = self.by(who, able, business.keeps_all)
        if self.try_to(
            by,
            business.keeps_all(by),
            lambda db, asker: cases.close(
                db, asker, cases.action_with_id(db, asker, action_id), now=self.now
            ),
        ):
            self.book.closed.setdefault(action_id, self.now)
        later = self.now + timedelta(days=days)
        forgetting.purge(database.reading, database.writing, now=later)
        for letter in self.book.letters.values():
            closed = self.book.closed.get(letter.action_id)
            kept = timedelta(days=self.book.retention[letter.section_id])
            if closed is not None and closed + kept <= later:
                letter.writer = letter.logged_by = None
        self.then_look(eyes)

    @rule(section=NUMBER, eyes=NUMBER)
    def note_a_line(self, section: int, eyes: int) -> None:
        """Add a line to a section's record, or to what is no section's own."""
        with database.writing() as db:
            self.add_line(db, _one([None, *self.book.sections], section))
        self.then_look(eyes)

    # Pages and routes

    @precondition(lambda self: self.slow)
    @rule(who=NUMBER, section=NUMBER, rarely=st.integers(0, 4))
    def open_everything(self, who: int, section: int, rarely: int) -> None:
        """Have somebody open every page and every address, their own section's or another's."""
        if rarely:
            return
        self.tally.steps += 1
        person = _one(self.book.people.values(), who)
        screens.open_everything(self, person, _one(self.book.sections, section))

    slow = True


def machine(databases: Databases, folder: Path, tally: Tally, *, slow: bool = True) -> type[Walls]:
    """Return the machine for those databases; see `run`."""
    given = {"databases": databases, "folder": folder, "tally": tally, "slow": slow}
    return type("Programs", (Walls,), given)


def run(
    databases: Databases,
    folder: Path,
    programs: int,
    *,
    steps: int = 6,
    slow: bool = True,
    shrink: bool = True,
) -> Tally:
    """Run that many programs of up to so many steps, and return what they came to.

    Args:
        folder: where the key lies.
        slow: whether pages and routes are opened, too.
        shrink: whether a program that breaks a wall is made as short as it can be.

    Raises:
        WallBroken: somebody came to see, or to do, what is none of their business.
    """
    tally = Tally()
    run_state_machine_as_test(
        machine(databases, folder, tally, slow=slow),
        settings=hypothesis.settings(
            max_examples=programs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if shrink else [])],
            print_blob=False,
            report_multiple_bugs=False,
        ),
    )
    return tally
