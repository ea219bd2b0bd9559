"""What every command shares: who asks, what is refused and how, files that come whole, bars."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tracker.case_files import CaseFileError
    from tracker.members import Asker


# The codes of refusals, of whatever kind, that a command can meet.
_SAID = {
    "bad-email": "that is no e-mail address",
    "demonstration": "the demonstration signs in as this member",
    "last-case-lead": "this is the last case lead who can sign in; there must be another one first",
    "long-name": "the name is too long",
    "merged": "the group was merged into another one",
    "no-name": "a name is missing",
    "other-section": "the group is another section's",
}


@contextmanager
def whole(file: Path) -> Iterator[BinaryIO]:
    """Yield where to write; it becomes `file` when all is written, and otherwise leaves no trace.

    Raises:
        OSError: it cannot be written; the error names `file`.
    """
    place = file.resolve()  # a link goes on leading where it leads
    if place.exists() and not place.is_file():  # a device or a pipe: nothing to put in its place
        with place.open("wb") as stream:
            yield stream
        return
    draft = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as stream:
            yield stream
        if place.exists():
            shutil.copymode(place, draft)
        draft.replace(place)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    finally:
        draft.unlink(missing_ok=True)


def make_ready() -> None:
    """Make the database where there is none, give it the newest tables, and note its key."""
    from tracker import database, sealed_columns

    database.engine()
    database.migrate()
    with database.writing() as db:
        sealed_columns.note_key(db)


def refuse_if_taken(host: str, port: int) -> None:
    """Refuse a port on which somebody listens already, or which may not be listened on."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # as the server does; elsewhere it would allow two servers
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            refuse(f"port {port} of {host} is taken; TRACKER_PORT can name another")
        refuse(f"cannot listen on port {port} of {host}: {error.strerror}")


@contextmanager
def asking(member: str | None) -> Iterator[tuple[Session, Asker]]:
    """Yield a reading session and who asks: the operator, or the member named."""
    from tracker import database, members, sealed_columns

    _refuse_if_missing()
    if not database.is_at_head():
        refuse("the database has not the newest tables: run `tracker migrate`")
    with database.reading() as db:
        sealed_columns.refuse_wrong_key(db)
        yield db, members.operator(db) if member is None else members.asker(db, key_of(db, member))


@contextmanager
def changing() -> Iterator[tuple[Session, Asker]]:
    """Yield a writing session and the operator; what raises in the block is undone."""
    from tracker import database, members

    make_ready()
    with database.writing() as db:
        yield db, members.operator(db)


def key_of(db: Session, member: str) -> int:
    """Return the key of the member with that pseudonym or number.

    Raises:
        UnknownMember: nobody has it.
    """
    from tracker import members
    from tracker.models import Member

    if not member.isdecimal():
        return members.with_pseudonym(db, member)
    # Databases refuse keys much longer than this.
    if len(member) > 9 or db.get(Member, int(member)) is None:
        raise members.UnknownMember(member)
    return int(member)


def sweep(*, large: bool = False) -> None:
    """Clear what was forgotten out of the database's files, or say that it waits."""
    from tracker import database, forgetting

    put_off = database.large_parts(forgetting.EMPTIED)
    if put_off and large:
        typer.echo(
            f"What is large is written anew: {', '.join(put_off)}. That may take minutes, in which "
            "the server's pages wait.",
            err=True,
        )
    if not database.sweep(forgetting.EMPTIED, large=large):
        reason = "somebody was reading all the while"
        if put_off and not large:
            reason = f"what is large was not written anew ({', '.join(put_off)})"
        typer.echo(
            f"Warning: {reason}, so the database's files may still hold what is forgotten; "
            "`tracker purge` tries again",
            err=True,
        )


def _refuse_if_missing() -> None:
    """Refuse to ask a file that is not there: to open it would make it."""
    from sqlalchemy.engine import make_url

    from tracker import database, settings

    url = settings.current().database_url
    if url.startswith("sqlite:"):
        file = Path(make_url(url).database or "")
        if not file.exists():
            refuse(f"there is no database at {file}: `tracker migrate` makes one")
    database.engine()


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the program refuses into one line and exit code 1."""
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    from tracker import (
        case_files,
        cases,
        database,
        forgetting,
        invitations,
        members,
        sealing,
        settings,
    )
    from tracker import demo as demonstration

    try:
        with file_refusals():
            yield
    except case_files.CaseFileError as error:
        _refuse_file(error)
    except members.UnknownMember as error:
        refuse(f"no member is called {error.args[0]}")
    except (
        members.PersonRefused,
        members.GroupRefused,
        invitations.InvitationRefused,
        forgetting.Refused,
    ) as error:
        refuse(_SAID[error.reason.value])
    except members.NotYours:
        refuse("that is not for this member to see")
    except (
        cases.UnknownAction,
        cases.UnknownCase,
        members.UnknownSection,
        settings.SettingsError,
        sealing.KeyFileError,
        demonstration.NotEmpty,
        database.BrokenReferences,
    ) as error:
        refuse(str(error))
    except CommandError:
        refuse("the database has tables of a newer version of this program")
    except DBAPIError as error:
        refuse(f"the database refuses: {str(error.orig).partition(chr(10))[0]}")


@contextmanager
def file_refusals() -> Iterator[None]:
    """Turn what files and pipes refuse into one line and exit code 1; loads no database."""
    try:
        yield
    except BrokenPipeError:  # whoever reads has enough, as `head` does
        _silence()
        raise typer.Exit(0) from None
    except OSError as error:
        if error.filename:
            refuse(f"{error.filename}: {error.strerror}")
        _silence()
        refuse(error.strerror or str(error))
    except UnicodeEncodeError:
        refuse("a part of the command is not text in UTF-8")


def _refuse_file(error: CaseFileError) -> NoReturn:
    if len(error.problems) > 1:
        for problem in error.problems:
            typer.echo(f"{error.name}: {problem}")
        refuse(f"{error.name} has {len(error.problems)} mistakes, and nothing was changed")
    refuse(str(error))


def refuse(reason: str) -> NoReturn:
    """End with `reason` in one line on standard error and exit code 1."""
    typer.echo(f"tracker: {' '.join(reason.splitlines())}", err=True)
    raise typer.Exit(1)


def _silence() -> None:
    """Let what still waits to be written go nowhere: to try again would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def bar(unit: str, total: int | None = None) -> Iterator[Callable[[int], Any]]:
    """Yield what a long work calls with the steps it has made; drawn on a terminal only."""
    from tqdm import tqdm

    with tqdm(total=total, unit=unit, unit_scale=True, disable=None, leave=False) as bar:
        yield bar.update
