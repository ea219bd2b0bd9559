"""Pictures of every page, kept in .cache/screenshots to be looked at: light, dark, empty, full."""

from __future__ import annotations

import pytest

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
