"""Serving: what happens when the server starts, and the server itself."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool

from tracker import (
    case_files,
    cases,
    database,
    forgetting,
    invitations,
    members,
    sealed_columns,
    sealing,
    settings,
)
from tracker.models import Role
from tracker.wording import gettext as _

_FIRST_PURGE = timedelta(minutes=1)
_PURGE_EVERY = timedelta(days=1)
_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Make the database ready, and say how to come in; the same whichever command serves."""
    _end_quietly()
    _keep_messages_out_of_the_log()
    try:
        lines = await run_in_threadpool(prepare, _address())
    except sealing.KeyFileError as error:
        # Raised further it would be told as a traceback; nothing is open yet that could be lost.
        sys.stderr.write(f"tracker: {error}\n")
        sys.stderr.flush()
        os._exit(1)
    # What is loaded by now stays: there is no need to look through it again and again.
    gc.freeze()
    print("\n".join(lines), flush=True)  # noqa: T201  (the one address, for whoever started it)
    stopping = threading.Event()
    # A daemon: nobody who stops the server waits for a purge; what it was doing is undone.
    threading.Thread(target=_purge_daily, args=[stopping], daemon=True).start()
    try:
        yield
    finally:
        stopping.set()


def prepare(address: str) -> list[str]:
    """Migrate, load the shipped cases into an empty database, and return the lines to print.

    `address` is where people open the program.

    Links printed at an earlier start end here: each start has its own. Only a demonstration's go
    on, for their day. A server whose case lead can sign in prints none.

    Raises:
        KeyFileError: the key file is missing, damaged, or another database's.
    """
    database.engine()
    database.migrate()
    now = datetime.now(UTC)
    with database.writing() as db:
        sealed_columns.note_key(db)
        operator = members.operator(db)
        if not cases.all_cases(db, operator):
            for file in sorted(settings.case_files_dir().glob("*.toml")):
                cases.add(db, operator, case_files.read(file), file.name, now=now)
        if not operator.demo:  # those that `tracker demo` printed are still to be used
            invitations.end_sign_in_links(db, now=now)
        if operator.demo:
            links: dict[Role | None, str] = {
                role: invitations.new_sign_in_link(db, member_id, now=now)
                for role, member_id in members.demo_members(db).items()
            }
        else:
            # Once a case lead can come back with a passphrase, nobody else is let in by a link.
            open_to = [None] if invitations.set_up_is_open(db) else []
            links = {role: invitations.new_sign_in_link(db, None, now=now) for role in open_to}
    if operator.demo:
        lines = [
            _("A demonstration: every letter and every volunteer in it is fictional."),
            _("Sign in, once a start, as"),
        ]
    else:
        lines = (
            [_("Set up and sign in (within a day, until you have a passphrase):")] if links else []
        )
    width = max(len(role) for role in Role)
    shown = [
        f"{role or '':<{width if role else 0}}  {address}/setup/{token}"
        for role, token in links.items()
    ]
    return [f"Urgent Action letters: {address}", *lines, *(line.strip() for line in shown)]


def purge(now: datetime) -> None:
    """Forget what is to be forgotten by now, and log how much that was; nothing in demonstrations.

    Nothing that goes wrong ends the server: it is logged by its type, and tried again tomorrow.
    """
    try:
        with database.reading() as db:
            if members.is_demo(db):
                return
        cut = forgetting.purge(database.reading, database.writing, now=now)
        with database.writing() as db:
            tidied = forgetting.tidy(db, now=now)
        swept = database.sweep(forgetting.EMPTIED)
    except Exception as error:  # noqa: BLE001
        _log.error("the daily purge failed: %s", type(error).__name__)
        return
    _log.info(
        "purged: writers of %d letters, %d sessions, %d links, %d addresses, %d join codes; %s",
        sum(purged.letters for purged in cut),
        tidied.sessions,
        tidied.links,
        tidied.addresses,
        tidied.join_codes,
        "the files are swept" if swept else "the files still hold some of it",
    )


def _purge_daily(stopping: threading.Event) -> None:
    pause = _FIRST_PURGE
    while not stopping.wait(pause.total_seconds()):
        purge(datetime.now(UTC))
        pause = _PURGE_EVERY


def serve() -> NoReturn:
    """Serve until stopped, just as `streamlit run dashboard.py` does."""
    chosen = settings.current()
    command = [
        settings.python(), "-m", "streamlit", "run", str(settings.dashboard()),
        f"--server.address={chosen.host}", f"--server.port={chosen.port}",
    ]  # fmt: skip
    # Not a child: whoever stops this process stops the server.
    os.execv(command[0], command)


def _end_quietly() -> None:
    """Have Ctrl-C end the server without a word; else Streamlit says "Aborted!" and fails."""
    server = getattr(signal.getsignal(signal.SIGINT), "__self__", None)
    if not isinstance(server, uvicorn.Server):
        return  # somebody else's process, and Ctrl-C

    def end(number: int, frame: object) -> None:
        server.force_exit = server.should_exit  # whoever presses it twice is in a hurry
        server.should_exit = True

    signal.signal(signal.SIGINT, end)


def _keep_messages_out_of_the_log() -> None:
    """Have Streamlit log that a run failed, without the message: it may quote what was typed.

    `components.went_wrong` logs the error's type and places.
    """

    def without_message(record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True

    logging.getLogger("streamlit.error_util").addFilter(without_message)


def _address() -> str:
    """Return the address to print: the one configured, else where Streamlit really listens."""
    chosen = settings.current()
    if os.environ.get("TRACKER_BASE_URL"):
        return chosen.base_url
    host, port = st.get_option("server.address"), st.get_option("server.port")
    return settings.address(host or chosen.host, int(port))
