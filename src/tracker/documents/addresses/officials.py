"""Who an official is, and where an address begins: names, roles and addresses told apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.documents import lexicon

_WORD = re.compile(r"[^\s,;/()]+")
_CONNECTORS = lexicon.word_set(
    "of for to in and & the at de del la las los du des d der für y e et von und l’ l' d’ d'"
)
_PORTFOLIO = re.compile(
    r"(?:administration|adjunt[oa]|affairs|agriculture|armed|army|assembly|attorneys?|border|bureau|central|children|"
    r"citizenship|city|civil|"
    r"commerce|communications?|constitutional|corrections?|correctional|council|country|court|"
    r"courts|culture|customs|"
    r"defence|defense|development|digital|district|economic|economy|education|employment|energy|"
    r"environment|executive|external|family|federal|federation|finance|forces|foreign|"
    r"gendarmerie|gender|"
    r"government|guard|health|high|home|homeland|housing|human|immigration|industry|information|"
    r"integration|"
    r"institutions|intelligence|liberties|interior|internal|islamic|international|investigations?|judicial|judiciary|justice|"
    r"labou?r|land|lands|law|legal|"
    r"local|media|migration|mines|mining|minorities|military|nation|national|natural|navy|parliament|"
    r"parliamentary|planning|reform|"
    r"peace|penal|penitentiary|police|policy|prisons?|procuracy|prosecutions?|protection|"
    r"provincial|"
    r"public|refugees|regional|relations|religion|religious|republic|resources|rights|royal|"
    r"rural|safety|science|"
    r"security|senate|service|services|social|solidarity|sports?|staff|state|states|supreme|"
    r"technology|tourism|trade|"
    r"transport|treasury|union|urban|water|welfare|worship|worship|women|works|youth|air|counter-terrorism|"
    r"legislative|"
    r"interieur|intérieur|affaires|étrangères|droits|humains|l’homme|l'homme|libertés|santé|"
    r"défense|nationale?|république|"
    r"sécurité|publique|publics?|culte|sceaux|grâce|gobernación|justicia|interior|asuntos|"
    r"exteriores|derechos|humanos|"
    r"seguridad|suprem[oa]|provisional|interin[oa]|pública|público|protección|despacho|nación|república|estado|nacional|relaciones|defensa|"
    r"salud|educación|"
    r"paz|gracia|inneren?|justiz|auswärtige|angelegenheiten|verteidigung|sicherheit|republik|"
    r"gesundheit|menschenrechte)",
    re.IGNORECASE,
)
_STARTS_ADDRESS = re.compile(r"(?:c/o|c\.o\.|care of|attn)\b|[^\s(]*\d|#\s?\d", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Head:
    """The beginning of an address: who is written to, and what follows on the same line."""

    name: str
    role: str
    rest: str


_ORGANISATION = re.compile(
    r"\b(?:alliance|asociaci[oó]n|association|campaign|coalition|collectif|colectivo|comit[eé]|"
    r"committee|federaci[oó]n|foundation|fundaci[oó]n|human rights|league|ligue|movement|"
    r"movimiento|network|red|réseau|society|union)\b",
    re.IGNORECASE,
)
"""What stands in names that nobody bears."""


def is_name(text: str) -> bool:
    """Return whether a text looks like somebody's name: one to six words that begin large."""
    plain = without_courtesy(text)
    words = [] if lexicon.COURTESY.fullmatch(f"{plain} ") else plain.split()
    if (
        (words and {words[0], words[-1]} & _CONNECTORS)
        or " of " in plain
        or _ORGANISATION.search(plain)
    ):
        return False
    if not 1 <= len(words) <= 9 or re.search(r"[\d@:;!?/&,]", plain):
        return False
    if lexicon.INSTITUTION.search(plain) or lexicon.is_country(plain):
        return False
    large = [word for word in words if word.casefold() not in lexicon.PARTICLES]
    return bool(large) and all(_begins_large(word) for word in large) and len(large) <= 7


