"""Which words of a sentence belong to which of its dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.documents.happenings.words import AUXILIARY, GERUND, STRONG_VERB, VERB
from tracker.documents.lexicon import word_set

MOST_WORDS = 14
MOST_FROM_BOTH_SIDES = 5
"""Where a date stands amid a long clause, so many words of the other side are told, too."""

BEFORE_VERB = 5
AFTER_VERB = 6
"""So many words before its verb usually hold who did it, or to whom it was done; and so many with
it and after it, what."""

REACH = 400
"""So many letters before and after a date may tell of it: a long sentence has as many."""

MOST_BORDERS = 30
MOST_LEADS = 8
MOST_LETTERS = 40
"""No word that leads to a date has so many, and no date so many of them."""

FEWEST_WORDS = 4
FEWEST_SMALL = 4
"""A sentence with a full stop and so many small words tells something, whatever its verb."""

_BORDER = re.compile(
    r"[;:—–]\s|,\s(?:and\s|but\s|y\s|et\s|und\s)?|\s(?:and|but|before|after|while|when|where|then|"
    r"which|who|y|e|et|und|pero|mais|mas|aber|cuando|lorsque|quand|als|nachdem|bevor|sowie|tras|"
    r"puis|depois|quando)\s",
    re.IGNORECASE,
)
_LAST_PART = re.compile(r"[;:]\s")
_IN_WHICH = re.compile(r",\s(?:in|during|at|for|after)\swhich\s")
_WHEN = re.compile(r",\s(?:when|on\swhich|cuando|lorsque|quand|als|quando)\s")
_UNTIL = re.compile(
    r"\b(?:until|since|hasta|desde|depuis|seit|bis)\s(?:\w{2,3}\s)?$", re.IGNORECASE
)
_PRONOUN = re.compile(r"(?:it|he|she|they|il|elle|ils|elles|er|sie|es)\b", re.IGNORECASE)
_SETS_SCENE = re.compile(
    r"(?:after|before|when|while|since|although|despite|following|as|if|in|during|according|with|"
    r"without|instead|two|three|cuando|tras|después|après|lorsque|nachdem|als|depois)\s",
    re.IGNORECASE,
)
_SINCE_WHAT = re.compile(
    r"\W*(?:since|following|after|before|despite|ahead\sof|until|tras|desde|después\sde|depuis|après|"
    r"à\sla\ssuite\sde|suite\sà|seit|nach|após)\s"
    r"(?:(?:the|his|her|their|its|an?|el|las?|los|sus?|un|une|le|les|sa|son|de[mnr]|die|einem|einer|"
    r"o|os|as)\s|l['’])"
    r"(?!(?:[^\W\d]+\s)?(?:nights?|evening|morning|afternoon|early|late|end|beginning|start|middle|"
    r"hours?|days?|weeks?|months?|years?|period|noche|tarde|madrugada|mañana|fin|final|principio|"
    r"inicio|mes|semana|nuit|soir|matin|début|mois|semaine|nacht|abend|morgen|anfang|ende|mitte|"
    r"monat|woche|noite|manhã)\b)[^\W\d]",
    re.IGNORECASE,
)
"""Begins a phrase that names what happened on the date at its end: "After the coup of"."""
_INCLUDING = re.compile(
    r"\b(?:including|such\sas|among\sthem|namely|notably|incluid[oa]s?|entre\sell[oa]s|dont|notamment|"
    r"darunter|incluindo),?$",
    re.IGNORECASE,
)
_MOST_RECENTLY = re.compile(
    r",\s(?:and\s)?(?:most\srecently|the\slast\stime|por\súltima\svez|la\súltima(?:\svez)?|"
    r"la\sdernière\sfois|en\sdernier\slieu|zuletzt|pela\súltima\svez|a\súltima),?\s"
    r"(?:(?:on|in|el|en|le|am|im|em)\s)?$",
    re.IGNORECASE,
)
_MEANWHILE = re.compile(r",\s(?!during|being|having)\w{3,}ing\s")
_OF_WHAT = re.compile(r"\s(?:who|which)\s")
_RELATIVE = re.compile(r"\s(?:who|which|that)\s")
_VERB_NEXT = re.compile(rf"\s(?:{AUXILIARY.pattern}|{VERB.pattern})")
_LEADS = {""} | word_set(
    "on in since from by of until till around about early late mid the last this next during "
    "before after between and dated el en del de desde la al le du les depuis am im vom seit bis "
    "em no dia monday tuesday wednesday thursday friday saturday sunday lunes martes miércoles "
    "jueves viernes sábado domingo lundi mardi mercredi jeudi vendredi samedi dimanche montag "
    "dienstag mittwoch donnerstag freitag samstag sonntag summer winter spring autumn evening "
    "morning night afternoon most recently herbst frühjahr sommer otoño invierno verano primavera "
    "automne hiver été printemps beginning end middle again overnight pasado último dernier "
    "vergangenen letzten passado recently lately latest"
)
_NO_BEGINNING = word_set("and but that which who y e et und pero mais aber then or")
_NO_END = word_set(
    "and but the a an of in on to for with by from at or that which who his her their as since "
    "until y e et "
    "und el la los las de del en le les du des der die das im am zu"
)
_LASTS = re.compile(
    r"\b(?:since|until|till|to|by|before|between|desde|hasta|depuis|jusqu['’]au|avant|seit|bis|zum|até)"
    r"\s(?:\w{2,3}\s)?$",
    re.IGNORECASE,
)
_STRETCH = re.compile(r"\b(?:to|until|till|through|hasta|au|jusqu|bis|até)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|desde|depuis|seit)\s(?:\w{2,3}\s)?$", re.IGNORECASE)
_NO_PHRASE = re.compile(
    r"[\d.,;:()“”\"]|\s(?:with|in|on|at|of|for|by|from|to|and|or|against|over|after|during)(?=\s)"
)
_WORD = re.compile(r"\S+")
_BEFORE_STOP = re.compile(r"\s+(?=[,;:.)])|\(\s*\)")
_STOPPED = re.compile(r"[.!?…]\W*$")


@dataclass(frozen=True)
class Telling:
    """What a clause tells of a date.

    Attributes:
        about: a few words in a row; the date is among them only if it stands between them or if
            something lasts since or until then.
        main: all words of the side on which it is told what happened.
        lasts: whether it is something that lasts since then.
    """

    about: str
    main: str
    lasts: bool


def tells_something(sentence: str) -> bool:
    """Return whether a sentence has a verb, or a full stop, and enough words for a happening."""
    words = re.findall(r"[^\W\d_]{2,}", sentence)
    if len(words) < FEWEST_WORDS:
        return False
    stopped = _STOPPED.search(sentence[-8:])
    return _has_verb(sentence) or (
        stopped is not None and sum(word.islower() for word in words) >= FEWEST_SMALL
    )


def clause_spans(
    text: str, sentence: tuple[int, int], dates: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return for each date of a sentence, given as its place, the stretch that tells of it.

    Where nothing parts two dates, what stands between them tells of both.
    """
    if not dates:
        return []
    starts, ends = [sentence[0]], []
    for (begin, end), (start, _) in pairwise(dates):
        border = _border(text, end, start)
        told = text[max(starts[-1], begin - REACH) : begin]
        if border == end and not (_has_verb(told) or _SINCE_WHAT.match(told)):
            border = None  # "Already, in May 2019, she was held over the march of 1 May."
        starts.append(end if border is None else border)
        ends.append(start if border is None else border)
    return list(zip(starts, [*ends, sentence[1]], strict=True))


