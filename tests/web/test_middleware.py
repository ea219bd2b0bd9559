"""The door: what passes, for whom, and what is said to those who do not pass."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit

from tests import factories
from tests.web import browser as window
from tests.web.browser import BEHIND, HOST, ORIGIN, Answer, Browser
from tracker import database, members, settings
from tracker.models import Role
from tracker.web import access, headers, sessions
from tracker.web.middleware import Door

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
    "http://127.0.0.1",  # another port
    "http://127.0.0.1:8502",
    "http://localhost:8501",  # another name than the one that was asked
    "http://127.0.0.1:8501.evil.example",
    "http://127.0.0.1@evil.example",
    "null",
    "",
    "127.0.0.1:8501",
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
    "/_stcore/healthXYZ",
    "/_stcore/health/",
    "/_stcore/health/x",
    "/_stcore/streamfoo",
    "/_stcore/stream/",
    "/_stcore/host-configuration",
    "/_stcore/host-config/",
    "/_stcore/agent/interact",
    "/_stcore/bidi-components/x/index.js",
    "/staticX/js/index.js",
    "/mediaX/x.png",
    "/index.html",
    "/manifest.json",
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


def policy_of(answer: Answer) -> dict[str, str]:
    """Return what an answer lets the browser do, by kind."""
    parts = answer.headers["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_page_passes_those_whom_the_table_names(signed_in, visitor):
    browser = signed_in(*VISITORS[visitor])
    for page in access.PAGES:
        answer = browser.get(page.path)
        if page.own or page.roles & VISITORS[visitor]:
            assert (answer.status, answer.text) == (200, BEHIND)
        else:
            assert answer.status == 403
            assert "This is not open to you" in answer.text


@pytest.mark.parametrize("visitor", VISITORS)
def test_reports_pass_everybody_with_a_role(signed_in, visitor):
    answer = signed_in(*VISITORS[visitor]).get("/reports/letters.csv?action=none")
    assert answer.status == (404 if VISITORS[visitor] else 403)


def test_the_signed_out_are_led_to_the_sign_in(tracker_settings):
    closed = [page.path for page in access.PAGES] + ["/reports/letters.csv"]
    for path in closed:
        for token in (None, "forged"):
            answer = Browser(token).get(f"{path}?action=x")
            assert (answer.status, answer.location) == (303, "/sign-in")
            assert answer.body == b""


def test_a_cookie_of_another_name_opens_nothing(signed_in):
    token = signed_in(Role.VOLUNTEER).cookies["tracker_session"]
    browser = Browser()
    browser.cookies = {"__Host-tracker-session": token, "tracker": token, "tracker_session2": token}
    assert browser.get("/log").status == 303


def test_what_is_not_in_the_table_is_not_there(signed_in):
    for browser in (Browser(), signed_in(*Role)):
        for path in NOWHERE:
            answer = browser.get(path)
            assert answer.status == 404, path
            assert "There is nothing at this address" in answer.text
            assert BEHIND not in answer.text


def test_what_streamlit_needs_passes_everybody(tracker_settings):
    for path in ("/_stcore/health", "/static/js/index.js", "/static/media/font.woff2"):
        assert Browser().get(path).text == BEHIND


def test_what_streamlit_keeps_of_people_passes_the_signed_in_alone(signed_in):
    browser = signed_in(Role.VOLUNTEER)
    for path in ("/_stcore/host-config", "/media/x.png"):
        assert browser.get(path).text == BEHIND
        for stranger in (Browser(), Browser("forged")):
            assert stranger.get(path).status == 404
            assert stranger.head(path).status == 404
    browser.post("/sign-out")
    assert browser.get("/media/x.png").status == 404
    # A page that lost its line shows what it is told here.
    told = browser.get("/_stcore/host-config").text
    assert json.loads(told) == "You are signed out. Please sign in again."


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_uploads_and_metrics_are_shut_for_everybody(signed_in, method):
    for browser in (Browser(), signed_in(*Role)):
        for path in ("/_stcore/upload_file/x/y", "/_stcore/upload_file", "/_stcore/metrics"):
            assert browser.send(method, path, headers={"origin": ORIGIN}).status == 404


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


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_streamlit_looks_up_no_address_to_judge_an_origin(tracker_settings, kind):
    """It would ask the internet for its own, where a proxy has changed the Host."""
    settings.use(replace(tracker_settings, base_url="https://appeals.example"))
    path = {"http": "/_stcore/health", "websocket": access.STREAMLIT_LINE}[kind]
    told = {"host": "127.0.0.1:8501", "origin": "https://appeals.example"}
    seen = []

    async def behind(scope, receive, send):
        seen.append(dict(scope["headers"]))

    asyncio.run(Door(behind)(window._scope(kind, path, "", told) | {"method": "GET"}, None, None))
    assert seen == [{b"host": b"127.0.0.1:8501"}]


def test_no_path_beside_streamlits_takes_a_line_from_the_signed_out(tracker_settings):
    paths = ["/", "/log", "/nothing", "/sign-in", "/setup/x", "/healthz", "/reports/letters.csv"]
    assert [path for path in paths if Browser().connect(path, origin=ORIGIN)] == []


def test_a_site_that_points_its_own_name_here_is_turned_away(signed_in):
    for browser in (Browser(), signed_in(*Role)):
        for host in ("evil.example:8501", "127.0.0.1.evil.example", "192.168.1.20:8501", ""):
            for path in ("/", "/log", "/sign-in", "/setup/x", "/nothing", "/static/js/index.js"):
                answer = browser.get(path, host=host)
                assert answer.status == 421
                assert answer.page.title == "This server has another name"
            assert browser.post("/sign-out", host=host, origin=f"http://{host}").status == 421
            assert not browser.connect(host=host, origin=f"http://{host}")
    assert browser.get("/log").status == 200  # the session lives on


def test_whoever_watches_the_server_may_call_it_what_they_like(tracker_settings):
    for path in ("/healthz", "/readyz"):
        assert Browser().get(path, host="10.0.0.7:8501").headers["content-type"] == (
            "application/json"
        )


def test_frames_pictures_and_scripts_of_another_site_get_nothing(signed_in):
    browser = signed_in(*Role)
    for site in ("cross-site", "same-site"):
        for mode, dest in (("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")):
            for path in ("/log", "/reports/letters.csv?action=x", "/media/x.png", "/sign-in"):
                answer = browser.get(
                    path, sec_fetch_site=site, sec_fetch_mode=mode, sec_fetch_dest=dest
                )
                assert answer.status == 403, (site, mode, path)


def test_a_link_on_another_site_leads_here(signed_in):
    visit = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    browser = signed_in(*Role)
    for site in ("cross-site", "same-site", "same-origin", "none"):
        assert browser.get("/log", sec_fetch_site=site, **visit).status == 200
        assert Browser().get("/setup/x", sec_fetch_site=site, **visit).status == 410


ANSWERS = {
    "/": 303,
    "/log": 200,
    "/my-letters": 200,
    "/sign-in": 303,
    "/nothing": 404,
    "/setup/x": 410,
    "/reports/letters.csv?action=x": 404,
    "/healthz": 200,
    "/sign-out": 405,
    "/favicon.png": 200,
    "/_stcore/health": 200,
    "/_stcore/metrics": 404,
    "/static/js/index.js": 200,
}


def test_every_answer_carries_what_keeps_it_where_it_belongs(signed_in):
    browser = signed_in(*Role)
    for path, status in ANSWERS.items():
        answers = [
            browser.get(path),
            Browser().get(path),
            browser.get(path, origin="https://evil.example"),
            browser.get(path, host="evil.example"),
        ]
        assert answers[0].status == status, path
        for answer in answers:
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            assert "camera=()" in answer.headers["permissions-policy"]
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert "strict-transport-security" not in answer.headers


def test_a_mistake_of_ours_is_no_way_around_the_headers(tracker_settings, monkeypatch):
    def fail(token: object) -> None:
        raise RuntimeError("something that somebody typed")

    monkeypatch.setattr(sessions, "member_with", fail)
    scope = window._scope("http", "/log", "", {"host": HOST}) | {"method": "GET"}
    sent = []

    async def send(message):
        sent.append(message)

    async def nothing_more():
        return {"type": "http.disconnect"}

    with pytest.raises(RuntimeError):
        asyncio.run(Door(window._stand_in)(scope, nothing_more, send))
    told = dict(sent[0]["headers"])
    assert sent[0]["status"] == 500
    assert told[b"cache-control"] == b"no-store"
    assert b"default-src 'none'" in told[b"content-security-policy"]
    assert sent[1]["body"].startswith(b"Something went wrong here, and it is not your doing.")


def test_our_own_pages_run_no_script_and_streamlits_run_its_own(signed_in):
    browser = signed_in(*Role)
    for path in ("/", "/nothing", "/setup/x", "/healthz", "/sign-out", "/reports/x.csv"):
        policy = policy_of(browser.get(path))
        assert policy["default-src"] == "'none'"
        assert "script-src" not in policy
        assert policy["img-src"] == "'self' data:"
    for path in [page.path for page in access.PAGES] + ["/static/js/index.js"]:
        policy = policy_of(browser.get(path))
        assert policy["script-src"] == f"'self' {headers.INLINE_SCRIPT}"
        assert policy["object-src"] == "'none'"
        assert policy["connect-src"] == f"'self' ws://{HOST}"
        assert "'unsafe-inline'" not in policy["default-src"]
        # What is refused there is a page of our own.
        assert policy_of(Browser().get("/log"))["default-src"] == "'none'"


def test_the_one_script_in_streamlits_page_is_the_one_we_know(database_url):
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(it.encode()).digest()).decode() for it in scripts]
    assert [f"'sha256-{it}'" for it in hashes] == [headers.INLINE_SCRIPT]


def test_where_there_is_https_browsers_stay_with_it(tracker_settings):
    assert "strict-transport-security" not in Browser().get("/sign-in").headers
    settings.use(replace(tracker_settings, base_url="https://letters.example"))
    for path in ("/sign-in", "/nothing", "/static/js/index.js"):
        answer = Browser().get(path, host="letters.example")
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
    policy = policy_of(Browser().get("/static/js/index.js", host="letters.example"))
    assert policy["connect-src"] == "'self' wss://letters.example"


def test_nothing_but_program_code_is_kept_by_a_cache(signed_in):
    for browser in (Browser(), signed_in(*Role)):
        for path in ANSWERS:
            kept = browser.get(path).headers.get("cache-control") != "no-store"
            assert kept == path.startswith("/static/"), path
        for path in ("/media/x.png", "/_stcore/host-config"):
            assert browser.get(path).headers["cache-control"] == "no-store"
    refused = Browser().get("/static/js/index.js", origin="https://evil.example")
    assert refused.headers["cache-control"] == "no-store"


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
