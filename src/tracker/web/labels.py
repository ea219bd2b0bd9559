"""What codes are called on screen, and what a refusal says beside its field."""

from __future__ import annotations

import re

from tracker import wording
from tracker.models import Channel, LetterStatus, Target, UrgentAction
from tracker.rules import Refusal
from tracker.wording import gettext as _

# Emphasis, code, links, tags, formulas and tables; a colon that begins an emoji or a colour, and an
# ampersand that begins an entity.
_ANYWHERE = re.compile(r"([\\`*_\[\]<>~$|]|:(?=[\w+/-])|&(?=#?\w+;))")
# Headings, quotes, lists and rules are such only where a line begins.
_AT_LINE_START = re.compile(r"(^\s*\d*)([#+=.)-])", re.MULTILINE)


def channel(code: Channel) -> str:
    """Return a channel's name."""
    return {
        Channel.POST: _("Post"),
        Channel.REGISTERED_POST: _("Registered post"),
        Channel.EMAIL: _("E-mail"),
        Channel.FAX: _("Fax"),
        Channel.WEB_FORM: _("Web form"),
        Channel.SOCIAL_MEDIA: _("Social media"),
        Channel.HAND: _("By hand"),
    }[code]


def status(code: LetterStatus) -> str:
    """Return a letter's state."""
    return {
        LetterStatus.PREPARED: _("prepared"),
        LetterStatus.POSTED: _("posted"),
        LetterStatus.WITHDRAWN: _("withdrawn"),
    }[code]


def words(own: bool) -> str:
    """Return whose words a letter is in."""
    return _("Own words") if own else _("Model letter")


def target(official: Target) -> str:
    """Return a target with role and institution, in Markdown that shows the names as they are."""
    parts = (official.name, official.role, official.institution)
    return plain_markdown(", ".join(part for part in parts if part))


def refusal(reason: Refusal, action: UrgentAction) -> str:
    """Return the sentence that stands beside the field in question."""
    deadline = wording.day(action.deadline) if action.deadline else ""
    return {
        Refusal.NO_TARGET: _("Please tick at least one target."),
        Refusal.NO_DAY: _("Please give the day on which it was posted."),
        Refusal.FUTURE: _("This day is still ahead. A letter can be logged once it is posted."),
        Refusal.BEFORE_ISSUE: _(
            "This urgent action was issued on {day}; a letter for it cannot be older."
        ).format(day=wording.day(action.issued_on)),
        Refusal.UNCONFIRMED_LATE: _(
            "The deadline was {day}. Please ask your section's office first, then tick this box."
        ).format(day=deadline),
        Refusal.CLOSED: _("This urgent action is closed and takes no more letters."),
    }[reason]


def plain_markdown(text: str) -> str:
    """Return Markdown that shows `text` as it is, whatever signs it has.

    Only what would mean something is escaped: screen readers are given the label as it is written.
    """
    return _AT_LINE_START.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\1", text))