def _border(text: str, end: int, start: int) -> int | None:
    """Return where, between one date's end and the next one's start, the story passes on.

    Where a border stands right before the second date ("arrested, and on 5 May"), it is that; else
    the last one that leaves a verb to the second date.
    """
    end = max(end, start - REACH)
    between = text[end:start]
    candidates = [(each.start(), each.end()) for each in _BORDER.finditer(between)]
    if not candidates:
        return None
    last = candidates[-1]
    if not _without_lead(between[last[1] :]):
        return end + last[0]
    fitting = [each for each in candidates[-MOST_BORDERS:] if _has_verb(between[each[1] :])]
    return end + (fitting[-1][0] if fitting else last[0])


def telling(text: str, clause: tuple[int, int], place: tuple[int, int]) -> Telling | None:
    """Return what a clause tells of the date at `place`; None if it tells nothing."""
    ahead = text[max(clause[0], place[0] - REACH) : place[0]]
    following = text[place[1] : min(clause[1], place[1] + REACH)]
    parted = [each.end() for each in _LAST_PART.finditer(ahead)]
    last_part = ahead[parted[-1] if parted else 0 :]
    if _has_verb(_without_lead(last_part)) or _has_verb(following):
        ahead = last_part
    told_before = _without_lead(ahead)
    before = _places(told_before, place[0] - len(ahead))
    if before and before[0][0] == clause[0] + 1 and _OF_WHAT.match(told_before):
        before = _antecedent(text, clause[0]) + before
    after = _places(following, place[1]) if _says_something(following) else []
    if not before and not after:
        return None
    until = _UNTIL.search(ahead) and _WHEN.match(following)
    told_after = until or _tells_after(told_before, following)
    named = _names_what(told_before, following)
    if named:
        after = []
    one_of_them = _INCLUDING.search(told_before) is not None and len(after) >= FEWEST_WORDS
    if one_of_them:
        before = []
    verb_after = _has_verb(following) and (told_after or not _has_verb(ahead))
    if one_of_them or (verb_after and not named):
        first, last = _around_first_verb(text, before, after)
        main = following
    else:
        recently = _MOST_RECENTLY.search(ahead)
        told = _places(ahead[: recently.start()], place[0] - len(ahead)) if recently else []
        if told:
            before, after = told, []
        elif _MEANWHILE.match(following):
            after = after[: max(MOST_WORDS - len(before), 0)]
        first, last = _around_last_verb(text, before, after)
        main = ahead
    words = [*before, *after][first:last]
    start, end = words[0][0], words[-1][1]
    lasts = _LASTS.search(ahead) or _STRETCH.search(text[slice(*place)])
    keeps_date = start < place[0] and (end > place[1] or lasts)
    about = text[start : max(end, place[1]) if keeps_date else end]
    return Telling(_trimmed(about.split()), main, _SINCE.search(ahead) is not None)


