"""The door: what passes, for whom, and what is said to those who do not pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests import factories
from tests.web.browser import BEHIND, HOST, ORIGIN, Browser
from tracker import database, members, settings
from tracker.models import Role
from tracker.web import access, sessions

# What the door asks of a database is asked of both kinds in test_sessions.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VISITORS = {
    "volunteer": frozenset({Role.VOLUNTEER}),
    "coordinator": frozenset({Role.COORDINATOR}),
    "case lead": frozenset({Role.CASE_LEAD}),
    "without a role": frozenset[Role](),
}
FOREIGN = [
    "https://evil.example",
    "http://letters.example",  # another port
    "http://letters.example:8502",
    "http://letters.example:8501.evil.example",
    "http://letters.example@evil.example",
    "null",
    "",
    "letters.example:8501",
    "file://",
    "http://[",
]


NOWHERE = [
    "/nothing",
    "/metrics",
    "/Log",
    "/log/",
    "/log.py",
    "/pages/log",
    "/pages/log.py",
    "/pages/",
    "/two",
    "//log",
    "//evil.example",
    "/%2e%2e/log",
    "/log/..",
    "/..%2flog",
    "/log%00",
    "/log%0a",
    "/log;x",
    "/_stcore",
    "/_stcore/",
    "/_stcore/metrics",
    "/_stcore/upload_file/x/y",
    "/component/x/index.html",
    "/_stcoreX/health",
    "/x/_stcore/health",
    "/static",
    "/media",
    "/.streamlit/config.toml",
    "/.streamlit/secrets.toml",
    "/data/tracker.db",
    "/secret.key",
    "/setup",
    "/setup/",
    "/setup/a/b",
    "/reports/letters",
    "/reports/letters.csv/",
    "/reports/.csv",
    "/favicon.ico",
    "/sign-in/",
    "/healthz/",
    "/index.html/",
]


@pytest.fixture
def signed_in(tracker_settings) -> Callable[..., Browser]:
    """Makes browsers of new members with those roles."""

    def sign_in(*roles: Role) -> Browser:
        with database.writing() as db:
            member = factories.member(db, roles)
            return Browser(sessions.begin(db, member.id, now=datetime.now(UTC)))

    return sign_in


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_page_passes_those_whom_the_table_names(signed_in, visitor):
    browser = signed_in(*VISITORS[visitor])
    for page in access.PAGES:
        answer = browser.get(page.path)
        if page.roles & VISITORS[visitor]:
            assert (answer.status, answer.text) == (200, BEHIND)
        else:
            assert answer.status == 403
            assert "This is not open to you" in answer.text


@pytest.mark.parametrize("visitor", VISITORS)
def test_reports_pass_everybody_with_a_role(signed_in, visitor):
    answer = signed_in(*VISITORS[visitor]).get("/reports/letters.csv?action=none")
    assert answer.status == (404 if VISITORS[visitor] else 403)


def test_the_signed_out_are_led_to_the_sign_in(tracker_settings):
    closed = [page.path for page in access.PAGES] + ["/reports/letters.csv", "/reports/x.csv"]
    for path in closed:
        for token in (None, "forged"):
            answer = Browser(token).get(f"{path}?action=x")
            assert (answer.status, answer.location) == (303, "/sign-in")
            assert answer.body == b""


def test_a_cookie_of_another_name_opens_nothing(signed_in):
    token = signed_in(Role.VOLUNTEER).cookies["tracker_session"]
    browser = Browser()
    browser.cookies = {"__Host-tracker": token, "tracker": token, "tracker_session2": token}
    assert browser.get("/log").status == 303


def test_what_is_not_in_the_table_is_not_there(signed_in):
    for browser in (Browser(), signed_in(*Role)):
        for path in NOWHERE:
            answer = browser.get(path)
            assert answer.status == 404, path
            assert "There is nothing at this address" in answer.text
            assert BEHIND not in answer.text


def test_what_streamlit_needs_passes_everybody(tracker_settings):
    for path in ("/_stcore/health", "/_stcore/host-config", "/static/js/index.js", "/index.html"):
        assert Browser().get(path).text == BEHIND


def test_a_request_from_another_site_is_refused(signed_in):
    browser = signed_in(*Role)
    for origin in FOREIGN:
        for path in ("/", "/log", "/sign-in", "/setup/token", "/nothing", "/_stcore/health"):
            answer = browser.get(path, origin=origin)
            assert answer.status == 403, (origin, path)
            assert BEHIND not in answer.text
        assert browser.post("/sign-out", origin=origin).status == 403
    assert browser.get("/log").status == 200  # the session lives on


def test_a_line_from_another_site_is_refused(signed_in):
    browser = signed_in(*Role)
    assert [origin for origin in FOREIGN if browser.connect(origin=origin)] == []


def test_a_line_needs_an_origin_and_ours_will_do(signed_in):
    for browser in (Browser(), signed_in(*Role)):
        assert not browser.connect()
        assert browser.connect(origin=ORIGIN)
        assert browser.connect(origin=f"https://{HOST}")  # behind a proxy that speaks https


def test_the_configured_address_is_ours_behind_a_proxy(tracker_settings):
    settings.use(replace(tracker_settings, base_url="https://appeals.example"))
    assert Browser().connect(origin="https://appeals.example", host="127.0.0.1:8501")
    assert not Browser().connect(origin="https://appeals.example.evil", host="127.0.0.1:8501")
    assert Browser().post("/sign-out", origin="https://appeals.example").status == 303


def test_no_path_beside_streamlits_takes_a_line_from_the_signed_out(tracker_settings):
    paths = ["/", "/log", "/nothing", "/sign-in", "/setup/x", "/healthz", "/reports/letters.csv"]
    assert [path for path in paths if Browser().connect(path, origin=ORIGIN)] == []


def test_every_answer_carries_what_keeps_it_where_it_belongs(signed_in):
    for browser in (Browser(), signed_in(*Role)):
        for path in (
            "/",
            "/log",
            "/sign-in",
            "/nothing",
            "/setup/x",
            "/healthz",
            "/_stcore/health",
        ):
            for answer in (browser.get(path), browser.get(path, origin="https://evil.example")):
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["referrer-policy"] == "same-origin"
                assert answer.headers["x-frame-options"] == "DENY"


def test_what_somebody_may_see_is_kept_by_no_cache(signed_in):
    browser = signed_in(*Role)
    for path in ("/", "/log", "/sign-in", "/nothing", "/setup/x", "/reports/letters.csv?action=x"):
        assert browser.get(path).headers["cache-control"] == "no-store"
    assert "cache-control" not in browser.get("/static/js/index.js").headers


def test_a_page_takes_no_form(signed_in):
    for page in access.PAGES:
        assert signed_in(*Role).post(page.path).status == 405
        assert Browser().post(page.path).status == 303


def test_a_head_shows_as_little_as_a_visit(signed_in):
    for page in access.PAGES:
        assert Browser().head(page.path).status == 303
        assert signed_in(*Role).head(page.path).status == 200
    assert Browser().head("/nothing").status == 404
    assert Browser().head("/reports/letters.csv").status == 303


def test_a_demonstration_says_so_without_streamlit_too(tracker_settings):
    sentence = "A demonstration: every letter and every volunteer in it is fictional."
    for path in ("/sign-in", "/nothing", "/setup/x"):
        assert sentence not in Browser().get(path).text
    with database.writing() as db:
        members.mark_demo(db)
    for path in ("/sign-in", "/nothing", "/setup/x"):
        assert sentence in Browser().get(path).text
