"""Why an account, or a change of one, is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class AccountProblem(StrEnum):
    """What stands against one field; web/labels.py words it."""

    NO_NAME = "no-name"
    LONG_NAME = "long-name"
    NO_SIGN_IN_NAME = "no-sign-in-name"
    LONG_SIGN_IN_NAME = "long-sign-in-name"
    TAKEN = "taken"
    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    DIFFERS = "differs"
    WRONG_PASSPHRASE = "wrong-passphrase"  # noqa: S105  (a reason, no password)
    WRONG_CODE = "wrong-code"
    DEMANDED = "demanded"


class AccountRefused(ValueError):
    """Something about an account cannot be as asked, and nothing was changed.

    Attributes:
        problems: what stands against which field, all at once: "name", "sign_in_name",
            "passphrase", "repeat", "current", "code".
    """

    def __init__(self, problems: Mapping[str, AccountProblem]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = dict(problems)
