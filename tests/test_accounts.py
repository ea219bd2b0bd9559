"""Accounts: names, passphrases, the second step, and who somebody is elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from zxcvbn.matching import RANKED_DICTIONARIES

from tests import factories
from tracker import accounts, database, invitations, members, sealing
from tracker.accounts import AccountProblem, AccountRefused, passphrases
from tracker.members import Asker
from tracker.models import (
    Deed,
    Member,
    RecordEntry,
    Role,
    SignInLink,
    WebSession,
)
from tracker.web import sessions

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
GOOD = "a quiet mill pond in may"
PERSIAN = "\u0646\u0631\u06af\u0633\u200c\u0647\u0627"
OTHER = "nine lamps and one umbrella"

pytestmark = pytest.mark.usefixtures("tracker_settings", "quick_hashing")


def wide(text: str) -> str:
    """Return text in the full-width signs of East Asian keyboards."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def account(
    name: str = "Fictional Vera", sign_in_name: str = "vera", passphrase: str = GOOD
) -> accounts.Account:
    return accounts.prepared(name, sign_in_name, passphrase)


def somebody(roles: Sequence[Role] = (Role.VOLUNTEER,), sign_in_name: str | None = "vera") -> Asker:
    with database.writing() as db:
        member = factories.member(db, roles)
        if sign_in_name is not None:
            accounts.give(db, member.id, account(sign_in_name=sign_in_name), now=NOW)
        return members.asker(db, member.id)


def refused(name: str, sign_in_name: str, passphrase: str, repeat: str | None = None):
    with pytest.raises(AccountRefused) as caught:
        accounts.prepared(name, sign_in_name, passphrase, repeat=repeat)
    return caught.value.problems


def opens(sign_in_name: str, passphrase: str) -> bool:
    with database.reading() as db:
        found = accounts.known(db, sign_in_name)
    return accounts.verified(found, passphrase)


def deeds() -> list[Deed]:
    with database.reading() as db:
        return list(db.scalars(select(RecordEntry.deed).order_by(RecordEntry.id)))


def row() -> Member:
    with database.reading() as db:
        return db.scalars(select(Member)).one()


# Names


@pytest.mark.parametrize(
    "typed",
    [
        "vera",
        "VERA",
        " Vera ",
        wide("Vera"),
        "ve\u200dra",
        "\u202evera",
        "Vera\n",
        "\x00vera",
        "ver\ud800a",
    ],
)
def test_a_sign_in_name_is_the_same_however_it_is_typed(typed):
    assert accounts.normal_name(typed) == "vera"
    assert accounts.sign_in_key(typed) == accounts.sign_in_key("vera")


@pytest.mark.parametrize(
    ("one", "other"), [("vera", "véra"), ("vera k", "verak"), ("ve-ra", "vera"), ("王", "玉")]
)
def test_other_names_are_other_names(one, other):
    assert accounts.sign_in_key(one) != accounts.sign_in_key(other)


def test_the_normal_form_of_a_name_is_its_own():
    for name in ("ŒUVRE", "Straße", "ﬃ", "İstanbul", "ΣΊΣΥΦΟΣ", "१२", "a\u00a0 b", "ǅ"):
        once = accounts.normal_name(name)
        assert accounts.normal_name(once) == once


def test_a_display_name_is_kept_as_it_was_written_but_for_what_would_change_the_page():
    assert accounts.display_name("  Zoë \t the\nMiller ") == "Zoë the Miller"
    assert accounts.display_name("Zoe\u0308") == "Zoë"
    assert accounts.display_name("\u202eVera\x00\x1b") == "Vera"
    assert accounts.display_name(PERSIAN) == PERSIAN


# Passphrases


@pytest.mark.parametrize(
    "passphrase",
    [
        "password1234", "passwordpassword", "123456789012", "qwertyuiop12", "iloveyou1234",
        "aaaaaaaaaaaa", "abcdefghijkl", "letmeinletmein", "manchester united",
        "Manchester United", "PaSsWoRd1234", "summer2026summer", wide("password1234"),
    ],
)  # fmt: skip
def test_a_common_passphrase_is_refused(passphrase):
    assert refused("Vera", "vera", passphrase) == {"passphrase": AccountProblem.COMMON}


