"""Strings of `payloads`, put into every field that keeps or echoes text, and every page drawn."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import expect
from sqlalchemy import select

from tests import factories
from tests.browser import halls
from tracker import accounts, database, invitations, members
from tracker.models import Group, Invitation, Member, Role, Section
from tracker.web import access


def everywhere(hall: halls.Hall) -> None:
    """Put the strings everywhere, and draw whatever shows them."""
    set_up(hall)
    hall.visitor.open_link()
    for stage in STAGES:
        stage(hall)


_NO_ZONE = """() => {
    const zones = document.getElementById('time_zone');
    zones.add(new Option('Nowhere', 'Nowhere', true, true));
}"""


# Plain pages --------------------------------------------------------------------------------------


def set_up(hall: halls.Hall) -> None:
    """Type each string as the first section's name; the zone is wrong, so nothing is set up."""
    hall.watch.field("set-up link: section")
    page = hall.visitor.page
    page.goto(hall.server.address + hall.server.link)
    for text in hall.strings:
        page.evaluate(_NO_ZONE)
        hall.watch.look(halls.send(hall, text, "section", status=422))


def sign_in(hall: halls.Hall) -> None:
    """Type each string as sign-in name, and have it where one is to be led afterwards."""
    page = hall.visitor.page
    hall.visitor.context.clear_cookies()
    hall.watch.field("sign-in: name, ?next=")
    for text in hall.strings:
        page.goto(f"{hall.server.address}/sign-in?" + urlencode({"next": text}))
        hall.watch.look(count=1)
        hall.watch.look(halls.send(hall, text, "sign_in_name", status=401))


def choosing(hall: halls.Hall, where: str, path: str) -> None:
    """Type each string as both names on a form that chooses an account; the passphrase is short."""
    hall.watch.field(where)
    hall.visitor.page.goto(hall.server.address + path)
    for text in hall.strings:
        hall.watch.look(halls.send(hall, text, "name", "sign_in_name", status=422))


def ways_in(hall: halls.Hall) -> None:
    """Type the strings behind an invitation, a join code, a fresh link and at /account."""
    with database.writing() as db:
        now = datetime.now(UTC)
        section = factories.section(db)
        group = factories.group(db, section)
        host = factories.asker(
            db, (Role.COORDINATOR,), of=section, in_group=group, name="Fictional Hosta", today=None
        )
        token = invitations.invite(db, host, section.id, group.id, Role.VOLUNTEER, now=now)
        invitations.make_join_code(db, host, 10, now=now)
        db.flush()
        code = invitations.join_codes(db, host, section.id, now=now)[0].code
        guest = factories.member(db, of=section, name="Fictional Guesta")
        fresh = invitations.reset(db, host, guest.id, now=now)
        host_id = host.member_id
    hall.visitor.context.clear_cookies()
    choosing(hall, "invitation: names", f"/invite/{token}")
    choosing(hall, "join code: names", f"/join/{code}")
    choosing(hall, "fresh link: names", f"/passphrase/{fresh}")
    assert host_id is not None
    hall.sign_in_as(host_id)
    choosing(hall, "/account/passphrase: names", "/account/passphrase")
    hall.watch.field("/reports/with-names: its query")
    for text in hall.strings:
        query = urlencode(dict.fromkeys(("action", "section", "from", "to"), text))
        hall.visitor.page.goto(f"{hall.server.address}/reports/with-names?{query}")
        hall.watch.look(count=4)


# Names in the database ----------------------------------------------------------------------------


