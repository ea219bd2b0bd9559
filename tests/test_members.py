"""Who asks, on which day; sections; and the links that let members in, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tracker import database, members, sealing, settings
from tracker.members import (
    LINK_LIFETIME,
    NAME_LENGTH,
    Asker,
    SectionProblem,
    SectionRefused,
    UnknownMember,
    UnknownSection,
)
from tracker.models import Member, Role, Section, SignInLink
from tracker.settings import Settings

SECOND = timedelta(seconds=1)


def asker_in(time_zone: str) -> Asker:
    return Asker(1, "Vera", 1, "Ruritania (fictional)", None, "", time_zone)


# Who asks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time_zone", "today"),
    [
        # The same moment on both sides of the date line.
        ("Pacific/Kiritimati", date(2025, 3, 19)),
        ("Pacific/Auckland", date(2025, 3, 18)),
        ("UTC", date(2025, 3, 18)),
        ("Pacific/Pago_Pago", date(2025, 3, 17)),
    ],
)
def test_today_is_the_day_of_the_section(time_zone: str, today: date) -> None:
    now = datetime(2025, 3, 18, 10, 30, tzinfo=UTC)
    assert asker_in(time_zone).today(now) == today
    assert asker_in(time_zone).today(now.astimezone(ZoneInfo("America/New_York"))) == today


def test_today_changes_at_the_sections_midnight_also_on_the_night_of_the_clocks() -> None:
    berlin = asker_in("Europe/Berlin")
    for midnight in (datetime(2025, 3, 30, 0, 0), datetime(2025, 3, 31, 0, 0)):  # noqa: DTZ001
        moment = midnight.replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
        assert berlin.today(moment) == midnight.date()
        assert berlin.today(moment - SECOND) == midnight.date() - timedelta(days=1)


def test_today_is_this_moments_when_none_is_given() -> None:
    zone = ZoneInfo("Pacific/Kiritimati")
    before = datetime.now(zone).date()
    assert before <= asker_in("Pacific/Kiritimati").today() <= datetime.now(zone).date()


def test_only_a_demonstration_can_pretend_another_day(tracker_settings: Settings) -> None:
    pretended = date(2025, 1, 31)
    settings.use(replace(tracker_settings, today=pretended))
    with database.writing() as db:
        member_id = factories.member(db).id
        for who in (members.asker(db, member_id), members.operator(db)):
            assert not who.demo
            assert who.today(NOW) == NOW.date()
        members.mark_demo(db)
        db.flush()
        for who in (members.asker(db, member_id), members.operator(db)):
            assert who.demo
            assert who.today(NOW) == pretended
    settings.use(tracker_settings)
    with database.reading() as db:
        assert members.asker(db, member_id).today(NOW) == NOW.date()


def test_an_asker_is_the_member_with_section_group_and_roles(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db, time_zone="Asia/Tokyo")
        other = factories.section(db, "Graustark (fictional)")
        group = factories.group(db, section)
        member = factories.member(
            db, [Role.VOLUNTEER, Role.COORDINATOR], of=section, in_group=group, name="Vera"
        )
        db.execute(
            text("INSERT INTO grants (member_id, role, section_id) VALUES (:m, 'coordinator', :s)"),
            {"m": member.id, "s": other.id},
        )
        member_id = member.id
    with database.reading() as db:
        asker = members.asker(db, member_id)
    assert asker == Asker(
        member_id=member_id,
        name="Vera",
        section_id=section.id,
        section=section.name,
        group_id=group.id,
        group=group.name,
        time_zone="Asia/Tokyo",
        grants=frozenset(
            {
                (Role.VOLUNTEER, section.id),
                (Role.COORDINATOR, section.id),
                (Role.COORDINATOR, other.id),
            }
        ),
    )
    assert not asker.is_operator
    assert asker.roles == {Role.VOLUNTEER, Role.COORDINATOR}
    assert asker.has(Role.COORDINATOR)
    assert not asker.has(Role.CASE_LEAD)
    assert asker.sections(Role.COORDINATOR) == {section.id, other.id}
    assert asker.sections(Role.VOLUNTEER) == {section.id}
    assert asker.sections(Role.CASE_LEAD) == frozenset()


def test_the_operator_is_nobody_of_no_section(tracker_settings: Settings) -> None:
    with database.reading() as db:
        operator = members.operator(db)
    assert operator.is_operator
    assert (operator.member_id, operator.section_id, operator.roles) == (None, None, frozenset())
    assert operator.time_zone == "UTC"


def test_an_unknown_member_and_a_disabled_one_are_nobody(tracker_settings: Settings) -> None:
    with database.writing() as db:
        member = factories.member(db)
        with pytest.raises(UnknownMember):
            members.asker(db, member.id + 1)
        assert members.asker(db, member.id).member_id == member.id
        member.disabled_at = NOW
        db.flush()
        with pytest.raises(UnknownMember):
            members.asker(db, member.id)


def test_a_member_whose_name_is_erased_still_asks(tracker_settings: Settings) -> None:
    with database.writing() as db:
        member = factories.member(db)
        member.name = None
        db.flush()
        assert members.asker(db, member.id).name == ""


def test_a_member_is_found_again_by_the_pseudonym(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        other = factories.section(db, "Graustark (fictional)")
        ids = [factories.member(db, of=of).id for of in (section, section, other)]
        shown = members.pseudonym(ids[1], section.id)
        bare = shown.removeprefix("writer ")
        for written in (shown, bare, shown.lower(), bare.lower(), f"  {shown.upper()}  "):
            assert members.with_pseudonym(db, written) == ids[1]
        assert members.with_pseudonym(db, members.pseudonym(ids[2], other.id)) == ids[2]
        for unknown in (members.pseudonym(ids[1], other.id), "", "writer", "Vera", bare[:4]):
            with pytest.raises(UnknownMember):
                members.with_pseudonym(db, unknown)


def test_a_writer_forgotten_has_no_pseudonym(tracker_settings: Settings) -> None:
    assert members.pseudonym(None, 1) == ""
    assert members.pseudonym(1, 1) == sealing.pseudonym(1, 1)


# Sections and members -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "time_zone", "reason"),
    [
        ("", "UTC", SectionProblem.NO_NAME),
        (" \t\n\0 ", "UTC", SectionProblem.NO_NAME),
        ("x" * (NAME_LENGTH + 1), "UTC", SectionProblem.LONG_NAME),
        ("Ruritania (fictional)", "UTC", SectionProblem.SAME_NAME),
        ("  Ruritania\n(fictional) ", "UTC", SectionProblem.SAME_NAME),
        ("Graustark (fictional)", "", SectionProblem.UNKNOWN_ZONE),
        ("Graustark (fictional)", "Europe/Nowhere", SectionProblem.UNKNOWN_ZONE),
        ("Graustark (fictional)", "europe/berlin", SectionProblem.UNKNOWN_ZONE),
        ("Graustark (fictional)", "../../etc/passwd", SectionProblem.UNKNOWN_ZONE),
    ],
)
def test_a_section_that_cannot_be_is_refused_with_its_reason(
    tracker_settings: Settings, name: str, time_zone: str, reason: SectionProblem
) -> None:
    with database.writing() as db:
        factories.section(db, "Ruritania (fictional)")
        with pytest.raises(SectionRefused) as refused:
            members.add_section(db, name, time_zone)
        assert refused.value.reason is reason
        assert db.scalars(select(Section.name)).all() == ["Ruritania (fictional)"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Österreich", "Österreich"),
        ("  Côte \t d’Ivoire ", "Côte d’Ivoire"),
        ("香" * NAME_LENGTH, "香" * NAME_LENGTH),
    ],
)
def test_a_section_keeps_its_name_in_any_script(
    tracker_settings: Settings, given: str, kept: str
) -> None:
    with database.writing() as db:
        section_id = members.add_section(db, given, "Africa/Abidjan").id
    with database.reading() as db:
        section = db.get_one(Section, section_id)
        assert (section.name, section.time_zone) == (kept, "Africa/Abidjan")
        assert members.section_named(db, kept).id == section_id
        with pytest.raises(UnknownSection, match="no section is called Atlantis"):
            members.section_named(db, "Atlantis")


def test_every_time_zone_on_offer_tells_a_day_and_none_stands_twice() -> None:
    zones = members.time_zones()
    assert zones == sorted(set(zones))
    assert {"Asia/Shanghai", "Europe/Berlin", "America/Argentina/Buenos_Aires"} <= set(zones)
    assert not [zone for zone in zones if zone.startswith(("posix", "right"))]
    for zone in zones:
        asker_in(zone).today(NOW)


def test_a_group_is_one_of_its_section_alone(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section, other = factories.section(db), factories.section(db, "Graustark (fictional)")
        members.add_group(db, section, "Mill")
        members.add_group(db, other, "Mill")
        with pytest.raises(IntegrityError), db.begin_nested():
            members.add_group(db, section, "Mill")


def test_setting_up_makes_one_section_and_one_member_with_every_role(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        assert members.first_member(db) is None
        assert members.count(db) == 0
        first = members.set_up(db, "Ruritania (fictional)", "Europe/Berlin", now=NOW)
    with database.writing() as db:
        again = members.set_up(db, "Another (fictional)", "UTC", now=NOW)
        assert again == first
        assert members.count(db) == 1
        assert db.scalars(select(Section.name)).all() == ["Ruritania (fictional)"]
        asker = members.asker(db, first)
    assert asker.roles == set(Role)
    assert asker.section == "Ruritania (fictional)"
    assert asker.time_zone == "Europe/Berlin"


def test_a_refused_set_up_makes_nobody(tracker_settings: Settings) -> None:
    with database.writing() as db:
        with pytest.raises(SectionRefused):
            members.set_up(db, "Ruritania (fictional)", "Nowhere", now=NOW)
        assert members.count(db) == 0


def test_the_first_member_is_the_one_who_came_first(tracker_settings: Settings) -> None:
    with database.writing() as db:
        ids = [factories.member(db).id for _ in range(3)]
        first = members.first_member(db)
        assert first is not None
        assert first.id == ids[0]
        assert members.count(db) == 3


# Links that sign in ---------------------------------------------------------------------------


def new_link(db: Session, *, now: datetime = NOW) -> str:
    """Make a link that sets the server up."""
    return members.new_sign_in_link(db, None, now=now)


def test_a_link_opens_until_it_is_spent_and_is_spent_once(tracker_settings: Settings) -> None:
    with database.writing() as db:
        member_id = factories.member(db).id
        token = members.new_sign_in_link(db, member_id, now=NOW)
    with database.reading() as db:
        for _ in range(3):  # chat programs open links, too
            assert members.open_sign_in_link(db, token, now=NOW) is not None
    with database.writing() as db:
        link = members.spend_sign_in_link(db, token, now=NOW + SECOND)
        assert link is not None
        assert link.member_id == member_id
    with database.writing() as db:
        assert members.open_sign_in_link(db, token, now=NOW) is None
        assert members.spend_sign_in_link(db, token, now=NOW) is None
        assert db.scalars(select(SignInLink.spent_at)).all() == [NOW + SECOND]


def test_a_link_spent_in_a_write_that_fails_is_as_good_as_new(tracker_settings: Settings) -> None:
    with database.writing() as db:
        token = new_link(db)

    def spend_and_fail() -> None:
        with database.writing() as db:
            assert members.spend_sign_in_link(db, token, now=NOW)
            members.set_up(db, "", "UTC", now=NOW)

    with pytest.raises(SectionRefused):
        spend_and_fail()
    with database.writing() as db:
        assert members.spend_sign_in_link(db, token, now=NOW)


@pytest.mark.parametrize("token", ["", "x", "é", "\x00", "a" * 10_000])
def test_an_invented_token_opens_nothing(tracker_settings: Settings, token: str) -> None:
    with database.writing() as db:
        new_link(db)
        assert members.open_sign_in_link(db, token, now=NOW) is None
        assert members.spend_sign_in_link(db, token, now=NOW) is None


def test_the_database_does_not_hold_what_opens_a_link(tracker_settings: Settings) -> None:
    with database.writing() as db:
        token = new_link(db)
        db.flush()
        stored = db.execute(text("SELECT token_hash FROM sign_in_links")).scalar_one()
        assert bytes(stored) == sealing.token_hash(token)
        assert members.open_sign_in_link(db, bytes(stored).hex(), now=NOW) is None


def test_a_link_opens_nothing_from_the_moment_at_which_it_expires(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        tokens = [new_link(db), members.new_sign_in_link(db, None, now=NOW, lifetime=SECOND)]
        for token, lifetime in zip(tokens, (LINK_LIFETIME, SECOND), strict=True):
            almost = NOW + lifetime - timedelta(microseconds=1)
            assert members.open_sign_in_link(db, token, now=almost)
            assert members.open_sign_in_link(db, token, now=NOW + lifetime) is None
            assert members.spend_sign_in_link(db, token, now=NOW + lifetime) is None
            assert members.spend_sign_in_link(db, token, now=almost)


def test_each_start_ends_the_links_of_the_one_before(tracker_settings: Settings) -> None:
    with database.writing() as db:
        spent, old = new_link(db), new_link(db)
        members.spend_sign_in_link(db, spent, now=NOW)
        members.end_sign_in_links(db, now=NOW + SECOND)
        new = new_link(db, now=NOW + SECOND)
        later = NOW + 2 * SECOND
        assert members.open_sign_in_link(db, old, now=later) is None
        assert members.spend_sign_in_link(db, old, now=later) is None
        assert members.spend_sign_in_link(db, new, now=later)
    with database.reading() as db:
        # When the first one was spent is not overwritten.
        times = db.scalars(select(SignInLink.spent_at).order_by(SignInLink.id)).all()
        assert times == [NOW, NOW + SECOND, later]


def test_a_link_signs_in_its_member_or_the_first_one(tracker_settings: Settings) -> None:
    with database.writing() as db:
        token = new_link(db)
        link = members.open_sign_in_link(db, token, now=NOW)
        assert link is not None
        assert members.member_of_link(db, link) is None
        first, second = factories.member(db), factories.member(db)
        assert members.member_of_link(db, link) is first
        own = members.open_sign_in_link(
            db, members.new_sign_in_link(db, second.id, now=NOW), now=NOW
        )
        assert own is not None
        assert members.member_of_link(db, own) is second


def test_of_many_threads_that_spend_a_link_at_once_one_comes_in(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        token = new_link(db)
    number = 8
    barrier = Barrier(number)

    def spend(_: int) -> bool:
        barrier.wait()
        with database.writing() as db:
            return members.spend_sign_in_link(db, token, now=NOW) is not None

    with ThreadPoolExecutor(number) as threads:
        assert sorted(threads.map(spend, range(number))) == [False] * (number - 1) + [True]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_servers_that_both_saw_a_link_unspent_one_lets_its_opener_in(
    tracker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as db:
        token = new_link(db)
    both_looked = Barrier(2)
    look = members.open_sign_in_link

    def look_together(db: Session, token: str, *, now: datetime) -> SignInLink | None:
        link = look(db, token, now=now)
        both_looked.wait()
        return link

    monkeypatch.setattr(members, "open_sign_in_link", look_together)

    def spend(_: int) -> bool:
        # Past the queue of this process's writers, as another server is.
        with Session(database.engine()) as db:
            won = members.spend_sign_in_link(db, token, now=NOW) is not None
            db.commit()
            return won

    with ThreadPoolExecutor(2) as servers:
        assert sorted(servers.map(spend, range(2))) == [False, True]


# Demonstrations -------------------------------------------------------------------------------


def test_a_database_is_a_demonstration_once_it_is_marked_as_one(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        assert not members.is_demo(db)
        members.mark_demo(db)
    with database.reading() as db:
        assert members.is_demo(db)


def test_a_demonstration_knows_whom_it_signs_in_for_each_role(tracker_settings: Settings) -> None:
    with database.writing() as db:
        assert members.demo_members(db) == {}
        members.keep_demo_members(db, {Role.CASE_LEAD: 3, Role.VOLUNTEER: 1})
        members.keep_demo_members(db, {Role.COORDINATOR: 2, Role.VOLUNTEER: 4})
    with database.reading() as db:
        found = members.demo_members(db)
    assert list(found.items()) == [
        (Role.VOLUNTEER, 4),
        (Role.COORDINATOR, 2),
        (Role.CASE_LEAD, 3),
    ]


def test_a_member_is_added_with_the_moment_and_every_role_given(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        section = factories.section(db)
        added = members.add_member(
            db, section, [Role.VOLUNTEER, Role.CASE_LEAD], name="Vera", now=NOW
        )
        member_id = added.id
    with database.reading() as db:
        member = db.get_one(Member, member_id)
        assert (member.created_at, member.disabled_at, member.group_id) == (NOW, None, None)
        assert members.asker(db, member_id).roles == {Role.VOLUNTEER, Role.CASE_LEAD}
