"""/members: who is in a section, by pseudonym; what can be changed; fresh links."""

from __future__ import annotations

import re

import pytest

from tests import factories
from tests.pages.offices import NAME, deeds, desk
from tests.pages.window import Window
from tests.web.browser import Browser
from tracker import database, members, record
from tracker.models import Deed, Member, Role


def test_members_stand_there_by_pseudonym_and_names_are_a_step_of_their_own(person):
    d = desk(person)
    window = Window().visit("/members")
    assert window.finding == "2 members."
    rows = {row["Member"]: row for row in window.rows}
    assert rows[d.volunteer]["Roles"] == "volunteer"
    assert rows[d.volunteer]["Account"] == "no account"
    assert NAME not in window.everything
    assert deeds() == []
    window.press("Show names")
    assert NAME in {row["Name"] for row in window.rows}
    window.run()
    assert deeds() == [Deed.NAMES_SHOWN]  # once, however often the page is drawn
    window.press("Hide names")
    assert NAME not in window.everything
    # They are shown on this view of the page alone.
    window.press("Show names").visit("/progress")
    assert NAME not in window.visit("/members").everything
    assert deeds() == [Deed.NAMES_SHOWN] * 2


def test_a_case_lead_sees_no_names(person):
    desk(person, Role.CASE_LEAD)
    window = Window().visit("/members")
    assert "Show names" not in window.buttons
    assert len(window.rows) == 2


def test_a_case_lead_chooses_the_section_and_the_address_keeps_it(person):
    with database.writing() as db:
        away = factories.section(db, "Elbonia (fictional)")
        factories.member(db, of=away)
    desk(person, Role.CASE_LEAD)
    window = Window().visit("/members")
    assert window.fields["Section"] == "Ruritania (fictional)"
    window.choose("Section", "Elbonia (fictional)").run()
    assert len(window.rows) == 1
    assert window.address["section"] == "Elbonia (fictional)"
    again = Window().visit("/members", section="Elbonia (fictional)")
    assert again.fields["Section"] == "Elbonia (fictional)"


def test_a_coordinator_gets_no_other_section_by_the_address(person):
    with database.writing() as db:
        away = factories.section(db, "Elbonia (fictional)")
        stranger = factories.member(db, of=away)
    desk(person)
    window = Window().visit("/members", section="Elbonia (fictional)")
    assert len(window.rows) == 2
    assert members.pseudonym(stranger.id, away.id) not in window.everything
    assert "Elbonia" not in window.everything


def test_disabling_asks_again_and_can_be_undone(person):
    d = desk(person)
    window = d.chosen().press("Disable").press("Leave it").press("Disable")
    assert deeds() == []
    window.press("Yes, disable")
    assert {row["Member"]: row["Account"] for row in window.rows}[d.volunteer] == "disabled"
    window.press("Enable again")
    assert deeds() == [Deed.MEMBER_DISABLED, Deed.MEMBER_ENABLED]


def test_group_and_roles_are_changed_and_never_ones_own_roles(person):
    d = desk(person)
    window = d.chosen().press("Make coordinator")
    assert {row["Member"]: row["Roles"] for row in window.rows}[d.volunteer] == (
        "volunteer and coordinator"
    )
    window.press("No longer volunteer")
    assert "Make case lead" not in window.buttons
    (field,) = (box for box in window._app.selectbox if f"group-{d.volunteer_id}-" in str(box.key))
    field.select_index(2)
    window.press("Put into this group")
    groups = {row["Member"]: row["Group"] for row in window.rows}
    assert groups[d.volunteer] == "Weir (fictional)"
    own = members.pseudonym(person.asker().member_id, d.section_id)
    window.choose("Change a member", f"{own} · Group of the Old Mill (fictional)").run()
    assert "Put into this group" in window.buttons
    assert {"Disable", "Fresh link", "Make case lead"} & set(window.buttons) == set()


def test_a_fresh_link_is_shown_once_and_leads_to_a_new_passphrase(person):
    d = desk(person)
    window = d.chosen().press("Fresh link")
    (link,) = window.to_copy
    path = link.removeprefix("http://127.0.0.1:8501")
    assert re.fullmatch(r"/passphrase/[\w-]{43}", path)
    assert Browser().get(path).status == 200
    assert window.run().to_copy == []
    assert {row["Member"]: row["Account"] for row in window.rows}[d.volunteer] == (
        "a fresh link is out"
    )


def test_somebody_without_an_account_is_added(person):
    desk(person)
    window = Window().visit("/members").press("Add")
    assert window.errors == ["Please give a name: it stays sealed, and tells you who it is."]
    window.type_text("Name", "Fictional Una").press("Add")
    assert window.notices == ["Added. Letters can be logged in their name."]
    assert len(window.rows) == 3
    assert "Una" not in window.everything
    assert window.texts["Name"] == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_changed_in_another_window_is_told(person):
    d = desk(person)
    window = d.chosen()
    with database.writing() as db:
        section = db.get_one(Member, d.volunteer_id).section_id
        away = factories.section(db, "Elbonia (fictional)")
        moved = db.get_one(Member, d.volunteer_id)
        moved.section_id, moved.group_id = away.id, None
        assert section != away.id
    window.press("Make coordinator")
    assert window.errors == ["This is not open to you"]
    with database.reading() as db:
        told = record.entries(db, members.operator(db))
    assert told["deed"].tolist() == ["page-refused", "signed-in"]