def _places(text: str, offset: int) -> list[tuple[int, int]]:
    """Return where in the whole the words of a part of it stand, which begins at `offset`."""
    return [(offset + each.start(), offset + each.end()) for each in _WORD.finditer(text)]


def _antecedent(text: str, end: int) -> list[tuple[int, int]]:
    """Return where the words stand of whom or of what "who" or "which" tells."""
    ahead = text[max(end - MOST_LETTERS, 0) : end]
    phrase = _NO_PHRASE.split(ahead)[-1]
    words = _places(phrase, end - len(phrase))[-BEFORE_VERB:]
    # The first of them may have been cut.
    return words if len(phrase) < len(ahead) else words[1:]


def _around_last_verb(
    text: str, before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Return the first and the last but one of the words to tell, counted over both sides.

    They are those before the date and a few after it; those around the last verb if it is far off.
    """
    most = MOST_WORDS - min(len(after), MOST_FROM_BOTH_SIDES)
    first = max(len(before) - most, 0)
    verbs = [
        i
        for i, (start, end) in enumerate(before)
        if _has_verb(text[start:end]) or GERUND.search(text[start:end])
    ]
    if verbs and verbs[-1] < first:
        first = max(verbs[-1] - BEFORE_VERB, 0)
        return first, min(first + MOST_WORDS, len(before))
    return first, first + MOST_WORDS


def _around_first_verb(
    text: str, before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Return the same of a happening that is told after its date."""
    most = MOST_WORDS - min(len(before), MOST_FROM_BOTH_SIDES)
    verb = next((i for i, (start, end) in enumerate(after) if _has_verb(text[start:end])), 0)
    if verb > BEFORE_VERB and verb + AFTER_VERB > most:
        first = len(before) + max(verb - BEFORE_VERB, 0)
        return first, first + MOST_WORDS
    last = len(before) + most
    return max(last - MOST_WORDS, 0), last


def _tells_after(ahead: str, following: str) -> bool:
    """Return whether what happened is told after the date, rather than before it."""
    if _IN_WHICH.match(following):
        return True
    if _BORDER.match(following) and not _WHEN.match(following):
        return not _has_verb(ahead)
    if not VERB.search(ahead) and not STRONG_VERB.search(ahead):
        return len(following.split()) > 3 or not _has_verb(ahead)
    if len(ahead.split()) < 3 and _PRONOUN.match(ahead) and not STRONG_VERB.search(ahead):
        return True
    if ahead.endswith((",", ";")) and _SETS_SCENE.match(ahead):
        return True
    return bool(_RELATIVE.search(ahead) and _VERB_NEXT.match(following))


def _names_what(ahead: str, following: str) -> bool:
    """Return whether a phrase before the date names what happened on it: "Since the coup of"."""
    return (
        _SINCE_WHAT.match(ahead) is not None
        and not _has_verb_of_its_own(ahead)
        and following.startswith(",")
    )


def _without_lead(text: str) -> str:
    """Return a text without the words at its end that only lead to a date."""
    text = text.rstrip()
    for _ in range(MOST_LEADS):
        last = text[-MOST_LETTERS:].split()[-1:]
        if not last or not leads_to_date(last[0]):
            break
        text = text[: -len(last[0])].rstrip()
    return text


def leads_to_date(word: str) -> bool:
    """Return whether a word may stand before a date only to lead to it: "on", "Tuesday,"."""
    return word.strip(",(-–—").lower() in _LEADS


def _trimmed(words: Sequence[str]) -> str:
    words = list(words)
    while words and not _says_something(words[0]):
        words.pop(0)
    while words and words[0].strip(",;:").lower() in _NO_BEGINNING:
        words.pop(0)
    while words and words[-1].strip(",;:.").lower() in _NO_END | {""}:
        words.pop()
    return _BEFORE_STOP.sub("", " ".join(words)).strip(" ,;:.–—-()")


def _says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _has_verb_of_its_own(text: str) -> bool:
    return bool(AUXILIARY.search(text) or VERB.search(text))


def _has_verb(text: str) -> bool:
    return bool(AUXILIARY.search(text) or VERB.search(text) or STRONG_VERB.search(text))
