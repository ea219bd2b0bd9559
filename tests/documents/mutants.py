"""The papers with something broken in each: bytes turned, cut, doubled, put together from two."""

from __future__ import annotations

import io
import signal
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from random import Random

from tests.documents import making
from tests.documents.files import zipped
from tests.documents.papers import AS_DOCX, AS_PDF, paper, papers
from tracker.documents import worker_program
from tracker.documents.files.reading import Unreadable, read
from tracker.documents.worker import Wanted


@dataclass(frozen=True)
class Mutant:
    """A broken file.

    Attributes:
        kind: its format and what was done to it.
    """

    name: str
    kind: str
    content: bytes


@dataclass
class Tally:
    """What became of many files of one kind."""

    drafts: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    slowest: float = 0.0


class TooSlow(BaseException):
    """No Exception, so that nobody takes it for a damaged file."""


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """Yield that many broken files, always the same for a seed."""
    random = Random(seed)
    for number in range(count):
        kind, originals = _SORTS[number % len(_SORTS)]
        files = originals()
        name, content = random.choice(files)
        what = random.choice(_HARMS)
        other = random.choice(files)[1]
        yield Mutant(
            name, f"{kind}, {what.__name__[1:]}", _harmed(kind, content, other, what, random)
        )


def tally(broken: Iterable[Mutant], seconds: float) -> dict[str, Tally]:
    """Return what becomes of these files in this process, by kind; each within `seconds`."""
    found: dict[str, Tally] = {}
    for mutant in broken:
        of_kind = found.setdefault(mutant.kind, Tally())
        began = time.process_time()
        try:
            with _watched(seconds):
                worker_program.answer_about(read(mutant.content, mutant.name), Wanted.FACTS)
                of_kind.drafts += 1
        except Unreadable as refusal:
            of_kind.refused[refusal.reason.value] += 1
        except TooSlow:
            of_kind.refused["too-slow"] += 1
        except Exception as error:  # noqa: BLE001  (whatever it is, it is a crash)
            of_kind.crashes.append(f"{mutant.name}: {error!r}")
        of_kind.slowest = max(of_kind.slowest, time.process_time() - began)
    return found


def table(found: dict[str, Tally]) -> str:
    """Return the tallies as lines."""
    lines = [f"{'kind':<22} {'drafts':>6} {'refused':>7} {'crashes':>7} {'slowest':>8}  reasons"]
    for kind, of_kind in sorted(found.items()):
        reasons = ", ".join(f"{reason} {n}" for reason, n in of_kind.refused.most_common())
        lines.append(
            f"{kind:<22} {of_kind.drafts:>6} {of_kind.refused.total():>7} "
            f"{len(of_kind.crashes):>7} {of_kind.slowest:>6.2f} s  {reasons}"
        )
    return "\n".join(lines)


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block once it has taken so much of the processor's time."""

    def end(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# The files ----------------------------------------------------------------------------------------


@cache
def _texts() -> list[tuple[str, bytes]]:
    return [(each.path.name, each.text.encode()) for each in papers()]


@cache
def _pdfs() -> list[tuple[str, bytes]]:
    return [(f"{name}.pdf", making.as_pdf(paper(name).text, head)) for name, head in AS_PDF.items()]


@cache
def _docxs() -> list[tuple[str, bytes]]:
    return [(f"{name}.docx", making.as_docx(paper(name).text)) for name in AS_DOCX]


_SORTS: list[tuple[str, Callable[[], list[tuple[str, bytes]]]]] = [
    ("text", _texts),
    ("pdf", _pdfs),
    ("docx", _docxs),
    ("docx inside", _docxs),
]


# What is done to them -----------------------------------------------------------------------------


def _harmed(
    kind: str,
    content: bytes,
    other: bytes,
    what: Callable[[bytes, bytes, Random], bytes],
    random: Random,
) -> bytes:
    if kind != "docx inside":
        return what(content, other, random)
    # Inside the zip: outside, its check sums tell most of what is broken.
    files = _unzipped(content)
    name = random.choice([name for name in files if name.endswith((".xml", ".rels"))])
    name = random.choice([name, "word/document.xml"])
    files[name] = what(files[name], _unzipped(other).get(name, b""), random)
    return zipped(files)


def _unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _place(content: bytes, random: Random) -> int:
    return random.randrange(max(len(content), 1))


def _flipped(content: bytes, _: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _i in range(random.choice([1, 3, 10, 100])):
        changed[_place(content, random)] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(content: bytes, _: bytes, random: Random) -> bytes:
    return content[: _place(content, random)]


def _holed(content: bytes, _: bytes, random: Random) -> bytes:
    begin, end = sorted([_place(content, random), _place(content, random)])
    return content[:begin] + content[end:]


def _doubled(content: bytes, _: bytes, random: Random) -> bytes:
    begin, end = sorted([_place(content, random), _place(content, random)])
    return content[:end] + content[begin:end] * random.choice([1, 5]) + content[end:]


def _spliced(content: bytes, other: bytes, random: Random) -> bytes:
    return content[: _place(content, random)] + other[_place(other, random) :]


def _shuffled(content: bytes, _: bytes, random: Random) -> bytes:
    lines = content.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines)


def _retold(content: bytes, _: bytes, random: Random) -> bytes:
    """Return the content with one number in it made huge, negative or none."""
    digits = [i for i, byte in enumerate(content) if 48 <= byte <= 57]
    if not digits:
        return content
    place = random.choice(digits)
    number = random.choice([b"99999999999999999999", b"-1", b"0", b"1e999", b""])
    return content[:place] + number + content[place + 1 :]


_HARMS = [_flipped, _cut, _holed, _doubled, _spliced, _shuffled, _retold]
