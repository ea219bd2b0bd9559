"""One's own account on plain pages: passphrase, second step, erasing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from tests import factories
from tests.web.browser import Answer, Browser
from tests.web.doors import PASSPHRASE, add_account, deeds, nobody_tried, sign_in, who
from tracker import accounts, database, settings
from tracker.models import Deed, Member, Role, WebSession
from tracker.web import account_forms, attempts, sessions

NEW = "nine lamps and one umbrella"
PATHS = ["/account/passphrase", "/account/second-step", "/account/erase"]

pytestmark = pytest.mark.usefixtures("tracker_settings", "quick_hashing")


@pytest.fixture(autouse=True)
def _fresh_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_tried(monkeypatch)


def newcomer(roles: tuple[Role, ...] = (Role.VOLUNTEER,)) -> Browser:
    """Return the browser of somebody whom a link let in, without a passphrase."""
    with database.writing() as db:
        member = factories.member(db, roles, name="Fictional Nora")
        return Browser(sessions.begin(db, member.id, now=datetime.now(UTC)))


def signed_in(*roles: Role) -> Browser:
    add_account(roles=roles or (Role.VOLUNTEER,))
    browser = Browser()
    sign_in(browser)
    return browser


def member_id(browser: Browser) -> int:
    found = who(browser)
    assert found is not None
    assert found.member_id is not None
    return found.member_id


def secret_on(text: str) -> pyotp.TOTP:
    found = re.search(r'<p class="codes">([A-Z2-7 ]+)</p>', text)
    assert found is not None
    return pyotp.TOTP(found[1].replace(" ", ""))


def set_second_step(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    page = browser.get("/account/second-step")
    totp = secret_on(page.text)
    code = totp.at(datetime.now(UTC) - timedelta(seconds=30))
    fields = {"do": "set", "secret": page.page.fields["secret"] or "", "current": PASSPHRASE}
    answer = browser.post("/account/second-step", code=code, **fields)
    assert answer.status == 200
    return totp, re.findall(r"<li>([0-9A-Z-]{19})</li>", answer.text)


@pytest.mark.parametrize("path", PATHS)
def test_the_signed_out_see_nothing_of_it(path):
    before = deeds()
    for answer in (Browser().get(path), Browser().post(path, passphrase=NEW, sure="yes")):
        assert answer.status == 303
        assert (answer.location or "").startswith("/sign-in")
    assert deeds() == before


@pytest.mark.parametrize("path", PATHS)
def test_another_site_sends_nothing_here(path):
    browser = signed_in()
    assert browser.post(path, origin="https://evil.example", sure="yes").status == 403
    assert browser.post(path, sure="x" * 20_000).status == 403
    assert who(browser) is not None


def test_whoever_waits_for_a_code_gets_none_of_these_pages():
    browser = signed_in()
    set_second_step(browser)
    waiting = Browser()
    sign_in(waiting)
    for path in PATHS:
        assert (waiting.get(path).location or "").startswith("/sign-in")


# The passphrase


def test_a_newcomer_chooses_names_and_a_passphrase():
    browser = newcomer()
    answer = browser.get("/account/passphrase")
    assert answer.page.fields == {
        "name": "Fictional Nora", "sign_in_name": "", "passphrase": "", "repeat": ""
    }  # fmt: skip
    assert answer.text.count('autocomplete="new-password"') == 2
    assert 'autocomplete="username"' in answer.text
    answer = browser.post(
        "/account/passphrase", name="Nora N.", sign_in_name="nora", passphrase=NEW, repeat=NEW
    )
    assert (answer.status, answer.location) == (303, "/account?done=passphrase")
    found = who(browser)  # still here
    assert found is not None
    assert (found.name, found.has_passphrase) == ("Nora N.", True)
    assert sign_in(Browser(), "nora", NEW).status == 303


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept():
    add_account("vera")
    browser = newcomer()
    answer = browser.post(
        "/account/passphrase", name=" ", sign_in_name="<vera>", passphrase="short", repeat=""
    )
    assert answer.status == 422
    assert answer.page.fields == {
        "name": " ", "sign_in_name": "<vera>", "passphrase": "", "repeat": ""
    }  # fmt: skip
    assert "Please give a name for others to see." in answer.page.sentences
    assert "A passphrase has at least 12 characters." in answer.page.sentences
    answer = browser.post(
        "/account/passphrase", name="N", sign_in_name="VERA", passphrase=NEW, repeat=NEW
    )
    assert answer.status == 422
    assert "Somebody here signs in with this name already." in answer.page.sentences
    assert NEW not in answer.text
    found = who(browser)
    assert found is not None
    assert not found.has_passphrase


def test_that_a_name_is_taken_is_told_few_times():
    add_account("vera")
    browser = newcomer()
    fields = {"name": "N", "passphrase": NEW, "repeat": NEW}
    statuses = [
        browser.post("/account/passphrase", sign_in_name="vera", **fields).status for _ in range(7)
    ]
    assert statuses == [422] * 5 + [429] * 2
    assert browser.post("/account/passphrase", sign_in_name="nora", **fields).status == 429


def test_a_passphrase_given_meanwhile_is_not_chosen_over(monkeypatch):
    browser = newcomer()
    key = member_id(browser)
    prepared = accounts.prepared
    mine = prepared("Nora", "nora", PASSPHRASE)

    def slow(*typed, **more):
        with database.writing() as db:
            token = browser.cookies[sessions.cookie_name()]
            accounts.give(db, key, mine, now=datetime.now(UTC), keep_token=token)
        return prepared(*typed, **more)

    monkeypatch.setattr(accounts, "prepared", slow)
    answer = browser.post(
        "/account/passphrase", name="Thief", sign_in_name="thief", passphrase=NEW, repeat=NEW
    )
    assert (answer.status, answer.location) == (303, "/account/passphrase")
    assert sign_in(Browser(), "thief", NEW).status == 401
    assert sign_in(Browser(), "nora").status == 303


def test_a_new_passphrase_signs_every_other_browser_out():
    mine, other = signed_in(), Browser()
    sign_in(other)
    assert set(mine.get("/account/passphrase").page.fields) == {
        "sign_in_name", "current", "passphrase", "repeat"
    }  # fmt: skip
    answer = mine.post("/account/passphrase", current=PASSPHRASE, passphrase=NEW, repeat=NEW)
    assert (answer.status, answer.location) == (303, "/account?done=passphrase")
    assert who(mine) is not None
    assert who(other) is None
    assert sign_in(Browser()).status == 401
    assert sign_in(Browser(), passphrase=NEW).status == 303
    assert Deed.PASSPHRASE_CHANGED in [deed for deed, *_ in deeds()]


def test_a_new_passphrase_needs_the_old_one_and_both_times_the_same():
    browser = signed_in()
    answer = browser.post("/account/passphrase", current=NEW, passphrase=NEW, repeat=NEW)
    assert answer.status == 422
    assert "This is not your passphrase." in answer.page.sentences
    assert deeds()[-1] == (Deed.SIGN_IN_REFUSED, None, member_id(browser))
    answer = browser.post("/account/passphrase", current=PASSPHRASE, passphrase=NEW, repeat="")
    assert answer.status == 422
    assert "The two differ. Please type the new passphrase twice." in answer.page.sentences
    assert sign_in(Browser()).status == 303


def test_a_browser_left_open_is_no_place_to_guess_the_passphrase():
    browser = signed_in()
    statuses = [
        browser.post("/account/passphrase", current=f"guess {place}", passphrase=NEW).status
        for place in range(7)
    ]
    assert statuses == [422] * 5 + [429] * 2


# The second step


def test_the_second_step_is_set_with_the_first_code():
    browser, other = signed_in(), Browser()
    sign_in(other)
    page = browser.get("/account/second-step")
    assert page.status == 200
    assert 'src="data:image/svg+xml' in page.text
    assert secret_on(page.text).secret != secret_on(browser.get("/account/second-step").text).secret
    _, codes = set_second_step(browser)
    assert len(set(codes)) == 10
    assert who(browser) is not None
    assert who(other) is None
    assert sign_in(Browser()).location == "/sign-in/code"
    with database.reading() as db:
        found, now = accounts.known(db, "vera"), datetime.now(UTC)
    # The browser that gave the first code is known by it, and no other.
    assert attempts._is_known(browser.cookies[attempts.cookie_name()], found, now)
    assert not attempts._is_known(other.cookies[attempts.cookie_name()], found, now)
    after = browser.get("/account/second-step").text
    assert "codes" not in re.findall(r'<p class="(\w+)"', after)
    for code in codes:
        assert code not in after


def test_a_wrong_code_or_passphrase_sets_nothing():
    browser = signed_in()
    page = browser.get("/account/second-step")
    totp, sealed = secret_on(page.text), page.page.fields["secret"] or ""
    for fields, said in (
        ({"code": "12 34", "current": PASSPHRASE}, "This code is not right"),
        ({"code": totp.now(), "current": NEW}, "This is not your passphrase."),
    ):
        answer = browser.post("/account/second-step", do="set", secret=sealed, **fields)
        assert answer.status == 422
        assert said in answer.text
        assert secret_on(answer.text).secret == totp.secret
    assert sign_in(Browser()).location == "/"
    with database.reading() as db:
        assert db.scalars(select(Member.totp_secret)).all() == [None]


def test_a_secret_is_of_no_use_to_others_nor_for_long_nor_where_it_was_changed(monkeypatch):
    browser, other = signed_in(), Browser()
    add_account("otto")
    sign_in(other, "otto")
    page = browser.get("/account/second-step")
    totp, sealed = secret_on(page.text), page.page.fields["secret"] or ""

    def sent(by: Browser, secret: str) -> int:
        fields = {"do": "set", "code": totp.now(), "current": PASSPHRASE}
        return by.post("/account/second-step", secret=secret, **fields).status

    changed = sealed[:40] + ("B" if sealed[40] == "A" else "A") + sealed[41:]
    for secret in ("", "x", "ö", changed, totp.secret):
        nobody_tried(monkeypatch)
        assert sent(browser, secret) == 422
    assert sent(other, sealed) == 422
    with monkeypatch.context() as patch:
        patch.setattr(account_forms, "TO_SCAN", timedelta(seconds=-1))
        nobody_tried(patch)
        assert sent(browser, sealed) == 422
    with database.reading() as db:
        assert db.scalars(select(Member.totp_since)).all() == [None, None]
    assert sent(browser, sealed) == 200


def remove(browser: Browser, code: str, current: str = PASSPHRASE) -> Answer:
    return browser.post("/account/second-step", do="remove", code=code, current=current)


def test_the_second_step_goes_with_a_code_and_the_passphrase():
    browser = signed_in()
    totp, codes = set_second_step(browser)
    fields = browser.get("/account/second-step").page.fields
    assert fields == {"do": "remove", "code": "", "current": ""}
    key = member_id(browser)
    for code, current in (("0", PASSPHRASE), (codes[0], NEW), (codes[0], "")):
        assert remove(browser, code, current).status == 422
        assert deeds()[-1] == (Deed.SIGN_IN_REFUSED, None, key)
    answer = remove(browser, codes[0])
    assert (answer.status, answer.location) == (303, "/account?done=second-step")
    assert sign_in(Browser()).location == "/"
    assert totp.secret != secret_on(browser.get("/account/second-step").text).secret


def test_where_it_is_demanded_it_opens_the_role_and_stays(tracker_settings):
    settings.use(replace(tracker_settings, require_totp=True))
    browser = signed_in(Role.COORDINATOR)
    found = who(browser)
    assert found is not None
    assert (found.roles, found.waiting) == (set(), {Role.COORDINATOR})
    assert browser.get("/").location == "/account"
    assert browser.get("/progress").status == 403
    assert browser.get("/account").status == 200
    _, codes = set_second_step(browser)
    found = who(browser)
    assert found is not None
    assert found.roles == {Role.COORDINATOR}
    answer = remove(browser, codes[0])
    assert answer.status == 422
    assert "cannot be taken away" in answer.text
    with database.reading() as db:
        assert db.scalars(select(Member.totp_since)).one() is not None
    # The code was not used up by a step that was refused.
    waiting = Browser()
    sign_in(waiting)
    assert waiting.post("/sign-in/code", code=codes[0]).status == 303


def test_codes_of_an_open_browser_are_counted_as_those_of_sign_in(monkeypatch):
    browser = signed_in()
    set_second_step(browser)
    statuses = []
    for place in range(12):
        monkeypatch.setattr(attempts, "PASSPHRASES", attempts.Attempts(5, 60))
        statuses.append(remove(browser, f"{place:06}").status)
    assert statuses == [422] * 10 + [429] * 2
    sign_in(browser)
    assert browser.post("/sign-in/code", code="000000").status == 429


# Erasing


def test_an_account_is_erased_after_a_tick_and_the_passphrase():
    browser = signed_in()
    key = member_id(browser)
    page = browser.get("/account/erase")
    assert page.page.fields == {"current": "", "sure": "yes"}
    answer = browser.post("/account/erase", current=PASSPHRASE)
    assert answer.status == 422
    assert "Please tick this box if you are sure." in answer.page.sentences
    answer = browser.post("/account/erase", current=NEW, sure="yes")
    assert answer.status == 422
    assert "This is not your passphrase." in answer.page.sentences
    assert deeds()[-1] == (Deed.SIGN_IN_REFUSED, None, key)
    assert member_id(browser) == key
    token = browser.cookies[sessions.cookie_name()]
    answer = browser.post("/account/erase", current=PASSPHRASE, sure="yes")
    assert answer.status == 200
    assert answer.page.title == "Your account is gone"
    assert browser.cookies == {}
    assert sessions.member_with(token) is None
    with database.reading() as db:
        assert db.scalars(select(Member.id)).all() == []
        assert db.scalars(select(WebSession.id)).all() == []
        assert not accounts.known(db, "vera").enabled
    assert sign_in(Browser()).status == 401


def test_the_last_case_lead_stays():
    browser = signed_in(Role.CASE_LEAD)
    answer = browser.post("/account/erase", current=PASSPHRASE, sure="yes")
    assert answer.status == 422
    assert "case lead" in answer.text
    assert who(browser) is not None


def test_whoever_has_no_passphrase_yet_can_go_as_well():
    browser = newcomer()
    assert browser.get("/account/erase").page.fields == {"sure": "yes"}
    assert browser.post("/account/erase", sure="yes").status == 200
    assert who(browser) is None
