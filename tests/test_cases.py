"""Cases: added from a file once, found by every name, told in the order of their events."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tracker import case_files, cases, database, members
from tracker.case_files import CaseFileError
from tracker.models import ActionStatus, Role
from tracker.settings import case_files_dir

pytestmark = pytest.mark.usefixtures("tracker_settings")

OTHER_CASE = factories.case_text(
    ('slug = "lighthouse"', 'slug = "windmill"'),
    ("lighthouse-2025-02", "windmill-2025-01"),
    ("issued_on = 2025-02-03", 'number = "12/25"\nissued_on = 2025-01-06'),
)


def add(db: Session, text: str = factories.CASE_TEXT) -> cases.Added:
    file = case_files.parse(text, "fictional.toml")
    return cases.add(db, members.operator(db), file, "fictional.toml", now=factories.NOW)


def add_shipped(db: Session) -> None:
    file = case_files.read(case_files_dir() / "huang-wang.toml")
    cases.add(db, members.operator(db), file, "huang-wang.toml", now=factories.NOW)


# Adding ---------------------------------------------------------------------------------------


def test_a_new_case_is_added_whole() -> None:
    file = case_files.parse(factories.CASE_TEXT, "fictional.toml")
    with database.writing() as db:
        assert add(db) == cases.Added("lighthouse", new=True)
    with database.reading() as db:
        stored = cases.case_named(db, members.operator(db), "lighthouse")
    assert cases.as_file(stored) == file


def test_the_shipped_case_comes_back_as_its_file_tells_it() -> None:
    file = case_files.read(case_files_dir() / "huang-wang.toml")
    with database.writing() as db:
        add_shipped(db)
    with database.reading() as db:
        stored = cases.case_named(db, members.operator(db), "huang-wang")
    assert cases.as_file(stored) == file


def test_adding_the_same_file_again_changes_nothing() -> None:
    with database.writing() as db:
        add(db)
    with database.reading() as db:
        before = factories.everything(db)
    with database.writing() as db:
        assert add(db) == cases.Added("lighthouse", new=False)
    with database.reading() as db:
        assert factories.everything(db) == before
    assert [len(before[table]) for table in ("cases", "people", "person_names", "targets")] == [
        1, 2, 4, 2,
    ]  # fmt: skip


def test_the_same_case_in_other_notation_is_the_same_case() -> None:
    with database.writing() as db:
        add(db)
        other = factories.case_text(
            ("date = 2024-05-02", 'date = "2024-05-02"'),
            ('people = ["Odo Figment", "Perla Invent"]', 'people = ["Perla Invent","Odo Figment"]'),
            ("# A fictional case: neither these people nor their country exist.\n", ""),
        )
        assert add(db, other) == cases.Added("lighthouse", new=False)


CHANGES = {
    "title": ('title = "Perla Invent and Odo Figment"', 'title = "Perla and Odo"'),
    "country": ('country = "Freedonia (fictional)"', 'country = "Nowhere"'),
    "summary": ('summary = "Two fictional', 'summary = "2 fictional'),
    "fictional": ("fictional = true", "fictional = false"),
    "people": ('"Pérla Ïnvent", ', ""),
    "targets": ('"1 Nowhere Square"', '"3 Nowhere Square"'),
    "events": ('date = "2024-11"', "date = 2024-11-01"),
    "urgent_actions": ('reason = "The minister holds the key."\n', ""),
}


def test_a_file_that_differs_from_the_stored_case_is_refused_and_changes_nothing() -> None:
    with database.writing() as db:
        add(db)
        before = factories.everything(db)
        for key, change in CHANGES.items():
            with pytest.raises(CaseFileError) as caught:
                add(db, factories.case_text(change))
            assert str(caught.value) == (
                f"fictional.toml: case lighthouse is already here and differs in {key}"
            )
        assert factories.everything(db) == before


def test_what_can_differ_is_every_key_of_a_case_file() -> None:
    assert CHANGES.keys() == case_files.CaseFile.model_fields.keys() - {"slug"}


def test_every_key_that_differs_is_named() -> None:
    with database.writing() as db:
        add(db)
        differing = factories.case_text(
            ('country = "Freedonia (fictional)"', 'country = "Nowhere"'),
            ('pronouns = "they/them"\n', ""),
        )
        with pytest.raises(CaseFileError, match=r"differs in country, people$"):
            add(db, differing)


def test_the_slug_of_another_case_s_action_is_refused_and_changes_nothing() -> None:
    with database.writing() as db:
        add(db)
        before = factories.everything(db)
        with pytest.raises(CaseFileError) as caught:
            add(db, factories.case_text(('slug = "lighthouse"', 'slug = "windmill"')))
        assert factories.everything(db) == before
    assert str(caught.value) == (
        "fictional.toml: urgent_actions: slug lighthouse-2025-02 belongs to another case"
    )


# Urgent actions -------------------------------------------------------------------------------


def test_open_actions_come_newest_first_with_all_that_a_page_shows() -> None:
    with database.writing() as db:
        add(db, OTHER_CASE)
        add(db)
        asker = factories.asker(db)
    with database.reading() as db:
        actions = cases.open_actions(db, asker)
    assert [action.slug for action in actions] == ["lighthouse-2025-02", "windmill-2025-01"]
    newest = actions[0]
    assert newest.case.slug == "lighthouse"
    assert [person.names[0].name for person in newest.case.people] == [
        "Perla Invent",
        "Odo Figment",
    ]
    assert [(chosen.priority, chosen.target.name) for chosen in newest.targets] == [
        (1, factories.FIRST_TARGET),
        (2, factories.SECOND_TARGET),
    ]


@pytest.mark.parametrize(
    ("status", "is_open", "is_published"),
    [("draft", False, False), ("open", True, True), ("closed", False, True)],
)
def test_a_draft_is_not_published_and_a_closed_action_is_not_open(
    status: str, is_open: bool, is_published: bool
) -> None:
    with database.writing() as db:
        asker = factories.asker(db)
        assert cases.open_actions(db, asker) == []
        assert cases.published_actions(db, asker) == []
        add(db, factories.case_text(('asks = ["', f'status = "{status}"\nasks = ["')))
        assert [action.status for action in cases.open_actions(db, asker)] == (
            [ActionStatus.OPEN] if is_open else []
        )
        assert [action.status.value for action in cases.published_actions(db, asker)] == (
            [status] if is_published else []
        )


def test_an_action_is_found_by_its_slug_and_by_its_number() -> None:
    with database.writing() as db:
        add(db)
        add(db, OTHER_CASE)
        asker = factories.asker(db)
        for name in ("windmill-2025-01", "12/25"):
            found = cases.action_named(db, asker, name)
            assert found.slug == "windmill-2025-01"
            assert [chosen.target.name for chosen in found.targets] == [
                factories.FIRST_TARGET,
                factories.SECOND_TARGET,
            ]


def test_an_unknown_action_is_refused_with_the_slugs_that_there_are() -> None:
    with database.writing() as db:
        add(db, OTHER_CASE)
        add(db)
        asker = factories.asker(db)
        for name in ("windmill", "", "%", "WINDMILL-2025-01", "windmill\x00"):
            with pytest.raises(cases.UnknownAction) as caught:
                cases.action_named(db, asker, name)
            assert str(caught.value) == (
                f"no urgent action is called {name}; there are lighthouse-2025-02, windmill-2025-01"
            )


def test_without_any_action_the_refusal_says_so() -> None:
    with database.reading() as db, pytest.raises(cases.UnknownAction) as caught:
        cases.action_named(db, members.operator(db), "12/25")
    assert str(caught.value) == "no urgent action is called 12/25; there are none yet"


def test_a_number_that_two_actions_have_is_refused_with_their_slugs() -> None:
    with database.writing() as db:
        add(db, factories.case_text(("issued_on =", 'number = "12/25"\nissued_on =')))
        add(db, OTHER_CASE)
        with pytest.raises(cases.UnknownAction) as caught:
            cases.action_named(db, factories.asker(db), "12/25")
    assert str(caught.value) == (
        "several urgent actions are called 12/25: lighthouse-2025-02, windmill-2025-01"
    )


def test_a_slug_is_found_even_where_it_is_another_action_s_number() -> None:
    with database.writing() as db:
        text = factories.case_text(("issued_on =", 'number = "windmill-2025-01"\nissued_on ='))
        add(db, text)
        add(db, OTHER_CASE)
        found = cases.action_named(db, factories.asker(db), "windmill-2025-01")
    assert found.slug == "windmill-2025-01"


def test_an_action_is_found_by_its_key() -> None:
    with database.writing() as db:
        asker, action = factories.asker(db), factories.action(db)
        assert cases.action_with_id(db, asker, action.id).slug == factories.ACTION_SLUG
        with pytest.raises(cases.UnknownAction, match=f"has the key {action.id + 1}$"):
            cases.action_with_id(db, asker, action.id + 1)


# Cases and people -----------------------------------------------------------------------------


def test_cases_come_in_the_order_in_which_they_were_added() -> None:
    with database.writing() as db:
        asker = factories.asker(db)
        assert cases.all_cases(db, asker) == []
        add(db, OTHER_CASE)
        add(db)
        assert [case.slug for case in cases.all_cases(db, asker)] == ["windmill", "lighthouse"]


def test_an_unknown_case_is_refused() -> None:
    with database.writing() as db:
        add(db)
        with pytest.raises(cases.UnknownCase, match=r"^no case is called windmill$"):
            cases.case_named(db, factories.asker(db), "windmill")


HUANG, WANG, PERLA, ODO = "Huang Xueqin", "Wang Jianbing", "Perla Invent", "Odo Figment"


@pytest.mark.parametrize(
    "searches",
    [
        pytest.param(
            {
                "Wang Jianbing": [WANG],
                "Wang Jiangbing": [WANG],
                "王建兵": [WANG],
                "王 建兵": [WANG],
                "Huang Xueqin": [HUANG],
                "Sophia Huang Xueqin": [HUANG],
                "黄雪琴": [HUANG],
                "Перла Инвент": [PERLA],
            },
            id="in both spellings and both scripts",
        ),
        pytest.param(
            {
                "建兵": [WANG],
                "xueq": [HUANG],
                "ang": [HUANG, WANG],
                "n": [HUANG, WANG, PERLA, ODO],
            },
            id="in part, in the order in which they were added",
        ),
        pytest.param(
            {
                "WANG JIANBING": [WANG],
                "wangjianbing": [WANG],
                "ПЕРЛА": [PERLA],
                # Full-width letters, and the space that goes with them.
                "".join(chr(ord(letter) + 0xFEE0) for letter in "Wang") + "\u3000J": [WANG],
                "Huáng Xuěqín": [HUANG],
                "perla invent": [PERLA],
                "Huang Xue-qin": [HUANG],
                "\u200eHuang\u00a0Xueqin\u200b": [HUANG],
            },
            id="in another case, width or accent, with other gaps",
        ),
        pytest.param(
            {
                nobody: []
                for nobody in ("Zhang Rui", "", "  ", "%", "_", "Hu%ng", "Hua_g", "\\", "'", "\x00")
            },
            id="nobody",
        ),
    ],
)
def test_a_person_is_found_by_any_name(searches: dict[str, list[str]]) -> None:
    with database.writing() as db:
        add_shipped(db)
        add(db)
        asker = factories.asker(db)
        found = {asked: cases.people_named(db, asker, asked) for asked in searches}
    assert {
        asked: [person.name for person in people] for asked, people in found.items()
    } == searches
    assert all(
        person.names[0].name == person.name for people in found.values() for person in people
    )


def test_a_name_with_a_wildcard_in_it_is_found_by_it() -> None:
    with database.writing() as db:
        add(db, factories.case_text(('"Перла Инвент"', '"100%_Perla\\\\"')))
        asker = factories.asker(db)
        for asked in ("%", "_", "\\", "%_p", "100%_Perla\\"):
            assert [person.name for person in cases.people_named(db, asker, asked)] == [
                "Perla Invent"
            ]


def test_a_draft_is_there_only_for_the_operator_and_case_leads() -> None:
    with database.writing() as db:
        text = factories.case_text(("issued_on =", 'status = "draft"\nissued_on ='))
        add(db, text)
        for who in (factories.operator(db), factories.asker(db, [Role.CASE_LEAD])):
            assert cases.action_named(db, who, factories.ACTION_SLUG).status == "draft"
        for who in (factories.asker(db), factories.asker(db, [Role.COORDINATOR])):
            with pytest.raises(cases.UnknownAction):
                cases.action_named(db, who, factories.ACTION_SLUG)
