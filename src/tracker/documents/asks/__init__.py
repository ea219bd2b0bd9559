"""What officials are asked to do: the points of a letter's list, or its requests in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.documents.asks.words import (
    CALLS,
    CLOSING,
    LEADS_TO_LIST,
    NO_MORE,
    OPENING,
    PLEASE,
    PLEASE_FOR_LIST,
    POINT,
    REQUEST,
)
from tracker.documents.draft import How, Value
from tracker.documents.structure import Passage, Row

MOST_ASKS = 60
_MOST_CHARACTERS = 400_000
_LONGEST_SENTENCE = 3_000
_LONGEST_LEAD_IN = 700
_OPENING = 120
_LONGEST_REST = 60
"""So much may stand between "I urge you to" and its colon: "take the following steps"."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’»)]?\s+(?=[\"“«(¿¡]?[A-ZÀ-ÞĀ-ŽА-Я])")
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:[A-ZÀ-Þ]|Mrs?|Ms|Dra?|Prof|Sra?|Srta|St|Jr|Lt|Col|Gen|Hon|Rev|Eng|Ing|Lic|Mme|Mlle|Sgt|Capt|Gov|"
    r"[Aa]rts?|[Nn]os?|Nr|Núm|Abs|vs|e\.g|i\.e|z\.B)\.$"
)
_AT_END = re.compile(r"[\s;,.:]+$|[\s;,]+(?:and|y|e|et|und|or)$", re.IGNORECASE)
_AT_START = re.compile(
    r"^[\s,;:.–—-]*(?:\(?\d{1,2}[.)]\s+)?(?:(?:and|y|et|und)(?:\s|$))?"
    r"(?:(?:that|to|de|que)\s|(?:d|qu)['’])?(?:you\s(?:please\s|kindly\s)?|bien\svouloir\s)?",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:[;,]|(?:^|\s)(?:and|y|et|und))$", re.IGNORECASE)
