"""Sections: who is here → which section → its rules, its groups; for case leads, new ones."""

from datetime import UTC, datetime

import streamlit as st

from tracker import database, invitations, members, web
from tracker.wording import gettext as _


def change_section(section: members.SectionRules) -> None:
    member = web.require("/sections")
    typed = web.typed_section(f"section-{section.section_id}-{section.version}")
    with web.told_when_refused(member, "/sections", _("Saved.")), database.writing() as db:
        members.change_section(
            db, member, section.section_id, version=section.version, now=datetime.now(UTC), **typed
        )


def new_section() -> None:
    member = web.require("/sections")
    typed = web.typed_section("new-section")
    with web.told_when_refused(member, "/sections", _("The new section is there.")):
        with database.writing() as db:
            members.new_section(db, member, now=datetime.now(UTC), **typed)
        st.session_state["new-section-name"] = ""


def new_group(section_id: int) -> None:
    member = web.require("/sections")
    name = st.session_state["new-group"]
    with web.told_when_refused(member, "/sections", _("The group is there.")):
        with database.writing() as db:
            members.new_group(db, member, section_id, name, now=datetime.now(UTC))
        st.session_state["new-group"] = ""


def rename_group(group: members.ListedGroup) -> None:
    member = web.require("/sections")
    name = st.session_state[f"name-{group.group_id}"]
    with web.told_when_refused(member, "/sections", _("Renamed.")), database.writing() as db:
        members.rename_group(
            db, member, group.group_id, version=group.version, name=name, now=datetime.now(UTC)
        )


def merge(group: members.ListedGroup) -> None:
    member = web.require("/sections")
    into = web.chosen(f"into-{group.group_id}")
    done = _("Merged. Its letters stay where they were written.")
    with web.told_when_refused(member, "/sections", done), database.writing() as db:
        members.merge_groups(db, member, group.group_id, into, now=datetime.now(UTC))


def map_domain() -> None:
    member = web.require("/sections")
    domain, section_id = st.session_state["domain"], web.chosen("domain-section")
    with web.told_when_refused(
        member, "/sections", _("Whoever signs in with an address there comes into the section.")
    ):
        with database.writing() as db:
            invitations.map_domain(db, member, domain, section_id, now=datetime.now(UTC))
        st.session_state["domain"] = ""


def remove_domain(domain: str) -> None:
    member = web.require("/sections")
    done = _("Removed. Whoever came in by it stays.")
    with web.told_when_refused(member, "/sections", done), database.writing() as db:
        invitations.remove_domain(db, member, domain, now=datetime.now(UTC))


def draw_rules() -> None:
    key = f"section-{section.section_id}-{section.version}"
    with st.form(key, border=False, enter_to_submit=False):
        web.section_fields(key, section)
        st.form_submit_button(_("Save"), type="primary", on_click=change_section, args=(section,))


def draw_groups() -> None:
    st.subheader(_("Groups"), anchor=False)
    if not groups:
        web.empty(_("The section's local groups will be listed here. Begin with the first one."))
    for group in groups:
        web.group_lines(group, groups, rename=rename_group, merge=merge)
    with st.form("new-group-form", border=False, enter_to_submit=False):
        st.text_input(_("New group"), key="new-group", max_chars=members.NAME_LENGTH)
        st.form_submit_button(_("Make this group"), on_click=new_group, args=(section.section_id,))


def draw_new_section() -> None:
    with (
        st.expander(_("A new section")),
        st.form("new-section", border=False, enter_to_submit=False),
    ):
        web.section_fields("new-section")
        st.form_submit_button(_("Make this section"), on_click=new_section)


def draw_domains() -> None:
    with st.expander(_("Mail domains")):
        st.caption(
            _("Whom the identity provider knows by an address there comes in as a volunteer.")
        )
        web.domain_lines(domains, remove=remove_domain)
        with st.form("domains", border=False, enter_to_submit=False):
            st.text_input(_("Domain"), key="domain", placeholder="letters.example")
            web.section_field(sections, key="domain-section")
            st.form_submit_button(_("Let this domain in"), on_click=map_domain)


member = web.require("/sections")
with database.reading() as db:
    sections = members.sections(db, member)
web.heading("/sections")
section = web.choose_section(member, "/sections", sections)
with database.reading() as db:
    groups = members.groups(db, member, section.section_id)
    domains = invitations.domains(db, member) if member.has("case-lead") else []
web.say_what_happened()
draw_rules()
draw_groups()
if member.has("case-lead"):
    draw_new_section()
    draw_domains()
