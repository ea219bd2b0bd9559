"""Invitations, join codes and links to a passphrase, as a browser meets them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from tests import factories
from tests.web.browser import Browser
from tests.web.doors import add_account, nobody_tried
from tracker import accounts, database, invitations, members
from tracker.accounts import AccountProblem, passphrases
from tracker.models import (
    Deed,
    Invitation,
    JoinCode,
    Member,
    RecordEntry,
    Role,
    WebSession,
)
from tracker.web import attempts, joining, sessions

GONE = "This link opens nothing any more"
TYPED = {
    "name": "Fictional Una",
    "sign_in_name": "una",
    "passphrase": "seven odd lanterns over the marsh",
}

pytestmark = pytest.mark.usefixtures("tracker_settings", "quick_hashing")


@pytest.fixture(autouse=True)
def _nobody_looked(monkeypatch):
    monkeypatch.setattr(joining, "CODES_OPENED", attempts.Attempts(600, 60))
    nobody_tried(monkeypatch)


@pytest.fixture
def links() -> dict[str, str]:
    """Return one link of each kind; the one to a passphrase is a volunteer's, Vera's."""
    now = datetime.now(UTC)
    with database.writing() as db:
        section = factories.section(db)
        group = factories.group(db, section)
        who = factories.asker(db, [Role.COORDINATOR], of=section, in_group=group, name="Cora")
        vera = factories.member(db, of=section, in_group=group, name="Fictional Vera")
        token = invitations.invite(db, who, section.id, group.id, Role.COORDINATOR, now=now)
        invitations.make_join_code(db, who, 2, now=now)
        code = invitations.join_codes(db, who, section.id, now=now)[0].code
        fresh = invitations.reset(db, who, vera.id, now=now)
    return {
        "invite": f"/invite/{token}",
        "join": f"/join/{code}",
        "passphrase": f"/passphrase/{fresh}",
    }


def count(table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def who(browser: Browser) -> members.Asker:
    found = sessions.member_with(browser.cookies[sessions.cookie_name()])
    assert found is not None
    return found


@pytest.mark.parametrize("kind", ["invite", "join", "passphrase"])
def test_looking_shows_the_place_and_a_form_names_nobody_and_spends_nothing(links, kind):
    browser = Browser()
    before = count(RecordEntry)
    for _ in range(3):
        answer = browser.get(links[kind])
        assert answer.status == 200
        assert answer.cookies == {}
    page = answer.page
    assert set(page.fields) == {"name", "sign_in_name", "passphrase"}
    assert set(page.fields.values()) == {""}
    for shown in ("Ruritania (fictional)", "Group of the Old Mill (fictional)"):
        assert shown in answer.text
    for hidden in ("Vera", "Cora", links[kind].rpartition("/")[2]):
        assert hidden not in answer.text
    for filled_in in ('autocomplete="username"', 'autocomplete="new-password"'):
        assert filled_in in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (count(Member), count(RecordEntry)) == (2, before)


@pytest.mark.parametrize(("kind", "role"), [("invite", "coordinator"), ("join", "volunteer")])
def test_whoever_joins_is_a_member_there_and_signed_in(links, kind, role):
    browser = Browser()
    assert f"You are invited as {role}:" in browser.get(links[kind]).text
    answer = browser.post(links[kind], **TYPED)
    assert (answer.status, answer.location) == (303, "/")
    member = who(browser)
    assert (member.name, member.roles) == ("Fictional Una", {Role(role)})
    assert (member.section, member.group) == (
        "Ruritania (fictional)", "Group of the Old Mill (fictional)"
    )  # fmt: skip
    with database.reading() as db:
        found = accounts.known(db, "UNA")
        deeds = db.scalars(
            select(RecordEntry.deed)
            .where(RecordEntry.member_id == member.member_id)
            .order_by(RecordEntry.id)
        ).all()
    assert accounts.verified(found, TYPED["passphrase"])
    assert deeds == [Deed.JOINED, Deed.ACCOUNT_CHOSEN, Deed.SIGNED_IN]


def test_a_fresh_link_gives_its_member_a_new_passphrase_and_ends_the_old_sessions(links):
    with database.writing() as db:
        vera = db.scalars(select(Member.id).order_by(Member.id.desc())).first()
        old = sessions.begin(db, vera, now=datetime.now(UTC))
    browser = Browser()
    assert browser.get(links["passphrase"]).page.title == "Choose how you sign in"
    assert sessions.member_with(old) is not None
    assert browser.post(links["passphrase"], **TYPED).status == 303
    assert sessions.member_with(old) is None
    assert who(browser).member_id == vera
    assert count(Member) == 2
    with database.reading() as db:
        assert accounts.verified(accounts.known(db, "una"), TYPED["passphrase"])


@pytest.mark.parametrize("kind", ["invite", "join", "passphrase"])
def test_a_form_sent_twice_makes_one_member_and_lets_them_in_by_either_answer(links, kind):
    before, start = count(Member), Barrier(2)
    browsers = [Browser(), Browser()]

    def send(browser: Browser) -> int:
        start.wait()
        return browser.post(links[kind], **TYPED).status

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(send, browsers)) == [303, 303]
    assert count(Member) == before + (kind != "passphrase")
    # A browser shows the second answer, whichever of the two that was.
    assert len({who(browser).member_id for browser in browsers}) == 1
    with database.reading() as db:
        assert db.scalars(select(JoinCode.joined)).one() == (kind == "join")


@pytest.mark.parametrize(("kind", "status"), [("invite", 410), ("join", 422), ("passphrase", 410)])
def test_a_link_that_was_used_lets_nobody_in_without_the_passphrase(links, kind, status):
    assert Browser().post(links[kind], **TYPED).status == 303
    before = count(Member)
    other = TYPED | {"passphrase": "another quiet mill pond"}
    stranger = Browser()
    answer = stranger.post(links[kind], **other)
    assert (answer.status, answer.cookies) == (status, {})
    assert count(Member) == before


MISTAKES = [
    ({"name": " "}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"sign_in_name": ""}, "sign_in_name"),
    ({"passphrase": "short"}, "passphrase"),
    ({"passphrase": ""}, "passphrase"),
    ({"passphrase": "passwordpassword"}, "passphrase"),
]


@pytest.mark.parametrize("kind", ["invite", "join", "passphrase"])
def test_a_mistake_is_told_beside_its_field_keeps_what_was_typed_and_costs_no_link(links, kind):
    browser, before = Browser(), count(RecordEntry)
    for typed, field in MISTAKES:
        answer = browser.post(links[kind], **(TYPED | typed))
        assert answer.status == 422, typed
        assert answer.cookies == {}
        assert f'aria-describedby="{field}-note" aria-invalid="true"' in answer.text
        kept = answer.page.fields
        assert kept["passphrase"] == ""
        assert TYPED["passphrase"] not in answer.text
        for name in ("name", "sign_in_name"):
            assert kept[name] == (TYPED | typed)[name]
    assert browser.post(links[kind]).status == 422  # all fields at once
    assert (count(Member), count(RecordEntry)) == (2, before)
    assert browser.post(links[kind], **TYPED).status == 303


def test_a_sign_in_name_that_somebody_has_is_told_and_costs_no_link(links):
    assert Browser().post(links["join"], **TYPED).status == 303
    typed = TYPED | {
        "sign_in_name": " \uff35\uff2e\uff21 ",
        "passphrase": "another quiet mill pond",
    }
    answer = Browser().post(links["invite"], **typed)
    assert answer.status == 422
    assert count(Member) == 3
    assert Browser().post(links["invite"], **(TYPED | {"sign_in_name": "una b"})).status == 303


@pytest.mark.parametrize("kind", ["invite", "join", "passphrase"])
def test_that_a_name_is_taken_is_told_few_times_to_a_network(links, kind):
    add_account("vera")
    before = count(Member)
    taken = TYPED | {"sign_in_name": "vera"}
    assert [Browser().post(links[kind], **taken).status for _ in range(7)] == [422] * 5 + [429] * 2
    # A free name is not told from a taken one, either, nor does it cost the link.
    answer = Browser().post(links[kind], **TYPED)
    assert (answer.status, answer.cookies) == (429, {})
    assert count(Member) == before
    other = Browser(address="203.0.113.9")
    assert other.post(links[kind], **TYPED).status == 303


def test_that_a_name_is_taken_is_told_20_times_behind_a_link(links):
    add_account("vera")
    taken = TYPED | {"sign_in_name": "vera"}
    statuses = [
        Browser(address=f"203.0.{place}.9").post(links["join"], **taken).status
        for place in range(23)
    ]
    assert statuses == [422] * 20 + [429] * 3
    assert Browser().post(links["join"], **TYPED).status == 429
    assert Browser().post(links["invite"], **TYPED).status == 303


@pytest.mark.parametrize(("kind", "most"), [("invite", 10), ("join", 30), ("passphrase", 10)])
def test_few_passphrases_of_a_network_are_judged_behind_a_link(links, kind, most, monkeypatch):
    judged = []

    def noted(text, words=()):
        judged.append(text)
        return AccountProblem.COMMON

    monkeypatch.setattr(passphrases, "problem_with", noted)
    dense = TYPED | {"passphrase": "@4({[<6931!|0$5+7%2" * 4}
    statuses = [Browser().post(links[kind], **dense).status for _ in range(most + 3)]
    assert statuses == [422] * most + [429] * 3
    assert len(judged) == most
    assert Browser(address="203.0.113.9").post(links[kind], **dense).status == 422


def test_what_was_typed_comes_back_as_it_was_and_runs_nothing(links):
    evil = "\"><script>alert(1)</script><b x='&amp;'>"
    answer = Browser().post(links["join"], name=evil, sign_in_name=evil, passphrase="x")
    assert answer.page.fields["name"] == evil
    assert {"script", "b"} & set(answer.page.tags) == set()


def test_used_expired_revoked_and_unknown_links_all_say_the_same(links):
    now = datetime.now(UTC)
    used = links["invite"]
    Browser().post(used, **TYPED)
    with database.writing() as db:
        db.execute(update(Invitation).values(spent_at=now - timedelta(minutes=3)))
        operator = members.operator(db)
        section = factories.section(db)
        tokens = [
            invitations.invite(db, operator, section.id, None, Role.VOLUNTEER, now=made)
            for made in (now - timedelta(days=14), now)
        ]
        revoked = invitations.invitations(db, operator, section.id, now=now)[0].invitation_id
        invitations.revoke(db, operator, revoked, now=now)
        for code in invitations.join_codes(db, operator, section.id, now=now):
            invitations.end_join_code(db, operator, code.join_code_id, now=now)
        db.execute(update(Member).values(disabled_at=now))
    before = count(RecordEntry), count(WebSession)
    over = [used, *(f"/invite/{token}" for token in tokens), links["join"], links["passphrase"]]
    unknown = ["x", "%20", "x" * 4000, "%C3%B6", "<script>", "%00"]
    over += [f"/{kind}/{token}" for kind in ("invite", "join", "passphrase") for token in unknown]
    said = set()
    for link in over:
        for answer in (Browser().get(link), Browser().post(link, **TYPED)):
            assert answer.status == 410
            assert answer.cookies == {}
            said.add(answer.text)
    assert len(said) == 1
    assert GONE in said.pop()
    assert (count(RecordEntry), count(WebSession)) == before


def test_another_site_cannot_make_anybody_join(links):
    for link in links.values():
        for origin in ("https://evil.example", "null", ""):
            assert Browser().post(link, origin=origin, **TYPED).status == 403
    assert count(Member) == 2


def test_a_hall_full_of_people_opens_a_code_and_a_guesser_is_slowed(links, monkeypatch):
    monkeypatch.setattr(joining, "CODES_OPENED", attempts.Attempts(5, 60))
    browser = Browser()
    statuses = [browser.get("/join/0000-0000").status for _ in range(8)]
    assert statuses == [410] * 5 + [429] * 3
    # Whoever guesses is not told what they hit, either.
    assert browser.get(links["join"]).status == 429
    assert browser.post(links["join"], **TYPED).status == 429
    assert count(Member) == 2


def test_a_body_larger_than_any_form_is_refused_and_spends_nothing(links):
    for link in links.values():
        assert Browser().post(link, **(TYPED | {"name": "x" * 20_000})).status == 403
    with database.reading() as db:
        assert db.scalars(select(Invitation.spent_at)).all() == [None]
