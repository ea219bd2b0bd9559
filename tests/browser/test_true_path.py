"""The one true path, in a real browser: from the link to the letters in the CSV."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEMO_TODAY
from tests.browser.visitor import Visitor, run_tracker

pytestmark = pytest.mark.browser

RUI, JIAN = "Zhang Rui", "Zhang Jian"
ACTION = "huang-wang-2024-09"


def log_to_both(visitor: Visitor, *, confirmed: bool) -> None:
    """Log one letter to each target, with a real double click on the button."""
    visitor.tick(RUI)
    visitor.tick(JIAN)
    if confirmed:
        visitor.tick("My section's office agreed")
    visitor.page.get_by_role("button", name="Log letters").dblclick()
    expect(visitor.page.get_by_text("2 letters logged.", exact=True)).to_be_visible()


def test_a_late_letter_to_both_targets_of_the_real_case(real_case, sit_down, size, data_dir):
    visitor = sit_down(real_case, size=size)
    visitor.open_link()
    assert visitor.page.url.endswith("/log") or "/log?" in visitor.page.url
    expect(visitor.page.get_by_text("Ask your section's office first")).to_be_visible()

    log_to_both(visitor, confirmed=True)
    # The reload of what was just sent finds it there.
    visitor.page.reload()
    visitor.settle()
    expect(visitor.page.get_by_text("Already logged: 2 letters.")).to_be_visible()

    visitor.visit("/my-letters")
    expect(visitor.page.get_by_text("You have posted 2 letters.")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Withdraw")).to_have_count(2)
    expect(visitor.page.get_by_text("after the deadline", exact=True)).to_have_count(2)

    rows = visitor.rows("letters")
    assert [(row["target"], row["after_deadline"], row["letters"]) for row in rows] == [
        (RUI, "true", "1"),
        (JIAN, "true", "1"),
    ]
    for kind in ("letters", "progress", "timeline"):
        asked = ("report", kind, "--action", ACTION, "--as", "1")
        assert visitor.report(kind) == run_tracker(data_dir, *asked)

    visitor.visit("/progress")
    before = visitor.lines()
    assert (before[RUI], before[JIAN]) == (1, 1)
    visitor.visit("/log")
    log_to_both(visitor, confirmed=True)
    visitor.visit("/progress")
    after = visitor.lines()
    assert (after[RUI], after[JIAN]) == (2, 2)

    visitor.visit("/timeline")
    chart = visitor.page.locator(".js-plotly-plot")
    for lane in ("Huang Xueqin", "Wang Jianbing"):
        expect(chart.get_by_text(lane).first).to_be_visible()


def test_without_the_confirmation_a_late_letter_waits(shared_case, sit_down, size):
    visitor = sit_down(shared_case, size=size)
    visitor.come_in()
    visitor.tick(JIAN)
    visitor.page.get_by_role("button", name="Log letters").click()
    problem = visitor.page.get_by_text("The deadline was 18 March 2025. Please ask")
    expect(problem).to_be_visible()
    expect(visitor.page.get_by_role("checkbox", name=JIAN)).to_be_checked()
    visitor.keep(f"log-refused-{size}-light")
    assert visitor.rows("letters") == []


def test_a_letter_in_time_on_a_demonstration_needs_no_confirmation(
    shared_demonstration, sit_down, size
):
    visitor = sit_down(shared_demonstration, size=size)
    visitor.come_in()
    expect(visitor.page.get_by_text("every letter and every volunteer").first).to_be_attached()
    query = f"?action={ACTION}"
    rows_before = visitor.rows("letters", query)
    visitor.visit(f"/progress{query}")
    before = visitor.lines()

    visitor.visit(f"/log{query}")
    expect(visitor.page.get_by_text("Please write by 18 March 2025.")).to_be_visible()
    expect(visitor.page.get_by_text("My section's office agreed")).to_have_count(0)
    log_to_both(visitor, confirmed=False)

    visitor.visit("/my-letters")
    first, second = (visitor.page.locator(".stMainBlockContainer strong").nth(n) for n in (0, 1))
    assert [first.inner_text(), second.inner_text()] == [RUI, JIAN]

    known = {row["letter_id"] for row in rows_before}
    new = [row for row in visitor.rows("letters", query) if row["letter_id"] not in known]
    assert [(row["target"], row["posted_on"], row["after_deadline"]) for row in new] == [
        (RUI, DEMO_TODAY, "false"),
        (JIAN, DEMO_TODAY, "false"),
    ]

    visitor.visit(f"/progress{query}")
    after = visitor.lines()
    assert {name: after[name] - before[name] for name in (RUI, JIAN)} == {RUI: 1, JIAN: 1}

    visitor.visit(f"/timeline{query}")
    chart = visitor.page.locator(".js-plotly-plot")
    for lane in ("Huang Xueqin", "Wang Jianbing"):
        expect(chart.get_by_text(lane).first).to_be_visible()
