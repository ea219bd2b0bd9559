"""Letters so far by target, against the goal and the deadline."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tracker import rules, wording
from tracker.charts.drawing import (
    ACCENT,
    INK,
    LINE,
    PHONE,
    Sketch,
    as_day,
    as_text,
    counts_axis,
    days_axis,
    draw_upright,
    target_colours,
    target_names,
    week_hover,
    width_of,
)
from tracker.wording import gettext as _
from tracker.wording import ngettext

_DASHES = ("solid", "dash", "dashdot", "longdash", "longdashdot")  # "dot" is the line still needed
_SYMBOLS = (("circle", "●"), ("square", "■"), ("diamond", "◆"), ("triangle-up", "▲"))
_PLOT = 300  # px between the x-axis and the top


class _Point(NamedTuple):
    day: date
    letters: int  # so far
    hover: str


class _Line(NamedTuple):
    name: str
    colour: str
    dash: str
    symbol: str
    glyph: str
    width: float
    points: list[_Point]

    @property
    def letters(self) -> int:
        return self.points[-1].letters


def progress(
    weeks: pd.DataFrame,
    pace: rules.Pace,
    *,
    goal: int | None,
    issued_on: date,
    deadline: date | None,
    today: date,
) -> go.Figure:
    """Return letters so far by target, against the goal and the deadline.

    A line stands at 0 on the issue date and then at each week's count on the week's Sunday; the
    week that still runs stands at `today`. The last count is drawn on, level, up to `today` or to
    the end of the axis. Where there are several targets, their sum is a line too.

    Args:
        weeks: one row for each week and target, in any order; may be empty. Columns:
            urgent_action (str), target (str: the name), priority (int64: 1 is first),
            week (datetime64: its Monday), letters (int64: letters posted in that week),
            cumulative (int64: letters posted up to that week's end), needed (Int64: letters
            needed by that week's end for the target's share; <NA> without a goal).
        pace: how the letters stand against the goal, from `rules.pace`.
        goal: letters wanted by the deadline; None when nobody set one.
        issued_on: the day from which letters count; the axis begins there.
        deadline: the last day in time; None when there is none.
        today: the asker's day.
    """
    end = _last_day(weeks, issued_on, deadline, today)
    newest = min(today, end)
    lines = _lines(weeks, issued_on, today, newest)
    y = counts_axis(max([goal or 0, pace.letters, *(line.letters for line in lines)]), steps=5)
    scale = _PLOT / y["range"][1]
    rising = bool(goal and deadline is not None and pace.needed_a_week)
    shown = (newest - issued_on) / (end - issued_on)
    labels = _EndLabels(lines, scale=scale, shown=shown, rising=rising)
    legend = 0 if labels.named else 22 * _legend_rows(lines)

    sketch = Sketch(
        height=_PLOT + 68 + legend,
        margin={
            "l": 18 + round(max(width_of(text) for text in y["ticktext"])),
            "r": labels.margin,
            "t": 30 + legend,
            "b": 38,
            "pad": 0,
        },
        showlegend=not labels.named,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1 + 24 / _PLOT,
            "yanchor": "bottom",
            "itemwidth": 44,
        },
        xaxis=days_axis(issued_on, end + timedelta(days=1)),  # to the end of that day
        yaxis=y,
    )
    for line in lines:
        _draw_line(sketch, line)
    if goal:
        _draw_goal(sketch, goal, issued_on, end)
    if deadline is not None:
        axis = (issued_on, end)
        draw_upright(sketch, deadline, _("Deadline {day}"), axis, colour=ACCENT)
    if goal and deadline is not None and rising:
        _draw_needed(sketch, pace, goal, deadline, today)
        if (goal - pace.letters) * scale > 60:  # px; else its label would lie on the goal's
            _name_needed(sketch, pace, goal, today + (deadline - today) / 2)
    labels.draw(sketch, beside=newest)
    return sketch.figure()


def progress_in_words(
    weeks: pd.DataFrame,
    pace: rules.Pace,
    *,
    goal: int | None,
    deadline: date | None,
    today: date,
) -> str:
    """Return in a few sentences what `progress` shows; the arguments are the same."""
    letters = wording.number(pace.letters)
    if goal:
        said = ngettext(
            "By {day}, {letters} of {goal} letter has been posted.",
            "By {day}, {letters} of {goal} letters have been posted.",
            goal,
        ).format(day=wording.day(today), letters=letters, goal=wording.number(goal))
    else:
        said = ngettext(
            "By {day}, {letters} letter has been posted; no goal is set.",
            "By {day}, {letters} letters have been posted; no goal is set.",
            pace.letters,
        ).format(day=wording.day(today), letters=letters)
    sentences = [said]
    shares = [
        _("{letters} to {target}").format(
            letters=wording.number(int(weeks.loc[weeks["target"] == name, "cumulative"].max())),
            target=name,
        )
        for name in target_names(weeks)
    ]
    if len(shares) > 1:
        sentences.append(_("By target: {shares}.").format(shares=wording.listed(shares)))
    if deadline is not None:
        sentences.append(_deadline_in_words(rules.days_left(deadline, today), deadline))
    if pace.needed_a_week:
        sentences.append(_still_needed(pace.needed_a_week))
    elif goal and pace.remaining == 0:
        sentences.append(_("The goal is reached."))
    return " ".join(sentences)


def _deadline_in_words(left: int, deadline: date) -> str:
    if left < 0:
        return ngettext(
            "The deadline, {day}, passed {number} day ago.",
            "The deadline, {day}, passed {number} days ago.",
            -left,
        ).format(day=wording.day(deadline), number=wording.number(-left))
    if left == 0:
        return _("The deadline is today.")
    return ngettext(
        "{number} day is left to the deadline, {day}.",
        "{number} days are left to the deadline, {day}.",
        left,
    ).format(day=wording.day(deadline), number=wording.number(left))


def _still_needed(letters: int) -> str:
    return ngettext(
        "{number} letter a week is still needed.",
        "{number} letters a week are still needed.",
        letters,
    ).format(number=wording.number(letters))


# Lines ----------------------------------------------------------------------------------------


def _last_day(weeks: pd.DataFrame, issued_on: date, deadline: date | None, today: date) -> date:
    counted = [_counted_on(as_day(week), today) for week in weeks["week"].unique()]
    # Without a deadline the count has not ended, so the axis runs to today.
    return max([issued_on + timedelta(days=6), deadline or today, *counted])


def _counted_on(monday: date, today: date) -> date:
    """Return the day at whose end the week's count stood: its Sunday, or today while it runs."""
    return today if rules.week_of(today) == monday else monday + timedelta(days=6)