def test_every_common_passphrase_of_the_list_is_refused():
    long = [word for word in RANKED_DICTIONARIES["passwords"] if len(word) >= passphrases.SHORTEST]
    assert len(long) > 50
    for word in long:
        assert passphrases.problem_with(word) is AccountProblem.COMMON
        assert passphrases.problem_with(word.upper()) is AccountProblem.COMMON


@pytest.mark.parametrize(
    "passphrase",
    [
        GOOD,
        OTHER,
        "kerze brief mauer",
        "correct horse battery",
        "три лампы и один зонт",
        "石橋を叩いて渡る夜の雨音x",
    ],
)
def test_words_that_do_not_belong_together_are_taken(passphrase):
    assert passphrases.problem_with(passphrase) is None


def test_ones_own_names_make_a_bad_passphrase():
    problems = refused("Zdzisława Brzęczyszczykiewicz", "zbrz", "brzęczyszczykiewicz")
    assert problems == {"passphrase": AccountProblem.COMMON}
    assert passphrases.problem_with("brzęczyszczykiewicz") is None


def test_what_is_known_of_one_person_is_forgotten_before_the_next():
    passphrases.problem_with("brzęczyszczykiewicz", ("Zdzisława Brzęczyszczykiewicz",))
    assert "user_inputs" not in RANKED_DICTIONARIES


@pytest.mark.parametrize(
    ("passphrase", "problem"),
    [
        ("", AccountProblem.SHORT),
        ("nine lamps!", AccountProblem.SHORT),
        ("a\u0308bcdefghijk", AccountProblem.SHORT),  # 12 code points, 11 characters
        (GOOD * 9, AccountProblem.LONG),
        ((GOOD * 9)[:200], None),
    ],
)
def test_a_passphrase_has_12_to_200_characters(passphrase, problem):
    assert passphrases.problem_with(passphrase) is problem


def test_the_longest_passphrase_is_judged_at_once():
    begun = time.perf_counter()
    for text in ("a1" * 100, "P@ssw0rd" * 25, "qwertz" * 33, "/" * 200, "1234" * 50):
        passphrases.problem_with(text)
    assert time.perf_counter() - begun < 20


def test_no_more_is_judged_than_takes_a_moment_where_signs_may_be_letters(monkeypatch):
    judged = []

    def noted(text, user_inputs):
        judged.append(text)
        return {"guesses": passphrases.GUESSES}

    monkeypatch.setattr(passphrases, "zxcvbn", noted)
    dense = "@4({[<6931!|0$5+7%2" * 4
    assert passphrases.problem_with(dense) is None
    assert judged == [dense[:32]]


def test_a_passphrase_is_judged_only_where_the_rest_will_do(monkeypatch):
    def not_asked(*_, **__):
        raise AssertionError

    asker = somebody()
    with database.reading() as db:
        found = accounts.of_asker(db, asker)
    monkeypatch.setattr(passphrases, "zxcvbn", not_asked)
    assert refused("n" * 9000, "una", OTHER) == {"name": AccountProblem.LONG_NAME}
    assert refused("Una", "", OTHER) == {"sign_in_name": AccountProblem.NO_SIGN_IN_NAME}
    with pytest.raises(AccountRefused) as caught:
        accounts.changed(found, "another passphrase", OTHER)
    assert caught.value.problems == {"current": AccountProblem.WRONG_PASSPHRASE}


def test_judging_32_signs_that_may_be_letters_takes_no_seconds():
    begun = time.perf_counter()
    passphrases.problem_with("@4({[<6931!|0$5+7%2" * 10)
    assert time.perf_counter() - begun < 5


