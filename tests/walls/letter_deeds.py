"""What programs do with letters: log, correct, withdraw and restore them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.walls import business
from tests.walls.business import Kind, Sent, Visitor
from tests.walls.deeds import ABLE, NUMBER, Deeds, one_of
from tracker import letters
from tracker.members import Asker
from tracker.models import Letter


class LetterDeeds(Deeds):
    """Letters, in one's own name and in others'."""

    @rule(who=NUMBER, writer=NUMBER, action=NUMBER, own=st.booleans(), able=ABLE, eyes=NUMBER)
    def log(self, *, who: int, writer: int, action: int, own: bool, able: bool, eyes: int) -> None:
        """Log letters, in one's own name or in somebody else's."""
        whose = one_of(self.book.people.values(), writer)
        by: Visitor = whose
        if not own:
            by = self.by(who, able, lambda one: business.may_log_for(one, whose))
        action_id = one_of(self.book.actions, action)
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
        sent = one_of(self.book.letters.values(), letter)
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
