"""Letters by target and week: exact rows from letters that the test wrote, also when empty."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import delete, event, update
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import DEADLINE, ISSUED_ON, Desk, details
from tracker import cases, database, letters, uptake
from tracker.members import NotYours
from tracker.models import GroupCount, Letter, Role, UrgentAction
from tracker.settings import Settings
from tracker.uptake import Scope

FIRST, SECOND = factories.FIRST_TARGET, factories.SECOND_TARGET
COLUMNS = {
    "urgent_action": "str",
    "target": "str",
    "priority": "int64",
    "week": "datetime64[s]",
    "letters": "int64",
    "cumulative": "int64",
    "needed": "Int64",
}
WEEKS = [ISSUED_ON + timedelta(weeks=week) for week in range(6)]
"""Mondays, from the issue date's week to the one that has TODAY in it."""


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        return factories.desk(db)


def frame(*rows: tuple[object, ...], slug: str = factories.ACTION_SLUG) -> pd.DataFrame:
    """Return the frame with these rows: target, priority, week, letters, cumulative, needed."""
    told = [(slug, *row) for row in rows]
    return pd.DataFrame(told, columns=list(COLUMNS), dtype="object").astype(COLUMNS)


def with_goals(
    whole: int | None = None, first: int | None = None, second: int | None = None
) -> str:
    """Return the case file with these goals."""
    changes = []
    if whole is not None:
        changes.append(('asks = ["', f'goal = {whole}\nasks = ["'))
    for priority, goal in ((1, first), (2, second)):
        if goal is not None:
            changes.append((f"priority = {priority}", f"priority = {priority}\ngoal = {goal}"))
    return factories.case_text(*changes)


def post(db: Session, desk: Desk, target: int, *days: date) -> None:
    """Log a letter to that target for each of the days."""
    for day in days:
        said = details(day, late_confirmed=True)
        factories.log(
            db, replace(desk.asker, pinned_today=day), desk.action, said, targets=[target]
        )


def test_without_letters_there_are_the_same_columns_and_no_rows(desk: Desk) -> None:
    with database.reading() as db:
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    assert told.dtypes.astype(str).to_dict() == COLUMNS
    pd.testing.assert_frame_equal(told, frame())


def test_each_target_has_a_row_for_each_week_up_to_today_s_also_without_letters(desk: Desk) -> None:
    monday, sunday = WEEKS[1], WEEKS[2] - timedelta(days=1)
    with database.writing() as db:
        post(db, desk, desk.first, ISSUED_ON, monday, sunday, WEEKS[3])
        post(db, desk, desk.second, sunday)
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    counted = [
        (FIRST, 1, [1, 2, 0, 1, 0, 0], [1, 3, 3, 4, 4, 4]),
        (SECOND, 2, [0, 1, 0, 0, 0, 0], [0, 1, 1, 1, 1, 1]),
    ]
    expected = frame(
        *(
            (target, priority, week, *numbers, None)
            for target, priority, by_week, so_far in counted
            for week, *numbers in zip(WEEKS, by_week, so_far, strict=True)
        )
    )
    pd.testing.assert_frame_equal(told, expected)


def test_a_withdrawn_letter_leaves_no_row_where_it_was_the_only_one(desk: Desk) -> None:
    with database.writing() as db:
        letter = factories.letter(db, desk.asker, desk.action)
        letters.withdraw(db, desk.asker, letter.letter_id, version=1, now=factories.NOW)
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    pd.testing.assert_frame_equal(told, frame())


@pytest.mark.parametrize(
    ("today", "posted", "last_week"),
    [
        pytest.param(WEEKS[2], WEEKS[0], WEEKS[2], id="today, while the deadline lies ahead"),
        pytest.param(
            date(2026, 1, 1), WEEKS[0], date(2025, 6, 30), id="the deadline, once it has passed"
        ),
        pytest.param(
            date(2026, 1, 1), date(2025, 7, 15), date(2025, 7, 14), id="a letter after the deadline"
        ),
    ],
)
def test_the_weeks_end_with(desk: Desk, today: date, posted: date, last_week: date) -> None:
    with database.writing() as db:
        post(db, desk, desk.first, posted)
        asker = replace(desk.asker, pinned_today=today)
        told = uptake.letters_by_target_and_week(db, asker, desk.action)
    weeks = told[told["target"] == FIRST]["week"]
    assert weeks.tolist() == list(pd.date_range(ISSUED_ON, last_week, freq="7D", unit="s"))