def _lines(weeks: pd.DataFrame, issued_on: date, today: date, newest: date) -> list[_Line]:
    lines = []
    for place, (name, colour) in enumerate(target_colours(target_names(weeks)).items()):
        symbol, glyph = _SYMBOLS[place % len(_SYMBOLS)]
        dash = _DASHES[place % len(_DASHES)]
        rows = weeks[weeks["target"] == name].sort_values("week")
        points = _from_zero_on(_points(name, rows, today), issued_on, newest)
        lines.append(_Line(name, colour, dash, symbol, glyph, 2.0, points))
    if len(lines) > 1:
        name = _("All targets")
        points = _from_zero_on(_points(name, _sum(weeks), today), issued_on, newest)
        lines.insert(0, _Line(name, INK, "solid", "circle", "●", 3.0, points))
    return lines


def _sum(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return letters by week to all targets together."""
    letters = weeks.pivot_table(index="week", columns="target", values="letters", aggfunc="sum")
    so_far = weeks.pivot_table(index="week", columns="target", values="cumulative", aggfunc="max")
    # In a week without a row a target got no letter, and its count stayed where it was.
    both = {"letters": letters.fillna(0).sum(axis=1), "cumulative": so_far.ffill().sum(axis=1)}
    return pd.DataFrame({**both, "needed": None}).reset_index()


def _points(name: str, rows: pd.DataFrame, today: date) -> list[_Point]:
    points = []
    columns = (rows[column] for column in ("week", "letters", "cumulative", "needed"))
    for week, letters, so_far, needed in zip(*columns, strict=True):
        monday = as_day(week)
        said = [week_hover(name, monday, int(letters))]
        said.append(_("{number} so far").format(number=wording.number(int(so_far))))
        if not pd.isna(needed):
            number = wording.number(int(needed))
            said.append(_("{number} needed by the end of the week").format(number=number))
        points.append(_Point(_counted_on(monday, today), int(so_far), "<br>".join(said)))
    return points


def _from_zero_on(points: list[_Point], issued_on: date, newest: date) -> list[_Point]:
    issued = _("Issued {day}").format(day=wording.day(issued_on))
    start = _Point(min(issued_on, points[0].day), 0, issued)
    # Nothing came after the last week with letters: the count is level up to now.
    level = [points[-1]._replace(day=newest)] if points[-1].day < newest else []
    return [start, *points, *level]


def _draw_line(sketch: Sketch, line: _Line) -> None:
    sketch.add_scatter(
        x=[point.day for point in line.points],
        y=[point.letters for point in line.points],
        name=as_text(line.name),
        mode="lines+markers",
        line={"color": line.colour, "dash": line.dash, "width": line.width},
        marker={
            "color": line.colour,
            "symbol": line.symbol,
            # Only the newest count is marked: 26 marks on a phone would hide the dashes.
            "size": [0] * (len(line.points) - 1) + [9],
            "opacity": 1,
            "line": {"width": 0},
        },
        hovertext=[point.hover for point in line.points],
        cliponaxis=False,
    )


# Goal and pace --------------------------------------------------------------------------------


def _draw_goal(sketch: Sketch, goal: int, start: date, end: date) -> None:
    sketch.add_line(
        x0=start,
        x1=end,
        y0=goal,
        y1=goal,
        line={"color": INK, "width": 1},
    )
    sketch.add_annotation(
        x=start,
        y=goal,
        text=_("Goal {number}").format(number=wording.number(goal)),
        xanchor="left",
        yanchor="bottom",
    )


def _draw_needed(sketch: Sketch, pace: rules.Pace, goal: int, deadline: date, today: date) -> None:
    aim = _("Goal: {number} by {day}").format(
        number=wording.number(goal), day=wording.day(deadline)
    )
    sketch.add_scatter(
        x=[today, deadline],
        y=[pace.letters, goal],
        mode="lines",
        line={"color": INK, "dash": "dot", "width": 2},
        showlegend=False,
        hovertext=f"{_still_needed(pace.needed_a_week or 0)}<br>{aim}",
        cliponaxis=False,
    )


def _name_needed(sketch: Sketch, pace: rules.Pace, goal: int, halfway: date) -> None:
    sketch.add_annotation(
        x=halfway,
        y=(pace.letters + goal) / 2,
        text=_("{number} a week needed").format(number=wording.number(pace.needed_a_week or 0)),
        xanchor="right",
        yanchor="bottom",
        xshift=-4,
    )


# Labels at the lines' ends --------------------------------------------------------------------


class _EndLabels:
    """What stands at each line's end: name and letters; letters alone where names are too long.

    Attributes:
        named: whether the names are in the labels; if not, a legend is needed.
        margin: px to the right of the axis.
    """

    def __init__(self, lines: Sequence[_Line], *, scale: float, shown: float, rising: bool) -> None:
        """Lay the labels out.

        Args:
            lines: the sum first, where there is one.
            scale: px a letter.
            shown: how far along the axis the lines end, 0 to 1.
            rising: whether the line still needed rises from the first line's end.
        """
        parts = [[*textwrap.wrap(line.name, 16), wording.number(line.letters)] for line in lines]
        self.named = sum(map(len, parts)) <= 12 and _widest(parts) <= 112
        if not self.named:
            parts = [[part[-1]] for part in parts]
        self._heights = [len(part) * LINE + 4 for part in parts]
        self._wanted = [line.letters * scale for line in lines]
        self._texts = [
            f'<span style="color:{line.colour}">{line.glyph}</span> '
            + "<br>&nbsp;&nbsp;&nbsp; ".join(as_text(words) for words in part)
            for line, part in zip(lines, parts, strict=True)
        ]
        # Beside the newest count, where they lie neither across the deadline nor, all of them being
        # below it, across the line still needed; else to the right of the axis.
        needs = 30 + round(_widest(parts))
        crossing = rising and max(self._wanted, default=0) < sum(self._heights)
        self._outside = crossing or (1 - shown) * (PHONE - 62) < needs
        self.margin = needs if lines and self._outside else 16
        if rising and lines and not self._outside:
            self._wanted[0] -= self._heights[0] / 2

    def draw(self, sketch: Sketch, *, beside: date) -> None:
        """Draw them; `beside` is the day at which the lines end."""
        for text, middle in zip(
            self._texts, _spread(self._wanted, self._heights, _PLOT), strict=True
        ):
            sketch.add_annotation(
                x=1 if self._outside else beside,
                xref="paper" if self._outside else "x",
                y=0,
                yref="paper",
                xshift=8,
                yshift=middle,
                xanchor="left",
                yanchor="middle",
                align="left",
                text=text,
            )


def _spread(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Return middles near those wanted (px from below) at which no two labels overlap."""
    order = sorted(range(len(wanted)), key=lambda place: (-wanted[place], place))
    middles = [0.0] * len(wanted)
    ceiling = room + LINE
    for place in order:
        middles[place] = min(wanted[place], ceiling - heights[place] / 2)
        ceiling = middles[place] - heights[place] / 2
    floor = -4.0
    for place in reversed(order):
        middles[place] = max(middles[place], floor + heights[place] / 2)
        floor = middles[place] + heights[place] / 2
    return middles


def _legend_rows(lines: Sequence[_Line]) -> int:
    entry = 50 + max(width_of(line.name) for line in lines)
    return math.ceil(len(lines) / max((PHONE - 40) // entry, 1))


def _widest(labels: Iterable[Iterable[str]]) -> float:
    return max((width_of(words) for label in labels for words in label), default=0)
