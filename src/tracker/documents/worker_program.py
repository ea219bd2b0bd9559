"""What runs inside a worker: one document from standard input, one answer on standard output."""

from __future__ import annotations

import json
import math
import sys
from contextlib import suppress
from dataclasses import asdict

from tracker.documents.files.paper import Paper, Reason, Unreadable
from tracker.documents.files.reading import read
from tracker.documents.worker import Wanted


def main() -> None:
    """Answer the order on standard input: a line of JSON, and after it the document."""
    order = json.loads(sys.stdin.buffer.readline())
    _limit(order["seconds"], order["megabytes"])
    answer: dict[str, str]
    try:
        paper = read(sys.stdin.buffer.read(), order["name"])
        answer = {"text": answer_about(paper, Wanted(order["wanted"]))}
    except Unreadable as refusal:
        answer = {"refused": refusal.reason}
    except MemoryError:
        answer = {"refused": Reason.TOO_MUCH_MEMORY}
    sys.stdout.write(json.dumps(answer))


def answer_about(paper: Paper, wanted: Wanted) -> str:
    """Return what is wanted about a document."""
    if wanted is Wanted.LINES:
        return json.dumps(asdict(paper))
    # Loaded only where it is wanted: that is most of the time a short document takes.
    from tracker.documents import drafting  # noqa: PLC0415

    draft = drafting.draft_of(paper)
    if wanted is Wanted.FACTS:
        from tracker.documents.output import as_json  # noqa: PLC0415

        return json.dumps(as_json.facts(draft), ensure_ascii=False, indent=2)
    from tracker.documents.output import as_toml  # noqa: PLC0415

    return as_toml.case_file_text(draft)


def _limit(seconds: float, megabytes: int) -> None:
    """Have the system end this process when it takes too much; not every system can."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # Windows has no such limits; the parent's clock remains
        return
    most = math.ceil(seconds) + 1  # of the processor's time, for a parent that ended itself
    limits = {
        resource.RLIMIT_AS: (megabytes * 1_000_000, megabytes * 1_000_000),
        resource.RLIMIT_CPU: (most, most + 1),  # the first is told to the parent, the second not
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (64, 64),
    }
    for kind, limit in limits.items():
        with suppress(ValueError, OSError):  # where somebody set a lower one
            resource.setrlimit(kind, limit)
