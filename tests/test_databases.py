"""The fresh databases that other tests rely on: empty, complete and apart from one another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from tests.databases import PostgresDatabases, SqliteDatabases
from tracker import database, settings

Databases = SqliteDatabases | PostgresDatabases


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    return request.getfixturevalue(f"{request.param}_databases")


def test_a_fresh_database_has_every_table_and_no_row(database_url: str) -> None:
    assert database.is_at_head(database_url)
    engine = database.engine_for(database_url)
    tables = set(inspect(engine).get_table_names()) - {"alembic_version"}
    assert tables
    with engine.connect() as connection:
        counts = {
            table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) for table in tables
        }
    assert {table: count for table, count in counts.items() if count} == {}


def test_a_bare_database_has_no_table(bare_database_url: str) -> None:
    assert inspect(database.engine_for(bare_database_url)).get_table_names() == []


def test_one_database_knows_nothing_of_another(databases: Databases) -> None:
    with databases.fresh() as first, databases.fresh() as second:
        with database.engine_for(first).begin() as connection:
            connection.execute(text("CREATE TABLE scribble (id integer)"))
        assert inspect(database.engine_for(first)).has_table("scribble")
        assert not inspect(database.engine_for(second)).has_table("scribble")
    with databases.fresh() as third:
        assert not inspect(database.engine_for(third)).has_table("scribble")


def test_the_settings_lead_to_the_fresh_database(
    tracker_settings: settings.Settings, database_url: str
) -> None:
    assert settings.current() == tracker_settings
    assert tracker_settings.database_url == database_url
    with database.writing() as db:
        assert str(db.connection().engine.url) == str(database.engine_for(database_url).url)


def test_no_test_can_reach_the_letters_of_this_machine() -> None:
    assert not settings.load(os.environ).data_dir.is_relative_to(Path.cwd())
