"""Rows of a document → the officials to write to, with their addresses.

Addresses are told from running text by their rows: capitals, numbers, institutions and contacts, no
sentence. An address begins with who is written to (a name, an office, or both), and ends where the
next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tracker.documents import lexicon
from tracker.documents.addresses import contacts, officials
from tracker.documents.addresses.columns import in_columns, in_turn, unfolded
from tracker.documents.addresses.contacts import Kind
from tracker.documents.addresses.rows import BETWEEN, COPIES, OWN
from tracker.documents.draft import DraftTarget, How, Value
from tracker.documents.structure import Row

_MOST_ROWS = 400
"""Addresses stand on a page or two; what has more rows than these is something else."""

_PLACEHOLDER = re.compile(
    r"(?:please )?insert local diplomatic|name address 1|^name\s*$|^address [123]\s*$|fax number|"
    r"^email address\s*$|^salutation\s*$|diplomatic representatives accredited",
    re.IGNORECASE,
)

_EMBASSY = re.compile(
    r"\b(?:embass(?:y|ies)|ambassador|ambassade|botschafte?r?|botschaft|embajad[ao]r?|"
    r"high commission(?:er)?|consulate|"
    r"consul general|ambassadeur|generalkonsulat)\b",
    re.IGNORECASE,
)

_TO = re.compile(r"^(?:to|an|à|a|target|addressee|recipient)\s*[:：]\s*", re.IGNORECASE)


@dataclass
class _Block:
    """What was read of one address so far."""

    copy: bool
    head: list[tuple[Row, str]] = field(default_factory=list)
    address: list[tuple[Row, str]] = field(default_factory=list)
    salutation: tuple[Row, str] | None = None
    emails: list[tuple[Row, str]] = field(default_factory=list)
    faxes: list[tuple[Row, str]] = field(default_factory=list)
    others: int = 0

    @property
    def has_contacts(self) -> bool:
        return bool(self.salutation or self.emails or self.faxes or self.others)

    @property
    def begun(self) -> bool:
        return bool(self.head or self.address or self.has_contacts)


def targets_of(rows: Sequence[Row], greeted: Collection[str] = ()) -> tuple[DraftTarget, ...]:
    """Return the officials that a run of rows without sentences names, in order.

    Args:
        greeted: names that letters are opened with, by which they are known anywhere.
    """
    if all(row.after_gap for row in rows):  # as Markdown has it, where a gap says nothing
        rows = [replace(row, after_gap=False) for row in rows]
    found: list[_Block] = []
    block = _Block(copy=False)
    for row, part in _parts(in_turn(in_columns(rows[:_MOST_ROWS]))):
        text = part.text
        if row.after_gap and block.head and not block.address and not block.has_contacts:
            block = _without_strays(block, text)
        if part.kind is Kind.TEXT and (copy := COPIES.match(text)):
            _close(found, block)
            block = _Block(copy=True)
            text = text[copy.end() :].strip()
            if not text:
                continue
        if part.kind is Kind.TEXT and _begins_another(block, row, text):
            _close(found, block)
            block = _Block(copy=block.copy)
        _take(block, row, replace(part, text=text))
    _close(found, block)
    return tuple(target for block in found if (target := _target(block, greeted)))


def _without_strays(block: _Block, follower: str) -> _Block:
    """Return the block without the rows before a gap that name no office: strays above it."""
    rows = [text for _, text in block.head]
    if any(map(officials.has_role, rows)):
        return block
    if len(rows) == 1 and officials.is_name(rows[0]) and officials.has_role(follower):
        return block  # the head of a page fell between a name and the office
    return _Block(copy=block.copy)


def _parts(rows: Iterable[Row]) -> Iterator[tuple[Row, contacts.Part]]:
    for row in rows:
        if _PLACEHOLDER.search(row.text) or BETWEEN.fullmatch(row.text):
            continue
        for part in contacts.parts_of(_TO.sub("", row.text, count=1)):
            if not lexicon.COURTESY.fullmatch(f"{part.text} "):  # "Señora", and below it who
                yield row, part


_UNFINISHED = re.compile(r"(?:/|\b(?:Dear|Estimad[oa]|Señora?|Monsieur|Madame|Your))$")
"""A greeting that goes on in the next row."""


def _begins_another(block: _Block, row: Row, text: str) -> bool:
    folded = any(officials.head_of(head).rest for _, head in block.head)
    if not (block.address or block.has_contacts or folded):
        return False
    if block.salutation and _UNFINISHED.search(block.salutation[1]) and not row.after_gap:
        return False
    if len(block.address) == 1 and not (block.head or block.has_contacts or row.after_gap):
        return False  # "Embassy of ...", and below it whom to write to there
    if block.salutation or (_EMBASSY.match(text) and len(block.address) > 1):
        return True
    if officials.has_role(text) or OWN.search(text):
        return True
    ended = (
        block.has_contacts
        or row.after_gap
        or lexicon.ends_with_country([*block.head, *block.address][-1][1])
    )
    name = officials.is_name(text) and not officials.is_address(text)
    return ended and (name or _begins_with_institution(text))


_FEW_WORDS = 6


def _begins_with_institution(text: str) -> bool:
    """Return whether an institution stands among the first words of a row, before any number."""
    beginning = " ".join(text.split()[:_FEW_WORDS])
    found = lexicon.INSTITUTION.search(re.split(r"\d|,", beginning)[0])
    return found is not None and found[0][0].isupper()


def _take(block: _Block, row: Row, part: contacts.Part) -> None:
    text = part.text
    said = block.salutation[1] if block.salutation else ""
    if part.kind is Kind.TEXT and _UNFINISHED.search(said) and not row.after_gap:
        block.salutation = (row, f"{said}{'' if said.endswith('/') else ' '}{text}".rstrip(" ,"))
    elif part.kind is Kind.EMAIL:
        if OWN.search(text):
            block.others += 1
        else:
            block.emails.append((row, text))
    elif part.kind is Kind.FAX:
        block.faxes.append((row, text))
    elif part.kind is Kind.SALUTATION:
        block.salutation = (row, text.rstrip(" ,"))
    elif part.kind is Kind.OTHER:
        block.others += 1
    elif (not block.address and not _is_address_row(block, text)) or (
        not block.head
        and len(block.address) == 1
        and officials.has_role(text)
        and not block.has_contacts
    ):
        block.head.append((row, text))
    elif block.address and text.startswith(("of ", "and ")) and not row.after_gap:
        first, before = block.address[-1]  # a line that was broken in the middle of a name
        block.address[-1] = (first, f"{before} {text}")
    else:
        block.address.append((row, text))


def _is_address_row(block: _Block, text: str) -> bool:
    if officials.has_role(text) or (len(text) > _FOLDED and _begins_with_name(block, text)):
        return False
    if officials.is_address(text):
        return True
    if len(block.head) >= 2 or not officials.is_name(text):
        return bool(block.head)
    # A second name cannot be: what is no office and stands after a name begins the address.
    return any(_only_name(row_text) for _, row_text in block.head)


_FOLDED = 50
"""So long is a row on which a name and an address stand together."""


def _begins_with_name(block: _Block, text: str) -> bool:
    named = any(officials.head_of(head).name for _, head in block.head)
    head = officials.head_of(text)
    courtesy = officials.without_courtesy(text) != text
    whole = len(head.name.split()) > 1 and bool(head.rest)
    return whole and not named and (courtesy or bool(block.head))


def _only_name(text: str) -> bool:
    head = officials.head_of(text)
    return bool(head.name)


def _close(found: list[_Block], block: _Block) -> None:
    if block.head or block.address or block.emails:
        found.append(block)


def _target(block: _Block, greeted: Collection[str]) -> DraftTarget | None:
    name, roles, address = _read_head(block.head, greeted)
    address += block.address
    if name is None:
        known = bool(roles)
        named = next((found for found in address[1:3] if _is_titled_name(found[1], known)), None)
        if named:
            address.remove(named)
            name = Value(officials.without_courtesy(named[1]), named[0].source(How.LAYOUT))
    texts = [text for _, text in [*block.head, *address]]
    if any(OWN.search(text) for text in texts):
        return None
    copy = block.copy or any(map(_is_embassy, texts))
    if name is None and not roles and address and not address[0][1][:1].isdigit():
        # An embassy, a council: what is written to is the place itself.
        row, text = address.pop(0)
        place, rest = officials.place_and_address(text.split(",", 1)[0])
        rest = ", ".join(filter(None, (rest, *(part.strip() for part in text.split(",")[1:]))))
        roles = [(row, place)]
        address = [(row, rest), *address] if rest else address
    if not address and not block.emails and not block.faxes and not (name and block.salutation):
        return None
    if name is None and not roles:
        return None
    if not _is_credible(name, roles, address, block):
        return None
    return DraftTarget(
        name=name,
        role=_joined(roles),
        address=tuple(
            Value(line, row.source(How.LAYOUT)) for row, text in address for line in unfolded(text)
        ),
        salutation=_value(block.salutation),
        emails=tuple(Value(text, row.source(How.LABEL)) for row, text in _unique(block.emails)),
        fax=_joined(block.faxes, How.LABEL, " / "),
        copy=copy,
    )


def _is_embassy(text: str) -> bool:
    """Return whether an embassy is written to, and not somebody in the care of one."""
    found = _EMBASSY.search(text)
    return found is not None and not re.search(r"c/o\W{1,3}(?:the )?$", text[: found.start()])


def _is_titled_name(text: str, known: bool) -> bool:
    """Return whether a row within an address is a name; a long one, where the office is known."""
    titled = officials.without_courtesy(text) != text
    long = known and len(text.split()) > 2 and "," not in text and not officials.is_address(text)
    return (titled or long) and officials.is_name(text)


def _read_head(
    rows: Sequence[tuple[Row, str]], greeted: Collection[str]
) -> tuple[Value[str] | None, list[tuple[Row, str]], list[tuple[Row, str]]]:
    """Return the name, the rows of the role, and what of the address stands on their rows."""
    heads = [(row, text, officials.head_of(text, greeted)) for row, text in rows]
    alone = next((row for row, _, head in heads if head.name and not head.role), None)
    name: Value[str] | None = None
    roles: list[tuple[Row, str]] = []
    address: list[tuple[Row, str]] = []
    offices = {text.casefold() for _, text, head in heads if head.role and not head.name}
    for row, text, found in heads:
        head = found
        if alone is not None and row is not alone and _is_office(head, text):
            # Where the name has a row of its own, the row of the office is the office. A second
            # one says the same in another language.
            if not roles or _GOES_ON.match(text):
                roles.append((row, officials.without_courtesy(text)))
            continue
        if head.name and offices and (head.role.casefold() in offices or " " not in head.role):
            head = replace(head, role="")  # "President", and below it "President Rudolf"
        if head.name and name is None:
            name = Value(head.name, row.source(How.LAYOUT))
        elif head.name:
            address.append((row, head.name))
        if head.role and (not roles or _GOES_ON.match(head.role)):
            roles.append((row, head.role))
        if head.rest:
            address.append((row, head.rest))
    return name, roles, address


_GOES_ON = re.compile(r"(?:and|And|&|of|for|y|et|und)\s|[a-z]")


def _is_office(head: officials.Head, text: str) -> bool:
    """Return whether a whole row is an office: "Director, Evin Prison"."""
    same = set(head.role.casefold().split()) & set(head.rest.casefold().split()) - lexicon.PARTICLES
    ministry = same and lexicon.INSTITUTION.match(
        head.rest
    )  # "Minister of Tides, Ministry of Tides"
    return bool(head.role) and not re.search(r"\d", text) and not ministry


def _is_credible(
    name: Value[str] | None,
    roles: Sequence[tuple[Row, str]],
    address: Sequence[tuple[Row, str]],
    block: _Block,
) -> bool:
    """Return whether there is enough to be an official and not a list of anything."""
    texts = [text for _, text in address]
    official = any(officials.has_role(text) for _, text in roles)
    placed = any(
        re.search(r"\d", text)
        or lexicon.ends_with_country(text)
        or lexicon.INSTITUTION.search(text)
        for text in texts
    )
    place = any(lexicon.INSTITUTION.search(text) for text in [*texts, *(text for _, text in roles)])
    reached = bool(block.emails or block.faxes or block.salutation)
    if block.copy and block.emails and roles:
        return True
    if official:
        return placed or reached or len(texts) > 1
    return (place and (placed or reached)) or (name is not None and placed and reached)


def _value(found: tuple[Row, str] | None) -> Value[str] | None:
    return Value(found[1], found[0].source(How.LABEL)) if found else None


def _joined(
    found: Sequence[tuple[Row, str]], how: How = How.LAYOUT, by: str = ", "
) -> Value[str] | None:
    if not found:
        return None
    source = replace(found[0][0].source(how), last=found[-1][0].number)
    return Value(by.join(text.strip(" ,") for _, text in found), source)


def _unique(found: Sequence[tuple[Row, str]]) -> list[tuple[Row, str]]:
    return list({text.casefold(): (row, text) for row, text in reversed(found)}.values())[::-1]
