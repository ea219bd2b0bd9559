"""`tracker document …`: Urgent Action documents, which become draft case files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.edges import file_refusals, refuse

document = typer.Typer(no_args_is_help=True, help="Urgent Action documents, on the way to a case.")

# Why a document yields nothing (tracker.documents.Reason), by its code.
_SAID = {
    "crashed": "reading it went wrong; is the file whole?",
    "damaged": "the file is damaged, or not what its beginning says",
    "empty": "the file has no text in it",
    "locked": "the file is locked with a password",
    "no-text": "the document has no text in it, only pictures perhaps",
    "no-urgent-action": "it is no Urgent Action: no number, deadline, official or ask is in it",
    "not-text": "that is no text, nor a PDF or a Word document (DOCX)",
    "other-format": "files of this kind are not read: save it as PDF, DOCX, Markdown or plain text",
    "spreadsheet": "that is a spreadsheet, and no document",
    "too-large": "the file is too large, or becomes so when it is unpacked",
    "too-long": "the document is too long for an Urgent Action",
    "too-much-memory": "reading it takes too much memory",
    "too-slow": "reading it takes too long",
}


@document.command("draft")
def draft_case(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A PDF, a DOCX, Markdown or plain text."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was found, and where, as JSON.")
    ] = False,
) -> None:
    """Print the draft case file that an Urgent Action document yields.

    What the document does not say is left out, and asked at the end of the draft. Nothing is added
    to the database: mend the draft, and then run `tracker case add`.
    """
    from tracker.documents.files.paper import MOST_BYTES, Unreadable
    from tracker.documents.worker import Wanted, in_worker

    with file_refusals():
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        try:
            text = in_worker(Wanted.FACTS if as_json else Wanted.CASE_FILE, content, file.name)
        except Unreadable as error:
            refuse(f"{file}: {_SAID[error.reason]}")
        sys.stdout.buffer.write(text.encode() + b"\n" * (not text.endswith("\n")))
        sys.stdout.buffer.flush()
