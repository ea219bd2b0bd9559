"""Reports as CSV: who is here → which urgent action, which days → three links."""

import streamlit as st

from tracker import cases, database, members, web
from tracker.wording import gettext as _

member = web.require("/reports")
with database.reading() as db:
    actions = cases.published_actions(db, member)
    sections = members.sections(db, member)
web.heading("/reports")
if not actions:
    web.empty(_("Reports begin with the first urgent action."))
    st.stop()
action = web.choose_action(actions)
section = web.choose_section_of_reports(sections)
first, last = web.choose_days()
if first and last and last < first:
    web.problem(_("The last day comes before the first: the reports would be empty."))
    st.stop()
web.report_link(
    "letters",
    action,
    first,
    last,
    section=section,
    names=member.coordinates,
    about=_(
        "One row a letter: your own and, if you coordinate a section, all of its. Without names."
    ),
)
web.report_link(
    "progress",
    action,
    first,
    last,
    section=section,
    about=_("One row a target and week, with the letters needed by then where there is a goal."),
)
web.report_link("timeline", action, None, None, about=_("One row an event, with its source."))
st.caption(_("The files open in any spreadsheet program."))
