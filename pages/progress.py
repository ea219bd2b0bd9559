"""Letters against the goal and the deadline: who is here → which urgent action → the figure."""

import streamlit as st

from tracker import cases, charts, database, rules, uptake, web
from tracker.wording import gettext as _

member = web.require("/progress")
with database.reading() as db:
    actions = cases.published_actions(db, member)
web.heading("/progress")
if not actions:
    web.empty(_("No urgent action has been published yet. Its letters will be counted here."))
    st.stop()
action = web.choose_action(actions)
with database.reading() as db:
    weeks = uptake.letters_by_target_and_week(db, member, action)
today = member.today()
pace = rules.pace(int(weeks["letters"].sum()), action.goal, action.deadline, today)
this_week = int(weeks.loc[weeks["week"].dt.date == rules.week_of(today), "letters"].sum())

web.finding(web.progress_finding(pace, weeks))
web.pace_metrics(pace, this_week=this_week)
if weeks.empty:
    web.empty(_("The chart begins with the first letter."))
    if member.writes:
        web.link_to(member, "/log", _("Log a letter"), action=action)
    st.stop()
st.plotly_chart(
    charts.progress(
        weeks,
        pace,
        goal=action.goal,
        issued_on=action.issued_on,
        deadline=action.deadline,
        today=today,
    ),
    alt=charts.progress_in_words(
        weeks, pace, goal=action.goal, deadline=action.deadline, today=today
    ),
    config=web.CHART_CONFIG,
)
st.subheader(_("The same as a table"), anchor=False)
st.caption(_("A week is named by its Monday. Letters count on the day they were posted."))
web.progress_table(weeks, goal=action.goal)
web.link_to(member, "/reports", _("Take the numbers out as CSV"), action=action)
