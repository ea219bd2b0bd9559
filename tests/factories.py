"""Small makers of what tests need, one a model. Everybody and every place in here is fictional.

Each takes a session of `database.writing()`, adds through the program's own functions, and returns
what it added. What a test asserts on, it names itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from tracker import case_files, cases, letters, members, running_counts
from tracker.letters import Details, LoggedLetter
from tracker.members import Asker
from tracker.models import (
    Base,
    Case,
    Channel,
    Group,
    Letter,
    LetterStatus,
    Member,
    Role,
    Section,
    UrgentAction,
)

NOW = datetime(2025, 3, 12, 12, 0, tzinfo=UTC)
"""Noon of a Wednesday between the issue date and the deadline in CASE_TEXT.

Long past: a letter posted on that day is in no future, whatever the machine takes for today."""

TODAY = NOW.date()
ISSUED_ON = date(2025, 2, 3)
DEADLINE = date(2025, 6, 30)

CASE_SLUG = "lighthouse"
ACTION_SLUG = "lighthouse-2025-02"
FIRST_TARGET = "Nadie Nessuno"
SECOND_TARGET = "Ingen Keiner"

CASE_TEXT = """\
# A fictional case: neither these people nor their country exist.
slug = "lighthouse"
title = "Perla Invent and Odo Figment"
country = "Freedonia (fictional)"
summary = "Two fictional lighthouse keepers, locked up over a poem about the sea."
fictional = true

[[people]]
name = "Perla Invent"
other_names = ["Pérla Ïnvent", "Перла Инвент"]
pronouns = "she/her"
description = "Keeps a lighthouse that does not exist."

[[people]]
name = "Odo Figment"
pronouns = "they/them"

[[targets]]
name = "Nadie Nessuno"
role = "Minister"
institution = "Ministry of Nothing"
address = ["Ministry of Nothing", "1 Nowhere Square", "Freedonia (fictional)"]
salutation = "Dear Minister"

[[targets]]
name = "Ingen Keiner"
role = "Judge"
institution = "Court of Nowhere"
address = ["Court of Nowhere", "2 Nowhere Square", "Freedonia (fictional)"]
salutation = "Your Honour"
email = "judge@nowhere.example"
fax = "+00 0000 0000"

[[events]]
kind = "detention"
date = 2024-05-02
people = ["Odo Figment", "Perla Invent"]
event = "Locked up in the harbour"
source = "A fictional newspaper"

[[events]]
kind = "trial"
date = "2024-11"
people = ["Perla Invent"]
event = "Tried behind closed doors"
source = "A fictional newspaper"

[[urgent_actions]]
slug = "lighthouse-2025-02"
title = "Keepers locked up over a poem (fictional)"
issued_on = 2025-02-03
deadline = 2025-06-30
after_deadline = "Ask your section's office first."
languages = ["en", "fr"]
asks = ["Let both of them go."]
source = "A fictional Urgent Action"

[[urgent_actions.targets]]
name = "Nadie Nessuno"
priority = 1
reason = "The minister holds the key."

[[urgent_actions.targets]]
name = "Ingen Keiner"
priority = 2
"""
"""A whole case file: one open urgent action without a number and without a goal."""


def case_text(*changes: tuple[str, str]) -> str:
    """Return CASE_TEXT with each (old, new) of `changes` replaced where `old` stands first."""
    text = CASE_TEXT
    for old, new in changes:
        assert old in text, f"CASE_TEXT has no {old!r}"
        text = text.replace(old, new, 1)
    return text


def section(db: Session, name: str = "Ruritania (fictional)", time_zone: str = "UTC") -> Section:
    """Return the section of that name; it is added if it is not there yet."""
    found = db.scalar(select(Section).where(Section.name == name))
    return found or members.add_section(db, name, time_zone)


def group(db: Session, of: Section, name: str = "Group of the Old Mill (fictional)") -> Group:
    """Return the section's group of that name; it is added if it is not there yet."""
    found = db.scalar(select(Group).where(Group.section_id == of.id, Group.name == name))
    return found or members.add_group(db, of, name)


def member(
    db: Session,
    roles: Iterable[Role] = (Role.VOLUNTEER,),
    *,
    of: Section | None = None,
    in_group: Group | None = None,
    name: str = "Fictional Vera Volunteer",
) -> Member:
    """Add a member; without `of`, of the section that `section` gives by itself."""
    return members.add_member(db, of or section(db), roles, name=name, now=NOW, group=in_group)


