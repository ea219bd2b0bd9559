"""The dated happenings that a document tells.

A date counts where a sentence tells with a verb what happened on it. What is unsure stays out:
dates in names of laws and elsewhere without a verb, deadlines, page heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice

from tracker.documents.dates import DateInText, dates_in
from tracker.documents.draft import DraftEvent, How, Question, StatedDate, Value
from tracker.documents.happenings.clauses import Telling, clause_spans, telling, tells_something
from tracker.documents.happenings.missing_years import Surroundings, Tense, with_year
from tracker.documents.happenings.no_happenings import is_no_story, names_no_happening
from tracker.documents.happenings.same_days import leads_to_other_days, same_days_in
from tracker.documents.happenings.sentences import sentence_spans
from tracker.documents.happenings.words import (
    AHEAD_OF,
    BY_THEN,
    COMING,
    LEFT_OPEN,
    MEANT_FOR,
    OF_KIND,
    PAST,
    VAGUE_KINDS,
    WAS_COMING,
)
from tracker.documents.lexicon import word_set
from tracker.documents.structure import Passage
from tracker.rules import Precision

MOST_LETTERS = 200_000
"""So much of a document is read: five times a long Urgent Action."""

MOST_TOLD = 400
"""So many happenings, told again or not, are looked at; twenty are usual."""

RUNS_ON_FOR = 2
"""So many sentences after a date, a day without a year may still be of its year."""

NEAR = 80
"""So many letters before a date may say that it was still to come."""

MOST_DATES = 12
"""A sentence with more dates is a list or a table, and tells nothing."""

JOINED_BY = word_set(
    "and or y e et und on in the to until al a au bis from since el le am im des en up till "
    "again then hasta nochmals"
)
"""Words that may stand between two dates of one happening: "in 1999 and in 2011"."""

STOP_WORDS = word_set(
    "a an and are as at be been by for from had has have he her him his in is it its of on or she "
    "that the their them they this to was were which who with al de del el en la las le les los "
    "que se un una au aux des du elle et il par sa ses son das dem den der die er hat ihr im sie "
    "und wurde wurden à os o em foi ha a été"
)

WORD = re.compile(r"[^\W_]+")
RELATIVE_YEAR = re.compile(
    r",?\s(?:(?:this|the\ssame)\syear|(?:de|del)\s(?:este|presente)\saño|de\scette\sannée|"
    r"(?:dieses|desselben)\sjahres|deste\sano|"
    r"(?P<last>(?:of\s)?last\syear|del\saño\spasado|de\sl['’]année\sdernière|"
    r"(?:letzten|vergangenen|vorigen)\sjahres|do\sano\spassado))\b",
    re.IGNORECASE,
)
LATER = re.compile(
    r"\b(?:later|más\starde|después|plus\stard|après|später|danach|depois|mais\starde),?\s"
    r"(?:(?:on|el|le|am|em|a|in|en|im)\s)?(?:the\s)?$",
    re.IGNORECASE,
)
ALSO = re.compile(
    r"(?<!but\s)(?<!sino\s)(?<!mais\s)(?<!sondern\s)(?<!mas\s)"
    r"\b(?:also|likewise|también|aussi|également|auch|ebenfalls|também)\b"
    r"(?!\s(?:known|called|named|spel|written|conocid|llamad|connu|appel|bekannt|genannt|conhecid))",
    re.IGNORECASE,
)
HUNDREDS = re.compile(r"(?<![\d.,/])(?!(?:19|20)\d\d\b)\d{1,3}(?:[., ]?\d{3})+\s\w|\b\d{3}\s\w")
"""So many people are no one person whose day is told elsewhere."""
PREPOSITION = re.compile(
    r"\b(?:on|in|since|by|until|before|after|from|el|le|am|im|en|em|seit|depuis|desde)\s"
    r"(?:(?:early|late|last|the)\s)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Cluster:
    """Dates that are told together, and where."""

    start: int
    end: int
    dates: tuple[DateInText, ...]


@dataclass(frozen=True)
class _Told:
    """A happening, and what its clause tells of it.

    Attributes:
        another: whether it is told as one more: "also arrested", "on the same day".
    """

    event: DraftEvent
    telling: Telling
    another: bool


@dataclass
class _Story:
    """A passage while it is read, and what fixes the years that are missing in it.

    Attributes:
        last: the last day or month told, as long as the text runs on from it.
        only_day: the day to which "on the same day" goes back, as long.
    """

    passage: Passage
    issued_on: date | None
    deadline: date | None
    last: date | None = None
    only_day: date | None = None
    sentences_since: int = 0


def events(
    passages: Sequence[Passage], *, issued_on: date | None, deadline: date | None
) -> tuple[tuple[DraftEvent, ...], tuple[Question, ...]]:
    """Return the happenings with their dates, each once, by date in the order told.

    A question comes for each day or month whose year nothing fixes.
    """
    by_date: dict[StatedDate, list[_Told]] = {}
    questions: dict[str, Question] = {}
    for each in islice(_told(passages, issued_on, deadline), MOST_TOLD):
        if isinstance(each, Question):
            questions.setdefault(each.text, each)
            continue
        on_date = by_date.setdefault(each.event.date.value, [])
        same = next((i for i, other in enumerate(on_date) if _same(each, other)), None)
        if same is None:
            on_date.append(each)
        elif on_date[same].telling.lasts and not each.telling.lasts:
            # "Held since 3 May" begins with "arrested on 3 May".
            on_date[same] = each
    days = [each for on_date in by_date.values() for each in on_date]
    told = tuple(each.event for each in days if not _told_more_exactly(each, days))
    return told, tuple(questions.values())


def _told(
    passages: Sequence[Passage], issued_on: date | None, deadline: date | None
) -> Iterator[_Told | Question]:
    read = 0
    for passage in passages:
        read += len(passage.text)
        if read > MOST_LETTERS:
            return
        yield from _told_in(_Story(passage, issued_on, deadline))


def _told_in(story: _Story) -> Iterator[_Told | Question]:
    text = story.passage.text
    if is_no_story(story.passage):
        return
    named = dates_in(text)
    dates = sorted([*named, *same_days_in(text, named)], key=lambda each: each.start)
    first = 0
    for start, end in sentence_spans(text, [(each.start, each.end) for each in dates]):
        # Both run from left to right: what lies behind need not be looked at again.
        after = next((i for i in range(first, len(dates)) if dates[i].start >= end), len(dates))
        here, first = dates[first:after], after
        story.sentences_since += 1
        if story.sentences_since > RUNS_ON_FOR:
            story.last = story.only_day = None
        if not here or len(here) > MOST_DATES or not tells_something(text[start:end]):
            continue
        known = (story.issued_on, story.deadline)
        told = [each for each in here if not names_no_happening(text, (start, end), each, *known)]
        yield from _told_in_sentence(story, (start, end), told)


def _told_in_sentence(
    story: _Story, sentence: tuple[int, int], dates: Sequence[DateInText]
) -> Iterator[_Told | Question]:
    passage, text = story.passage, story.passage.text
    clusters = _clusters(text, dates)
    clauses = clause_spans(text, sentence, [(each.start, each.end) for each in clusters])
    words = None
    days: list[date] = []
    for cluster, clause in zip(clusters, clauses, strict=True):
        # "On 6 May and again on 9 May": what was told before is told of the second day, too.
        words = telling(text, clause, (cluster.start, cluster.end)) or words
        for each in cluster.dates:
            tense = _tense(text[clause[0] : each.start], words.main if words else "")
            goes_back = each.day is None and each.month_day is None
            if goes_back:
                day = days[-1] if days else story.only_day
                if day is None:
                    continue
            else:
                day = each.day or _day_with_year(story, each, cluster, dates, tense)
            if day is None:
                source = passage.source(each.start, each.end, How.PROSE)
                yield Question("events", _with_preposition(text, sentence[0], each), source)
                continue
            if each.precision is not Precision.YEAR:
                story.last, story.sentences_since = day, 0
                story.only_day = None
            if each.precision is Precision.DAY:
                days.append(day)
            if words:
                inferred = each.day is None
                source = passage.source(each.start, each.end, How.PROSE, inferred=inferred)
                stated = Value(StatedDate(day, each.precision), source)
                event = DraftEvent(stated, words.about, text[sentence[0] : sentence[1]].strip())
                another = goes_back or ALSO.search(words.main) is not None
                yield _Told(event, words, another)
    sure = len(set(days)) == 1 and not leads_to_other_days(text[slice(*sentence)])
    story.only_day = days[0] if sure else story.only_day


def _day_with_year(
    story: _Story,
    missing: DateInText,
    cluster: _Cluster,
    dates: Sequence[DateInText],
    tense: Tense,
) -> date | None:
    if missing.month_day is None:
        return None
    relative = RELATIVE_YEAR.match(story.passage.text, missing.end)
    if relative:
        last_year = relative["last"] is not None
        return _day(story.issued_on, missing.month_day, years_before=int(last_year))
    earlier = [each.day for each in dates if each.start < missing.start and each.day]
    later = [each.day for each in dates if each.start >= missing.start and each.day]
    before = story.passage.text[max(missing.start - NEAR, 0) : missing.start]
    if story.last and LATER.search(before):
        earlier.insert(0, story.last)
    around = Surroundings(
        told_before=story.last,
        same_sentence=earlier[-1] if earlier else None,
        told_after=later[0] if later else None,
        belongs=any(each.day for each in cluster.dates),
    )
    return with_year(
        missing.month_day, around, tense, issued_on=story.issued_on, deadline=story.deadline
    )


def _day(issued_on: date | None, month_day: tuple[int, int], years_before: int) -> date | None:
    with suppress(ValueError):
        return date(issued_on.year - years_before, *month_day) if issued_on else None
    return None


def _tense(before: str, words: str) -> Tense:
    """Return when it happens, by what stands before the date and what is told of it."""
    open_until = BY_THEN.search(before) and LEFT_OPEN.search(words)
    meant_for = MEANT_FOR.search(before) or AHEAD_OF.search(before[-NEAR:])
    if WAS_COMING.search(words) or meant_for or open_until:
        return Tense.EITHER
    coming, past = COMING.search(words), PAST.search(words)
    return Tense.COMING if coming and not (past and past.start() < coming.start()) else Tense.PAST


def _clusters(text: str, dates: Sequence[DateInText]) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    for each in dates:
        last = clusters[-1] if clusters else None
        if last and (each.start < last.end or _joined(text[last.end : each.start])):
            clusters[-1] = _Cluster(last.start, each.end, (*last.dates, each))
        else:
            clusters.append(_Cluster(each.start, each.end, (each,)))
    return clusters


def _joined(between: str) -> bool:
    words = between.replace(",", " ").replace("–", " ").replace("-", " ").lower().split()
    return len(words) <= 4 and JOINED_BY.issuperset(words)


def _with_preposition(text: str, start: int, missing: DateInText) -> str:
    before = text[max(start, missing.start - 16) : missing.start]
    found = PREPOSITION.search(before)
    return (found[0] if found else "") + text[missing.start : missing.end]


def _told_more_exactly(told: _Told, others: Sequence[_Told]) -> bool:
    """Return whether another tells with its day what this one tells with its month."""
    month = told.event.date.value
    return month.precision is Precision.MONTH and any(
        other.event.date.value.precision is Precision.DAY
        and other.event.date.value.day.replace(day=1) == month.day
        and _alike(told, other)
        and not HUNDREDS.search(told.telling.main)
        for other in others
    )


def _same(one: _Told, other: _Told) -> bool:
    """Return whether two tellings of one date tell, as far as can be seen, the same happening.

    Documents come back to a day in other words more often than they tell of two happenings on it:
    these must be of two kinds, or one must be told as one more.
    """
    if one.another != other.another:
        return False
    kinds = [_kinds(each.telling.main) for each in (one, other)]
    return not all(kinds) or not kinds[0].isdisjoint(kinds[1]) or _alike(one, other)


def _kinds(words: str) -> set[str]:
    return {kind for kind, pattern in OF_KIND.items() if pattern.search(words)} - VAGUE_KINDS


def _alike(one: _Told, other: _Told) -> bool:
    if any(
        kind.search(one.telling.main) and kind.search(other.telling.main)
        for kind in OF_KIND.values()
    ):
        return True
    ours, theirs = _content(one.telling.main), _content(other.telling.main)
    return 2 * len(ours & theirs) >= min(len(ours), len(theirs))


def _content(words: str) -> set[str]:
    """Return the beginnings of the words that say something."""
    return {word[:5] for word in WORD.findall(words.lower()) if word not in STOP_WORDS}
