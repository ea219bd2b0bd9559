"""Strings of `payloads`, put into every field that keeps or echoes text, and every page drawn."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from playwright.sync_api import expect
from sqlalchemy import select

from tests import factories
from tests.browser import halls
from tracker import accounts, database, invitations, members
from tracker.models import Group, Member, Role, Section
from tracker.web import access


def everywhere(hall: halls.Hall) -> None:
    """Put the strings everywhere, and draw whatever shows them."""
    set_up(hall)
    hall.visitor.open_link()
    for stage in STAGES:
        stage(hall)


# Plain pages --------------------------------------------------------------------------------------


def set_up(hall: halls.Hall) -> None:
    """Type each string as the first section's name; the zone is wrong, so nothing is set up."""
    hall.watch.field("set-up link: section")
    page = hall.visitor.page
    page.goto(hall.server.address + hall.server.link)
    for text in hall.strings:
        page.evaluate("() => document.querySelector('select').add(new Option('Nowhere'))")
        page.select_option("#time_zone", "Nowhere")
        typed = halls.fill(hall, "#section", text)
        halls.send(hall)
        hall.watch.look([typed])


def sign_in(hall: halls.Hall) -> None:
    """Type each string as sign-in name, and have it where one is to be led afterwards."""
    page = hall.visitor.page
    hall.visitor.context.clear_cookies()
    hall.watch.field("sign-in: name, ?next=")
    for text in hall.strings:
        page.goto(f"{hall.server.address}/sign-in?" + urlencode({"next": text}))
        hall.watch.look(count=1)
        typed = halls.fill(hall, "#sign_in_name", text)
        page.fill("#passphrase", "not the passphrase")
        halls.send(hall)
        hall.watch.look([typed])


def choosing(hall: halls.Hall, where: str, path: str) -> None:
    """Type each string as both names on a form that chooses an account; the passphrase is short."""
    hall.watch.field(where)
    page = hall.visitor.page
    page.goto(hall.server.address + path)
    for text in hall.strings:
        typed = [halls.fill(hall, field, text) for field in ("#name", "#sign_in_name")]
        page.fill("#passphrase", "short")
        if page.locator("#repeat").count():
            page.fill("#repeat", "short")
        halls.send(hall)
        assert page.locator(".problem").count()
        hall.watch.look(typed)


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
        halls.go(hall, "/invitations" if turn % 2 else "/account")
        name, sign_in_name, group_name, section_name = map(halls.typed, four)
        # Beside the navigation, and on the page itself.
        shown = [f"{name} · {group_name} · {section_name}", group_name, section_name]
        hall.watch.look(shown if turn % 2 else [*shown, sign_in_name], count=4)
    # The largest of those pages, where the last strings are to be chosen from.
    hall.watch.field("the same on every page of the table")
    for page in access.PAGES:
        hall.visitor.visit(page.path)
        hall.watch.look(count=4)


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
        hall.visitor.visit(f"/sections?{urlencode({'section': section.name})}")
        page.evaluate(halls.OPEN_ALL)
        hall.visitor.settle()
        hall.watch.look([*map(halls.typed, chunk), *domains])
        # Nobody is shown the addresses; the pages are drawn on which they would stand.
        hall.watch.field(f"e-mail addresses {number + 1}: /invitations, /record")
        for path in ("/invitations", "/record"):
            hall.visitor.visit(path)
            hall.watch.look(count=len(mails))


_EMAIL = "E-mail address (only if they come in by it)"
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
        for path in ("/log", "/progress", "/timeline", "/reports", "/my-letters"):
            hall.watch.field(f"texts of case {number + 1}: {path}")
            hall.visitor.visit(f"{path}?{urlencode({'action': slug})}")
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
            halls.go(hall, path, urlencode(dict.fromkeys(names, text)))
            hall.watch.look(count=len(names))


# Real forms ---------------------------------------------------------------------------------------


def typed_in(hall: halls.Hall) -> None:
    """Type every tenth string into the pages' own forms and press their buttons."""
    strings = hall.strings[::10]
    with database.writing() as db:
        section = members.add_section(db, halls.fresh("Section of forms"), "UTC")
        who = factories.member(db, (Role.VOLUNTEER, Role.COORDINATOR, Role.CASE_LEAD), of=section)
        member_id = who.id
    hall.sign_in_as(member_id)
    page = hall.visitor.page
    forms = (
        ("/account", "Your name, as others here see it", "Keep this name", "{}"),
        ("/sections", "New group", "Make this group", "{}"),
        ("/sections", "Domain", "Let this domain in", "{}" + _IN_DOMAIN),
        (
            "/invitations",
            "E-mail address (only if they come in by it)",
            "Make a link",
            "{}" + _AT_MAIL,
        ),
        ("/members", "Name", "Add", "{}"),
        ("/sections", "Name", "Save", "{}"),
    )
    for path, label, button, form in forms:
        hall.watch.field(f"typed: {path}, {label.partition(' (')[0]}")
        hall.visitor.visit(path)
        for text in strings:
            if form != "{}" and not _in_domain(text):
                continue
            page.evaluate(halls.OPEN_ALL)
            box = page.get_by_label(label, exact=True).first
            box.fill(" ".join(form.format(text).split()))
            page.get_by_role("button", name=button, exact=True).first.click()
            hall.visitor.settle()
            page.wait_for_timeout(300)  # no sign tells that a run is still to begin
            hall.visitor.settle()
            hall.watch.look(count=1)
            assert page.get_by_text("Something went wrong").count() == 0
    with database.reading() as db:
        assert db.get_one(Member, member_id).name == halls.typed(strings[-1])
        kept = set(db.scalars(select(Group.name).where(Group.section_id == section.id)))
        assert kept == {halls.typed(text) for text in strings}


STAGES = (addresses, sign_in, ways_in, own_names, lists, case_texts, typed_in)
"""What comes once the server is set up, in any order."""
