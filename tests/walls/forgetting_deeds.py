"""What programs do to have the server forget: members erased, writers cut after their time."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.walls import business
from tests.walls.business import Sent, Visitor
from tests.walls.deeds import ABLE, NUMBER, Deeds, one_of
from tracker import cases, database, forgetting


class ForgettingDeeds(Deeds):
    """Forgetting."""

    @precondition(lambda self: len(self.book.people) > 4)
    @rule(who=NUMBER, whom=NUMBER, able=ABLE, eyes=NUMBER)
    def erase(self, who: int, whom: int, able: bool, eyes: int) -> None:
        """Erase a member: oneself, or the operator does."""
        person = one_of(self.book.people.values(), whom)

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
        action_id = one_of(self.book.actions, action)
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
