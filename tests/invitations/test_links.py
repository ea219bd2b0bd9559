"""The links that let members in: set-up, a new passphrase, a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tracker import database, forgetting, invitations, members, record, sealing
from tracker.invitations import LINK_LIFETIME, RESET_LIFETIME, links
from tracker.members import Asker, PersonProblem, PersonRefused, SectionRefused
from tracker.models import Deed, Grant, Member, RecoveryCode, Role, SignInLink
from tracker.settings import Settings

SECOND = timedelta(seconds=1)


def new_link(db: Session, *, now: datetime = NOW) -> str:
    """Make a link that sets the server up."""
    return invitations.new_sign_in_link(db, None, now=now)


def test_a_link_opens_until_it_is_spent_and_is_spent_once(tracker_settings: Settings) -> None:
    with database.writing() as db:
        member_id = factories.member(db).id
        token = invitations.new_sign_in_link(db, member_id, now=NOW)
    with database.reading() as db:
        for _ in range(3):  # chat programs open links, too
            assert invitations.open_sign_in_link(db, token, now=NOW) is not None
    with database.writing() as db:
        link = invitations.spend_sign_in_link(db, token, now=NOW + SECOND)
        assert link is not None
        assert link.member_id == member_id
    with database.writing() as db:
        assert invitations.open_sign_in_link(db, token, now=NOW) is None
        assert invitations.spend_sign_in_link(db, token, now=NOW) is None
        assert db.scalars(select(SignInLink.spent_at)).all() == [NOW + SECOND]


def test_a_link_spent_in_a_write_that_fails_is_as_good_as_new(tracker_settings: Settings) -> None:
    with database.writing() as db:
        token = new_link(db)

    def spend_and_fail() -> None:
        with database.writing() as db:
            assert invitations.spend_sign_in_link(db, token, now=NOW)
            members.set_up(db, "", "UTC", now=NOW)

    with pytest.raises(SectionRefused):
        spend_and_fail()
    with database.writing() as db:
        assert invitations.spend_sign_in_link(db, token, now=NOW)


@pytest.mark.parametrize("token", ["", "x", "é", "\x00", "a" * 10_000])
def test_an_invented_token_opens_nothing(tracker_settings: Settings, token: str) -> None:
    with database.writing() as db:
        new_link(db)
        assert invitations.open_sign_in_link(db, token, now=NOW) is None
        assert invitations.spend_sign_in_link(db, token, now=NOW) is None


def test_the_database_does_not_hold_what_opens_a_link(tracker_settings: Settings) -> None:
    with database.writing() as db:
        token = new_link(db)
        db.flush()
        stored = db.execute(text("SELECT token_hash FROM sign_in_links")).scalar_one()
        assert bytes(stored) == sealing.token_hash(token)
        assert invitations.open_sign_in_link(db, bytes(stored).hex(), now=NOW) is None


def test_a_link_opens_nothing_from_the_moment_at_which_it_expires(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        tokens = [new_link(db), invitations.new_sign_in_link(db, None, now=NOW, lifetime=SECOND)]
        for token, lifetime in zip(tokens, (LINK_LIFETIME, SECOND), strict=True):
            almost = NOW + lifetime - timedelta(microseconds=1)
            assert invitations.open_sign_in_link(db, token, now=almost)
            assert invitations.open_sign_in_link(db, token, now=NOW + lifetime) is None
            assert invitations.spend_sign_in_link(db, token, now=NOW + lifetime) is None
            assert invitations.spend_sign_in_link(db, token, now=almost)


def test_each_start_ends_the_set_up_links_of_the_one_before(tracker_settings: Settings) -> None:
    with database.writing() as db:
        old = new_link(db)
        lead = factories.member(db, [Role.CASE_LEAD])
        own = invitations.new_sign_in_link(db, lead.id, now=NOW)
        invitations.end_sign_in_links(db, now=NOW + SECOND)
        new = new_link(db, now=NOW + SECOND)
        later = NOW + 2 * SECOND
        assert invitations.open_sign_in_link(db, old, now=later) is None
        assert invitations.spend_sign_in_link(db, old, now=later) is None
        assert invitations.spend_sign_in_link(db, new, now=later)
        # What leads a member to a new passphrase outlasts a start.
        assert invitations.spend_sign_in_link(db, own, now=later)


def test_a_start_of_a_demonstration_ends_nothing(tracker_settings: Settings) -> None:
    with database.writing() as db:
        members.mark_demo(db)
        token = new_link(db)
        invitations.end_sign_in_links(db, now=NOW)
        assert invitations.open_sign_in_link(db, token, now=NOW)


def test_a_set_up_link_works_until_a_case_lead_can_come_back(tracker_settings: Settings) -> None:
    with database.writing() as db:
        token = new_link(db)
        for _ in range(3):
            assert invitations.spend_sign_in_link(db, token, now=NOW)
        lead = factories.member(db, [Role.CASE_LEAD])
        volunteer = factories.member(db)
        volunteer.passphrase = "a hash"
        db.flush()
        assert invitations.set_up_is_open(db)
        lead.passphrase = "a hash"
        db.flush()
        assert not invitations.set_up_is_open(db)
        assert invitations.open_sign_in_link(db, token, now=NOW) is None
        assert invitations.spend_sign_in_link(db, token, now=NOW) is None
        lead.passphrase, lead.identity_key = None, bytes(32)
        db.flush()
        assert invitations.set_up_is_open(db)  # the provider may be away
        assert invitations.spend_sign_in_link(db, token, now=NOW)


def test_where_every_case_lead_is_gone_a_set_up_link_opens_nothing(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        token = new_link(db)
        factories.member(db)
        lead = factories.member(db, [Role.CASE_LEAD])
        assert invitations.open_sign_in_link(db, token, now=NOW)
        lead.disabled_at = NOW
        db.flush()
        assert not invitations.set_up_is_open(db)
        assert invitations.open_sign_in_link(db, token, now=NOW) is None
        assert invitations.spend_sign_in_link(db, token, now=NOW) is None


def test_a_link_signs_in_its_member_or_the_first_case_lead(tracker_settings: Settings) -> None:
    with database.writing() as db:
        token = new_link(db)
        link = invitations.open_sign_in_link(db, token, now=NOW)
        assert link is not None
        assert invitations.member_of_link(db, link) is None
        second, first = factories.member(db), factories.member(db, [Role.CASE_LEAD])
        assert invitations.member_of_link(db, link) is first
        own = invitations.open_sign_in_link(
            db, invitations.new_sign_in_link(db, second.id, now=NOW), now=NOW
        )
        assert own is not None
        assert invitations.member_of_link(db, own) is second


def test_of_many_threads_that_spend_a_link_at_once_one_comes_in(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        token = invitations.new_sign_in_link(db, factories.member(db).id, now=NOW)
    number = 8
    barrier = Barrier(number)

    def spend(_: int) -> bool:
        barrier.wait()
        with database.writing() as db:
            return invitations.spend_sign_in_link(db, token, now=NOW) is not None

    with ThreadPoolExecutor(number) as threads:
        assert sorted(threads.map(spend, range(number))) == [False] * (number - 1) + [True]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_servers_that_both_saw_a_link_unspent_one_lets_its_opener_in(
    tracker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as db:
        token = invitations.new_sign_in_link(db, factories.member(db).id, now=NOW)
    both_looked = Barrier(2)
    look = invitations.open_sign_in_link

    def look_together(db: Session, token: str, *, now: datetime) -> SignInLink | None:
        link = look(db, token, now=now)
        both_looked.wait()
        return link

    monkeypatch.setattr(links, "open_sign_in_link", look_together)

    def spend(_: int) -> bool:
        # Past the queue of this process's writers, as another server is.
        with Session(database.engine()) as db:
            won = invitations.spend_sign_in_link(db, token, now=NOW) is not None
            db.commit()
            return won

    with ThreadPoolExecutor(2) as servers:
        assert sorted(servers.map(spend, range(2))) == [False, True]


def test_a_set_up_link_is_judged_once_more_when_nobody_else_is_using_it(
    tracker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as db:
        token = new_link(db)
        lead = factories.member(db, [Role.CASE_LEAD]).id
    look = invitations.open_sign_in_link

    def look_before_a_passphrase(db: Session, token: str, *, now: datetime) -> SignInLink | None:
        link = look(db, token, now=now)
        db.get_one(Member, lead).passphrase = "$argon2id$fictional"
        return link

    monkeypatch.setattr(links, "open_sign_in_link", look_before_a_passphrase)
    with database.writing() as db:
        assert invitations.spend_sign_in_link(db, token, now=NOW) is None


def test_a_fresh_link_ends_what_was_there_only_when_it_is_spent(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        section = factories.section(db)
        who = factories.asker(db, [Role.COORDINATOR], of=section)
        member = factories.member(db, of=section)
        member.totp_secret, member.totp_since = "SECRET", NOW
        db.add(RecoveryCode(member_id=member.id, code_hash=bytes(32)))
        first = invitations.reset(db, who, member.id, now=NOW)
        token = invitations.reset(db, who, member.id, now=NOW)
        over = NOW + RESET_LIFETIME
        assert over == NOW + timedelta(days=3)
        assert invitations.open_passphrase_link(db, first, now=NOW) is None
        for _ in range(3):
            assert invitations.open_passphrase_link(db, token, now=over - SECOND) == member.id
        assert invitations.open_passphrase_link(db, token, now=over) is None
        assert member.totp_since == NOW
        assert invitations.spend_passphrase_link(db, token, now=NOW) == member.id
        assert invitations.spend_passphrase_link(db, token, now=NOW) is None
        assert (member.totp_secret, member.totp_since) == (None, None)
        assert db.scalars(select(RecoveryCode)).all() == []
        deeds = record.entries(db, who)["deed"].tolist()
        assert deeds == [Deed.SECOND_STEP_REMOVED, Deed.MEMBER_RESET, Deed.MEMBER_RESET]


def test_a_set_up_link_leads_to_nobodys_passphrase(tracker_settings: Settings) -> None:
    with database.writing() as db:
        factories.member(db)
        assert invitations.open_passphrase_link(db, new_link(db), now=NOW) is None


def test_a_disabled_member_gets_no_fresh_link(tracker_settings: Settings) -> None:
    with database.writing() as db:
        member = factories.member(db)
        member.disabled_at = NOW
        db.flush()
        with pytest.raises(PersonRefused) as refused:
            invitations.reset(db, members.operator(db), member.id, now=NOW)
        assert refused.value.reason is PersonProblem.DISABLED
        assert db.scalars(select(SignInLink)).all() == []


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CASE_LEAD])
def test_a_link_made_before_a_promotion_does_not_lead_to_what_came_after(
    tracker_settings: Settings, role: Role
) -> None:
    with database.writing() as db:
        section = factories.section(db)
        coordinator = factories.asker(db, [Role.COORDINATOR], of=section)
        member_id = factories.member(db, of=section).id
        token = invitations.reset(db, coordinator, member_id, now=NOW)
        lead = factories.asker(db, [Role.CASE_LEAD], of=section)
        members.grant(db, lead, member_id, role, now=NOW)
        assert invitations.open_passphrase_link(db, token, now=NOW) is None
        assert invitations.spend_passphrase_link(db, token, now=NOW) is None


Change = Callable[[Session, Asker, int], object]


def _demote(db: Session, lead: Asker, maker: int) -> None:
    members.take_grant(db, lead, maker, Role.COORDINATOR, now=NOW)


def _disable(db: Session, lead: Asker, maker: int) -> None:
    members.disable(db, lead, maker, now=NOW)


def _erase(db: Session, lead: Asker, maker: int) -> None:
    forgetting.erase(db, maker, now=NOW, by=None)


@pytest.mark.parametrize("change", [_demote, _disable, _erase])
def test_a_link_ends_with_the_right_of_whoever_made_it(
    tracker_settings: Settings, change: Change
) -> None:
    with database.writing() as db:
        section = factories.section(db)
        maker = factories.asker(db, [Role.COORDINATOR], of=section)
        lead = factories.asker(db, [Role.CASE_LEAD], of=section)
        mine, theirs = (factories.member(db, of=section).id for _ in range(2))
        token = invitations.reset(db, maker, mine, now=NOW)
        kept = invitations.reset(db, lead, theirs, now=NOW)
        change(db, lead, maker.member_id or 0)
    with database.writing() as db:
        ended = select(SignInLink.spent_at).where(SignInLink.member_id == mine)
        assert db.scalars(ended).all() == [NOW]
        assert invitations.spend_passphrase_link(db, token, now=NOW) is None
        assert invitations.spend_passphrase_link(db, kept, now=NOW) == theirs


def _take_silently(db: Session, maker: int, member: int) -> None:
    db.execute(delete(Grant).where(Grant.member_id == maker))


def _disable_silently(db: Session, maker: int, member: int) -> None:
    db.get_one(Member, maker).disabled_at = NOW


def _raise_silently(db: Session, maker: int, member: int) -> None:
    section_id = db.get_one(Member, member).section_id
    db.add(Grant(member_id=member, role=Role.CASE_LEAD, section_id=section_id))


@pytest.mark.parametrize("change", [_take_silently, _disable_silently, _raise_silently])
def test_whether_its_maker_may_is_asked_again_when_a_link_is_spent(
    tracker_settings: Settings, change: Callable[[Session, int, int], None]
) -> None:
    """Whatever way the rights went: here past everything that ends links."""
    with database.writing() as db:
        section = factories.section(db)
        maker = factories.asker(db, [Role.COORDINATOR], of=section)
        member_id = factories.member(db, of=section).id
        token = invitations.reset(db, maker, member_id, now=NOW)
        assert invitations.open_passphrase_link(db, token, now=NOW) == member_id
        change(db, maker.member_id or 0, member_id)
        db.flush()
        assert invitations.open_passphrase_link(db, token, now=NOW) is None
        assert invitations.spend_passphrase_link(db, token, now=NOW) is None
        by_operator = invitations.reset(db, members.operator(db), member_id, now=NOW)
        assert invitations.spend_passphrase_link(db, by_operator, now=NOW) == member_id
