"""A case file (TOML) → a checked `CaseFile`. The format is described in docs/case-files.md.

A file that has a mistake is refused whole, with the file, the key or the line, and the reason.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Sized
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from tracker.models import ActionStatus, EventKind
from tracker.rules import Precision

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGES = frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)
"""The languages that a letter can be in: ISO 639-1 codes."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_LETTERS = 100_000_000
"""The largest goal: beyond it stands a slip of the finger, and soon the end of a column."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TOML_LINE = re.compile(r"line (\d+)")
_TOML_REASONS = {
    "Cannot": "the key stands twice",
    "Duplicate": "the key stands twice",
    "Invalid date": "there is no such date",
}


class CaseFileError(ValueError):
    """A case file has mistakes; `problems` lists them, each with key or line and reason."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for problem in problems))
        self.name = name
        self.problems = tuple(problems)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoughDate(_Table):
    """A date no more precise than its source has it."""

    day: date | None
    precision: Precision


class SpanEnd(_Table):
    """The end of a span; only its earliest end where `at_least`."""

    day: date
    at_least: bool


Values = TypeVar("Values", bound=Sized)

Problem = tuple[str, str]
"""A key, as seen from the table that has the mistake ("" for the table itself), and the reason."""


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        raise PydanticCustomError("mistakes", "mistakes", {"problems": found})


def _mistake(reason: str) -> PydanticCustomError:
    return PydanticCustomError("mistakes", "mistakes", {"problems": (("", reason),)})


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | list | dict) else str(value).lower()
    return text if len(text) <= 60 else f"{text[:57]}..."


# Values ---------------------------------------------------------------------------------------


def _day(value: object) -> date:
    day = value
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            raise _mistake(f"there is no day {value.strip()}") from None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise _mistake("must be a date like 2024-09-09")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _mistake(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _rough_date(value: object) -> RoughDate:
    if isinstance(value, RoughDate):
        return value
    text = str(value).strip() if isinstance(value, str | int) else ""
    if isinstance(value, date) or _DAY.fullmatch(text):
        return RoughDate(day=_day(value), precision=Precision.DAY)
    if text.startswith("before "):
        return RoughDate(day=_day(text.removeprefix("before ")), precision=Precision.BEFORE)
    if month := _MONTH.fullmatch(text):
        if not 1 <= int(month[1]) <= 12:
            raise _mistake(f"there is no month {text}")
        return RoughDate(day=_day(f"{text}-01"), precision=Precision.MONTH)
    if _YEAR.fullmatch(text):
        return RoughDate(day=_day(f"{text}-01-01"), precision=Precision.YEAR)
    raise _mistake('must be a date like 2021-09-19, "2021-09", "2021" or "before 2021-09-19"')


def _span_end(value: object) -> SpanEnd:
    if isinstance(value, SpanEnd):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith("at least "):
        return SpanEnd(day=_day(text.removeprefix("at least ")), at_least=True)
    if isinstance(value, date) or _DAY.fullmatch(text):
        return SpanEnd(day=_day(value), at_least=False)
    raise _mistake('must be a date like 2022-02-19 or "at least 2022-02-19"')


def _language(value: object) -> object:
    if isinstance(value, str) and value in LANGUAGES:
        return value
    raise _mistake(
        f"unknown language {_shown(value)}: a code of ISO 639-1 is needed, such as en or zh"
    )


def _code(kind: type[EventKind] | type[ActionStatus], what: str) -> BeforeValidator:
    def known(value: object) -> object:
        if isinstance(value, str) and value in list(kind):
            return kind(value)
        raise _mistake(f"unknown {what} {_shown(value)}: one of {', '.join(kind)} is needed")

    return BeforeValidator(known)


def _readable(text: str) -> str:
    # PostgreSQL stores no NUL, and a terminal obeys an escape: neither belongs in a text.
    for letter in text:
        if unicodedata.category(letter) == "Cc" and letter not in "\n\t":
            raise _mistake(f"has the control character U+{ord(letter):04X}")
    return text


def _one_line(text: str) -> str:
    if len(text.splitlines()) > 1:
        raise _mistake("must be one line")
    return text


def _at_most(characters: int) -> Callable[[str], str]:
    def short(text: str) -> str:
        if len(text) > characters:
            raise _mistake(f"is longer than {characters} characters")
        return text

    return short


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise _mistake("must be an e-mail address")
    return text


def _web_address(text: str) -> str:
    if not _WEB_ADDRESS.fullmatch(text):
        raise _mistake("must be an address that begins with https:// or http://")
    return text


def _not_empty(values: Values) -> Values:
    if not values:
        raise _mistake("is empty")
    return values


def _number(number: int) -> int:
    if not 1 <= number <= MOST_LETTERS:
        raise _mistake(f"must be a number from 1 to {MOST_LETTERS}")
    return number


Text = Annotated[
    StrictStr,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_readable),
]
OptionalText = Annotated[
    StrictStr, StringConstraints(strip_whitespace=True), AfterValidator(_readable)
]
Line = Annotated[Text, AfterValidator(_one_line)]
OptionalLine = Annotated[OptionalText, AfterValidator(_one_line)]
Slug = Annotated[StrictStr, StringConstraints(pattern=SLUG), AfterValidator(_at_most(80))]
Day = Annotated[date, BeforeValidator(_day)]
Language = Annotated[str, BeforeValidator(_language)]
Number = Annotated[StrictInt, AfterValidator(_number)]


