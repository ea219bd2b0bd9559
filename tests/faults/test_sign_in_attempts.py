"""Thousands of attempts to sign in as somebody else, and cookies that should open nothing more."""

from __future__ import annotations

import pytest

from tests.web import floods

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("tracker_settings")]


@pytest.mark.usefixtures("quick_hashing")
def test_ten_thousand_attempts(monkeypatch, capsys):
    seen = floods.flood(monkeypatch, 10_000)
    with capsys.disabled():
        print(
            f"\n  attempts of strangers        {seen.sent:>6}"
            f"\n  reached the hash             {seen.hashed:>6}"
            f"\n  most a minute, account, net  {seen.most:>6}"
            f"\n  volunteer's own sign-ins     {seen.volunteers:>6}"
            f"\n  locked out                   {seen.locked_out:>6}"
        )
    assert seen.most == 5
    assert seen.locked_out == 0
    assert seen.statuses == {401, 429}


def test_known_and_unknown_accounts_take_the_same_time(monkeypatch, capsys):
    medians = floods.medians(floods.seconds_by_kind(monkeypatch, 200))
    with capsys.disabled():
        print(*(f"\n  {kind:<10} {value:7.1f} ms" for kind, value in medians.items()), sep="")
    assert not floods.differs(medians["known"], medians["unknown"])


@pytest.mark.usefixtures("quick_hashing")
def test_no_cookie_is_used_again(capsys):
    replayed = floods.replays(100)
    with capsys.disabled():
        print(
            *(
                f"\n  after {kind:<24} {accepted} of {tried} accepted"
                for kind, (tried, accepted) in replayed.items()
            ),
            sep="",
        )
    assert {accepted for _, accepted in replayed.values()} == {0}
