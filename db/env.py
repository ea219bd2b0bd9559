"""Alembic's entry: run by `tracker.database.migrate`, never by hand."""

from alembic import context

from tracker import database
from tracker.models import Base

with database.migrating(context.config.attributes["url"]) as connection:
    # Batch mode: SQLite can change most of a table's shape only by copying the table.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
