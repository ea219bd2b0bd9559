"""Sections and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker import record
from tracker.members.asking import Asker, NotYours
from tracker.models import RETENTION_DAYS, Deed, Role, Section
from tracker.rules import LateRule

NAME_LENGTH = 120

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of the text after them, and so of other people's words."""
LONGEST_RETENTION = 3650
"""Days; the most that a section may keep who wrote, after an urgent action is closed."""


class UnknownSection(LookupError):
    """There is no section with that name."""


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed it since it was read; nothing was written."""


class SectionProblem(StrEnum):
    """Why a section cannot be made, or changed, as asked."""

    NO_NAME = "no-name"
    LONG_NAME = "long-name"
    SAME_NAME = "same-name"
    UNKNOWN_ZONE = "unknown-zone"
    RETENTION = "retention"


class SectionRefused(ValueError):
    """A section cannot be made, or changed, as asked; `reasons` says all that stands against it."""

    def __init__(self, reasons: Sequence[SectionProblem]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class SectionRules:
    """A section as those who keep it see it.

    Attributes:
        late_rule, late_until: what becomes of late letters; until which day one is accepted.
        retention_days: how long it keeps who wrote, after an urgent action is closed.
        version: which state this is; a change names the one that it was made from.
    """

    section_id: int
    name: str
    time_zone: str
    late_rule: LateRule
    late_until: date | None
    retention_days: int
    version: int


def time_zones() -> list[str]:
    """Return the names of the time zones that a section can have, in alphabetical order."""
    return sorted(zone for zone in available_timezones() if "/" in zone and zone[0].isupper())


def sections(db: Session, asker: Asker) -> list[SectionRules]:
    """Return the sections that the asker keeps, by name, the asker's own first."""
    found = [
        SectionRules(
            section_id=section.id,
            name=section.name,
            time_zone=section.time_zone,
            late_rule=section.late_rule,
            late_until=section.late_until,
            retention_days=section.retention_days,
            version=section.version,
        )
        for section in db.scalars(select(Section).order_by(Section.name))
        if asker.manages(section.id)
    ]
    return sorted(found, key=lambda section: section.section_id != asker.section_id)


def add_section(
    db: Session,
    name: str,
    time_zone: str,
    *,
    late_rule: LateRule = LateRule.ASK,
    late_until: date | None = None,
    retention_days: int = RETENTION_DAYS,
) -> Section:
    """Add a section, whoever asks: for a new server, and for `new_section`.

    Raises:
        SectionRefused: no name, a name too long or already there, an unknown time zone, or a
            retention outside 0 to LONGEST_RETENTION days.
    """
    section = Section()
    _fill(
        db,
        section,
        name=name,
        time_zone=time_zone,
        late_rule=late_rule,
        late_until=late_until,
        retention_days=retention_days,
    )
    db.add(section)
    _write(db)
    return section


def new_section(
    db: Session,
    asker: Asker,
    *,
    name: str,
    time_zone: str,
    late_rule: LateRule = LateRule.ASK,
    late_until: date | None = None,
    retention_days: int = RETENTION_DAYS,
    now: datetime,
) -> int:
    """Add a section and return its key. Only case leads and the operator may.

    Raises:
        NotYours: the asker is neither.
        SectionRefused: as in `add_section`.
    """
    if not (asker.is_operator or asker.has(Role.CASE_LEAD)):
        raise NotYours("a new section")
    section = add_section(
        db,
        name,
        time_zone,
        late_rule=late_rule,
        late_until=late_until,
        retention_days=retention_days,
    )
    record.add(db, Deed.SECTION_ADDED, now=now, by=asker, section_id=section.id)
    return section.id


def change_section(
    db: Session,
    asker: Asker,
    section_id: int,
    *,
    version: int,
    name: str,
    time_zone: str,
    late_rule: LateRule,
    late_until: date | None,
    retention_days: int,
    now: datetime,
) -> None:
    """Change a section's name, time zone and rules.

    Raises:
        NotYours: it is not the asker's to keep.
        ChangedMeanwhile: it is no longer at that version.
        SectionRefused: as in `add_section`.
    """
    section = db.get(Section, section_id)
    if section is None or not asker.manages(section_id):
        raise NotYours(section_id)
    if section.version != version:
        raise ChangedMeanwhile(section_id)
    _fill(
        db,
        section,
        name=name,
        time_zone=time_zone,
        late_rule=late_rule,
        late_until=late_until,
        retention_days=retention_days,
    )
    _write(db)
    record.add(db, Deed.SECTION_CHANGED, now=now, by=asker, section_id=section_id)


def section_named(db: Session, name: str) -> Section:
    """Return the section with that name.

    Raises:
        UnknownSection: there is none; the message says so.
    """
    section = db.scalar(select(Section).where(Section.name == name))
    if section is None:
        raise UnknownSection(f"no section is called {name}")
    return section


def tidy(name: str) -> str:
    """Return a name in one line with single blanks, and without signs that turn others' words."""
    # A browser can send what PostgreSQL has no place for.
    straight = "".join(sign for sign in name if sign not in TURNING)
    return " ".join(straight.replace("\0", " ").split())


def _fill(
    db: Session,
    section: Section,
    *,
    name: str,
    time_zone: str,
    late_rule: LateRule,
    late_until: date | None,
    retention_days: int,
) -> None:
    """Put checked values into a section.

    Raises:
        SectionRefused: they cannot be; nothing was put.
    """
    name = tidy(name)
    reasons = []
    if not name:
        reasons.append(SectionProblem.NO_NAME)
    elif len(name) > NAME_LENGTH:
        reasons.append(SectionProblem.LONG_NAME)
    elif db.scalar(select(Section.id).where(Section.name == name, Section.id != section.id)):
        reasons.append(SectionProblem.SAME_NAME)
    if time_zone not in {"UTC", *time_zones()}:
        reasons.append(SectionProblem.UNKNOWN_ZONE)
    if not 0 <= retention_days <= LONGEST_RETENTION:
        reasons.append(SectionProblem.RETENTION)
    if reasons:
        raise SectionRefused(reasons)
    section.name, section.time_zone = name, time_zone
    section.late_rule = late_rule
    # The day means something for this rule alone; kept beside another it would come as a surprise.
    section.late_until = late_until if late_rule is LateRule.ACCEPT else None
    section.retention_days = retention_days


def _write(db: Session) -> None:
    # Another process may have been quicker, after we looked.
    try:
        db.flush()
    except IntegrityError:
        raise SectionRefused([SectionProblem.SAME_NAME]) from None
    except StaleDataError:
        raise ChangedMeanwhile from None
