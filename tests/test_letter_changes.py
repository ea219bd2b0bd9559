"""Correcting, withdrawing, putting back: what a letter said before is kept, and counts follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import DEADLINE, ISSUED_ON, NOW, TODAY, details
from tracker import database, letters, running_counts
from tracker.letters import ChangedMeanwhile, Details, LoggedLetter, Refused, UnknownLetter
from tracker.models import (
    ActionStatus,
    Channel,
    LetterChange,
    LetterStatus,
    LetterVersion,
    Role,
    UrgentAction,
)
from tracker.rules import Refusal
from tracker.settings import Settings

LATE = DEADLINE + timedelta(days=1)
LATER = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Desk(factories.Desk):
    """A volunteer, for whom the deadline has just passed, with one letter to the first target."""

    letter: LoggedLetter

    def correct(
        self, db: Session, said: Details, *, target: int | None = None, version: int = 1
    ) -> LoggedLetter:
        letters.correct(
            db,
            self.asker,
            self.letter.letter_id,
            version=version,
            target_id=self.first if target is None else target,
            details=said,
            now=LATER,
        )
        return self.now(db)

    def now(self, db: Session) -> LoggedLetter:
        """Return the letter as it is now."""
        return letters.own_letter(db, self.asker, self.letter.letter_id)


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        desk = factories.desk(db, today=LATE)
        letter = factories.letter(db, desk.asker, desk.action)
    return Desk(desk.asker, desk.action, desk.first, desk.second, letter)


# Correcting -----------------------------------------------------------------------------------


def test_a_correction_changes_the_letter_and_keeps_what_it_said(desk: Desk) -> None:
    said = details(ISSUED_ON, channel=Channel.EMAIL, language="fr", own_words=True)
    with database.writing() as db:
        corrected = desk.correct(db, said, target=desk.second)
        kept = db.scalars(select(LetterVersion)).one()
        letter_key = kept.letter_id
        told = letters.versions(db, desk.asker, desk.letter.letter_id)
        assert running_counts.drifts(db, factories.operator(db)) == []
        counts = factories.everything(db)
    assert corrected == replace(
        desk.letter,
        target_id=desk.second,
        target=factories.SECOND_TARGET,
        posted_on=ISSUED_ON,
        channel=Channel.EMAIL,
        language="fr",
        own_words=True,
        version=2,
    )
    assert (kept.version, kept.change, kept.changed_at, kept.changed_by_id) == (
        1, LetterChange.CORRECTED, LATER, desk.asker.member_id,
    )  # fmt: skip
    assert (kept.target_id, kept.posted_on, kept.channel, kept.language, kept.own_words) == (
        desk.first, TODAY, Channel.POST, "en", False,
    )  # fmt: skip
    assert (kept.after_deadline, kept.status) == (False, LetterStatus.POSTED)
    assert letter_key == counts["letters"][0][0]
    assert [row[1:] for row in counts["section_counts"] if row[-1]] == [
        (desk.second, desk.asker.section_id, ISSUED_ON, 1)
    ]
    expected = pd.DataFrame(
        {
            "change": ["corrected"],
            "changed_at": [LATER],
            "target": [factories.FIRST_TARGET],
            "posted_on": [TODAY],
            "channel": ["post"],
            "language": ["en"],
            "own_words": [False],
            "status": ["posted"],
        }
    ).astype({"changed_at": "datetime64[us, UTC]", "posted_on": "object", "change": "str"})
    pd.testing.assert_frame_equal(told, expected)


def test_corrections_are_told_oldest_first(desk: Desk) -> None:
    with database.writing() as db:
        desk.correct(db, details(language="fr"))
        desk.correct(db, details(language="de"), version=2)
        letters.withdraw(db, desk.asker, desk.letter.letter_id, version=3, now=LATER)
        letters.restore(db, desk.asker, desk.letter.letter_id, version=4, now=LATER)
        told = letters.versions(db, desk.asker, desk.letter.letter_id)
    assert told[["change", "language", "status"]].to_dict("list") == {
        "change": ["corrected", "corrected", "withdrawn", "restored"],
        "language": ["en", "fr", "de", "de"],
        "status": ["posted", "posted", "posted", "withdrawn"],
    }


def test_a_correction_that_changes_nothing_writes_nothing(desk: Desk) -> None:
    with database.writing() as db:
        before = factories.everything(db)
        assert desk.correct(db, details()) == desk.letter
        assert factories.everything(db) == before


def test_a_correction_of_what_changed_meanwhile_is_refused(desk: Desk) -> None:
    with database.writing() as db:
        desk.correct(db, details(language="fr"))
        before = factories.everything(db)
        for version in (1, 3):
            with pytest.raises(ChangedMeanwhile):
                desk.correct(db, details(language="de"), version=version)
            with pytest.raises(ChangedMeanwhile):
                letters.withdraw(db, desk.asker, desk.letter.letter_id, version=version, now=LATER)
            with pytest.raises(ChangedMeanwhile):
                letters.restore(db, desk.asker, desk.letter.letter_id, version=version, now=LATER)
        assert factories.everything(db) == before


def test_another_member_s_letter_cannot_be_changed(desk: Desk) -> None:
    with database.writing() as db:
        lead = factories.asker(db, list(Role), name="Fictional Lena Lead")
        before = factories.everything(db)
        for asker in (lead, factories.operator(db)):
            other = replace(desk, asker=asker)
            with pytest.raises(UnknownLetter):
                other.correct(db, details(language="fr"))
            with pytest.raises(UnknownLetter):
                letters.withdraw(db, asker, desk.letter.letter_id, version=1, now=LATER)
            with pytest.raises(UnknownLetter):
                letters.restore(db, asker, desk.letter.letter_id, version=1, now=LATER)
            assert letters.withdraw_entry(db, asker, desk.letter.entry_id, now=LATER) == 0
            assert letters.versions(db, asker, desk.letter.letter_id).empty
        assert factories.everything(db) == before


def test_a_correction_to_what_could_not_be_logged_is_refused(desk: Desk) -> None:
    nobody = max(desk.first, desk.second) + 1
    refusals = {
        Refusal.FUTURE: (details(LATE + timedelta(days=1)), desk.first),
        Refusal.BEFORE_ISSUE: (details(ISSUED_ON - timedelta(days=1)), desk.first),
        Refusal.UNCONFIRMED_LATE: (details(LATE), desk.first),
        Refusal.NO_TARGET: (details(language="fr"), nobody),
    }
    with database.writing() as db:
        before = factories.everything(db)
        for reason, (said, target) in refusals.items():
            with pytest.raises(Refused) as caught:
                desk.correct(db, said, target=target)
            assert caught.value.reasons == (reason,)
        with pytest.raises(Refused) as caught:
            desk.correct(db, details(LATE), target=nobody)
        assert caught.value.reasons == (Refusal.NO_TARGET, Refusal.UNCONFIRMED_LATE)
        assert factories.everything(db) == before


def test_a_letter_of_a_closed_action_can_still_be_put_right(desk: Desk) -> None:
    with database.writing() as db:
        db.execute(update(UrgentAction).values(status=ActionStatus.CLOSED))
        assert desk.correct(db, details(language="fr")).language == "fr"


# The deadline, in a correction ----------------------------------------------------------------


def test_a_letter_corrected_to_a_late_day_is_marked_and_back_in_time_is_not(desk: Desk) -> None:
    with database.writing() as db:
        late = desk.correct(db, details(LATE, late_confirmed=True))
        assert late.after_deadline
        in_time = desk.correct(db, details(DEADLINE), version=2)
        assert not in_time.after_deadline
        told = db.scalars(
            select(LetterVersion.after_deadline).order_by(LetterVersion.version)
        ).all()
    assert told == [False, True]


def test_a_late_letter_that_was_agreed_to_needs_no_second_confirmation(desk: Desk) -> None:
    asker = replace(desk.asker, pinned_today=LATE + timedelta(days=1))
    with database.writing() as db:
        said = details(LATE, late_confirmed=True)
        late = replace(desk, asker=asker, letter=factories.letter(db, asker, desk.action, said))
        other_language = late.correct(db, details(LATE, language="fr"))
        assert (other_language.language, other_language.after_deadline) == ("fr", True)
        other_day = late.correct(db, details(LATE + timedelta(days=1), language="fr"), version=2)
        assert (other_day.posted_on, other_day.after_deadline) == (LATE + timedelta(days=1), True)


def test_a_day_that_stays_is_judged_by_the_deadline_that_was_in_force(desk: Desk) -> None:
    earlier = TODAY - timedelta(days=1)
    with database.writing() as db:
        db.execute(update(UrgentAction).values(deadline=earlier))
        other_language = desk.correct(db, details(language="fr"))
        assert (other_language.language, other_language.after_deadline) == ("fr", False)
        with pytest.raises(Refused) as caught:
            desk.correct(db, details(TODAY + timedelta(days=1), language="fr"), version=2)
        assert caught.value.reasons == (Refusal.UNCONFIRMED_LATE,)
        db.execute(update(UrgentAction).values(deadline=DEADLINE, issued_on=TODAY + timedelta(1)))
        assert desk.correct(db, details(language="de"), version=2).language == "de"


# Withdrawing and putting back -----------------------------------------------------------------


def test_a_withdrawn_letter_stays_and_counts_no_more(desk: Desk) -> None:
    with database.writing() as db:
        letters.withdraw(db, desk.asker, desk.letter.letter_id, version=1, now=LATER)
        assert desk.now(db) == replace(desk.letter, status=LetterStatus.WITHDRAWN, version=2)
        counts = factories.everything(db)
        assert running_counts.drifts(db, factories.operator(db)) == []
    for table in ("section_counts", "group_counts", "channel_counts", "language_counts"):
        assert [row[-1] for row in counts[table]] == [0]


def test_withdrawing_again_writes_nothing(desk: Desk) -> None:
    with database.writing() as db:
        letters.withdraw(db, desk.asker, desk.letter.letter_id, version=1, now=LATER)
        before = factories.everything(db)
        letters.withdraw(db, desk.asker, desk.letter.letter_id, version=2, now=LATER)
        assert factories.everything(db) == before


def test_a_letter_put_back_counts_again(desk: Desk) -> None:
    with database.writing() as db:
        letters.restore(db, desk.asker, desk.letter.letter_id, version=1, now=LATER)
        assert desk.now(db) == desk.letter  # nothing to put back
        counted = factories.everything(db)["section_counts"]
        letters.withdraw(db, desk.asker, desk.letter.letter_id, version=1, now=LATER)
        letters.restore(db, desk.asker, desk.letter.letter_id, version=2, now=LATER)
        assert desk.now(db) == replace(desk.letter, version=3)
        assert factories.everything(db)["section_counts"] == counted


def test_a_withdrawn_letter_can_be_corrected_and_counts_only_once_put_back(desk: Desk) -> None:
    with database.writing() as db:
        letters.withdraw(db, desk.asker, desk.letter.letter_id, version=1, now=LATER)
        corrected = desk.correct(db, details(), target=desk.second, version=2)
        assert corrected.status is LetterStatus.WITHDRAWN
        assert [row[-1] for row in factories.everything(db)["section_counts"]] == [0]
        letters.restore(db, desk.asker, desk.letter.letter_id, version=3, now=LATER)
        counted = [row for row in factories.everything(db)["section_counts"] if row[-1]]
    assert [(row[1], row[-1]) for row in counted] == [(desk.second, 1)]


def test_an_entry_is_withdrawn_with_all_its_letters_and_no_others(desk: Desk) -> None:
    with database.writing() as db:
        entry = factories.log(db, desk.asker, desk.action)
        gone = factories.letter(db, desk.asker, desk.action)
        letters.withdraw(db, desk.asker, gone.letter_id, version=1, now=LATER)
        assert letters.withdraw_entry(db, desk.asker, entry[0].entry_id, now=LATER) == 2
        assert letters.withdraw_entry(db, desk.asker, gone.entry_id, now=LATER) == 0
        assert letters.withdraw_entry(db, desk.asker, "no such form", now=LATER) == 0
        assert letters.of_entry(db, desk.asker, entry[0].entry_id) == [
            replace(letter, status=LetterStatus.WITHDRAWN, version=2) for letter in entry
        ]
        assert desk.now(db) == desk.letter
        changes = list(db.scalars(select(LetterVersion.change)))
        assert changes == [LetterChange.WITHDRAWN] * 3
        assert running_counts.drifts(db, factories.operator(db)) == []


# Whatever happens -----------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "correct", "withdraw", "restore", "withdraw entry"]),
        st.integers(0, 3),  # which of the letters
        st.sampled_from([0, 1]),  # which of the targets
        st.dates(ISSUED_ON, LATE),
        st.sampled_from(Channel),
        st.sampled_from(["en", "fr"]),
    ),
    min_size=1,
    max_size=10,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(steps=STEPS)
def test_the_running_counts_equal_the_letters_whatever_happens_to_them(
    desk: Desk, steps: list[tuple[str, int, int, date, Channel, str]]
) -> None:
    asker = desk.asker
    with database.writing() as db:
        for step, which, target, day, channel, language in steps:
            said = details(day, channel=channel, language=language, late_confirmed=True)
            own = letters.own_letters(db, asker, limit=4)
            letter = own[which % len(own)]
            key = {"letter_id": letter.letter_id, "version": letter.version, "now": LATER}
            target_id = (desk.first, desk.second)[target]
            if step == "log":
                factories.log(db, asker, desk.action, said, targets=[target_id])
            elif step == "correct":
                letters.correct(db, asker, **key, target_id=target_id, details=said)
            elif step == "withdraw":
                letters.withdraw(db, asker, **key)
            elif step == "restore":
                letters.restore(db, asker, **key)
            else:
                letters.withdraw_entry(db, asker, letter.entry_id, now=LATER)
            assert running_counts.drifts(db, factories.operator(db)) == []
        posted = letters.count_own(db, asker)[1]
        assert sum(row[-1] for row in factories.everything(db)["section_counts"]) == posted
        db.rollback()
