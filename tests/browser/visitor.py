"""A person at a browser: opens links, looks at pages, presses buttons, reads numbers."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.commands import CHECKOUT, process_environment
from tests.install_browser import find_chromium
from tests.parts import cannot_run
from tests.served import Server
from tracker.web import access

SCREENSHOTS = CHECKOUT / ".cache" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Streamlit draws when its run is over, plotly and the tables when their code has been loaded.
_SETTLED = """() => document.querySelector(
        '[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]')
    && !document.querySelector('[data-testid="stSkeleton"]')
    && !document.querySelector('[data-stale="true"]')
    && [...document.querySelectorAll('.stPlotlyChart')].every(c => c.querySelector('.main-svg'))
    && [...document.querySelectorAll('.stDataFrame')].every(c => c.querySelector('canvas'))"""

_GO = """address => {
    history.pushState({}, '', address);
    dispatchEvent(new PopStateEvent('popstate', {state: {}}));
}"""

_PREFERRED = """scheme => {
    const app = document.querySelector('.stApp');
    return !app || getComputedStyle(app).colorScheme === scheme;
}"""

_LAST_OF_EACH_LINE = """() => Object.fromEntries(
    document.querySelector('.js-plotly-plot').data
        .filter(trace => trace.name)
        .map(trace => [trace.name, trace.y[trace.y.length - 1]]))"""


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Yield a browser; without any, the test that wants one is left out, and says so."""
    path = find_chromium()
    if path is None:
        cannot_run("The browser tests cannot run: there is no Chromium here.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


def new_visitor(
    chromium: Browser,
    served: Server,
    *,
    size: str = "desktop",
    scheme: Any = "light",
    scripts: bool = True,
) -> Visitor:
    """Return somebody with a fresh profile, whose browser runs scripts or not."""
    context = chromium.new_context(
        viewport=PHONE if size == "phone" else DESKTOP,
        color_scheme=scheme,
        has_touch=size == "phone",
        java_script_enabled=scripts,
        locale="en-GB",
    )
    context.set_default_timeout(30_000)
    return Visitor(context, served)


def run_tracker(data_dir: Path, *arguments: str) -> bytes:
    """Return what `tracker …` prints in a process of its own, on the data in that folder."""
    command = [sys.executable, "-m", "tracker", *arguments]
    env = process_environment(TRACKER_DATA_DIR=str(data_dir))
    return subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True).stdout


class Visitor:
    """Somebody at a browser that has the program open."""

    def __init__(self, context: BrowserContext, served: Server) -> None:
        """Sit down at `context`; every request is noted."""
        self.context = context
        self.served = served
        self.elsewhere: list[str] = []
        context.on("request", lambda request: self._note(request.url))
        self.page: Page = context.new_page()

    def open_link(self) -> None:
        """Open the first link that the server printed and press its button."""
        self.page.goto(self.served.address + self.served.link)
        with self.page.expect_navigation():
            self.page.get_by_role("button").click()
        self.page.wait_for_url(lambda url: urlsplit(url).path in {"/log", "/progress"})
        self.settle()

    def come_in(self) -> None:
        """Open that link if nobody has yet, because it may work once; else share the session."""
        if self.served.session:
            self.context.add_cookies(self.served.session)
            self.visit("/")
        else:
            self.open_link()
            self.served.session = self.context.cookies()

    def visit(self, path: str) -> None:
        """Open a page by its address and wait until it is drawn."""
        self.page.goto(self.served.address + path)
        self.settle()

    def go(self, address: str) -> None:
        """Go to another page as the navigation does, without loading all of Streamlit again."""
        self.page.evaluate(_GO, address)
        title = access.page_title(address.partition("?")[0])
        self.page.get_by_role("heading", level=1, name=title, exact=True).wait_for()
        self.settle()

    def is_led_to(self, path: str) -> bool:
        """Return whether the page that is open has a navigation, and that page in it."""
        link = f"[data-testid=stSidebarNavLink][href$='{path}']"
        return self.page.locator(link).count() > 0

    def prefer(self, scheme: Any) -> None:
        """Have the machine change between light and dark while the page is open."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_function(_PREFERRED, arg=scheme)

    def settle(self) -> None:
        """Wait until the page is drawn; a page without Streamlit is drawn when it is loaded."""
        self.page.wait_for_selector("h1")
        if self.page.locator("#root").count():
            self.page.wait_for_function(_SETTLED)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that no selector can say."""
        for _ in range(100):
            if holds():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("it never came to hold")

    def tick(self, label: str) -> None:
        """Tick the box whose label begins so, unless it is ticked."""
        box = self.page.get_by_role("checkbox", name=label)
        if not box.is_checked():
            # The box itself lies under its label, as a finger finds it.
            self.page.locator(".stCheckbox label").filter(has_text=label).click()
        expect(box).to_be_checked()

    def open_choice(self, box: Locator) -> Locator:
        """Open a box to choose from, and return what it offers."""
        options = self.page.locator("[role=option]")

        def opened() -> bool:
            box.press("ArrowDown")  # while another one closes, a key may be lost
            self.page.wait_for_timeout(100)
            return options.count() > 0

        box.focus()
        self.until(opened)
        return options

    def lines(self) -> dict[str, int]:
        """Return the last number of each line of the chart, by the line's name."""
        found: dict[str, Any] = self.page.evaluate(_LAST_OF_EACH_LINE)
        return {name: int(last) for name, last in found.items() if last is not None}

    def report(self, kind: str, query: str = "") -> bytes:
        """Return the report that the link on /reports leads to, fetched with this cookie."""
        self.visit(f"/reports{query}")
        link = self.page.get_by_role("link", name=f"Download {kind}.csv").get_attribute("href")
        assert link is not None
        answer = self.context.request.get(urljoin(self.served.address, link))
        assert answer.status == 200
        return answer.body()

    def rows(self, kind: str, query: str = "") -> list[dict[str, str]]:
        """Return a report's rows."""
        return list(csv.DictReader(io.StringIO(self.report(kind, query).decode("utf-8-sig"))))

    def keep(self, name: str) -> Path:
        """Keep a picture of the whole page and return its file."""
        self.settle()
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        height = self.page.evaluate(
            "() => document.querySelector('[data-testid=\"stMainBlockContainer\"]')"
            "?.getBoundingClientRect().height ?? 0"
        )
        before = self.page.viewport_size
        assert before is not None
        self.page.set_viewport_size(
            {"width": before["width"], "height": max(before["height"], int(height))}
        )
        self.settle()
        file = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=file)
        self.page.set_viewport_size(before)
        return file

    def _note(self, url: str) -> None:
        if urlsplit(url).scheme in {"http", "https", "ws", "wss"} and not url.startswith(
            self.served.address
        ):
            self.elsewhere.append(url)
