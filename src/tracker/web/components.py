"""What pages share: the finding, the choice of an urgent action, links, who is here."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from tracker import settings, wording
from tracker.members import Asker, SectionRules
from tracker.models import Person, UrgentAction
from tracker.web import access, plain
from tracker.web.labels import plain_markdown
from tracker.wording import gettext as _

_log = logging.getLogger(__name__)

CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False}
"""No toolbar over the charts: on a phone it hides them, and the numbers have their own report."""

NAMES = "names-shown-of"
"""Where a window keeps of which section it shows names."""

_ACTION = "action"
_LAST_ACTION = "last-action"

# Sizes that Streamlit's theme has no setting for: a page's width, a finger's width, a calm title.
_STYLE = """
<style>
.stMainBlockContainer { padding-top: 4rem; padding-bottom: 4rem; max-width: %(width)s; }
h1 { padding: 0 0 .25rem; text-wrap: balance; }
.st-key-finding p { font-size: 1.125rem; line-height: 1.5; margin: 0 0 .5rem; text-wrap: pretty; }
.stCheckbox label, .stRadio label { min-height: 2.75rem; align-items: center; }
.stForm .stElementContainer:has([data-testid="stCaptionContainer"]) {
  margin-top: -1.25rem; padding-inline-start: 1.75rem;
}
/* Plotly's own grey is too pale on paper; its text takes the page's ink. */
.stPlotlyChart svg text { fill: currentColor !important; }
.stButton button, .stFormSubmitButton button, .stLinkButton a { min-height: 2.75rem; }
.plain-link {
  display: inline-flex; align-items: center; min-height: 2.75rem; padding: .25rem .75rem;
  border: 1px solid color-mix(in srgb, currentColor 25%%, transparent); border-radius: .5rem; }
a.plain-link { color: inherit !important; text-decoration: none !important; }
a.plain-link:hover, a.plain-link:focus-visible { border-color: currentColor; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4.25rem 1rem 3rem; }
  .stMainBlockContainer .stVerticalBlock { gap: .6rem; }
  .stForm .stElementContainer:has([data-testid="stCaptionContainer"]) { margin-top: -.75rem; }
  h1 { font-size: 1.5rem !important; }
  .st-key-finding p { font-size: 1.0625rem; }
}
</style>
"""


def style(area: access.Area | None = None) -> None:
    """Set what the theme has no setting for: a form is narrow, what coordinators read is wide."""
    wide = area in {access.Area.FOLLOW, access.Area.COORDINATE}
    st.html(_STYLE % {"width": "66rem" if wide else "46rem"})


def demonstration_line(member: Asker) -> None:
    """Say, on every page of a demonstration, that it is one."""
    if member.demo:
        st.caption(_("A demonstration: every letter and every volunteer in it is fictional."))


def heading(path: str) -> None:
    """Draw the page's title."""
    if path != "/members":
        st.session_state.pop(NAMES, None)  # shown for one view of that page
    st.title(access.page_title(path), anchor=False)


def finding(*sentences: str) -> None:
    """Draw the sentence (rarely two) that says what the page found."""
    with st.container(key="finding"):
        for sentence in sentences:
            st.markdown(plain_markdown(sentence))


def empty(sentence: str) -> None:
    """Draw what stands where there is nothing yet: what will be here, and how to begin."""
    st.info(plain_markdown(sentence), icon=":material/hourglass_empty:")


def notice(sentence: str) -> None:
    """Draw what has just happened."""
    st.info(plain_markdown(sentence), icon=":material/info:")


def problem(sentence: str) -> None:
    """Draw what stands in the way."""
    st.error(plain_markdown(sentence))


def link_to(
    member: Asker,
    path: str,
    text: str,
    *,
    action: UrgentAction | None = None,
    query: Mapping[str, str] | None = None,
) -> None:
    """Draw a link to another page, if the member may open it; it keeps the urgent action."""
    page = access.page_at(path)
    if page is not None and access.may_open(member, page):
        chosen = dict(query or {}) | ({_ACTION: action.slug} if action else {})
        st.page_link(streamlit_page(page), label=text, icon=page.icon, query_params=chosen or None)


def plain_link(path: str, text: str) -> None:
    """Draw a link to a plain page; it opens in this tab, as one of `st.link_button` does not."""
    st.html(plain.fragment("link.html", path=path, text=text))


def choose_action(actions: Sequence[UrgentAction]) -> UrgentAction:
    """Return the urgent action that the page is about: the address's, the chosen, or the only one.

    The choice stands in the address (`?action=…`), so that a link or a reload leads back to it.
    """
    by_slug = {action.slug: action for action in actions}
    asked = st.query_params.get(_ACTION)
    if asked is not None and asked not in by_slug:
        notice(_("The urgent action in this address is closed or unknown. This is another one."))
    if len(actions) == 1:
        people = wording.listed([person.name for person in actions[0].case.people])
        st.caption(plain_markdown(f"{actions[0].title} · {people}"))
        return actions[0]
    slugs = list(by_slug)
    # Without an address, the one looked at last is shown, or the newest.
    wanted = (asked, st.session_state.get(_LAST_ACTION))
    chosen = next((slug for slug in wanted if slug in by_slug), slugs[0])
    slug = st.selectbox(
        _("Urgent action"),
        slugs,
        index=slugs.index(chosen),
        format_func=lambda slug: action_label(by_slug[slug]),
        key=f"{_ACTION}-{chosen}",
        on_change=lambda: _choose(st.session_state[f"{_ACTION}-{chosen}"]),
    )
    _choose(slug)
    return by_slug[slug]


