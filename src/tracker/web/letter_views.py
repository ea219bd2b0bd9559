"""Letters and urgent actions as pages show them: a letter's lines, its history, what to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import quote

import pandas as pd
import streamlit as st

from tracker import members, rules, wording
from tracker.letters import ChangedMeanwhile, LoggedLetter, UnknownLetter, Writer
from tracker.members import Asker
from tracker.models import Channel, LetterChange, LetterStatus, UrgentAction
from tracker.rules import LateRule
from tracker.web import components, labels
from tracker.web.labels import plain_markdown
from tracker.wording import gettext as _

_STALE = "letter changed meanwhile"


def letter_lines(letter: LoggedLetter, action: UrgentAction | None = None, *, asker: Asker) -> None:
    """Draw one letter: to whom, when, how, and whether it counts; whose it is, if another's."""
    marks = []
    if letter.status is LetterStatus.WITHDRAWN:
        marks.append(f":gray-badge[{_('withdrawn, does not count')}]")
    if letter.after_deadline:
        marks.append(f":orange-badge[{_('after the deadline')}]")
    others = letter.writer_id != asker.member_id
    writer = members.pseudonym(letter.writer_id, letter.section_id) if others else ""
    details = " · ".join(
        [
            *([_("for {writer}").format(writer=writer)] if writer else []),
            wording.day(letter.posted_on),
            labels.channel(letter.channel),
            wording.language_name(letter.language),
            labels.words(letter.own_words),
        ]
    )
    st.markdown(
        f"**{plain_markdown(letter.target)}** {' '.join(marks)}  \n{plain_markdown(details)}"
    )
    if action is not None:
        st.caption(plain_markdown(action.title))


def letter_history(versions: pd.DataFrame) -> None:
    """Draw what a letter said before, oldest first."""
    changes = {
        LetterChange.CORRECTED: _("corrected"),
        LetterChange.WITHDRAWN: _("withdrawn"),
        LetterChange.RESTORED: _("put back"),
    }
    with st.expander(_("What it said before")):
        for version in versions.to_dict("records"):
            said = " · ".join(
                [
                    version["target"],
                    wording.day(version["posted_on"]),
                    labels.channel(Channel(version["channel"])),
                    wording.language_name(version["language"]),
                    labels.words(version["own_words"]),
                ]
            )
            change = _("until {day}, then {change}").format(
                day=wording.day(version["changed_at"].date()),
                change=changes[LetterChange(version["change"])],
            )
            st.markdown(f"{plain_markdown(said)}  \n:gray[{plain_markdown(change)}]")


def deadline_note(action: UrgentAction, today: date, writer: Asker | Writer) -> None:
    """Draw how long there is to write, or what holds in the writer's section after the deadline."""
    if action.deadline is None:
        return
    left = rules.days_left(action.deadline, today)
    day = wording.day(action.deadline)
    if left >= 0:
        st.caption(plain_markdown(_("Please write by {day}.").format(day=day)))
        return
    passed = _("The deadline was {day}.").format(day=day)
    in_time = _("A letter posted in time can be logged any time.")
    components.notice(" ".join([passed, _what_holds(action, today, writer), in_time]))


def _what_holds(action: UrgentAction, today: date, writer: Asker | Writer) -> str:
    until = writer.late_until
    if writer.late_rule is LateRule.ASK:
        return action.after_deadline
    if writer.late_rule is LateRule.ACCEPT and until is None:
        return _("Your section still takes letters.")
    if writer.late_rule is LateRule.ACCEPT and until is not None and today <= until:
        return _("Your section still takes letters posted by {day}.").format(day=wording.day(until))
    return _("Your section takes no later letters.")


def action_details(action: UrgentAction) -> None:
    """Draw what a letter asks for, where it goes, and in which language."""
    with st.expander(_("What to ask, and the addresses")):
        if action.target_advice:
            st.markdown(plain_markdown(action.target_advice))
        st.markdown("\n".join(f"1. {plain_markdown(ask)}" for ask in action.asks))
        for chosen in action.targets:
            target = chosen.target
            lines = [labels.target(target), *map(plain_markdown, target.address)]
            if target.email:
                lines.append(plain_markdown(target.email))
            if target.fax:
                lines.append(plain_markdown(_("Fax {number}").format(number=target.fax)))
            if target.salutation:
                lines.append(f"*{plain_markdown(target.salutation)},*")
            st.markdown("  \n".join(lines))
        st.caption(plain_markdown(_languages(action)))
        if action.previous_url:
            address = quote(action.previous_url, safe=":/?#@!$&'()*+,;=%")
            st.markdown(f"[{_('The urgent action before this one')}](<{address}>)")


@contextmanager
def stale_letters() -> Iterator[None]:
    """Turn a letter that another window changed into a sentence, drawn by `say_stale`."""
    try:
        yield
    except (ChangedMeanwhile, UnknownLetter):
        st.session_state[_STALE] = True


def say_stale() -> None:
    """Say, once, that a letter was changed in another window."""
    if st.session_state.pop(_STALE, False):
        components.notice(
            _("That letter was changed in another window meanwhile. Here is how it stands now.")
        )


def _languages(action: UrgentAction) -> str:
    names = wording.alternatives([wording.language_name(code) for code in action.languages])
    if action.own_language:
        return _("Write in {languages}, or in your own language.").format(languages=names)
    return _("Write in {languages}.").format(languages=names)
