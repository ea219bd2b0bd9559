"""Migrations, on both databases: from an empty one, from a filled one, and as the models say."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.filled import FILLED, fill
from tests.processes import together
from tracker import database, settings
from tracker.models import Base
from tracker.sealing import Sealed

VERSIONS = sorted((settings.migrations_dir() / "versions").glob("*.py"))
SCRIPTS = ScriptDirectory(str(settings.migrations_dir()))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]
HEAD = REVISIONS[-1]

Rows = dict[str, list[dict[str, Any]]]


def up(url: str, revision: str = "head") -> None:
    command.upgrade(database._alembic(url), revision)


def down(url: str, revision: str = "base") -> None:
    command.downgrade(database._alembic(url), revision)


def tables(url: str) -> set[str]:
    return set(inspect(database.engine_for(url)).get_table_names()) - {"alembic_version"}


def rows_of(url: str) -> Rows:
    """Return every row of every table, as plain SQL reads it."""
    found: Rows = {}
    with database.engine_for(url).connect() as connection:
        for table in tables(url):
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
            found[table] = sorted((dict(row) for row in rows), key=repr)
    return found


def fill_database(url: str, revision: str) -> None:
    with database.engine_for(url).begin() as connection:
        fill(connection, revision)


# As files -------------------------------------------------------------------------------------


def test_migrations_stand_in_one_line_in_the_order_of_their_dates() -> None:
    assert len(REVISIONS) == len(VERSIONS)
    assert [f"{place:04}" for place in range(1, len(REVISIONS) + 1)] == REVISIONS
    paths = [Path(SCRIPTS.get_revision(revision).path) for revision in REVISIONS]
    assert paths == VERSIONS
    for path in paths:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}_[a-z0-9_]+\.py", path.name)


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_migration_imports_nothing_of_the_program(file: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= {"sqlalchemy", "alembic", "datetime", "json"}


def test_every_revision_has_a_filled_database_to_try_the_next_ones_on() -> None:
    assert list(FILLED) == REVISIONS


# Up and down ----------------------------------------------------------------------------------


def test_an_empty_database_goes_up_and_down_and_up_again(bare_database_url: str) -> None:
    assert not database.is_at_head(bare_database_url)
    up(bare_database_url)
    assert database.is_at_head(bare_database_url)
    made = tables(bare_database_url)
    assert made == set(Base.metadata.tables)
    down(bare_database_url)
    assert tables(bare_database_url) == set()
    assert not database.is_at_head(bare_database_url)
    up(bare_database_url)
    assert tables(bare_database_url) == made


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_filled_database_comes_up_with_every_row(bare_database_url: str, revision: str) -> None:
    up(bare_database_url, revision)
    fill_database(bare_database_url, revision)
    before = rows_of(bare_database_url)
    assert [table for table, rows in before.items() if not rows] == []
    up(bare_database_url)
    after = rows_of(bare_database_url)
    for table in before.keys() & after.keys():
        assert len(after[table]) == len(before[table])
        kept = before[table][0].keys() & after[table][0].keys()
        for was, now in zip(before[table], after[table], strict=True):
            assert {column: now[column] for column in kept} == {
                column: was[column] for column in kept
            }


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_filled_database_goes_down_and_up_again(bare_database_url: str, revision: str) -> None:
    up(bare_database_url, revision)
    fill_database(bare_database_url, revision)
    down(bare_database_url)
    assert tables(bare_database_url) == set()
    up(bare_database_url)
    assert {table for table, rows in rows_of(bare_database_url).items() if rows} == set()


def test_a_filled_database_can_be_read_with_the_models(bare_database_url: str) -> None:
    up(bare_database_url)
    fill_database(bare_database_url, HEAD)
    with database.engine_for(bare_database_url).connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if not isinstance(column.type, Sealed)]
            rows = connection.execute(table.select().with_only_columns(*columns))
            assert rows.all()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    fill_database(database_url, HEAD)
    before = rows_of(database_url)
    database.migrate(database_url)
    assert rows_of(database_url) == before
    assert database.is_at_head(database_url)


def test_a_database_of_a_newer_program_is_not_at_this_ones_head(database_url: str) -> None:
    with database.engine_for(database_url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not database.is_at_head(database_url)


def test_servers_that_start_together_on_an_empty_database_migrate_it_once(
    bare_database_url: str, tmp_path: Path
) -> None:
    chosen = settings.load(
        {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_DATABASE_URL": bare_database_url}
    )
    printed = together(
        """
