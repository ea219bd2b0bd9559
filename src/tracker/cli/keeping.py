"""`tracker purge` and `tracker rotate-key`: what keeps a server's secrets few and fresh."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.edges import asking, make_ready, refusals, sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.forgetting import Purged, Tidied


def purge(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    no_rewrite: Annotated[
        bool, typer.Option("--no-rewrite", help="Do not write anew what is large.")
    ] = False,
) -> None:
    """Forget who wrote, where the time for it is over.

    A section's retention counts from when an urgent action was closed. The letters stay. Ways in
    that are spent go, too.
    """
    from tracker import database, forgetting

    now = datetime.now(UTC)
    with refusals():
        if dry_run:
            with asking(None) as (db, operator):
                _tell(
                    forgetting.due(db, operator, now=now), forgetting.spent(db, operator, now=now)
                )
            return
        make_ready()
        cut = forgetting.purge(database.reading, database.writing, now=now)
        with database.writing() as db:
            tidied = forgetting.tidy(db, now=now)
        _tell(cut, tidied)
        sweep(large=not no_rewrite)


def rotate_key() -> None:
    """Change the key that seals names, while the servers go on.

    If it is interrupted, everything stays readable, and running it again finishes.
    """
    from tracker import database, members, sealed_columns, sealing, settings

    file = settings.current().secret_key_file
    with refusals():
        make_ready()
        with database.writing(alone=True) as db:
            sealed_columns.begin_rotation(db, members.operator(db))
        with database.writing(alone=True) as db:
            rotated = sealed_columns.seal_anew(db, now=datetime.now(UTC))
        sealing.end_rotation()
        typer.echo(
            f"{rotated.rows} rows in {rotated.tables} tables are sealed with a new key;"
            f" the old one is gone from {file}."
        )
        typer.echo("Backups made before open only with the key file as it was then.")
        sweep()


def _tell(cut: Sequence[Purged], tidied: Tidied) -> None:
    for purged in cut:
        typer.echo(
            f"{purged.action}  {purged.section}  {purged.letters} letters  {purged.writers} members"
        )
    typer.echo(
        f"letters {sum(purged.letters for purged in cut)}  sessions {tidied.sessions}"
        f"  links {tidied.links}  addresses {tidied.addresses}  join codes {tidied.join_codes}"
    )
