"""What happened, from detention to appeal: who is here → which case → one lane a person."""

import streamlit as st

from tracker import cases, charts, database, uptake, web
from tracker.wording import gettext as _

member = web.require("/timeline")
with database.reading() as db:
    actions = cases.published_actions(db, member)
web.heading("/timeline")
if not actions:
    web.empty(_("No case is here yet. What happened to the people in it will be drawn here."))
    st.stop()
action = web.choose_action(actions)
with database.reading() as db:
    events = cases.timeline(db, member, action.case_id)
    weeks = uptake.letters_by_target_and_week(db, member, action)
today = member.today()
newest = max(other.issued_on for other in actions if other.case_id == action.case_id)

web.finding(*web.detention_findings(action.case.people, events, known_on=newest, today=today))
shown = web.filter_events(events, action.case.people)
if shown.empty:
    web.empty(_("No event is left with these filters. Choose more people or kinds."))
    st.stop()
st.plotly_chart(
    charts.timeline(
        shown, weeks, issued_on=action.issued_on, deadline=action.deadline, today=today
    ),
    alt=charts.timeline_in_words(
        shown, today=today, weeks=weeks, issued_on=action.issued_on, deadline=action.deadline
    ),
    config=web.CHART_CONFIG,
)
st.caption(charts.timeline_key())
st.subheader(_("The same as a table"), anchor=False)
web.events_table(shown)
web.link_to(member, "/reports", _("Take the table out as CSV"), action=action)
