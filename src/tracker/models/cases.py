"""Cases, people at risk, targets, events and urgent actions."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, codes, one_of
from tracker.rules import Precision


class EventKind(StrEnum):
    """What happened in a case; `opinion` is one of a UN body."""

    ARREST = "arrest"
    DETENTION = "detention"
    INCOMMUNICADO = "incommunicado"
    CHARGE = "charge"
    TRIAL = "trial"
    SENTENCE = "sentence"
    APPEAL = "appeal"
    ILL_TREATMENT = "ill-treatment"
    HEALTH = "health"
    OPINION = "opinion"
    STATEMENT = "statement"
    RELEASE = "release"
    OTHER = "other"


class ActionStatus(StrEnum):
    """A passed deadline does not close an urgent action; a stop action or a case lead does."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Case(Base):
    """One or more people at risk and what has happened to them."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    fictional: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer)

    people: Mapped[list[Person]] = relationship(lazy="raise", order_by="Person.place")
    targets: Mapped[list[Target]] = relationship(lazy="raise", order_by="Target.place")
    events: Mapped[list[Event]] = relationship(lazy="raise", order_by="Event.place")
    actions: Mapped[list[UrgentAction]] = relationship(
        lazy="raise", order_by="UrgentAction.id", back_populates="case"
    )

    __mapper_args__ = {"version_id_col": version}


class Person(Base):
    """A person at risk; `place` keeps the document's order."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("case_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    pronouns: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)

    names: Mapped[list[PersonName]] = relationship(lazy="raise", order_by="PersonName.place")


class PersonName(Base):
    """One name by which a person is found: every spelling and script, the main name too.

    `search_key` is the name as `cases.search_key` folds it.
    """

    __tablename__ = "person_names"
    __table_args__ = (UniqueConstraint("person_id", "place"), Index(None, "search_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(Text)


class Target(Base):
    """An official to write to; the address is one line a list item."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("case_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    institution: Mapped[str] = mapped_column(Text)
    address: Mapped[list[str]] = mapped_column(JSON)
    salutation: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    fax: Mapped[str | None] = mapped_column(Text)


class Event(Base):
    """Something that happened in a case.

    `happened_on` is only as exact as `precision`; `until` ends a span, and is only its earliest
    end where `until_at_least`. A detention without `until` has no recorded end.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("case_id", "place"),
        one_of("kind", EventKind),
        one_of("precision", Precision),
        CheckConstraint("(happened_on IS NULL) = (precision = 'none')", name="date_or_none"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    place: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(codes(EventKind))
    happened_on: Mapped[date | None]
    precision: Mapped[Precision] = mapped_column(codes(Precision))
    until: Mapped[date | None]
    until_at_least: Mapped[bool]
    summary: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)

    people: Mapped[list[Person]] = relationship(
        lazy="raise", secondary="event_people", order_by="Person.place"
    )


class EventPerson(Base):
    """Whom an event concerns."""

    __tablename__ = "event_people"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)


class UrgentAction(Base):
    """One published call for a case. What its document does not say is NULL or empty."""

    __tablename__ = "urgent_actions"
    __table_args__ = (UniqueConstraint("slug"), one_of("status", ActionStatus))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(String(40))
    index_code: Mapped[str | None] = mapped_column(String(60))
    issued_on: Mapped[date]
    deadline: Mapped[date | None]
    after_deadline: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(JSON)
    own_language: Mapped[bool]
    asks: Mapped[list[str]] = mapped_column(JSON)
    target_advice: Mapped[str] = mapped_column(Text)
    goal: Mapped[int | None]
    previous_url: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    status: Mapped[ActionStatus] = mapped_column(codes(ActionStatus))
    closed_at: Mapped[datetime | None]
    """When it was closed: retention counts from then, not from the deadline."""
    version: Mapped[int] = mapped_column(Integer)

    case: Mapped[Case] = relationship(lazy="raise", back_populates="actions")
    targets: Mapped[list[ActionTarget]] = relationship(
        lazy="raise", order_by="ActionTarget.priority"
    )

    __mapper_args__ = {"version_id_col": version}


class ActionTarget(Base):
    """A target of one urgent action: its priority (1 is first), why, and its own goal if any."""

    __tablename__ = "action_targets"
    __table_args__ = (UniqueConstraint("urgent_action_id", "priority"),)

    urgent_action_id: Mapped[int] = mapped_column(ForeignKey("urgent_actions.id"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"), primary_key=True)
    priority: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    goal: Mapped[int | None]

    target: Mapped[Target] = relationship(lazy="raise")