_POLITE_END = re.compile(
    r"(?:thank\syou|thanking\syou|i\s(?:look|thank|trust|hope|await)|please\s(?:check|send|write|act|let|take|share|report|"
    r"email|contact)|gracias|agradezco|le\sagradezco|quedo|en\sespera|dans\sl|merci|je\svous\sremercie|"
    r"vielen\sdank|ich\sdanke|ich\shoffe|in\serwartung|[^.]{1,40}:$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Piece:
    """A part of a passage."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


def asks(passages: Sequence[Passage]) -> tuple[Value[str], ...]:
    """Return what the document wants officials to do, in order, in its own words.

    A list of points outweighs requests in prose: these repeat it. What readers are advised to do
    (write politely, report back) is no ask.
    """
    kept = _first(passages)
    letter = _letter(kept)
    if not letter and any(NO_MORE.search(passage.text[:_LONGEST_SENTENCE]) for passage in kept):
        return ()
    found = list(_listed(letter, polite=True)) if letter else []
    found = found or list(_listed([_Piece(p, 0, len(p.text)) for p in kept]))
    if not found:
        found = list(_requests(letter)) if letter else list(_calls(kept))
    return tuple(_distinct(found))[:MOST_ASKS]


def _first(passages: Sequence[Passage]) -> list[Passage]:
    kept: list[Passage] = []
    length = 0
    for passage in passages:
        length += len(passage.text)
        if length > _MOST_CHARACTERS:
            break
        if kept and _ends_lead_in(kept[-1], passage):
            kept[-1] = _joined(kept[-1], passage)
        else:
            kept.append(passage)
    return kept


def _ends_lead_in(before: Passage, passage: Passage) -> bool:
    """Return whether a passage is the last line, parted for its shape, of a lead-in before it."""
    row = passage.starts[0][1]
    apart = row.after_gap or row.heading or row.bullet or before.heading or before.bullet
    return (
        not apart
        and passage.text.endswith(":")
        and len(passage.text) <= _LONGEST_REST
        and before.text[-1:] not in ".:;!?"
    )


def _joined(before: Passage, passage: Passage) -> Passage:
    start = len(before.text) + 1
    return Passage(
        f"{before.text} {passage.text}",
        (*before.starts, *((start + at, row) for at, row in passage.starts)),
    )


def _letter(passages: Sequence[Passage]) -> list[_Piece]:
    """Return the letter's text, between its opening and its closing; [] where there is none.

    A text that ends like a letter, without an opening, is one from its beginning.
    """
    openings = [i for i, passage in enumerate(passages) if _opens(passage)]
    for first in openings[:20] or [0]:
        pieces: list[_Piece] = []
        for passage in passages[first:]:
            closing = CLOSING.search(passage.text)
            if closing:
                return [*pieces, _Piece(passage, 0, closing.start())]
            pieces.append(_Piece(passage, 0, len(passage.text)))
        if openings:
            return _until_heading(pieces)
    return []


def _opens(passage: Passage) -> bool:
    text = passage.text
    return bool(OPENING.match(text)) and (
        len(text) < _OPENING or bool(re.search("[,:]", text[:_OPENING]))
    )


def _until_heading(pieces: list[_Piece]) -> list[_Piece]:
    kept = pieces[:1]
    for piece in pieces[1:]:
        if piece.passage.heading:
            break
        kept.append(piece)
    return kept


def _listed(pieces: Sequence[_Piece], *, polite: bool = False) -> Iterator[Value[str]]:
    """Yield the items of every list that a request leads to; `polite`: a mere "Please:" is one."""
    width = max((len(row.text) for piece in pieces for _, row in piece.passage.starts), default=0)
    i = 0
    while i < len(pieces):
        start = _list_start(pieces[i], pieces[i + 1] if i + 1 < len(pieces) else None)
        if start is None and polite and PLEASE_FOR_LIST.search(pieces[i].text[-_OPENING:]):
            start = pieces[i].end, False
        if start is None:
            i += 1
            continue
        offset, points_only = start
        items, i = _items(pieces, i, offset, width, points_only=points_only)
        yield from items


def _list_start(piece: _Piece, after: _Piece | None) -> tuple[int, bool] | None:
    """Return where a list begins after a lead-in in this piece, and whether it holds POINTs."""
    text = piece.text
    bullets = after is not None and after.passage.bullet
    end = _lead_in_end(text, bullets=bullets)
    if end is not None:
        return piece.start + end, False
    if piece.passage.bullet or len(text) > _LONGEST_LEAD_IN:
        return None
    if not LEADS_TO_LIST.search(text):
        return None
    flattened = re.search(rf":\s*(?={POINT.pattern})", text, re.IGNORECASE)
    if flattened:
        return piece.start + flattened.end(), True
    leads = text.rstrip().endswith(":") or piece.passage.heading or bullets
    return (piece.end, True) if leads else None


def _lead_in_end(text: str, *, bullets: bool) -> int | None:
    """Return where a text goes from asking to a list of what is asked for: after "to:"."""
    for pattern in (REQUEST, CALLS):
        for found in pattern.finditer(text):
            colon = text.find(":", found.end() - 1, found.end() + _LONGEST_REST)
            if colon >= 0 and not re.search(r"[.;!?]", text[found.end() : colon]):
                return colon + 1
            if bullets and len(text) - found.end() <= 2:
                return len(text)
    return None


def _items(
    pieces: Sequence[_Piece], i: int, offset: int, width: int, *, points_only: bool
) -> tuple[list[Value[str]], int]:
    """Return the items from `offset` in piece `i` on, and the index of the piece after them."""
    groups: list[list[_Piece]] = []
    rest = _Piece(pieces[i].passage, offset, pieces[i].end)
    if rest.text.strip():
        groups += [[part] for part in _split(rest, width)]
    i += 1
    bulleted = i < len(pieces) and pieces[i].passage.bullet and not rest.text.strip()
    while i < len(pieces) and _belongs(pieces[i], groups, bulleted=bulleted):
        piece = pieces[i]
        if not piece.passage.bullet and bulleted:
            groups[-1].append(piece)
        elif bulleted:
            groups.append([piece])
        else:
            groups += [[part] for part in _split(piece, width)]
        i += 1
    if points_only and not (groups and POINT.match(groups[0][0].text.strip())):
        return [], i - len(groups) if bulleted else i
    if points_only:
        groups = _points(groups)
    return [value for value in map(_item, groups) if value.value], i


def _points(groups: Sequence[list[_Piece]]) -> list[list[_Piece]]:
    """Return the groups that begin as points do, each with what goes on in small letters."""
    kept: list[list[_Piece]] = []
    for group in groups:
        text = group[0].text.strip()
        if POINT.match(text):
            kept.append(group)
        elif kept and text[:1].islower() and kept[-1][-1].text.strip()[-1:] not in ".;":
            kept[-1].extend(group)
    return kept


def _belongs(piece: _Piece, groups: list[list[_Piece]], *, bulleted: bool) -> bool:
    """Return whether a piece goes on with the list."""
    text = piece.text.strip()
    if piece.passage.heading or (not text):
        return False
    if bulleted:
        before = groups[-1][-1].text.strip() if groups else ""
        broken = bool(groups) and text[:1].islower() and before[-1:] not in ".;:"
        return piece.passage.bullet or broken
    if _POLITE_END.match(text) or piece.passage.bullet or _lead_in_end(text, bullets=False):
        return False
    if not groups:
        return True
    if not piece.passage.starts[0][1].after_gap:
        return True
    return bool(_GOES_ON.search(groups[-1][-1].text.strip())) or bool(POINT.match(text))


def _split(piece: _Piece, width: int) -> list[_Piece]:
    """Return the items of a text without bullets: parted by semicolons, sentences or lines."""
    text = piece.text
    cuts = [0]
    if ";" in text:
        cuts += [found.end() for found in re.finditer(r";\s*(?:(?:and|y|et|und)\s)?", text)]
    elif _SENTENCE_END.search(text):
        cuts += [found.end() for found in _SENTENCE_END.finditer(text)]
    else:
        cuts += [at - piece.start for at in _deliberate_breaks(piece, width)]
    cuts.append(len(text))
    parts = [_Piece(piece.passage, piece.start + a, piece.start + b) for a, b in pairwise(cuts)]
    return [part for part in parts if part.text.strip()]


def _deliberate_breaks(piece: _Piece, width: int) -> list[int]:
    """Return where a line begins whose first word had room on the line before it."""
    starts = [(at, row) for at, row in piece.passage.starts if at >= piece.start - 1]
    return [
        at
        for (_, before), (at, row) in pairwise(starts)
        if POINT.match(row.text) or _had_room(before, row, width)
    ]


def _had_room(before: Row, row: Row, width: int) -> bool:
    return len(before.text) + 1 + len(row.text.split(" ", 1)[0]) <= width


def _item(group: list[_Piece]) -> Value[str]:
    text = _trimmed(" ".join(piece.text.strip() for piece in group))
    first, last = group[0], group[-1]
    place = first.passage.source(first.start, first.end, How.LAYOUT)
    end = last.passage.source(last.start, last.end, How.LAYOUT)
    return Value(text, type(place)(place.first, end.last, place.page, place.how))


def _trimmed(text: str) -> str:
    text = _AT_START.sub("", text)
    for _ in range(4):
        text = _AT_END.sub("", text)
    return text


def _requests(letter: Sequence[_Piece]) -> Iterator[Value[str]]:
    """Yield what the sentences of a letter ask for, without their lead-ins."""
    for piece in letter:
        if piece.passage.heading:
            continue
        for start, end in _sentences(piece):
            sentence = piece.passage.text[start:end]
            found = REQUEST.search(sentence) or PLEASE.match(sentence)
            # What somebody else is quoted to have asked for is no request of the letter's.
            if found and not sentence[: found.start()].rstrip().endswith(tuple('"“«„')):
                yield from _request(piece.passage, start + found.end(), end)


def _calls(passages: Sequence[Passage]) -> Iterator[Value[str]]:
    """Yield what readers are to ask for, in sentences that ask them to write."""
    for passage in passages:
        piece = _Piece(passage, 0, len(passage.text))
        for start, end in _sentences(piece):
            sentence = passage.text[start:end]
            found = CALLS.search(sentence)
            if found and (found.start() == 0 or LEADS_TO_LIST.search(sentence[: found.start()])):
                yield from _request(passage, start + found.end(), end)


def _request(passage: Passage, start: int, end: int) -> Iterator[Value[str]]:
    text = _trimmed(passage.text[start:end])
    if len(text.split()) > 1 and not text.endswith("?"):
        yield Value(text, passage.source(start, end, How.PROSE))


def _sentences(piece: _Piece) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends in the passage."""
    text = piece.passage.text
    start = piece.start
    for found in _SENTENCE_END.finditer(text, piece.start, piece.end):
        if _ABBREVIATION.search(text[max(found.start() - 6, start) : found.start()]):
            continue
        yield start, min(found.start(), start + _LONGEST_SENTENCE)
        start = found.end()
    if start < piece.end:
        yield start, min(piece.end, start + _LONGEST_SENTENCE)


def _distinct(found: Sequence[Value[str]]) -> Iterator[Value[str]]:
    seen = set()
    for value in found:
        key = " ".join(re.findall(r"\w+", value.value.casefold()))
        if key and key not in seen:
            seen.add(key)
            yield value
