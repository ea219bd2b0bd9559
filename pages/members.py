"""Members: who is here → which section → who is in it, and what to change."""

from datetime import UTC, datetime

import streamlit as st

from tracker import database, invitations, members, web
from tracker.wording import gettext as _
from tracker.wording import ngettext


def change(what: str, *given: object) -> None:
    member = web.require("/members")
    st.session_state.pop("confirming", None)
    if what == "group":
        given = (*given, web.chosen(f"group-{given[0]}") or None)
    work, done = {
        "group": (members.change_group, _("The group is changed.")),
        "grant": (members.grant, _("The role is given.")),
        "take": (members.take_grant, _("The role is taken.")),
        "disable": (members.disable, _("Disabled. They can be enabled again at any time.")),
        "enable": (members.enable, _("Enabled again. They can sign in as before.")),
    }[what]
    with web.told_when_refused(member, "/members", done), database.writing() as db:
        work(db, member, *given, now=datetime.now(UTC))


def confirm(member_id: int | None) -> None:
    st.session_state["confirming"] = member_id


def fresh_link(member_id: int) -> None:
    member = web.require("/members")
    with web.told_when_refused(member, "/members"):
        with database.writing() as db:
            token = invitations.reset(db, member, member_id, now=datetime.now(UTC))
        web.keep_link(f"/passphrase/{token}")


def add(section_id: int) -> None:
    member = web.require("/members")
    group_id, name = web.chosen("add-group") or None, st.session_state["add-name"]
    with web.told_when_refused(
        member, "/members", _("Added. Letters can be logged in their name.")
    ):
        with database.writing() as db:
            members.add_without_account(
                db, member, section_id, group_id, name, now=datetime.now(UTC)
            )
        st.session_state["add-name"] = ""


def show_names(section: members.SectionRules) -> None:
    member = web.require("/members")
    with web.told_when_refused(member, "/members"):
        if web.names_are_shown(section):
            return  # the second press of a double click
        with database.writing() as db:
            members.note_names_shown(db, member, section.section_id, now=datetime.now(UTC))
        web.show_names(section)


def draw_list() -> None:
    if member.sees_names_of(section.section_id):
        if names:
            st.button(_("Hide names"), on_click=web.hide_names)
        else:
            st.button(_("Show names"), on_click=show_names, args=(section,))
            st.caption(_("That you looked is recorded; the section's coordinators can see it."))
    web.members_table(people, names=names)
    person = web.choose_member(people)
    if person is not None:
        web.member_changes(
            member, person, groups, section, change=change, link=fresh_link, confirm=confirm
        )


def draw_adding() -> None:
    st.subheader(_("Add somebody without an account"), anchor=False)
    with st.form("add", border=False, enter_to_submit=False):
        st.text_input(_("Name"), key="add-name", max_chars=members.NAME_LENGTH)
        web.group_field(groups, None, key="add-group")
        st.form_submit_button(_("Add"), on_click=add, args=(section.section_id,))
    st.caption(_("Others log their letters. The name is sealed; lists show a pseudonym."))


member = web.require("/members")
now = datetime.now(UTC)
with database.reading() as db:
    sections = members.sections(db, member)
web.heading("/members")
section = web.choose_section(member, "/members", sections)
names = web.names_are_shown(section) and member.sees_names_of(section.section_id)
with database.reading() as db:
    people = members.listed(db, member, section.section_id, now=now, names=names)
    groups = members.groups(db, member, section.section_id)
web.say_what_happened()
web.fresh_link()
active = sum(not person.disabled for person in people)
web.finding(
    ngettext("{number} member.", "{number} members.", active).format(number=active)
    if people
    else _("Nobody is here yet: invite somebody, or make a join code for a letter night.")
)
web.link_to(member, "/invitations", _("Invite somebody"), query=web.of_section(section))
if people:
    draw_list()
draw_adding()
