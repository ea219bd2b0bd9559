"""/members: who is in a section, by pseudonym; what can be changed; links that are shown once."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from tests import factories
from tests.pages.window import Person, Window
from tests.web.browser import Browser
from tracker import database, members, record
from tracker.models import Deed, Member, RecordEntry, Role

NAME = "Fictional Vera Volunteer"


@dataclass(frozen=True)
class Desk:
    """A coordinator at the window, and a volunteer of the same section and group."""

    person: Person
    section_id: int
    volunteer_id: int

    @property
    def volunteer(self) -> str:
        """The volunteer's pseudonym."""
        return members.pseudonym(self.volunteer_id, self.section_id)

    def chosen(self) -> Window:
        """Open the page and choose the volunteer."""
        group = "Group of the Old Mill (fictional)"
        window = Window().visit("/members")
        return window.choose("Change a member", f"{self.volunteer} · {group}").run()


def desk(person: Person, *roles: Role) -> Desk:
    with database.writing() as db:
        section = factories.section(db)
        group = factories.group(db, section)
        factories.group(db, section, "Weir (fictional)")
        own = factories.member(
            db, roles or [Role.COORDINATOR], of=section, in_group=group, name="Fictional Cora"
        )
        volunteer = factories.member(db, of=section, in_group=group, name=NAME)
    person.sign_in(own.id)
    return Desk(person, section.id, volunteer.id)


def deeds() -> list[str]:
    with database.reading() as db:
        return [
            deed
            for deed in db.scalars(select(RecordEntry.deed).order_by(RecordEntry.id))
            if deed is not Deed.SIGNED_IN
        ]


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
    window._app.selectbox(key=f"group-{d.volunteer_id}").select_index(2)
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


def test_an_invitation_is_made_shown_once_listed_and_revoked(person):
    desk(person)
    window = Window().visit("/invitations")
    window.type_text("E-mail address (only if they come in by it)", "no address")
    window.press("Make a link")
    assert window.errors == ["This is no e-mail address. It can also be left out."]
    # What was typed is kept.
    assert window.texts["E-mail address (only if they come in by it)"] == "no address"
    window.type_text("E-mail address (only if they come in by it)", "vera@letters.example")
    window.press("Make a link")
    path = window.to_copy[0].removeprefix("http://127.0.0.1:8501")
    assert Browser().get(path).status == 200
    window.run()
    assert window.to_copy == []
    assert "with an e-mail address" in window.everything
    assert "vera@letters.example" not in window.everything
    assert path.rpartition("/")[2] not in window.everything
    window.press("Revoke")
    assert Browser().get(path).status == 410
    assert deeds() == [Deed.INVITED, Deed.INVITATION_REVOKED]


def test_a_join_code_hangs_on_the_wall_until_it_is_ended(person):
    desk(person)
    window = Window().visit("/invitations").type_number("How many people may join", 12)
    window.press("Make a join code")
    found = re.search(r"127\.0\.0\.1:8501(/join/[0-9A-Z]{4}-[0-9A-Z]{4})<", _html(window))
    assert found is not None
    assert Browser().get(found[1]).status == 200
    assert "0 of 12 came in" in " ".join(window.sentences)
    assert "data:image/svg+xml" in _html(window)
    assert "%23fff" in _html(window)  # its own white margin, for dark pages
    window.press("End the join code")
    assert Browser().get(found[1]).status == 410
    assert "/join/" not in _html(window)


def test_a_join_code_wants_a_group_first(person):
    d = desk(person)
    with database.writing() as db:
        who = person.asker()
        members.change_group(db, who, who.member_id, None, now=factories.NOW)
    window = Window().visit("/invitations").press("Make a join code")
    assert window.errors == [
        "A join code is for your own group, and you are in none yet: choose one for yourself."
    ]
    assert d.person.asker().group == ""


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


def _html(window: Window) -> str:
    return "\n".join(part.value for part in window._app.html)
