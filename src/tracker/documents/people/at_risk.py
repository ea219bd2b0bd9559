"""Who is at risk where no label says so: told by the title and by what the prose says.

Every mention of a name is weighed; at MARK_TO_PASS it is believed. What is unsure stays out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from tracker.documents.draft import How, Value
from tracker.documents.people.names import (
    NameInText,
    is_fuller_form,
    is_spelling_of,
    without_courtesy,
    words_of,
)
from tracker.documents.people.other_names import Prose
from tracker.documents.people.risk_words import (
    AFTER_AT_RISK,
    AFTER_OTHERS,
    AGE,
    BEFORE_AT_RISK,
    BEFORE_HARMED,
    BEFORE_NO_SUBJECT,
    BEFORE_OTHERS,
    BEFORE_PLACE,
    GENDER_MARK,
    HARM,
    LISTED_TOGETHER,
)
from tracker.documents.structure import Passage

_OWNS = re.compile(r"['’]s(?!\w)", re.IGNORECASE)

_COURTESY = re.compile(
    r"(?:(?<!\w)(?:Dra?|Mrs?|Ms|Prof|Sra?|Srta|Mme|Mlle|M|Herrn?|Frau|Rev)\.?\s)+$"
)

MARK_TO_PASS = 4
MOST_PEOPLE = 30
_MOST_CANDIDATES = 300
_BEFORE, _AFTER = 120, 300
_BEGINNING = 3
"""So many paragraphs are a document's beginning."""

_IN_TITLE, _GENDER, _ASKED_FOR, _HARMED, _FIRST_SENTENCE = 3, 4, 3, 2, 3
_SOMEBODY_ELSE, _OFFICIAL, _PLACE = -8, -3, -3


