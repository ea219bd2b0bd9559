"""Which letters are in a demonstration: who wrote to whom, and how. Rows in chunks, no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.demo.cast import Cast, Company
from tracker.demo.days import Calendar, Entries, Ints
from tracker.models import Channel, LetterChange, LetterStatus, UrgentAction

LETTER_COLUMNS = (
    "id", "public_id", "urgent_action_id", "target_id", "member_id", "section_id", "group_id",
    "entry_id", "entry_target_id", "entry_posted_on", "posted_on", "logged_at", "channel",
    "language", "own_words", "after_deadline", "status", "version",
)  # fmt: skip
VERSION_COLUMNS = (
    "letter_id", "version", "change", "changed_at", "changed_by_id", "target_id", "posted_on",
    "channel", "language", "own_words", "after_deadline", "status",
)  # fmt: skip

_CHUNK = 20_000
# Whom one form goes to: most writers take several targets, some the first alone, a few another.
_FIRST_ALONE, _SEVERAL, _ANOTHER = 0.22, 0.66, 0.12
_CHANNELS = {
    Channel.POST: 0.64,
    Channel.REGISTERED_POST: 0.13,
    Channel.EMAIL: 0.12,
    Channel.HAND: 0.04,
    Channel.WEB_FORM: 0.03,
    Channel.SOCIAL_MEDIA: 0.02,
    Channel.FAX: 0.02,
}
_OWN_LANGUAGE, _FIRST_LANGUAGE, _OTHER_LANGUAGE = 0.45, 0.5, 0.06
_OWN_WORDS = 0.3
_WITHDRAWN, _CORRECTED = 0.01, 0.015
_EAGERNESS = 1.6
_CHANGED_WITHIN = 6 * 86_400
# As models.new_public_id makes them: the first sign is one of the 24 letters.
_SIGNS = np.frombuffer(b"abcdefghijkmnpqrstuvwxyz23456789", dtype=np.uint8)
_ID_LENGTH, _LETTERS = 12, 24

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Post:
    """A chunk of letters: their rows, and those of what the changed ones said before."""

    letters: Rows
    versions: Rows


def post(
    action: UrgentAction,
    number: int,
    cast: Cast,
    own: Sequence[int],
    *,
    today: date,
    now: datetime,
    first_id: int,
    rng: np.random.Generator,
) -> Iterator[Post]:
    """Yield `number` letters of an urgent action, or none where no day to post them has come yet.

    They come in the order in which they were logged, and were posted from the issue date to the
    deadline, never after `today` or `now`.

    Args:
        action: the urgent action, with its targets.
        number: how many letters.
        cast: who writes.
        own: members of the first section, each named once for every form of theirs; the forms are
            spread over the whole time, and fewer where there are fewer letters.
        today: the last day on which letters are posted and logged.
        now: the moment after which nothing is logged.
        first_id: the key of the first letter.
        rng: where all chance comes from.
    """
    calendar = Calendar.of(action, cast.companies, today, now, rng)
    if not number or not calendar.weights.any():
        return
    patterns = _Patterns.of(len(action.targets), number)
    forms = int(patterns.forms.sum())
    own = own[:forms] if calendar.weights[0].any() else ()
    counts = calendar.spread(forms - len(own), rng)
    if own:
        counts += calendar.of_first_section().spread(len(own), rng)
    pen = _Pen(action, cast, patterns, now=now, first_id=first_id, rng=rng)
    pen.keep_places(own, among=int(counts[0].sum()))
    for entries in calendar.entries(counts, rng, at_least=_CHUNK):
        for start in range(0, len(entries.logged), _CHUNK):
            yield pen.write(entries.at(slice(start, start + _CHUNK)))


@dataclass(frozen=True)
class _Patterns:
    """Whom forms go to.

    Attributes:
        places: pattern → places of the targets in the order of priority.
        sizes: pattern → the number of targets.
        forms: pattern → how many forms are like this.
    """

    places: Ints
    sizes: Ints
    forms: Ints

    @classmethod
    def of(cls, targets: int, letters: int) -> _Patterns:
        """Return forms that have exactly `letters` letters."""
        others = targets - 1
        chosen = [tuple(range(first)) for first in range(1, targets + 1)]
        chosen += [(place,) for place in range(1, targets)]
        shares = [_FIRST_ALONE, *[_SEVERAL / max(others, 1)] * others]
        shares += [_ANOTHER / max(others, 1)] * others
        places = np.array([[*few, *[0] * (targets - len(few))] for few in chosen])
        sizes = np.array([len(few) for few in chosen])
        weights = np.array(shares)
        forms = (letters * weights / (weights @ sizes)).astype(np.int64)
        forms[0] += letters - forms @ sizes
        return cls(places, sizes, forms)


@dataclass(frozen=True)
class _Letters:
    """Letters as they were first logged, one value a letter in each."""

    ids: Ints
    entries: list[str]
    targets: Ints
    writers: Ints
    sections: Ints
    posted: Ints
    logged: Ints
    channels: Ints
    languages: list[str]
    own_words: list[bool]


class _Pen:
    """Writes forms out as rows, and knows what is left to write."""

    def __init__(
        self,
        action: UrgentAction,
        cast: Cast,
        patterns: _Patterns,
        *,
        now: datetime,
        first_id: int,
        rng: np.random.Generator,
    ) -> None:
        self.action = action
        self.cast = cast
        self.patterns = patterns
        self.forms_left = patterns.forms.copy()
        self.now = int(now.timestamp())
        self.next_id = first_id
        self.next_form = 1
        self.rng = rng
        self.targets = np.array([chosen.target_id for chosen in action.targets])
        self.sections = np.array([company.section_id for company in cast.companies])
        self.channels, self.channel_shares = _channels(action)
        self.languages, self.language_bounds = _languages(action, cast.companies)
        self.seen_at_home = 0
        self.kept: dict[int, int] = {}

    def keep_places(self, own: Sequence[int], *, among: int) -> None:
        """Have each of these members send one of the first section's `among` forms."""
        self.kept = {
            among * (2 * place + 1) // (2 * len(own)): member for place, member in enumerate(own)
        }

    def write(self, entries: Entries) -> Post:
        """Return the letters of these forms."""
        rng, forms = self.rng, len(entries.logged)
        drawn = rng.multivariate_hypergeometric(self.forms_left, forms, method="marginals")
        self.forms_left -= drawn
        pattern = rng.permutation(np.repeat(np.arange(drawn.size), drawn))
        writers = self._writers(entries.company)
        channel = rng.choice(len(self.channels), forms, p=self.channel_shares)
        bounds = self.language_bounds[entries.company]
        language = (rng.random((forms, 1)) >= bounds).sum(axis=1)
        # A letter in a language that the urgent action does not offer has no model to follow.
        own_words = (rng.random(forms) < _OWN_WORDS) | (language >= len(self.action.languages))
        names = np.array(
            [f"demo-{self.action.id}-{self.next_form + form}" for form in range(forms)],
            dtype=object,
        )
        self.next_form += forms

        # From here on one a letter, no longer one a form.
        sizes = self.patterns.sizes[pattern]
        form = np.repeat(np.arange(forms), sizes)
        place = np.arange(form.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        letters = _Letters(
            ids=np.arange(self.next_id, self.next_id + form.size),
            entries=names[form].tolist(),
            targets=self.targets[self.patterns.places[pattern[form], place]],
            writers=writers[form],
            sections=self.sections[entries.company[form]],
            posted=entries.posted[form],
            logged=entries.logged[form],
            channels=channel[form],
            languages=[self.languages[code] for code in language[form].tolist()],
            own_words=own_words[form].tolist(),
        )
        self.next_id += form.size
        return self._rows(letters)

    def _writers(self, companies: Ints) -> Ints:
        rng = self.rng
        # Some write every time, many once: the earlier in the list, the likelier.
        drawn = rng.random(companies.size) ** _EAGERNESS
        writers = np.empty(companies.size, dtype=np.int64)
        for place, company in enumerate(self.cast.companies):
            here = companies == place
            writers[here] = company.writers[(drawn[here] * company.writers.size).astype(np.int64)]
        home = np.flatnonzero(companies == 0)
        for place, member in self.kept.items():
            if 0 <= place - self.seen_at_home < home.size:
                writers[home[place - self.seen_at_home]] = member
        self.seen_at_home += home.size
        return writers

    def _rows(self, letters: _Letters) -> Post:
        rng, number = self.rng, letters.ids.size
        fate = rng.random(number)
        withdrawn = fate < _WITHDRAWN
        corrected = ~withdrawn & (fate < _WITHDRAWN + _CORRECTED)
        # Half of the corrections are about the day, where it can have been an earlier one.
        issued = (self.action.issued_on - date(1970, 1, 1)).days
        other_day = corrected & (letters.posted > issued) & (rng.random(number) < 0.5)
        posted = letters.posted - other_day
        post, registered = (
            self.channels.index(one) for one in (Channel.POST, Channel.REGISTERED_POST)
        )
        other_channel = np.where(letters.channels == post, registered, post)
        channels = np.where(corrected & ~other_day, other_channel, letters.channels)
        changed_at = letters.logged + rng.integers(600, _CHANGED_WITHIN, number)

        status = np.where(withdrawn, LetterStatus.WITHDRAWN.value, LetterStatus.POSTED.value)
        first_posted = _days(letters.posted)
        targets, writers = letters.targets.tolist(), letters.writers.tolist()
        rows = zip(
            letters.ids.tolist(),
            self._public_ids(number),
            repeat(self.action.id),
            targets,
            writers,
            letters.sections.tolist(),
            [group or None for group in self.cast.group_of[letters.writers].tolist()],
            letters.entries,
            targets,
            first_posted,
            _days(posted),
            _moments(letters.logged),
            [self.channels[code].value for code in channels.tolist()],
            letters.languages,
            letters.own_words,
            repeat(False),
            status.tolist(),
            (1 + (withdrawn | corrected)).tolist(),
            strict=False,  # the two that repeat have no end
        )
        moments = _moments(np.minimum(changed_at, self.now))
        versions = [
            (
                int(letters.ids[place]),
                1,
                (LetterChange.WITHDRAWN if withdrawn[place] else LetterChange.CORRECTED).value,
                moments[place],
                writers[place],
                targets[place],
                first_posted[place],
                self.channels[letters.channels[place]].value,
                letters.languages[place],
                letters.own_words[place],
                False,
                LetterStatus.POSTED.value,
            )
            for place in np.flatnonzero(withdrawn | corrected).tolist()
        ]
        return Post(list(rows), versions)

    def _public_ids(self, number: int) -> list[str]:
        drawn = self.rng.integers(0, _SIGNS.size, (number, _ID_LENGTH))
        drawn[:, 0] = self.rng.integers(0, _LETTERS, number)
        signs = np.ascontiguousarray(_SIGNS[drawn]).view(f"S{_ID_LENGTH}")
        ids: list[str] = signs.ravel().astype(str).tolist()
        return ids


def _channels(action: UrgentAction) -> tuple[list[Channel], NDArray[np.float64]]:
    """Return the channels by which the targets can be reached, and how common each is."""
    shares = dict(_CHANNELS)
    if not any(chosen.target.email for chosen in action.targets):
        del shares[Channel.EMAIL]
    if not any(chosen.target.fax for chosen in action.targets):
        del shares[Channel.FAX]
    weights = np.array(list(shares.values()))
    return list(shares), weights / weights.sum()


def _languages(
    action: UrgentAction, companies: Sequence[Company]
) -> tuple[list[str], NDArray[np.float64]]:
    """Return languages, those of the urgent action first, and each section's bounds for choosing.

    A number from 0 to 1 stands for the language whose bounds it lies between.
    """
    languages = list(action.languages)
    if action.own_language:
        languages += sorted({company.language for company in companies} - set(languages))
    weights = np.zeros((len(companies), len(languages)))
    weights[:, : len(action.languages)] = _OTHER_LANGUAGE
    weights[:, 0] += _FIRST_LANGUAGE
    for row, company in zip(weights, companies, strict=True):
        if company.language in languages:
            row[languages.index(company.language)] += _OWN_LANGUAGE
    bounds = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    return languages, bounds[:, :-1]


def _days(days: Ints) -> list[str]:
    texts: list[str] = np.datetime_as_string(days.astype("datetime64[D]")).tolist()
    return texts


def _moments(seconds: Ints) -> list[str]:
    """Return seconds since 1970 as both databases read moments of UTC."""
    texts = np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()
    return [f"{text[:10]} {text[11:]}.000000" for text in texts]