# Tables ---------------------------------------------------------------------------------------


class PersonInFile(_Table):
    """`[[people]]`: a person at risk."""

    name: Line
    other_names: tuple[Line, ...] = ()
    pronouns: OptionalLine = ""
    description: OptionalText = ""


class TargetInFile(_Table):
    """`[[targets]]`: an official to write to."""

    name: Line
    role: OptionalLine = ""
    institution: OptionalLine = ""
    address: tuple[Line, ...] = ()
    salutation: OptionalLine = ""
    email: Annotated[Line, AfterValidator(_email)] | None = None
    fax: Line | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.address and self.email is None:
            raise _mistake(f"{self.name} has neither a postal address nor an e-mail")
        return self


class EventInFile(_Table):
    """`[[events]]`: something that happened; without `date` where no date is known."""

    kind: Annotated[EventKind, _code(EventKind, "event kind")]
    date: Annotated[RoughDate, BeforeValidator(_rough_date)] = RoughDate(
        day=None, precision=Precision.NONE
    )
    until: Annotated[SpanEnd, BeforeValidator(_span_end)] | None = None
    people: Annotated[frozenset[Line], AfterValidator(_not_empty)]
    event: Text
    source: Text

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        began = self.date.day
        if self.until is not None and (began is None or self.until.day < began):
            _refuse([("until", "comes before date" if began else "needs a date")])
        return self


class ActionTargetInFile(_Table):
    """`[[urgent_actions.targets]]`: whom this urgent action asks to write to, and in what order."""

    name: Line
    priority: Number
    reason: OptionalText = ""
    goal: Number | None = None


def _by_priority(targets: tuple[ActionTargetInFile, ...]) -> tuple[ActionTargetInFile, ...]:
    return tuple(sorted(targets, key=lambda target: target.priority))


class ActionInFile(_Table):
    """`[[urgent_actions]]`: one published call; what the document does not say is left out."""

    slug: Slug
    title: Line
    number: Annotated[Line, AfterValidator(_at_most(40))] | None = None
    index: Annotated[Line, AfterValidator(_at_most(60))] | None = None
    issued_on: Day
    deadline: Day | None = None
    after_deadline: OptionalText = ""
    languages: Annotated[tuple[Language, ...], AfterValidator(_not_empty)]
    own_language: StrictBool = False
    asks: Annotated[tuple[Text, ...], AfterValidator(_not_empty)]
    target_advice: OptionalText = ""
    goal: Number | None = None
    previous_url: Annotated[Line, AfterValidator(_web_address)] | None = None
    source: Text
    status: Annotated[ActionStatus, _code(ActionStatus, "status")] = ActionStatus.OPEN
    targets: Annotated[
        tuple[ActionTargetInFile, ...], AfterValidator(_not_empty), AfterValidator(_by_priority)
    ]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        _refuse(self._contradictions())
        return self

    def _contradictions(self) -> Iterator[Problem]:
        if self.deadline is not None and self.deadline < self.issued_on:
            yield "deadline", "comes before issued_on"
        for code in _repeated(self.languages):
            yield "languages", f"{code} stands twice"
        for priority in _repeated(target.priority for target in self.targets):
            yield "targets", f"priority {priority} is given twice"
        for name in _repeated(target.name for target in self.targets):
            yield "targets", f"{name} stands twice"
        own_goals = sum(target.goal or 0 for target in self.targets)
        if self.goal is None and own_goals:
            yield "goal", "is missing: a target has a goal of its own"
        if self.goal is not None and own_goals > self.goal:
            yield "goal", f"is less than the goals of its targets together, {own_goals}"


