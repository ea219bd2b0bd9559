"""Running text → sentences, though abbreviations, initials and dates have full stops, too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.documents.lexicon import word_set

_STOP = re.compile(r"[.!?…؟।][\"'”’»)\]]*(?=\s)|[。！？]")
_WORD_BEFORE = re.compile(r"[\w.]+$")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")
_NEVER_LAST = word_set(
    "mr mrs ms mx dr prof st rev hon gen col lt sgt cpl capt maj cmdr brig adm gov sen rep pres art"
    " arts sec para fig vs cf approx e.g i.e sr sra srta dra ing lic abg gral cnel avda núm"
    " nro mme mlle mgr me hr nr str abs bzw ca z.b u.a d.h vgl dipl"
)
_BEFORE_FIGURES = word_set("no nos art arts p pp vol núm num nº n nr ch")


def sentence_spans(text: str, unbroken: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Return where each sentence of a text begins and ends.

    `unbroken` are stretches of the text, in its order, in which no sentence ends: dates such as
    "3. Mai".
    """
    spans = []
    start = skipped = 0
    for stop in _STOP.finditer(text):
        while skipped < len(unbroken) and unbroken[skipped][1] <= stop.start():
            skipped += 1
        inside = skipped < len(unbroken) and unbroken[skipped][0] < stop.start()
        if not inside and _ends_sentence(text, stop):
            spans.append((start, stop.end()))
            start = stop.end() + (text[stop.end() : stop.end() + 1] == " ")
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    following = text[stop.end() :][:3].lstrip(" \"'“‘«([¿¡„")
    if following[:1].islower():
        return False
    if stop[0] != ".":
        return True
    found = _WORD_BEFORE.search(text[max(stop.start() - 24, 0) : stop.start()])
    word = found[0] if found else ""
    if _INITIALS.fullmatch(word):
        return False
    if word.lower() in _BEFORE_FIGURES and following[:1].isdigit():
        return False
    return word.lower() not in _NEVER_LAST