@dataclass
class _Candidate:
    forms: Counter[str] = field(default_factory=Counter)
    full_forms: dict[str, None] = field(default_factory=dict)
    mentions: list[tuple[int, NameInText]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    against: int = 0

    @property
    def mark(self) -> int:
        """Return the sum of what speaks for them and against.

        Whom the title names and the letter asks for may be somebody's sister as well.
        """
        told = self.counts
        return (
            _IN_TITLE * min(told["title"], 1)
            + _GENDER * min(told["gender"], 1)
            + _ASKED_FOR * min(told["asked"], 2)
            + _HARMED * min(told["harmed"], 2)
            + _FIRST_SENTENCE * min(told["first sentence"], 1)
            + min(told["beginning"], 1)
            + min(told["age"], 1)
            + min(len(self.mentions) - 1, 3)
            + (0 if told["title"] and told["asked"] else _SOMEBODY_ELSE * told["somebody else"])
            + self.against
        )

    @property
    def believed(self) -> bool:
        """Whether its mark is enough, and not for being named often alone."""
        signs = ("title", "gender", "asked", "harmed", "first sentence")
        return self.mark >= MARK_TO_PASS and any(self.counts[sign] for sign in signs)

    @property
    def name(self) -> str:
        # Where a sentence begins, its first word may be none of the name: "Cartoonist Ali Bo".
        sure = Counter({form: self.forms[form] for form in self.full_forms})
        usual = sure.most_common(1)[0][0] if sure else min(self.forms, key=len)
        fuller = [form for form in self.full_forms if is_fuller_form(form, usual)]
        return max(fuller, key=len, default=usual)


def people_at_risk(title: str, prose: Prose, officials: Collection[str]) -> list[Value[str]]:
    """Return the names of the people that the document is about, by their first mention."""
    theirs = [set(words_of(without_courtesy(official))) for official in officials]
    candidates: list[_Candidate] = []
    by_text: dict[str, _Candidate] = {}
    for i, name in prose.names:
        ours = set(words_of(name.text))
        if any(ours <= words or words <= ours for words in theirs if words):
            continue
        candidate = by_text.get(name.text) or _candidate(candidates, name.text)
        if len(candidates) > _MOST_CANDIDATES:
            break
        by_text[name.text] = candidate
        candidate.forms[name.text] += 1
        candidate.mentions.append((i, name))
        if not name.at_start and not prose.passages[i].heading:
            candidate.full_forms[name.text] = None
    _weigh(title, prose, by_text)
    believed = [candidate for candidate in candidates if candidate.believed]
    return [_named(candidate, prose) for candidate in believed[:MOST_PEOPLE]]


def _candidate(candidates: list[_Candidate], text: str) -> _Candidate:
    """Return the candidate whose name this is a form of, or a new one."""
    for candidate in candidates:
        for form in candidate.forms:
            if (
                is_spelling_of(text, form)
                or is_fuller_form(text, form)
                or is_fuller_form(form, text)
            ):
                return candidate
    candidates.append(_Candidate())
    return candidates[-1]


def _named(candidate: _Candidate, prose: Prose) -> Value[str]:
    text = candidate.name
    i, name = next((at for at in candidate.mentions if at[1].text == text), candidate.mentions[0])
    return Value(text, prose.passages[i].source(name.start, name.end, How.PROSE))


def _weigh(title: str, prose: Prose, by_text: dict[str, _Candidate]) -> None:
    """Count for every candidate what is said of them."""
    beginning = _beginning(prose.passages)
    plain_title = f" {' '.join(words_of(_OWNS.sub('', title).replace(':', ' ')))} "
    for text, candidate in by_text.items():
        at = plain_title.find(f" {' '.join(words_of(text))} ")
        if at >= 0:
            candidate.counts["title"] += 1
            if BEFORE_AT_RISK.search(plain_title[: at + 1]):
                candidate.counts["asked"] += 1
    for i, group in _groups(prose):
        passage = prose.passages[i]
        known = [by_text[name.text] for name in group if name.text in by_text]
        signs = _signs(passage, group)
        if i in beginning:
            signs.append("beginning")
            if i == min(beginning) and _in_first_sentence(passage, group):
                signs.append("first sentence")
        for candidate in known:
            candidate.counts.update(signs)
        for name in group:
            if name.text in by_text:
                _weigh_alone(passage, name, by_text[name.text])


def _weigh_alone(passage: Passage, name: NameInText, candidate: _Candidate) -> None:
    before = passage.text[max(name.start - _BEFORE, 0) : name.start]
    after = passage.text[name.end : name.end + _AFTER]
    if GENDER_MARK.match(after):
        candidate.counts["gender"] += 1
    if AGE.match(after):
        candidate.counts["age"] += 1
    if BEFORE_OTHERS.search(before) or AFTER_OTHERS.match(after):
        candidate.counts["somebody else"] += 1
    elif name.after_office:
        candidate.against += _OFFICIAL
    elif BEFORE_PLACE.search(before):
        candidate.against += _PLACE


def _signs(passage: Passage, group: Sequence[NameInText]) -> list[str]:
    before = _COURTESY.sub("", passage.text[max(group[0].start - _BEFORE, 0) : group[0].start])
    after = passage.text[group[-1].end : group[-1].end + _AFTER]
    signs = []
    if BEFORE_AT_RISK.search(before):
        signs.append("asked")
    if AFTER_AT_RISK.match(after) or BEFORE_HARMED.search(before):
        signs.append("harmed")
    return signs


def _groups(prose: Prose) -> Iterator[tuple[int, list[NameInText]]]:
    """Yield names that are listed together ("A, B and C"), with their passage's index."""
    group: list[NameInText] = []
    at = -1
    for i, name in prose.names:
        together = (
            group
            and i == at
            and LISTED_TOGETHER.fullmatch(prose.passages[i].text[group[-1].end : name.start])
        )
        if not together and group:
            yield at, group
            group = []
        group.append(name)
        at = i
    if group:
        yield at, group


def _beginning(passages: Sequence[Passage]) -> frozenset[int]:
    """Return the indexes of the first paragraphs of prose."""
    long = [
        i
        for i, passage in enumerate(passages)
        if len(passage.text) > 60
        and not passage.heading
        and passage.text.rstrip()[-1:] in '.!?…”"»)'
    ]
    return frozenset(long[:_BEGINNING])


def _in_first_sentence(passage: Passage, group: Sequence[NameInText]) -> bool:
    """Return whether the names stand in a passage's first sentence and it tells of harm."""
    end = passage.text.find(". ", group[-1].end)
    first = passage.text[: end if end >= 0 else len(passage.text)]
    started = passage.text[: group[0].start]
    if BEFORE_NO_SUBJECT.search(started):
        return False
    return ". " not in started and len(first) < 600 and bool(HARM.search(first))
