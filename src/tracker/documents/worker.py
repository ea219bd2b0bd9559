"""What a document yields, found out in a process that can be killed.

A document comes from anywhere, and there are files made to keep whoever reads them busy for ever,
or to fill the memory. The process that reads one has limits of time and memory, opens few files
and writes none, has nothing of the environment, and is given this one document; what it answers is
text. It runs as the same user, so that what that user may read is not shut off from it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import tracker
from tracker.documents.files.paper import MOST_BYTES, Reason, Unreadable

SECONDS = 5.0
MEGABYTES = 512

# Isolated (-I): no variable, no folder where somebody happens to be, brings in other code. Then it
# may not find this package, which need not be installed; so it is told where it lies.
_PROGRAM = """
import sys
if sys.argv[1] not in sys.path:
    sys.path.insert(0, sys.argv[1])
from tracker.documents import worker_program
worker_program.main()
"""
_PACKAGE = Path(tracker.__file__).resolve().parents[1]


class Wanted(StrEnum):
    """What is asked about a document."""

    LINES = "lines"
    FACTS = "facts"
    CASE_FILE = "case-file"


def in_worker(
    wanted: Wanted,
    content: bytes,
    name: str,
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> str:
    """Return what is wanted about a document: a case file in TOML, or else JSON.

    Args:
        name: the file's name; its ending tells Markdown from plain text.
        seconds: how long this may take, the start of the process included.
        megabytes: how much memory the process may have, where the system can limit that.

    Raises:
        Unreadable: the document gives nothing, or too much to do.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    order = {"wanted": wanted, "name": name, "seconds": seconds, "megabytes": megabytes}
    answer = _answer(json.dumps(order).encode() + b"\n" + content, seconds)
    if "refused" in answer:
        raise Unreadable(Reason(answer["refused"]))
    return answer["text"]


def _answer(order: bytes, seconds: float) -> dict[str, str]:
    with subprocess.Popen(
        [sys.executable, "-I", *_options(), "-c", _PROGRAM, str(_PACKAGE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
        cwd="/" if os.name == "posix" else None,
    ) as process:
        try:
            said, _ = process.communicate(order, seconds)
        except subprocess.TimeoutExpired:
            return {"refused": Reason.TOO_SLOW}
        finally:
            _kill(process)
    if process.returncode:
        slow = os.name == "posix" and process.returncode == -signal.SIGXCPU
        return {"refused": Reason.TOO_SLOW if slow else Reason.CRASHED}
    try:
        found: dict[str, str] = json.loads(said)
    except ValueError:  # it ended in the middle of its answer
        return {"refused": Reason.CRASHED}
    return found


def _options() -> list[str]:
    """Return the interpreter's own options that -I would forget: where compiled code is kept."""
    return ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []


def _environment() -> dict[str, str]:
    """Return the one variable without which Windows starts no program; all others may be secret."""
    return {name: os.environ[name] for name in ["SYSTEMROOT"] if name in os.environ}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process, and what it may have started, unless it has ended."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
