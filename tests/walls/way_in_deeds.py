"""What programs do about ways in: people added, invited, let in by a join code or by their mail."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy.orm import Session

from tests.walls import business
from tests.walls.business import Kind, Visitor
from tests.walls.deeds import ABLE, NUMBER, Deeds, one_of
from tracker import database, invitations, members
from tracker.members import Asker
from tracker.models import Role


class WayInDeeds(Deeds):
    """Ways in."""

    @rule(who=NUMBER, group=NUMBER, able=ABLE, eyes=NUMBER)
    def add_somebody(self, who: int, group: int, able: bool, eyes: int) -> None:
        """Add somebody without an account."""
        group_id, section_id = one_of(self.book.groups.items(), group)
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
        group_id, section_id = one_of(self.book.groups.items(), group)

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
        by = one_of(self.book.people.values(), who)
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
        section_id = one_of(self.book.sections, section)
        domain = f"{self.book.planted(Kind.DOMAIN, section_id)}.example"

        def mapping(db: Session, asker: Asker) -> None:
            invitations.map_domain(db, asker, domain, section_id, now=self.now)
            if removes:
                invitations.remove_domain(db, asker, domain, now=self.now)

        by = self.by(who, able, business.keeps_all)
        self.try_to(by, business.keeps_all(by), mapping)
        self.then_look(eyes)