def test_without_a_deadline_the_weeks_run_to_today(tracker_settings: Settings) -> None:
    with database.writing() as db:
        text = factories.case_text(
            ("deadline = 2025-06-30\n", ""), ('asks = ["', 'goal = 100\nasks = ["')
        )
        desk = factories.desk(db, text, today=date(2025, 7, 9))
        post(db, desk, desk.first, ISSUED_ON)
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    assert told["week"].max() == pd.Timestamp(2025, 7, 7)
    assert told["needed"].isna().all()  # no pace without a day to reach the goal by


def test_weeks_run_through_the_turn_of_the_year(tracker_settings: Settings) -> None:
    text = factories.case_text(
        ("issued_on = 2025-02-03", "issued_on = 2024-12-26"),
        ("deadline = 2025-06-30", "deadline = 2025-01-10"),
        ('asks = ["', 'goal = 32\nasks = ["'),
    )
    with database.writing() as db:
        desk = factories.desk(db, text, today=date(2025, 1, 12))
        post(db, desk, desk.first, date(2024, 12, 29), date(2024, 12, 30), date(2025, 1, 1))
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    # 16 letters each in 16 days, one a day from 26 December to 10 January.
    expected = frame(
        (FIRST, 1, date(2024, 12, 23), 1, 1, 4),
        (FIRST, 1, date(2024, 12, 30), 2, 3, 11),
        (FIRST, 1, date(2025, 1, 6), 0, 3, 16),
        (SECOND, 2, date(2024, 12, 23), 0, 0, 4),
        (SECOND, 2, date(2024, 12, 30), 0, 0, 11),
        (SECOND, 2, date(2025, 1, 6), 0, 0, 16),
    )
    pd.testing.assert_frame_equal(told, expected)


def test_a_letter_from_before_the_issue_date_is_not_lost(desk: Desk) -> None:
    # The issue date can be corrected after letters were logged: their sum must stay the total.
    with database.writing() as db:
        post(db, desk, desk.first, WEEKS[0], WEEKS[2])
        db.execute(update(UrgentAction).values(issued_on=WEEKS[2]))
        action = cases.action_named(db, desk.asker, factories.ACTION_SLUG)
        told = uptake.letters_by_target_and_week(db, desk.asker, action)
    assert told[told["target"] == FIRST]["letters"].tolist() == [1, 0, 1, 0, 0, 0]


# Goals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goals", "first_needs", "second_needs"),
    [
        # From Monday 3 February to Sunday 13 April: ten weeks, a tenth of the share in each.
        pytest.param(
            {"whole": 200}, [10, 20, 30, 40, 50, 60], [10, 20, 30, 40, 50, 60], id="whole"
        ),
        pytest.param(
            {"whole": 200, "first": 150},
            [15, 30, 45, 60, 75, 90],
            [5, 10, 15, 20, 25, 30],
            id="one target's own, the rest for the other",
        ),
        pytest.param({"whole": 3}, [1, 1, 1, 1, 1, 2], [1, 1, 1, 1, 1, 1], id="hardly any"),
        pytest.param({}, None, None, id="none"),
    ],
)
def test_what_is_needed_by_a_week_s_end_is_the_target_s_share_so_far(
    tracker_settings: Settings,
    goals: dict[str, int],
    first_needs: list[int] | None,
    second_needs: list[int] | None,
) -> None:
    text = with_goals(**goals).replace("deadline = 2025-06-30", "deadline = 2025-04-13")
    with database.writing() as db:
        desk = factories.desk(db, text)
        post(db, desk, desk.first, ISSUED_ON)
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    needed = {
        target: None if rows["needed"].isna().all() else rows["needed"].tolist()
        for target, rows in told.groupby("target")
    }
    assert needed == {FIRST: first_needs, SECOND: second_needs}


# Scope ----------------------------------------------------------------------------------------


