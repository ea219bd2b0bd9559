"""Letters in the name of somebody without an account; and each section's rule for late ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests import factories
from tests.factories import DEADLINE, NOW, TODAY, Desk, details
from tracker import database, letters, record
from tracker.letters import Refused, UnknownLetter, Writer
from tracker.members import Asker, NotYours, asker, pseudonym
from tracker.models import Grant, Letter, Member, Role, Section
from tracker.rules import LateRule, Refusal
from tracker.settings import Settings

LATE = DEADLINE + timedelta(days=3)


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        return factories.desk(db)


@pytest.fixture
def cora(desk: Desk) -> Asker:
    """A coordinator of the desk's section, who writes no letters of her own."""
    with database.writing() as db:
        return factories.asker(db, [Role.COORDINATOR], name="Fictional Cora")


@pytest.fixture
def paper(desk: Desk) -> int:
    """Somebody of that section, in another group, without an account."""
    with database.writing() as db:
        here = factories.section(db)
        group = factories.group(db, here, "Group of the New Mill (fictional)")
        return factories.member(db, of=here, in_group=group, name="Fictional Paula Paper").id


def log_for(desk: Desk, who: Asker, writer_id: int | None, *, entry: str = "form") -> int:
    with database.writing() as db:
        return letters.log(
            db,
            who,
            entry_id=entry,
            action_id=desk.action.id,
            target_ids=[desk.first, desk.second],
            details=details(),
            now=NOW,
            writer_id=writer_id,
        )


def rows() -> Sequence[Letter]:
    with database.reading() as db:
        return db.scalars(select(Letter).order_by(Letter.id)).all()


def writers(who: Asker) -> list[int]:
    with database.reading() as db:
        return [writer.member_id for writer in letters.writers_without_account(db, who)]


def test_a_letter_belongs_to_its_writer_with_the_section_and_group_they_have(
    desk: Desk, cora: Asker, paper: int
) -> None:
    assert log_for(desk, cora, paper) == 2
    with database.reading() as db:
        member = db.get_one(Member, paper)
    assert [
        (row.member_id, row.logged_by_id, row.section_id, row.group_id, row.target_id)
        for row in rows()
    ] == [
        (paper, cora.member_id, cora.section_id, member.group_id, target)
        for target in (desk.first, desk.second)
    ]
    assert member.group_id is not None
    assert member.group_id != cora.group_id
    assert log_for(desk, cora, paper) == 0  # the same form once more
    with database.reading() as db:
        lines = record.entries(db, cora)
        assert letters.count_own(db, cora) == (0, 0)
    assert lines[["deed", "about", "subject", "amount"]].values.tolist() == [
        ["letters-logged-for", pseudonym(paper, cora.section_id or 0), desk.action.slug, 2]
    ]


def test_who_logged_it_can_see_correct_and_withdraw_it(desk: Desk, cora: Asker, paper: int) -> None:
    log_for(desk, cora, paper)
    with database.writing() as db:
        first, second = letters.of_entry(db, cora, "form")
        assert (first.writer_id, first.section_id) == (paper, cora.section_id)
        assert letters.own_letters(db, cora, limit=5) == [first, second]
        letters.correct(
            db,
            cora,
            first.letter_id,
            version=1,
            target_id=desk.second,
            details=details(language="fr"),
            now=NOW,
        )
        assert len(letters.versions(db, cora, first.letter_id)) == 1
        letters.withdraw(db, cora, second.letter_id, version=1, now=NOW)
        assert letters.withdraw_entry(db, cora, "form", now=NOW) == 1
    for stranger in (desk.asker, replace(cora, grants=frozenset())):
        with database.reading() as db:
            assert letters.of_entry(db, stranger, "form") == []
            with pytest.raises(UnknownLetter):
                letters.own_letter(db, stranger, first.letter_id)


def test_a_letter_whose_writer_is_forgotten_is_nobody_s(
    desk: Desk, cora: Asker, paper: int
) -> None:
    log_for(desk, cora, paper)
    with database.writing() as db:
        db.execute(update(Letter).values(member_id=None))
    with database.reading() as db:
        assert letters.own_letters(db, cora, limit=5) == []


