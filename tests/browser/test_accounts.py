"""Accounts in a real browser: coming in, bringing others in, and being let in no more."""

from __future__ import annotations

import csv
import io
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.office import GROUP, PASSPHRASE, send
from tests.browser.test_true_path import RUI
from tests.browser.visitor import Visitor
from tracker import accounts, database, invitations, members
from tracker.members import pseudonym

pytestmark = pytest.mark.browser


def sign_in_by_keys(visitor: Visitor, name: str) -> None:
    """Sign in as whoever uses no mouse does."""
    page = visitor.page
    page.goto(visitor.served.address + "/sign-in")
    type_in(page, "sign_in_name", name)
    page.keyboard.press("Tab")
    type_in(page, "passphrase", PASSPHRASE)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_in(page: Page, name: str, text: str) -> None:
    """Type into the field of that name, in which the cursor stands already."""
    page.locator(f"[name={name}]:focus").wait_for()
    page.keyboard.type(text)


def is_at(visitor: Visitor, path: str) -> bool:
    """Return whether that is what the browser shows now."""
    return urlsplit(visitor.page.url).path == path


def sign_out(visitor: Visitor) -> None:
    """Press "Sign out" beside the navigation, which a phone hides."""
    button = visitor.page.get_by_role("button", name="Sign out")
    if not button.is_visible() or visitor.page.viewport_size["width"] < 640:  # type: ignore[index]
        visitor.page.get_by_test_id("stExpandSidebarButton").click()
    button.click()


def test_from_the_set_up_link_to_a_second_step(real_case, sit_down, size):
    visitor = sit_down(real_case, size=size)
    page = visitor.page
    visitor.open_link()
    visitor.visit("/account")
    page.get_by_role("link", name="Choose a passphrase").click()
    page.wait_for_url("**/account/passphrase")
    names = {"name": "Fictional Lea", "sign_in_name": "lea"}
    send(page, **names, passphrase="short", repeat="shorter")
    expect(page.get_by_text("A passphrase has at least 12 characters.")).to_be_visible()
    assert page.locator("[name=name]").input_value() == "Fictional Lea"
    send(page, passphrase=PASSPHRASE, repeat=PASSPHRASE)
    visitor.settle()
    expect(page.get_by_text("Your passphrase is kept.")).to_be_visible()

    sign_out(visitor)
    expect(page.get_by_role("heading", name="Please sign in")).to_be_visible()
    sign_in_by_keys(visitor, "LEA ")  # as telephones write it
    assert is_at(visitor, "/log")

    page.goto(real_case.address + "/account/second-step")
    telephone = pyotp.TOTP(page.locator(".codes").inner_text().replace(" ", ""))
    send(page, code=telephone.now(), current=PASSPHRASE)
    kept = page.locator(".codes li").all_inner_texts()
    assert len(kept) == 10

    visitor.context.clear_cookies()
    sign_in_by_keys(visitor, "lea")
    assert is_at(visitor, "/sign-in/code")
    type_in(page, "code", "no code")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("This code does not open the account")).to_be_visible()
    type_in(page, "code", telephone.at(int(time.time()) + 30))  # the one before was used
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert is_at(visitor, "/log")

    visitor.context.clear_cookies()
    sign_in_by_keys(visitor, "lea")
    send(page, code=kept[3].lower())
    assert is_at(visitor, "/log")


def test_an_invited_volunteer_writes_and_is_known_by_a_pseudonym(office, sit_down, size):
    coordinator = office.let_in(sit_down(office.server))
    page = coordinator.page
    coordinator.visit("/invitations")
    page.get_by_role("button", name="Make a link").click()
    page.locator(".stCode").wait_for()
    link = page.locator(".stCode").inner_text().strip()

    name = f"Fictional Vera of the {size}"
    volunteer = sit_down(office.server, size=size)
    volunteer.page.goto(link)
    expect(volunteer.page.get_by_text("You are invited as volunteer")).to_be_visible()
    send(volunteer.page, name=name, sign_in_name=f"vera-{size}", passphrase=PASSPHRASE)
    volunteer.settle()
    assert is_at(volunteer, "/log")
    volunteer.tick(RUI)
    volunteer.tick("My section's office agreed")
    volunteer.page.get_by_role("button", name="Log letters").click()
    expect(volunteer.page.get_by_text("1 letter logged.", exact=True)).to_be_visible()
    volunteer.page.goto(link)
    expect(volunteer.page.get_by_text("This link opens nothing any more")).to_be_visible()

    with database.reading() as db:
        found = accounts.known(db, f"vera-{size}")
        writer = members.asker(db, found.member_id)
        known_as = pseudonym(writer.member_id, writer.section_id)
    coordinator.visit("/members")
    expect(page.get_by_role("rowheader", name=known_as)).to_be_visible()
    expect(page.get_by_text(name)).to_have_count(0)
    page.get_by_role("button", name="Show names").click()
    expect(page.get_by_role("cell", name=name)).to_be_visible()
    coordinator.visit("/record")
    expect(page.get_by_text("looked at names").first).to_be_visible()
    assert {row["writer"] for row in coordinator.rows("letters")} >= {known_as}

    with page.expect_popup() as opened:
        page.get_by_role("link", name="With names").click()
    with opened.value.expect_download() as download:
        opened.value.get_by_role("button", name="Download with names").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert name in text
    assert known_as in {row["writer"] for row in csv.DictReader(io.StringIO(text))} | {text}


