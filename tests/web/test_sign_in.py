"""The way in: name and passphrase, the code, the identity provider; and out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pyotp
import pytest
from sqlalchemy import func, select, update

from tests import factories
from tests.provider import Provider, providing
from tests.web.browser import BEHIND, ORIGIN, Browser
from tests.web.doors import PASSPHRASE, add_account, deeds, nobody_tried, sign_in, who
from tracker import accounts, database, invitations, members, settings
from tracker.models import Deed, Group, Invitation, Member, Role, WebSession
from tracker.web import attempts, identity_provider, oidc, sessions

REFUSED = "This name and this passphrase open no account here."

pytestmark = pytest.mark.usefixtures("tracker_settings", "quick_hashing")


@pytest.fixture(autouse=True)
def _fresh_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has tried anything yet."""
    nobody_tried(monkeypatch)


def count(table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def set_second_step(member_id: int) -> tuple[pyotp.TOTP, list[str]]:
    """Set it as of some time ago, so that the code of now is still unused."""
    past = datetime.now(UTC) - timedelta(minutes=5)
    with database.writing() as db:
        asker = members.asker(db, member_id)
        totp = pyotp.TOTP(accounts.begin_second_step(db, asker).secret)
        code = totp.at(past)
        return totp, accounts.confirm_second_step(db, asker, totp.secret, code, past)


# Name and passphrase


def test_the_set_up_link_is_spoken_of_until_a_case_lead_has_a_passphrase():
    assert "Setting this server up?" in Browser().get("/sign-in").text
    with database.writing() as db:
        factories.member(db, [Role.CASE_LEAD])
    assert "Setting this server up?" in Browser().get("/sign-in").text
    add_account("vera-lead", roles=[Role.CASE_LEAD])
    assert "Setting this server up?" not in Browser().get("/sign-in").text


def test_the_form_is_for_password_managers_and_needs_no_script():
    answer = Browser().get("/sign-in")
    assert answer.status == 200
    for part in (
        'autocomplete="username"', 'autocomplete="current-password"', 'method="post"',
        'type="password"',
    ):  # fmt: skip
        assert part in answer.text
    assert "<script" not in answer.text
    assert answer.page.fields == {"next": "/", "sign_in_name": "", "passphrase": ""}
    assert answer.headers["cache-control"] == "no-store"


def test_name_and_passphrase_open_the_account():
    member_id, browser = add_account(), Browser()
    answer = sign_in(browser, " VERA ")
    assert (answer.status, answer.location) == (303, "/")
    found = who(browser)
    assert found is not None
    assert found.member_id == member_id
    assert deeds()[-1] == (Deed.SIGNED_IN, member_id, None)
    assert browser.get("/").location == "/log"
    assert browser.get("/log").text == BEHIND


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites():
    add_account()
    cookie = sign_in(Browser()).cookies[sessions.cookie_name()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert not cookie["secure"]


def test_under_https_the_cookies_are_held_to_this_host(tracker_settings):
    settings.use(replace(tracker_settings, base_url=ORIGIN.replace("http:", "https:")))
    add_account()
    answer = Browser().post("/sign-in", origin=None, sign_in_name="vera", passphrase=PASSPHRASE)
    assert answer.status == 303
    assert set(answer.cookies) == {"__Host-tracker-session", "__Host-tracker-known"}
    for cookie in answer.cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["path"] == "/"


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [("vera", "another passphrase"), ("stranger", PASSPHRASE), ("otto", PASSPHRASE), ("nora", ""),
     ("", ""), ("vera\x00", "\x00"), ("<b>vera</b>", PASSPHRASE), ("v" * 3000, "p" * 3000)],
)  # fmt: skip
def test_every_refusal_is_the_same_and_writes_nothing_but_the_record(name, passphrase):
    add_account()
    add_account("otto")  # disabled
    with database.writing() as db:
        db.execute(update(Member).where(Member.id == 2).values(disabled_at=factories.NOW))
        factories.member(db, name="Fictional Nora")  # without an account
        before = factories.everything(db)
    browser = Browser()
    answer = sign_in(browser, name, passphrase)
    assert answer.status == 401
    assert REFUSED in answer.page.sentences
    assert answer.page.fields == {"next": "/", "sign_in_name": name, "passphrase": ""}
    assert answer.cookies == {}
    with database.writing() as db:
        after = factories.everything(db)
    assert len(after.pop("record_entries")) == len(before.pop("record_entries")) + 1
    assert after == before
    about = {"vera": 1, "vera\x00": 1, "otto": 2}.get(name)
    assert deeds()[-1] == (Deed.SIGN_IN_REFUSED, None, about)


def test_the_answers_for_known_and_unknown_names_are_the_same_to_the_byte():
    add_account()
    known, unknown = (sign_in(Browser(), name, "wrong, wrong, wrong") for name in ("vera", "verb"))
    assert known.text.replace("vera", "verb") == unknown.text
    assert known.headers == unknown.headers | {"content-length": known.headers["content-length"]}


def test_a_form_that_is_too_large_is_not_read():
    assert sign_in(Browser(), "vera", "p" * 20_000).status == 403


def test_a_form_from_another_site_signs_nobody_in():
    add_account()
    browser = Browser()
    answer = browser.post(
        "/sign-in", origin="https://evil.example", sign_in_name="vera", passphrase=PASSPHRASE
    )
    assert answer.status == 403
    assert who(browser) is None


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/timeline?action=lighthouse-2025-02", "/timeline?action=lighthouse-2025-02"),
        ("https://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"), ("javascript:alert(1)", "/"), ("", "/"),
    ],
)  # fmt: skip
def test_it_leads_on_to_where_one_was_going_but_never_away(asked, leads):
    add_account()
    browser = Browser()
    page = browser.get("/sign-in?next=" + asked.replace("\\", "%5C").replace("\t", "%09")).page
    assert page.fields["next"] == leads
    assert sign_in(browser, next=asked).location == leads
    assert browser.get("/sign-in?next=/reports").location == "/reports"


