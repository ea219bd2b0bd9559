"""Pictures of every page, kept in .cache/screenshots to be looked at: light, dark, empty, full."""

from __future__ import annotations

import time
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import case_in
from tests.browser.office import PASSPHRASE, send
from tests.browser.visitor import Visitor
from tracker.web import access

pytestmark = pytest.mark.browser

SCHEMES = ("light", "dark")


def keep_both(visitor: Visitor, name: str, size: str) -> list[Path]:
    """Keep a picture of a page in both colour schemes; it has a title and fits the screen.

    The one in which it was opened comes first: every other page is opened in the dark.
    """
    page = visitor.page
    files = []
    assert page.locator("h1").count() == 1
    dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    for scheme in reversed(SCHEMES) if dark else SCHEMES:
        visitor.prefer(scheme)
        files.append(visitor.keep(f"{name}-{size}-{scheme}"))
        wide, inner = page.evaluate(
            "() => [document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert wide <= inner, f"{name} scrolls sideways"
        assert page.get_by_text("Something went wrong").count() == 0, name
    return files


def keep_all(visitor: Visitor, state: str, size: str, query: str = "") -> None:
    """Keep pictures of each page; where there is a way to it from the one before, that is gone."""
    for page in access.PAGES:
        there = visitor.go if visitor.is_led_to(page.path) else visitor.visit
        there(page.path + query)
        files = keep_both(visitor, f"{page.path.strip('/')}-{state}", size)
        assert all(file.stat().st_size > 10_000 for file in files)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """The program on a fresh database, which nobody sets up."""
    with case_in(tmp_path_factory.mktemp("untouched")) as served:
        yield served


def test_pictures_of_every_page_with_no_letters(shared_case, sit_down, size):
    visitor = sit_down(shared_case, size=size)
    visitor.come_in()
    keep_all(visitor, "empty", size)


def test_pictures_of_every_page_with_many_letters(shared_demonstration, sit_down, size):
    visitor = sit_down(shared_demonstration, size=size)
    visitor.come_in()
    keep_all(visitor, "full", size)
    keep_all(visitor, "real", size, "?action=huang-wang-2024-09")


def test_pictures_of_the_way_in(untouched, sit_down, size):
    visitor = sit_down(untouched, size=size)
    for name, path in (
        ("setup", untouched.link),
        ("sign-in", "/sign-in"),
        ("missing", "/no-such-page"),
        ("spent", "/setup/no-such-link"),
    ):
        visitor.visit(path)
        keep_both(visitor, name, size)


def test_pictures_of_coming_in_and_of_an_account(office, sit_down, size):
    name = f"picture-{size}"
    member = office.member(f"Fictional Pia of the {size}", name)
    visitor = sit_down(office.server, size=size)
    page, address = visitor.page, office.server.address
    page.goto(f"{address}/sign-in")
    keep_both(visitor, "sign-in-provider", size)
    send(page, sign_in_name=name, passphrase="not the passphrase")
    keep_both(visitor, "sign-in-refused", size)
    office.let_in(visitor, member)
    page.goto(f"{address}/account/passphrase")
    keep_both(visitor, "passphrase-change", size)
    send(page, current="not this one", passphrase="short", repeat="shorter")
    keep_both(visitor, "passphrase-mistakes", size)
    page.goto(f"{address}/account/erase")
    send(page, current=PASSPHRASE)
    keep_both(visitor, "erase-unticked", size)
    page.goto(f"{address}/account/second-step")
    keep_both(visitor, "second-step", size)
    telephone = pyotp.TOTP(page.locator(".codes").inner_text().replace(" ", ""))
    send(page, code=telephone.now(), current=PASSPHRASE)
    keep_both(visitor, "recovery-codes", size)
    page.goto(f"{address}/account/second-step")
    keep_both(visitor, "second-step-set", size)
    visitor.context.clear_cookies()
    page.goto(f"{address}/sign-in")
    send(page, sign_in_name=name, passphrase=PASSPHRASE)
    keep_both(visitor, "code", size)
    send(page, code="000000")
    keep_both(visitor, "code-refused", size)
    send(page, code=telephone.at(int(time.time()) + 30))
    page.goto(f"{address}/account/erase")
    page.get_by_role("checkbox").check()
    send(page, current=PASSPHRASE)
    keep_both(visitor, "erased", size)


def test_pictures_of_links_and_codes(office, sit_down, size):
    visitor = sit_down(office.server, size=size)
    for name, path in office.ways_in().items():
        visitor.page.goto(office.server.address + path)
        keep_both(visitor, name, size)
        send(visitor.page, name=" ", sign_in_name="LEA", passphrase="password1234")
        keep_both(visitor, f"{name}-mistakes", size)
    office.let_in(visitor)
    visitor.page.goto(f"{office.server.address}/reports/with-names?action=huang-wang-2024-09")
    keep_both(visitor, "with-names", size)


def test_pictures_of_what_coordinators_keep(office, sit_down, size):
    office.fill()
    visitor = office.let_in(sit_down(office.server, size=size))
    page = visitor.page
    for path in ("/invitations", "/sections", "/record", "/account", "/members"):
        visitor.visit(path)
        keep_both(visitor, f"{path.strip('/')}-office", size)
    page.get_by_role("button", name="Show names").click()
    expect(page.get_by_role("button", name="Hide names")).to_be_visible()
    options = visitor.open_choice(page.get_by_role("combobox", name="Change a member"))
    options.filter(has_text="Fictional Anna").click()
    page.get_by_role("button", name="Disable", exact=True).click()
    sure = page.get_by_role("button", name="Yes, disable")
    expect(sure).to_be_visible()
    keep_both(visitor, "members-names", size)
    expect(sure).to_be_visible()
