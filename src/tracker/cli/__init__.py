"""`tracker …`: what an operator does at the command line: totals and pseudonyms, never a name.

Exit codes: 0, 1 (refused, with the reason in one line on standard error) or 2 (a mistake in the
command itself). Where there is more to say than one line, it stands on standard output.
"""

from __future__ import annotations

import signal
import sys
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from tracker.cli import keeping
from tracker.cli.documents import document as document_commands
from tracker.cli.edges import (
    asking,
    bar,
    changing,
    make_ready,
    refusals,
    refuse,
    refuse_if_taken,
    whole,
)
from tracker.cli.members import member as member_commands

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain text: it goes into logs and mails as well
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Count the letters that volunteers write for an Urgent Action.",
)
case = typer.Typer(no_args_is_help=True, help="Cases, from case files.")
report = typer.Typer(no_args_is_help=True, help="Reports as CSV.")
app.add_typer(case, name="case")
app.add_typer(document_commands, name="document")
app.add_typer(report, name="report")
app.add_typer(member_commands, name="member")
app.command()(keeping.purge)
app.command()(keeping.rotate_key)

DEMO_LETTERS = 3_000
DEMO_MOST = 10_000_000
DAY = "%Y-%m-%d"

Action = Annotated[
    str, typer.Option(metavar="ACTION", help="The urgent action: its number, or its slug.")
]
Section = Annotated[str | None, typer.Option(metavar="NAME", help="One section's letters only.")]
First = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=[DAY], metavar="DAY", help="Letters posted on this day or later."
    ),
]
Last = Annotated[
    datetime | None,
    typer.Option(
        "--to", formats=[DAY], metavar="DAY", help="Letters posted on this day or earlier."
    ),
]
Member = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="MEMBER",
        help="What this member sees: a pseudonym as in letters.csv, or the member's number.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        dir_okay=False,
        help="Write here, not to standard output. The file appears once it is whole.",
    ),
]


@app.command()
def serve() -> None:
    """Serve the pages, as `streamlit run dashboard.py` does."""
    from tracker import settings

    with refusals():
        chosen = settings.current()
        # Streamlit would tell these with a traceback, or not before somebody opens a page.
        refuse_if_taken(chosen.host, chosen.port)
        make_ready()
        with asking(None):
            pass
        from tracker.web import serving

        serving.serve()


@app.command()
def migrate() -> None:
    """Bring the database to the newest version of its tables."""
    with refusals():
        make_ready()


@app.command()
def check() -> None:
    """Prove that tables, running counts and the key are right."""
    from tracker import running_counts, sealed_columns, sealing, settings

    with refusals(), asking(None) as (db, asker):
        drifts = running_counts.drifts(db, asker)
        for drift in drifts:
            key = " ".join(map(str, drift.key))
            typer.echo(f"{drift.table} {key}: {drift.kept} kept, {drift.counted} letters")
        if drifts:
            refuse(f"running counts that differ from the letters they count: {len(drifts)}")
        typer.echo("The running counts equal the letters they count.")
        sealed_columns.open_all(db, asker)
        typer.echo("The key opens everything that is sealed.")
        if len(sealing.fingerprints()) > 1:
            typer.echo(
                "Warning: a change of the key was not finished; `tracker rotate-key` finishes it",
                err=True,
            )
        warning = sealing.key_file_warning(settings.current())
        if warning:
            typer.echo(f"Warning: {warning}", err=True)


@app.command()
def demo(
    letters: Annotated[
        int,
        typer.Option(min=0, max=DEMO_MOST, metavar="NUMBER", help="Letters on the real case."),
    ] = DEMO_LETTERS,
    seed: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="The same seed makes the same letters.")
    ] = 1,
    today: Annotated[
        datetime | None,
        typer.Option(
            formats=[DAY],
            metavar="DAY",
            help="The day to take for today while filling; what is served obeys TRACKER_TODAY.",
        ),
    ] = None,
) -> None:
    """Fill an empty database with fictional letters.

    Prints a sign-in link for each role. The database is marked as a demonstration for good.
    """
    from tracker import database, invitations, settings
    from tracker import demo as demonstration

    with refusals():
        make_ready()
        now = datetime.now(UTC)
        chosen = settings.current()
        day = today.date() if today else chosen.today or now.date()
        total = letters + demonstration.further_letters(letters)
        with bar(" letters", total) as advance, database.writing() as db:
            filled = demonstration.fill(
                db, letters=letters, seed=seed, today=day, now=now, on_progress=advance
            )
            links = {
                role: invitations.new_sign_in_link(db, member_id, now=now)
                for role, member_id in filled.by_role.items()
            }
        typer.echo(f"{filled.letters} fictional letters are in. Each link signs in once:")
        for role, token in links.items():
            typer.echo(f"{role.value:<12} {chosen.base_url}/setup/{token}")