def test_every_problem_is_told_at_once():
    assert refused(" ", "\u200b", "short", repeat="other") == {
        "name": AccountProblem.NO_NAME,
        "sign_in_name": AccountProblem.NO_SIGN_IN_NAME,
        "passphrase": AccountProblem.SHORT,
    }
    assert refused("n" * 121, "s" * 121, GOOD, repeat=GOOD + ".") == {
        "name": AccountProblem.LONG_NAME,
        "sign_in_name": AccountProblem.LONG_SIGN_IN_NAME,
        "repeat": AccountProblem.DIFFERS,
    }


def test_no_message_repeats_what_was_typed():
    with pytest.raises(AccountRefused) as caught:
        accounts.prepared("Vera", "vera", "password1234")
    assert "password1234" not in f"{caught.value} {caught.value!r}"
    assert GOOD not in repr(account())
    assert "vera" not in repr(account())


def test_the_real_hash_is_argon2id_as_rfc_9106_recommends_it(monkeypatch):
    monkeypatch.undo()
    assert passphrases.hashed(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_at_most_two_hashes_are_computed_at_a_time(monkeypatch):
    running, most, lock = 0, 0, threading.Lock()

    class Slow:
        def hash(self, text):
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1
            return "hash"

    monkeypatch.setattr(passphrases, "HASHING", Slow())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(passphrases.hashed, [GOOD] * 16))
    assert most == passphrases.AT_ONCE


# Choosing an account


def test_an_account_is_found_by_its_name_and_opened_by_its_passphrase():
    somebody()
    for name in ("vera", " VERA", wide("V") + "era"):
        assert opens(name, GOOD)
    assert not opens("vera", GOOD + " ")
    assert not opens("vera", GOOD.upper())
    assert not opens("veras", GOOD)
    assert not opens("", "")


def test_a_passphrase_is_the_same_however_a_keyboard_composes_it():
    with database.writing() as db:
        member = factories.member(db)
        accounts.give(db, member.id, account(passphrase="zoë und ihr müllrad"), now=NOW)
    assert opens("vera", "zoe\u0308 und ihr mu\u0308llrad")


def test_the_account_is_kept_sealed_and_recorded():
    asker = somebody()
    assert asker.has_passphrase
    assert asker.name == "Fictional Vera"
    with database.reading() as db:
        assert accounts.sign_in_name_of(db, asker) == "vera"
        entry = db.scalars(select(RecordEntry)).one()
    assert (entry.deed, entry.member_id, entry.section_id) == (
        Deed.ACCOUNT_CHOSEN, asker.member_id, asker.section_id
    )  # fmt: skip
    assert row().sign_in_key == sealing.keyed_hash("vera", "members.sign_in_key")
    assert (row().passphrase or "").startswith("$argon2id$")


@pytest.mark.parametrize("name", ["vera", " VERA ", wide("V") + "era"])
def test_nobody_else_can_take_the_name(name):
    somebody()
    with database.writing() as db:
        other = factories.member(db, name="Fictional Otto").id
    with pytest.raises(AccountRefused) as caught, database.writing() as db:
        accounts.give(db, other, account(sign_in_name=name), now=NOW)
    assert caught.value.problems == {"sign_in_name": AccountProblem.TAKEN}
    assert deeds() == [Deed.ACCOUNT_CHOSEN]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_processes_one_gets_the_name(monkeypatch):
    with database.writing() as db:
        first, second = factories.member(db).id, factories.member(db).id
    chosen, barrier = account(), threading.Barrier(2)

    def take(member_id: int) -> str:
        with database.engine().connect() as connection, database.Session(connection) as db:
            # As if neither had seen the other.
            monkeypatch.setattr(accounts.choosing, "select", select)
            db.get(Member, member_id)
            barrier.wait()
            try:
                accounts.give(db, member_id, chosen, now=NOW)
                db.commit()
            except AccountRefused as problem:
                return problem.problems["sign_in_name"]
            return "given"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, [first, second])) == ["given", "taken"]