def _begins_large(word: str) -> bool:
    found = _LETTERS.search(word)
    if not found:
        return False
    letter = found[0]
    first = letter.isupper() or letter == letter.upper() == letter.lower()
    return first or bool(re.match(r"(?:al|el|ad|an|ar|as|at|az|d|o|bin|ibn)[-'’‘]", word))


def has_role(text: str) -> bool:
    """Return whether a text names an office, and not only the place of one."""
    found = _role(text)
    if found and (text[:1].isdigit() or _is_street(text[found.end() :])):
        return False  # "4 Justice Square", "King Talal Road 88"
    return found is not None and not _is_place(text, found)


def _is_street(text: str) -> bool:
    """Return whether what follows makes a street's name: one or two words, and "Road 88"."""
    words = text.split()[:3]
    return any(
        (found := lexicon.STREET.fullmatch(word)) and len(found[0]) > 2 and word[0].isupper()
        for word in words
    ) and not any(word.casefold() in _CONNECTORS for word in words)


def _role(text: str) -> re.Match[str] | None:
    for found in lexicon.ROLE.finditer(text):
        if found[0][0].isupper() or found.start() == 0:
            return found
    return None


def _is_place(text: str, role: re.Match[str]) -> bool:
    """Return whether a role only names a place, as in "Office of the President"."""
    if re.match(r"['’]s?\s", text[role.end() :]):
        return True
    before = lexicon.INSTITUTION.search(text, 0, role.start())
    return before is not None and bool(
        re.search(r"(?i)\b(?:of|de|del|des|der|du|la|le)\b", text[before.end() : role.start()])
    )


def is_address(text: str) -> bool:
    """Return whether a text stands in an address after the name and the role."""
    if _STARTS_ADDRESS.match(text) or re.search(r"\d", text):
        return True
    if lexicon.is_country(text) or (lexicon.ends_with_country(text) and not is_name(text)):
        return not has_role(text)
    if (found := lexicon.INSTITUTION.search(text)) and found[0][0].isupper():
        return not has_role(text)
    street = any(found[0][0].isupper() for found in lexicon.STREET.finditer(text))
    return street and not has_role(text)


def head_of(text: str, greeted: Collection[str] = ()) -> Head:
    """Return who stands at the beginning of an address, with name and role told apart.

    Args:
        greeted: names that letters are opened with, by which they are known anywhere on the line.
    """
    text = text.strip(" ,;")
    courtesy = lexicon.COURTESY.match(text)
    if courtesy and courtesy.end() < len(text):
        found = _told_apart(text[courtesy.end() :], greeted)
        if found.name or found.role:
            return found
    return _told_apart(text, greeted)


def _told_apart(text: str, greeted: Collection[str]) -> Head:
    for name in greeted:
        place = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        if place:
            before = _without_courtesy_at_end(text[: place.start()])
            after = text[place.end() :].strip(" ,–—")
            if not before or has_role(before):
                return _around(name, before, after)
    return _with_commas(text.split(",")) or _named(text)


def _around(name: str, before: str, after: str) -> Head:
    """Return the head whose name is known, from the words before and behind it."""
    if before:
        role, first = _role_phrase(before)
        first = without_courtesy(f"{first} {name}") if is_name(first) else name
        return Head(first, role if is_name(first) and first != name else before, after)
    role, rest = _role_phrase(after) if has_role(after) else ("", after)
    return Head(name, role, rest)


def _without_courtesy_at_end(text: str) -> str:
    words = text.strip(" ,–—").split()
    for number in (2, 1, 1):
        last = " ".join(words[-number:])
        if any(form.fullmatch(f"{last} ") for form in (lexicon.COURTESY, lexicon.RANK)):
            words = words[:-number]
    return " ".join(words).rstrip(" ,")


def _named(text: str) -> Head:
    role = _role(text)
    if role is None or _is_place(text, role):
        return _name_first(text)
    before = text[: role.start()].strip(" ,–—-(")
    if all(_PORTFOLIO.fullmatch(word) for word in before.split()):
        return _role_first(text, role.end())  # "State Prosecutor", or nothing before it
    if is_name(without_courtesy(before)):
        role_text, rest = _role_phrase(text[role.start() :])
        return Head(without_courtesy(before), role_text, rest)
    return Head("", text, "")