import logging
from tracker import database
logging.basicConfig(stream=sys.stdout)
logging.getLogger("alembic.runtime.migration").setLevel(logging.INFO)
start()
database.migrate()
print("at head:", database.is_at_head())
""",
        configured=chosen,
    )
    steps = re.findall(r"Running upgrade .*-> (\w+)", "".join(printed))
    assert steps == REVISIONS
    assert "".join(printed).count("at head: True") == 2


# The models and the head ----------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> SqliteDatabases | PostgresDatabases:
    return request.getfixturevalue(f"{request.param}_databases")


def test_the_models_say_what_the_migrations_make(database_url: str) -> None:
    with database.engine_for(database_url).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_what_the_models_would_make_is_what_the_migrations_make(
    databases: SqliteDatabases | PostgresDatabases,
) -> None:
    with databases.fresh() as migrated, databases.fresh(migrated=False) as made:
        Base.metadata.create_all(database.engine_for(made))
        by_models = shape(inspect(database.engine_for(made)))
        by_migrations = shape(inspect(database.engine_for(migrated)))
    assert by_migrations == by_models
    checks = {check["name"] for table in by_models.values() for check in table["checks"]}
    assert {"ck_letters_status", "ck_section_counts_letters", "ck_events_date_or_none"} <= checks


def shape(inspector: Inspector) -> dict[str, dict[str, Any]]:
    """Return all that the database itself can say about its tables."""

    def by_name(found: list[Any]) -> list[Any]:
        return sorted(found, key=lambda one: str(one["name"]))

    return {
        table: {
            "columns": [
                one | {"type": repr(one["type"])} for one in by_name(inspector.get_columns(table))
            ],
            "primary key": inspector.get_pk_constraint(table),
            "references": by_name(inspector.get_foreign_keys(table)),
            "unique": by_name(inspector.get_unique_constraints(table)),
            "indexes": [
                one | {"dialect_options": {k: str(v) for k, v in one["dialect_options"].items()}}
                for one in by_name(inspector.get_indexes(table))
            ],
            "checks": by_name(inspector.get_check_constraints(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_every_constraint_has_a_name(database_url: str) -> None:
    for name, table in shape(inspect(database.engine_for(database_url))).items():
        for kind in ("references", "unique", "indexes", "checks"):
            assert all(one["name"] for one in table[kind])
        # SQLite has no name for a key that counts on and never back.
        counts_on = Base.metadata.tables[name].dialect_options["sqlite"]["autoincrement"]
        if not (counts_on and database_url.startswith("sqlite")):
            assert table["primary key"]["name"]


def test_the_number_of_a_member_who_is_gone_is_never_given_again(database_url: str) -> None:
    with database.engine_for(database_url).begin() as connection:
        fill(connection, HEAD)
        added = text(
            "INSERT INTO members (section_id, created_at, version)"
            " VALUES (1, '2024-10-01 12:00:00', 1) RETURNING id"
        )
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('members_id_seq', 2)"))
        number = connection.scalar(added)
        connection.execute(text(f"DELETE FROM members WHERE id = {number}"))
        assert connection.scalar(added) == number + 1


def test_the_record_can_be_added_to_and_nothing_else(database_url: str) -> None:
    with database.engine_for(database_url).begin() as connection:
        fill(connection, HEAD)
    before = rows_of(database_url)["record_entries"]
    for change in (
        "DELETE FROM record_entries WHERE id = 1",
        "UPDATE record_entries SET subject = 'case-lead' WHERE id = 1",
        "UPDATE record_entries SET at = '2024-10-02 12:00:00' WHERE id = 1",
        "UPDATE record_entries SET member_id = 2 WHERE id = 1",
        "UPDATE record_entries SET about_id = 1 WHERE id = 1",
        "UPDATE record_entries SET member_id = 1 WHERE id = 2",
        "UPDATE record_entries SET section_id = NULL WHERE id = 1",
        "UPDATE record_entries SET amount = 13 WHERE id = 2",
        "UPDATE record_entries SET id = 3 WHERE id = 2",
    ):
        with (
            pytest.raises(DBAPIError, match="the record is append-only"),
            database.engine_for(database_url).begin() as connection,
        ):
            connection.execute(text(change))
    assert rows_of(database_url)["record_entries"] == before
    with database.engine_for(database_url).begin() as connection:
        # Somebody who is forgotten is cut out of it.
        connection.execute(text("UPDATE record_entries SET member_id = NULL WHERE member_id = 1"))
        connection.execute(text("UPDATE record_entries SET about_id = NULL WHERE about_id = 2"))
    assert [
        (row["member_id"], row["about_id"], row["subject"])
        for row in rows_of(database_url)["record_entries"]
    ] == [(None, None, "volunteer"), (None, None, "lighthouse-2024-09")]


# What db/env.py promises every later migration --------------------------------------------------

NEXT = """\
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    {body}


def downgrade() -> None:
    pass
"""


@pytest.fixture
def next_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds one more migration, whose upgrade is the given lines, after the program's own."""

    def add(body: str) -> None:
        folder = tmp_path / "db"
        shutil.copytree(settings.migrations_dir(), folder)
        indented = "\n    ".join(body.splitlines())
        (folder / "versions" / "next.py").write_text(NEXT.format(head=HEAD, body=indented))
        monkeypatch.setattr(settings, "migrations_dir", lambda: folder)

    return add


def test_a_table_that_others_refer_to_can_be_changed_with_rows_in_it(
    database_url: str, next_migration: Callable[[str], None]
) -> None:
    fill_database(database_url, HEAD)
    before = rows_of(database_url)
    next_migration(
        'with op.batch_alter_table("sections", recreate="auto") as table:\n'
        '    table.alter_column("name", type_=sa.String(200))\n'
        '    table.add_column(sa.Column("motto", sa.Text(), nullable=True))\n'
    )
    database.migrate(database_url)
    assert database.is_at_head(database_url)
    for section in before["sections"]:
        section["motto"] = None
    assert rows_of(database_url) == before


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database_url: str, next_migration: Callable[[str], None]
) -> None:
    fill_database(database_url, HEAD)
    before = rows_of(database_url)
    next_migration(
        'op.create_table("scribble", sa.Column("id", sa.Integer()))\n'
        "op.execute(\"UPDATE sections SET name = 'Nowhere ' || id\")\n"
        'op.execute("SELECT * FROM a_table_that_is_not_there")\n'
    )
    with pytest.raises(DBAPIError):
        database.migrate(database_url)
    assert rows_of(database_url) == before
    with database.engine_for(database_url).connect() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    assert version == HEAD


def test_a_migration_that_would_leave_rows_without_what_they_refer_to_is_undone(
    database_url: str, next_migration: Callable[[str], None]
) -> None:
    fill_database(database_url, HEAD)
    before = rows_of(database_url)
    next_migration('op.execute("DELETE FROM local_groups")')
    with pytest.raises((database.BrokenReferences, DBAPIError), match="local_groups"):
        database.migrate(database_url)
    assert rows_of(database_url) == before