def test_choosing_anew_keeps_ones_own_name_and_ends_all_that_was_open():
    asker = somebody()
    assert asker.member_id is not None
    with database.writing() as db:
        tokens = [sessions.begin(db, asker.member_id, now=NOW) for _ in range(3)]
        link = invitations.new_sign_in_link(db, asker.member_id, now=NOW)
    with database.writing() as db:
        accounts.give(db, asker.member_id, account(passphrase=OTHER), now=NOW, keep_token=tokens[1])
    assert opens("vera", OTHER)
    assert not opens("vera", GOOD)
    alive = [sessions.member_with(token, now=NOW) is not None for token in tokens]
    assert alive == [False, True, False]
    with database.reading() as db:
        assert invitations.open_sign_in_link(db, link, now=NOW) is None


def test_a_first_account_is_given_once_and_to_nobody_who_was_disabled():
    with database.writing() as db:
        has_one, disabled, newcomer = (factories.member(db).id for _ in range(3))
        accounts.give(db, has_one, account(), now=NOW)
        db.execute(update(Member).where(Member.id == disabled).values(disabled_at=NOW))
    for late in (has_one, disabled):
        with database.writing() as db:
            chosen = account(sign_in_name="late", passphrase=OTHER)
            assert not accounts.give_first(db, late, chosen, now=NOW)
    assert opens("vera", GOOD)
    assert not opens("late", OTHER)
    assert deeds() == [Deed.ACCOUNT_CHOSEN]
    with database.writing() as db:
        chosen = account(sign_in_name="late", passphrase=OTHER)
        assert accounts.give_first(db, newcomer, chosen, now=NOW)
    assert opens("late", OTHER)


def test_another_display_name():
    asker = somebody()
    with database.writing() as db:
        accounts.rename(db, asker, "  Fictional  Wera ", NOW)
        accounts.rename(db, asker, "Fictional Wera", NOW)
    assert row().name == "Fictional Wera"
    assert deeds() == [Deed.ACCOUNT_CHOSEN] * 2
    for name, problem in (
        (" \u200b", AccountProblem.NO_NAME),
        ("n" * 121, AccountProblem.LONG_NAME),
    ):
        with pytest.raises(AccountRefused) as caught, database.writing() as db:
            accounts.rename(db, asker, name, NOW)
        assert caught.value.problems == {"name": problem}


def test_the_command_line_has_no_account():
    with database.writing() as db:
        operator = members.operator(db)
        assert accounts.sign_in_name_of(db, operator) == ""
        for work in (accounts.of_asker, accounts.begin_second_step):
            with pytest.raises(members.NotYours):
                work(db, operator)
        with pytest.raises(members.NotYours):
            accounts.rename(db, operator, "Nobody", NOW)


# Checking


def test_strangers_the_disabled_and_those_without_a_passphrase_are_checked_alike(monkeypatch):
    asked = []

    class Counting:
        def verify(self, text, kept):
            asked.append(kept)
            return True

        def hash(self, text):
            return "nobody's"

    asker = somebody()
    with database.writing() as db:
        db.execute(update(Member).values(disabled_at=NOW))
    passphrases._nobodys.cache_clear()
    monkeypatch.setattr(passphrases, "HASHING", Counting())
    for name in ("vera", "stranger", ""):
        assert not opens(name, GOOD)
    assert asked == ["nobody's"] * 3
    passphrases._nobodys.cache_clear()
    assert asker.member_id == row().id


def test_what_changed_during_the_check_opens_nothing():
    asker = somebody()
    with database.reading() as db:
        found = accounts.known(db, "vera")
    with database.writing() as db:
        assert accounts.still_holds(db, found)
        assert not accounts.still_holds(db, accounts.NOBODY)
    with database.writing() as db:
        db.execute(update(Member).values(disabled_at=NOW))
    with database.writing() as db:
        assert not accounts.still_holds(db, found)
        db.execute(update(Member).values(disabled_at=None))
    with database.writing() as db:
        assert asker.member_id is not None
        accounts.give(db, asker.member_id, account(passphrase=GOOD), now=NOW)
    with database.writing() as db:
        assert not accounts.still_holds(db, found)