def _name_first(text: str) -> Head:
    if is_name(text):
        return Head(without_courtesy(text), "", "")
    start = _address_start(text)
    if start > 0 and is_name(text[:start].strip(" ,")):
        return Head(without_courtesy(text[:start]), "", text[start:])
    return Head("", "", text)


def _role_first(text: str, role_end: int) -> Head:
    """Tell apart "Chief Procurator Zhang Jian", "Minister of Justice" and what follows them."""
    if re.search(r"NGO|newspaper|organi[sz]ation", text[:role_end]):
        return Head("", text, "")  # what it is called is no person's name
    rank = lexicon.RANK.match(text) or _JUDGE.match(text)
    later = lexicon.ROLE.search(text, rank.end()) if rank else None
    name = text[rank.end() : later.start()].strip(" ,") if rank and later else ""
    if later and is_name(name) and len(name.split()) > 1:
        role_text, rest = _role_phrase(text[later.start() :])
        return Head(name, role_text, rest)
    role_text, rest = _role_phrase(text, role_end)
    start = _address_start(rest)
    name = rest if start < 0 else rest[:start].strip(" ,")
    one_word = start < 0 and " " not in role_text
    if is_name(name) and (one_word or len(name.split()) > 1) and not _of_portfolio(name):
        return Head(without_courtesy(name), role_text, rest[start:] if start > 0 else "")
    if start < 0:
        return Head("", text, "")
    return Head("", role_text, rest)


def _of_portfolio(text: str) -> bool:
    """Return whether words of an office stand in what would be a name."""
    return any(_PORTFOLIO.fullmatch(word) for word in text.split())


def _role_phrase(text: str, end: int = 0) -> tuple[str, str]:
    """Return the office that a text begins with, and the rest.

    An office goes on over its connecting words, the words of its portfolio and the names of
    countries; over names of places only where an institution or nothing at all follows them.
    """
    words = list(_WORD.finditer(text))
    place = sum(word.start() < end for word in words)
    joined = False
    while place < len(words):
        begins = words[place].start()
        now = bool(_OF.search(text[end:begins]))
        if "," in text[end:begins]:
            further = _behind_comma(text[begins:], joined=joined)
            if further is None:
                break
            joined = now = True
            if further:
                end = begins + further
                place = sum(word.start() < end for word in words)
                continue
        length = _office_length(text, words, place, joined=joined, now=now)
        joined = joined or now
        if length == 0:
            break
        place = min(place + length, len(words))
        if words[place - 1][0].casefold() not in _CONNECTORS:
            end = words[place - 1].end()
    note = _NOTE.match(text, end)
    end = note.end() if note else end
    rest = text[end:].strip(" ,–—")
    if rest and _OF.match(text[end:]):
        # "Director of Guangzhou Public Security Bureau": what an office is of belongs to it.
        return _with_its_place(text, rest)
    institution = lexicon.INSTITUTION.search(rest)
    start = _address_start(rest)
    named = start > 0 and " " in rest[:start].strip() and is_name(rest[:start])
    if (
        institution
        and not named
        and not re.search(r"\d|,", rest)
        and institution.end() == len(rest)
    ):
        return text, ""  # "Director Evin Prison"
    return text[:end].strip(), rest


