"""Why a member cannot be added or changed as asked."""

from __future__ import annotations

from enum import StrEnum


class PersonProblem(StrEnum):
    """Why a member cannot be added or changed as asked."""

    NO_NAME = "no-name"
    LONG_NAME = "long-name"
    ONESELF = "oneself"
    LAST_CASE_LEAD = "last-case-lead"
    DISABLED = "disabled"


class PersonRefused(ValueError):
    """A member cannot be added or changed as asked; `reason` says why."""

    def __init__(self, reason: PersonProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason
