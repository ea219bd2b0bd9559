"""Numbers as pages say them: the finding of a chart, metrics, and the same as a table."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from tracker import cases, charts, rules, wording
from tracker.models import EventKind, Person
from tracker.rules import Pace, Span
from tracker.web import components, plain
from tracker.wording import gettext as _
from tracker.wording import ngettext, number


def progress_finding(pace: Pace, weeks: pd.DataFrame) -> str:
    """Return the one sentence that says how an urgent action stands."""
    counted = ngettext("{letters} letter", "{letters} letters", pace.letters)
    letters = counted.format(letters=number(pace.letters))
    if pace.letters == 0:
        letters = _("No letters yet")
    if pace.goal is None:
        return _("{letters}. No goal is set, so there is no pace to show.").format(letters=letters)
    so_far = _("{letters} of {goal} letters").format(
        letters=number(pace.letters), goal=number(pace.goal)
    )
    if pace.remaining == 0:
        return _("{so_far}: the goal is reached.").format(so_far=so_far)
    if pace.days_left is not None and pace.days_left < 0:
        return _("{so_far}; the deadline has passed.").format(so_far=so_far)
    if pace.needed_a_week is None:
        return f"{so_far}."
    needed = _("{so_far}; {needed} a week get us there.").format(
        so_far=so_far, needed=number(pace.needed_a_week)
    )
    lagging = lagging_target(weeks)
    return f"{needed} {_('{target} lags.').format(target=lagging)}" if lagging else needed


def lagging_target(weeks: pd.DataFrame) -> str | None:
    """Return the target furthest behind its share, if it is more than a tenth behind.

    Measured against what was needed by the end of the week before the newest one: this week is
    not over yet.
    """
    behind: list[tuple[float, str]] = []
    for target, rows in weeks.groupby("target", sort=False):
        if len(rows) < 2 or pd.isna(rows["needed"].iloc[-2]):
            continue
        needed = int(rows["needed"].iloc[-2])
        missing = needed - int(rows["cumulative"].iloc[-1])
        if missing > needed / 10:
            behind.append((missing / needed, str(target)))
    return max(behind)[1] if behind else None


def pace_metrics(pace: Pace, *, this_week: int) -> None:
    """Draw letters so far, this week's, the days to the deadline, and letters a week needed."""
    left = pace.days_left
    with st.container(horizontal=True, key="metrics"):
        st.metric(_("Letters so far"), number(pace.letters))
        st.metric(_("This week"), number(this_week))
        if left is None:
            st.metric(_("Deadline"), _("none set"))
        elif left >= 0:
            st.metric(_("Days left"), number(left))
        else:
            st.metric(_("Days since the deadline"), number(-left))
        if pace.needed_a_week is not None:
            st.metric(_("Needed a week"), number(pace.needed_a_week))


def progress_table(weeks: pd.DataFrame, *, goal: int | None) -> None:
    """Draw letters by week and target, the newest week first."""
    titles = {
        "week": _("Week"),
        "target": _("Target"),
        "letters": _("Letters"),
        "cumulative": _("All so far"),
    }
    if goal is not None or weeks["needed"].notna().any():
        titles["needed"] = _("Needed by then")
    newest_first = weeks.sort_values(["week", "priority"], ascending=[False, True])
    st.dataframe(
        newest_first[list(titles)].rename(columns=titles),
        hide_index=True,
        column_config={
            titles["week"]: st.column_config.DateColumn(format="YYYY-MM-DD"),
            **{
                titles[column]: st.column_config.NumberColumn(format="localized")
                for column in ("letters", "cumulative", "needed")
                if column in titles
            },
        },
        alt=_("Letters by week and target"),
    )


def detention_findings(
    people: Sequence[Person], events: pd.DataFrame, *, known_on: date, today: date
) -> list[str]:
    """Return how long people have been in detention, one sentence for those with the same time."""
    names: dict[str, list[str]] = {}
    for person in people:
        spans = cases.detention_spans(events, person.name)
        if any(span.start is not None for span in spans):
            time = _time_in_detention(spans, known_on=known_on, today=today)
            names.setdefault(time, []).append(person.name)
    return [f"{wording.listed(same)}: {time}" for time, same in names.items()]


def _time_in_detention(spans: Sequence[Span], *, known_on: date, today: date) -> str:
    time = rules.time_in_detention(spans, known_on=known_on, today=today)
    since = min(span.start for span in spans if span.start is not None)
    known = _years_and_days(time.known_days, since)
    held = _years_and_days(time.days_if_still_held, since)
    if time.at_least or time.open:
        known = _("at least {time}").format(time=known)
    if time.at_least:
        held = _("at least {time}").format(time=held)
    if not time.open:
        return _("{time} in detention.").format(time=known)
    if today <= known_on:
        return _("{time} in detention so far.").format(time=held)
    return _("{known} in detention, as known on {day}; {now} today, if still held.").format(
        known=known, day=wording.day(known_on), now=held
    )


def filter_events(events: pd.DataFrame, people: Sequence[Person]) -> pd.DataFrame:
    """Return the events that the filters leave: by person, found in any spelling, and by kind."""
    names = {person.name: components.all_names(person) for person in people}
    kinds = [kind.value for kind in EventKind if (events["kind"] == kind.value).any()]
    with st.container(horizontal=True):
        who = st.multiselect(
            _("People"), list(names), format_func=names.__getitem__, placeholder=_("Everybody")
        )
        what = st.multiselect(
            _("Kinds"), kinds, format_func=charts.kind_label, placeholder=_("All kinds")
        )
    shown = events
    if who:
        kept = shown["people"].map(lambda involved: tuple(name for name in involved if name in who))
        shown = shown.assign(people=kept)[kept.map(bool)]
    return shown[shown["kind"].isin(what)] if what else shown


def events_table(events: pd.DataFrame) -> None:
    """Draw events with their dates as exactly as they are known, people and sources.

    A table of HTML rather than Streamlit's: on a phone its rows become paragraphs, and it prints.
    """
    titles = [_("When"), _("Who"), _("Kind"), _("What happened"), _("Source")]
    rows = [
        {
            "when": when(event),
            "who": wording.listed(list(event["people"])),
            "kind": charts.kind_label(event["kind"]),
            "event": event["event"],
            "source": event["source"],
        }
        for event in events.to_dict("records")
    ]
    st.html(plain.fragment("events.html", titles=titles, rows=rows))


def when(event: Mapping[Hashable, Any]) -> str:
    """Return an event's date, or its span, as exactly as it is known."""
    began, until = event["date"], event["until"]
    begun = wording.rough_day(None if pd.isna(began) else began.date(), event["precision"])
    if pd.isna(until):
        return _("since {day}").format(day=begun) if event["kind"] == "detention" else begun
    end = wording.day(until.date())
    form = _("{begin} to {end} at least") if event["until_at_least"] else _("{begin} to {end}")
    return form.format(begin=begun, end=end)


def _years_and_days(days: int, since: date) -> str:
    years, rest = rules.years_and_days(days, since)
    parts = []
    if years:
        parts.append(ngettext("{years} year", "{years} years", years).format(years=number(years)))
    if rest or not years:
        parts.append(ngettext("{days} day", "{days} days", rest).format(days=number(rest)))
    return wording.listed(parts)
