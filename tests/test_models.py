"""What the tables promise, on both databases: codes, moments, references, ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, Enum, create_engine, insert, make_url, select, text, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError, StatementError
from sqlalchemy.orm import Session, load_only

from tests import factories
from tests.filled import FILLED, fill
from tracker import database, models
from tracker.models import (
    RUNNING_COUNTS,
    ActionStatus,
    Base,
    Case,
    Channel,
    Deed,
    Event,
    EventKind,
    Grant,
    Letter,
    LetterChange,
    LetterStatus,
    LetterVersion,
    Member,
    Role,
    Section,
    SignInLink,
    UrgentAction,
    WebSession,
    new_public_id,
)
from tracker.rules import Precision
from tracker.sealing import Sealed
from tracker.settings import Settings

NEWEST = list(FILLED)[-1]
NOW = datetime(2025, 3, 12, 12, 0, 30, 123456, tzinfo=UTC)

CODED = [
    (table.name, column.name, column.type.enum_class)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Enum)
]
REFERENCES = [
    (table.name, reference.parent.name)
    for table in Base.metadata.sorted_tables
    for reference in table.foreign_keys
]
RELATIONSHIPS = [relation for mapper in Base.registry.mappers for relation in mapper.relationships]


@pytest.fixture
def filled(tracker_settings: Settings) -> Iterator[Session]:
    """A session on a database with rows in every table; nothing is committed."""
    with database.engine().begin() as connection:
        fill(connection, NEWEST)
        connection.execute(text("UPDATE members SET name = NULL"))
    with Session(database.engine()) as db:
        yield db


# Codes ----------------------------------------------------------------------------------------


def test_codes_come_back_as_what_they_mean(filled: Session) -> None:
    letter = filled.get_one(Letter, 2)
    assert letter.channel is Channel.REGISTERED_POST
    assert letter.status is LetterStatus.WITHDRAWN
    version = filled.get_one(LetterVersion, 1)
    assert version.change is LetterChange.WITHDRAWN
    assert version.channel is Channel.POST
    assert version.status is LetterStatus.POSTED
    assert filled.get_one(UrgentAction, 1).status is ActionStatus.OPEN
    assert filled.get_one(Grant, 2).role is Role.CASE_LEAD
    event = filled.get_one(Event, 2)
    assert event.kind is EventKind.ILL_TREATMENT
    assert event.precision is Precision.NONE
    assert filled.scalars(select(RUNNING_COUNTS[2].c.channel)).all() == [
        Channel.REGISTERED_POST,
        Channel.REGISTERED_POST,
    ]


def test_the_database_holds_the_code_itself_and_not_pythons_name_for_it() -> None:
    for table, column, kind in CODED:
        found = Base.metadata.tables[table].c[column].type
        assert isinstance(found, Enum)
        assert found.enums == [code.value for code in kind]
        assert max(map(len, found.enums)) <= (found.length or 0)


def set_in_first_row(db: Session, table: str, column: str, value: object) -> None:
    """Write past the models, and leave everything as it was."""
    key = [column.name for column in Base.metadata.tables[table].primary_key]
    first = db.execute(
        text(f"SELECT {', '.join(key)} FROM {table} ORDER BY {key[0]}, {key[-1]} LIMIT 1")
    ).one()
    here = " AND ".join(f"{name} = :{name}" for name in key)
    statement = text(f"UPDATE {table} SET {column} = :new WHERE {here}")
    with db.begin_nested() as attempt:
        db.execute(statement, {"new": value} | dict(zip(key, first, strict=True)))
        attempt.rollback()


def test_the_database_takes_every_known_code_and_no_other(filled: Session) -> None:
    # What the record tells of grows with the program, and its lines cannot be changed to try.
    for table, column, kind in (coded for coded in CODED if coded[0] != "record_entries"):
        for code in set(kind) - {Precision.NONE}:
            set_in_first_row(filled, table, column, code.value)
        for unknown in ("telepathy", "", next(iter(kind)).upper()):
            with pytest.raises(IntegrityError, match=f"ck_{table}_{column}"):
                set_in_first_row(filled, table, column, unknown)


@pytest.mark.parametrize(
    ("happened_on", "precision"), [(None, "day"), (None, "before"), ("2024-01-31", "none")]
)
def test_an_event_has_a_date_or_none_as_its_precision_says(
    filled: Session, happened_on: str | None, precision: str
) -> None:
    with pytest.raises(IntegrityError, match="ck_events_date_or_none"):
        filled.execute(
            text("UPDATE events SET happened_on = :on, precision = :precision WHERE id = 1"),
            {"on": happened_on, "precision": precision},
        )


def test_a_running_count_never_falls_below_nothing(filled: Session) -> None:
    for table in RUNNING_COUNTS:
        set_in_first_row(filled, table.name, "letters", 0)
        with pytest.raises(IntegrityError, match=f"ck_{table.name}_letters"):
            set_in_first_row(filled, table.name, "letters", -1)


# Moments --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        NOW.astimezone(ZoneInfo("Asia/Tokyo")),
        NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30))),
        # The hour that the clocks in Berlin have twice, the second time.
        datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    ],
)
def test_a_moment_comes_back_the_same_and_in_utc(
    tracker_settings: Settings, moment: datetime
) -> None:
    with database.writing() as db:
        db.add(SignInLink(token_hash=b"x", member_id=None, created_at=moment, expires_at=moment))
    with database.reading() as db:
        link = db.scalars(select(SignInLink)).one()
        # Two moments in different zones are never equal in the hour that a clock has twice.
        assert link.created_at == moment.astimezone(UTC)
        assert link.created_at.tzinfo is UTC
        assert link.spent_at is None
        assert db.scalar(select(SignInLink.id).where(SignInLink.created_at == moment)) == link.id
        assert db.scalar(select(SignInLink.id).where(SignInLink.created_at < moment)) is None


@pytest.fixture
def server_in_tokyo(tracker_settings: Settings) -> Iterator[Engine]:
    """The same database through connections that are set to another time zone."""
    url = make_url(tracker_settings.database_url)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": "-c timezone=Asia/Tokyo"})
    engine = create_engine(url)
    yield engine
    engine.dispose()


def test_a_moment_is_in_utc_whatever_time_zone_the_server_has(
    tracker_settings: Settings, server_in_tokyo: Engine
) -> None:
    with Session(server_in_tokyo) as db:
        db.add(SignInLink(token_hash=b"x", member_id=None, created_at=NOW, expires_at=NOW))
        db.commit()
        link = db.scalars(select(SignInLink)).one()
        assert (link.created_at, link.created_at.tzinfo) == (NOW, UTC)
    with database.reading() as db:
        assert db.scalars(select(SignInLink.created_at)).one() == NOW


def test_a_moment_without_a_time_zone_is_refused(filled: Session) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        filled.execute(update(WebSession).values(last_seen_at=naive))
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        filled.execute(select(WebSession).where(WebSession.created_at > naive))


# References and ids ---------------------------------------------------------------------------


def test_nothing_is_loaded_by_surprise(filled: Session) -> None:
    assert RELATIONSHIPS
    for relation in RELATIONSHIPS:
        # The key alone: what is sealed in these rows no key opens.
        keys = [getattr(relation.parent.class_, key.key) for key in relation.parent.primary_key]
        one = filled.scalars(
            select(relation.parent.class_).options(load_only(*keys)).limit(1)
        ).one()
        with pytest.raises(InvalidRequestError, match="lazy='raise'"):
            getattr(one, relation.key)


def test_a_row_cannot_refer_to_what_is_not_there(filled: Session) -> None:
    assert len(REFERENCES) > 30
    for table, column in REFERENCES:
        if table != "record_entries":
            with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
                set_in_first_row(filled, table, column, 404)


@pytest.mark.parametrize("column", ["section_id", "member_id", "about_id"])
def test_a_line_of_the_record_cannot_refer_to_what_is_not_there(
    filled: Session, column: str
) -> None:
    line = insert(Base.metadata.tables["record_entries"]).values(
        {"id": 99, "at": NOW, "deed": Deed.JOINED, "subject": "", column: 404}
    )
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        filled.execute(line)


def test_a_letter_is_one_for_a_member_an_entry_a_target_and_a_day(filled: Session) -> None:
    letters = Base.metadata.tables["letters"]
    row = dict(filled.execute(select(letters).where(letters.c.id == 1)).mappings().one())
    row |= {"id": 99, "public_id": new_public_id()}
    for change in (
        {"member_id": 2},
        {"entry_id": "another"},
        {"entry_target_id": 2, "entry_posted_on": date(2024, 9, 29)},
        {"entry_posted_on": date(2024, 9, 28)},
    ):
        with filled.begin_nested() as attempt:
            filled.execute(insert(letters).values(row | change))
            attempt.rollback()
    # Another channel, language or, since it was corrected, target makes it no other letter.
    for change in ({}, {"channel": Channel.FAX}, {"language": "zh"}, {"target_id": 2}):
        with pytest.raises(IntegrityError), filled.begin_nested():
            filled.execute(insert(letters).values(row | change))


def test_a_letter_that_two_windows_change_is_changed_once(tracker_settings: Settings) -> None:
    versioned = {Letter, Section, Member, Case, UrgentAction}
    assert versioned <= {
        mapper.class_ for mapper in Base.registry.mappers if mapper.version_id_col is not None
    }
    with database.writing() as db:
        section_id = factories.section(db).id
    with database.writing() as db:
        section = db.get_one(Section, section_id)
        assert section.version == 1
        section.time_zone = "Europe/Berlin"
    with database.reading() as db:
        assert db.get_one(Section, section_id).version == 2


def test_a_public_id_begins_with_a_letter_and_has_only_letters_and_digits() -> None:
    ids = [new_public_id() for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    # None of l, o, 0 and 1, which people take for one another.
    assert all(re.fullmatch(r"[a-km-np-z][a-km-np-z2-9]{11}", one) for one in ids)
    # Spreadsheets would take 1e5 or 2-3 for a number or a day, never one of these.
    assert {character for one in ids for character in one} == set(
        "abcdefghijkmnpqrstuvwxyz23456789"
    )


def test_every_table_is_named_in_the_package_and_says_what_it_is() -> None:
    for mapper in Base.registry.mappers:
        assert mapper.class_.__doc__, mapper
        assert getattr(models, mapper.class_.__name__, None) is mapper.class_


def test_names_of_members_are_sealed_and_bound_to_their_column() -> None:
    sealed = {
        f"{table.name}.{column.name}": column.type.purpose
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    assert "members.name" in sealed
    assert all(place == purpose for place, purpose in sealed.items())
