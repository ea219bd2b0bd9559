"""Invitations: who is here → which section → links and join codes by which people come in."""

from datetime import UTC, datetime

import streamlit as st

from tracker import database, invitations, members, web
from tracker.wording import gettext as _


def end(what: str, public_id: str) -> None:
    member = web.require("/invitations")
    work, done = {
        "revoke": (invitations.revoke, _("Revoked: that link opens nothing any more.")),
        "end code": (invitations.end_join_code, _("Ended: that code opens nothing any more.")),
    }[what]
    with web.told_when_refused(member, "/invitations", done), database.writing() as db:
        work(db, member, public_id, now=datetime.now(UTC))


def invite(section_id: int) -> None:
    member = web.require("/invitations")
    group_id = web.chosen("invite-group") or None
    role, email = st.session_state["invite-role"], st.session_state["invite-email"]
    with web.told_when_refused(member, "/invitations"):
        with database.writing() as db:
            token = invitations.invite(
                db, member, section_id, group_id, role, email=email, now=datetime.now(UTC)
            )
        st.session_state["invite-email"] = ""
        web.keep_link(f"/invite/{token}")


def make_join_code() -> None:
    member = web.require("/invitations")
    most = st.session_state["places"]
    with web.told_when_refused(member, "/invitations"), database.writing() as db:
        invitations.make_join_code(db, member, most, now=datetime.now(UTC))


def draw_invitations() -> None:
    st.subheader(_("Invite somebody"), anchor=False)
    with st.form("invite", border=False, enter_to_submit=False):
        web.group_field(groups, member.group_id, key="invite-group")
        web.role_field(member, section, key="invite-role")
        st.text_input(_("E-mail address (only if they come in by it)"), key="invite-email")
        st.form_submit_button(_("Make a link"), on_click=invite, args=(section.section_id,))
    st.caption(_("The link works once, for 14 days. Give it to that person alone."))
    web.invitation_lines(invited, time_zone=member.time_zone, revoke=end)


def draw_join_code() -> None:
    st.subheader(_("A letter night"), anchor=False)
    for code in codes:
        web.join_code_sheet(code, time_zone=member.time_zone, end=end)
    if section.section_id != member.section_id:
        return
    with st.form("join-code", border=False, enter_to_submit=False):
        most = invitations.MOST_PLACES
        st.number_input(_("How many people may join"), 1, most, 30, key="places")
        st.form_submit_button(_("Make a join code"), on_click=make_join_code)
    st.caption(_("For volunteers of your own group, for twelve hours."))


member = web.require("/invitations")
now = datetime.now(UTC)
with database.reading() as db:
    sections = members.sections(db, member)
web.heading("/invitations")
section = web.choose_section(member, "/invitations", sections)
with database.reading() as db:
    groups = members.groups(db, member, section.section_id)
    invited = invitations.invitations(db, member, section.section_id, now=now)
    codes = invitations.join_codes(db, member, section.section_id, now=now)
web.say_what_happened()
web.fresh_link()
draw_invitations()
draw_join_code()
