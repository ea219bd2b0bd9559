"""What pages may find in the database, from nothing to plenty. Everybody in here is fictional."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from tests import factories
from tracker import letters
from tracker.members import Asker
from tracker.models import Channel, Role, UrgentAction

OTHER_CASE = factories.case_text(
    ('slug = "lighthouse"', 'slug = "windmill"'),
    ('title = "Perla Invent and Odo Figment"', 'title = "Mira Making"'),
    ('name = "Perla Invent"', 'name = "Mira Making"'),
    ('other_names = ["Pérla Ïnvent", "Перла Инвент"]', 'other_names = ["Mira-Making"]'),
    ('name = "Odo Figment"', 'name = "Ivo Inkling"'),
    ('["Odo Figment", "Perla Invent"]', '["Ivo Inkling"]'),
    ('["Perla Invent"]', '["Mira Making"]'),
    ('slug = "lighthouse-2025-02"', 'slug = "windmill-2025-01"'),
    ("Keepers locked up over a poem (fictional)", "A miller on trial (fictional)"),
    ("issued_on = 2025-02-03", "issued_on = 2025-01-06"),
    ('languages = ["en", "fr"]', 'languages = ["es"]\nown_language = false\ngoal = 40'),
)
"""A second case: an older urgent action, in Spanish alone, with a goal."""

OTHER_SLUG = "windmill-2025-01"
CLOSED = ('source = "A fictional Urgent Action"', 'source = "Fictional"\nstatus = "closed"')
DRAFT = ('source = "A fictional Urgent Action"', 'source = "Fictional"\nstatus = "draft"')

SECRETS = (
    "Perla", "Odo", "Mira", "Ivo", "Nadie", "Ingen", "Minister", "Judge", "Keepers", "miller",
    "Ruritania", "Old Mill", "Vera", "Elbonia", "poem", "2025", "lighthouse", "windmill", "writer",
)  # fmt: skip
"""What nobody may see who is not signed in."""


def nothing(db: Session) -> None:
    """No case at all."""


def a_draft(db: Session) -> None:
    """One urgent action that nobody has published yet."""
    factories.case(db, factories.case_text(DRAFT))


def one_open(db: Session) -> None:
    """One open urgent action, and not one letter."""
    factories.case(db)


def plenty(db: Session) -> None:
    """Two open urgent actions and a closed one, with letters of several people in two sections."""
    action = factories.action(db)
    other = factories.action(db, OTHER_CASE)
    closed = factories.case_text(
        ('slug = "lighthouse"', 'slug = "ferry"'),
        ('slug = "lighthouse-2025-02"', 'slug = "ferry-2025-02"'),
        CLOSED,
    )
    factories.case(db, closed)
    here = factories.section(db)
    group = factories.group(db, here)
    away = factories.section(db, "Elbonia (fictional)", "Asia/Tokyo")
    for of, name in ((here, "Fictional Nora Neighbour"), (away, "Fictional Abe Away")):
        writer = factories.asker(db, of=of, in_group=group if of is here else None, name=name)
        write_some(db, writer, action, other)


def write_some(db: Session, writer: Asker, *actions: UrgentAction) -> None:
    """Log letters to both targets: in two weeks, by two channels, one of them withdrawn."""
    for action in actions:
        language = action.languages[0]
        factories.log(db, writer, action, factories.details(language=language))
        said = factories.details(date(2025, 2, 20), channel=Channel.FAX, language=language)
        letter = factories.log(db, writer, action, said)[0]
        letters.withdraw(db, writer, letter.letter_id, version=1, now=factories.NOW)


WORLDS: dict[str, Callable[[Session], None]] = {
    "nothing": nothing,
    "a draft": a_draft,
    "one open": one_open,
    "plenty": plenty,
}

VISITORS: dict[str, frozenset[Role]] = {
    "volunteer": frozenset({Role.VOLUNTEER}),
    "coordinator": frozenset({Role.COORDINATOR}),
    "case lead": frozenset({Role.CASE_LEAD}),
    "first member": frozenset(Role),
}