def test_signing_in_anew_ends_this_browsers_last_session():
    add_account()
    add_account("otto", name="Fictional Otto")
    browser = Browser()
    sign_in(browser)
    first = browser.cookies[sessions.cookie_name()]
    sign_in(browser, "otto")
    assert sessions.member_with(first) is None
    found = who(browser)
    assert found is not None
    assert found.name == "Fictional Otto"


def test_signing_out_ends_the_session_and_is_recorded():
    member_id, browser = add_account(), Browser()
    sign_in(browser)
    token = browser.cookies[sessions.cookie_name()]
    assert browser.get("/sign-out").status == 405
    assert sessions.member_with(token) is not None
    answer = browser.post("/sign-out")
    assert (answer.status, answer.location) == (303, "/sign-in")
    assert sessions.cookie_name() not in browser.cookies
    assert sessions.member_with(token) is None
    assert deeds()[-1] == (Deed.SIGNED_OUT, member_id, None)
    Browser(token).post("/sign-out")
    assert deeds().count((Deed.SIGNED_OUT, member_id, None)) == 1


def test_the_session_keeps_what_the_browser_roughly_is():
    add_account()
    agent = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    Browser().send(
        "POST",
        "/sign-in",
        headers={"user-agent": agent, "origin": ORIGIN},
        body=f"sign_in_name=vera&passphrase={PASSPHRASE.replace(' ', '+')}".encode(),
    )
    with database.reading() as db:
        assert db.scalars(select(WebSession)).one().browser == "Firefox, Android"


# The code


def test_with_a_second_step_the_passphrase_alone_opens_nothing():
    member_id, browser = add_account(), Browser()
    totp, _ = set_second_step(member_id)
    answer = sign_in(browser, next="/timeline")
    assert (answer.status, answer.location) == (303, "/sign-in/code?next=%2Ftimeline")
    assert who(browser) is None
    waiting = browser.cookies[sessions.cookie_name()]
    assert attempts.cookie_name() not in browser.cookies
    assert browser.get("/timeline").location.startswith("/sign-in")
    assert browser.get("/sign-in").location == "/sign-in/code"
    page = browser.get("/sign-in/code?next=/timeline")
    assert 'autocomplete="one-time-code"' in page.text
    assert Deed.SIGNED_IN not in [deed for deed, *_ in deeds()]
    answer = browser.post("/sign-in/code", code=totp.now(), next="/timeline")
    assert (answer.status, answer.location) == (303, "/timeline")
    found = who(browser)
    assert found is not None
    assert found.member_id == member_id
    assert browser.cookies[sessions.cookie_name()] != waiting
    assert sessions.member_with(waiting) is None
    assert Browser(waiting).get("/sign-in/code").location == "/sign-in"
    assert deeds()[-1] == (Deed.SIGNED_IN, member_id, None)


def test_a_wrong_or_used_code_opens_nothing_and_is_recorded():
    member_id, browser = add_account(), Browser()
    totp, codes = set_second_step(member_id)
    sign_in(browser)
    assert browser.post("/sign-in/code", code=codes[0]).status == 303
    other = Browser()
    sign_in(other)
    for code in (codes[0], "", "000000x", totp.at(datetime.now(UTC) - timedelta(minutes=9))):
        answer = other.post("/sign-in/code", code=code)
        assert answer.status == 401
        assert answer.page.fields["code"] == ""
        assert who(other) is None
        assert deeds()[-1] == (Deed.SIGN_IN_REFUSED, None, member_id)
    assert other.post("/sign-in/code", code=codes[1]).status == 303