def own_names(hall: halls.Hall) -> None:
    """Give one member, their group and their section each string, and draw what says them."""
    with database.writing() as db:
        section = members.add_section(db, halls.fresh("Section of names"), "UTC")
        group = members.add_group(db, section, "Group of names (fictional)")
        roles = (Role.VOLUNTEER, Role.COORDINATOR, Role.CASE_LEAD)
        who = factories.asker(db, roles, of=section, in_group=group, today=None)
        invitations.make_join_code(db, who, 10, now=datetime.now(UTC))
        place = (who.member_id, section.id, group.id)
    assert who.member_id is not None
    token = hall.sign_in_as(who.member_id)
    hall.watch.field("own, group's, section's, sign-in name: /account")
    hall.visitor.visit("/log")
    strings = hall.strings
    for turn, text in enumerate(strings):
        four = (text, *(strings[(turn + more) % len(strings)] for more in (1, 2, 3)))
        _rename(place, four, token)
        hall.visitor.go("/invitations" if turn % 2 else "/account")
        name, sign_in_name, group_name, section_name = map(halls.typed, four)
        # Beside the navigation, and on the page itself.
        shown = [f"{name} · {group_name} · {section_name}", group_name, section_name]
        hall.watch.look(shown if turn % 2 else [*shown, sign_in_name], count=4)
    # The largest of those pages, where the last strings are to be chosen from.
    hall.watch.field("the same on every page of the table")
    for page in access.PAGES:
        hall.visitor.go(page.path)
        hall.watch.look(count=4)
    # Other strings may be the last ones, as names are compared: nobody is to have those for good.
    _rename(place, [halls.fresh("Name")] * 4, token)


def _rename(place: tuple[int | None, int, int], four: Sequence[str], token: str) -> None:
    member_id, section_id, group_id = place
    name, sign_in_name, group_name, section_name = four
    now = datetime.now(UTC)
    with database.writing() as db:
        assert member_id is not None
        account = accounts.Account(
            name=accounts.display_name(name),
            sign_in_name=accounts.display_name(sign_in_name),
            kept="no hash",
        )
        accounts.give(db, member_id, account, now=now, keep_token=token)
        asker = members.asker(db, member_id)
        group, section = db.get_one(Group, group_id), db.get_one(Section, section_id)
        members.rename_group(db, asker, group_id, version=group.version, name=group_name, now=now)
        members.change_section(
            db,
            asker,
            section_id,
            version=section.version,
            name=section_name,
            time_zone="UTC",
            late_rule=section.late_rule,
            late_until=None,
            retention_days=section.retention_days,
            now=now,
        )


def lists(hall: halls.Hall) -> None:
    """Put the strings into lists of members, groups, invitations and domains, and draw those."""
    now = datetime.now(UTC)
    for number, chunk in enumerate(hall.chunks()):
        with database.writing() as db:
            section = members.add_section(db, halls.fresh("Section of lists"), "UTC")
            keeper = factories.asker(
                db, (Role.VOLUNTEER, Role.COORDINATOR, Role.CASE_LEAD), of=section, today=None
            )
            for text in chunk:
                group = members.new_group(db, keeper, section.id, text, now=now)
                members.add_without_account(db, keeper, section.id, group, text, now=now)
            mails = [text for text in chunk if _in_mail(text)]
            for text in mails:
                invitations.invite(
                    db, keeper, section.id, None, Role.VOLUNTEER, email=text + _AT_MAIL, now=now
                )
            # Strings that differ in capitals alone are one domain.
            known = {mapped.domain for mapped in invitations.domains(db, keeper)}
            domains = {f"{text}{_IN_DOMAIN}".casefold() for text in chunk if _in_domain(text)}
            for domain in domains - known:
                invitations.map_domain(db, keeper, domain, section.id, now=now)
        assert keeper.member_id is not None
        hall.sign_in_as(keeper.member_id)
        page = hall.visitor.page
        hall.watch.field(f"members, groups {number + 1}: /members")
        hall.visitor.visit(f"/members?{urlencode({'section': section.name})}")
        page.get_by_role("button", name="Show names").click()
        expect(page.get_by_role("button", name="Hide names")).to_be_visible()
        hall.visitor.settle()
        hall.watch.look([halls.typed(text) for text in chunk] * 2)
        halls.choose_first(hall)
        hall.watch.look(count=0)
        hall.watch.field(f"groups, domains {number + 1}: /sections")
        hall.visitor.go(f"/sections?{urlencode({'section': section.name})}")
        page.evaluate(halls.OPEN_ALL)
        hall.visitor.settle()
        hall.watch.look([*map(halls.typed, chunk), *domains])
        # Nobody is shown the addresses; the pages are drawn on which they would stand.
        hall.watch.field(f"e-mail addresses {number + 1}: /invitations, /record")
        for path in ("/invitations", "/record"):
            hall.visitor.go(path)
            hall.watch.look(count=len(mails))


