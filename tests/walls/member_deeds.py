"""What programs do with members: disable and move them, give and take roles, choose names."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy.orm import Session

from tests.walls import business
from tests.walls.business import Kind, Visitor
from tests.walls.deeds import ABLE, NUMBER, Deeds, one_of
from tracker import accounts, invitations, members
from tracker.members import Asker
from tracker.models import Role
from tracker.web import sessions

REACHES = st.sampled_from(["give", "invite", "take"])
"""What is tried with a role that is not one's to give."""

NEAR = st.sampled_from([True, True, False])
"""Whether nothing but that role is in the way."""


class MemberDeeds(Deeds):
    """Members and what they may do."""

    @rule(
        who=NUMBER,
        whom=NUMBER,
        deed=st.sampled_from(["disable", "enable", "reset", "change group"]),
        able=ABLE,
        eyes=NUMBER,
    )
    def change_member(self, who: int, whom: int, deed: str, able: bool, eyes: int) -> None:
        """Disable, enable, reset or move a member."""
        person = one_of(self.book.people.values(), whom)
        groups = [
            key for key, of in self.book.groups.items() if of == person.section_id or not able
        ]
        group_id = one_of([None, *groups], who)

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
        person = one_of(self.book.people.values(), whom)
        act = members.grant if given else members.take_grant

        by = self.by(who, able, lambda one: business.keeps(one, person.section_id))
        may = business.keeps_person(by, person) and business.may_give(by, role, person.section_id)
        for _ in self.try_to(
            by, may, lambda db, asker: act(db, asker, person.member_id, role, now=self.now)
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

    @rule(who=NUMBER, whom=NUMBER, deed=REACHES, near=NEAR, eyes=NUMBER)
    def reach_for_a_role(self, who: int, whom: int, deed: str, near: bool, eyes: int) -> None:
        """Give, take or offer a role that is not the asker's to give."""
        self.reach(who, whom, deed, near)
        self.then_look(eyes)

    def reach(self, who: int, whom: int, deed: str, near: bool) -> None:
        """Try what is not to be: by somebody who keeps the member but for that role (`near`)."""
        person = one_of(self.book.people.values(), whom)
        section_id = person.section_id

        def keeps(one: Visitor) -> bool:
            if deed == "invite":
                return business.keeps(one, section_id)
            return business.keeps_person(one, person)

        kept_from = [
            (by, role)
            for by in self.enabled()
            for role in Role
            if not (keeps(by) and business.may_give(by, role, section_id))
        ]
        nearly = [(by, role) for by, role in kept_from if keeps(by)]
        by, role = one_of(nearly if near and nearly else kept_from, who)

        def deal(db: Session, asker: Asker) -> None:
            if deed == "invite":
                group_id = person.group_id
                invitations.invite(db, asker, section_id, group_id, role, now=self.now)
            else:
                act = members.grant if deed == "give" else members.take_grant
                act(db, asker, person.member_id, role, now=self.now)

        self.try_to(by, False, deal)

    @rule(who=NUMBER, deed=st.sampled_from(["rename", "account", "sign in", "code"]), eyes=NUMBER)
    def choose(self, who: int, deed: str, eyes: int) -> None:
        """Choose a new name, an account or a second step; sign in."""
        person = one_of(self.book.people.values(), who)
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