def test_a_scope_counts_the_letters_of_one_section_or_of_some_days_alone(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        desk = factories.desk(db, with_goals(whole=200))
        elsewhere = factories.section(db, "Elsewhere (fictional)")
        other = replace(desk, asker=factories.asker(db, of=elsewhere))
        post(db, desk, desk.first, WEEKS[0], WEEKS[1])
        post(db, other, desk.first, WEEKS[1], WEEKS[2], WEEKS[2] + timedelta(days=1))

        lead = factories.asker(db, [Role.CASE_LEAD])

        def counted(scope: Scope) -> list[int]:
            told = uptake.letters_by_target_and_week(db, lead, desk.action, scope)
            assert told["needed"].isna().all()  # the goal is everybody's
            return told[told["target"] == FIRST]["letters"].tolist()

        assert counted(Scope(section_id=desk.asker.section_id)) == [1, 1, 0, 0, 0, 0]
        assert counted(Scope(section_id=elsewhere.id)) == [0, 1, 2, 0, 0, 0]
        assert counted(Scope(first=WEEKS[1])) == [0, 2, 2, 0, 0, 0]
        assert counted(Scope(last=WEEKS[1])) == [1, 2, 0, 0, 0, 0]
        assert counted(Scope(first=WEEKS[1], last=WEEKS[2])) == [0, 2, 1, 0, 0, 0]
        assert counted(Scope(elsewhere.id, WEEKS[2], WEEKS[2])) == [0, 0, 1, 0, 0, 0]
        assert counted(Scope(first=DEADLINE)) == []
        everything = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    assert everything["letters"].sum() == 5
    assert not everything["needed"].isna().any()


def test_a_section_s_own_totals_are_its_coordinators_and_case_leads_business(
    desk: Desk,
) -> None:
    with database.writing() as db:
        here = desk.asker.section_id
        there = factories.section(db, "Elsewhere (fictional)")
        asking = {
            "volunteer": (desk.asker, set()),
            "coordinator": (factories.asker(db, [Role.COORDINATOR]), {here}),
            "other coordinator": (
                factories.asker(db, [Role.COORDINATOR], of=there),
                {there.id},
            ),
            "case lead": (factories.asker(db, [Role.CASE_LEAD]), {here, there.id}),
            "operator": (factories.operator(db), {here, there.id}),
        }
        post(db, desk, desk.first, WEEKS[0])
        for who, allowed in asking.values():
            for section_id in (here, there.id):
                scope = Scope(section_id=section_id)
                if section_id in allowed:
                    told = uptake.letters_by_target_and_week(db, who, desk.action, scope)
                    assert told["letters"].sum() == (section_id == here)
                else:
                    with pytest.raises(NotYours):
                        uptake.letters_by_target_and_week(db, who, desk.action, scope)
            everything = uptake.letters_by_target_and_week(db, who, desk.action)
            assert everything["letters"].sum() == 1


def test_another_action_s_letters_are_not_counted(desk: Desk) -> None:
    with database.writing() as db:
        text = factories.case_text(
            ('slug = "lighthouse"', 'slug = "windmill"'), ("lighthouse-2025-02", "windmill-2025-01")
        )
        other = factories.action(db, text)
        factories.log(db, desk.asker, other)
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    pd.testing.assert_frame_equal(told, frame())


# Where it looks -------------------------------------------------------------------------------


def test_only_running_counts_are_read_and_never_the_letters(desk: Desk) -> None:
    with database.writing() as db:
        post(db, desk, desk.first, ISSUED_ON)
    asked = []
    with database.reading() as db:
        event.listen(db.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    (query,) = (statement for statement in asked if statement.startswith("SELECT"))
    assert re.findall(r"(?:FROM|JOIN) (\w+)", query) == ["section_counts"]


def test_what_the_counts_do_not_say_is_not_found(desk: Desk) -> None:
    with database.writing() as db:
        post(db, desk, desk.first, ISSUED_ON)
        db.execute(delete(Letter))
        db.execute(delete(GroupCount))
        told = uptake.letters_by_target_and_week(db, desk.asker, desk.action)
    assert told["letters"].sum() == 1
