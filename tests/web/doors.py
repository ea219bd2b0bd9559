"""People with accounts, and browsers that sign in as a person would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests import factories
from tests.web.browser import Answer, Browser
from tracker import accounts, database
from tracker.members import Asker
from tracker.models import Deed, RecordEntry, Role
from tracker.web import attempts, sessions

PASSPHRASE = "a quiet mill pond in may"


def nobody_tried(patch: pytest.MonkeyPatch) -> None:
    """Have every count of tries begin anew, for one test."""
    for name in ("PASSPHRASES", "NETWORKS", "CODES", "CHOICES", "CHOICES_OF_A_HALL", "TAKEN"):
        kind: attempts.Attempts = getattr(attempts, name)
        patch.setattr(attempts, name, attempts.Attempts(kind.most, kind.seconds))


def add_account(
    sign_in_name: str = "vera",
    passphrase: str = PASSPHRASE,
    *,
    roles: Iterable[Role] = (Role.VOLUNTEER,),
    name: str = "Fictional Vera",
) -> int:
    """Add a member with an account and return the member's key."""
    account = accounts.prepared(name, sign_in_name, passphrase)
    with database.writing() as db:
        member = factories.member(db, roles, name=name)
        accounts.give(db, member.id, account, now=datetime.now(UTC))
        return member.id


def sign_in(
    browser: Browser, sign_in_name: str = "vera", passphrase: str = PASSPHRASE, **fields: str
) -> Answer:
    """Send the form of /sign-in."""
    return browser.post("/sign-in", sign_in_name=sign_in_name, passphrase=passphrase, **fields)


def who(browser: Browser) -> Asker | None:
    """Return whom the browser's session signs in, if anybody."""
    return sessions.member_with(browser.cookies.get(sessions.cookie_name()))


def deeds() -> list[tuple[Deed, int | None, int | None]]:
    """Return the record, oldest line first: the deed, who did it, and about whom."""
    with database.reading() as db:
        lines = db.scalars(select(RecordEntry).order_by(RecordEntry.id))
        return [(line.deed, line.member_id, line.about_id) for line in lines]
