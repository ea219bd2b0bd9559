"""The lanes of a timeline: where each mark, bar and word goes, so that none hides another."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from tracker import rules
from tracker.charts.drawing import DAY_MS, INK, LINE, PHONE, Sketch, as_text, width_of
from tracker.charts.happenings import Happening
from tracker.wording import gettext as _

LEFT = 34
RIGHT = 28
"""Pixels beside the time axis: room for the bars' counts, and for arrows."""

_ROW = 24  # px
_HEAD = 26  # px for a lane's name
_SPACE = 8  # px after a label, before what comes next

_SYMBOLS = {
    "arrest": "square",
    "detention": "square",
    "incommunicado": "pentagon",
    "charge": "diamond",
    "trial": "hexagon",
    "sentence": "triangle-down",
    "appeal": "triangle-up",
    "ill-treatment": "x",
    "health": "cross",
    "opinion": "star",
    "statement": "triangle-right",
    "release": "hexagram",
    "other": "circle",
}

# One grey, by weight: the page's own text colour reads well on what lies behind words.
_PALE = "rgba(138, 127, 112, 0.2)"
_HELD = "rgba(138, 127, 112, 0.45)"
_FIRM = "rgba(138, 127, 112, 0.85)"
_HATCH = "rgba(138, 127, 112, 0.6)"


class _Mark(NamedTuple):
    day: date
    y: float
    symbol: str
    hover: str


class _Bar(NamedTuple):
    start: date
    stop: date
    y: float
    height: float
    colour: str
    pattern: str
    hover: str


