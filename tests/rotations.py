"""A database that hangs on its key, changes of the key, and changes that are killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tests import factories
from tests.commands import CHECKOUT, environment_of, process_environment
from tracker import accounts, database, invitations, members, sealed_columns, sealing, settings
from tracker.models import JoinCode, Member, Role, WebSession
from tracker.sealed_columns import Rotated
from tracker.settings import Settings

NOW = factories.NOW
EMAIL = "fictional.vera@ruritania.example"
IDENTITY = ("https://id.example", "fictional-subject")

_ROTATE = "from tracker.cli import app; app(['rotate-key'])"

# The command ends itself by SIGKILL before or after the first call of a function. In this order:
# what one leaves the next goes on with.
STAGES = {
    "new file written, not in place": ("sealing", "_draft", "after"),
    "both keys in the file": ("sealing", "_replace", "after"),
    "both keys noted": ("sealed_columns", "seal_anew", "before"),
    "first table sealed anew": ("sealed_columns", "_seal_table_anew", "after"),
    "all sealed anew, not committed": ("sealed_columns", "seal_anew", "after"),
    "committed": ("sealing", "end_rotation", "before"),
    "last file written, not in place": ("sealing", "_draft", "after"),
    "old key gone from the file": ("sealing", "_replace", "after"),
}
_DYING = (
    """
import importlib, os, signal, sys
name, function, when = sys.argv[1:]
module = importlib.import_module("tracker." + name)
done = getattr(module, function)
def dying(*arguments, **named):
    if when == "after":
        done(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, function, dying)
"""
    + _ROTATE
)


@dataclass(frozen=True)
class World:
    """What must be found, whatever happens to the key."""

    member_id: int
    code: str
    number: int


@dataclass(frozen=True)
class Stage:
    """What happened when a change of the key was killed at that stage."""

    name: str
    killed: bool
    lost: bool


@dataclass(frozen=True)
class Killed:
    """How often a change of the key was killed at a random moment, and what came of it."""

    times: int
    finished: int
    unfinished: int
    lost: int


def fill(number: int = 20) -> World:
    """Add members with everything that is sealed or hashed with the key, and note the key."""
    with database.writing() as db:
        sealed_columns.note_key(db)
        section = factories.section(db)
        operator = members.operator(db)
        first = factories.member(db, name="Fictional Vera")
        first.sign_in_name, first.sign_in_key = "Véra 1", accounts.sign_in_key("Véra 1")
        first.passphrase, first.totp_secret = "$argon2id$fictional", "JBSWY3DPEHPK3PXP"
        accounts.link_identity(db, first.id, *IDENTITY)
        db.add(
            WebSession(
                token_hash=sealing.token_hash("a session"),
                member_id=first.id,
                browser="Firefox, Android",
                created_at=NOW,
                last_seen_at=NOW,
            )
        )
        for place in range(number):
            factories.member(db, name=f"Fictional {place}")
        invitations.invite(db, operator, section.id, None, Role.VOLUNTEER, email=EMAIL, now=NOW)
        made = sealing.new_token()[:8].upper()
        db.add(
            JoinCode(
                code=made,
                code_key=sealing.keyed_hash(made, "join_codes.code"),
                section_id=section.id,
                most=30,
                created_at=NOW,
                expires_at=NOW + timedelta(hours=6),
            )
        )
        return World(first.id, made, number)


def finds_everything(world: World) -> None:
    """Hold that each way of looking something up finds it, and that every name opens."""
    with database.reading() as db:
        assert accounts.known(db, "véra 1").member_id == world.member_id
        found = accounts.member_of_identity(db, *IDENTITY)
        assert found is not None
        assert (found.id, found.totp_secret) == (world.member_id, "JBSWY3DPEHPK3PXP")
        keys = sealing.keyed_hashes(world.code, "join_codes.code")
        code = db.scalars(select(JoinCode).where(JoinCode.code_key.in_(keys))).one()
        assert code.code == world.code
        kept = db.scalars(select(Member.name)).all()
        names = {name for name in kept if name is not None}
        assert {f"Fictional {place}" for place in range(world.number)} <= names
        assert db.scalars(select(WebSession.browser)).one() == "Firefox, Android"


def rotate() -> Rotated:
    """Change the key as the command does, in this process."""
    with database.writing(alone=True) as db:
        sealed_columns.begin_rotation(db, members.operator(db))
    with database.writing(alone=True) as db:
        rotated = sealed_columns.seal_anew(db, now=NOW)
    sealing.end_rotation()
    return rotated


def killed_at_each_stage(chosen: Settings) -> list[Stage]:
    """Kill `tracker rotate-key` at each stage in turn; after each all must be found."""
    world, env = fill(50), process_environment(**environment_of(chosen))
    stages = [
        Stage(name, _start(env, _DYING, *map(str, where)).wait() == -signal.SIGKILL, _lost(world))
        for name, where in STAGES.items()
    ]
    _ends_well(world, env)
    return stages


def killed_at_random(chosen: Settings, times: int, *, seed: int = 1) -> Killed:
    """Kill `tracker rotate-key` that often, anywhere in the second half of its course."""
    world, env = fill(300), process_environment(**environment_of(chosen))
    began = time.monotonic()
    _start(env, _ROTATE).wait()
    whole = time.monotonic() - began
    rng, finished, unfinished, lost = random.Random(seed), 0, 0, 0
    for _ in range(times):
        child = _start(env, _ROTATE)
        time.sleep(whole * rng.uniform(0.5, 1.1))  # the first half is the start of Python
        child.kill()
        finished += child.wait() == 0
        lost += _lost(world)
        unfinished += len(sealing.fingerprints()) == 2
    _ends_well(world, env)
    return Killed(times, finished, unfinished, lost)


def _lost(world: World) -> bool:
    sealing._known.clear()  # as a process that starts now
    try:
        finds_everything(world)
    except (AssertionError, sealing.KeyFileError):
        return True
    return False


def _ends_well(world: World, env: dict[str, str]) -> None:
    """Hold that the command, run undisturbed, finishes what was begun."""
    assert _start(env, _ROTATE).wait() == 0
    assert not _lost(world)
    assert len(sealing.fingerprints()) == 1
    file = settings.current().secret_key_file
    assert list(file.parent.glob(f"{file.name}*")) == [file]  # no draft of a key is left


def _start(env: dict[str, str], script: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env=env,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