def test_only_those_without_an_account_in_one_s_own_section_can_be_chosen(
    desk: Desk, cora: Asker, paper: int
) -> None:
    with database.writing() as db:
        there = factories.section(db, "Elsewhere (fictional)")
        away = factories.member(db, of=there).id
        signs_in = factories.member(db)
        signs_in.sign_in_key = bytes(32)
        identified = factories.member(db)
        identified.identity_key = bytes(32)
        disabled = factories.member(db)
        disabled.disabled_at = NOW
        coordinates = factories.member(db, [Role.VOLUNTEER, Role.COORDINATOR])
        lead = factories.asker(db, [Role.CASE_LEAD])
        others = [away, signs_in.id, identified.id, disabled.id, coordinates.id]
    assert desk.asker.member_id is not None
    assert set(writers(cora)) == {paper, desk.asker.member_id}  # nobody here has an account yet
    assert writers(desk.asker) == writers(lead) == []
    for other in others:
        with pytest.raises(NotYours):
            log_for(desk, cora, other)
    for who in (desk.asker, lead):
        with pytest.raises(NotYours):
            log_for(desk, who, paper)
    assert rows() == []


def test_who_is_no_volunteer_logs_no_letters_of_their_own(desk: Desk, cora: Asker) -> None:
    for writer_id in (None, cora.member_id):
        with pytest.raises(NotYours):
            log_for(desk, cora, writer_id)
    assert log_for(desk, desk.asker, desk.asker.member_id) == 2
    assert {row.logged_by_id for row in rows()} == {None}


def test_a_coordinator_of_two_sections_logs_for_both(desk: Desk, cora: Asker, paper: int) -> None:
    with database.writing() as db:
        there = factories.section(db, "Elsewhere (fictional)")
        away = factories.member(db, of=there).id
        db.add(Grant(member_id=cora.member_id, role=Role.COORDINATOR, section_id=there.id))
        db.flush()
        both = asker(db, cora.member_id or 0)
        found = {writer.member_id: writer for writer in letters.writers_without_account(db, both)}
        assert found[away] == Writer(
            away, pseudonym(away, there.id), there.id, None, LateRule.ASK, None
        )
    log_for(desk, replace(both, pinned_today=TODAY), away)
    assert {row.section_id for row in rows()} == {there.id}


# Late letters ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "until", "posted_on", "confirmed", "refusal"),
    [
        (LateRule.ASK, None, LATE, False, Refusal.UNCONFIRMED_LATE),
        (LateRule.ASK, None, LATE, True, None),
        (LateRule.ASK, LATE, LATE, False, Refusal.UNCONFIRMED_LATE),
        (LateRule.REFUSE, None, LATE, True, Refusal.TOO_LATE),
        (LateRule.REFUSE, LATE, LATE, True, Refusal.TOO_LATE),
        (LateRule.REFUSE, None, DEADLINE, False, None),
        (LateRule.ACCEPT, None, LATE, False, None),
        (LateRule.ACCEPT, LATE, LATE, False, None),
        (LateRule.ACCEPT, LATE, LATE + timedelta(days=1), True, Refusal.TOO_LATE),
        (LateRule.ACCEPT, DEADLINE - timedelta(days=9), LATE, True, Refusal.TOO_LATE),
        (LateRule.ACCEPT, DEADLINE - timedelta(days=9), DEADLINE, False, None),
    ],
)
def test_a_late_letter_is_judged_by_the_rule_of_the_writer_s_section(
    desk: Desk,
    *,
    rule: LateRule,
    until: date | None,
    posted_on: date,
    confirmed: bool,
    refusal: Refusal | None,
) -> None:
    with database.writing() as db:
        db.execute(update(Section).values(late_rule=rule, late_until=until))
        who = asker(db, desk.asker.member_id or 0)
        assert (who.late_rule, who.late_until) == (rule, until)
        who = replace(who, pinned_today=LATE + timedelta(days=30))
        said = details(posted_on, late_confirmed=confirmed)
        if refusal is None:
            assert len(factories.log(db, who, desk.action, said)) == 2
        else:
            with pytest.raises(Refused) as refused:
                factories.log(db, who, desk.action, said)
            assert refused.value.reasons == (refusal,)
    assert [row.after_deadline for row in rows()] == [posted_on > DEADLINE] * (0 if refusal else 2)


def test_a_correction_is_judged_by_the_rule_of_the_letter_s_section(desk: Desk) -> None:
    with database.writing() as db:
        letter = factories.letter(db, desk.asker, desk.action)
        db.execute(update(Section).values(late_rule=LateRule.REFUSE))
        later = replace(desk.asker, pinned_today=LATE)
        with pytest.raises(Refused) as refused:
            letters.correct(
                db,
                later,
                letter.letter_id,
                version=1,
                target_id=desk.first,
                details=details(LATE, late_confirmed=True),
                now=NOW,
            )
    assert refused.value.reasons == (Refusal.TOO_LATE,)
