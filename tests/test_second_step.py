"""The second step: codes of the telephone, and those on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import select

from tests import factories
from tracker import accounts, database, members, sealing, settings
from tracker.accounts import AccountProblem, AccountRefused
from tracker.members import Asker
from tracker.models import Deed, Member, RecordEntry, RecoveryCode, Role
from tracker.web import sessions

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("tracker_settings", "quick_hashing")


def somebody(role: Role = Role.VOLUNTEER, sign_in_name: str = "vera") -> Asker:
    account = accounts.prepared("Fictional Vera", sign_in_name, "a quiet mill pond in may")
    with database.writing() as db:
        member = factories.member(db, [role])
        accounts.give(db, member.id, account, now=NOW)
        return members.asker(db, member.id)


def deeds() -> list[Deed]:
    with database.reading() as db:
        return list(db.scalars(select(RecordEntry.deed).order_by(RecordEntry.id)))


def row() -> Member:
    with database.reading() as db:
        return db.scalars(select(Member)).one()


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(moment)


def with_second_step(asker: Asker, now: datetime = NOW) -> tuple[str, list[str]]:
    with database.writing() as db:
        secret = accounts.begin_second_step(db, asker).secret
    with database.writing() as db:
        codes = accounts.confirm_second_step(db, asker, secret, code_at(secret, now), now)
    return secret, codes


def accepts(asker: Asker, code: str, now: datetime) -> bool:
    assert asker.member_id is not None
    with database.writing() as db:
        return accounts.accepts_code(db, asker.member_id, code, now)


def test_a_second_step_begins_with_its_first_code_and_not_before():
    asker = somebody()
    with database.writing() as db:
        enrolment = accounts.begin_second_step(db, asker)
    with database.writing() as db:
        assert accounts.begin_second_step(db, asker, enrolment.secret) == enrolment
        assert accounts.begin_second_step(db, asker).secret != enrolment.secret
        assert accounts.second_step_since(db, asker) is None
    assert row().totp_secret is None
    said = parse_qs(urlsplit(enrolment.uri).query)
    assert said["issuer"] == ["Urgent Action letters"]
    assert said["secret"] == [enrolment.secret]
    assert not accepts(asker, code_at(enrolment.secret, NOW), NOW)
    for wrong in ("", "000000x", "12345", code_at(enrolment.secret, NOW - timedelta(minutes=5))):
        with pytest.raises(AccountRefused) as caught, database.writing() as db:
            accounts.confirm_second_step(db, asker, enrolment.secret, wrong, NOW)
        assert caught.value.problems == {"code": AccountProblem.WRONG_CODE}
    with pytest.raises(AccountRefused), database.writing() as db:
        accounts.confirm_second_step(db, asker, None, code_at(enrolment.secret, NOW), NOW)
    with_second_step(asker)
    with database.reading() as db:
        assert accounts.second_step_since(db, asker) == NOW
    assert enrolment.secret not in repr(enrolment)


def test_the_secret_is_shown_no_more_once_it_is_set():
    asker = somebody()
    secret, _ = with_second_step(asker)
    with pytest.raises(AccountRefused), database.writing() as db:
        accounts.begin_second_step(db, asker)
    with pytest.raises(AccountRefused), database.writing() as db:
        accounts.confirm_second_step(db, asker, secret, code_at(secret, NOW), NOW)


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)]
)
def test_a_code_may_be_one_step_early_or_late(seconds, taken):
    asker = somebody()
    secret, _ = with_second_step(asker, NOW - timedelta(minutes=10))
    assert accepts(asker, code_at(secret, NOW + timedelta(seconds=seconds)), NOW) == taken


def test_a_code_is_taken_once():
    asker = somebody()
    secret, _ = with_second_step(asker)
    assert not accepts(asker, code_at(secret, NOW), NOW)  # the one that it was set with
    later = NOW + timedelta(minutes=2)
    assert accepts(asker, code_at(secret, later), later)
    assert not accepts(asker, code_at(secret, later), later)
    assert not accepts(asker, code_at(secret, later - timedelta(seconds=30)), later)
    next_one = later + timedelta(seconds=30)
    assert accepts(
        asker, f" {code_at(secret, next_one)[:3]} {code_at(secret, next_one)[3:]}", later
    )


def test_a_clock_that_was_fast_shuts_nobody_out():
    asker = somebody()
    secret, _ = with_second_step(asker)
    wrong = NOW + timedelta(days=400)
    assert accepts(asker, code_at(secret, wrong), wrong)
    later = NOW + timedelta(minutes=2)
    assert accepts(asker, code_at(secret, later), later)
    assert not accepts(asker, code_at(secret, later), later)


def test_recovery_codes_open_once_each_and_are_kept_as_hashes():
    asker = somebody()
    secret, codes = with_second_step(asker)
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 16 for code in codes)  # 5 bits a sign: 80
    assert accepts(asker, codes[3], NOW)
    assert not accepts(asker, codes[3], NOW)
    assert accepts(asker, codes[4].lower().replace("-", " ").replace("0", "o"), NOW)
    with database.reading() as db:
        kept = db.scalars(select(RecoveryCode)).all()
    assert len(kept) == 8
    assert sealing.token_hash(codes[0].replace("-", "")) in {code.code_hash for code in kept}
    assert secret not in codes


def test_codes_open_nobody_elses_account():
    asker, other = somebody(), somebody(sign_in_name="otto")
    secret, codes = with_second_step(asker)
    with_second_step(other)
    later = NOW + timedelta(minutes=2)
    assert not accepts(other, codes[0], later)
    assert not accepts(other, code_at(secret, later), later)
    assert accepts(asker, codes[0], later)


@pytest.mark.parametrize(
    "code", ["", " ", "-", "\uff11\uff12\uff13\uff14\uff15\uff16", "١٢٣٤٥٦", "0" * 10_000, "x\x00"]
)
def test_what_is_no_code_is_refused(code):
    asker = somebody()
    with_second_step(asker)
    assert not accepts(asker, code, NOW)


def test_setting_the_second_step_ends_the_sessions_that_gave_no_code():
    asker = somebody()
    assert asker.member_id is not None
    with database.writing() as db:
        mine, other = (sessions.begin(db, asker.member_id, now=NOW) for _ in range(2))
        secret = accounts.begin_second_step(db, asker).secret
        code = code_at(secret, NOW)
        accounts.confirm_second_step(db, asker, secret, code, NOW, keep_token=mine)
    assert sessions.member_with(mine, now=NOW) is not None
    assert sessions.member_with(other, now=NOW) is None


def test_the_second_step_can_be_taken_away():
    asker = somebody()
    with_second_step(asker)
    with database.writing() as db:
        accounts.remove_second_step(db, asker, now=NOW)
        accounts.remove_second_step(db, asker, now=NOW)
    assert (row().totp_secret, row().totp_since, row().totp_step) == (None, None, None)
    assert deeds()[-2:] == [Deed.SECOND_STEP_SET, Deed.SECOND_STEP_REMOVED]
    with database.reading() as db:
        assert db.scalars(select(RecoveryCode)).all() == []


@pytest.mark.parametrize(
    ("role", "stays"),
    [(Role.VOLUNTEER, False), (Role.COORDINATOR, True), (Role.CASE_LEAD, True)],
)
def test_where_it_is_demanded_coordinators_and_case_leads_keep_it(tracker_settings, role, stays):
    asker = somebody(role)
    with_second_step(asker)
    settings.use(replace(tracker_settings, require_totp=True))
    with database.reading() as db:
        assert asker.member_id is not None
        asker = members.asker(db, asker.member_id)
    assert accounts.is_demanded(asker) == stays
    if stays:
        with pytest.raises(AccountRefused), database.writing() as db:
            accounts.remove_second_step(db, asker, now=NOW)
    else:
        with database.writing() as db:
            accounts.remove_second_step(db, asker, now=NOW)
    assert (row().totp_since is not None) == stays
