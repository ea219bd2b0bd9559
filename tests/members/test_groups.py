"""Local groups: one of their section alone, renamed, merged."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.processes import together
from tracker import database, invitations, members, record, running_counts
from tracker.members import Asker, ChangedMeanwhile, GroupProblem, GroupRefused, NotYours
from tracker.models import Deed, Letter, Role
from tracker.settings import Settings


def test_a_group_is_one_of_its_section_alone(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section, other = factories.section(db), factories.section(db, "Graustark (fictional)")
        members.add_group(db, section, "Mill")
        members.add_group(db, other, "Mill")
        with pytest.raises(IntegrityError), db.begin_nested():
            members.add_group(db, section, "Mill")


def kept(db: Session, who: Asker, section_id: int) -> list[tuple[str, int, str]]:
    return [
        (group.name, group.members, group.merged_into)
        for group in members.groups(db, who, section_id)
    ]


def test_a_group_is_made_and_renamed_by_those_who_keep_its_section(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        section = factories.section(db)
        who = factories.asker(db, [Role.COORDINATOR], of=section)
        group_id = members.new_group(db, who, section.id, "  Mill \n (fictional)", now=NOW)
        assert kept(db, who, section.id) == [("Mill (fictional)", 0, "")]
        members.rename_group(db, who, group_id, version=1, name="Weir (fictional)", now=NOW)
        assert kept(db, who, section.id) == [("Weir (fictional)", 0, "")]
        with pytest.raises(ChangedMeanwhile):
            members.rename_group(db, who, group_id, version=1, name="Dam", now=NOW)
        deeds = record.entries(db, who)
        assert deeds["deed"].tolist() == [Deed.GROUP_RENAMED, Deed.GROUP_ADDED]
        assert deeds["subject"].tolist() == [str(group_id)] * 2  # never the name


def test_a_group_keeps_its_own_name_and_takes_nobody_elses(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        who = factories.asker(db, [Role.COORDINATOR], of=section)
        mill = members.new_group(db, who, section.id, "Mill", now=NOW)
        members.new_group(db, who, section.id, "Weir", now=NOW)
        members.rename_group(db, who, mill, version=1, name="Mill", now=NOW)
        for name, reason in (
            ("", GroupProblem.NO_NAME),
            ("\0 ", GroupProblem.NO_NAME),
            ("x" * 121, GroupProblem.LONG_NAME),
            (" Weir ", GroupProblem.SAME_NAME),
        ):
            with pytest.raises(GroupRefused) as refused:
                members.rename_group(db, who, mill, version=1, name=name, now=NOW)
            assert refused.value.reason is reason
            with pytest.raises(GroupRefused) as refused:
                members.new_group(db, who, section.id, name, now=NOW)
            assert refused.value.reason is reason


def test_a_merged_group_keeps_its_letters_and_takes_nothing_new(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        mill = factories.group(db, section, "Mill")
        weir = factories.group(db, section, "Weir")
        who = factories.asker(db, [Role.COORDINATOR], of=section, in_group=mill)
        writer = factories.asker(db, of=section, in_group=mill)
        action = factories.action(db)
        factories.log(db, writer, action)
        code = invitations.make_join_code(db, who, 5, now=NOW)
        token = invitations.invite(db, who, section.id, mill.id, Role.VOLUNTEER, now=NOW)
        members.merge_groups(db, who, mill.id, weir.id, now=NOW)
    with database.writing() as db:
        assert kept(db, who, section.id) == [("Weir", 2, ""), ("Mill", 0, "Weir")]
        assert set(db.scalars(select(Letter.group_id))) == {mill.id}
        assert running_counts.drifts(db, factories.operator(db)) == []
        line = record.entries(db, who).iloc[0]
        assert (line["deed"], line["amount"]) == (Deed.GROUP_MERGED, 2)
        # Whoever comes in by what was given out before comes into the other group.
        place = invitations.open_invitation(db, token, now=NOW)
        assert place is not None
        assert place.group == "Weir"
        assert [code.group for code in invitations.join_codes(db, who, section.id, now=NOW)] == [
            "Weir"
        ], code
        refusals = [
            lambda: members.rename_group(db, who, mill.id, version=2, name="Dam", now=NOW),
            lambda: members.merge_groups(db, who, mill.id, weir.id, now=NOW),
            lambda: members.merge_groups(db, who, weir.id, mill.id, now=NOW),
            lambda: members.add_without_account(db, who, section.id, mill.id, "Abe", now=NOW),
            lambda: members.change_group(db, who, writer.member_id or 0, mill.id, now=NOW),
            lambda: invitations.invite(db, who, section.id, mill.id, Role.VOLUNTEER, now=NOW),
        ]
        for refused_change in refusals:
            with pytest.raises(GroupRefused) as refused:
                refused_change()
            assert refused.value.reason is GroupProblem.MERGED


def test_groups_are_not_merged_into_themselves_or_across_sections(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        here, there = factories.section(db), factories.section(db, "Elbonia (fictional)")
        mill, weir = factories.group(db, here, "Mill"), factories.group(db, there, "Weir")
        lead = factories.asker(db, [Role.CASE_LEAD], of=here)
        coordinator = factories.asker(db, [Role.COORDINATOR], of=here)
        before = factories.everything(db)
        for into, reason in ((mill, GroupProblem.ITSELF), (weir, GroupProblem.OTHER_SECTION)):
            with pytest.raises(GroupRefused) as refused:
                members.merge_groups(db, lead, mill.id, into.id, now=NOW)
            assert refused.value.reason is reason
        for one, other in ((mill, weir), (weir, mill)):
            with pytest.raises(NotYours):
                members.merge_groups(db, coordinator, one.id, other.id, now=NOW)
        assert factories.everything(db) == before


def test_the_groups_of_another_section_are_nobodys_business(tracker_settings: Settings) -> None:
    with database.writing() as db:
        here, there = factories.section(db), factories.section(db, "Elbonia (fictional)")
        weir = factories.group(db, there, "Weir")
        before = factories.everything(db)
    with database.writing() as db:
        for roles in ([Role.VOLUNTEER], [Role.COORDINATOR]):
            who = factories.asker(db, roles, of=here)
            for change in (
                lambda who=who: members.groups(db, who, there.id),
                lambda who=who: members.new_group(db, who, there.id, "Dam", now=NOW),
                lambda who=who: members.rename_group(
                    db, who, weir.id, version=1, name="Dam", now=NOW
                ),
                lambda who=who: members.rename_group(db, who, 99, version=1, name="Dam", now=NOW),
            ):
                with pytest.raises(NotYours):
                    change()
        assert factories.everything(db)["local_groups"] == before["local_groups"]


MERGE = """
from tests import factories
from tracker import database, members
from tracker.members import GroupRefused
start()
try:
    with database.writing() as db:
        members.merge_groups(db, members.operator(db), {one}, {other}, now=factories.NOW)
    print("did")
except GroupRefused as refused:
    print(refused.reason)
"""


def test_two_servers_that_merge_two_groups_into_each_other_merge_one(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        section = factories.section(db)
        mill, weir = factories.group(db, section, "Mill"), factories.group(db, section, "Weir")
        for group in (mill, weir):
            factories.member(db, of=section, in_group=group)
    script = MERGE.replace("{one}, {other}", f"*({mill.id}, {weir.id})[:: 1 if pid % 2 else -1]")
    script = script.replace("start()", "import os\npid = os.getpid()\nstart()")
    said = sorted(line.strip() for line in together(script, 2, configured=tracker_settings))
    assert said == ["did", "merged"]
    with database.reading() as db:
        numbers = [group.members for group in members.groups(db, members.operator(db), section.id)]
    assert numbers == [2, 0]
