"""The set-up link: looked at as often as one likes, and good until somebody can come back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import make_url

from tests import factories
from tests.web.browser import ORIGIN, Browser
from tracker import database, invitations, members, sealing, settings
from tracker.models import Member, Role, Section, WebSession
from tracker.web import serving, sessions

ADDRESS = "http://letters.example:8501"
GONE = "This link opens nothing any more"
TYPED = {"section": "Ruritania (fictional)", "time_zone": "Europe/Vienna"}

pytestmark = pytest.mark.usefixtures("tracker_settings")


def new_link(member_id: int | None = None, *, made: datetime | None = None) -> str:
    with database.writing() as db:
        token = invitations.new_sign_in_link(db, member_id, now=made or datetime.now(UTC))
    return f"/setup/{token}"


def counts() -> tuple[int, int, int]:
    """Return how many sections, members and sessions there are."""
    with database.reading() as db:
        tables = (Section, Member, WebSession)
        found = [db.scalar(select(func.count()).select_from(table)) for table in tables]
    return tuple(number or 0 for number in found)  # type: ignore[return-value]


def who(browser: Browser) -> members.Asker:
    found = sessions.member_with(browser.cookies[sessions.cookie_name()])
    assert found is not None
    return found


def test_looking_at_the_link_spends_nothing():
    link, browser = new_link(), Browser()
    for answer in (browser.get(link), browser.head(link), browser.get(link)):
        assert answer.status == 200
        assert answer.cookies == {}
    page = browser.get(link).page
    assert page.title == "Set up this server"
    assert page.fields == {"section": "First section", "time_zone": "UTC"}
    assert page.sentences[-1] == "Set up and sign in"
    assert counts() == (0, 0, 0)
    assert browser.post(link, **TYPED).status == 303


def test_pressing_the_button_sets_the_server_up_and_signs_in():
    browser = Browser()
    answer = browser.post(new_link(), **TYPED)
    assert (answer.status, answer.location) == (303, "/")
    assert counts() == (1, 1, 1)
    member = who(browser)
    assert member.roles == set(Role)
    assert (member.section, member.time_zone) == ("Ruritania (fictional)", "Europe/Vienna")
    assert {section for _, section in member.grants} == {member.section_id}
    assert browser.get("/").location == "/log"


def test_the_link_signs_the_first_member_in_again_until_a_case_lead_has_a_passphrase():
    link, browser, other = new_link(), Browser(), Browser()
    assert browser.post(link, **TYPED).status == 303
    page = other.get(link).page
    assert page.title == "Sign in"
    assert page.fields == {}
    assert page.sentences[1:] == [
        "This link signs you in, until you have chosen a passphrase.", "Sign in"
    ]  # fmt: skip
    assert other.post(link).status == 303
    assert who(other).member_id == who(browser).member_id
    assert counts() == (1, 1, 2)
    with database.writing() as db:
        db.execute(update(Member).values(passphrase="a hash"))
    late = Browser()
    for answer in (late.post(link, **TYPED), late.get(link), late.head(link)):
        assert answer.status == 410
        assert answer.cookies == {}
    assert late.get(link).page.title == GONE
    assert counts() == (1, 1, 2)
    assert browser.get("/").location == "/log"


def test_two_who_press_at_once_are_one_member():
    link, browsers, start = new_link(), [Browser(), Browser()], Barrier(2)

    def press(browser: Browser) -> int:
        start.wait()
        return browser.post(link, **TYPED).status

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(press, browsers)) == [303, 303]
    assert counts() == (1, 1, 2)


def test_two_links_pressed_at_once_make_one_first_member():
    links, start = [new_link(), new_link()], Barrier(2)

    def press(link: str) -> int:
        start.wait()
        return Browser().post(link, **TYPED).status

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(press, links)) == [303, 303]
    assert counts() == (1, 1, 2)


def test_a_link_opens_nothing_after_a_day():
    now = datetime.now(UTC)
    old = new_link(made=now - timedelta(days=1, seconds=1))
    young = new_link(made=now - timedelta(hours=23))
    for answer in (Browser().get(old), Browser().post(old, **TYPED)):
        assert answer.status == 410
        assert answer.page.title == GONE
    assert counts() == (0, 0, 0)
    assert Browser().post(young, **TYPED).status == 303


def test_an_unknown_link_opens_nothing():
    new_link()
    for token in ("unknown", "%20", "x" * 4000, "%C3%B6", "<script>", "%00"):
        link = f"/setup/{token}"
        for answer in (Browser().get(link), Browser().post(link, **TYPED)):
            assert answer.status == 410
            assert answer.page.title == GONE
            assert "script" not in answer.page.tags
    assert counts() == (0, 0, 0)


REFUSED = [
    ({"section": ""}, "Please give the section a name."),
    ({"section": " \t\n "}, "Please give the section a name."),
    ({"section": "\0"}, "Please give the section a name."),
    ({"section": "x" * 121}, "That name is too long: 120 characters are the most."),
    ({"section": "Elbonia (fictional)"}, "There is a section with this name already."),
    ({"section": " Elbonia  (fictional)"}, "There is a section with this name already."),
    ({"time_zone": "Mars/Olympus"}, "Please choose a time zone from the list."),
    ({"time_zone": "../../etc/passwd"}, "Please choose a time zone from the list."),
    ({"time_zone": ""}, "Please choose a time zone from the list."),
]


def test_a_section_that_cannot_be_is_refused_beside_its_field_and_costs_no_link():
    with database.writing() as db:
        factories.section(db, "Elbonia (fictional)")
    link, browser = new_link(), Browser()
    for typed, sentence in REFUSED:
        answer = browser.post(link, **(TYPED | typed))
        assert answer.status == 422
        assert sentence in answer.page.sentences
        # What was typed is kept, but for a time zone that no list has.
        assert answer.page.fields["section"] == (TYPED | typed)["section"]
        zone = None if "time_zone" in typed else TYPED["time_zone"]
        assert answer.page.fields.get("time_zone") == zone
        assert answer.cookies == {}
        assert browser.get(link).status == 200
    assert counts() == (1, 0, 0)
    assert browser.post(link, **TYPED).status == 303


def test_what_was_typed_comes_back_as_it_was_and_runs_nothing():
    evil = "\"><script>alert(1)</script><b x='&amp;'>"
    answer = Browser().post(new_link(), section=evil, time_zone=evil)
    assert answer.status == 422
    assert answer.page.fields["section"] == evil
    assert {"script", "b"} & set(answer.page.tags) == set()


def test_a_form_without_its_fields_is_refused_and_costs_no_link():
    link, browser = new_link(), Browser()
    assert browser.post(link).status == 422
    broken = {"content-type": "multipart/form-data", "origin": ORIGIN}
    assert browser.send("POST", link, headers=broken, body=b"--x").status in {400, 422}
    assert browser.send("PUT", link, headers={"origin": ORIGIN}).status == 405
    assert browser.post(link, **TYPED).status == 303


def test_a_name_of_120_letters_may_have_spaces_around():
    browser = Browser()
    answer = browser.post(new_link(), section=f"  {'y' * 60}   {'z' * 59}  ", time_zone="UTC")
    assert answer.status == 303
    assert who(browser).section == f"{'y' * 60} {'z' * 59}"


def test_another_site_cannot_press_the_button():
    link, browser = new_link(), Browser()
    for origin in ("https://evil.example", "http://letters.example:9999", "null", ""):
        answer = browser.post(link, origin=origin, **TYPED)
        assert answer.status == 403
        assert answer.cookies == {}
    assert counts() == (0, 0, 0)
    assert browser.post(link, **TYPED).status == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites():
    cookies = Browser().post(new_link(), **TYPED).cookies
    assert list(cookies) == ["tracker_session"]
    cookie = cookies["tracker_session"]
    assert cookie["httponly"] is True
    assert cookie["samesite"].lower() == "lax"
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""
    assert cookie["secure"] == ""
    assert cookie["max-age"] == str(30 * 24 * 3600)


def test_the_cookie_under_https_is_held_to_https(tracker_settings):
    settings.use(replace(tracker_settings, base_url="https://letters.example:8501"))
    browser = Browser()
    cookies = browser.post(new_link(), origin="https://letters.example:8501", **TYPED).cookies
    assert list(cookies) == ["__Host-tracker-session"]
    cookie = cookies["__Host-tracker-session"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")
    assert cookie["samesite"].lower() == "lax"
    assert cookie["domain"] == ""
    assert browser.get("/").location == "/log"


def test_the_page_tells_nobody_its_address():
    link = new_link()
    answer = Browser().get(link)
    assert link.removeprefix("/setup/") not in answer.text
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    # Nothing in it is fetched from anywhere, so nothing carries the address away.
    assert {"script", "img", "iframe"} & set(answer.page.tags) == set()
    assert answer.page.tags.count("link") == 1
    assert '<link rel="icon" href="/favicon.png">' in answer.text


def test_after_a_restart_a_fresh_link_signs_the_same_member_in():
    first, old = Browser(), new_link()
    first.post(new_link(), **TYPED)
    fresh = serving.prepare(ADDRESS)[-1].split(ADDRESS)[1]
    assert Browser().get(old).status == 410
    assert Browser().post(old, **TYPED).status == 410
    again = Browser()
    page = again.get(fresh).page
    assert page.title == "Sign in"
    assert page.fields == {}
    assert page.sentences[-1] == "Sign in"
    assert again.post(fresh, section="Somebody else's", time_zone="UTC").status == 303
    assert who(again).member_id == who(first).member_id
    assert who(again).section == "Ruritania (fictional)"
    assert counts() == (1, 1, 2)


def test_a_body_larger_than_any_form_is_refused_and_spends_nothing():
    link = new_link()
    assert Browser().post(link, section="x" * 20_000, time_zone="UTC").status == 403
    assert counts() == (0, 0, 0)
    assert Browser().post(link, **TYPED).status == 303


def test_a_members_own_link_signs_in_that_member_in_a_demonstration():
    with database.writing() as db:
        factories.member(db, list(Role))
        member = factories.member(db, name='Fictional <b>Bo</b> "B"')
        members.mark_demo(db)
    browser, link = Browser(), new_link(member.id)
    page = browser.get(link).page
    # Chat programs preview the page: it names nobody.
    assert "This link signs you in, once." in page.sentences
    assert "Bo" not in browser.get(link).text
    assert browser.post(link).status == 303
    assert who(browser).member_id == member.id
    assert who(browser).roles == {Role.VOLUNTEER}
    assert Browser().post(link).status == 410


def test_elsewhere_a_members_own_link_lets_nobody_in_without_a_new_passphrase():
    """Whoever made it for a member must not come in as that member unseen."""
    with database.writing() as db:
        member = factories.member(db)
    link = new_link(member.id)
    for answer in (Browser().get(link), Browser().post(link)):
        assert answer.status == 410
        assert answer.cookies == {}
    assert Browser().get(link.replace("/setup/", "/passphrase/")).status == 200


def test_a_disabled_members_link_lets_nobody_in():
    with database.writing() as db:
        member = factories.member(db)
        members.mark_demo(db)
    browser, link = Browser(), new_link(member.id)
    with database.writing() as db:
        db.execute(update(Member).values(disabled_at=datetime.now(UTC)))
    browser.post(link)
    assert browser.get("/log").status == 303
    assert browser.get("/").location == "/sign-in"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_file_of_the_database_holds_a_link(tracker_settings):
    link = new_link()
    token = link.removeprefix("/setup/")
    Browser().post(link, **TYPED)
    file = Path(make_url(tracker_settings.database_url).database or "")
    kept = b"".join(found.read_bytes() for found in file.parent.glob(f"{file.name}*"))
    assert sealing.token_hash(token) in kept  # the search finds what is there
    assert token.encode() not in kept