def test_two_join_on_a_letter_night_and_the_third_is_told(office, sit_down):
    coordinator = office.let_in(sit_down(office.server))
    page = coordinator.page
    coordinator.visit("/invitations")
    page.get_by_label("How many people may join").fill("2")
    page.get_by_role("button", name="Make a join code").click()
    page.locator(".join-address").wait_for()
    address = f"http://{page.locator('.join-address').inner_text()}"
    for number in (1, 2):
        guest = sit_down(office.server, size="phone")
        guest.page.goto(address.lower() if number == 2 else address)
        expect(guest.page.get_by_text(GROUP)).to_be_visible()
        names = {"name": f"Fictional Guest {number}", "sign_in_name": f"guest-{number}"}
        send(guest.page, **names, passphrase=PASSPHRASE)
        guest.settle()
        assert is_at(guest, "/log")
    late = sit_down(office.server, size="phone")
    late.page.goto(address)
    expect(late.page.get_by_role("heading", name="opens nothing any more")).to_be_visible()
    coordinator.visit("/invitations")
    expect(page.get_by_text("2 of 2 came in")).to_be_visible()
    page.get_by_role("button", name="End the join code").click()
    expect(page.locator(".join-address")).to_have_count(0)


def test_a_disabled_volunteer_is_out_at_the_next_click(office, sit_down):
    member_id = office.member("Fictional Dora", "dora")
    volunteer = office.let_in(sit_down(office.server), member_id)
    volunteer.visit("/reports")
    link = volunteer.page.get_by_role("link", name="Download letters.csv").get_attribute("href")
    report = office.server.address + link
    assert volunteer.context.request.get(report).status == 200
    with database.reading() as db:
        member = members.asker(db, member_id)
        known_as = pseudonym(member_id, member.section_id)

    coordinator = office.let_in(sit_down(office.server))
    page = coordinator.page
    coordinator.visit("/members")
    box = page.get_by_role("combobox", name="Change a member")
    disable = page.get_by_role("button", name="Disable", exact=True)

    def chosen() -> bool:
        box.fill(known_as)  # while the page is drawn once more, the list may close again
        if page.get_by_role("option").count() != 1:
            return False  # not narrowed yet: it would be somebody else
        box.press("ArrowDown")
        box.press("Enter")
        coordinator.settle()
        return disable.count() == 1

    coordinator.until(chosen)
    disable.click()
    page.get_by_role("button", name="Yes, disable").click()
    expect(page.get_by_text("Disabled. They can be enabled")).to_be_visible()

    answer = volunteer.context.request.get(report, max_redirects=0)
    assert answer.status in {303, 401, 403}
    volunteer.page.get_by_role("link", name="Timeline", exact=True).click()
    expect(volunteer.page.get_by_role("heading", name="Please sign in")).to_be_visible()
    expect(volunteer.page.get_by_text("Zhang")).to_have_count(0)


def test_sign_in_needs_no_scripts(office, sit_down):
    office.member("Fictional Nora", "nora")
    visitor = sit_down(office.server, size="phone", scripts=False)
    page = visitor.page
    page.goto(office.server.address + "/sign-in?next=/account/passphrase")
    send(page, sign_in_name="nora", passphrase="not the passphrase")
    expect(page.get_by_text("This name and this passphrase open no account here.")).to_be_visible()
    send(page, passphrase=PASSPHRASE)
    expect(page.get_by_role("heading", name="Another passphrase")).to_be_visible()


def test_somebody_comes_in_through_the_identity_provider(office, sit_down):
    office.provider.knows(
        "ida", email="ida@letters.example", email_verified=True, name="Fictional Ida"
    )
    with database.writing() as db:
        lead = members.asker(db, office.lead_id)
        section = members.section_named(db, lead.section)
        now = datetime.now(UTC)
        invitations.map_domain(db, lead, "letters.example", section.id, now=now)
    visitor = sit_down(office.server)
    page = visitor.page
    page.goto(office.server.address + "/sign-in?next=/account")
    page.get_by_role("link", name="Sign in with Fictional ID").click()
    assert visitor.elsewhere[0].startswith(office.provider.issuer)
    page.locator("[name=sub]").fill("ida")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("**/account")
    visitor.elsewhere.clear()  # what the provider's page asks for is its own affair
    visitor.settle()
    expect(page.get_by_text("You also come in through your identity provider.")).to_be_visible()


def test_an_erased_account_opens_no_more(office, sit_down):
    visitor = office.let_in(sit_down(office.server), office.member("Fictional Erna", "erna"))
    page = visitor.page
    visitor.visit("/account")
    page.get_by_role("link", name="Erase my account").click()
    page.wait_for_url("**/account/erase")
    send(page, current=PASSPHRASE)
    expect(page.get_by_text("Please tick this box if you are sure.")).to_be_visible()
    page.get_by_role("checkbox").check()
    send(page, current=PASSPHRASE)
    expect(page.get_by_role("heading", name="Your account is gone")).to_be_visible()
    sign_in_by_keys(visitor, "erna")
    expect(page.get_by_text("This name and this passphrase open no account here.")).to_be_visible()
