"""Logging letters: one a target, once an entry, refused for plain reasons; finding one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import DEADLINE, ISSUED_ON, NOW, TODAY, Desk, details
from tracker import database, letters, running_counts
from tracker.letters import LoggedLetter, Refused
from tracker.letters.own import VERSION_COLUMNS
from tracker.models import Channel, Letter, LetterStatus, Member, Role
from tracker.rules import Refusal
from tracker.settings import Settings

LATE = DEADLINE + timedelta(days=1)


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        return factories.desk(db)


def test_two_targets_make_two_letters(desk: Desk) -> None:
    said = details(channel=Channel.REGISTERED_POST, language="fr", own_words=True)
    with database.writing() as db:
        logged = letters.log(
            db,
            desk.asker,
            entry_id="form",
            action_id=desk.action.id,
            target_ids=[desk.first, desk.second],
            details=said,
            now=NOW,
        )
    assert logged == 2
    with database.reading() as db:
        found = letters.of_entry(db, desk.asker, "form")
    expected = LoggedLetter(
        letter_id="",
        entry_id="form",
        urgent_action_id=desk.action.id,
        writer_id=desk.asker.member_id,
        section_id=desk.asker.section_id,
        target_id=desk.first,
        target=factories.FIRST_TARGET,
        posted_on=TODAY,
        logged_at=NOW,
        channel=Channel.REGISTERED_POST,
        language="fr",
        own_words=True,
        after_deadline=False,
        status=LetterStatus.POSTED,
        version=1,
    )
    assert [replace(letter, letter_id="") for letter in found] == [
        expected,
        replace(expected, target_id=desk.second, target=factories.SECOND_TARGET),
    ]
    assert len({letter.letter_id for letter in found}) == 2


def test_a_letter_counts_under_each_of_its_keys(desk: Desk) -> None:
    said = details(channel=Channel.FAX, language="fr")
    with database.writing() as db:
        factories.log(db, desk.asker, desk.action, said)
        factories.log(db, desk.asker, desk.action, said, targets=[desk.second])
        counts = factories.everything(db)
    action, section, group = desk.action.id, desk.asker.section_id, desk.asker.group_id
    assert counts["section_counts"] == [
        (action, desk.first, section, TODAY, 1),
        (action, desk.second, section, TODAY, 2),
    ]
    assert counts["group_counts"] == [(action, group, TODAY, 3)]
    assert counts["channel_counts"] == [(action, section, Channel.FAX, 3)]
    assert counts["language_counts"] == [(action, section, "fr", 3)]


def test_a_letter_of_nobody_s_group_counts_for_no_group(desk: Desk) -> None:
    with database.writing() as db:
        alone = factories.asker(db)
        factories.letter(db, alone, desk.action)
        counts = factories.everything(db)
    assert counts["group_counts"] == []
    assert counts["section_counts"] == [(desk.action.id, desk.first, alone.section_id, TODAY, 1)]


# Refusals -------------------------------------------------------------------------------------


def refused(desk: Desk, said: letters.Details, targets: list[int], now: datetime) -> list[Refusal]:
    """Return why it is refused, having seen that nothing was written."""
    with database.writing() as db:
        before = factories.everything(db)
        with pytest.raises(Refused) as caught:
            factories.log(db, desk.asker, desk.action, said, targets=targets, now=now)
        assert factories.everything(db) == before
    assert str(caught.value) == ", ".join(caught.value.reasons)
    return list(caught.value.reasons)


def test_each_thing_that_stands_against_a_letter_is_refused(desk: Desk) -> None:
    both, today = [desk.first, desk.second], desk.asker.today(NOW)
    assert refused(desk, details(), [], NOW) == [Refusal.NO_TARGET]
    assert refused(desk, details(today + timedelta(days=1)), both, NOW) == [Refusal.FUTURE]
    assert refused(desk, details(ISSUED_ON - timedelta(days=1)), both, NOW) == [
        Refusal.BEFORE_ISSUE
    ]
    later = replace(desk, asker=replace(desk.asker, pinned_today=LATE))
    assert refused(later, details(LATE), both, NOW) == [Refusal.UNCONFIRMED_LATE]


def test_whatever_stands_against_a_letter_is_told_at_once(desk: Desk) -> None:
    assert refused(desk, details(TODAY + timedelta(days=1)), [], NOW) == [
        Refusal.NO_TARGET,
        Refusal.FUTURE,
    ]
    early = replace(desk, asker=replace(desk.asker, pinned_today=date(2025, 1, 1)))
    assert refused(early, details(date(2025, 1, 15)), [], NOW) == [
        Refusal.NO_TARGET,
        Refusal.FUTURE,
        Refusal.BEFORE_ISSUE,
    ]


def test_one_target_that_the_action_does_not_name_refuses_them_all(desk: Desk) -> None:
    nobody = max(desk.first, desk.second) + 1
    assert refused(desk, details(), [desk.first, nobody], NOW) == [Refusal.NO_TARGET]


def test_a_target_of_the_case_that_this_action_does_not_name_is_refused(
    tracker_settings: Settings,
) -> None:
    only_one = factories.CASE_TEXT[: factories.CASE_TEXT.rindex("[[urgent_actions.targets]]")]
    with database.writing() as db:
        case = factories.case(db, only_one)
        asker = factories.asker(db)
        with pytest.raises(Refused) as caught:
            letters.log(
                db,
                asker,
                entry_id="form",
                action_id=case.actions[0].id,
                target_ids=[case.targets[1].id],
                details=details(),
                now=NOW,
            )
    assert caught.value.reasons == (Refusal.NO_TARGET,)


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_an_action_that_is_not_open_takes_no_letter(
    tracker_settings: Settings, status: str
) -> None:
    with database.writing() as db:
        text = factories.case_text(('asks = ["', f'status = "{status}"\nasks = ["'))
        desk = factories.desk(db, text, today=LATE)
    assert refused(desk, details(), [desk.first], NOW) == [Refusal.CLOSED]
    assert refused(desk, details(LATE), [], NOW) == [
        Refusal.NO_TARGET,
        Refusal.UNCONFIRMED_LATE,
        Refusal.CLOSED,
    ]


# Days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posted_on", "confirmed", "late"),
    [
        pytest.param(ISSUED_ON, False, False, id="on the issue date"),
        pytest.param(DEADLINE, False, False, id="on the deadline's own day"),
        pytest.param(DEADLINE, True, False, id="in time, and confirmed for nothing"),
        pytest.param(LATE, True, True, id="a day late, and confirmed"),
    ],
)
def test_a_letter_is_marked_when_it_was_posted_after_the_deadline(
    desk: Desk, posted_on: date, confirmed: bool, late: bool
) -> None:
    asker = replace(
        desk.asker, pinned_today=LATE
    )  # in time or not: it is logged after the deadline
    with database.writing() as db:
        said = details(posted_on, late_confirmed=confirmed)
        (letter,) = factories.log(db, asker, desk.action, said, targets=[desk.first])
    assert (letter.posted_on, letter.after_deadline) == (posted_on, late)


def test_an_action_without_a_deadline_knows_no_late_letter(tracker_settings: Settings) -> None:
    with database.writing() as db:
        action = factories.action(db, factories.case_text(("deadline = 2025-06-30\n", "")))
        asker = factories.asker(db, today=date(2035, 1, 1))
        letter = factories.letter(db, asker, action, details(date(2035, 1, 1)))
    assert not letter.after_deadline


def test_today_is_the_day_of_the_member_s_section(desk: Desk) -> None:
    evening = datetime(2025, 3, 12, 23, 30, tzinfo=UTC)  # already tomorrow in the east
    with database.writing() as db:
        east = factories.section(db, "Kiribati of the East (fictional)", "Pacific/Kiritimati")
        west = factories.section(db, "Hawaii of the West (fictional)", "Pacific/Honolulu")
        eastern = factories.asker(db, of=east, today=None)
        western = factories.asker(db, of=west, today=None)
        tomorrow = details(date(2025, 3, 13))
        assert len(factories.log(db, eastern, desk.action, tomorrow, now=evening)) == 2
        with pytest.raises(Refused) as caught:
            factories.log(db, western, desk.action, tomorrow, now=evening)
    assert caught.value.reasons == (Refusal.FUTURE,)


# Once an entry --------------------------------------------------------------------------------


def test_an_entry_sent_again_logs_nothing_new(desk: Desk) -> None:
    with database.writing() as db:
        first = factories.log(db, desk.asker, desk.action, entry="form")
        before = factories.everything(db)
    with database.writing() as db:
        again = letters.log(
            db,
            desk.asker,
            entry_id="form",
            action_id=desk.action.id,
            target_ids=[desk.second, desk.first, desk.first],
            details=details(channel=Channel.EMAIL),
            now=NOW + timedelta(minutes=1),
        )
        assert again == 0
        assert factories.everything(db) == before
        assert letters.of_entry(db, desk.asker, "form") == first


@pytest.mark.parametrize("change", ["target", "day", "withdrawn", "restored"])
def test_an_entry_sent_again_after_a_change_logs_nothing_new(desk: Desk, change: str) -> None:
    with database.writing() as db:
        (letter,) = factories.log(db, desk.asker, desk.action, targets=[desk.first], entry="form")
        if change in {"target", "day"}:
            letters.correct(
                db,
                desk.asker,
                letter.letter_id,
                version=1,
                target_id=desk.second if change == "target" else desk.first,
                details=details(ISSUED_ON) if change == "day" else details(),
                now=NOW,
            )
        else:
            letters.withdraw(db, desk.asker, letter.letter_id, version=1, now=NOW)
            if change == "restored":
                letters.restore(db, desk.asker, letter.letter_id, version=2, now=NOW)
        before = factories.everything(db)
        factories.log(db, desk.asker, desk.action, targets=[desk.first], entry="form")
        assert factories.everything(db) == before


def test_an_entry_that_comes_again_with_one_more_target_logs_that_one(desk: Desk) -> None:
    with database.writing() as db:
        factories.log(db, desk.asker, desk.action, targets=[desk.first], entry="form")
        found = factories.log(db, desk.asker, desk.action, entry="form")
        assert [letter.target_id for letter in found] == [desk.first, desk.second]


def test_two_members_entries_are_apart_even_under_one_id(desk: Desk) -> None:
    with database.writing() as db:
        other = factories.asker(db, name="Fictional Otto Other")
        mine = factories.log(db, desk.asker, desk.action, targets=[desk.first], entry="form")
        others = factories.log(db, other, desk.action, targets=[desk.first], entry="form")
        assert letters.of_entry(db, desk.asker, "form") == mine
        assert letters.of_entry(db, other, "form") == others
    assert mine[0].letter_id != others[0].letter_id


# Section and group ----------------------------------------------------------------------------


def test_a_letter_keeps_the_section_and_group_that_its_writer_had_then(desk: Desk) -> None:
    with database.writing() as db:
        before = factories.letter(db, desk.asker, desk.action)
        moved = db.get_one(Member, desk.asker.member_id)
        new = factories.section(db, "Elsewhere (fictional)")
        moved.section_id, moved.group_id = new.id, None
        db.flush()
        asker = replace(desk.asker, section_id=new.id, group_id=None)
        letters.correct(
            db,
            asker,
            before.letter_id,
            version=1,
            target_id=desk.second,
            details=details(),
            now=NOW,
        )
        after = factories.letter(db, asker, desk.action)
        kept = [
            tuple(row)
            for row in db.execute(
                select(Letter.public_id, Letter.section_id, Letter.group_id).order_by(Letter.id)
            )
        ]
        assert running_counts.drifts(db, factories.operator(db)) == []
    assert kept == [
        (before.letter_id, desk.asker.section_id, desk.asker.group_id),
        (after.letter_id, new.id, None),
    ]


# One's own letters ----------------------------------------------------------------------------


def test_the_letters_of_an_entry_come_in_the_order_of_their_targets_priority(
    tracker_settings: Settings,
) -> None:
    text = factories.case_text(("priority = 1", "priority = 9"))
    with database.writing() as db:
        found = factories.log(db, factories.asker(db), factories.action(db, text))
    assert [letter.target for letter in found] == [factories.SECOND_TARGET, factories.FIRST_TARGET]


def test_one_s_own_letters_come_newest_first_the_withdrawn_ones_too(desk: Desk) -> None:
    minutes = [NOW + timedelta(minutes=minute) for minute in range(3)]
    with database.writing() as db:
        assert letters.own_letters(db, desk.asker, limit=10) == []
        middle = factories.log(db, desk.asker, desk.action, now=minutes[1])
        oldest = factories.log(db, desk.asker, desk.action, now=minutes[0])
        newest = factories.log(db, desk.asker, desk.action, details(ISSUED_ON), now=minutes[2])
        letters.withdraw_entry(db, desk.asker, newest[0].entry_id, now=minutes[2])
        factories.log(db, factories.asker(db, name="Fictional Otto Other"), desk.action)
        own = letters.own_letters(db, desk.asker, limit=10)
        ids = [letter.letter_id for letter in own]
        assert ids == [letter.letter_id for letter in [*newest, *middle, *oldest]]
        assert [letter.status for letter in own[:3]] == [
            LetterStatus.WITHDRAWN,
            LetterStatus.WITHDRAWN,
            LetterStatus.POSTED,
        ]
        pages = [letters.own_letters(db, desk.asker, limit=4, offset=skip) for skip in (0, 4, 8)]
    assert [letter.letter_id for page in pages for letter in page] == ids
    assert [len(page) for page in pages] == [4, 2, 0]


def test_nobody_finds_another_member_s_letter(desk: Desk) -> None:
    with database.writing() as db:
        lead = factories.asker(db, list(Role), name="Fictional Lena Lead")
        letter = factories.letter(db, desk.asker, desk.action)
        assert letters.own_letter(db, desk.asker, letter.letter_id) == letter
        for asker in (lead, factories.operator(db)):
            assert letters.of_entry(db, asker, letter.entry_id) == []
            assert letters.own_letters(db, asker, limit=10) == []
            assert letters.count_own(db, asker) == (0, 0)
            with pytest.raises(letters.UnknownLetter, match=letter.letter_id):
                letters.own_letter(db, asker, letter.letter_id)


def test_what_one_has_logged_and_what_of_it_counts_are_two_numbers(desk: Desk) -> None:
    with database.writing() as db:
        assert letters.count_own(db, desk.asker) == (0, 0)
        factories.log(db, desk.asker, desk.action)
        withdrawn = factories.letter(db, desk.asker, desk.action)
        letters.withdraw(db, desk.asker, withdrawn.letter_id, version=1, now=NOW)
        assert letters.count_own(db, desk.asker) == (3, 2)


def test_a_letter_never_changed_has_no_earlier_versions(desk: Desk) -> None:
    with database.writing() as db:
        letter = factories.letter(db, desk.asker, desk.action)
        told = letters.versions(db, desk.asker, letter.letter_id)
    empty = pd.DataFrame(columns=list(VERSION_COLUMNS)).astype(VERSION_COLUMNS)
    pd.testing.assert_frame_equal(told, empty)
