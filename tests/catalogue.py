"""The template of translatable words: does locale/tracker.pot say what the code says?

`check` compares the two, `write` rewrites the file (`make words`). Both read the code here and
nowhere else, so they cannot disagree about what a word is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

CHECKOUT = Path(__file__).resolve().parent.parent
TEMPLATE = CHECKOUT / "src" / "tracker" / "locale" / "tracker.pot"
SOURCES = ("dashboard.py", "pages", "src/tracker")

KEYWORDS = {
    "_": None,
    "gettext": None,
    "n_": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
"""The functions whose arguments are words: which are singular and plural, which the context."""

# Neither a date nor the name of a tool's version: the same code gives the same file, byte for byte.
HEADER = b"""\
# Words of the Urgent Action letter tracker. Written by `make words`; translate copies of it.
msgid ""
msgstr ""
"Project-Id-Version: urgent-action-letter-tracker\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


class Word(NamedTuple):
    """What tells one entry from another; where it stands in the code does not."""

    context: str
    singular: str
    plural: str

    def __str__(self) -> str:
        """Return it in the notation of the template, on one line."""
        parts = [f"msgid {self.singular!r}"]
        if self.plural:
            parts.append(f"msgid_plural {self.plural!r}")
        if self.context:
            parts.insert(0, f"msgctxt {self.context!r}")
        return " ".join(parts)


def extract(checkout: Path = CHECKOUT) -> Catalog:
    """Return the words of the code, with the files that say them and the notes for translators."""
    catalog = Catalog()
    for file in _python_files(checkout):
        place = file.relative_to(checkout).as_posix()
        for line, message, comments, context in extract_from_file(
            "python",
            file,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        ):
            catalog.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return catalog


def rendered(catalog: Catalog) -> bytes:
    """Return `catalog` as the text of a template."""
    entries = BytesIO()
    write_po(entries, catalog, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return HEADER + entries.getvalue()


def words(catalog: Catalog) -> set[Word]:
    """Return what `catalog` holds, without places and comments."""
    found = set()
    for message in catalog:
        if message.id:  # the empty one is the header
            ids = message.id if isinstance(message.id, tuple) else (message.id, "")
            found.add(Word(message.context or "", *ids))
    return found


def check(template: Path = TEMPLATE, checkout: Path = CHECKOUT) -> int:
    """Print the words in which template and code differ; 1 when there are any."""
    if not template.is_file():
        print(f"{template.relative_to(checkout)} is missing: make words")
        return 1
    with template.open("rb") as file:
        written = words(read_po(file))
    spoken = words(extract(checkout))
    for word in sorted(spoken - written):
        print(f"missing from the template: {word}")
    for word in sorted(written - spoken):
        print(f"no longer in the code: {word}")
    if spoken != written:
        print(f"{template.relative_to(checkout)} is not what the code says: make words")
        return 1
    return 0


def write(template: Path = TEMPLATE, checkout: Path = CHECKOUT) -> int:
    """Write the template anew."""
    catalog = extract(checkout)
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_bytes(rendered(catalog))
    print(f"{template.relative_to(checkout)}: {len(words(catalog))} entries")
    return 0


def _python_files(checkout: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = checkout / source
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["check"]:
            sys.exit(check())
        case ["write"]:
            sys.exit(write())
        case _:
            sys.exit("usage: python tests/catalogue.py check|write")