class Lanes:
    """The lanes, filled from above. Their y-axis is in pixels, 0 at the top.

    Each event gets the first row of its lane in which its mark and its words have room on a phone;
    on a wider screen they only move apart. A word keeps clear of `uprights` where it can.

    Attributes:
        height: px that the lanes take so far.
    """

    def __init__(
        self, axis: tuple[date, date], uprights: Iterable[date], *, newest: date, today: date
    ) -> None:
        """Begin without a lane; up to `newest` the record says what lasts, then up to today not."""
        self.height = 0.0
        self._first = axis[0]
        self._newest = newest
        self._today = today
        self._px_a_day = (PHONE - LEFT - RIGHT) / (axis[1] - axis[0]).days
        self._uprights = [self._px(day) for day in uprights]
        self._marks: list[_Mark] = []
        self._bars: list[_Bar] = []
        self._notes: list[dict[str, Any]] = []

    def add(self, name: str, events: Sequence[Happening]) -> None:
        """Add a lane below the others: its name, what lasts, what happened, what has no date."""
        self._note(f"<b>{as_text(name)}</b>", self.height + _HEAD / 2)
        top = self.height + _HEAD
        taken: list[list[tuple[float, float]]] = []
        # Detention first: it is the band under which the rest of the lane stands.
        for event in sorted(events, key=lambda event: (event.kind != "detention", not event.spans)):
            if event.bounds is not None:
                self._place(event, *event.bounds, top, taken)
        self.height = top + _ROW * len(taken)
        dateless = [event for event in events if event.bounds is None]
        if dateless:
            self._name_dateless(dateless)
        self.height += 8

    def draw(self, sketch: Sketch) -> None:
        """Put all lanes on the figure's first y-axis."""
        if self._bars:
            sketch.add_bar(
                orientation="h",
                base=[bar.start for bar in self._bars],
                x=[(bar.stop - bar.start).days * DAY_MS for bar in self._bars],
                y=[bar.y for bar in self._bars],
                width=[bar.height for bar in self._bars],
                marker={
                    "color": [bar.colour for bar in self._bars],
                    "line": {"width": 0},
                    "pattern": {
                        "shape": [bar.pattern for bar in self._bars],
                        "fillmode": "overlay",
                        "fgcolor": _HATCH,
                        "size": 6,
                        "solidity": 0.2,
                    },
                },
                hovertext=[bar.hover for bar in self._bars],
            )
        if self._marks:
            sketch.add_scatter(
                x=[mark.day for mark in self._marks],
                y=[mark.y for mark in self._marks],
                mode="markers",
                marker={
                    "symbol": [mark.symbol for mark in self._marks],
                    "size": 11,
                    "color": INK,
                    "line": {"width": 1.5, "color": INK},
                },
                hovertext=[mark.hover for mark in self._marks],
                cliponaxis=False,
            )
        for note in self._notes:
            sketch.add_annotation(**note)

    def _place(
        self,
        event: Happening,
        begin: date,
        begun: date,  # it began between these two
        top: float,
        taken: list[list[tuple[float, float]]],
    ) -> None:
        end = max(event.until or self._today, begin) if event.spans else begun
        # What the mark takes beyond its days, in pixels: half of the symbol, the arrow.
        clear = 4 if event.spans else 10
        before = clear + (20 if event.precision is rules.Precision.BEFORE else 0)
        after = clear + (16 if event.spans and (event.at_least or event.open) else 0)
        left, right = self._px(begin) - before, self._px(end) + after
        band = self._px(end) - self._px(begin) - clear if event.spans else 0.0
        words = width_of(event.label) + _SPACE
        ahead = self._is_better(right, right + words, than=(left - words, left))
        # Where no place has room for all the words, the roomiest takes as many as it has room for.
        beside = PHONE - LEFT - right if ahead else left + LEFT
        within = band > words or beside < min(words, band)
        label = _shortened(event.label, (band if within else beside) - _SPACE)
        words = width_of(label) + _SPACE
        if not within:
            left, right = (left, right + words) if ahead else (left - words, right)
        y = top + _ROW * (_free_row(taken, left, right) + 0.5)

        if event.spans:
            self._span(event, (begin, min(begun, end), end), y, band=within)
        else:
            self._point(event, (begin, begun), y)
        if within:
            self._note(as_text(label), y, x=begin, xshift=clear + 2)
        elif ahead:
            self._note(as_text(label), y, x=end, xshift=after)
        else:
            self._note(as_text(label), y, x=begin, xshift=-before, xanchor="right")
        if before > clear:
            self._arrow(begin, y, head=-before + 2, tail=16)
        if after > clear:
            self._arrow(end, y, head=after - 2, tail=-16)

    def _span(
        self, event: Happening, days: tuple[date, date, date], y: float, *, band: bool
    ) -> None:
        begin, begun, end = days
        known = min(max(self._newest, begun), end) if event.open else end
        # A band has its words on it; detention is always one, so that it is the broadest.
        held = event.kind == "detention"
        height, firm = (18 if held else 14, _HELD) if held or band else (8, _FIRM)
        for start, stop, colour, pattern in (
            (begin, begun, _PALE, ""),
            (begun, known, firm, ""),
            (known, end, _PALE, "/"),
        ):
            if start < stop:
                self._bars.append(_Bar(start, stop, y, height, colour, pattern, event.hover))

    def _point(self, event: Happening, days: tuple[date, date], y: float) -> None:
        first, last = days
        if first < last:  # somewhere in that month or year
            stop = last + timedelta(days=1)
            self._bars.append(_Bar(first, stop, y, 18, _PALE, "", event.hover))
        symbol = _SYMBOLS.get(event.kind, "circle")
        if event.precision is not rules.Precision.DAY:
            symbol += "-open"
        self._marks.append(_Mark(first + (last - first) / 2, y, symbol, event.hover))

    def _name_dateless(self, events: Sequence[Happening]) -> None:
        labels = dict.fromkeys(event.label for event in events)
        said = _("Date not known: {events}").format(events="; ".join(labels))
        lines = textwrap.wrap(said, 56)
        self._note(
            "<br>".join(f"<i>{as_text(line)}</i>" for line in lines),
            self.height + 2,
            yanchor="top",
            hovertext="<br>".join(event.hover for event in events),
        )
        self.height += LINE * len(lines) + 4

    def _note(self, text: str, y: float, *, x: date | None = None, **more: Any) -> None:
        place = {"x": 0, "xref": "paper", "xshift": 2 - LEFT} if x is None else {"x": x}
        look = {"xanchor": "left", "yanchor": "middle", "align": "left"}
        self._notes.append({"text": text, "y": y, "yref": "y", **look, **place, **more})

    def _arrow(self, x: date, y: float, *, head: float, tail: float) -> None:
        self._notes.append(
            {"x": x, "y": y, "yref": "y", "xshift": head, "ax": tail, "ay": 0, "text": ""}
            | {"showarrow": True, "arrowhead": 2, "arrowwidth": 1.5, "arrowcolor": INK}
        )

    def _is_better(self, left: float, right: float, *, than: tuple[float, float]) -> bool:
        """Return whether words stand there at least as well: on the figure, off the uprights."""
        return self._faults(left, right) <= self._faults(*than)

    def _faults(self, left: float, right: float) -> tuple[float, int]:
        outside = max(-LEFT - left, right - (PHONE - LEFT), 0.0)
        return outside, sum(left < upright < right for upright in self._uprights)

    def _px(self, day: date) -> float:
        return (day - self._first).days * self._px_a_day


def _free_row(taken: list[list[tuple[float, float]]], left: float, right: float) -> int:
    """Take and return the first row in which nothing lies between those pixels."""
    for place, row in enumerate(taken):
        if all(right <= start or stop <= left for start, stop in row):
            row.append((left, right))
            return place
    taken.append([(left, right)])
    return len(taken) - 1


def _shortened(label: str, room: float) -> str:
    """Return as many of the label's words as so many pixels hold; of a single one, its letters."""
    if width_of(label) <= room:
        return label
    words = label.split()
    parts = [" ".join(words[:number]) for number in range(len(words) - 1, 0, -1)]
    parts += [words[0][:number] for number in range(len(words[0]) - 1, 0, -1)]
    return next((part + "…" for part in parts if width_of(part + "…") <= room), "…")
