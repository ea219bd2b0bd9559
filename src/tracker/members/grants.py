"""Grants: what a member may do in the own section, given and taken by others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker import record
from tracker.members.asking import Asker, NotYours
from tracker.members.case_leads import hold_case_leads, keep_a_case_lead
from tracker.members.people import end_links, end_what_they_opened, kept_member
from tracker.members.problems import PersonProblem, PersonRefused
from tracker.models import Deed, Grant, Member, Role, SignInLink


def grant(db: Session, asker: Asker, member_id: int, role: Role, *, now: datetime) -> None:
    """Give a member that role in the member's section; one that is held already stays.

    Links to a new passphrase that are out for the member end: whoever has one would come in to more
    than it was made for.

    Raises:
        NotYours: the member is not the asker's to keep, or the role not the asker's to give.
        PersonRefused: oneself.
    """
    member = _somebody_else(db, asker, member_id, role)
    if any(_is(held, role, member) for held in member.grants):
        return
    end_links(db, SignInLink.member_id == member_id, now=now)
    db.add(Grant(member_id=member_id, role=role, section_id=member.section_id))
    _note(db, Deed.GRANTED, member, role, asker=asker, now=now)


def take_grant(db: Session, asker: Asker, member_id: int, role: Role, *, now: datetime) -> None:
    """Take a role from a member, and end what they opened by it: links, invitations, codes.

    Raises:
        NotYours: the member is not the asker's to keep, or the role not the asker's to take.
        PersonRefused: oneself, or the last case lead who can come back.
    """
    if role is Role.CASE_LEAD:
        hold_case_leads(db)
    member = _somebody_else(db, asker, member_id, role)
    taken = [held.id for held in member.grants if _is(held, role, member)]
    if not taken:
        return
    if role is Role.CASE_LEAD:
        keep_a_case_lead(db, member_id)
    db.execute(delete(Grant).where(Grant.id.in_(taken)))
    if role is not Role.VOLUNTEER:
        end_what_they_opened(db, member_id, now=now)
    _note(db, Deed.GRANT_TAKEN, member, role, asker=asker, now=now)


def _somebody_else(db: Session, asker: Asker, member_id: int, role: Role) -> Member:
    member = kept_member(db, asker, member_id)
    if not asker.may_grant(role, member.section_id):
        raise NotYours(member_id)
    if member_id == asker.member_id:
        raise PersonRefused(PersonProblem.ONESELF)
    return member


def _is(held: Grant, role: Role, member: Member) -> bool:
    # A case lead's role holds everywhere, wherever it was given.
    return held.role is role and (role is Role.CASE_LEAD or held.section_id == member.section_id)


def _note(
    db: Session, deed: Deed, member: Member, role: Role, *, asker: Asker, now: datetime
) -> None:
    record.add(
        db,
        deed,
        now=now,
        by=asker,
        section_id=member.section_id,
        about_id=member.id,
        subject=role.value,
    )
