"""The record: who is here → what was done in their sections, newest first."""

import streamlit as st

from tracker import database, record, web
from tracker.wording import gettext as _

AT_ONCE = 200


def more() -> None:
    st.session_state["lines"] = st.session_state.get("lines", AT_ONCE) + AT_ONCE


member = web.require("/record")
shown = st.session_state.get("lines", AT_ONCE)
with database.reading() as db:
    entries = record.entries(db, member, limit=shown)
web.heading("/record")
if entries.empty:
    web.empty(_("Who did what and when will stand here; never what was written."))
    st.stop()
st.caption(_("Who did what and when, by pseudonym; never what was written."))
web.record_table(web.filter_deeds(entries), time_zone=member.time_zone)
if len(entries) == shown:
    st.button(_("Show more"), on_click=more, width="stretch")
