"""/sections: a section's rules, its groups; for case leads, new sections and mail domains."""

from __future__ import annotations

from tests import factories
from tests.pages.window import Person, Window
from tracker import database, invitations, members
from tracker.models import Role
from tracker.rules import LateRule

RETENTION = "Days for which it is kept who wrote, after an urgent action is closed"


def settle(person: Person, *roles: Role) -> None:
    with database.writing() as db:
        section = factories.section(db)
        member = factories.member(db, roles or [Role.COORDINATOR], of=section)
    person.sign_in(member.id)


def own(person: Person) -> members.SectionRules:
    with database.reading() as db:
        return members.sections(db, person.asker())[0]


def test_a_sections_rules_are_changed(person):
    settle(person)
    window = Window().visit("/sections")
    assert {"A new section", "Mail domains"} & set(window.buttons) == set()
    window.type_text("Name", "Graustark (fictional)").choose("Time zone", "Asia/Tokyo")
    window.pick("Letters posted after the deadline", "They cannot be logged")
    window.type_number(RETENTION, 30).press("Save")
    assert window.notices[0] == "Saved."
    kept = own(person)
    assert (kept.name, kept.time_zone) == ("Graustark (fictional)", "Asia/Tokyo")
    assert (kept.late_rule, kept.retention_days) == (LateRule.REFUSE, 30)


def test_a_mistake_is_told_and_what_was_typed_is_kept(person):
    with database.writing() as db:
        factories.section(db, "Elbonia (fictional)")
    settle(person)
    window = Window().visit("/sections").type_text("Name", "Elbonia (fictional)").press("Save")
    assert window.errors == ["There is a section with this name already."]
    assert window._app.text_input[0].value == "Elbonia (fictional)"


def test_a_change_in_another_window_is_told(person):
    settle(person)
    window, other = Window().visit("/sections"), Window().visit("/sections")
    other.type_text("Name", "Graustark (fictional)").press("Save")
    window.type_text("Name", "Elbonia (fictional)").press("Save")
    assert window.errors == ["Somebody else changed this meanwhile. Here is how it stands now."]
    assert own(person).name == "Graustark (fictional)"
    assert window._app.text_input[0].value == "Graustark (fictional)"


def test_groups_are_made_renamed_and_merged(person):
    settle(person)
    window = Window().visit("/sections")
    assert window.notices == [
        "The section's local groups will be listed here. Begin with the first one."
    ]
    for name in ("Mill (fictional)", "Weir (fictional)"):
        window.type_text("New group", name).press("Make this group")
        assert window.texts["New group"] == ""
    window.type_text("New group", "Mill (fictional)").press("Make this group")
    assert window.errors == ["There is a group with this name already."]
    assert window.texts["New group"] == "Mill (fictional)"
    window.type_text("Name", "Dam (fictional)", 1).press("Rename")
    window.press("Merge for good")
    assert "Dam (fictional) was merged into Weir (fictional); its letters stay with it." in (
        window.captions
    )
    with database.reading() as db:
        kept = members.groups(db, person.asker(), own(person).section_id)
    assert [(group.name, group.merged_into) for group in kept] == [
        ("Weir (fictional)", ""),
        ("Dam (fictional)", "Weir (fictional)"),
    ]


def test_a_case_lead_makes_sections_and_maps_domains(person):
    settle(person, Role.CASE_LEAD)
    window = Window().visit("/sections")
    window.type_text("Name", "Elbonia (fictional)", 1).press("Make this section")
    assert window.notices[0] == "The new section is there."
    assert window._app.selectbox[0].options == ["Ruritania (fictional)", "Elbonia (fictional)"]
    window.type_text("Domain", "letters").press("Let this domain in")
    assert window.errors == ["Please give a mail domain, like letters.example."]
    window.type_text("Domain", "letters.example").press("Let this domain in")
    with database.reading() as db:
        mapped = invitations.domains(db, person.asker())
    assert [domain.domain for domain in mapped] == ["letters.example"]
    window.press("Remove")
    with database.reading() as db:
        assert invitations.domains(db, person.asker()) == []
