"""Alembic's entry: run by `tracker.database.migrate`, never by hand."""

from alembic import context
from sqlalchemy.engine import Connection

from tracker import database
from tracker.models import Base


def _run(connection: Connection) -> None:
    # Batch mode: SQLite can change most of a table's shape only by copying the table.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with database.engine_for(context.config.attributes["url"]).begin() as connection:
    if connection.dialect.name == "postgresql":
        # Two servers that start together migrate one after the other.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7234881)")
    _run(connection)
