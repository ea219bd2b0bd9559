"""Several processes at once, for what must hold between servers and not only between threads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.commands import BYTECODE
from tracker import settings

# A child has imported everything when it is ready, so that what follows happens at one moment.
_PRELUDE = """\
import sys
def start():
    print("ready", flush=True)
    sys.stdin.readline()
"""


def together(
    script: str, number: int = 2, *, configured: settings.Settings | None = None
) -> list[str]:
    """Run `script` in that many processes and return what each of them printed.

    The script imports what it needs, calls `start()`, which lets all of them go at once, and then
    does its work. `configured` reaches it as its environment. One that fails is a failed test.
    """
    children = [_start(script, configured) for _ in range(number)]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n", child.communicate()[1]
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        ended = [child.communicate() for child in children]
        failed = [
            said for child, (_, said) in zip(children, ended, strict=True) if child.returncode
        ]
        assert failed == []
        return [printed for printed, _ in ended]
    finally:
        for child in children:
            child.kill()
            child.communicate()


def _start(script: str, configured: settings.Settings | None) -> subprocess.Popen[str]:
    # Compiled once and not by every process, as for the programs that tests serve.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if configured is not None:
        environment |= {
            "TRACKER_DATA_DIR": str(configured.data_dir),
            "TRACKER_DATABASE_URL": configured.database_url,
            "TRACKER_SECRET_KEY_FILE": str(configured.secret_key_file),
        }
    command: Sequence[str] = [sys.executable, "-c", _PRELUDE + script]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