def asker(
    db: Session,
    roles: Iterable[Role] = (Role.VOLUNTEER,),
    *,
    of: Section | None = None,
    in_group: Group | None = None,
    name: str = "Fictional Vera Volunteer",
    today: date | None = TODAY,
) -> Asker:
    """Add a member and return them as one who asks, for whom it is `today` (None: the real day)."""
    added = member(db, roles, of=of, in_group=in_group, name=name)
    return replace(members.asker(db, added.id), pinned_today=today)


def operator(db: Session, *, today: date | None = TODAY) -> Asker:
    """Return the command line as one who asks, for whom it is `today` (None: the real day)."""
    return replace(members.operator(db), pinned_today=today)


def case(db: Session, text: str = CASE_TEXT) -> Case:
    """Add the case that a case file's text describes and return it with all that belongs to it."""
    who = members.operator(db)
    file = case_files.parse(text, "fictional.toml")
    added = cases.add(db, who, file, "fictional.toml", now=NOW)
    return cases.case_named(db, who, added.slug)


def action(db: Session, text: str = CASE_TEXT) -> UrgentAction:
    """Add a case as `case` does and return its first urgent action, loaded as pages get it."""
    who = members.operator(db)
    return cases.action_named(db, who, case(db, text).actions[0].slug)


def details(
    posted_on: date = TODAY,
    *,
    channel: Channel = Channel.POST,
    language: str = "en",
    own_words: bool = False,
    late_confirmed: bool = False,
) -> Details:
    """Return what a writer says about a letter."""
    return Details(posted_on, channel, language, own_words, late_confirmed)


@dataclass(frozen=True)
class Desk:
    """A volunteer with a group, an open urgent action, and the keys of its two targets."""

    asker: Asker
    action: UrgentAction
    first: int
    second: int


def desk(db: Session, text: str = CASE_TEXT, *, today: date | None = TODAY) -> Desk:
    """Add all that a letter needs, but for the letter."""
    who = asker(db, in_group=group(db, section(db)), today=today)
    opened = action(db, text)
    return Desk(who, opened, *(chosen.target_id for chosen in opened.targets))


def entry_id() -> str:
    """Return the id of a new form."""
    return secrets.token_hex(8)


def log(
    db: Session,
    who: Asker,
    to: UrgentAction,
    saying: Details | None = None,
    *,
    targets: Collection[int] | None = None,
    entry: str | None = None,
    now: datetime = NOW,
) -> list[LoggedLetter]:
    """Log a letter to each of the targets (all of the action's if left out) and return them."""
    entry = entry or entry_id()
    chosen = [target.target_id for target in to.targets] if targets is None else targets
    letters.log(
        db,
        who,
        entry_id=entry,
        action_id=to.id,
        target_ids=chosen,
        details=saying or details(),
        now=now,
    )
    return letters.of_entry(db, who, entry)


def letter(
    db: Session,
    who: Asker,
    to: UrgentAction,
    saying: Details | None = None,
    *,
    target: int | None = None,
    now: datetime = NOW,
) -> LoggedLetter:
    """Log one letter, to the first-priority target if none is given, and return it."""
    chosen = to.targets[0].target_id if target is None else target
    return log(db, who, to, saying, targets=[chosen], now=now)[0]


def everything(db: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, so that a test can hold that nothing changed."""
    db.flush()
    return {
        table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


def many_letters(db: Session, who: Asker, to: UrgentAction, number: int) -> None:
    """Add that many letters of one member in bulk, past `letters.log`, and fill the counts.

    They go to the targets in turn and were posted on the days from the issue date on, in turn.
    """
    targets: Sequence[int] = [target.target_id for target in to.targets]
    before = db.scalar(select(func.count()).select_from(Letter)) or 0
    rows = [
        {
            "public_id": f"b{before + place:011d}",
            "urgent_action_id": to.id,
            "target_id": targets[place % len(targets)],
            "member_id": who.member_id,
            "section_id": who.section_id,
            "group_id": who.group_id,
            "entry_id": f"bulk-{before + place}",
            "entry_target_id": targets[place % len(targets)],
            "entry_posted_on": to.issued_on,
            "posted_on": to.issued_on + timedelta(days=place % 30),
            "logged_at": NOW,
            "channel": Channel.POST,
            "language": "en",
            "own_words": False,
            "after_deadline": False,
            "status": LetterStatus.POSTED,
            "version": 1,
        }
        for place in range(number)
    ]
    for start in range(0, number, 5000):
        db.execute(insert(Letter.__table__), rows[start : start + 5000])
    running_counts.recount(db)