def _with_its_place(text: str, rest: str) -> tuple[str, str]:
    """Return an office with the place that it is of, and the rest.

    Of "Governor of Zenda Rudolf Nemo Office of the Governor" the place is what a name of two or
    three words leaves before the address.
    """
    start = _address_start(rest, inner=True)
    begins = len(text) - len(rest)
    owner = _OFFICE_OF_SOMEBODY.match(rest, max(start, 0))
    whole = (
        owner is not None and not re.search(r"[\d,]", rest) and len(rest[owner.end() :].split()) < 2
    )
    if start < 0 or (start > 0 and whole):
        return text, ""  # "Head of the Zenda District Prosecutor's Office"
    if start == 0:
        return text[:begins].strip(" ,"), rest
    between = list(_WORD.finditer(rest[:start]))
    unit = next((word.end() for word in between if _UNIT.fullmatch(word[0])), 0)
    large = [word for word in between if word[0].casefold() not in _CONNECTORS]
    if not unit and len(large) > 2 and not lexicon.INSTITUTION.search(rest[:start]):
        named = large[-2 if len(large) < 5 else -3]
        unit = named.start() if is_name(rest[named.start() : start]) else 0
    cut = unit if unit and not _of_portfolio(rest[unit:start]) else start
    return text[: begins + cut].strip(" ,"), rest[cut:].strip(" ,")


_OF = re.compile(r"\s*,?\s*(?:of|for|at|in|de|del|du|des|der|von|en|da|do|d['’])\b", re.IGNORECASE)
_NOTE = re.compile(r"\s*\([^()\d]{3,60}\)")
_UNIT = re.compile(
    r"(?:region|province|oblast|governorate|state|county|district|city|prefecture|krai|territory)",
    re.IGNORECASE,
)


def _office_length(
    text: str, words: Sequence[re.Match[str]], place: int, *, joined: bool, now: bool
) -> int:
    """Return how many words from `place` on belong to an office: none where it has ended.

    Args:
        joined: whether an "of" stood anywhere in the office so far.
        now: whether it stands right before this word.
    """
    word = words[place]
    role = lexicon.ROLE.match(text, word.start())
    institution = lexicon.INSTITUTION.match(text, word.start())
    seat = institution and not now and (" " in institution[0] or not joined)
    if _OFFICE_OF_SOMEBODY.match(text, word.start()) or (seat and not role):
        return 0
    if not role and (_is_of_portfolio(word[0]) or word[0].casefold() in _CONNECTORS):
        return 1
    if found := role or (institution if now else None):
        return sum(word.start() <= other.start() < found.end() for other in words[place:])
    for number in (4, 3, 2, 1) if now else ():
        if lexicon.is_country(" ".join(other[0] for other in words[place : place + number])):
            return number
    return 0


_JUDGE = re.compile(r"(?:judge|justice)\s", re.IGNORECASE)


def _is_of_portfolio(word: str) -> bool:
    return _PORTFOLIO.fullmatch(word.strip(".’'")) is not None


def _behind_comma(text: str, *, joined: bool) -> int | None:
    """Return how far an office goes on at once behind a comma; None where it has ended.

    As in "Minister of Justice, Law and Order" and "Director, National Commission"; not so
    "Minister of Justice, Ministry of Justice".
    """
    word = _WORD.match(text)
    if word is None or _SEAT.match(text):
        return None
    if _is_of_portfolio(word[0]) and not lexicon.INSTITUTION.match(text):
        return 0
    beginning = " ".join(text.split(",", maxsplit=1)[0].split()[:3])
    institution = lexicon.INSTITUTION.search(beginning)
    if institution is None or joined or is_name(beginning):
        return None
    return institution.end()


_OFFICE_OF_SOMEBODY = re.compile(
    r"(?:(?:[A-ZÀ-Þ][\w-]+\s){0,2}[A-ZÀ-Þ][\w-]+['’]s?\s)"
    r"(?=(?:General\s)?(?:Office|Secretariat|Department|Chambers|Palace|Residence))"
)
_SEAT = re.compile(
    r"(?:the\s)?(?:office|presidency|présidence|presidencia|ministry|department|embassy|ministerio|ministère|ministerium|secretariat|"
    r"palacio|palais|palace)\b",
    re.IGNORECASE,
)
"""Where somebody sits, which is never a part of what they are."""
_DESCRIBED = re.compile(
    r"(?:New|Old|Central|Federal|General|High|Main|National|Presidential|Regional|Royal|State|"
    r"Supreme)\s"
)
"""What may stand before the name of an institution and is a part of it."""
_BOX = re.compile(r"(?:P\.?\s?O\.?\s?Box|B\.?P\.?|No)\b")
_NUMBERED = re.compile(r"(?:No|Nr|no)\.? ?$")


