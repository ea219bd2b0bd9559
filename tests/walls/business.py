"""What is whose business, in plain words: written down a second time, apart from the program.

Everything that is a section's own is planted with canaries. Nothing in here asks the program who
may see what; it only keeps book of who is who.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.models import Role


class Kind(StrEnum):
    """What a canary is planted in."""

    DISPLAY_NAME = "name"
    SIGN_IN_NAME = "signin"
    EMAIL = "mail"
    TOKEN = "token"
    """What opens a link, or stands in a cookie."""
    KEPT = "kept"
    """What is kept of a passphrase, and the secret of a second step."""
    GROUP = "group"
    LETTER = "letter"
    """A letter's public id, or what it says."""
    PSEUDONYM = "writer"
    WAY_IN = "wayin"
    """An invitation's public id, a join code and its public id."""
    DOMAIN = "domain"
    LINE = "line"
    """What a line of the record tells of."""


NOBODYS = frozenset({Kind.TOKEN, Kind.EMAIL})
"""What is never shown: a link but once, to whoever made it, and an address not even then."""


@dataclass(frozen=True)
class Canary:
    """A text that stands for what is a section's own.

    `section_id` is None for what is no section's own. `about` is the member, or the group, or the
    letter (by its public id) to which it belongs.
    """

    text: str
    kind: Kind
    section_id: int | None
    about: int | str | None = None


@dataclass
class Person:
    """A member, as the book knows them."""

    member_id: int
    section_id: int
    group_id: int | None
    roles: set[tuple[Role, int]]
    has_account: bool = False
    disabled: bool = False

    def coordinates(self, section_id: int | None) -> bool:
        """Return whether that is a section which the person coordinates."""
        return (Role.COORDINATOR, section_id) in self.roles

    @property
    def leads(self) -> bool:
        """Whether the person is a case lead."""
        return any(role is Role.CASE_LEAD for role, _ in self.roles)

    @property
    def writes(self) -> bool:
        """Whether the person is a volunteer."""
        return any(role is Role.VOLUNTEER for role, _ in self.roles)


@dataclass
class Sent:
    """A letter, as the book knows it; writers who are forgotten are None."""

    letter_id: str
    entry_id: str
    action_id: int
    section_id: int
    group_id: int | None
    writer: int | None
    logged_by: int | None
    posted: bool = True


@dataclass
class Book:
    """Who is who, what is where, and every canary that was planted."""

    people: dict[int, Person] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    sections: dict[int, str] = field(default_factory=dict)
    retention: dict[int, int] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    actions: dict[int, str] = field(default_factory=dict)
    closed: dict[int, datetime] = field(default_factory=dict)
    letters: dict[str, Sent] = field(default_factory=dict)
    domains: list[str] = field(default_factory=list)
    canaries: list[Canary] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def text(self, kind: Kind, section_id: int | None) -> str:
        """Return a new text to plant; it goes through every form, and is part of no other."""
        return f"zq{kind}{next(self._numbers)}s{section_id or 0}x"

    def planted(self, kind: Kind, section_id: int | None, about: int | str | None = None) -> str:
        """Return a new text, and take it for planted already."""
        text = self.text(kind, section_id)
        self.note(text, kind, section_id, about)
        return text

    def note(
        self, text: str, kind: Kind, section_id: int | None, about: int | str | None = None
    ) -> None:
        """Take a text for a canary: one that was planted, or what the program made up itself."""
        self.canaries.append(Canary(text, kind, section_id, about))

    def posted(self, action_id: int, section_id: int | None = None) -> int:
        """Return how many letters count, of one section or of all."""
        return sum(
            letter.posted
            for letter in self.letters.values()
            if letter.action_id == action_id and section_id in {None, letter.section_id}
        )


Visitor = Person | None
"""Who asks: a person of the book, or None for the operator at the command line."""


