"""Who is forgotten stands nowhere any more; letters, counts and the record's lines stay."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests import factories, forgotten
from tracker import (
    cases,
    database,
    forgetting,
    invitations,
    letters,
    members,
    record,
    running_counts,
    sealing,
)
from tracker.forgetting import Hindrance, Purged, Refused, Tidied
from tracker.models import (
    RUNNING_COUNTS,
    ActionStatus,
    Base,
    Deed,
    Invitation,
    JoinCode,
    Letter,
    LetterChange,
    LetterVersion,
    Member,
    RecordEntry,
    RecoveryCode,
    Role,
    SignInLink,
    UrgentAction,
    WebSession,
)

NOW = factories.NOW
LATER = NOW + timedelta(days=91)


# Everywhere a member stands -------------------------------------------------------------------


def test_every_column_that_refers_to_a_member_is_forgotten() -> None:
    known = {column.expression for column in (*forgetting.OWN_ROWS, *forgetting.CUT_COLUMNS)}
    referring = {
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "members"
    }
    assert {str(column) for column in known} == {str(column) for column in referring}


def test_no_link_to_a_passphrase_becomes_a_set_up_link() -> None:
    # A link without a member sets the server up: these rows must go, not lose their member.
    assert SignInLink.member_id in forgetting.OWN_ROWS


# A member -------------------------------------------------------------------------------------


def furnish(db: Session, member_id: int) -> None:
    """Give a member one of everything that can refer to a member."""
    section = factories.section(db)
    member = db.get_one(Member, member_id)
    member.sign_in_name, member.sign_in_key = "vera", sealing.keyed_hash(f"v{member_id}", "x")
    member.passphrase = "$argon2id$fictional"
    common = {"section_id": section.id, "created_at": NOW, "created_by_id": member_id}
    db.add_all(
        [
            WebSession(
                token_hash=sealing.token_hash(f"s{member_id}"),
                member_id=member_id,
                browser="Firefox, Android",
                created_at=NOW,
                last_seen_at=NOW,
            ),
            RecoveryCode(member_id=member_id, code_hash=sealing.token_hash(f"r{member_id}")),
            Invitation(
                token_hash=sealing.token_hash(f"i{member_id}"),
                role=Role.VOLUNTEER,
                email="vera@ruritania.example",
                email_key=sealing.keyed_hash("vera@ruritania.example", "email"),
                expires_at=NOW + timedelta(days=14),
                spent_at=NOW,
                **common,
            ),
            JoinCode(
                code="MOON-LAMP",
                code_key=sealing.keyed_hash(f"c{member_id}", "x"),
                most=30,
                expires_at=NOW + timedelta(hours=6),
                **common,
            ),
        ]
    )
    invitations.new_sign_in_link(db, member_id, now=NOW, by=members.asker(db, member_id))
    record.add(db, Deed.GRANTED, now=NOW, member_id=member_id, about_id=member_id, section_id=1)


def counts(db: Session) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))]
        for table in RUNNING_COUNTS
    }


def test_erasing_a_member_leaves_the_letters_and_nothing_else(tracker_settings) -> None:
    with database.writing() as db:
        desk = factories.desk(db)
        other = factories.asker(db, name="Fictional Nora")
        assert desk.asker.member_id is not None
        logged = factories.log(db, desk.asker, desk.action)
        factories.log(db, other, desk.action)
        db.execute(
            update(Letter)
            .where(Letter.member_id == other.member_id)
            .values(logged_by_id=desk.asker.member_id)
        )
        db.add(_version(db, logged[0].letter_id, desk))
        furnish(db, desk.asker.member_id)
        furnish(db, other.member_id or 0)
        before, kept = counts(db), factories.everything(db)
    with database.writing() as db:
        forgetting.erase(db, desk.asker.member_id, now=LATER, by=desk.asker)
    with database.reading() as db:
        after = factories.everything(db)
        assert counts(db) == before
        assert running_counts.drifts(db, members.operator(db)) == []
        assert [name for name in kept if len(kept[name]) != len(after[name])] == [
            name
            for name in kept
            if name
            in {"members", "grants", "web_sessions", "sign_in_links", "recovery_codes"}
            | {"record_entries"}
        ]
        for column in (*forgetting.OWN_ROWS, *forgetting.CUT_COLUMNS):
            number = select(func.count()).where(column == desk.asker.member_id)
            assert db.scalar(number) == 0, column
            number = select(func.count()).where(column == other.member_id)
            assert db.scalar(number) or column in {Letter.logged_by_id, LetterVersion.changed_by_id}
        mine = db.scalars(select(Letter).where(Letter.member_id.is_(None))).all()
        assert {letter.public_id for letter in mine} == {letter.letter_id for letter in logged}
        assert {letter.entry_id for letter in mine} == {""}
        assert db.scalars(select(Invitation.email)).all() == [None, None]
        assert db.scalars(select(Invitation.email_key)).all() == [None, None]
        line = db.scalars(select(RecordEntry).order_by(RecordEntry.id.desc())).first()
        assert line is not None
        assert (line.deed, line.section_id) == (Deed.MEMBER_ERASED, desk.asker.section_id)
        assert (line.member_id, line.about_id, line.subject) == (None, None, "")
    with database.reading() as db, pytest.raises(members.UnknownMember):
        members.asker(db, desk.asker.member_id)


def _version(db: Session, letter_id: str, desk: factories.Desk) -> LetterVersion:
    letter = db.scalars(select(Letter).where(Letter.public_id == letter_id)).one()
    return LetterVersion(
        letter_id=letter.id,
        version=1,
        change=LetterChange.CORRECTED,
        changed_at=NOW,
        changed_by_id=desk.asker.member_id,
        target_id=letter.target_id,
        posted_on=letter.posted_on,
        channel=letter.channel,
        language=letter.language,
        own_words=letter.own_words,
        after_deadline=letter.after_deadline,
        status=letter.status,
    )


def lead(db: Session, *, passphrase: str | None = "$argon2id$fictional") -> Member:
    member = factories.member(db, [Role.CASE_LEAD], name="Fictional Lea Lead")
    member.passphrase = passphrase
    return member


def test_whoever_logged_two_forms_for_one_target_and_day_can_be_erased(tracker_settings) -> None:
    with database.writing() as db:
        desk = factories.desk(db)
        for _ in range(2):
            factories.letter(db, desk.asker, desk.action)
        forgetting.erase(db, desk.asker.member_id or 0, now=NOW, by=desk.asker)
        rows = db.execute(select(Letter.member_id, Letter.entry_id)).all()
    assert [tuple(row) for row in rows] == [(None, "")] * 2


def test_the_last_case_lead_who_can_come_back_stays(tracker_settings) -> None:
    with database.writing() as db:
        first, second = lead(db).id, lead(db).id
        lead(db, passphrase=None)
        lead(db).disabled_at = NOW
    with database.writing() as db:
        forgetting.erase(db, first, now=NOW, by=None)
    with database.writing() as db, pytest.raises(Refused) as refused:
        forgetting.erase(db, second, now=NOW, by=None)
    assert refused.value.reason is Hindrance.LAST_CASE_LEAD


def test_whoever_set_the_server_up_is_not_erased_before_another_keeps_it(tracker_settings) -> None:
    # A set-up link signs in a case lead: without one, nobody could come back by it.
    with database.writing() as db:
        only = lead(db, passphrase=None).id
        factories.member(db)
        with pytest.raises(Refused):
            forgetting.erase(db, only, now=NOW, by=None)


def test_whoever_comes_back_through_a_provider_keeps_the_cases_too(tracker_settings) -> None:
    with database.writing() as db:
        first, second = lead(db).id, lead(db, passphrase=None)
        second.identity_key = bytes(32)
        db.flush()
        forgetting.erase(db, first, now=NOW, by=None)
        with pytest.raises(Refused):
            forgetting.erase(db, second.id, now=NOW, by=None)


def test_nobody_erases_another(tracker_settings) -> None:
    with database.writing() as db:
        coordinator = factories.asker(db, [Role.COORDINATOR, Role.CASE_LEAD])
        other = factories.member(db).id
        with pytest.raises(members.NotYours):
            forgetting.erase(db, other, now=NOW, by=coordinator)
        forgetting.erase(db, other, now=NOW, by=members.operator(db))
        with pytest.raises(members.UnknownMember):
            forgetting.erase(db, other, now=NOW, by=members.operator(db))


def test_a_demonstration_keeps_those_whom_it_signs_in(tracker_settings) -> None:
    with database.writing() as db:
        shown, other = factories.member(db).id, factories.member(db).id
        members.mark_demo(db)
        members.keep_demo_members(db, {Role.VOLUNTEER: shown})
        forgetting.erase(db, other, now=NOW, by=None)
        with pytest.raises(Refused) as refused:
            forgetting.erase(db, shown, now=NOW, by=None)
    assert refused.value.reason is Hindrance.DEMONSTRATION


def test_a_number_is_never_given_again(tracker_settings) -> None:
    with database.writing() as db:
        gone = factories.member(db).id
    with database.writing() as db:
        forgetting.erase(db, gone, now=NOW, by=None)
    with database.writing() as db:
        assert factories.member(db).id != gone


# Letters after their time ---------------------------------------------------------------------


def close(db: Session, action: UrgentAction) -> None:
    cases.close(db, members.operator(db), action, now=NOW)


def purge(now=LATER) -> list[Purged]:
    return forgetting.purge(database.reading, database.writing, now=now)


def due(now=LATER) -> list[Purged]:
    with database.reading() as db:
        return forgetting.due(db, members.operator(db), now=now)


def test_what_would_go_on_the_whole_server_is_the_operator_s_business_alone(
    tracker_settings,
) -> None:
    with database.writing() as db:
        for asker in (factories.asker(db), factories.asker(db, list(Role))):
            with pytest.raises(members.NotYours):
                forgetting.due(db, asker, now=LATER)
            with pytest.raises(members.NotYours):
                forgetting.spent(db, asker, now=LATER)
            with pytest.raises(members.NotYours):
                running_counts.drifts(db, asker)


def test_writers_are_cut_after_the_section_s_time_and_all_else_stays(tracker_settings) -> None:
    with database.writing() as db:
        here, there = factories.section(db), factories.section(db, "Elbonia (fictional)")
        there.retention_days = 120
        action = factories.action(db)
        office = factories.asker(db, [Role.COORDINATOR], of=here)
        writer, other = factories.asker(db, of=here), factories.asker(db, of=there)
        logged = factories.log(db, writer, action)
        letter_id = logged[0].letter_id
        letters.withdraw(db, writer, letter_id, version=1, now=NOW)
        letters.log(
            db,
            office,
            entry_id="for-another",
            action_id=action.id,
            target_ids=[action.targets[0].target_id],
            details=factories.details(),
            now=NOW,
            writer_id=factories.member(db, of=here).id,
        )
        factories.log(db, other, action)
        close(db, action)
        before, kept = counts(db), factories.everything(db)
    assert due(NOW + timedelta(days=90) - timedelta(seconds=1)) == []
    assert due() == [Purged(action.slug, here.name, 3, 3)]
    with database.reading() as db:
        assert factories.everything(db) == kept
    assert purge() == [Purged(action.slug, here.name, 3, 3)]
    assert (due(), purge()) == ([], [])
    with database.reading() as db:
        assert counts(db) == before
        after = factories.everything(db)
        changed = {name for name in kept if kept[name] != after[name]}
        assert changed == {"letters", "letter_versions", "record_entries"}
        mine = db.scalars(select(Letter).where(Letter.section_id == here.id)).all()
        assert {(letter.member_id, letter.logged_by_id, letter.entry_id) for letter in mine} == {
            (None, None, "")
        }
        assert db.scalars(select(LetterVersion.changed_by_id)).all() == [None]
        # The record tells who signed in when: of these moments the day is left.
        day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
        assert {letter.logged_at for letter in mine} == {day} != {NOW}
        assert db.scalars(select(LetterVersion.changed_at)).all() == [day]
        told = db.scalars(select(RecordEntry).where(RecordEntry.section_id == here.id)).all()
        by_deed = {line.deed: (line.member_id, line.about_id) for line in told}
        assert by_deed[Deed.LETTER_WITHDRAWN] == by_deed[Deed.LETTERS_LOGGED_FOR] == (None, None)
        line = next(line for line in told if line.deed is Deed.PURGED)
        assert (line.subject, line.amount, line.member_id) == (action.slug, 3, None)
        theirs = db.scalars(select(Letter.member_id).where(Letter.section_id == there.id)).all()
        assert set(theirs) == {other.member_id}
        moments = select(Letter.logged_at).where(Letter.section_id == there.id)
        assert set(db.scalars(moments)) == {NOW}
    assert [cut.section for cut in purge(NOW + timedelta(days=120))] == [there.name]


def test_letters_of_an_open_urgent_action_keep_their_writers(tracker_settings) -> None:
    with database.writing() as db:
        desk = factories.desk(db)
        factories.log(db, desk.asker, desk.action)
    assert purge(NOW + timedelta(days=10_000)) == []


def test_many_letters_are_cut_in_batches_that_each_count(tracker_settings, monkeypatch) -> None:
    monkeypatch.setattr(forgetting, "_BATCH", 10)
    monkeypatch.setattr(forgetting, "_FOUND_AT_ONCE", 25)
    with database.writing() as db:
        desk = factories.desk(db)
        factories.many_letters(db, desk.asker, desk.action, 60)
        close(db, desk.action)
    cut_while_open = []

    @contextmanager
    def writing():
        with database.writing() as db:
            yield db
        cut_while_open.append(1)
        if len(cut_while_open) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forgetting.purge(database.reading, writing, now=LATER)
    assert due() == [Purged(desk.action.slug, desk.asker.section, 35, 1)]  # 10 + 10 + 5 are cut
    assert purge()[0].letters == 35
    with database.reading() as db:
        amounts = db.scalars(select(RecordEntry.amount).where(RecordEntry.deed == Deed.PURGED))
        assert sum(amount or 0 for amount in amounts) == 60
        assert db.scalar(select(func.count()).where(Letter.member_id.is_not(None))) == 0
        assert running_counts.drifts(db, members.operator(db)) == []


def test_a_case_file_that_says_closed_counts_from_when_it_was_added(tracker_settings) -> None:
    changed = ("deadline =", 'status = "closed"\ndeadline =')
    with database.writing() as db:
        assert factories.action(db, factories.case_text(changed)).closed_at == NOW


def test_only_case_leads_and_the_operator_close(tracker_settings) -> None:
    with database.writing() as db:
        action = factories.action(db)
        coordinator = factories.asker(db, [Role.COORDINATOR])
        with pytest.raises(members.NotYours):
            cases.close(db, coordinator, action, now=NOW)
        assert cases.close(db, factories.asker(db, [Role.CASE_LEAD]), action, now=NOW)
        assert not cases.close(db, members.operator(db), action, now=LATER)
        assert db.get_one(UrgentAction, action.id).closed_at == NOW
        assert action.status is ActionStatus.CLOSED


# Spent ways in --------------------------------------------------------------------------------


def test_what_opens_nothing_any_more_goes_and_the_rest_stays(tracker_settings) -> None:
    with database.writing() as db:
        member_id, other_id = factories.member(db).id, factories.member(db).id
        furnish(db, member_id)
        furnish(db, other_id)
    with database.writing() as db:
        assert forgetting.tidy(db, now=NOW) == Tidied(0, 0, 2, 0)
    with database.writing() as db:
        db.execute(update(WebSession).where(WebSession.member_id == other_id).values(ended_at=NOW))
        later = NOW + timedelta(hours=12)
        going = forgetting.spent(db, members.operator(db), now=later)
        assert forgetting.tidy(db, now=later) == going == Tidied(2, 0, 0, 0)
        later = NOW + timedelta(days=30, hours=6)
        assert forgetting.tidy(db, now=later) == Tidied(0, 2, 0, 2)
        assert db.scalar(select(func.count()).select_from(Invitation)) == 2
        assert forgetting.tidy(db, now=later) == Tidied(0, 0, 0, 0)


# No trace -------------------------------------------------------------------------------------


def test_of_whoever_is_erased_no_byte_is_left(tracker_settings, tmp_path, request, caplog) -> None:
    caplog.set_level("DEBUG")
    backup, on_postgres = tmp_path / "later.db", "postgresql" in tracker_settings.database_url
    server = request.getfixturevalue("postgres") if on_postgres else None
    keys = forgotten.fill(5)
    noted = forgotten.marks(keys)
    before = forgotten.search(tracker_settings, noted, caplog.text, backup, server)
    # The search finds what is there: all that is stored, and no word of it without the key.
    words = forgotten.plain(noted)
    assert len(noted) - len(words) > 10 * len(keys)
    assert before[0].found == len(noted) - len(words)
    assert before[-1].found > 0
    assert forgotten.erase(keys)
    after = forgotten.search(tracker_settings, noted, caplog.text, backup, server)
    assert "purged: writers of" in caplog.text
    # What PostgreSQL's own log keeps for a while is told in docs/operations.md.
    assert [place for place in after if place.found and place.where != "pg_wal"] == []


def test_a_copy_without_the_key_yields_no_name(tracker_settings, tmp_path, request, caplog) -> None:
    on_postgres = "postgresql" in tracker_settings.database_url
    server = request.getfixturevalue("postgres") if on_postgres else None
    keys = forgotten.fill(5)
    with database.reading() as db:
        everybody = list(db.scalars(select(Member.id).where(Member.sign_in_name.is_not(None))))
    assert set(keys) < set(everybody)
    words = forgotten.plain(forgotten.marks(everybody))
    assert len(words) >= 5 * len(everybody)
    copies = forgotten.search(tracker_settings, words, caplog.text, tmp_path / "copy.db", server)
    assert [place for place in copies if place.found] == []
