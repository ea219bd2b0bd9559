"""One's own account: the name, how to sign in, and every browser that is signed in."""

from datetime import UTC, datetime

import streamlit as st

from tracker import accounts, database, web, wording
from tracker.wording import gettext as _
from tracker.wording import ngettext


def keep_name() -> None:
    member = web.require("/account")
    st.session_state.pop("name-problem", None)
    try:
        with database.writing() as db:
            accounts.rename(db, member, st.session_state["name"], datetime.now(UTC))
    except accounts.AccountRefused as refused:
        st.session_state["name-problem"] = refused.problems["name"]
        return
    st.session_state["said"] = "name"


def end_one(session_id: str) -> None:
    member = web.require("/account")
    with database.writing() as db:
        web.end_session(db, member, session_id, now=datetime.now(UTC))


def end_others() -> None:
    member = web.require("/account")
    with database.writing() as db:
        web.end_other_sessions(db, member, now=datetime.now(UTC))


def draw_name() -> None:
    with st.form("display-name", border=False, enter_to_submit=False):
        st.text_input(_("Your name, as others here see it"), member.name, key="name", max_chars=120)
        if "name-problem" in st.session_state:
            web.problem(web.account_problem(st.session_state["name-problem"]))
        st.form_submit_button(_("Keep this name"), on_click=keep_name)


def draw_ways_in() -> None:
    st.subheader(_("How you sign in"), anchor=False)
    if sign_in_name:
        st.markdown(_("Sign-in name: **{name}**").format(name=web.plain_markdown(sign_in_name)))
    if member.has_identity:
        st.markdown(_("You also come in through your identity provider."))
    web.plain_link(
        "/account/passphrase",
        _("Change the passphrase") if member.has_passphrase else _("Choose a passphrase"),
    )
    if second_step_since:
        since = wording.day(second_step_since.date())
        st.markdown(_("Sign-in asks for a code as well, since {day}.").format(day=since))
    web.plain_link(
        "/account/second-step",
        _("Your second step") if second_step_since else _("Set a second step"),
    )


def draw_sessions() -> None:
    st.subheader(_("Where you are signed in"), anchor=False)
    for session in sessions:
        with st.container(border=True):
            browser = web.plain_markdown(session.browser or _("A browser"))
            if session.is_this:
                st.markdown(_("**{browser}**: this one").format(browser=browser))
            else:
                seen = wording.moment(session.last_seen_at, member.time_zone)
                st.markdown(f"**{browser}**")
                st.caption(_("Last seen {moment}").format(moment=seen))
                st.button(
                    _("End"),
                    key=f"end-{session.public_id}",
                    on_click=end_one,
                    args=(session.public_id,),
                )
    if len(sessions) > 1:
        st.button(_("End all the others"), on_click=end_others)


member = web.require("/account")
with database.reading() as db:
    sign_in_name = accounts.sign_in_name_of(db, member)
    second_step_since = accounts.second_step_since(db, member)
    sessions = web.own_sessions(db, member, now=datetime.now(UTC))
web.heading("/account")
places = [part for part in (member.group, member.section) if part]
web.finding(
    ngettext(
        "You are signed in with {number} browser.",
        "You are signed in with {number} browsers.",
        len(sessions),
    ).format(number=wording.number(len(sessions)))
    + " "
    + _("You belong to {places}.").format(places=wording.listed(places))
)
web.account_notices(member)
web.say_done(st.query_params.get("done") or st.session_state.pop("said", None))
draw_name()
draw_ways_in()
draw_sessions()
st.subheader(_("Leaving"), anchor=False)
st.markdown(_("Your account can be erased. The letters that you logged stay, as numbers."))
web.plain_link("/account/erase", _("Erase my account"))
