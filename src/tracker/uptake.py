"""Counts by target and week, as DataFrames with named columns, also when empty.

Everything here reads the running counts, never the letters: it stays quick at ten million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import rules
from tracker.members import Asker, NotYours
from tracker.models import SectionCount, UrgentAction

PROGRESS_COLUMNS = {
    "urgent_action": "str",
    "target": "str",
    "priority": "int64",
    "week": "datetime64[s]",
    "letters": "int64",
    "cumulative": "int64",
    "needed": "Int64",
}


@dataclass(frozen=True)
class Scope:
    """Which letters to count: those of one section, those posted in a stretch of days, or all."""

    section_id: int | None = None
    first: date | None = None
    last: date | None = None


EVERYTHING = Scope()


def letters_by_target_and_week(
    db: Session, asker: Asker, action: UrgentAction, scope: Scope = EVERYTHING
) -> pd.DataFrame:
    """Return the posted letters of an urgent action by target and week, weeks without any too.

    The weeks run from the issue date's (an earlier one where a letter is older) to the last one
    with a letter, or to the one that has `asker`'s today or the deadline in it, whichever of these
    two is earlier. Without a letter there are no rows.

    Columns: urgent_action str (its slug); target str; priority int64 (1 is first); week
    datetime64[s] (its Monday); letters int64; cumulative int64 (letters by the end of the week);
    needed Int64 (cumulative letters needed by then for the target's share of the goal; missing
    without a goal or deadline, and where the scope is narrower than everything).

    The totals of all sections together are every member's; a section's own are those of its
    coordinators and of case leads.

    Raises:
        NotYours: the scope is a section whose totals are not the asker's business.
    """
    if scope.section_id is not None and not asker.sees_totals_of(scope.section_id):
        raise NotYours("another section's totals")
    by_day = _letters_by_target_and_day(db, action, scope)
    if by_day.empty:
        return pd.DataFrame(columns=list(PROGRESS_COLUMNS)).astype(PROGRESS_COLUMNS)
    by_day["week"] = by_day["posted_on"].map(rules.week_of)
    counted = by_day.groupby(["target_id", "week"])["letters"].sum()
    weeks = _weeks(action, asker.today(), by_day["week"])
    shares = _shares(action) if scope == EVERYTHING else {}
    rows = []
    for chosen in action.targets:
        cumulative = 0
        for week in weeks:
            letters = int(counted.get((chosen.target_id, week), 0))
            cumulative += letters
            needed = _needed(action, shares.get(chosen.target_id), week)
            rows.append(
                (
                    action.slug,
                    chosen.target.name,
                    chosen.priority,
                    week,
                    letters,
                    cumulative,
                    needed,
                )
            )
    return pd.DataFrame(rows, columns=list(PROGRESS_COLUMNS)).astype(PROGRESS_COLUMNS)


def _letters_by_target_and_day(db: Session, action: UrgentAction, scope: Scope) -> pd.DataFrame:
    query = (
        select(SectionCount.target_id, SectionCount.posted_on, func.sum(SectionCount.letters))
        .where(SectionCount.urgent_action_id == action.id)
        .group_by(SectionCount.target_id, SectionCount.posted_on)
        .having(func.sum(SectionCount.letters) > 0)
    )
    if scope.section_id is not None:
        query = query.where(SectionCount.section_id == scope.section_id)
    if scope.first is not None:
        query = query.where(SectionCount.posted_on >= scope.first)
    if scope.last is not None:
        query = query.where(SectionCount.posted_on <= scope.last)
    rows = [(target, day, int(letters)) for target, day, letters in db.execute(query)]
    return pd.DataFrame(rows, columns=["target_id", "posted_on", "letters"])


def _weeks(action: UrgentAction, today: date, with_letters: Iterable[date]) -> list[date]:
    current = rules.week_of(min(today, action.deadline or today))
    first = min(rules.week_of(action.issued_on), *with_letters)
    last = max(current, *with_letters)
    return [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]


def _shares(action: UrgentAction) -> dict[int, int | None]:
    return rules.goal_shares(
        action.goal,
        {chosen.target_id: chosen.goal for chosen in action.targets},
        {chosen.target_id: chosen.priority for chosen in action.targets},
    )


def _needed(action: UrgentAction, share: int | None, week: date) -> int | None:
    if share is None or action.deadline is None:
        return None
    return rules.needed_by(share, action.issued_on, action.deadline, week + timedelta(days=6))
