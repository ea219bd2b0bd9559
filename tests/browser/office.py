"""The program as a section has it after its first day: served to many tests, each with visitors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.visitor import Visitor
from tests.commands import CHECKOUT, free_port, process_environment
from tests.provider import Provider, providing
from tests.served import SERVE, Server, serving
from tracker import accounts, database, invitations, members, settings
from tracker.models import Role
from tracker.web import sessions

PASSPHRASE = "lantern gravel otter vineyard"
GROUP = "Group of the Old Mill (fictional)"
OTHER_GROUP = "Group of the New Mill (fictional)"


@dataclass(frozen=True)
class Office:
    """The program served to several tests, with somebody who keeps everything.

    Attributes:
        lead_id: the member who is case lead, coordinator and volunteer, in a group.
        cookie: that member's session.
    """

    server: Server
    provider: Provider
    lead_id: int
    cookie: str

    def member(self, name: str, sign_in_name: str) -> int:
        """Add a volunteer with an account to the lead's section, and return their key."""
        account = accounts.prepared(name, sign_in_name, PASSPHRASE)
        now = datetime.now(UTC)
        with database.writing() as db:
            lead = members.asker(db, self.lead_id)
            section = members.section_named(db, lead.section)
            member = members.add_member(db, section, [Role.VOLUNTEER], name=name, now=now)
            accounts.give(db, member.id, account, now=now)
            return member.id

    def fill(self) -> None:
        """Add people, an invitation and a join code, so that every list has something in it."""
        now = datetime.now(UTC)
        with database.writing() as db:
            lead = members.asker(db, self.lead_id)
            here = lead.section_id
            if any(group.name == OTHER_GROUP for group in members.groups(db, lead, here)):
                return  # for an earlier test
            for name in ("Anna", "Bea", "Carl", "Dora with a rather long name of her own"):
                members.add_without_account(
                    db, lead, here, lead.group_id, f"Fictional {name}", now=now
                )
            members.new_group(db, lead, here, OTHER_GROUP, now=now)
            invitations.invite(
                db, lead, here, lead.group_id, Role.VOLUNTEER, email="anna@letters.example", now=now
            )
            invitations.make_join_code(db, lead, 30, now=now)

    def ways_in(self) -> dict[str, str]:
        """Return a path for each kind of link: an invitation, a join code, a fresh link."""
        now = datetime.now(UTC)
        with database.writing() as db:
            lead = members.asker(db, self.lead_id)
            here = lead.section_id
            invited = invitations.invite(db, lead, here, lead.group_id, Role.VOLUNTEER, now=now)
            invitations.make_join_code(db, lead, 30, now=now)
            code = invitations.join_codes(db, lead, here, now=now)[0].code
            guest = members.add_without_account(db, lead, here, None, "Fictional Gusti", now=now)
            fresh = invitations.reset(db, lead, guest, now=now)
        return {
            "invitation": f"/invite/{invited}",
            "join": f"/join/{code}",
            "fresh-link": f"/passphrase/{fresh}",
        }

    def let_in(self, visitor: Visitor, member_id: int | None = None) -> Visitor:
        """Sign somebody in without the form: the lead, or that member. Tries are counted."""
        token = self.cookie
        if member_id is not None:
            with database.writing() as db:
                token = sessions.begin(db, member_id, now=datetime.now(UTC))
        cookie = {"name": sessions.cookie_name(), "value": token, "url": self.server.address}
        visitor.context.add_cookies([cookie])  # type: ignore[list-item]
        return visitor


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    """Yield the program with the real case, a case lead and an identity provider."""
    data = {"TRACKER_DATA_DIR": str(folder / "data")}
    with providing() as provider:
        env = process_environment(**data, TRACKER_PORT=str(free_port()), **provider.environment)
        with serving(SERVE, env=env, cwd=CHECKOUT) as server:
            cookie = server.sign_in().partition("=")[2]
            settings.use(settings.load(data))
            yield Office(server, provider, _with_a_group(), cookie)
    settings.use(None)


def _with_a_group() -> int:
    now = datetime.now(UTC)
    with database.writing() as db:
        first = members.first_case_lead(db)
        assert first is not None
        lead = members.asker(db, first.id)
        group = members.new_group(db, lead, first.section_id, GROUP, now=now)
        members.change_group(db, lead, first.id, group, now=now)
        return first.id


def send(page: Page, **fields: str) -> None:
    """Type into the fields of a plain page, by their names, and press its first button."""
    for name, text in fields.items():
        page.locator(f"[name={name}]").fill(text)
    with page.expect_navigation():
        page.locator("form[method=post] button[type=submit]").first.click()
