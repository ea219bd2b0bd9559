"""In whose name somebody logs letters, and which letters are theirs to see and to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from tracker import members
from tracker.members import Asker, NotYours
from tracker.models import Grant, Letter, Member, Role
from tracker.rules import LateRule


@dataclass(frozen=True)
class Writer:
    """Somebody in whose name a letter is logged, with the section and group of that moment.

    Attributes:
        member_id: the writer's key.
        pseudonym: the writer's, in that section.
        section_id, group_id: where the writer is now.
        late_rule, late_until: what that section does with a letter posted after a deadline.
    """

    member_id: int
    pseudonym: str
    section_id: int
    group_id: int | None
    late_rule: LateRule
    late_until: date | None


def writers_without_account(db: Session, asker: Asker) -> list[Writer]:
    """Return those without an account for whom the asker may log letters, by pseudonym.

    They are members of the sections that the asker coordinates.
    """
    query = (
        select(Member)
        .where(
            Member.section_id.in_(asker.sections(Role.COORDINATOR)),
            Member.disabled_at.is_(None),
            Member.sign_in_key.is_(None),
            Member.identity_key.is_(None),
            Member.passphrase.is_(None),
            Member.id != asker.member_id,
            ~select(Grant.id)
            .where(Grant.member_id == Member.id, Grant.role != Role.VOLUNTEER)
            .exists(),
        )
        .options(selectinload(Member.section))
    )
    found = [
        Writer(
            member.id,
            members.pseudonym(member.id, member.section_id),
            member.section_id,
            member.group_id,
            member.section.late_rule,
            member.section.late_until,
        )
        for member in db.scalars(query)
    ]
    return sorted(found, key=lambda writer: writer.pseudonym)


def writer_for(db: Session, asker: Asker, writer_id: int | None) -> Asker | Writer:
    """Return in whose name the asker logs a letter: their own, or that writer's.

    Raises:
        NotYours: they may not.
    """
    if writer_id is None or writer_id == asker.member_id:
        if not asker.writes:
            raise NotYours("only volunteers log letters of their own")
        return asker
    for writer in writers_without_account(db, asker):
        if writer.member_id == writer_id:
            return writer
    raise NotYours("not a writer whose letters the asker may log")


def are_theirs(asker: Asker) -> ColumnElement[bool]:
    """Return the condition that a letter is the asker's to see and to change."""
    own = Letter.member_id == asker.member_id
    # Who coordinates no more has no business in what they once logged for others, nor has anybody
    # in a letter whose writer is forgotten.
    coordinated = asker.sections(Role.COORDINATOR)
    if not coordinated:
        return own
    return or_(
        own,
        (Letter.logged_by_id == asker.member_id)
        & Letter.section_id.in_(coordinated)
        & Letter.member_id.is_not(None),
    )
