"""The one table of who may open what: it is whole, and everything else stands in its rows."""

from __future__ import annotations

import re

import pytest

from tracker import settings
from tracker.members import Asker
from tracker.models import Role
from tracker.web import access, routes
from tracker.web.middleware import _rule_for


def test_every_page_file_has_a_row_and_every_row_a_file():
    files = sorted(file.name for file in settings.pages_dir().glob("*.py"))
    assert sorted(page.file for page in access.PAGES) == files


def test_a_page_begins_by_asking_for_its_own_row():
    for page in access.PAGES:
        text = (settings.pages_dir() / page.file).read_text(encoding="utf-8")
        asked = re.findall(r'web\.require\("([^"]+)"\)', text)
        assert set(asked) == {page.path}
        # The page's own lines, after its functions, begin with the question.
        own = [line for line in text.splitlines() if re.match(r"[a-z_]+(\(| = )", line)]
        assert own[0] == f'member = web.require("{page.path}")'


def test_whatever_a_button_does_begins_by_asking_who_presses_it():
    """A function of a page that writes asks first: it runs before the shell has looked."""
    for page in access.PAGES:
        text = (settings.pages_dir() / page.file).read_text(encoding="utf-8")
        for function in re.findall(r"^def .*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL):
            if "database.writing()" in function:
                first = function.split(":\n", 1)[1].strip().splitlines()[0]
                assert first == f'member = web.require("{page.path}")', function


def test_every_route_has_a_handler_and_every_handler_a_row():
    assert set(routes._HANDLERS) == {rule.path for rule in access.ROUTES}
    assert [route.path for route in routes.ROUTES] == [rule.path for rule in access.ROUTES]
    for route, rule in zip(routes.ROUTES, access.ROUTES, strict=True):
        # Starlette answers HEAD wherever it answers GET.
        extra = {"HEAD"} if "GET" in rule.methods else set()
        assert route.methods == {*rule.methods, *extra}


def test_no_path_stands_twice():
    paths = [page.path for page in access.PAGES] + [rule.path for rule in access.ROUTES]
    assert len(set(paths)) == len(paths)


def test_no_route_lies_where_streamlit_serves_its_own():
    for path in [page.path for page in access.PAGES] + [rule.path for rule in access.ROUTES]:
        assert not path.startswith(("/_stcore/", *access.STREAMLIT_FOLDERS))


def test_every_page_is_for_somebody_and_has_a_title_and_a_place():
    for page in access.PAGES:
        assert page.roles
        assert access.page_title(page.path)
        assert access.area_title(page.area)
    titles = [access.page_title(page.path) for page in access.PAGES]
    assert len(set(titles)) == len(titles)


def test_the_pages_of_a_group_stand_together():
    order = [page.area for page in access.PAGES]
    assert order == sorted(order, key=list(access.Area).index)


@pytest.mark.parametrize("role", Role)
def test_the_first_page_of_each_role_is_open_to_it(role):
    page = access.page_at(access.home(frozenset({role})))
    assert page is not None
    assert role in page.roles


def test_who_opens_what():
    write, follow = ["/log", "/my-letters"], ["/progress", "/timeline", "/reports"]
    keep, own = ["/members", "/invitations", "/sections", "/record"], ["/account"]
    opened = {role: [page.path for page in access.PAGES if role in page.roles] for role in Role}
    assert opened == {
        Role.VOLUNTEER: [*write, *follow, *own],
        Role.COORDINATOR: [*write, *follow, *keep, *own],
        Role.CASE_LEAD: [*follow, *keep, *own],
    }


def test_what_is_about_oneself_is_open_while_every_role_waits():
    waiting = Asker(1, "", 1, "", None, "", "UTC", waiting=frozenset({Role.COORDINATOR}))
    rows = [*access.PAGES, *(rule for rule in access.ROUTES if rule.roles is not None)]
    opened = [row.path for row in rows if access.may_open(waiting, row)]
    assert opened == [
        "/account", "/account/passphrase", "/account/second-step", "/account/erase"
    ]  # fmt: skip
    assert access.home(waiting.roles) == "/account"


def test_what_the_signed_out_may_ask():
    open_to_all = [rule.path for rule in access.ROUTES if rule.roles is None]
    assert open_to_all == [
        "/", "/sign-in", "/sign-in/code", "/sign-in/oidc", "/sign-in/oidc/callback", "/sign-out",
        "/setup/{token}", "/invite/{token}", "/join/{code}", "/passphrase/{token}",
        "/favicon.png", "/healthz", "/readyz",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/reports/letters.csv", "/reports/letters.csv"),
        ("/reports/letters.csv/more", None),
        ("/reports/../letters.csv", None),
        ("/reports/.csv", None),
        ("/setup/token", "/setup/{token}"),
        ("/setup/", None),
        ("/setup/a/b", None),
        ("/healthz", "/healthz"),
        ("/healthz/", None),
        ("/metrics", None),
    ],
)
def test_a_path_finds_its_row(path, rule):
    scope = {"type": "http", "path": path, "method": "GET", "root_path": ""}
    found = _rule_for(scope)
    assert (found and found.path) == rule
