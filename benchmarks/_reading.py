"""`python -m benchmarks._reading draft|pypdf FILE`: read a PDF once, print seconds and peak MiB.

It imports little: a new process counts as its own peak what the one that starts it has in memory.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from tracker.documents.worker import Wanted, in_worker

_PLAIN = """
import io, sys
from pypdf import PdfReader
for page in PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages:
    page.extract_text()
"""


def measure(how: str, content: bytes) -> tuple[float, int]:
    started = time.perf_counter()
    if how == "draft":
        in_worker(Wanted.FACTS, content, "call.pdf")
    else:
        subprocess.run([sys.executable, "-I", "-c", _PLAIN], input=content, check=True)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]).read_bytes())))
