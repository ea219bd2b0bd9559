"""Members: added, listed, moved, disabled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.processes import together
from tracker import database, invitations, members, record, sealing
from tracker.members import (
    Asker,
    GroupRefused,
    NotYours,
    PersonProblem,
    PersonRefused,
    SectionRefused,
    UnknownMember,
)
from tracker.models import Deed, Group, Member, Role, Section
from tracker.settings import Settings
from tracker.web import sessions


def test_setting_up_makes_one_section_and_one_member_with_every_role(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        assert members.first_case_lead(db) is None
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


def test_the_first_case_lead_is_the_one_who_came_first_and_may_sign_in(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        factories.member(db)
        ids = [factories.member(db, [Role.CASE_LEAD]).id for _ in range(3)]
        db.get_one(Member, ids[0]).disabled_at = NOW
        db.flush()
        first = members.first_case_lead(db)
        assert first is not None
        assert first.id == ids[1]
        assert members.count(db) == 4


def test_where_members_are_nobody_is_set_up_beside_them(tracker_settings: Settings) -> None:
    with database.writing() as db:
        factories.member(db)
        with pytest.raises(UnknownMember):
            members.set_up(db, "Another (fictional)", "UTC", now=NOW)
        assert members.count(db) == 1


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


@dataclass(frozen=True)
class World:
    """Two sections with somebody of every role in each."""

    here: Section
    there: Section
    group: Group
    people: dict[str, Asker]

    def id(self, name: str) -> int:
        member_id = self.people[name].member_id
        assert member_id is not None
        return member_id


def world(db: Session) -> World:
    here, there = factories.section(db), factories.section(db, "Elbonia (fictional)")
    group = factories.group(db, here)
    people = {
        f"{role.value} {place}": factories.asker(
            db, [role], of=of, in_group=group if of is here else None, name=f"Fictional {place}"
        )
        for place, of in (("here", here), ("there", there))
        for role in Role
    }
    return World(here, there, group, people)


def test_a_list_shows_pseudonyms_and_opens_no_name_unless_asked(
    tracker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as db:
        w = world(db)
    monkeypatch.setattr(sealing, "unseal", lambda *_: pytest.fail("a name was opened"))
    with database.reading() as db:
        listed = members.listed(db, w.people["coordinator here"], w.here.id, now=NOW)
    assert [person.name for person in listed] == [None] * 3
    names = [person.pseudonym for person in listed]
    assert names == sorted(names)
    assert {person.member_id for person in listed} == {w.id(f"{role.value} here") for role in Role}
    assert [person.group for person in listed] == [w.group.name] * 3


def test_names_are_for_coordinators_of_that_section_and_the_showing_is_recorded(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        w = world(db)
        who = w.people["coordinator here"]
        shown = members.listed(db, who, w.here.id, now=NOW, names=True)
        assert {person.name for person in shown} == {"Fictional here"}
        members.note_names_shown(db, who, w.here.id, now=NOW)
        assert record.entries(db, who)["deed"].tolist() == [Deed.NAMES_SHOWN]
        for other in ("case-lead here", "coordinator there", "volunteer here"):
            with pytest.raises(NotYours):
                members.listed(db, w.people[other], w.here.id, now=NOW, names=True)
            with pytest.raises(NotYours):
                members.note_names_shown(db, w.people[other], w.here.id, now=NOW)
        for other in ("coordinator there", "volunteer here"):
            with pytest.raises(NotYours):
                members.listed(db, w.people[other], w.here.id, now=NOW)
        assert len(members.listed(db, w.people["case-lead there"], w.here.id, now=NOW)) == 3


def test_a_list_says_who_can_sign_in_who_waits_and_who_was_here(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        w = world(db)
        volunteer = db.get_one(Member, w.id("volunteer here"))
        volunteer.passphrase = "a hash"
        sessions.begin(db, volunteer.id, now=NOW)
        invitations.reset(db, w.people["case-lead here"], w.id("coordinator here"), now=NOW)
        db.get_one(Member, w.id("case-lead here")).disabled_at = NOW
        db.flush()
        by_id = {
            person.member_id: person
            for person in members.listed(db, members.operator(db), w.here.id, now=NOW)
        }
        seen = by_id[volunteer.id]
        assert (seen.has_account, seen.waits, seen.disabled) == (True, False, False)
        assert (seen.roles, seen.last_seen_on) == ((Role.VOLUNTEER,), NOW.date())
        waiting = by_id[w.id("coordinator here")]
        assert (waiting.has_account, waiting.waits, waiting.last_seen_on) == (False, True, None)
        assert by_id[w.id("case-lead here")].disabled


def test_somebody_without_an_account_is_added_once(tracker_settings: Settings) -> None:
    with database.writing() as db:
        w = world(db)
        who = w.people["coordinator here"]
        ids = {
            members.add_without_account(db, who, w.here.id, w.group.id, " Fictional  Una ", now=NOW)
            for _ in range(2)
        }
        assert len(ids) == 1
        added = db.get_one(Member, ids.pop())
        assert (added.name, added.group_id) == ("Fictional Una", w.group.id)
        assert members.asker(db, added.id).roles == {Role.VOLUNTEER}
        # Another person of the same name, later.
        later = NOW + timedelta(minutes=1)
        again = members.add_without_account(
            db, who, w.here.id, w.group.id, "Fictional Una", now=later
        )
        assert again != added.id
        assert record.entries(db, who)["deed"].tolist() == [Deed.MEMBER_ADDED] * 2
        for name, reason in (("", PersonProblem.NO_NAME), ("x" * 121, PersonProblem.LONG_NAME)):
            with pytest.raises(PersonRefused) as refused:
                members.add_without_account(db, who, w.here.id, None, name, now=NOW)
            assert refused.value.reason is reason
        elsewhere = factories.group(db, w.there, "Weir (fictional)")
        with pytest.raises(GroupRefused):
            members.add_without_account(db, who, w.here.id, elsewhere.id, "Una", now=NOW)


def test_disabling_ends_sessions_and_links_and_what_they_gave_out(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        w = world(db)
        lead, coordinator = w.people["case-lead here"], w.people["coordinator here"]
        member_id = w.id("coordinator here")
        token = sessions.begin(db, member_id, now=datetime.now(UTC))
        link = invitations.reset(db, lead, member_id, now=NOW)
        invited = invitations.invite(db, coordinator, w.here.id, None, Role.COORDINATOR, now=NOW)
        invitations.make_join_code(db, coordinator, 5, now=NOW)
    assert sessions.member_with(token) is not None
    with database.writing() as db:
        members.disable(db, lead, member_id, now=NOW)
        members.disable(db, lead, member_id, now=NOW)  # twice is once
    assert sessions.member_with(token) is None
    with database.writing() as db:
        assert invitations.open_passphrase_link(db, link, now=NOW) is None
        assert invitations.open_invitation(db, invited, now=NOW) is None
        assert invitations.join_codes(db, lead, w.here.id, now=NOW) == []
        members.enable(db, lead, member_id, now=NOW)
        members.enable(db, lead, member_id, now=NOW)
        assert invitations.open_passphrase_link(db, link, now=NOW) is None
    assert sessions.member_with(token) is None
    with database.reading() as db:
        lines = record.entries(db, members.operator(db))["deed"].tolist()
    assert lines.count(Deed.MEMBER_DISABLED) == lines.count(Deed.MEMBER_ENABLED) == 1


def changes(w: World, member_id: int) -> list[Callable[[Session, Asker], object]]:
    """Return every change of one member."""
    return [
        lambda db, who: members.change_group(db, who, member_id, None, now=NOW),
        lambda db, who: members.disable(db, who, member_id, now=NOW),
        lambda db, who: members.enable(db, who, member_id, now=NOW),
        lambda db, who: members.grant(db, who, member_id, Role.COORDINATOR, now=NOW),
        lambda db, who: members.take_grant(db, who, member_id, Role.VOLUNTEER, now=NOW),
        lambda db, who: invitations.reset(db, who, member_id, now=NOW),
    ]


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("volunteer here", "coordinator here"),
        ("volunteer here", "volunteer here"),
        ("coordinator there", "volunteer here"),
        ("coordinator here", "volunteer there"),
        # A case lead is nobody whom a coordinator could shut out.
        ("coordinator here", "case-lead here"),
    ],
)
def test_nobody_changes_a_member_who_is_not_theirs(
    tracker_settings: Settings, who: str, whom: str
) -> None:
    with database.writing() as db:
        w = world(db)
        before = factories.everything(db)
        for change in changes(w, w.id(whom)):
            with pytest.raises(NotYours):
                change(db, w.people[who])
        for change in changes(w, 9999):
            with pytest.raises(NotYours):
                change(db, w.people[who])
        assert factories.everything(db) == before


def test_a_case_lead_changes_members_of_every_section(tracker_settings: Settings) -> None:
    with database.writing() as db:
        w = world(db)
        for change in changes(w, w.id("volunteer there"))[:1]:
            change(db, w.people["case-lead here"])
        members.disable(db, w.people["case-lead here"], w.id("case-lead there"), now=NOW)
        members.disable(db, members.operator(db), w.id("coordinator there"), now=NOW)


def test_nobody_shuts_themselves_out_or_makes_themselves_more(tracker_settings: Settings) -> None:
    with database.writing() as db:
        w = world(db)
        for name in ("coordinator here", "case-lead here"):
            who, own = w.people[name], w.id(name)
            members.change_group(db, who, own, None, now=NOW)  # which gives nobody more
            for change in (
                lambda who=who, own=own: members.disable(db, who, own, now=NOW),
                lambda who=who, own=own: members.grant(db, who, own, Role.VOLUNTEER, now=NOW),
                lambda who=who, own=own: members.take_grant(db, who, own, Role.VOLUNTEER, now=NOW),
                lambda who=who, own=own: invitations.reset(db, who, own, now=NOW),
            ):
                with pytest.raises(PersonRefused) as refused:
                    change()
                assert refused.value.reason is PersonProblem.ONESELF


def test_the_last_case_lead_who_can_come_back_stays(tracker_settings: Settings) -> None:
    with database.writing() as db:
        w = world(db)
        operator = members.operator(db)
        one, other = w.id("case-lead here"), w.id("case-lead there")
        db.get_one(Member, one).passphrase = "a hash"
        db.flush()
        for change in (
            lambda: members.disable(db, operator, one, now=NOW),
            lambda: members.take_grant(db, operator, one, Role.CASE_LEAD, now=NOW),
        ):
            with pytest.raises(PersonRefused) as refused:
                change()
            assert refused.value.reason is PersonProblem.LAST_CASE_LEAD
        db.get_one(Member, other).disabled_at = NOW
        db.flush()
        members.disable(db, operator, other, now=NOW)  # who is out already
        members.enable(db, operator, other, now=NOW)
        db.get_one(Member, other).passphrase = "another"
        db.flush()
        members.disable(db, operator, one, now=NOW)
        with pytest.raises(PersonRefused):
            members.take_grant(db, operator, other, Role.CASE_LEAD, now=NOW)


def test_a_case_lead_with_an_identity_can_come_back_and_one_is_always_left(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        w = world(db)
        operator = members.operator(db)
        one, other = w.id("case-lead here"), w.id("case-lead there")
        # Neither could come back: either will do, but one of them stays.
        members.take_grant(db, operator, one, Role.CASE_LEAD, now=NOW)
        with pytest.raises(PersonRefused):
            members.take_grant(db, operator, other, Role.CASE_LEAD, now=NOW)
        with pytest.raises(PersonRefused):
            members.disable(db, operator, other, now=NOW)
        members.grant(db, operator, one, Role.CASE_LEAD, now=NOW)
        db.get_one(Member, one).identity_key = bytes(32)
        db.flush()
        with pytest.raises(PersonRefused):
            members.disable(db, operator, one, now=NOW)
        members.disable(db, operator, other, now=NOW)


SHUT_OUT = """
import os
from tests import factories
from tracker import database, members
from tracker.members import PersonRefused
with database.reading() as db:
    askers = {member_id: members.asker(db, member_id) for member_id in (ONE, OTHER)}
