"""Who asks, and on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests import factories
from tests.factories import NOW
from tracker import database, members, sealing, settings
from tracker.members import Asker, UnknownMember
from tracker.models import Role
from tracker.settings import Settings

SECOND = timedelta(seconds=1)


def asker_in(time_zone: str) -> Asker:
    return Asker(1, "Vera", 1, "Ruritania (fictional)", None, "", time_zone)


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
        has_passphrase=False,
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