@case.command("add")
def add_case(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A case file.")],
) -> None:
    """Add the case that a case file describes.

    A file that has a mistake is refused, and nothing is changed.
    """
    from tracker import case_files, cases

    with refusals():
        described = case_files.read(file)
        with changing() as (db, operator):
            added = cases.add(db, operator, described, file.name, now=datetime.now(UTC))
        typer.echo(f"{added.slug}: {'added' if added.new else 'already here, nothing changed'}")


@case.command("close")
def close_action(
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help="The urgent action: its number, or its slug.")
    ],
) -> None:
    """Close an urgent action.

    It takes no letters any more; some time later it is forgotten who wrote.
    """
    from tracker import cases

    with refusals():
        with changing() as (db, operator):
            found = cases.action_named(db, operator, action)
            slug, new = found.slug, cases.close(db, operator, found, now=datetime.now(UTC))
        typer.echo(f"{slug}: {'closed' if new else 'already closed, nothing changed'}")


@case.command("list")
def list_cases(
    person: Annotated[
        str, typer.Option(metavar="NAME", help="Only with this person, in any spelling or script.")
    ] = "",
) -> None:
    """List cases and their urgent actions.

    Of each: its number or slug, issue date, deadline and state.
    """
    from tracker import cases

    with refusals(), asking(None) as (db, asker):
        found = {match.case_id for match in cases.people_named(db, asker, person)}
        for listed in cases.all_cases(db, asker):
            if person and listed.id not in found:
                continue
            typer.echo(f"{listed.slug}  {listed.title}")
            for action in listed.actions:
                deadline = action.deadline or "no deadline"
                name = action.number or action.slug
                typer.echo(f"  {name}  {action.issued_on}  {deadline}  {action.status.value}")


@case.command("show")
def show_case(
    slug: Annotated[str, typer.Argument(metavar="CASE", help="Its slug, as `list` prints it.")],
) -> None:
    """Show a case: people, targets, urgent actions and events."""
    from tracker import cases

    with refusals(), asking(None) as (db, asker):
        shown = cases.case_named(db, asker, slug)
        typer.echo(f"{shown.title} ({shown.country})")
        for person in shown.people:
            names = ", ".join(name.name for name in person.names)
            typer.echo(f"person  {names}  {person.pronouns}")
        for target in shown.targets:
            typer.echo(f"target  {target.name}  {target.role}  {', '.join(target.address)}")
        for action in shown.actions:
            typer.echo(f"action  {action.slug}  {action.issued_on}  {action.deadline or ''}")
        for event in cases.timeline(db, asker, shown.id).to_dict("records"):
            known = {"none": 0, "year": 4, "month": 7}.get(event["precision"], 10)
            day = f"{event['date']}"[:known]
            typer.echo(f"event   {day:<10}  {event['precision']:<6}  {event['event']}")


@report.command("letters")
def report_letters(
    action: Action,
    section: Section = None,
    first: First = None,
    last: Last = None,
    member: Member = None,
    names: Annotated[
        bool,
        typer.Option(
            "--names", help="With names, for the coordinator named with --as; this is recorded."
        ),
    ] = False,
    output: Output = None,
) -> None:
    """One row a letter."""
    _report(
        "letters",
        action,
        section=section,
        first=first,
        last=last,
        member=member,
        output=output,
        names=names,
    )


@report.command("progress")
def report_progress(
    action: Action,
    section: Section = None,
    first: First = None,
    last: Last = None,
    member: Member = None,
    output: Output = None,
) -> None:
    """One row a target and week."""
    _report(
        "progress", action, section=section, first=first, last=last, member=member, output=output
    )


@report.command("timeline")
def report_timeline(action: Action, member: Member = None, output: Output = None) -> None:
    """One row an event of the case."""
    _report("timeline", action, member=member, output=output)


def main() -> NoReturn:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal without Chinese letters shows their numbers: no reason to stop.
            stream.reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        ending = getattr(signal, name, None)
        if ending and signal.getsignal(ending) is not signal.SIG_IGN:  # which nohup asks for
            signal.signal(ending, _end)
    app(prog_name="tracker")
    raise SystemExit(0)


def _end(number: int, _frame: object) -> NoReturn:
    """End as Ctrl-C does, so that what was begun is undone."""
    raise SystemExit(128 + number)


def _report(
    kind: str,
    action: str,
    *,
    member: str | None,
    output: Path | None,
    section: str | None = None,
    first: datetime | None = None,
    last: datetime | None = None,
    names: bool = False,
) -> None:
    from tracker import cases, database, members, reports
    from tracker.uptake import Scope

    with refusals(), asking(member) as (db, asker):
        scope = Scope(
            section_id=members.section_named(db, section).id if section else None,
            first=_day(first),
            last=_day(last),
        )
        found = cases.action_named(db, asker, action)
        if names:
            with database.writing() as writer:
                reports.record_names_exported(writer, asker, found, scope, now=datetime.now(UTC))
            chunks = reports.letters(db, asker, found, scope, names=True)
        else:
            chunks = reports.REPORTS[kind](db, asker, found, scope)
        if output is None:
            for chunk in chunks:
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        else:
            with whole(output) as stream, bar("B") as advance:
                for chunk in chunks:
                    stream.write(chunk)
                    advance(len(chunk))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
