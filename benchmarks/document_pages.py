"""How long a PDF of forty pages takes to become a draft, against its bare text by pypdf.

The draft is made as `tracker document draft` makes it, in a worker with limits. The plain way is a
Python of its own that calls pypdf's `extract_text` on every page and does nothing else. Both times
contain the start of the process, both peaks are that process's own. Rows read: pages, who, seconds
(the quickest of three), peak memory, and both divided by the plain way's. Wanted are at most 5
seconds and 300 MB.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter

from tests.documents.making import as_pdf
from tests.documents.papers import AS_PDF, papers

COLUMNS = ("pages", "who", "seconds", "peak MiB", "time ratio", "memory ratio")
PAGES = 40
RUNS = 3


def main() -> Iterator[tuple[str, ...]]:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(document(PAGES))
        file.flush()
        # In turns, so that a busy moment of the machine meets both.
        runs = [(_apart("pypdf", file.name), _apart("draft", file.name)) for _ in range(RUNS)]
    plain, draft = (
        (min(seconds for seconds, _ in each), max(peak for _, peak in each))
        for each in zip(*runs, strict=True)
    )
    for who, (seconds, peak) in (("pypdf", plain), ("draft", draft)):
        yield (
            str(PAGES),
            who,
            f"{seconds:.2f}",
            str(peak),
            f"{seconds / plain[0]:.1f}",
            f"{peak / plain[1]:.1f}",
        )


def document(pages: int) -> bytes:
    """A PDF of so many pages: the papers one after the other, over and over."""
    text = "\n\n".join(each.text for each in papers() if each.name in AS_PDF)
    once = PdfReader(io.BytesIO(as_pdf(text, "Date: 12 March 2024", "Page"))).pages
    written = PdfWriter()
    for page in range(pages):
        written.add_page(once[page % len(once)])
    file = io.BytesIO()
    written.write(file)
    return file.getvalue()


def _apart(how: str, file: str) -> tuple[float, int]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._reading", how, file],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = json.loads(done.stdout)
    return float(seconds), int(peak)
