"""Who writes in a demonstration: sections, groups and members that nobody can take for real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table, insert, literal, select
from sqlalchemy.orm import Session

from tracker import members
from tracker.models import Grant, Group, Member, Role, Section

MOST_VOLUNTEERS = 100_000
"""Beyond this, more letters mean more letters a volunteer: sections have no millions of writers."""

_MARK = " (fictional)"
_LETTERS_A_VOLUNTEER = 3
_FEWEST = 3
_OWN_SCRIPT = 0.6
_WITHOUT_GROUP = 0.08
_CHUNK = 5_000


@dataclass(frozen=True)
class Company:
    """The volunteers of one section.

    Attributes:
        section_id: the section's key.
        zone: the section's time zone.
        share: the part of all letters that this section writes.
        language: what people there write in when it is their own language.
        writers: the members' keys, the most eager first.
    """

    section_id: int
    zone: ZoneInfo
    share: float
    language: str
    writers: NDArray[np.int64]


@dataclass(frozen=True)
class Cast:
    """Everybody in a demonstration.

    Attributes:
        companies: the sections; the three whom `by_role` names belong to the first.
        group_of: a member's key → the key of the group, 0 for none.
        by_role: whom to sign in as to see the program as a volunteer, a coordinator, a case lead.
    """

    companies: tuple[Company, ...]
    group_of: NDArray[np.int64]
    by_role: Mapping[Role, int]


@dataclass(frozen=True)
class _Sketch:
    name: str
    time_zone: str
    share: float
    language: str
    groups: tuple[str, ...]
    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()


# Called after trees, not after countries. A time zone and a language have to be somebody's; nothing
# else about a section is.
_SECTIONS = (
    _Sketch(
        "Section Alder", "Europe/Berlin", 0.22, "de",
        ("Lantern Street", "Kerzenschein", "Night Owls", "Brückenkopf Süd", "Tuesday Inkwell"),
    ),
    _Sketch(
        "Section Birch", "America/Toronto", 0.18, "fr",
        ("Snowed-In Writers", "Les Plumes Légères", "Kitchen Table", "Postbox North"),
    ),
    _Sketch(
        "Section Ceiba", "America/Bogota", 0.15, "es",
        ("Papel y Vela", "Los Buzones", "El Tintero Añil", "Second Wednesday"),
    ),
    _Sketch(
        "Section Plum 梅", "Asia/Taipei", 0.13, "zh",
        ("烛光小组", "纸鹤小组", "Paper Cranes", "夜航信社"),
        ("墨", "纸", "烛", "灯"), ("信使", "纸鹤", "砚台", "萤火"),
    ),
    _Sketch(
        "Section Baobab", "Africa/Dakar", 0.10, "fr",
        ("L'Encrier Bleu", "Sous l'Arbre", "Open Windows"),
    ),
    _Sketch(
        "Section Larch", "Europe/Sofia", 0.09, "bg",
        ("Мастилница", "Хартиен кораб", "Stamp and Candle"),
        ("Свещица", "Искра-Перо", "Пликчо"), ("Мастилова", "Хартиен", "Пощенски"),
    ),
    _Sketch(
        "Section Kōwhai", "Pacific/Auckland", 0.07, "en",
        ("First Light", "Harbour Envelopes", "Two Stamps"),
    ),
    _Sketch(
        "Section Cedar", "Asia/Beirut", 0.06, "ar",
        ("أصدقاء الحبر", "قنديل المساء", "Roof Terrace"),
        ("حبر", "قنديل", "ريشة"), ("الورق", "الظرف", "المحبرة"),
    ),
)  # fmt: skip

_GIVEN = (
    "Amberly", "Brisk", "Candela", "Dovetail", "Éclair", "Fennel", "Gossamer", "Hazelnut",
    "Inkeri", "Juniper", "Kestrel", "Lumen", "Måne", "Nib", "Olive", "Pippin", "Quill", "Rosemary",
    "Sealwax", "Thistle", "Umber", "Vellum", "Wren", "Żar",
)  # fmt: skip
_FAMILY = (
    "Airmail", "Blotter", "Candlewick", "Daybook", "Envelope", "Foolscap", "Glue", "Håndskrift",
    "Inkwell", "Jotter", "Kindlight", "Letterbox", "Margin", "Notepaper", "Octavo", "Paperclip",
    "Quire", "Ribbon", "Stampwell", "Typeface", "Überbrief", "Vignette", "Watermark", "Zipcode",
)  # fmt: skip
_NAMED = {
    Role.VOLUNTEER: "Vera Volunteer",
    Role.COORDINATOR: "Cora Coordinator",
    Role.CASE_LEAD: "Leo Caselead",
}


def settle(db: Session, letters: int, *, since: datetime, rng: np.random.Generator) -> Cast:
    """Add the sections, groups and members that write `letters` letters, all here by `since`."""
    sections = [
        members.add_section(db, sketch.name + _MARK, sketch.time_zone) for sketch in _SECTIONS
    ]
    groups = [
        [members.add_group(db, section, name + _MARK) for name in sketch.groups]
        for section, sketch in zip(sections, _SECTIONS, strict=True)
    ]
    by_role = _add_named(db, sections[0], groups[0], since)
    last_named = _add_coordinators(db, sections[1:], since)
    volunteers = min(letters // _LETTERS_A_VOLUNTEER, MOST_VOLUNTEERS)
    for section, its_groups, sketch in zip(sections, groups, _SECTIONS, strict=True):
        number = max(round(volunteers * sketch.share), _FEWEST)
        _add_volunteers(db, section, its_groups, sketch, number, since=since, rng=rng)
    writers = select(Member.id, Member.section_id, Member.group_id).where(Member.id > last_named)
    role = literal(Role.VOLUNTEER, Grant.__table__.c.role.type)
    grants = writers.with_only_columns(Member.id, Member.section_id, role)
    db.execute(insert(Grant).from_select(["member_id", "section_id", "role"], grants))
    found = db.execute(writers.order_by(Member.id)).all()
    ids = np.array([row.id for row in found], dtype=np.int64)
    section_ids = np.array([row.section_id for row in found], dtype=np.int64)
    group_of = np.zeros(ids[-1] + 1, dtype=np.int64)
    group_of[ids] = [row.group_id or 0 for row in found]
    for member_id in by_role.values():
        group_of[member_id] = db.get_one(Member, member_id).group_id or 0
    companies = tuple(
        Company(
            section.id,
            ZoneInfo(sketch.time_zone),
            sketch.share,
            sketch.language,
            ids[section_ids == section.id],
        )
        for section, sketch in zip(sections, _SECTIONS, strict=True)
    )
    return Cast(companies, group_of, by_role)


def _add_named(
    db: Session, section: Section, groups: Sequence[Group], since: datetime
) -> dict[Role, int]:
    what_they_may = {
        Role.VOLUNTEER: ([Role.VOLUNTEER], groups[0]),
        Role.COORDINATOR: ([Role.COORDINATOR], groups[0]),
        Role.CASE_LEAD: ([Role.CASE_LEAD, Role.VOLUNTEER], groups[1]),
    }
    return {
        role: members.add_member(
            db, section, grants, name=_NAMED[role] + _MARK, now=since, group=group
        ).id
        for role, (grants, group) in what_they_may.items()
    }


def _add_coordinators(db: Session, sections: Sequence[Section], since: datetime) -> int:
    """Give every other section a coordinator, and return the key of the last one."""
    added = [
        members.add_member(
            db, section, [Role.COORDINATOR], name=f"Coordinator of {section.name}", now=since
        )
        for section in sections
    ]
    return added[-1].id


def _add_volunteers(
    db: Session,
    section: Section,
    groups: Sequence[Group],
    sketch: _Sketch,
    number: int,
    *,
    since: datetime,
    rng: np.random.Generator,
) -> None:
    # The first groups are the large ones; some volunteers are in none.
    weights = np.append(1 / np.arange(1, len(groups) + 1), 0)
    weights[-1] = weights.sum() * _WITHOUT_GROUP
    group_ids = [*(group.id for group in groups), None]
    chosen = rng.choice(len(group_ids), number, p=weights / weights.sum()).tolist()
    names = _names(sketch, number, rng)
    days = rng.integers(0, 365, number).tolist()
    rows = [
        {
            "section_id": section.id,
            "group_id": group_ids[group],
            "name": name,
            "created_at": since - timedelta(days=day),
            "version": 1,
        }
        for group, name, day in zip(chosen, names, days, strict=True)
    ]
    for start in range(0, number, _CHUNK):
        db.execute(insert(cast(Table, Member.__table__)), rows[start : start + _CHUNK])


def _names(sketch: _Sketch, number: int, rng: np.random.Generator) -> list[str]:
    """Return names of paper, ink and light; in a section with a script of its own many in that."""
    own = rng.random(number) < (_OWN_SCRIPT if sketch.given else 0)
    draws = rng.integers(0, 2**31, (number, 2)).tolist()
    names = []
    for in_own, (one, two) in zip(own.tolist(), draws, strict=True):
        given, family = (sketch.given, sketch.family) if in_own else (_GIVEN, _FAMILY)
        names.append(f"{given[one % len(given)]} {family[two % len(family)]}{_MARK}")
    return names
