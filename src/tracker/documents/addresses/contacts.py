"""Telephone, fax, e-mail and other lines that stand with an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from tracker.documents import lexicon


class Kind(Enum):
    """What a part of a line is."""

    EMAIL = auto()
    FAX = auto()
    SALUTATION = auto()
    OTHER = auto()  # telephone, social media, web: nothing that a letter needs
    TEXT = auto()


@dataclass(frozen=True)
class Part:
    """A part of a line: what it is, and its words without the label."""

    kind: Kind
    text: str


EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE = re.compile(r"[+(]?\d[\d\s().-]{7,}")
HANDLE = re.compile(r"(?<![\w.])@\w{2,}")
_WEB = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)

_LABELS = {
    Kind.FAX: r"(?:tele)?fax(?: number| no\.?| nr\.?)?|t[eé]l[eé]copie(?:ur)?|telefaks|f",
    Kind.EMAIL: r"e-?mail(?:s|-adresse|[ ]address(?:es)?|[ ](?:through|via)[ ]\w+[ ]\w+)?|"
    r"correo(?: electr[oó]nico)?|courriel|"
    r"m[eé]l|correo-e|e-post|adresse [eé]lectronique|correos(?: electr[oó]nicos)?",
    Kind.SALUTATION: r"salutations?|anrede|salutaci[oó]n|tratamiento|formule d['’]appel|saludo|"
    r"formule de politesse",
    Kind.OTHER: r"tel(?:e(?:phone|fon))?(?: number| no\.?)?\.?|tel[eé]fono|t[eé]l(?:[eé]phone)?\.?|"
    r"ph|phone(?: number)?|mobile|cell|whats ?app|tweets?|twitter|facebook(?: messenger)?|"
    r"instagram|"
    r"x|"
    r"fb|ig|tiktok|youtube|"
    r"telegram|vk|skype|linkedin|social media|web ?site|web(?: ?page| form)?|online form|"
    r"contact form|"
    r"internet|url|p[aá]gina web|site web|webseite|messenger|switchboard|hashtags?|telex|"
    r"telegrams?|x/twitter|twitter/x|x \(formerly twitter\)|x \(twitter\)",
}
_LABEL = re.compile(
    r"(?<![\w@./-])(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in _LABELS.items())
    + r")\s?(?P<more>(?:(?:/|,| and | or | & | et | y | und )\s?(?:tel|phone|fax|e-?mail)\.?\s?)*)"
    r"(?:\((?:[^()]{0,60})\)\s?)?[:：]\s?",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?:tel|fax|phone|email|e-mail)\.?\s+(?=[+(\d]|\S+@)", re.IGNORECASE)


def parts_of(text: str) -> list[Part]:
    """Return a line's parts in order: its text, and what stands behind labels such as "Fax:"."""
    found = list(_LABEL.finditer(text))
    if not found and (bare := _BARE.match(text)):
        kind = Kind.FAX if bare[0].casefold().startswith("fax") else Kind.OTHER
        kind = Kind.EMAIL if bare[0].casefold().startswith("e") else kind
        return _emails_of(Part(kind, text[bare.end() :].strip()))
    parts = []
    before = text[: found[0].start()] if found else text
    parts += _unlabelled(before)
    for place, label in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        kind = _kind(label)
        if label["more"]:  # "Tel/Fax:" is a number for both
            more = label["more"].casefold()
            kind = Kind.FAX if "fax" in more or kind is Kind.FAX else kind
        parts += _emails_of(Part(kind, _end_stripped(text[label.end() : end])))
    return [part for part in parts if part.text]


def _kind(label: re.Match[str]) -> Kind:
    return next(kind for kind in _LABELS if label[kind.name] is not None)


def _unlabelled(text: str) -> list[Part]:
    words = _end_stripped(text)
    if not words:
        return []
    if EMAIL.search(words):
        rest = _end_stripped(EMAIL.sub("", words), more="/;,()<> ")
        emails = [Part(Kind.EMAIL, found[0]) for found in EMAIL.finditer(words)]
        if not rest or re.fullmatch(r"(?i)(?:\W|and|or|cc|y|et|und)*", rest):
            return emails
        return [Part(Kind.TEXT, rest), *emails]
    if _WEB.fullmatch(words) or HANDLE.match(words) or _PHONE.fullmatch(words):
        return [Part(Kind.OTHER, words)]
    return [Part(Kind.TEXT, words)]


def _emails_of(part: Part) -> list[Part]:
    """Return what a labelled part holds: e-mails, a number, an official who stands behind them."""
    value, rest = _parted(part.text)
    further = [Part(Kind.TEXT, rest)] if rest else []
    emails = [Part(Kind.EMAIL, found[0].strip("'.-")) for found in EMAIL.finditer(value)]
    if part.kind is Kind.EMAIL:
        return [*(emails or [Part(Kind.OTHER, value)]), *further]
    if part.kind is Kind.OTHER:
        return [Part(Kind.OTHER, value), *emails, *further]
    return [Part(part.kind, value if part.kind is Kind.FAX else part.text)] + (
        further if part.kind is Kind.FAX else []
    )


_NEXT = re.compile(r"(?<=[\w)])\s+(?=(?:(?:Mr|Mrs|Ms|Dr|H\.E)\.?\s)?[A-ZÀ-Þ])")


def _parted(text: str) -> tuple[str, str]:
    """Return a value, and the text behind it where another official begins on the same line."""
    for place in _NEXT.finditer(text[:200]):
        rest = text[place.end() :]
        role = lexicon.ROLE.search(rest[:80])
        if role and role[0][0].isupper() and re.search(r"[\d@]", text[: place.start()]):
            return text[: place.start()], rest
    return text, ""


def _end_stripped(text: str, more: str = "") -> str:
    return re.sub(r"\s+[I|]$", "", text.strip(f" \t,;|•{more}"))