_AT_MAIL, _IN_DOMAIN = "@letters.example", ".letters.example"


def _in_mail(text: str) -> bool:
    return not any(sign.isspace() or sign == "@" for sign in text)


def _in_domain(text: str) -> bool:
    return _in_mail(text) and all(text.split("."))


# Cases --------------------------------------------------------------------------------------------


def case_texts(hall: halls.Hall) -> None:
    """Put the strings into every text of a case, one case a page's worth, and draw it."""
    for number, chunk in enumerate(hall.chunks()):
        with database.writing() as db:
            section = factories.section(db)
            writer = factories.asker(db, of=section, today=None)
            # Case files take no control characters but the ends of lines.
            action = factories.action(db, _case_file([text.replace("\r", "") for text in chunk]))
            factories.log(db, writer, action, factories.details(date(2025, 3, 3)))
            slug = action.slug
        assert writer.member_id is not None
        hall.sign_in_as(writer.member_id)
        query = urlencode({"action": slug})
        hall.visitor.visit(f"/account?{query}")
        for path in ("/log", "/progress", "/timeline", "/reports", "/my-letters"):
            hall.watch.field(f"texts of case {number + 1}: {path}")
            hall.visitor.go(f"{path}?{query}")
            page = hall.visitor.page
            page.evaluate(halls.OPEN_ALL)
            hall.visitor.settle()
            hall.watch.look(chunk if path in {"/log", "/timeline"} else (), count=len(chunk))
            if path == "/my-letters":
                page.get_by_role("button", name="Correct").first.click()
                page.get_by_role("button", name="Leave as it was").wait_for()
            halls.choose_first(hall)
            hall.watch.look(count=0)


def _case_file(strings: Sequence[str]) -> str:
    """Return a case file with each string in every text that a case has."""
    lines = [" ".join(text.split()) for text in strings]
    slug = f"smuggled-{secrets.token_hex(3)}"
    kinds = ("detention", "trial", "health", "statement", "other")
    tables = [
        _table("", slug=slug, title=" ".join(lines), country=lines[0],
               summary="\n".join(strings), fictional=True),
        *(
            _table("[[people]]", name=line, other_names=[f"{line} again"], pronouns=line,
                   description=line)
            for line in lines
        ),
        *(
            _table("[[targets]]", name=line, role=line, institution=line, address=[line, line],
                   salutation=line, fax=line)
            for line in lines
        ),
        *(
            _table("[[events]]", kind=kinds[place % len(kinds)], people=[line], event=text,
                   source=text, date=f"2024-{place % 12 + 1:02}-11")
            for place, (line, text) in enumerate(zip(lines, strings, strict=True))
        ),
        _table("[[urgent_actions]]", slug=f"{slug}-2025", title=" ".join(lines),
               number=lines[0][:40], index=lines[0][:60], issued_on="2025-02-03",
               deadline="2025-06-30", after_deadline="\n".join(strings), languages=["en"],
               asks=list(strings), target_advice="\n".join(strings), source=lines[0], goal=1000,
               previous_url="https://elsewhere.example/a)[x](javascript:alert(1))"),
        *(
            _table("[[urgent_actions.targets]]", name=line, priority=place, reason=text)
            for place, (line, text) in enumerate(zip(lines, strings, strict=True), 1)
        ),
    ]  # fmt: skip
    return "\n".join(tables)