def test_codes_cannot_be_guessed_from_many_networks():
    member_id = add_account()
    set_second_step(member_id)
    statuses = []
    for place in range(15):
        browser = Browser(address=f"203.0.{place}.7")
        sign_in(browser)
        statuses.append(browser.post("/sign-in/code", code="not a code").status)
    assert statuses == [401] * 10 + [429] * 5
    assert deeds().count((Deed.SIGN_IN_SLOWED, None, member_id)) == 1


def test_browsers_that_gave_a_code_share_tries_that_nobody_else_uses_up():
    member_id = add_account()
    _, codes = set_second_step(member_id)
    mine = [Browser(), Browser()]
    for browser, code in zip(mine, codes, strict=False):
        sign_in(browser)
        assert browser.post("/sign-in/code", code=code).status == 303
        sign_in(browser)
    stranger = Browser(address="203.0.113.9")
    sign_in(stranger)
    for browsers in ([stranger], mine):
        statuses = [
            browser.post("/sign-in/code", code="000000").status
            for _ in range(12)
            for browser in browsers
        ]
        # Signing in with a code counted as well.
        assert statuses.count(401) == 8 + 2 * (browsers is mine)


def test_whoever_waits_for_too_long_begins_again():
    member_id, browser = add_account(), Browser()
    totp, _ = set_second_step(member_id)
    sign_in(browser)
    with database.writing() as db:
        long_ago = datetime.now(UTC) - timedelta(minutes=11)
        db.execute(update(WebSession).values(created_at=long_ago))
    assert browser.get("/sign-in/code").location == "/sign-in"
    assert browser.post("/sign-in/code", code=totp.now()).location == "/sign-in"
    assert who(browser) is None


def test_the_code_page_without_a_passphrase_leads_back():
    assert Browser().get("/sign-in/code").location == "/sign-in"
    assert Browser().post("/sign-in/code", code="123456").location == "/sign-in"
    assert Browser("forged").post("/sign-in/code", code="123456").location == "/sign-in"


# The identity provider


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        with providing() as up:
            yield up


@pytest.fixture
def at_provider(provider: Provider, tracker_settings: settings.Settings) -> Provider:
    """A provider that the server is set up for."""
    identity_provider._kept.clear()
    settings.use(replace(tracker_settings, oidc=provider.configured))
    return provider


def through(provider: Provider, browser: Browser, subject: str, next_path: str = "/log"):
    """Go to the provider, sign in there, and come back."""
    away = browser.get(f"/sign-in/oidc?next={next_path}")
    assert away.status == 303
    assert away.location is not None
    back = provider.signs_in(away.location, subject)
    query = "&".join(f"{name}={value}" for name, value in back.items())
    return browser.get(f"{oidc.CALLBACK}?{query}")


def invite(role: Role = Role.COORDINATOR, email: str = "vera@letters.example") -> Group:
    with database.writing() as db:
        section = factories.section(db)
        group = factories.group(db, section)
        operator = members.operator(db)
        now = datetime.now(UTC)
        invitations.invite(db, operator, section.id, group.id, role, email=email, now=now)
        return group


def test_without_a_provider_there_is_no_button_and_no_route():
    browser = Browser()
    assert "Sign in with" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/oidc").status == 404
    assert browser.get(oidc.CALLBACK).status == 404


