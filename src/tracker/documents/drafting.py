"""A document's lines → a draft: each part is told apart first, then asked for what it can hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import eq

from tracker.documents.addresses.greetings import greeted, prioritised
from tracker.documents.asks import asks
from tracker.documents.draft import ActionKind, Draft, How, Question
from tracker.documents.files.paper import Format, Paper, Reason, Unreadable
from tracker.documents.happenings import events
from tracker.documents.layouts import Field, layout_of
from tracker.documents.parts import heads_of_pages, taken_apart
from tracker.documents.people import people
from tracker.documents.printed import days, labels, links, numbers
from tracker.documents.printed.languages import languages
from tracker.documents.printed.title import title
from tracker.documents.structure import Row, passages_of, rows_of

MOST_CHARACTERS = 150_000
LONGEST_ROW = 20_000
"""So much of a document is read: an Urgent Action has ten thousand characters in all."""


def draft_of(paper: Paper) -> Draft:
    """Return what a document says.

    Raises:
        Unreadable: it has no words, or none by which an Urgent Action is told.
    """
    rows_there = rows_of(paper.lines, whole=paper.format is Format.DOCX)
    everything = _beginning(rows_there)
    if not everything:
        raise Unreadable(Reason.NO_TEXT)
    layout = layout_of(everything)
    heads = heads_of_pages(everything)
    rows = tuple(row for row in everything if not labels.is_head(row) and row not in heads)
    whole = passages_of(rows)
    headline = title(rows, layout)
    parts = taken_apart(rows, layout, headline)
    story = passages_of(parts.story)
    issued = days.issued_on(everything, layout)
    issue_day = issued.value if issued else None
    deadline = days.deadline(rows, whole, layout, issue_day)
    previous = links.previous_url(rows, whole, layout)
    kind = numbers.kind(everything, layout, previous)
    stopped = kind.value is ActionKind.STOP
    named, own_language = languages(rows, whole, layout)
    targets = greeted(prioritised(parts.targets, passages_of(parts.told)), parts.openings)
    happened, open_dates = events(
        story, issued_on=issue_day, deadline=deadline.value if deadline else None
    )
    number, index = numbers.number(everything), numbers.index(everything)
    names = [value for value, _ in labels.behind(rows, layout, Field.NAMES)]
    wanted = () if stopped else asks(passages_of(parts.told))
    if not any((number, index, deadline, previous, targets, names, wanted)):
        raise Unreadable(Reason.NO_URGENT_ACTION)
    return Draft(
        name=paper.name,
        family=layout.family,
        kind=kind,
        title=headline,
        ua_number=number,
        index=index,
        issued_on=issued,
        deadline=None if stopped else deadline,
        people=people(
            names,
            headline.value if headline else "",
            story,
            [target.name.value for target in targets if target.name],
        ),
        targets=targets,
        languages=named,
        own_language=own_language,
        previous_url=previous,
        asks=wanted,
        events=happened,
        questions=(
            *(() if issued else days.unclear(rows, layout, Field.ISSUED_ON, "issued_on")),
            *(
                ()
                if deadline or stopped
                else days.unclear(rows, layout, Field.DEADLINE, "deadline")
            ),
            *open_dates,
            *_unread(everything, rows_there),
        ),
    )


def _unread(read: Sequence[Row], there: Sequence[Row]) -> tuple[Question, ...]:
    """Return the question that is left where a document is longer than what is read of it."""
    if len(read) == len(there) and all(map(eq, read, there)):
        return ()
    return (Question("document", read[-1].text[:80], read[-1].source(How.LAYOUT)),)


def _beginning(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows of a document as far as it is read."""
    kept = []
    left = MOST_CHARACTERS
    for row in rows:
        if len(row.text) > LONGEST_ROW:
            text = row.text[:LONGEST_ROW]
            kept.append(replace(row, text=text, cells=(text,), raw=text))
        else:
            kept.append(row)
        left -= len(kept[-1].text) + 1
        if left < 0:
            break
    return tuple(kept)
