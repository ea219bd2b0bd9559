"""Sections: their names, their days, their rules; who may change them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import NOW
from tracker import database, members, record
from tracker.members import (
    NAME_LENGTH,
    Asker,
    ChangedMeanwhile,
    NotYours,
    SectionProblem,
    SectionRefused,
    UnknownSection,
)
from tracker.members.sections import tidy
from tracker.models import Deed, Role, Section
from tracker.rules import LateRule
from tracker.settings import Settings


def asker_in(time_zone: str) -> Asker:
    return Asker(1, "Vera", 1, "Ruritania (fictional)", None, "", time_zone)


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
        assert refused.value.reasons == (reason,)
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


def rules(**changes: object) -> dict[str, object]:
    """Return what is typed about a section, with `changes`."""
    return {
        "name": "Graustark (fictional)",
        "time_zone": "Europe/Vienna",
        "late_rule": LateRule.ACCEPT,
        "late_until": date(2025, 7, 31),
        "retention_days": 30,
        "now": NOW,
    } | changes


def test_a_section_is_listed_for_those_who_keep_it(tracker_settings: Settings) -> None:
    with database.writing() as db:
        here = factories.section(db, "Ruritania (fictional)")
        there = factories.section(db, "Elbonia (fictional)")
        coordinator = factories.asker(db, [Role.COORDINATOR], of=here)
        lead = factories.asker(db, [Role.CASE_LEAD], of=here)
        volunteer = factories.asker(db, of=there)
        # The own one first, then by name.
        for who in (lead, members.operator(db)):
            names = [section.name for section in members.sections(db, who)]
            assert sorted(names) == ["Elbonia (fictional)", "Ruritania (fictional)"]
        assert members.sections(db, lead)[0].name == here.name
        assert [section.section_id for section in members.sections(db, coordinator)] == [here.id]
        assert members.sections(db, volunteer) == []


def test_a_section_is_changed_by_those_who_keep_it_and_recorded(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        coordinator = factories.asker(db, [Role.COORDINATOR], of=section)
        members.change_section(db, coordinator, section.id, version=1, **rules())
        changed = members.sections(db, coordinator)[0]
        assert changed == members.SectionRules(
            section_id=section.id,
            name="Graustark (fictional)",
            time_zone="Europe/Vienna",
            late_rule=LateRule.ACCEPT,
            late_until=date(2025, 7, 31),
            retention_days=30,
            version=2,
        )
        lines = record.entries(db, coordinator)
        assert lines["deed"].tolist() == [Deed.SECTION_CHANGED]
        # The day means nothing for another rule, and goes with it.
        members.change_section(
            db, coordinator, section.id, version=2, **rules(late_rule=LateRule.REFUSE)
        )
        assert members.sections(db, coordinator)[0].late_until is None


def test_nobody_else_changes_a_section_and_nothing_is_written(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        elsewhere = factories.section(db, "Elbonia (fictional)")
        nobody = [
            factories.asker(db, of=section),
            factories.asker(db, [Role.COORDINATOR], of=elsewhere),
        ]
        before = factories.everything(db)
        for who in nobody:
            with pytest.raises(NotYours):
                members.change_section(db, who, section.id, version=1, **rules())
            with pytest.raises(NotYours):
                members.new_section(db, who, **rules())
        with pytest.raises(NotYours):
            members.change_section(db, members.operator(db), 99, version=1, **rules())
        assert factories.everything(db) == before


def test_all_problems_of_a_section_are_told_at_once(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        coordinator = factories.asker(db, [Role.COORDINATOR], of=section)
        wrong = rules(name=" ", time_zone="Mars/Olympus", retention_days=-1)
        with pytest.raises(SectionRefused) as refused:
            members.change_section(db, coordinator, section.id, version=1, **wrong)
        assert refused.value.reasons == (
            SectionProblem.NO_NAME,
            SectionProblem.UNKNOWN_ZONE,
            SectionProblem.RETENTION,
        )
        factories.section(db, "Elbonia (fictional)")
        wrong = rules(name="Elbonia (fictional)", retention_days=members.LONGEST_RETENTION + 1)
        with pytest.raises(SectionRefused) as refused:
            members.change_section(db, coordinator, section.id, version=1, **wrong)
        assert refused.value.reasons == (SectionProblem.SAME_NAME, SectionProblem.RETENTION)
        assert members.sections(db, coordinator)[0].version == 1


def test_of_two_who_change_a_section_the_later_is_told(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        coordinator = factories.asker(db, [Role.COORDINATOR], of=section)
        members.change_section(db, coordinator, section.id, version=1, **rules())
        with pytest.raises(ChangedMeanwhile):
            members.change_section(db, coordinator, section.id, version=1, **rules(name="Other"))
        assert members.sections(db, coordinator)[0].name == "Graustark (fictional)"


def test_case_leads_and_the_operator_add_sections(tracker_settings: Settings) -> None:
    with database.writing() as db:
        lead = factories.asker(db, [Role.CASE_LEAD])
        added = members.new_section(db, lead, **rules())
        members.new_section(db, members.operator(db), **rules(name="Elbonia (fictional)"))
        kept = {section.section_id: section for section in members.sections(db, lead)}
        assert kept[added].retention_days == 30
        assert len(kept) == 3
        with pytest.raises(SectionRefused):
            members.new_section(db, lead, **rules())


def test_a_name_keeps_to_one_line_and_turns_nobody_s_words() -> None:
    assert tidy("  Group\t of\u202e the\0Old\u2066 Mill \n") == "Group of the Old Mill"
    assert tidy("گروه‌ آسیاب") == "گروه‌ آسیاب"  # what joins letters stays
