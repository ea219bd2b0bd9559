"""What browsers are told not to do, in a real one: every page draws, and nobody can frame it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.browser.test_true_path import JIAN, RUI
from tests.browser.visitor import Visitor
from tests.browser.watching import HARMLESS, NOTE_VIOLATIONS
from tracker.models import Role
from tracker.web import access

pytestmark = pytest.mark.browser

_KEEP_LINES = """
window.lines = [];
window.WebSocket = class extends WebSocket {
  constructor(...where) { super(...where); window.lines.push(this); }
};
"""


@pytest.fixture
def violations() -> list[str]:
    """What the policy kept pages from doing, but for what they can do without."""
    return []


@pytest.fixture
def watched(sit_down: Callable[..., Visitor], violations: list[str]) -> Callable[..., Visitor]:
    """Makes visitors whose pages tell what the policy kept them from."""

    def sit(*arguments: Any, **more: Any) -> Visitor:
        visitor = sit_down(*arguments, **more)

        def note(violation: str) -> None:
            if not violation.startswith(HARMLESS):
                violations.append(violation)

        visitor.context.expose_function("noteViolation", note)
        visitor.context.add_init_script(NOTE_VIOLATIONS)
        return visitor

    return sit


def drawn(visitor: Visitor, pages: Iterable[access.Page]) -> tuple[int, int]:
    """Look at each page, icon included, and return how many charts and tables were drawn."""
    charts = tables = 0
    for page in pages:
        visitor.visit(page.path)
        expect(visitor.page.get_by_text("Something went wrong")).to_have_count(0)
        charts += visitor.page.locator(".stPlotlyChart .main-svg").count()
        tables += visitor.page.locator(".stDataFrame canvas").count()
        icon = visitor.page.locator("link[rel='shortcut icon']").get_attribute("href")
        assert icon
        assert visitor.page.request.get(urljoin(visitor.page.url, icon)).status == 200
    return charts, tables


def test_every_page_draws_and_asks_for_nothing_it_may_not(shared_case, watched, violations, size):
    visitor = watched(shared_case, size=size)
    visitor.page.goto(f"{shared_case.address}/sign-in")
    visitor.open_link()
    drawn(visitor, access.PAGES)
    assert violations == []


def test_charts_and_tables_draw_and_ask_for_nothing_they_may_not(
    shared_demonstration, watched, violations, size
):
    visitor = watched(shared_demonstration, size=size)
    visitor.come_in()
    volunteers = [page for page in access.PAGES if Role.VOLUNTEER in page.roles]
    charts, tables = drawn(visitor, volunteers)
    assert charts
    assert tables
    assert violations == []


def test_a_script_that_somebody_smuggled_in_does_not_run(shared_case, watched, violations):
    visitor = watched(shared_case)
    visitor.come_in()
    for attempt in (
        "document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))",
        "document.body.insertAdjacentHTML('beforeend', '<img src=/nothing onerror=\"ran = 1\">')",
        "setTimeout('ran = 1')",
    ):
        before = len(violations)
        visitor.page.evaluate(f"() => {{ {attempt} }}")
        visitor.until(lambda: len(violations) > before)  # noqa: B023  (waited for at once)
    assert visitor.page.evaluate("typeof window.ran") == "undefined"


def test_another_site_can_neither_frame_nor_use_it(shared_case, sit_down):
    visitor = sit_down(shared_case)
    visitor.come_in()
    # "localhost" is another site than "127.0.0.1", and its pages are served by nobody here.
    other = shared_case.address.replace("127.0.0.1", "localhost")
    visitor.page.route(
        f"{other}/other-site",
        lambda route: route.fulfill(body="<h1>Another site</h1>", content_type="text/html"),
    )
    visitor.page.goto(f"{other}/other-site")
    visitor.elsewhere.clear()
    answers: list[int] = []
    visitor.page.on("response", lambda answer: answers.append(answer.status))
    opened = visitor.page.evaluate(
        """async address => {
            const line = new WebSocket(address.replace('http', 'ws') + '/_stcore/stream');
            const taken = await new Promise(done => {
                line.onopen = () => done('a line'); line.onerror = () => done(null) });
            const read = await fetch(address + '/progress', {credentials: 'include'})
                .then(() => 'a page', () => null);
            const report = await fetch(address + '/reports/letters.csv',
                {credentials: 'include', mode: 'no-cors'}).then(() => 'a report', () => null);
            const frame = Object.assign(document.createElement('iframe'), {src: address + '/log'});
            document.body.append(frame);
            await new Promise(done => frame.onload = done);
            return [taken, read, report];
        }""",
        shared_case.address,
    )
    assert opened == [None, None, None]
    assert {status for status in answers if status} <= {403}
    assert visitor.page.frames[-1].url.startswith("chrome-error:")
    visitor.visit("/progress")  # the session lives on


def test_what_is_on_the_page_outlasts_a_lost_line(shared_case, sit_down, size):
    visitor = sit_down(shared_case, size=size)
    visitor.context.add_init_script(_KEEP_LINES)
    visitor.come_in()
    visitor.tick(RUI)
    visitor.tick(JIAN)
    visitor.tick("My section's office agreed")
    visitor.page.evaluate("() => window.lines.at(-1).close()")
    visitor.until(lambda: visitor.page.evaluate("() => window.lines.length") > 1)
    visitor.settle()
    for box in (RUI, JIAN, "My section's office agreed"):
        expect(visitor.page.get_by_role("checkbox", name=box)).to_be_checked()
    visitor.page.get_by_role("button", name="Log letters").click()
    expect(visitor.page.get_by_text("2 letters logged.", exact=True)).to_be_visible()


def test_a_page_that_lost_session_and_line_says_so_and_goes_on_after_a_sign_in(
    shared_case, sit_down
):
    visitor = sit_down(shared_case)
    visitor.context.add_init_script(_KEEP_LINES)
    visitor.come_in()
    visitor.tick(RUI)
    session = visitor.context.cookies()
    visitor.context.clear_cookies()
    visitor.page.evaluate("() => window.lines.at(-1).close()")
    expect(visitor.page.get_by_text("You are signed out. Please sign in again.")).to_be_visible()
    visitor.context.add_cookies(session)
    visitor.until(lambda: visitor.page.evaluate("() => window.lines.length") > 1)
    visitor.settle()
    expect(visitor.page.get_by_text("You are signed out.")).to_have_count(0)
    expect(visitor.page.get_by_role("checkbox", name=RUI)).to_be_checked()
