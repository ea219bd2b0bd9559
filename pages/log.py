"""Record letters: who is here → which urgent action → one short form, or what it logged."""

from datetime import UTC, datetime

import streamlit as st

from tracker import cases, database, letters, members, web, wording
from tracker.wording import gettext as _
from tracker.wording import ngettext


def log(entry: str, action_id: int, writer_id: int | None) -> None:
    member = web.require("/log")
    fields = web.Fields(f"log-{entry}")
    try:
        with database.writing() as db:
            action = cases.action_with_id(db, member, action_id)
            letters.log(
                db,
                member,
                entry_id=entry,
                action_id=action_id,
                target_ids=fields.ticked(action),
                details=fields.details(),
                now=datetime.now(UTC),
                writer_id=writer_id,
            )
    except members.NotYours:
        return  # what may be logged was changed meanwhile: the page says what is left
    except letters.Refused as refused:
        if "closed" in refused.reasons:  # nothing in the form could mend that
            st.session_state["closed"] = True
        else:
            st.session_state[fields.key("problems")] = refused.reasons
        return
    st.session_state.pop(fields.key("problems"), None)


def undo(entry: str) -> None:
    member = web.require("/log")
    with database.writing() as db:
        letters.withdraw_entry(db, member, entry, now=datetime.now(UTC))
    another(entry, everything=True)
    st.session_state["undone"] = True


def another(entry: str, *, everything: bool = False) -> None:
    member = web.require("/log")
    with database.reading() as db:
        logged = letters.of_entry(db, member, entry)
    web.Fields(f"log-{web.new_entry()}").take_over(logged, everything=everything)


def draw_form(entry: str) -> None:
    fields = web.Fields(f"log-{entry}")
    problems = st.session_state.get(fields.key("problems"), ())
    if st.session_state.pop("undone", False):
        web.notice(_("Taken back: those letters do not count. Nothing you typed is lost."))
    if problems:
        web.problem(_("Nothing is logged yet: please look at the marked places."))
    # Whoever sees a form and then its letters has logged them now; a reload finds them "already".
    fields.keep("drawn", True)
    with st.form(fields.form, border=False, enter_to_submit=False):
        of = writer or member
        web.target_fields(fields, action, problems=problems, writer=of)
        web.details_fields(fields, action, today=member.today(), problems=problems, writer=of)
        st.form_submit_button(
            _("Log letters"),
            type="primary",
            width="stretch",
            on_click=log,
            args=(entry, action.id, writer.member_id if writer else None),
        )


def draw_receipt(entry: str) -> None:
    posted = [letter for letter in logged if letter.status == "posted"]
    new = web.Fields(f"log-{entry}").value("drawn")
    if not posted:
        web.finding(_("These letters were taken back. They do not count."))
    else:
        sentence = (
            ngettext("{number} letter logged.", "{number} letters logged.", len(posted))
            if new
            else ngettext(
                "Already logged: {number} letter.", "Already logged: {number} letters.", len(posted)
            )
        )
        web.finding(sentence.format(number=wording.number(len(posted))))
    for letter in logged:
        web.letter_lines(letter, asker=member)
    with st.container(horizontal=True):
        st.button(_("Log another"), type="primary", on_click=another, args=(entry,))
        if posted:
            st.button(_("Undo"), on_click=undo, args=(entry,))
    web.link_to(member, "/my-letters", _("See all my letters"))


member = web.require("/log")
with database.reading() as db:
    actions = cases.open_actions(db, member)
    writers = letters.writers_without_account(db, member)
web.heading("/log")
if st.session_state.pop("closed", False):
    web.problem(_("This urgent action is closed and takes no more letters."))
if not actions:
    web.empty(
        _("No urgent action is open just now. When one is published, letters are logged here.")
    )
    st.stop()
writer = web.writer_in_address(writers)
if writer is None and not member.writes:
    web.empty(_("You can log letters for somebody without an account: choose whose."))
    web.link_to(member, "/members", _("Go to the members"))
    st.stop()
action = web.choose_action(actions)
if writer:
    web.writer_line(writer)
entry = web.entry_id()
with database.reading() as db:
    logged = letters.of_entry(db, member, entry)
if any(letter.urgent_action_id != action.id for letter in logged):
    entry, logged = web.new_entry(), []  # another urgent action was chosen above what was logged
if logged:
    draw_receipt(entry)
else:
    web.deadline_note(action, member.today(), writer or member)
    draw_form(entry)
web.action_details(action)
