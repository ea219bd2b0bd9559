"""Pictures of every page, kept in .cache/screenshots to be looked at: light, dark, empty, full."""

from __future__ import annotations

import time

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.office import PASSPHRASE, send
from tests.browser.visitor import Visitor
from tracker.web import access

pytestmark = pytest.mark.browser

SCHEMES = ("light", "dark")


def keep_all(visitor: Visitor, state: str, size: str, scheme: str, query: str = "") -> None:
    """Keep a picture of each page; none may scroll sideways or show a mistake of ours."""
    for page in access.PAGES:
        visitor.visit(page.path + query)
        name = f"{page.path.strip('/')}-{state}-{size}-{scheme}"
        file = visitor.keep(name)
        assert file.stat().st_size > 10_000
        wide, inner = visitor.page.evaluate(
            "() => [document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert wide <= inner, f"{name} scrolls sideways"
        assert visitor.page.get_by_text("Something went wrong").count() == 0, name


def sign_in_twice(sit_down, served, size):
    """Return one visitor a colour scheme, with the same session: a link works once."""
    light = sit_down(served, size=size, scheme="light")
    light.open_link()
    dark = sit_down(served, size=size, scheme="dark")
    dark.context.add_cookies(light.context.cookies())
    return {"light": light, "dark": dark}


def test_pictures_of_every_page_with_no_letters(real_case, sit_down, size):
    for scheme, visitor in sign_in_twice(sit_down, real_case, size).items():
        keep_all(visitor, "empty", size, scheme)


def test_pictures_of_every_page_with_many_letters(demonstration, sit_down, size):
    for scheme, visitor in sign_in_twice(sit_down, demonstration, size).items():
        keep_all(visitor, "full", size, scheme)
        keep_all(visitor, "real", size, scheme, "?action=huang-wang-2024-09")


def test_pictures_of_the_way_in(real_case, sit_down, size):
    for scheme in SCHEMES:
        visitor = sit_down(real_case, size=size, scheme=scheme)
        for name, address in (
            ("setup", real_case.address + real_case.link),
            ("sign-in", f"{real_case.address}/sign-in"),
            ("missing", f"{real_case.address}/no-such-page"),
            ("spent", f"{real_case.address}/setup/no-such-link"),
        ):
            visitor.page.goto(address)
            assert visitor.page.locator("h1").count() == 1
            visitor.keep(f"{name}-{size}-{scheme}")


def keep_both(visitor: Visitor, name: str, size: str) -> None:
    """Keep a picture of a plain page in both colour schemes; it has a title and fits the screen."""
    page = visitor.page
    assert page.locator("h1").count() == 1
    wide, inner = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= inner, f"{name} scrolls sideways"
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        visitor.keep(f"{name}-{size}-{scheme}")


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
    for scheme in SCHEMES:
        visitor = office.let_in(sit_down(office.server, size=size, scheme=scheme))
        page = visitor.page
        for path in ("/invitations", "/sections", "/record", "/account"):
            visitor.visit(path)
            visitor.keep(f"{path.strip('/')}-office-{size}-{scheme}")
        visitor.visit("/members")
        visitor.keep(f"members-office-{size}-{scheme}")
        page.get_by_role("button", name="Show names").click()
        expect(page.get_by_role("button", name="Hide names")).to_be_visible()
        options = visitor.open_choice(page.get_by_role("combobox", name="Change a member"))
        options.filter(has_text="Fictional Anna").click()
        page.get_by_role("button", name="Disable", exact=True).click()
        expect(page.get_by_role("button", name="Yes, disable")).to_be_visible()
        visitor.keep(f"members-names-{size}-{scheme}")