mine, theirs = (ONE, OTHER) if os.getpid() % 2 else (OTHER, ONE)
start()
done = []
for who, whom in ((mine, theirs), (theirs, mine)):
    try:
        with database.writing() as db:
            members.disable(db, askers[who], whom, now=factories.NOW)
    except PersonRefused as refused:
        done.append(refused.reason)
print(",".join(done))
"""


def test_two_case_leads_who_shut_each_other_out_at_once_leave_one(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        w = world(db)
        ids = [w.id("case-lead here"), w.id("case-lead there")]
        for member_id in ids:
            db.get_one(Member, member_id).passphrase = "a hash"
    script = SHUT_OUT.replace("OTHER", str(ids[1])).replace("ONE", str(ids[0]))
    together(script, configured=tracker_settings)
    with database.reading() as db:
        left = [db.get_one(Member, member_id).disabled_at for member_id in ids]
    assert left.count(None) == 1


# Grants ---------------------------------------------------------------------------------------


def test_grants_are_given_and_taken_once_and_recorded(tracker_settings: Settings) -> None:
    with database.writing() as db:
        w = world(db)
        who, member_id = w.people["coordinator here"], w.id("volunteer here")
        for _ in range(2):
            members.grant(db, who, member_id, Role.COORDINATOR, now=NOW)
        assert members.asker(db, member_id).roles == {Role.VOLUNTEER, Role.COORDINATOR}
        for _ in range(2):
            members.take_grant(db, who, member_id, Role.VOLUNTEER, now=NOW)
        assert members.asker(db, member_id).roles == {Role.COORDINATOR}
        lines = record.entries(db, who)
        assert lines[["deed", "subject"]].values.tolist() == [
            [Deed.GRANT_TAKEN, Role.VOLUNTEER],
            [Deed.GRANTED, Role.COORDINATOR],
        ]


def test_case_leads_are_made_by_case_leads(tracker_settings: Settings) -> None:
    with database.writing() as db:
        w = world(db)
        whom = w.id("volunteer here")
        with pytest.raises(NotYours):
            members.grant(db, w.people["coordinator here"], whom, Role.CASE_LEAD, now=NOW)
        members.grant(db, w.people["case-lead there"], whom, Role.CASE_LEAD, now=NOW)
        assert members.asker(db, whom).has(Role.CASE_LEAD)
        members.take_grant(db, w.people["case-lead there"], whom, Role.CASE_LEAD, now=NOW)
        assert not members.asker(db, whom).has(Role.CASE_LEAD)


def test_whoever_is_no_coordinator_any_more_lets_nobody_in(tracker_settings: Settings) -> None:
    with database.writing() as db:
        w = world(db)
        who = w.people["coordinator here"]
        token = invitations.invite(db, who, w.here.id, None, Role.COORDINATOR, now=NOW)
        members.take_grant(
            db, w.people["case-lead here"], w.id("coordinator here"), Role.COORDINATOR, now=NOW
        )
        assert invitations.open_invitation(db, token, now=NOW) is None
