"""`tracker member …`: people come and go, and the operator learns no name."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.commands import printed, refused, tracker
from tracker import database, members
from tracker.models import Letter, Member, Role

SECTION = "Ruritania (fictional)"
GROUP = "Group of the Old Mill (fictional)"


@pytest.fixture
def member_id(tracker_settings) -> int:
    """A volunteer with letters, in a section that has a group and a case lead."""
    with database.writing() as db:
        desk = factories.desk(db)
        factories.log(db, desk.asker, desk.action)
        factories.member(db, [Role.CASE_LEAD]).passphrase = "$argon2id$fictional"
        assert desk.asker.member_id is not None
        return desk.asker.member_id


def stored(number: int) -> Member | None:
    with database.reading() as db:
        return db.get(Member, number)


def test_somebody_without_an_account_is_added_by_pseudonym(member_id) -> None:
    said = printed("member", "add", "--section", SECTION, "--group", GROUP, "Fictional Nora")
    found = re.fullmatch(r"(writer .{9})  (\d+)\n", said)
    assert found is not None
    added = stored(int(found[2]))
    assert added is not None
    assert (added.name, added.sign_in_name) == ("Fictional Nora", None)
    assert members.pseudonym(added.id, added.section_id) == found[1]
    assert printed("report", "letters", "--action", factories.ACTION_SLUG, "--as", found[1])


def test_the_name_is_read_from_standard_input(member_id, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    from typer.testing import CliRunner

    from tracker import cli

    result = CliRunner().invoke(
        cli.app, ["member", "add", "--section", SECTION], input="Fictional Nora\n"
    )
    assert result.exit_code == 0
    assert "Nora" not in result.output
    added = stored(int(result.stdout.split()[-1]))
    assert added is not None
    assert (added.name, added.group_id) == ("Fictional Nora", None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["add", "--section", "Nowhere", "Nora"], "no section is called Nowhere"),
        (
            ["add", "--section", SECTION, "--group", "Nobody", "Nora"],
            f"no group of {SECTION} is called Nobody",
        ),
        (["add", "--section", SECTION, " "], "a name is missing"),
        (["add", "--section", SECTION, "n" * 121], "the name is too long"),
        (["disable", "999"], "no member is called 999"),
        (["enable", "writer 0000-0000"], "no member is called writer 0000-0000"),
        (["erase", "--yes", "9" * 30], f"no member is called {'9' * 30}"),
        (["erase", "1"], "nobody is here to be asked whether that is meant: say --yes"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_done_is_refused_in_one_line(member_id, line, reason) -> None:
    assert refused("member", *line) == reason


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_invitation_is_a_link_and_an_unknown_role_is_told(member_id) -> None:
    said = printed("member", "invite", "--section", SECTION, "--role", "coordinator")
    assert re.fullmatch(r"http://127\.0\.0\.1:8501/invite/[\w-]{43}\n", said)
    assert tracker("member", "invite", "--section", SECTION, "--role", "king").exit_code == 2


def test_a_member_is_disabled_and_let_in_again(member_id) -> None:
    assert printed("member", "disable", str(member_id)) == ""
    disabled = stored(member_id)
    assert disabled is not None
    assert disabled.disabled_at is not None
    assert printed("member", "enable", members.pseudonym(member_id, disabled.section_id)) == ""
    enabled = stored(member_id)
    assert enabled is not None
    assert enabled.disabled_at is None


def test_a_member_is_erased_and_the_letters_stay(member_id) -> None:
    said = printed("member", "erase", "--yes", str(member_id))
    assert said == "Forgotten. The letters stay, without a writer.\n"
    assert stored(member_id) is None
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Letter.member_id.is_(None))) == 2
    assert refused("member", "erase", "--yes", str(member_id)) == (
        f"no member is called {member_id}"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_last_case_lead_is_not_erased(member_id) -> None:
    reason = "this is the last case lead who can sign in; there must be another one first"
    assert refused("member", "erase", "--yes", str(member_id + 1)) == reason
    assert refused("member", "disable", str(member_id + 1)) == reason