def _choose(slug: str) -> None:
    st.session_state[_LAST_ACTION] = slug
    if st.query_params.get(_ACTION) != slug:
        st.query_params[_ACTION] = slug


def action_label(action: UrgentAction) -> str:
    """Return an urgent action's title and its people, in every spelling: so it can be found."""
    people = [all_names(person) for person in action.case.people]
    return f"{action.title} · {wording.listed(people)}"


def all_names(person: Person) -> str:
    """Return a person's name and, in brackets, the other spellings and scripts."""
    # A spelling that differs in spaces alone would only make the line longer.
    spellings: dict[str, str] = {}
    for name in person.names:
        spellings.setdefault("".join(name.name.split()), name.name)
    main, *others = spellings.values()
    return f"{main} ({', '.join(others)})" if others else main


def choose_days() -> tuple[date | None, date | None]:
    """Return the first and the last day of posting to report on; None for no bound."""
    with st.container(horizontal=True):
        first = st.date_input(_("Posted from"), value=None, format="YYYY-MM-DD", key="from")
        last = st.date_input(_("Posted to"), value=None, format="YYYY-MM-DD", key="to")
    return first, last


def choose_section_of_reports(sections: Sequence[SectionRules]) -> str | None:
    """Return the name of the section to report on; None for all, or where there is no choice.

    Args:
        sections: those whose own totals the asker may see.
    """
    if len(sections) < 2:
        return None
    names = [None, *(section.name for section in sections)]
    return st.selectbox(
        _("Section"), names, format_func=lambda name: name or _("All together"), key="section"
    )


def report_link(
    kind: str,
    action: UrgentAction,
    first: date | None,
    last: date | None,
    *,
    about: str,
    section: str | None = None,
    names: bool = False,
) -> None:
    """Draw the link to one report, and what is in it; with `names` also the way to those."""
    narrowing = {"section": section, "from": first, "to": last}
    asked = {"action": action.slug} | {name: value for name, value in narrowing.items() if value}
    query = urlencode(asked)
    with st.container(border=True):
        st.markdown(f"**{kind}.csv**  \n{plain_markdown(about)}")
        with st.container(horizontal=True):
            st.link_button(
                _("Download {file}").format(file=f"{kind}.csv"),
                f"/reports/{kind}.csv?{query}",
                icon=":material/download:",
            )
            if names:
                st.link_button(_("With names …"), f"/reports/with-names?{query}", type="tertiary")


def streamlit_page(page: access.Page) -> StreamlitPage:
    """Return a page of the table as Streamlit's navigation knows it."""
    return st.Page(
        settings.pages_dir() / page.file,
        title=access.page_title(page.path),
        icon=page.icon,
        url_path=page.path.removeprefix("/"),
    )


def first_page(member: Asker) -> StreamlitPage:
    """Return the page at "/": it leads on to the one that this member sees first."""

    def lead_on() -> None:
        page = access.page_at(access.home(member.roles))
        if page is not None:
            st.switch_page(streamlit_page(page))

    return st.Page(lead_on, title=_("First page"), url_path="", default=True, visibility="hidden")


def who_is_here(member: Asker) -> None:
    """Draw, beside the navigation, who is signed in, and the way out."""
    with st.sidebar:
        places = (member.name, member.group, member.section)
        st.caption(plain_markdown(" · ".join(part for part in places if part)))
        _what_the_account_lacks(member)
        # A form, and so a POST to the route: Streamlit's buttons cannot take the cookie back.
        st.html(plain.fragment("sign_out.html"))


def lacks_passphrase(member: Asker) -> bool:
    """Return whether only a link can let the member in again; so it is meant in a demonstration."""
    return not (member.has_passphrase or member.has_identity or member.demo)


def _what_the_account_lacks(member: Asker) -> None:
    if member.waiting:
        st.warning(_("Some of what you may do waits for your second step: see Your account."))
    elif lacks_passphrase(member):
        st.warning(_("You have no passphrase yet: see Your account."))


def signed_out() -> None:
    """Say that nobody is signed in here, and nothing else."""
    st.title(_("Please sign in"), anchor=False)
    st.write(_("You are signed out. Please load this page again: it leads to the sign-in."))


def not_open() -> None:
    """Say that this page is not for the member."""
    st.title(_("This is not open to you"), anchor=False)
    st.write(_("Ask your coordinator if you think that it should be."))


def went_wrong(error: Exception) -> bool:
    """Say that a run failed, in our words, and log where, but not what anybody typed.

    A message may quote a value; the type and the places in the code say enough to mend it.
    """
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("A run failed with %s\n%s", type(error).__name__, places)
    problem(
        _("Something went wrong here, and it is not your doing. What was saved is safe.")
        + " "
        + _("Please load the page again; if it stays like this, tell your coordinator.")
    )
    return True