def test_the_button_leads_to_the_provider(at_provider):
    page = Browser().get("/sign-in?next=/timeline")
    assert "Sign in with Fictional ID" in page.text
    assert "/sign-in/oidc?next=%2Ftimeline" in page.text
    answer = Browser().get("/sign-in/oidc?next=/timeline")
    assert answer.location is not None
    assert answer.location.startswith(at_provider.issuer)
    asked = dict(parse_qsl(urlsplit(answer.location).query))
    assert asked["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= set(asked)


def test_an_invited_address_becomes_a_member_once(at_provider):
    group = invite()
    at_provider.knows("vera-1", email="Vera@Letters.example", email_verified=True, name="Vera V.")
    browser = Browser()
    answer = through(at_provider, browser, "vera-1", "/timeline")
    assert (answer.status, answer.location) == (303, "/timeline")
    found = who(browser)
    assert found is not None
    assert (found.name, found.group_id, found.roles) == ("Vera V.", group.id, {Role.COORDINATOR})
    assert found.has_identity
    assert not found.has_passphrase
    joined = [deed for deed, *_ in deeds()][-2:]
    assert joined == [Deed.JOINED, Deed.SIGNED_IN]
    with database.reading() as db:
        assert db.scalars(select(Invitation)).one().spent_at is not None
    again = Browser()
    assert through(at_provider, again, "vera-1").status == 303
    assert who(again) == found
    assert count(Member) == 1


def test_the_address_of_a_member_is_of_no_use_to_another_subject(at_provider):
    invite()
    at_provider.knows("vera-2", email="vera@letters.example", email_verified=True)
    at_provider.knows("mallory", email="vera@letters.example", email_verified=True)
    assert through(at_provider, Browser(), "vera-2").status == 303
    browser = Browser()
    assert through(at_provider, browser, "mallory").status == 401
    assert who(browser) is None
    assert count(Member) == 1


def test_a_mapped_domain_makes_volunteers_of_its_section(at_provider):
    with database.writing() as db:
        section = factories.section(db)
        operator, now = members.operator(db), datetime.now(UTC)
        invitations.map_domain(db, operator, "ruritania.example", section.id, now=now)
    at_provider.knows("otto", email="otto@ruritania.example", email_verified=True)
    browser = Browser()
    assert through(at_provider, browser, "otto").status == 303
    found = who(browser)
    assert found is not None
    assert found.grants == {(Role.VOLUNTEER, section.id)}
    assert found.name


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "vera@letters.example", "email_verified": False},
        {"email": "vera@letters.example"},
        {"email": "vera@letters.example", "email_verified": "true"},
        {"email": "otto@letters.example", "email_verified": True},
        {"email": "otto@evil.ruritania.example", "email_verified": True},
        {},
    ],
)
def test_whom_nobody_invited_stays_out(at_provider, claims):
    invite()
    with database.writing() as db:
        section, operator = factories.section(db), members.operator(db)
        now = datetime.now(UTC)
        invitations.map_domain(db, operator, "ruritania.example", section.id, now=now)
        before = factories.everything(db)
    at_provider.knows("stranger", **claims)
    browser = Browser()
    answer = through(at_provider, browser, "stranger")
    assert answer.status == 401
    assert "ask your coordinator" in answer.text
    assert who(browser) is None
    with database.writing() as db:
        after = factories.everything(db)
    assert len(after.pop("record_entries")) == len(before.pop("record_entries")) + 1
    assert after == before
    assert deeds()[-1] == (Deed.SIGN_IN_REFUSED, None, None)


def test_a_disabled_member_stays_out_and_does_not_join_again(at_provider):
    invite()
    at_provider.knows("vera-3", email="vera@letters.example", email_verified=True)
    through(at_provider, Browser(), "vera-3")
    with database.writing() as db:
        db.execute(update(Member).values(disabled_at=datetime.now(UTC)))
        factories.group(db, factories.section(db))
    invite()
    browser = Browser()
    assert through(at_provider, browser, "vera-3").status == 401
    assert who(browser) is None
    assert count(Member) == 1
    with database.reading() as db:
        member_id = db.scalars(select(Member.id)).one()
    assert deeds()[-1] == (Deed.SIGN_IN_REFUSED, None, member_id)


def test_the_second_step_is_asked_of_those_who_come_from_the_provider_too(at_provider):
    invite()
    at_provider.knows("vera-4", email="vera@letters.example", email_verified=True)
    through(at_provider, Browser(), "vera-4")
    with database.reading() as db:
        member_id = db.scalars(select(Member.id)).one()
    totp, _ = set_second_step(member_id)
    browser = Browser()
    answer = through(at_provider, browser, "vera-4")
    assert answer.location == "/sign-in/code?next=%2Flog"
    assert who(browser) is None
    assert browser.post("/sign-in/code", code=totp.now(), next="/log").location == "/log"
    assert who(browser) is not None


@pytest.mark.parametrize(
    "query",
    ["", "state=x&code=y", "error=access_denied", "error=<script>", "code=y", "state=%00&code=%00"],
)
def test_an_unknown_answer_of_the_provider_is_refused_in_a_plain_sentence(at_provider, query):
    browser = Browser()
    browser.get("/sign-in/oidc")
    answer = browser.get(f"{oidc.CALLBACK}?{query}")
    assert answer.status == 401
    assert answer.page.title == "You are not signed in"
    assert "<script" not in answer.text
    assert oidc.cookie_name() not in browser.cookies
    assert who(browser) is None


def test_a_flood_of_unknown_answers_fills_no_record(at_provider):
    for _ in range(20):
        Browser().get(f"{oidc.CALLBACK}?error=access_denied")
    assert len(deeds()) == 5


def test_a_provider_that_is_away_is_said_to_be(at_provider, tracker_settings):
    identity_provider._kept.clear()
    away = replace(at_provider.configured, issuer="http://127.0.0.1:9")
    settings.use(replace(tracker_settings, oidc=away))
    answer = Browser().get("/sign-in/oidc")
    assert answer.status == 502
    assert "does not answer" in answer.text
