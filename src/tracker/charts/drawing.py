"""What both figures are made of: colours, axes, labelled verticals, the width of words."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from tracker import wording
from tracker.wording import ngettext

OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""In priority order. Without black and yellow, which vanish on a dark and on a light page."""

INK = "#8A7F70"
"""A grey with a contrast above 3.5 on paper and on the dark page."""

ACCENT = "#C27A12"

PHONE = 350
"""Pixels that a page leaves a figure on a screen that is 390 wide."""

TEXT = 12
LINE = 16
"""Pixels: the size of text, and from one line of it to the next."""

DAY_MS = 86_400_000


def as_text(words: str) -> str:
    """Return words so that plotly shows them as they are: it reads tags, but no quote's entity."""
    return html.escape(words, quote=False)


def target_colours(targets: Sequence[str]) -> dict[str, str]:
    """Return each target's colour (hex), the same in every chart.

    Args:
        targets: names in priority order, the first-priority target first.
    """
    return {name: OKABE_ITO[place % len(OKABE_ITO)] for place, name in enumerate(targets)}


def target_names(weeks: pd.DataFrame) -> list[str]:
    """Return the names of the targets in letters by week, in priority order."""
    ordered = weeks.sort_values(["priority", "target"])
    return [str(name) for name in ordered["target"].unique()]


def week_hover(name: str, monday: date, letters: int) -> str:
    """Return what hovering over a target's week says first."""
    said = ngettext(
        "Week of {day}: {number} letter", "Week of {day}: {number} letters", letters
    ).format(day=wording.day(monday), number=wording.number(letters))
    return f"<b>{as_text(name)}</b><br>{said}"


class Sketch:
    """A figure in the making, in plain lists: plotly checks all of a figure at each addition."""

    def __init__(self, **layout: Any) -> None:
        """Begin with what the layout says beside annotations and shapes."""
        self._layout = layout
        self._traces: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []
        self._shapes: list[dict[str, Any]] = []

    def add_scatter(self, **trace: Any) -> None:
        """Add lines or marks (`go.Scatter`: SVG, never WebGL)."""
        self._traces.append({"type": "scatter", "hoverinfo": "text", **trace})

    def add_bar(self, **trace: Any) -> None:
        """Add bars (`go.Bar`)."""
        self._traces.append({"type": "bar", "hoverinfo": "text", **trace})

    def add_annotation(self, **annotation: Any) -> None:
        """Add words, or an arrow if `showarrow` says so."""
        self._annotations.append({"showarrow": False, **annotation})

    def add_line(self, **shape: Any) -> None:
        """Add a straight line, above the grid and below the data."""
        self._shapes.append({"type": "line", "layer": "between", **shape})

    def add_axis(self, name: str, axis: dict[str, Any]) -> None:
        """Add an axis beyond the first two."""
        self._layout[name] = axis

    def figure(self) -> go.Figure:
        """Return the figure; it leaves the colours of text and grid to the page's theme."""
        return go.Figure(
            data=self._traces,
            layout={
                # Not plotly's default, which importing Streamlit changes for the whole process.
                "template": "none",
                "paper_bgcolor": "rgba(0, 0, 0, 0)",
                "plot_bgcolor": "rgba(0, 0, 0, 0)",
                "font": {"size": TEXT},
                "hovermode": "closest",
                "hoverlabel": {"align": "left"},
                "dragmode": False,
                "annotations": self._annotations,
                "shapes": self._shapes,
                **self._layout,
            },
        )


def days_axis(first: date, last: date) -> dict[str, Any]:
    """Return the x-axis from one day to another."""
    return {
        "type": "date",
        "range": [first, last],
        "fixedrange": True,
        "automargin": False,
        "showgrid": False,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickangle": 0,
    }


def counts_axis(highest: int, *, steps: int) -> dict[str, Any]:
    """Return the y-axis for counts up to `highest`: from zero, about `steps` whole ticks."""
    rough = max(highest, 1) / steps
    size = 10 ** max(math.floor(math.log10(rough)), 0)
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    top = max(math.ceil(highest * 1.08), 1)
    ticks = list(range(0, top + 1, step))
    return {
        "range": [0, top],
        "tickvals": ticks,
        "ticktext": [wording.number(tick) for tick in ticks],
        "fixedrange": True,
        "automargin": False,
        "zeroline": True,
        "ticklabelstandoff": 4,
    }


def draw_upright(
    sketch: Sketch,
    day: date,
    said: str,
    axis: tuple[date, date],
    *,
    colour: str = INK,
    row: int = 0,
    parts: Sequence[tuple[float, float]] = ((0, 1),),
) -> None:
    """Draw a labelled vertical.

    Args:
        figure: where to draw it.
        day: the day that it marks.
        said: its label, in which {day} stands for the day.
        axis: first and last day of the x-axis.
        colour: the line's; words keep the page's.
        row: the label's place, counted upwards from the top of the axes.
        parts: from where to where it runs, 0 being the bottom of the axes and 1 the top.
    """
    for y0, y1 in parts:
        sketch.add_line(
            x0=day,
            x1=day,
            y0=y0,
            y1=y1,
            yref="paper",
            line={"color": colour, "width": 1},
        )
    sketch.add_annotation(
        x=day,
        y=1,
        yref="paper",
        yshift=row * LINE + 1,
        text=said.format(day=wording.short_day(day)),
        # Towards the middle of the axis, where there is room on either screen.
        xanchor="right" if is_late(day, axis) else "left",
        yanchor="bottom",
    )


def is_late(day: date, axis: tuple[date, date]) -> bool:
    """Return whether the day lies in the axis's second half."""
    return (day - axis[0]) > (axis[1] - axis[0]) / 2


def width_of(text: str) -> float:
    """Return about how many pixels the text is wide at the charts' size."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return TEXT * (wide + 0.56 * (len(text) - wide))


def as_day(value: Any) -> date:
    """Return a data frame's date as a plain one."""
    return pd.Timestamp(value).date()


def as_day_or_none(value: Any) -> date | None:
    """Return a data frame's date as a plain one, NaT as None."""
    return None if pd.isna(value) else as_day(value)
