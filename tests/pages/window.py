"""One browser window on the pages, without a browser: Streamlit's own test runner on the shell."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pandas as pd
from google.protobuf import text_format
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block
from streamlit.util import calc_hash

from tracker import database, settings
from tracker.members import Asker
from tracker.web import sessions

PATIENCE = 60
"""Seconds; two cores may be busy with other tests."""


class Person:
    """Who sits at the windows: a real session's token, and the day that it is for them.

    `here` stands in for `sessions.current_member`, the one function by which a run learns who is
    here; the test runner knows no cookies. The session itself is real, and can be ended.
    """

    def __init__(self) -> None:
        """Begin signed out."""
        self.token: str | None = None
        self.today: date | None = None

    def sign_in(self, member_id: int, *, today: date | None = None) -> None:
        """Begin a session as that member, for whom it is `today` (None: the real day)."""
        with database.writing() as db:
            self.token = sessions.begin(db, member_id, now=datetime.now(UTC))
        self.today = today

    def end_session(self) -> None:
        """End the session, as a sign-out in another tab does; the cookie is still sent."""
        assert self.token is not None
        with database.writing() as db:
            sessions.end(db, self.token, now=datetime.now(UTC))

    def here(self) -> Asker | None:
        """Return the member whose session it is while it lives."""
        found = sessions.member_with(self.token)
        return found and replace(found, pinned_today=self.today)

    def asker(self) -> Asker:
        """Return the member, who must be signed in."""
        found = self.here()
        assert found is not None
        return found


class Window:
    """A browser window on the program.

    Widgets are found by their labels, as a person finds them. No step may end in an exception,
    unless `broken` says so.
    """

    def __init__(self, script: str | None = None) -> None:
        """Open it; `script` is another file than the shell."""
        self._app = AppTest.from_file(script or settings.shell(), default_timeout=PATIENCE)
        # Else each window reads what every installed package says of itself, in search of
        # components: four fifths of a run's time, and pages use none.
        self._app._bidi_component_manager = BidiComponentManager()
        self.broken = False

    def visit(self, path: str, **query: str) -> Window:
        """Open the page with that path by its address, as the first thing or after another."""
        # What a browser sends with the address; AppTest.switch_page would have to run the first
        # page before it knows any other.
        self._app._page_hash = calc_hash(path.removeprefix("/"))
        self._app.query_params = dict(query)
        return self.run()

    def run(self) -> Window:
        """Run the script once more, with what was typed."""
        self._app.run()
        if not self.broken:
            assert [error.value for error in self._app.exception] == []
        return self

    # What is drawn

    @property
    def titles(self) -> list[str]:
        """The page's title, in a list that should have one entry."""
        return self._app.title.values

    @property
    def finding(self) -> str:
        """The sentence that says what the page found; two stand in two lines."""
        block = self._app.main.get_by_key("finding")
        assert isinstance(block, Block)
        return "\n".join(plain(text) for text in block.markdown.values)

    @property
    def sentences(self) -> list[str]:
        """Every paragraph of the page, in order."""
        return [plain(text) for text in self._app.main.markdown.values]

    @property
    def captions(self) -> list[str]:
        """The small print of the page, in order."""
        return [plain(text) for text in self._app.main.caption.values]

    @property
    def notices(self) -> list[str]:
        """The notices of the page, in order."""
        return [plain(text) for text in self._app.main.info.values]

    @property
    def errors(self) -> list[str]:
        """What the page says is wrong, in order."""
        return [plain(text) for text in self._app.main.error.values]

    @property
    def aside(self) -> list[str]:
        """What stands beside the navigation."""
        aside = self._app.sidebar
        return [plain(text) for text in [*aside.warning.values, *aside.caption.values]]

    @property
    def metrics(self) -> dict[str, str]:
        """The page's numbers by their names."""
        return {metric.label: metric.value for metric in self._app.metric}

    @property
    def links(self) -> dict[str, str]:
        """Links to other pages by their text: path and query."""
        return {
            link.label: f"/{link.page}" + (f"?{link.query_string}" if link.query_string else "")
            for link in self._app.page_link
        }

    @property
    def downloads(self) -> dict[str, str]:
        """Links to files by their text."""
        return {link.label: link.url for link in self._app.link_button}

    @property
    def plain_links(self) -> dict[str, str]:
        """Links to pages without Streamlit by their text."""
        parts = "".join(part.value for part in self._app.html)
        found = re.findall(r'<a class="plain-link" href="([^"]*)">([^<]*)</a>', parts)
        return {text: path for path, text in found}

    @property
    def navigation(self) -> list[str]:
        """The paths that the navigation offers, in order."""
        known = self._app._registered_pages.values()
        return [f"/{page['url_pathname']}" for page in known if page.get("url_pathname")]

    @property
    def buttons(self) -> list[str]:
        """The labels of the page's buttons, in order."""
        return [button.label for button in self._app.main.button]

    @property
    def charts(self) -> list[Any]:
        """The charts' messages to the browser: `spec` is the figure, `alt` the words."""
        return [chart.proto for chart in self._app.get("plotly_chart")]

    @property
    def table(self) -> pd.DataFrame:
        """The page's one table of numbers."""
        assert len(self._app.dataframe) == 1
        return self._app.dataframe[0].value

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of the page's one table of words, by its headings."""
        tables = [part.value for part in self._app.html if "<table" in part.value]
        assert len(tables) == 1
        return _Table(tables[0]).rows

    @property
    def to_copy(self) -> list[str]:
        """What is there to be copied."""
        return [code.value for code in self._app.code]

    @property
    def texts(self) -> dict[str, str]:
        """What the fields for words hold, by label; of several with one label the last."""
        return {field.label: field.value for field in self._app.text_input}

    @property
    def everything(self) -> str:
        """All that was sent to the browser, as text."""
        return "\n".join(
            text_format.MessageToString(node.proto, as_utf8=True)
            for node in self._app._tree
            if getattr(node, "proto", None) is not None
        )

    def around(self, sentence: str) -> tuple[str, str]:
        """Return the labels of the fields between which a sentence stands; "" for none."""
        labels = [""]
        for node in self._app.main:
            label = getattr(node, "label", "")
            if label:
                labels.append(short(label))
            elif plain(str(getattr(node, "value", ""))) == sentence:
                labels.append(sentence)
        place = labels.index(sentence)
        return labels[place - 1], labels[place + 1]

    @property
    def count(self) -> int:
        """How many elements the page has, the boxes around others left out."""
        return sum(not isinstance(node, Block) for node in self._app._tree)

    @property
    def address(self) -> dict[str, Any]:
        """The query of the address."""
        return dict(self._app.query_params)

    # What is typed and pressed

    @property
    def ticks(self) -> dict[str, bool]:
        """The boxes by the first words of their labels, and whether they are ticked."""
        return {short(box.label): box.value for box in self._app.checkbox}

    @property
    def fields(self) -> dict[str, Any]:
        """What the fields hold, by label; boxes under the first words of theirs."""
        widgets = [*self._app.date_input, *self._app.selectbox, *self._app.multiselect]
        return {widget.label: widget.value for widget in widgets} | self.ticks

    def options(self, label: str) -> list[str]:
        """Return what a choice offers."""
        choices = [*self._app.selectbox, *self._app.multiselect]
        return list(self._one(choices, label).options)

    def tick(self, label: str, *, on: bool = True) -> Window:
        """Tick a box, or untick it."""
        boxes = [box for box in self._app.checkbox if short(box.label) == label]
        assert len(boxes) == 1, self.ticks
        boxes[0].set_value(on)
        return self

    def type_day(self, label: str, day: date | None) -> Window:
        """Put a day into a field."""
        self._one(self._app.date_input, label).set_value(day)
        return self

    def type_text(self, label: str, text: str, place: int = 0) -> Window:
        """Put text into a field; of several with the same label into the one at that place."""
        found = [field for field in self._app.text_input if field.label == label]
        assert len(found) > place, [field.label for field in self._app.text_input]
        found[place].set_value(text)
        return self

    def type_number(self, label: str, number: int) -> Window:
        """Put a number into a field."""
        self._one(self._app.number_input, label).set_value(number)
        return self

    def pick(self, label: str, option: str) -> Window:
        """Choose one of several that are all in sight."""
        choice = self._one(self._app.radio, label)
        choice.set_value(choice.options[choice.options.index(option)])
        return self

    def choose(self, label: str, option: str) -> Window:
        """Choose what is shown as `option`."""
        choice = self._one(self._app.selectbox, label)
        choice.select_index(list(choice.options).index(option))
        return self

    def press(self, label: str, place: int = 0) -> Window:
        """Press a button; of several with the same label the one at that place."""
        found = [button for button in self._app.button if button.label == label]
        assert len(found) > place, [button.label for button in self._app.button]
        found[place].click()
        return self.run()

    def filter(self, label: str, *chosen: str) -> Window:
        """Choose several of a filter's values, and let the page run."""
        self._one(self._app.multiselect, label).set_value(list(chosen))
        return self.run()

    @staticmethod
    def _one(widgets: Any, label: str) -> Any:
        found = [widget for widget in widgets if widget.label == label]
        assert len(found) == 1, [widget.label for widget in widgets]
        return found[0]


class _Table(HTMLParser):
    """A table of HTML: its rows, by the headings of the columns."""

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__()
        self.cells: list[list[str]] = []
        self._in_cell = False
        self.feed(text)
        titles, *rows = self.cells
        self.rows = [dict(zip(titles, row, strict=True)) for row in rows]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell; nothing else may stand in a cell."""
        assert not self._in_cell, tag
        if tag == "tr":
            self.cells.append([])
        elif tag in {"th", "td"}:
            self.cells[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self._in_cell = False

    def handle_data(self, data: str) -> None:
        """Read what stands in a cell."""
        if self._in_cell:
            self.cells[-1][-1] += data


def plain(markdown: str) -> str:
    """Return what a reader sees of the Markdown that pages write, without its marks."""
    text = re.sub(r":[a-z]+(?:-badge)?\[((?:\\.|[^\]])*)\]", r"\1", markdown)
    text = re.sub(r"(?<!\\)\*+", "", text).replace("  \n", "\n")
    return re.sub(r"\\(.)", r"\1", text).replace("\u2060", "")


def short(label: str) -> str:
    """Return a label's first words: a target's name without role and institution."""
    return plain(label).split(",")[0]
