"""A volunteer's own letters, newest first: correct, withdraw, put back."""

from datetime import UTC, datetime

import streamlit as st

from tracker import cases, database, letters, web, wording
from tracker.wording import gettext as _
from tracker.wording import ngettext

AT_ONCE = 20


def change(letter: letters.LoggedLetter, what: str) -> None:
    member = web.require("/my-letters")
    work = {"withdraw": letters.withdraw, "restore": letters.restore}[what]
    with web.stale_letters(), database.writing() as db:
        work(db, member, letter.letter_id, version=letter.version, now=datetime.now(UTC))


def correct(letter: letters.LoggedLetter) -> None:
    member = web.require("/my-letters")
    fields = correction(letter)
    try:
        with web.stale_letters(), database.writing() as db:
            letters.correct(
                db,
                member,
                letter.letter_id,
                version=letter.version,
                target_id=fields.value("target"),
                details=fields.details(),
                now=datetime.now(UTC),
            )
    except letters.Refused as refused:
        st.session_state[fields.key("problems")] = refused.reasons
        return
    leave()


def correction(letter: letters.LoggedLetter) -> web.Fields:
    return web.Fields(f"correct-{letter.letter_id}-{letter.version}")


def open_correction(letter: letters.LoggedLetter) -> None:
    st.session_state.pop(correction(letter).key("problems"), None)
    st.session_state["correcting"] = letter.letter_id


def leave() -> None:
    st.session_state.pop("correcting", None)


def more() -> None:
    st.session_state["shown"] = st.session_state.get("shown", AT_ONCE) + AT_ONCE


def draw_correction(letter: letters.LoggedLetter) -> None:
    fields = correction(letter)
    problems = st.session_state.get(fields.key("problems"), ())
    action = actions[letter.urgent_action_id]
    with st.form(fields.form, border=False, enter_to_submit=False):
        web.one_target_field(fields, action, letter)
        web.details_fields(
            fields, action, today=member.today(), problems=problems, writer=member, letter=letter
        )
        with st.container(horizontal=True):
            st.form_submit_button(_("Save"), type="primary", on_click=correct, args=(letter,))
            st.form_submit_button(_("Leave as it was"), on_click=leave)


def draw(letter: letters.LoggedLetter) -> None:
    with st.container(border=True):
        web.letter_lines(letter, actions[letter.urgent_action_id], asker=member)
        if st.session_state.get("correcting") == letter.letter_id:
            draw_correction(letter)
        elif letter.status == "withdrawn":
            st.button(
                _("Put back"),
                key=f"restore-{letter.letter_id}",
                on_click=change,
                args=(letter, "restore"),
            )
        else:
            with st.container(horizontal=True):
                st.button(
                    _("Correct"),
                    key=f"open-{letter.letter_id}",
                    on_click=open_correction,
                    args=(letter,),
                )
                st.button(
                    _("Withdraw"),
                    key=f"withdraw-{letter.letter_id}",
                    on_click=change,
                    args=(letter, "withdraw"),
                )
        if letter.letter_id in said_before:
            web.letter_history(said_before[letter.letter_id])


member = web.require("/my-letters")
shown = st.session_state.get("shown", AT_ONCE)
with database.reading() as db:
    actions = {action.id: action for action in cases.published_actions(db, member)}
    own = letters.own_letters(db, member, limit=shown)
    logged, posted = letters.count_own(db, member)
    changed = [letter.letter_id for letter in own if letter.version > 1]
    said_before = {letter_id: letters.versions(db, member, letter_id) for letter_id in changed}
web.heading("/my-letters")
if not own:
    web.empty(_("The letters that you log will be listed here, and can be corrected or withdrawn."))
    web.link_to(member, "/log", _("Log your first letter"))
    st.stop()
web.finding(
    ngettext(
        "You have posted {number} letter.", "You have posted {number} letters.", posted
    ).format(number=wording.number(posted))
)
web.say_stale()
for letter in own:
    draw(letter)
if logged > shown:
    st.button(_("Show more"), on_click=more, width="stretch")