class CaseFile(_Table):
    """A whole case file."""

    slug: Slug
    title: Line
    country: OptionalLine = ""
    summary: OptionalText = ""
    fictional: StrictBool = False
    people: Annotated[tuple[PersonInFile, ...], AfterValidator(_not_empty)]
    targets: tuple[TargetInFile, ...]
    events: tuple[EventInFile, ...] = ()
    urgent_actions: tuple[ActionInFile, ...] = ()

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        _refuse(self._contradictions())
        return self

    def _contradictions(self) -> Iterator[Problem]:
        people = [person.name for person in self.people]
        targets = [target.name for target in self.targets]
        for what, names in (("people", people), ("targets", targets)):
            for name in _repeated(names):
                yield what, f"{name} stands twice"
        for place, event in enumerate(self.events, 1):
            for name in sorted(event.people.difference(people)):
                yield f"events[{place}].people", f"{name} is not one of the people"
        for place, action in enumerate(self.urgent_actions, 1):
            for chosen in action.targets:
                if chosen.name not in targets:
                    yield (
                        f"urgent_actions[{place}].targets",
                        f"{chosen.name} is not one of the targets",
                    )
        for slug in _repeated(action.slug for action in self.urgent_actions):
            yield "urgent_actions", f"slug {slug} stands twice"


# Reading --------------------------------------------------------------------------------------


def read(path: Path) -> CaseFile:
    """Return the case that a file describes.

    Raises:
        CaseFileError: the file cannot be read, is no TOML, or says something that cannot be.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CaseFileError(path.name, [f"cannot be read: {error.strerror}"]) from None
    try:
        # Some editors begin a file with a byte-order mark; it says nothing.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CaseFileError(path.name, [f"line {line}: is not text in UTF-8"]) from None
    return parse(text, path.name)


def parse(text: str, name: str) -> CaseFile:
    """Return the case that the text of a case file describes; `name` stands in the problems.

    Raises:
        CaseFileError: the text is no TOML, or says something that cannot be.
    """
    table = _table(text, name)
    if not table:
        raise CaseFileError(name, ["is empty"])
    try:
        return CaseFile.model_validate(table)
    except ValidationError as error:
        problems = [problem for found in error.errors() for problem in _problems(found)]
        raise CaseFileError(name, problems) from None


def _table(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # tomllib says the line in its message only, and not where the text ends too early.
        reason, _, place = str(error).partition(" (at ")
        found = _TOML_LINE.match(place)
        line = found[1] if found else text.rstrip("\n").count("\n") + 1
        said = f"is not TOML: {reason[:1].lower()}{reason[1:]}"
        for beginning, plain in _TOML_REASONS.items():
            if reason.startswith(beginning):
                said = plain
        raise CaseFileError(name, [f"line {line}: {said}"]) from None
    except ValueError:
        # Python reads no number of more than a few thousand digits.
        raise CaseFileError(name, ["has a number that is too long"]) from None
    except RecursionError:
        raise CaseFileError(name, ["has lists or tables nested too deep"]) from None


def _problems(found: ErrorDetails) -> Iterator[str]:
    table = _key(found["loc"])
    for key, reason in found.get("ctx", {}).get("problems", [("", _reason(found))]):
        where = ".".join(part for part in (table, key) if part)
        yield f"{where}: {reason}" if where else reason


def _key(place: Iterable[str | int]) -> str:
    """Return where a mistake stands, as a person would say it: `events[3].date` for the third."""
    key = ""
    for part in place:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        else:
            plain = part if _PLAIN_KEY.fullmatch(part) else _shown(part)
            key += f".{plain}" if key else plain
    return key


def _reason(found: ErrorDetails) -> str:
    tables = ".".join(part for part in found["loc"] if isinstance(part, str))
    reasons = {
        "bool_type": "must be true or false",
        "extra_forbidden": "unknown key",
        "frozen_set_type": "must be a list in square brackets",
        "int_type": "must be a whole number",
        "missing": "is missing",
        "model_type": "must be a table with keys",
        "string_pattern_mismatch": "must be small letters, digits and single hyphens",
        "string_too_short": "is empty",
        "string_type": "must be text in quotation marks",
        "tuple_type": f"must be tables that each begin with [[{tables}]]"
        if tables in _TABLES
        else "must be a list in square brackets",
    }
    return reasons.get(found["type"], "is not what belongs here")


_TABLES = {"people", "targets", "events", "urgent_actions", "urgent_actions.targets"}


def _repeated(values: Iterable[Hashable]) -> list[Hashable]:
    return [value for value, times in Counter(values).items() if times > 1]
