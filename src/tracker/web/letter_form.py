"""The fields of a letter, as /log and /my-letters both ask for them, and the id of a form.

Each form has an entry id, which stands in the address: sent twice, or reloaded, it is known again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from tracker import wording
from tracker.case_files import LANGUAGES
from tracker.letters import Details, LoggedLetter, Refused, Writer
from tracker.members import Asker
from tracker.models import Channel, UrgentAction
from tracker.rules import LateRule, Refusal
from tracker.web import components, labels
from tracker.wording import gettext as _

_ENTRY = re.compile(r"^[\w-]{8,40}$")
_PARAMETER = "entry"
FOR = "for"
"""In whose name, in the address: the pseudonym of somebody without an account."""


def entry_id() -> str:
    """Return the id of the form in the address; a new one where there is none."""
    known = st.query_params.get(_PARAMETER, "")
    return known if _ENTRY.match(known) else new_entry()


def new_entry() -> str:
    """Begin a new form: put a new id into the address and return it."""
    entry = secrets.token_urlsafe(12)
    st.query_params[_PARAMETER] = entry
    return entry


@dataclass(frozen=True)
class Fields:
    """The widgets of one form, by the keys under which they keep what was typed.

    `form` is unique to the form: the same form drawn again shows what was typed before.
    """

    form: str

    def key(self, field: str) -> str:
        """Return the key of one widget."""
        return f"{self.form}-{field}"

    def value(self, field: str) -> Any:
        """Return what a widget holds."""
        return st.session_state.get(self.key(field))

    def details(self) -> Details:
        """Return what was typed about the letter.

        Raises:
            Refused: the day was cleared.
        """
        if self.value("posted_on") is None:
            raise Refused([Refusal.NO_DAY])
        return Details(
            posted_on=self.value("posted_on"),
            channel=self.value("channel"),
            language=self.value("language"),
            own_words=self.value("own_words"),
            late_confirmed=bool(self.value("late_confirmed")),
        )

    def ticked(self, action: UrgentAction) -> list[int]:
        """Return the targets that are ticked."""
        return [
            chosen.target_id
            for chosen in action.targets
            if self.value(f"target-{chosen.target_id}")
        ]

    def keep(self, field: str, default: object) -> None:
        """Give a widget its first value, unless something was typed already."""
        st.session_state.setdefault(self.key(field), default)

    def take_over(self, logged: Sequence[LoggedLetter], *, everything: bool) -> None:
        """Begin with what an earlier form logged: all of it, or how one writes but not to whom.

        From the letters, not from that form: Streamlit forgets a form that is not drawn any more.
        """
        for letter in logged:
            self.keep("channel", letter.channel)
            self.keep("language", letter.language)
            self.keep("own_words", letter.own_words)
            if everything:
                self.keep("posted_on", letter.posted_on)
                self.keep("late_confirmed", letter.after_deadline)
                self.keep(f"target-{letter.target_id}", True)


def details_fields(
    fields: Fields,
    action: UrgentAction,
    *,
    today: date,
    problems: Sequence[Refusal],
    writer: Asker | Writer,
    letter: LoggedLetter | None = None,
) -> None:
    """Draw when, how and in which words a letter went out; what is wrong stands beside its field.

    `letter` gives the first values when one is corrected; otherwise they are today, by post, in
    the urgent action's first language, the model letter. `writer` is whose letter it is: what holds
    after the deadline is the rule of that section.
    """
    languages = _languages(action)
    fields.keep("posted_on", letter.posted_on if letter else today)
    fields.keep("channel", letter.channel if letter else Channel.POST)
    fields.keep("language", letter.language if letter else languages[0])
    fields.keep("own_words", letter.own_words if letter else False)
    if letter:
        fields.keep("late_confirmed", letter.after_deadline)
    with st.container(horizontal=True, key=fields.key("row")):
        st.date_input(_("Posted on"), key=fields.key("posted_on"), format="YYYY-MM-DD")
        st.selectbox(
            _("Sent by"), list(Channel), key=fields.key("channel"), format_func=labels.channel
        )
    by_the_day = [Refusal.NO_DAY, Refusal.FUTURE, Refusal.BEFORE_ISSUE, Refusal.TOO_LATE]
    _say(problems, by_the_day, action, writer)
    asking = writer.late_rule is LateRule.ASK
    if asking and action.deadline is not None and today > action.deadline:
        st.checkbox(
            _("My section's office agreed to a letter after the deadline"),
            key=fields.key("late_confirmed"),
            help=_("Only needed for a letter posted after {day}.").format(
                day=wording.day(action.deadline)
            ),
        )
        _say(problems, [Refusal.UNCONFIRMED_LATE], action, writer)
    with st.container(horizontal=True, key=fields.key("row2")):
        st.selectbox(
            _("Language"), languages, key=fields.key("language"), format_func=wording.language_name
        )
        st.selectbox(
            _("Text"), [False, True], key=fields.key("own_words"), format_func=labels.words
        )


def writer_in_address(writers: Sequence[Writer]) -> Writer | None:
    """Return the writer whose pseudonym stands in the address (`?for=…`), if it is one of these."""
    asked = st.query_params.get(FOR, "")
    return next((writer for writer in writers if code_of(writer.pseudonym) == asked), None)


def writer_line(writer: Writer) -> None:
    """Draw in whose name letters are logged, and the way back to one's own."""
    components.notice(
        _("You log letters for {writer}, who has no account.").format(writer=writer.pseudonym)
    )
    st.button(_("Log my own letters instead"), on_click=_forget_writer, type="tertiary")


def code_of(pseudonym: str) -> str:
    """Return the part of a pseudonym that tells it from others, as it stands in an address."""
    return pseudonym.rpartition(" ")[2]


def _forget_writer() -> None:
    st.query_params.pop(FOR, None)
    new_entry()


def target_fields(
    fields: Fields, action: UrgentAction, *, problems: Sequence[Refusal], writer: Asker | Writer
) -> None:
    """Draw the targets as ticks: the first in priority is ticked, and why stands under it."""
    begun = any(fields.value(f"target-{chosen.target_id}") for chosen in action.targets)
    for chosen in action.targets:
        field = f"target-{chosen.target_id}"
        fields.keep(field, not begun and chosen.priority == action.targets[0].priority)
        st.checkbox(labels.target(chosen.target), key=fields.key(field))
        if chosen.reason:
            st.caption(labels.plain_markdown(chosen.reason))
    _say(problems, [Refusal.NO_TARGET], action, writer)


def one_target_field(fields: Fields, action: UrgentAction, letter: LoggedLetter) -> None:
    """Draw the target as a choice: a letter that is corrected has one."""
    names = {chosen.target_id: chosen.target.name for chosen in action.targets}
    fields.keep("target", letter.target_id)
    st.selectbox(_("Target"), list(names), key=fields.key("target"), format_func=names.__getitem__)


def _say(
    problems: Sequence[Refusal],
    here: Sequence[Refusal],
    action: UrgentAction,
    writer: Asker | Writer,
) -> None:
    for reason in problems:
        if reason in here:
            st.error(labels.refusal(reason, action, writer))


def _languages(action: UrgentAction) -> list[str]:
    others = sorted(LANGUAGES - set(action.languages), key=wording.language_name)
    return [*action.languages, *(others if action.own_language else [])]
