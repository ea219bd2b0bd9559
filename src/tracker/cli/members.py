"""`tracker member …`: the operator sees pseudonyms and numbers, never a name."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.edges import asking, changing, key_of, refusals, refuse, sweep

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tracker.members import Asker

member = typer.Typer(no_args_is_help=True, help="Members, by pseudonym or number.")

Who = Annotated[
    str,
    typer.Argument(metavar="MEMBER", help="A pseudonym as in letters.csv, or the member's number."),
]
OfSection = Annotated[str, typer.Option("--section", metavar="NAME", help="The section's name.")]
InGroup = Annotated[
    str | None, typer.Option("--group", metavar="NAME", help="The local group's name.")
]


@member.command("add")
def add_member(
    section: OfSection,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="The display name; asked for if left out: shells remember."
        ),
    ] = None,
    group: InGroup = None,
) -> None:
    """Add somebody without an account.

    Others log their letters. Prints the pseudonym and the number.
    """
    from tracker import members

    with refusals():
        called = _line("Display name") if name is None else name
        with changing() as (db, operator):
            section_id, group_id = _place(db, operator, section, group)
            added = members.add_without_account(
                db, operator, section_id, group_id, called, now=datetime.now(UTC)
            )
        typer.echo(f"{members.pseudonym(added, section_id)}  {added}")


@member.command("invite")
def invite_member(
    section: OfSection,
    role: Annotated[
        str,
        typer.Option(metavar="ROLE", help="volunteer, coordinator or case-lead."),
    ] = "volunteer",
    group: InGroup = None,
    email: Annotated[
        bool,
        typer.Option(
            "--email", help="Ask for the address by which an identity provider knows the invited."
        ),
    ] = False,
) -> None:
    """Print a link by which one person becomes a member.

    It is good once, for 14 days.
    """
    from tracker import invitations, settings
    from tracker.models import Role

    if role not in list(Role):
        raise typer.BadParameter(f"{role} is none of {', '.join(Role)}", param_hint="--role")
    with refusals():
        address = _line("E-mail address") if email else None
        with changing() as (db, operator):
            section_id, group_id = _place(db, operator, section, group)
            token = invitations.invite(
                db,
                operator,
                section_id,
                group_id,
                Role(role),
                email=address,
                now=datetime.now(UTC),
            )
        typer.echo(f"{settings.current().base_url}/invite/{token}")


@member.command("disable")
def disable_member(who: Who) -> None:
    """Shut a member out at once, in every window."""
    from tracker import members

    with refusals(), changing() as (db, operator):
        members.disable(db, operator, key_of(db, who), now=datetime.now(UTC))


@member.command("enable")
def enable_member(who: Who) -> None:
    """Let a member in again who was disabled."""
    from tracker import members

    with refusals(), changing() as (db, operator):
        members.enable(db, operator, key_of(db, who), now=datetime.now(UTC))


@member.command("erase")
def erase_member(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether that is meant.")] = False,
) -> None:
    """Forget a member for good; the letters stay as counts."""
    from tracker import forgetting

    with refusals():
        with asking(None) as (db, _):
            member_id = key_of(db, who)
        if not yes:
            if not sys.stdin.isatty():
                refuse("nobody is here to be asked whether that is meant: say --yes")
            typer.confirm("This cannot be undone. Forget this member?", abort=True)
        with changing() as (db, operator):
            forgetting.erase(db, member_id, now=datetime.now(UTC), by=operator)
        typer.echo("Forgotten. The letters stay, without a writer.")
        sweep()


def _line(question: str) -> str:
    """Return a line of standard input; on a terminal it is asked for."""
    return str(typer.prompt(question)) if sys.stdin.isatty() else sys.stdin.readline()


def _place(db: Session, operator: Asker, section: str, group: str | None) -> tuple[int, int | None]:
    """Return the keys of the section and of its group of these names."""
    from tracker import members

    section_id = members.section_named(db, section).id
    if group is None:
        return section_id, None
    found = {listed.name: listed.group_id for listed in members.groups(db, operator, section_id)}
    if group not in found:
        refuse(f"no group of {section} is called {group}")
    return section_id, found[group]
