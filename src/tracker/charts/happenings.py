"""A case's events as the timeline needs them: their words, and the days that bound them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import pandas as pd

from tracker import rules, wording
from tracker.charts.drawing import as_day_or_none, as_text
from tracker.wording import gettext as _

_STATES = frozenset({"detention", "incommunicado"})  # these last, also where no end is recorded


def kind_label(code: str) -> str:
    """Return what to call an event of that kind; `code` is one of `models.EventKind`."""
    labels = {
        "arrest": _("arrest"),
        "detention": _("detention"),
        "incommunicado": _("incommunicado"),
        "charge": _("charge"),
        "trial": _("trial"),
        "sentence": _("sentence"),
        "appeal": _("appeal"),
        "ill-treatment": _("ill-treatment"),
        "health": _("health"),
        "opinion": _("UN opinion"),
        "statement": _("statement"),
        "release": _("release"),
        "other": _("other"),
    }
    return labels.get(code, code)


@dataclass(frozen=True)
class Happening:
    """One event of a case; the columns that `timeline` takes, as plain values."""

    kind: str
    precision: rules.Precision
    start: date | None
    until: date | None
    at_least: bool
    people: tuple[str, ...]
    text: str

    @property
    def open(self) -> bool:
        """Whether it lasts without a recorded end."""
        return self.until is None and self.kind in _STATES

    @property
    def spans(self) -> bool:
        """Whether it lasts, rather than happens on a day."""
        return self.open or self.until is not None

    @property
    def bounds(self) -> tuple[date, date] | None:
        """The days between which it began; None where it has no place on the axis."""
        last = rules.latest(self.start, self.precision)
        first = rules.earliest(self.start, self.precision) or last
        return None if first is None or last is None else (first, last)

    @property
    def days(self) -> list[date]:
        """Every day that its record names; none where its beginning is not known."""
        return [] if self.bounds is None else [*self.bounds, *([self.until] if self.until else [])]

    @property
    def label(self) -> str:
        """The words beside its mark: the kind, or, as "other" says nothing, what happened."""
        if self.kind == "other":
            return textwrap.shorten(self.text, 26, placeholder="…")
        return kind_label(self.kind)

    @property
    def in_words(self) -> str:
        """What to call it where there is room: as `label`, but nothing is cut off."""
        return self.text if self.kind == "other" else kind_label(self.kind)

    @property
    def when(self) -> str:
        """Its days, as exactly as they are known."""
        start = wording.rough_day(self.start, self.precision)
        if not self.spans:
            return start
        if self.until is None:
            return _("{start}; no end recorded").format(start=start)
        end = wording.day(self.until)
        if self.bounds is None:
            said = _("until at least {end}") if self.at_least else _("until {end}")
        else:
            said = _("{start} to at least {end}") if self.at_least else _("{start} to {end}")
        return said.format(start=start, end=end)

    @property
    def hover(self) -> str:
        """What hovering over it says, in lines that a phone has room for."""
        text = "<br>".join(as_text(line) for line in textwrap.wrap(self.text, 46))
        return f"<b>{as_text(kind_label(self.kind))}</b><br>{as_text(self.when)}<br>{text}"


def read_events(events: pd.DataFrame) -> list[Happening]:
    """Return the rows of a data frame of events (see `timeline`), oldest first, dateless last."""
    columns = (
        events[name]
        for name in ("kind", "precision", "date", "until", "until_at_least", "people", "event")
    )
    found = [
        Happening(
            kind=str(kind),
            precision=rules.Precision(str(precision)),
            start=as_day_or_none(start),
            until=as_day_or_none(until),
            at_least=bool(at_least),
            people=tuple(cast("tuple[str, ...]", people)),
            text=str(text),
        )
        for kind, precision, start, until, at_least, people, text in zip(*columns, strict=True)
    ]
    never = (date.max, date.max)
    return sorted(found, key=lambda event: (event.bounds or never, event.kind, event.text))


def by_person(events: Sequence[Happening]) -> list[tuple[str, list[Happening]]]:
    """Return each person's events, in the case's order; last, those that name nobody."""
    named = {name for event in events for name in event.people}
    # Each event names its people in the case's order: who stands behind more others comes later.
    before: dict[str, set[str]] = {name: set() for name in named}
    for event in events:
        for place, name in enumerate(event.people):
            before[name].update(event.people[:place])
    lanes = [
        (name, [event for event in events if name in event.people])
        for name in sorted(named, key=lambda name: (len(before[name]), name))
    ]
    others = [event for event in events if not event.people]
    return [*lanes, (_("The case as a whole"), others)] if others else lanes