def is_their_business(book: Book, visitor: Visitor, canary: Canary, *, names: bool) -> bool:
    """Return whether the visitor may come to see that text.

    Args:
        names: in an answer to a question that asks for names outright.
    """
    about_member = canary.kind in {Kind.DISPLAY_NAME, Kind.SIGN_IN_NAME, Kind.PSEUDONYM, Kind.KEPT}
    if about_member and canary.about in book.gone:
        return False  # Whoever is forgotten is so for everybody.
    if canary.kind in NOBODYS:
        return False
    if visitor is None:
        return _is_the_operators(canary)
    return _is_their_own(book, visitor, canary) or _is_their_sections(visitor, canary, names=names)


def _is_the_operators(canary: Canary) -> bool:
    """Everything, by pseudonym; never a name, nor what opens something."""
    return canary.kind in {
        Kind.GROUP,
        Kind.LETTER,
        Kind.PSEUDONYM,
        Kind.WAY_IN,
        Kind.DOMAIN,
        Kind.LINE,
    }


def _is_their_own(book: Book, visitor: Person, canary: Canary) -> bool:
    """Whatever is the visitor's own: names, letters, the groups where they are or wrote."""
    match canary.kind:
        case Kind.DISPLAY_NAME | Kind.SIGN_IN_NAME | Kind.PSEUDONYM | Kind.KEPT:
            return canary.about == visitor.member_id
        case Kind.GROUP:
            wrote_in = {
                letter.group_id
                for letter in book.letters.values()
                if letter.writer == visitor.member_id
            }
            return canary.about in {visitor.group_id, *wrote_in}
        case Kind.LETTER:
            return book.letters[str(canary.about)].writer == visitor.member_id
    return False


def _is_their_sections(visitor: Person, canary: Canary, *, names: bool) -> bool:
    """What coordinators see of their sections, and case leads of all."""
    coordinates = visitor.coordinates(canary.section_id)
    match canary.kind:
        case Kind.DISPLAY_NAME:
            return names and coordinates
        case Kind.LETTER:
            return coordinates
        case Kind.GROUP | Kind.PSEUDONYM | Kind.WAY_IN:
            return coordinates or visitor.leads
        case Kind.LINE:
            return coordinates or (canary.section_id is None and visitor.leads)
        case Kind.DOMAIN:
            return visitor.leads
    return False


# Who may do what ------------------------------------------------------------------------------


def keeps(visitor: Visitor, section_id: int) -> bool:
    """Coordinators keep their sections, case leads and the operator all."""
    return visitor is None or visitor.leads or visitor.coordinates(section_id)


def keeps_person(visitor: Visitor, person: Person) -> bool:
    """Whoever keeps the section keeps its members; case leads are kept by case leads."""
    return keeps(visitor, person.section_id) and (
        visitor is None or visitor.leads or not person.leads
    )


def may_give(visitor: Visitor, role: Role, section_id: int) -> bool:
    """Coordinators make volunteers and coordinators; case leads are made by case leads."""
    if role is Role.CASE_LEAD:
        return visitor is None or visitor.leads
    return keeps(visitor, section_id)


def sees_totals(visitor: Visitor, section_id: int) -> bool:
    """A section's own totals: its coordinators', case leads' and the operator's."""
    return visitor is None or visitor.leads or visitor.coordinates(section_id)


def may_log_for(visitor: Visitor, writer: Person) -> bool:
    """Coordinators log for those of their sections who have no account, and so cannot."""
    if visitor is None or writer.member_id == visitor.member_id:
        return visitor is not None and visitor.writes
    only_writes = {role for role, _ in writer.roles} <= {Role.VOLUNTEER}
    able = not writer.has_account and not writer.disabled
    return visitor.coordinates(writer.section_id) and able and only_writes


def may_change(visitor: Visitor, letter: Sent) -> bool:
    """One's own letters, and those that one logged in a section which one coordinates."""
    if visitor is None or letter.writer is None:
        return False
    logged_it = letter.logged_by == visitor.member_id
    return letter.writer == visitor.member_id or (
        logged_it and visitor.coordinates(letter.section_id)
    )


def keeps_all(visitor: Visitor) -> bool:
    """What is no section's own is kept by case leads and the operator."""
    return visitor is None or visitor.leads
