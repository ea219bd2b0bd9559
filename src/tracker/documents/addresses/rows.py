"""Which rows of a document can belong to an address: no sentences, no dates, no buttons."""

from __future__ import annotations

import re

from tracker.documents import lexicon
from tracker.documents.addresses import contacts, officials
from tracker.documents.dates import first_date
from tracker.documents.structure import Row
from tracker.rules import Precision

COPIES = re.compile(
    r"\(copy\)|c\.? ?c\.?\s+(?=[A-ZÀ-Þ])|"
    r"(?:please )?(?:and |also )?(?:please )?(?:send )?(?:a )?(?:copy|copies|cc|cc['’]?d|bcc|"
    r"c\.c\.?)"
    r"(?: of (?:your|all) (?:appeals|letters))?(?: (?:may|can|should) be sent)?(?: to)?\s*[:：]"
    r"|(?:and |also )(?:send )?cop(?:y|ies) (?:to)\b"
    r"|(?:y )?(?:con )?copias? a\s*:|(?:et )?copies? [àa]\s*:|(?:und )?kopien? (?:an|"
    r"bitte an)\s*:|en copia\s*:"
    r"|copies? (?:à|pour)\s*:|cop(?:y|ies|ia|ias|ie|ies)\s*:|cop(?:y|ies)(?: to)?$|kopien?\s*:|"
    r"(?:and |"
    r"also )copy\s*:?$|with a copy to\b",
    re.IGNORECASE,
)

OWN = re.compile(
    r"amnest(?:y|ie|ía|ia)\b|aiusa|urgent action network|uan@|\bpostage\b|postal rates?|"
    r"write for rights",
    re.IGNORECASE,
)

_NOISE = re.compile(
    r"(?:betreff|betrifft|objet|asunto|subject|re|ref|referencia|assunto)\s*[:：]|"
    r"(?:if you|please|let us|we|you|thank you|this is)\b|"
    r"(?:share|download|posted|published|sign (?:up|in)|log ?in|join|donate|skip|menu|search|"
    r"home|read more|print|subscribe|"
    r"follow us|comments?|labels|image|photo|©|copyright)\b|"
    r"(?:yours|sincerely|respectfully|with (?:kind|best) regards|atentamente|cordialmente|"
    r"respetuosamente|"
    r"mit (?:freundlichen|besten|vorzüglicher)|hochachtungsvoll|veuillez|salutations|"
    r"freundliche grüße|(?:please )?(?:send|write|address|post|e-?mail)\b.{0,50}\bto\W*$|"
    r"(?:lettre à envoyer|brief zum versenden|carta para enviar)\b|"
    r"(?:lieu|ort|lugar|place)(?:,? (?:(?:et|und|y|and) )?(?:date|datum|fecha))?\s*(?:[:_]|$)|"
    r"(?:nombre|nom|prénom|name|firma|signature|unterschrift|absender|expéditeur|remitente|"
    r"adresse|address)\b\W{0,4}$|"
    r"\[[^\]]*\]$)|"
    r".{0,80}\([mf]\)\s*$",
    re.IGNORECASE,
)

_CAPITALS_LABEL = re.compile(
    r"[A-Z][A-Z’'&\"“” ()+,./-]{8,}[:：]|(?=(?:\S+\s+){4})[A-Z’'&\"“” ()+,./!?-]+$"
)

_SENTENCE = re.compile(r"[a-zß-öø-ÿ]{2}[.!?]\s*$")


LONGEST = 700
"""A longer line is no address, not even of three officials."""


def is_prose(text: str) -> bool:
    """Return whether a row belongs to running text rather than to an address."""
    if len(text) > LONGEST:
        return True
    words = text.split()
    if len(words) < 4 or (len(words) < 11 and _begins_an_address(text)):
        return False
    small = [
        word
        for word in words
        if word[0].islower()
        and word.strip(".,:;").casefold() not in lexicon.PARTICLES
        and "@" not in word
    ]
    share = len(small) / len(words)
    if (
        len(words) > 7
        and _SENTENCE.search(text)
        and sum(word[0].islower() for word in words) > 0.4 * len(words)
    ):
        return True
    return (
        share > 0.34
        or (share > 0.2 and len(words) > 8)
        or (share > 0.15 and bool(_SENTENCE.search(text)))
    )


def _begins_an_address(text: str) -> bool:
    found = lexicon.INSTITUTION.match(text) or lexicon.ROLE.match(text)
    begins = text.startswith("c/o ") or (found is not None and found[0][0].isupper())
    return begins and not _SENTENCE.search(text)


def is_noise(row: Row) -> bool:
    """Return whether a row stands in no address: a date, a web page's buttons, a letter's end."""
    text = row.text.strip(" .,:;|")
    if COPIES.match(row.text):
        return False
    if _NOISE.match(text) or _CAPITALS_LABEL.match(row.text):
        return True
    if is_contact(row) and not OWN.search(text):
        return False
    return (
        bool(_WEB_ADDRESS.fullmatch(text))
        or " | " in row.text
        or _leads_to_something(row)
        or _is_heading(row, text)
        or _is_dateline(text)
    )


BETWEEN = re.compile(
    r"(?:and|or|and/or|as well as|y|et|und|o|ou|oder)?(?: ?(?:by|to|via|per|par|por)? ?"
    r"(?:post|mail|letter|e-?mail|courrier|correo))?\s*:?",
    re.IGNORECASE,
)
"""What stands on a row of its own between two addresses or in one: "and", "or by post:"."""

_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


def _leads_to_something(row: Row) -> bool:
    ends = (
        row.text.endswith((":", "："))
        and not re.search(r"[.!?]\s+\S", row.text)
        and not BETWEEN.fullmatch(row.text)
    )
    return ends and len(row.cells) == 1


def _is_heading(row: Row, text: str) -> bool:
    of_address = officials.has_role(text) or officials.is_address(text) or officials.is_name(text)
    return row.heading and not of_address


def _is_dateline(text: str) -> bool:
    """Return whether a row is a date, with a place or a weekday at most."""
    stated = first_date(text)
    if stated is None or stated.precision is not Precision.DAY:
        return False
    rest = text[: stated.start] + text[stated.end :]
    return len(re.findall(r"[^\W\d_]+", rest)) < 4 and not re.search(r"\d", rest)


def is_contact(row: Row) -> bool:
    """Return whether a row has a fax number, an e-mail or another contact."""
    short = len(row.text) <= LONGEST
    return short and any(
        part.kind is not contacts.Kind.TEXT for part in contacts.parts_of(row.text)
    )