# Changing the passphrase


def change(asker: Asker, current: str, new: str, keep: str | None = None) -> None:
    with database.reading() as db:
        found = accounts.of_asker(db, asker)
    changed = accounts.changed(found, current, new, repeat=new)
    with database.writing() as db:
        accounts.change_passphrase(db, asker, changed, now=NOW, keep_token=keep)


def test_a_new_passphrase_ends_every_other_session_and_link():
    asker = somebody()
    assert asker.member_id is not None
    with database.writing() as db:
        mine, other = (sessions.begin(db, asker.member_id, now=NOW) for _ in range(2))
        invitations.new_sign_in_link(db, asker.member_id, now=NOW)
        invitations.new_sign_in_link(db, None, now=NOW)
    change(asker, GOOD, OTHER, keep=mine)
    assert opens("vera", OTHER)
    assert not opens("vera", GOOD)
    assert sessions.member_with(mine, now=NOW) is not None
    assert sessions.member_with(other, now=NOW) is None
    with database.reading() as db:
        open_links = db.scalars(select(SignInLink).where(SignInLink.spent_at.is_(None))).all()
    assert [link.member_id for link in open_links] == [None]
    assert deeds()[-1] is Deed.PASSPHRASE_CHANGED


def test_a_new_passphrase_needs_the_current_one():
    asker = somebody()
    with pytest.raises(AccountRefused) as caught:
        change(asker, OTHER, "short")
    assert caught.value.problems == {
        "current": AccountProblem.WRONG_PASSPHRASE,
        "passphrase": AccountProblem.SHORT,
    }
    assert opens("vera", GOOD)


def test_of_two_changes_at_once_the_later_one_is_refused():
    asker = somebody()
    with database.reading() as db:
        found = accounts.of_asker(db, asker)
    late = accounts.changed(found, GOOD, "eleven spoons on a roof")
    change(asker, GOOD, OTHER)
    with pytest.raises(AccountRefused), database.writing() as db:
        accounts.change_passphrase(db, asker, late, now=NOW)
    assert opens("vera", OTHER)


def test_nobody_changes_anothers_passphrase():
    asker, other = somebody(), somebody(sign_in_name="otto")
    with database.reading() as db:
        found = accounts.of_asker(db, asker)
    changed = accounts.changed(found, GOOD, OTHER)
    with pytest.raises(members.NotYours), database.writing() as db:
        accounts.change_passphrase(db, other, changed, now=NOW)


# Identity providers


def test_a_member_is_found_by_issuer_and_subject_together():
    asker = somebody()
    assert asker.member_id is not None
    with database.writing() as db:
        accounts.link_identity(db, asker.member_id, "https://id.example", "42")
    with database.reading() as db:
        found = accounts.member_of_identity(db, "https://id.example", "42")
        assert found is not None
        assert found.id == asker.member_id
        assert accounts.member_of_identity(db, "https://other.example", "42") is None
        assert accounts.member_of_identity(db, "https://id.example", "43") is None
        assert members.asker(db, asker.member_id).has_identity
    assert row().identity == "https://id.example 42"


def test_one_identity_is_one_member():
    asker, other = somebody(), somebody(sign_in_name="otto")
    with database.writing() as db:
        assert asker.member_id is not None
        accounts.link_identity(db, asker.member_id, "https://id.example", "42")
    assert other.member_id is not None
    with pytest.raises(accounts.IdentityTaken), database.writing() as db:
        accounts.link_identity(db, other.member_id, "https://id.example", "42")


def test_no_name_and_no_passphrase_lies_open_in_the_database():
    somebody()
    with database.engine().connect() as connection:
        text = repr(connection.exec_driver_sql("SELECT * FROM members").all())
    for secret in ("vera", "Vera", GOOD, "argon2"):
        assert secret not in text
    with database.reading() as db:
        assert db.scalars(select(WebSession)).all() == []