def _address_start(text: str, *, inner: bool = False) -> int:
    """Return where in a line the address begins, or -1; `inner` where an office may go on to it."""
    for word in _WORD.finditer(text):
        if inner and (_NUMBERED.search(text[: word.start()]) or _NUMBERED.fullmatch(word[0])):
            continue
        if _begins_street(text, word.start()) or _begins_place(text, word.start(), inner=inner):
            return word.start()
    return -1


def place_and_address(text: str) -> tuple[str, str]:
    """Return the institution that a line begins with, and the address behind it."""
    for word in _WORD.finditer(text):
        if word.start() and _begins_street(text, word.start()):
            return text[: word.start()].strip(" ,"), text[word.start() :]
    return text, ""


def _begins_street(text: str, at: int) -> bool:
    """Return whether a number, a box, a street or a room with a number begins here."""
    if any(form.match(text, at) for form in (_STARTS_ADDRESS, _BOX, lexicon.STREET_BEFORE)):
        return True
    room = lexicon.STREET.match(text, at)
    return bool(room and room[0][0].isupper() and re.match(r"\s?#?\s?\d", text[room.end() :]))


def _begins_place(text: str, at: int, *, inner: bool) -> bool:
    """Return whether an institution begins here; `inner` where it must be somebody's seat."""
    if _SEAT.match(text, at) and text[at].isupper():
        return True
    owner = _OFFICE_OF_SOMEBODY.match(text, at)
    if owner and lexicon.ROLE.match(text, at):
        return True
    described = _DESCRIBED.match(text, at)
    place = described.end() if described else at
    found = None if inner else lexicon.INSTITUTION.match(text, place)
    return found is not None and found[0][0].isupper()


def _with_commas(parts: Sequence[str]) -> Head | None:
    if len(parts) < 2:
        return None
    first, second = parts[0].strip(), parts[1].strip()
    rest = ", ".join(part.strip() for part in parts[2:])
    if re.search(r"\d", first):
        return None
    if is_name(first) and not has_role(first) and has_role(second):
        role, more = _role_phrase(second)
        return Head(without_courtesy(first), role, ", ".join(filter(None, (more, rest))))
    start = _address_start(second)
    name, more = (second, "") if start < 0 else (second[:start].strip(), second[start:])
    # "Commander, Joint Task Force": an institution's name has begun before its telling word.
    alone = start < 0 or (" " in name and bool(_SEAT.match(more) or re.search(r"\d", more)))
    if alone and has_role(first) and is_name(name) and not has_role(name) and not is_address(name):
        role_only = _named(first)
        known = not role_only.name and _is_known_office(first)
        if known and not _is_of_portfolio(name.split()[0]):
            return Head(without_courtesy(name), first, ", ".join(filter(None, (more, rest))))
    return None


def _is_known_office(text: str) -> bool:
    """Return whether nearly all words of a text are those of an office."""
    rest = lexicon.ROLE.sub("", lexicon.INSTITUTION.sub("", text))
    unknown = [
        word[0]
        for word in _WORD.finditer(rest)
        if not _is_of_portfolio(word[0]) and word[0].casefold() not in _CONNECTORS
    ]
    return len(unknown) < 3


def without_courtesy(text: str) -> str:
    """Return a name without "Mr", "H.E." or a rank before it."""
    text = text.strip(" ,;")
    for form in (lexicon.COURTESY, lexicon.RANK, lexicon.COURTESY):
        found = form.match(text)
        if found and found.end() < len(text):
            text = text[found.end() :].strip(" ,")
    return _TITLE_BEHIND.sub("", text)


_TITLE_BEHIND = re.compile(
    r"(?:\s(?:guojia|juzhang|zongli|buzhang|shuji|zhuxi|yuanzhang|jianchazhang|tingzhang|shengzhang))+$",
    re.IGNORECASE,
)
"""What Chinese officials are called behind their names."""
