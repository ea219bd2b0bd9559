"""A case file (TOML) → a checked `CaseFile`. The format is described in docs/case-files.md.

A file that has a mistake is refused whole, with the file, the key or the line, and the reason.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
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

_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_YEAR = re.compile(r"^\d{4}$")


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


def _mistake(text: str) -> PydanticCustomError:
    # Braces would be read as placeholders.
    return PydanticCustomError("case_file", text.replace("{", "(").replace("}", ")"))


def _rough_date(value: object) -> object:
    if isinstance(value, RoughDate):
        return value
    if isinstance(value, date):
        return RoughDate(day=value, precision=Precision.DAY)
    text = str(value).strip() if isinstance(value, str | int) else ""
    try:
        if text.startswith("before "):
            return RoughDate(
                day=date.fromisoformat(text.removeprefix("before ")), precision=Precision.BEFORE
            )
        if month := _MONTH.match(text):
            return RoughDate(day=date(int(month[1]), int(month[2]), 1), precision=Precision.MONTH)
        if _YEAR.match(text):
            return RoughDate(day=date(int(text), 1, 1), precision=Precision.YEAR)
    except ValueError:
        pass
    raise _mistake('must be a date like 2021-09-19, "2021-09", "2021" or "before 2021-09-19"')


def _span_end(value: object) -> object:
    if isinstance(value, SpanEnd):
        return value
    if isinstance(value, date):
        return SpanEnd(day=value, at_least=False)
    if isinstance(value, str) and value.startswith("at least "):
        try:
            return SpanEnd(day=date.fromisoformat(value.removeprefix("at least ")), at_least=True)
        except ValueError:
            pass
    raise _mistake('must be a date like 2022-02-19 or "at least 2022-02-19"')


def _language(value: object) -> object:
    if value in LANGUAGES:
        return value
    raise _mistake(f"unknown language {value!r}: a code of ISO 639-1 is needed, such as en or zh")


def _code(kind: type[EventKind] | type[ActionStatus], what: str) -> BeforeValidator:
    def known(value: object) -> object:
        if value in {member.value for member in kind}:
            return kind(value)
        raise _mistake(f"unknown {what} {value!r}: one of {', '.join(kind)} is needed")

    return BeforeValidator(known)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Language = Annotated[str, BeforeValidator(_language)]


class PersonInFile(_Table):
    """`[[people]]`: a person at risk."""

    name: Text
    other_names: tuple[Text, ...] = ()
    pronouns: OptionalText = ""
    description: OptionalText = ""


class TargetInFile(_Table):
    """`[[targets]]`: an official to write to."""

    name: Text
    role: OptionalText = ""
    institution: OptionalText = ""
    address: tuple[Text, ...] = ()
    salutation: OptionalText = ""
    email: Text | None = None
    fax: Text | None = None

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
    people: frozenset[Text]
    event: Text
    source: Text

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        began = self.date.day
        if self.until is not None and (began is None or self.until.day < began):
            raise _mistake("until comes before date" if began else "until needs a date")
        return self


class ActionTargetInFile(_Table):
    """`[[urgent_actions.targets]]`: whom this urgent action asks to write to, and in what order."""

    name: Text
    priority: int
    reason: OptionalText = ""
    goal: int | None = None


def _by_priority(targets: tuple[ActionTargetInFile, ...]) -> tuple[ActionTargetInFile, ...]:
    return tuple(sorted(targets, key=lambda target: target.priority))


class ActionInFile(_Table):
    """`[[urgent_actions]]`: one published call; what the document does not say is left out."""

    slug: Slug
    title: Text
    number: Text | None = None
    index: Text | None = None
    issued_on: date
    deadline: date | None = None
    after_deadline: OptionalText = ""
    languages: tuple[Language, ...]
    own_language: bool = False
    asks: tuple[Text, ...]
    target_advice: OptionalText = ""
    goal: int | None = None
    previous_url: Text | None = None
    source: Text
    status: Annotated[ActionStatus, _code(ActionStatus, "status")] = ActionStatus.OPEN
    targets: Annotated[tuple[ActionTargetInFile, ...], AfterValidator(_by_priority)]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.deadline is not None and self.deadline < self.issued_on:
            raise _mistake("deadline comes before issued_on")
        for what, number in _numbers(self):
            if number < 1:
                raise _mistake(f"{what} must be 1 or more")
        for priority in _repeated(target.priority for target in self.targets):
            raise _mistake(f"priority {priority} is given twice")
        for name in _repeated(target.name for target in self.targets):
            raise _mistake(f"target {name} is named twice")
        return self


class CaseFile(_Table):
    """A whole case file."""

    slug: Slug
    title: Text
    country: OptionalText = ""
    summary: OptionalText = ""
    fictional: bool = False
    people: tuple[PersonInFile, ...]
    targets: tuple[TargetInFile, ...]
    events: tuple[EventInFile, ...] = ()
    urgent_actions: tuple[ActionInFile, ...] = ()

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        people = [person.name for person in self.people]
        targets = [target.name for target in self.targets]
        if not people:
            raise _mistake("people: a case needs at least one person")
        for what, names in (("people", people), ("targets", targets)):
            for name in _repeated(names):
                raise _mistake(f"{what}: {name} stands twice")
        for place, event in enumerate(self.events, 1):
            for name in sorted(event.people):
                if name not in people:
                    raise _mistake(f"events[{place}].people: {name} is not one of the people")
        for place, action in enumerate(self.urgent_actions, 1):
            for target in action.targets:
                if target.name not in targets:
                    raise _mistake(
                        f"urgent_actions[{place}].targets: {target.name} is not one of the targets"
                    )
        for slug in _repeated(action.slug for action in self.urgent_actions):
            raise _mistake(f"urgent_actions: slug {slug} stands twice")
        return self


def read(path: Path) -> CaseFile:
    """Return the case that a file describes.

    Raises:
        CaseFileError: the file cannot be read, is no TOML, or says something that cannot be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CaseFileError(path.name, ["is not a text in UTF-8"]) from None
    except OSError as error:
        raise CaseFileError(path.name, [f"cannot be read: {error.strerror}"]) from None
    return parse(text, path.name)


def parse(text: str, name: str) -> CaseFile:
    """Return the case that the text of a case file describes; `name` stands in the problems.

    Raises:
        CaseFileError: the text is no TOML, or says something that cannot be.
    """
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseFileError(name, [str(error)]) from None
    try:
        return CaseFile.model_validate(table)
    except ValidationError as error:
        raise CaseFileError(name, [_problem(found) for found in error.errors()]) from None


def _problem(found: ErrorDetails) -> str:
    reasons = {
        "extra_forbidden": "unknown key",
        "missing": "is missing",
        "string_too_short": "is empty",
        "string_pattern_mismatch": "must be small letters, digits and single hyphens",
    }
    key = ""
    for part in found["loc"]:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if key else str(part)
    reason = reasons.get(found["type"], found["msg"])
    return f"{key}: {reason}" if key else reason


def _numbers(action: ActionInFile) -> Iterator[tuple[str, int]]:
    if action.goal is not None:
        yield "goal", action.goal
    for target in action.targets:
        yield f"the priority of {target.name}", target.priority
        if target.goal is not None:
            yield f"the goal of {target.name}", target.goal


def _repeated(values: Iterable[Hashable]) -> list[Hashable]:
    return [value for value, times in Counter(values).items() if times > 1]
