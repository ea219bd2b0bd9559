"""Mail domains: whom the identity provider knows by an address there is let into a section."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import record
from tracker.invitations.places import plain_address
from tracker.members import Asker, NotYours
from tracker.models import Deed, MailDomain, Role, Section

_DOMAIN = re.compile(r"[^\s@.\0]+(\.[^\s@.\0]+)+")
_DOMAIN_LENGTH = 253


class DomainProblem(StrEnum):
    """Why a domain cannot be mapped to a section."""

    NO_DOMAIN = "no-domain"
    MAPPED = "mapped"


class DomainRefused(ValueError):
    """A domain cannot be mapped to a section; `reason` says why."""

    def __init__(self, reason: DomainProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class MappedDomain:
    """A domain whose people are let into a section as volunteers."""

    domain: str
    section_id: int
    section: str


def domains(db: Session, asker: Asker) -> list[MappedDomain]:
    """Return every mapped domain, by section and name.

    Raises:
        NotYours: the asker is neither case lead nor the operator.
    """
    _keeps_domains(asker)
    query = (
        select(MailDomain.domain, Section.id, Section.name)
        .join(Section, Section.id == MailDomain.section_id)
        .order_by(Section.name, MailDomain.domain)
    )
    return [MappedDomain(*row) for row in db.execute(query)]


def map_domain(db: Session, asker: Asker, domain: str, section_id: int, *, now: datetime) -> None:
    """Let the people of a mail domain into a section, as volunteers.

    Raises:
        NotYours: the asker is neither case lead nor the operator.
        DomainRefused: what is given is no domain, or is mapped already.
    """
    _keeps_domains(asker)
    domain = _plain_domain(domain)
    if len(domain) > _DOMAIN_LENGTH or not _DOMAIN.fullmatch(domain):
        raise DomainRefused(DomainProblem.NO_DOMAIN)
    if db.scalar(select(MailDomain.id).where(MailDomain.domain == domain)) is not None:
        raise DomainRefused(DomainProblem.MAPPED)
    db.get_one(Section, section_id)
    mapped = MailDomain(domain=domain, section_id=section_id, created_at=now)
    db.add(mapped)
    db.flush()
    record.add(
        db, Deed.DOMAIN_MAPPED, now=now, by=asker, section_id=section_id, subject=str(mapped.id)
    )


def remove_domain(db: Session, asker: Asker, domain: str, *, now: datetime) -> None:
    """Let nobody in by that domain any more; who came in by it stays.

    Raises:
        NotYours: the asker is neither case lead nor the operator.
    """
    _keeps_domains(asker)
    mapped = db.scalar(select(MailDomain).where(MailDomain.domain == _plain_domain(domain)))
    if mapped is None:
        return
    record.add(
        db,
        Deed.DOMAIN_REMOVED,
        now=now,
        by=asker,
        section_id=mapped.section_id,
        subject=str(mapped.id),
    )
    db.delete(mapped)


def _keeps_domains(asker: Asker) -> None:
    if not (asker.is_operator or asker.has(Role.CASE_LEAD)):
        raise NotYours("mail domains")


def _plain_domain(domain: str) -> str:
    return plain_address(domain).removeprefix("@").removesuffix(".")
