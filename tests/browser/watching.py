"""What a browser does with text that would be more than text: counted while pages are drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.browser.payloads import ELSEWHERE, RUN
from tests.browser.visitor import Visitor

HARMLESS = "script-src wasm-eval"
"""Streamlit's code for long numbers tries WebAssembly and does without."""

# Before any page's own code, and untouched by the policy, as what a test adds is.
NOTE_VIOLATIONS = """
addEventListener('securitypolicyviolation', event => window.noteViolation(
    `${event.effectiveDirective} ${event.blockedURI} on ${location.pathname}`));
"""

# Handlers, addresses that would run or lead elsewhere, formulas: what the text must never become. A
# link to this very host that carries the text in its query is none of these; and one that leads to
# what itself says, as Markdown makes of a bare address, is counted apart: only a click opens it.
_MARKUP = """([elsewhere, run]) => {
    const words = new Set(['value', 'title', 'alt', 'placeholder', 'class', 'id', 'for', 'name']);
    const here = address => {
        try {
            const url = new URL(address, location);
            return url.origin === location.origin && !/^(javascript|vbscript|data)/.test(url);
        } catch { return false; }
    };
    const found = [], links = [];
    const said = link => {
        const text = link.textContent.trim();
        const read = url => { try { return decodeURI(new URL(url).href); } catch { return url; } };
        return ['', 'http://', 'mailto:'].some(
            kind => URL.canParse(kind + text) && read(kind + text) === read(link.href));
    };
    for (const element of document.querySelectorAll('*')) {
        if (element.matches('a[href^=http], a[href^=mailto]') && said(element)) {
            links.push(element.getAttribute('href'));
            continue;
        }
        for (const {name, value} of element.attributes) {
            const runs = /^[\\s\\x00-\\x1f]*(javascript|vbscript|data:text)/i.test(value);
            const ours = value.includes(elsewhere) || value.includes(run);
            const spoken = words.has(name) || /^(aria|data)-/.test(name);
            const link = ['href', 'src', 'action'].includes(name) && here(value);
            if (/^on/i.test(name) || runs && !spoken || ours && !spoken && !link)
                found.push(`${element.tagName} ${name}=${value}`);
        }
    }
    for (const element of document.querySelectorAll('.katex, iframe, object, embed, marquee, math'))
        found.push(element.tagName + ' ' + element.textContent);
    for (const element of document.querySelectorAll('script, style'))
        if (element.textContent.includes(elsewhere) || element.textContent.includes(run))
            found.push(element.tagName + ' ' + element.textContent);
    return [found, links];
}"""

_TEXT = """() => [document.body.textContent, document.title,
    ...[...document.querySelectorAll('input, textarea')].map(typed => typed.value)].join('\\n')"""


@dataclass
class Row:
    """One line of the table: what became of the strings in one field."""

    where: str
    strings: int = 0
    pages: int = 0
    scripts: int = 0
    requests: int = 0
    markup: int = 0
    altered: int = 0
    links: int = 0
    stopped: int = 0


@dataclass
class Watch:
    """One visitor under watch.

    Attributes:
        ran: what ran: a string's own code, or a dialog that it opened.
        stopped: what the content policy had to stop.
        markup: what a string became on a page.
        altered: strings that did not stand on the page as they were typed.
    """

    visitor: Visitor
    ran: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def begin(self) -> None:
        """Watch from now on."""
        context = self.visitor.context
        context.expose_function("ranHere", lambda *_given: self.ran.append("a script"))
        context.expose_function("noteViolation", self._note)
        context.add_init_script(NOTE_VIOLATIONS)

        def dismiss(dialog: object) -> None:
            self.ran.append("a dialog")
            dialog.dismiss()  # type: ignore[attr-defined]

        context.on("dialog", dismiss)

    def forget(self) -> None:
        """Begin a table of its own."""
        found = (self.ran, self.stopped, self.markup, self.altered, self.rows)
        for noted in (*found, self.visitor.elsewhere):
            noted.clear()

    def field(self, where: str) -> None:
        """Begin a line of the table."""
        self.rows.append(Row(where))

    def look(self, strings: Sequence[str] = (), *, count: int | None = None) -> None:
        """Count what is on the page now, on which all of `strings` have to stand as they are.

        `count` is how many strings this page adds to the line; that of `strings` if left out.
        """
        page, row = self.visitor.page, self.rows[-1]
        became, links = page.evaluate(_MARKUP, [ELSEWHERE, RUN])
        shown = _collapsed(page.evaluate(_TEXT))
        altered = [text for text in strings if _collapsed(text) not in shown]
        self.markup += [f"{row.where}: {found}" for found in became]
        self.altered += [f"{row.where}: {text}" for text in altered]
        row.strings += len(strings) if count is None else count
        row.pages += 1
        row.markup += len(became)
        row.links += len(links)
        row.altered += len(altered)
        row.scripts = len(self.ran) - sum(other.scripts for other in self.rows[:-1])
        row.requests = len(self.visitor.elsewhere) - sum(other.requests for other in self.rows[:-1])
        row.stopped = len(self.stopped) - sum(other.stopped for other in self.rows[:-1])

    def _note(self, violation: str) -> None:
        if not violation.startswith(HARMLESS):
            self.stopped.append(violation)


def hold(watch: Watch) -> None:
    """Hold that the strings did nothing, and that each stood there as it was typed."""
    assert watch.ran == [], watch.ran
    assert watch.visitor.elsewhere == [], watch.visitor.elsewhere
    assert watch.markup == [], watch.markup
    assert watch.altered == [], watch.altered


def table(rows: Iterable[Row]) -> str:
    """Return the lines as a table to print."""
    head = (
        "field", "strings", "pages", "scripts", "requests", "markup", "altered", "links", "stopped"
    )  # fmt: skip
    lines = [dataclasses.astuple(row) for row in rows]
    total = ("all", *(sum(line[place] for line in lines) for place in range(1, len(head))))
    return "\n".join(
        f"{line[0]:<52}" + "".join(f"{cell:>10}" for cell in line[1:])
        for line in (head, *lines, total)
    )


def _collapsed(text: str) -> str:
    # Nobody sees these: Markdown leaves out a mark of byte order; the program puts a joiner into
    # what would become an icon, and leaves out of people's names what turns the text after it.
    seen = (sign for sign in text if sign not in "\ufeff\u2060\u202c\u202e\u2066\u2069")
    return " ".join("".join(seen).split())
