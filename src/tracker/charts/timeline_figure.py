"""What happened to each person, a lane each, above the letters of each week."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from tracker import wording
from tracker.charts.drawing import (
    ACCENT,
    DAY_MS,
    LINE,
    PHONE,
    Sketch,
    as_day,
    as_text,
    counts_axis,
    days_axis,
    draw_upright,
    is_late,
    target_colours,
    target_names,
    week_hover,
    width_of,
)
from tracker.charts.happenings import by_person, read_events
from tracker.charts.lanes import LEFT, RIGHT, Lanes
from tracker.wording import gettext as _
from tracker.wording import ngettext

_BARS = 96  # px for letters by week


def timeline_key() -> str:
    """Return the sentence that says how `timeline` draws what is not known exactly."""
    return _(
        "A solid mark is a known day; an open mark on a pale bar lies somewhere in that month or"
        " year; an arrow to the left means known by then, since when is not known; an arrow to the"
        " right means at least until then; hatched means if nothing has changed since the newest"
        " entry."
    )


def timeline(
    events: pd.DataFrame,
    weeks: pd.DataFrame,
    *,
    issued_on: date | None,
    deadline: date | None,
    today: date,
) -> go.Figure:
    """Return what happened to each person, a lane each, above the letters of each week.

    Events on the axis carry their kind as a word beside the mark; those without a date are named
    in the lane's last line. A span without an end runs on, hatched, from the newest entry to
    `today`. An event that names nobody stands in a lane of its own. `timeline_key` explains how
    rough dates are drawn.

    Args:
        events: one row an event, in any order; may be empty. Columns: case (str),
            date (datetime64; NaT where none is known), until (datetime64: the end of a span; NaT
            without one), until_at_least (bool: `until` is only the earliest end), precision (str:
            a code of `rules.Precision`), people (object: tuple[str, ...] of main names in the
            case's order), kind (str: a code of `models.EventKind`), event (str), source (str).
        weeks: letters by week and target, as `progress` takes them; may be empty, and then the
            bars are left out.
        issued_on: the urgent action's issue date; None leaves it out.
        deadline: its deadline; None leaves it out.
        today: the asker's day.
    """
    found = read_events(events)
    recorded = [day for event in found for day in event.days]
    recorded += [issued_on] if issued_on else []
    newest = min(max(recorded, default=today), today)
    shown = [*recorded, *([deadline] if deadline else [])]
    shown += [as_day(week) + timedelta(days=extra) for week in weeks["week"] for extra in (0, 7)]
    if not shown or any(event.open for event in found):
        shown.append(today)
    axis = _axis(min(shown), max(shown))

    uprights = [day for day in (issued_on, deadline) if day is not None]
    lanes = Lanes(axis, uprights, newest=newest, today=today)
    for name, mine in by_person(found):
        lanes.add(name, mine)
    legend = _weeks_legend(weeks)
    bars = 0 if weeks.empty else _BARS
    gap = 0 if weeks.empty else 18 + LINE * len(legend)
    lane_room = max(lanes.height, 0 if bars else 60)
    inside = lane_room + gap + bars
    sketch = Sketch(
        height=inside + 80,
        margin={"l": LEFT, "r": RIGHT, "t": 44, "b": 36, "pad": 0},
        showlegend=False,
        barmode="stack",
        bargap=0,
        xaxis={**days_axis(*axis), "anchor": "y2" if bars else "y", "showgrid": True},
        # The lanes' y is in pixels from above, so that marks keep their distance at any width.
        yaxis={
            "domain": [(gap + bars) / inside, 1],
            "range": [lane_room, 0],
            "visible": False,
            "fixedrange": True,
        },
    )
    lanes.draw(sketch)
    # Not through the gap, where the bars' heading stands.
    parts = [((gap + bars) / inside, 1.0), (0.0, bars / inside)] if bars else [(0.0, 1.0)]
    _draw_uprights(sketch, issued_on, deadline, axis, parts)
    if bars:
        _draw_weeks(sketch, weeks, legend, bars / inside)
    else:
        # Without a trace plotly draws no axis, and the days would hang in the air.
        sketch.add_scatter(x=list(axis), y=[0, 0], mode="none", hoverinfo="skip")
    return sketch.figure()


def timeline_in_words(
    events: pd.DataFrame,
    *,
    today: date,
    weeks: pd.DataFrame | None = None,
    issued_on: date | None = None,
    deadline: date | None = None,
) -> str:
    """Return what `timeline` shows, a line a person, oldest first; the arguments are the same."""
    found = read_events(events)
    lines = [
        _("{name}: {events}.").format(
            name=name,
            events="; ".join(
                _("{event} ({when})").format(event=event.in_words, when=event.when)
                for event in mine
            ),
        )
        for name, mine in by_person(found)
    ] or [_("No events to show.")]
    if any(event.open for event in found):
        said = _("What has no recorded end is drawn up to {day}, as if nothing had changed.")
        lines.append(said.format(day=wording.day(today)))
    if issued_on is not None or deadline is not None:
        lines.append(_action_in_words(issued_on, deadline))
    if weeks is not None and not weeks.empty:
        lines.append(_letters_in_words(weeks))
    return "\n".join(lines)


def _action_in_words(issued_on: date | None, deadline: date | None) -> str:
    issued = "" if issued_on is None else wording.day(issued_on)
    last = "" if deadline is None else wording.day(deadline)
    if deadline is None:
        return _("The urgent action was issued on {issued}.").format(issued=issued)
    if issued_on is None:
        return _("The urgent action's deadline is {deadline}.").format(deadline=last)
    return _("The urgent action was issued on {issued}; its deadline is {deadline}.").format(
        issued=issued, deadline=last
    )


def _letters_in_words(weeks: pd.DataFrame) -> str:
    letters = {
        name: int(weeks.loc[weeks["target"] == name, "letters"].sum())
        for name in target_names(weeks)
    }
    shares = [
        _("{letters} to {target}").format(letters=wording.number(number), target=name)
        for name, number in letters.items()
    ]
    total = sum(letters.values())
    return ngettext(
        "{number} letter has been posted so far: {shares}.",
        "{number} letters have been posted so far: {shares}.",
        total,
    ).format(number=wording.number(total), shares=wording.listed(shares))


def _axis(first: date, last: date) -> tuple[date, date]:
    last = max(last, first + timedelta(days=28))
    # On the left a little more: a mark's arrow to the left needs the room.
    margin = timedelta(days=math.ceil((last - first).days * 0.04))
    return first - margin, last + timedelta(days=1)


def _draw_uprights(
    sketch: Sketch,
    issued_on: date | None,
    deadline: date | None,
    axis: tuple[date, date],
    parts: Sequence[tuple[float, float]],
) -> None:
    # Two rows of labels: the two days may lie a few pixels apart, and then the words of one would
    # lie on those of the other.
    late = issued_on is not None and is_late(issued_on, axis)
    if issued_on is not None:
        row = 0 if late else 1
        draw_upright(sketch, issued_on, _("Issued {day}"), axis, row=row, parts=parts)
    if deadline is not None:
        row, said = 1 if late else 0, _("Deadline {day}")
        draw_upright(sketch, deadline, said, axis, colour=ACCENT, row=row, parts=parts)


def _weeks_legend(weeks: pd.DataFrame) -> list[str]:
    """Return the bars' heading in lines of a phone's width: what they count, and whose colour."""
    heading = _("Letters by week")
    lines, width = [heading], width_of(heading)
    for name, colour in target_colours(target_names(weeks)).items():
        part = f'<span style="color:{colour}">■</span> {as_text(name)}'
        width += width_of(f"■ {name}") + 14
        if width > PHONE:
            lines.append(part)
            width = width_of(f"■ {name}")
        else:
            lines[-1] += "&nbsp;&nbsp; " + part
    return lines


def _draw_weeks(sketch: Sketch, weeks: pd.DataFrame, legend: Sequence[str], share: float) -> None:
    for name, colour in target_colours(target_names(weeks)).items():
        rows = weeks[weeks["target"] == name].sort_values("week")
        mondays = [as_day(week) for week in rows["week"]]
        letters = [int(number) for number in rows["letters"]]
        sketch.add_bar(
            x=[f"{monday + timedelta(days=3)}T12:00" for monday in mondays],  # the week's middle
            y=letters,
            width=6.2 * DAY_MS,
            name=as_text(name),
            marker={"color": colour, "line": {"width": 0}},
            yaxis="y2",
            hovertext=[
                week_hover(name, monday, number)
                for monday, number in zip(mondays, letters, strict=True)
            ],
        )
    most = int(weeks.groupby("week")["letters"].sum().max())
    sketch.add_axis("yaxis2", {**counts_axis(most, steps=2), "domain": [0, share]})
    sketch.add_annotation(
        text="<br>".join(legend),
        x=0,
        xref="paper",
        xshift=2 - LEFT,
        xanchor="left",
        y=share,
        yref="paper",
        yshift=4,
        yanchor="bottom",
        align="left",
    )
