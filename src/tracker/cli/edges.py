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

    from tracker.members import Asker


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
    """Make the database where there is none, and give it the newest tables."""
    from tracker import database

    database.engine()
    database.migrate()


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
    from tracker import database, members

    _refuse_if_missing()
    if not database.is_at_head():
        refuse("the database has not the newest tables: run `tracker migrate`")
    with database.reading() as db:
        _refuse_a_wrong_key(db)
        if member is None:
            yield db, members.operator(db)
        elif member.isdecimal():
            yield db, members.asker(db, _member_key(member))
        else:
            yield db, members.asker(db, members.with_pseudonym(db, member))


def _member_key(number: str) -> int:
    from tracker import members

    if len(number) > 9:  # databases refuse keys much longer than this
        raise members.UnknownMember(number)
    return int(number)


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


def _refuse_a_wrong_key(db: Session) -> None:
    """Refuse a key that does not open what is sealed; a new one would give other pseudonyms."""
    from tracker import members, sealing, settings

    file = settings.current().secret_key_file
    if file.exists():
        sealing.seal("", "check")
        members.first_member(db)
    elif members.count(db):
        refuse(f"the key file {file} is missing: without it nothing sealed can be opened")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the program refuses into one line and exit code 1."""
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    from tracker import case_files, cases, database, members, sealing, settings
    from tracker import demo as demonstration

    try:
        yield
    except case_files.CaseFileError as error:
        if len(error.problems) > 1:
            for problem in error.problems:
                typer.echo(f"{error.name}: {problem}")
            refuse(f"{error.name} has {len(error.problems)} mistakes, and nothing was changed")
        refuse(str(error))
    except (cases.UnknownAction, cases.UnknownCase, members.UnknownSection) as error:
        refuse(str(error.args[0]))
    except members.UnknownMember as error:
        refuse(f"no member is called {error.args[0]}")
    except (
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