def _table(head: str, **values: object) -> str:
    # What JSON writes, TOML reads.
    return "\n".join([head, *(f"{key} = {json.dumps(value)}" for key, value in values.items())])


# Addresses ----------------------------------------------------------------------------------------


def addresses(hall: halls.Hall) -> None:
    """Put each string into what pages read of their addresses."""
    with database.reading() as db:
        first = members.first_case_lead(db)
    assert first is not None
    hall.sign_in_as(first.id)
    hall.watch.field("?action= ?for= ?entry= ?section= ?done= of pages")
    hall.visitor.visit("/log")
    names = ("action", "for", "entry", "section", "done", "page")
    for text in hall.strings:
        for path in ("/members", "/account", "/log"):
            hall.visitor.go(f"{path}?{urlencode(dict.fromkeys(names, text))}")
            hall.watch.look(count=len(names))


# Real forms ---------------------------------------------------------------------------------------


_FORMS = (
    ("/sections", "Name", "Save", "{}"),
    ("/sections", "Domain", "Let this domain in", "{}.typed.test"),
    ("/invitations", "E-mail address (only if they come in by it)", "Make a link", "{}@typed.test"),
    ("/account", "Your name, as others here see it", "Keep this name", "{}"),
    ("/members", "Name", "Add", "{}"),
    ("/sections", "Name", "Rename", "{}"),
    ("/sections", "Name", "Make this section", "{}"),
    ("/sections", "New group", "Make this group", "{}"),
)  # fmt: skip
"""Each form with a field for text: its page, that field, its button, what is typed."""


def typed_in(hall: halls.Hall) -> None:
    """Type each string into one of the pages' own forms, in turn, and press its button."""
    with database.writing() as db:
        section = members.add_section(db, halls.fresh("Section of forms"), "UTC")
        roles = (Role.VOLUNTEER, Role.COORDINATOR, Role.CASE_LEAD)
        who = factories.asker(db, roles, of=section, today=None)
        members.new_group(db, who, section.id, "Group of forms", now=datetime.now(UTC))
        here = section.id
    assert who.member_id is not None
    hall.sign_in_as(who.member_id)
    hall.visitor.visit("/log")
    # First those that may be part of a domain: few strings are enough for each form to take one.
    strings = sorted(hall.strings, key=_in_domain, reverse=True)
    kept: dict[str, list[str]] = {}
    for place, (path, label, button, form) in enumerate(_FORMS):
        hall.watch.field(f"typed: {path}, {label.partition(',')[0].partition(' (')[0]}: {button}")
        if path != urlsplit(hall.visitor.page.url).path:
            hall.visitor.go(path)
        for text in strings[place :: len(_FORMS)]:
            halls.press(hall, label, form.format(" ".join(text.split())), button)
            hall.watch.look(count=1)
            if form == "{}" or _in_domain(text):
                kept.setdefault(button, []).append(form.format(halls.typed(text)))
    with database.reading() as db:
        there = select(Member).where(Member.section_id == here)
        assert {member.name for member in db.scalars(there)} == {
            kept["Keep this name"][-1], *kept["Add"]
        }  # fmt: skip
        groups = db.scalars(select(Group.name).where(Group.section_id == here))
        assert set(groups) == {kept["Rename"][-1], *kept["Make this group"]}
        sections = db.scalars(select(Section.name))
        assert set(sections) >= {kept["Save"][-1], *kept["Make this section"]}
        domains = {mapped.domain for mapped in invitations.domains(db, who)}
        assert domains >= {text.casefold() for text in kept["Let this domain in"]}
        sent = db.scalars(select(Invitation).where(Invitation.section_id == here))
        assert {one.email for one in sent} >= {text.casefold() for text in kept["Make a link"]}


STAGES = (addresses, sign_in, ways_in, own_names, lists, case_texts, typed_in)
"""What comes once the server is set up, in any order."""
