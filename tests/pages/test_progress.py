"""/progress: what is counted, against what, and what to do next."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests import factories
from tests.factories import FIRST_TARGET, SECOND_TARGET, TODAY
from tests.pages.window import Person, Window
from tests.pages.worlds import CLOSED, OTHER_CASE, OTHER_SLUG
from tracker import cases, charts, database, letters, rules, uptake
from tracker.models import Role, UrgentAction

GOAL = ('languages = ["en", "fr"]', 'languages = ["en", "fr"]\ngoal = 2000')


def begin(person: Person, text: str = factories.CASE_TEXT, *roles: Role) -> UrgentAction:
    """Add a case, and sign in a member with those roles (a volunteer's if left out)."""
    with database.writing() as db:
        action = factories.action(db, text)
        member = factories.member(db, roles or (Role.VOLUNTEER,))
    person.sign_in(member.id, today=TODAY)
    return action


def post(person: Person, action: UrgentAction, *days: date, both: bool = True) -> None:
    with database.writing() as db:
        for day in days:
            targets = None if both else [action.targets[0].target_id]
            factories.log(db, person.asker(), action, factories.details(day), targets=targets)


def weeks(person: Person, action: UrgentAction):
    with database.reading() as db:
        return uptake.letters_by_target_and_week(db, person.asker(), action)


def test_without_a_letter_the_page_says_so_and_draws_no_chart(person):
    begin(person)
    window = Window().visit("/progress")
    assert window.finding == "No letters yet. No goal is set, so there is no pace to show."
    assert window.metrics == {"Letters so far": "0", "This week": "0", "Days left": "110"}
    assert window.notices == ["The chart begins with the first letter."]
    assert window.charts == []
    assert window.links == {"Log a letter": "/log?action=lighthouse-2025-02"}


def test_a_coordinator_is_not_sent_where_only_volunteers_may_go(person):
    begin(person, factories.CASE_TEXT, Role.COORDINATOR)
    assert Window().visit("/progress").links == {}


def test_without_a_goal_the_page_says_so_and_draws_no_pace(person):
    action = begin(person)
    post(person, action, date(2025, 2, 10), date(2025, 3, 11))
    window = Window().visit("/progress")
    assert window.finding == "4 letters. No goal is set, so there is no pace to show."
    assert window.metrics == {"Letters so far": "4", "This week": "2", "Days left": "110"}
    assert "Needed by then" not in window.table
    assert len(window.charts) == 1
    # Neither the goal's line nor the line still needed is in the figure.
    traces = json.loads(window.charts[0].spec)["data"]
    names = {trace.get("name") for trace in traces}
    assert names == {"All targets", FIRST_TARGET, SECOND_TARGET}


def test_with_a_goal_the_page_says_what_a_week_still_needs(person):
    action = begin(person, factories.case_text(GOAL))
    post(person, action, *[date(2025, 2, 3) + timedelta(days=place) for place in range(15)])
    window = Window().visit("/progress")
    # 1,970 letters in 111 days, today's and the deadline's among them.
    assert window.metrics == {
        "Letters so far": "30",
        "This week": "0",
        "Days left": "110",
        "Needed a week": "125",
    }
    assert window.finding.startswith("30 of 2,000 letters; 125 a week get us there.")
    pace = rules.pace(30, 2000, action.deadline, TODAY)
    assert pace.needed_a_week == 125


def test_the_target_that_lags_is_named(person):
    action = begin(person, factories.case_text(GOAL))
    post(
        person,
        action,
        *[date(2025, 2, 3) + timedelta(days=place) for place in range(15)],
        both=False,
    )
    assert Window().visit("/progress").finding == (
        f"15 of 2,000 letters; 126 a week get us there. {SECOND_TARGET} lags."
    )


@pytest.mark.parametrize("text", [factories.CASE_TEXT, factories.case_text(GOAL)], ids=["", "goal"])
def test_the_table_holds_the_numbers_of_uptake(person, text):
    action = begin(person, text)
    post(person, action, date(2025, 2, 3), date(2025, 2, 10), date(2025, 3, 3), TODAY)
    post(person, action, date(2025, 2, 12), both=False)
    frame = weeks(person, action).sort_values(["week", "priority"], ascending=[False, True])
    table = Window().visit("/progress").table
    titles = {"week": "Week", "target": "Target", "letters": "Letters", "cumulative": "All so far"}
    if action.goal:
        titles["needed"] = "Needed by then"
    assert list(table) == list(titles.values())
    for column, title in titles.items():
        shown = [value if value == value else None for value in table[title]]  # noqa: PLR0124
        kept = [None if value is None else value for value in frame[column]]
        assert shown == kept, title
    assert table["Letters"].sum() == 9
    assert len(table) == 12  # two targets in six weeks, those without a letter too


def test_the_chart_has_its_numbers_in_words(person):
    action = begin(person, factories.case_text(GOAL))
    post(person, action, date(2025, 2, 10))
    (chart,) = Window().visit("/progress").charts
    pace = rules.pace(2, 2000, action.deadline, TODAY)
    assert chart.alt == charts.progress_in_words(
        weeks(person, action), pace, goal=2000, deadline=action.deadline, today=TODAY
    )
    assert chart.alt.startswith("By 12 March 2025, 2 of 2,000 letters have been posted.")


def test_the_chart_ends_in_the_numbers_of_the_table(person):
    action = begin(person)
    post(person, action, date(2025, 2, 10), date(2025, 3, 3))
    post(person, action, date(2025, 3, 4), both=False)
    window = Window().visit("/progress")
    table = window.table
    last = {
        trace["name"]: _decoded(trace["y"])[-1]
        for trace in json.loads(window.charts[0].spec)["data"]
        if trace.get("name")
    }
    assert last == {
        "All targets": 5,
        FIRST_TARGET: table[table["Target"] == FIRST_TARGET]["All so far"].max(),
        SECOND_TARGET: table[table["Target"] == SECOND_TARGET]["All so far"].max(),
    }


def _decoded(values):
    return values if isinstance(values, list) else [values]


def test_withdrawn_letters_count_nowhere(person):
    action = begin(person)
    post(person, action, TODAY)
    with database.writing() as db:
        own = letters.own_letters(db, person.asker(), limit=9)
        letters.withdraw(db, person.asker(), own[0].letter_id, version=1, now=factories.NOW)
    window = Window().visit("/progress")
    assert window.metrics["Letters so far"] == window.metrics["This week"] == "1"
    assert window.table["Letters"].sum() == 1


def test_everybody_sees_the_letters_of_all_sections(person):
    action = begin(person, factories.CASE_TEXT, Role.CASE_LEAD)
    with database.writing() as db:
        away = factories.section(db, "Elbonia (fictional)", "Asia/Tokyo")
        factories.log(db, factories.asker(db, of=away), action)
    assert Window().visit("/progress").metrics["Letters so far"] == "2"


@pytest.mark.parametrize(
    ("today", "metric", "value"),
    [
        (factories.DEADLINE, "Days left", "0"),
        (factories.DEADLINE + timedelta(days=1), "Days since the deadline", "1"),
        (factories.DEADLINE + timedelta(days=1200), "Days since the deadline", "1,200"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_days_are_counted_to_the_deadline_and_then_since(person, today, metric, value):
    action = begin(person, factories.case_text(GOAL))
    post(person, action, TODAY)
    person.today = today
    window = Window().visit("/progress")
    assert window.metrics[metric] == value
    if today > factories.DEADLINE:
        assert window.finding == "2 of 2,000 letters; the deadline has passed."
        assert "Needed a week" not in window.metrics


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_goal_that_is_reached_is_said_to_be(person):
    action = begin(person, factories.case_text((GOAL[0], 'languages = ["en"]\ngoal = 2')))
    post(person, action, TODAY)
    window = Window().visit("/progress")
    assert window.finding == "2 of 2 letters: the goal is reached."
    assert window.metrics["Needed a week"] == "0"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_action_without_a_deadline_counts_no_days(person):
    action = begin(person)
    with database.writing() as db:
        db.execute(update(UrgentAction).values(deadline=None))
    post(person, action, TODAY)
    window = Window().visit("/progress")
    assert window.metrics == {"Letters so far": "2", "This week": "2", "Deadline": "none set"}
    assert len(window.charts) == 1


def test_the_address_chooses_among_open_and_closed_actions(person):
    action = begin(person, factories.case_text(CLOSED))
    with database.writing() as db:
        factories.case(db, OTHER_CASE)
    with database.writing() as db:
        other = cases.action_named(db, person.asker(), OTHER_SLUG)
        factories.log(db, person.asker(), other, factories.details(language="es"))
    window = Window().visit("/progress", action=OTHER_SLUG)
    assert window.metrics["Letters so far"] == "2"
    window.choose("Urgent action", window.options("Urgent action")[0]).run()
    assert window.address["action"] == action.slug
    assert window.metrics["Letters so far"] == "0"


def test_the_action_looked_at_last_is_shown_on_the_next_page_too(person):
    begin(person)
    with database.writing() as db:
        factories.case(db, OTHER_CASE)
    window = Window().visit("/progress")
    assert window.fields["Urgent action"] == factories.ACTION_SLUG
    window.choose("Urgent action", window.options("Urgent action")[1]).run()
    for path in ("/timeline", "/reports", "/log", "/progress"):
        assert window.visit(path).fields["Urgent action"] == OTHER_SLUG
        assert window.address["action"] == OTHER_SLUG
    # An address that names one is stronger than what was looked at.
    assert window.visit("/timeline", action=factories.ACTION_SLUG).fields["Urgent action"] == (
        factories.ACTION_SLUG
    )


def test_the_way_on_leads_to_the_reports(person):
    action = begin(person)
    post(person, action, TODAY)
    links = Window().visit("/progress").links
    assert list(links) == ["Take the numbers out as CSV"]
    assert links["Take the numbers out as CSV"].startswith("/reports")
