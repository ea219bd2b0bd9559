"""What codes are called on screen, and what a refusal says beside its field."""

from __future__ import annotations

import re

from tracker import wording
from tracker.accounts import LONGEST, SHORTEST, AccountProblem
from tracker.letters import Writer
from tracker.members import Asker, SectionProblem
from tracker.models import Channel, LetterStatus, Role, Target, UrgentAction
from tracker.rules import LateRule, Refusal
from tracker.wording import gettext as _

# Emphasis, code, links, tags, formulas and tables; a colon that begins an emoji or a colour, and an
# ampersand that begins an entity.
_ANYWHERE = re.compile(r"([\\`*_\[\]<>~$|]|:(?=[\w+/-])|&(?=#?\w+;))")
# What becomes an icon or an emoji although its colon is escaped.
_ICON = re.compile(r":(?=(?:material/)?[\w+-]+:)")
_WORD_JOINER = "\u2060"
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


def refusal(reason: Refusal, action: UrgentAction, writer: Asker | Writer) -> str:
    """Return the sentence that stands beside the field in question."""
    deadline = wording.day(action.deadline) if action.deadline else ""
    until = wording.day(writer.late_until) if writer.late_until else ""
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
        Refusal.TOO_LATE: (
            _("The deadline was {day}, and your section took later letters until {until}.")
            if until and writer.late_rule is LateRule.ACCEPT
            else _("The deadline was {day}, and your section takes no later letters.")
        ).format(day=deadline, until=until),
        Refusal.CLOSED: _("This urgent action is closed and takes no more letters."),
    }[reason]


def account_problem(problem: AccountProblem) -> str:
    """Return the sentence that stands beside a field of one's own account."""
    return {
        AccountProblem.NO_NAME: _("Please give a name for others to see."),
        AccountProblem.LONG_NAME: _("That name is too long: 120 characters are the most."),
        AccountProblem.NO_SIGN_IN_NAME: _("Please choose a name to sign in with."),
        AccountProblem.LONG_SIGN_IN_NAME: _("That name is too long: 120 characters are the most."),
        AccountProblem.TAKEN: _("Somebody here signs in with this name already."),
        AccountProblem.SHORT: _("A passphrase has at least {number} characters.").format(
            number=SHORTEST
        ),
        AccountProblem.LONG: _("A passphrase has at most {number} characters.").format(
            number=LONGEST
        ),
        AccountProblem.COMMON: _(
            "This is easily guessed. Three or four words that do not belong together are better."
        ),
        AccountProblem.DIFFERS: _("The two differ. Please type the new passphrase twice."),
        AccountProblem.WRONG_PASSPHRASE: _("This is not your passphrase."),
        AccountProblem.WRONG_CODE: _(
            "This code is not right, or it was used before. Please try the next one."
        ),
        AccountProblem.DEMANDED: _("This server asks the second step of your role."),
    }[problem]


def role(code: Role) -> str:
    """Return what somebody is called who holds that role."""
    return {
        Role.VOLUNTEER: _("volunteer"),
        Role.COORDINATOR: _("coordinator"),
        Role.CASE_LEAD: _("case lead"),
    }[code]


def section_problem(problem: SectionProblem) -> str:
    """Return the sentence that stands beside the field of a section."""
    return {
        SectionProblem.NO_NAME: _("Please give the section a name."),
        SectionProblem.LONG_NAME: _("That name is too long: 120 characters are the most."),
        SectionProblem.SAME_NAME: _("There is a section with this name already."),
        SectionProblem.UNKNOWN_ZONE: _("Please choose a time zone from the list."),
        SectionProblem.RETENTION: _("Please give a number of days from 0 to 3,650."),
    }[problem]


def plain_markdown(text: str) -> str:
    """Return Markdown that shows `text` as it is, whatever signs it has.

    Only what would mean something is escaped: screen readers are given the label as it is written.
    """
    broken = _ICON.sub(f":{_WORD_JOINER}", text)  # nobody sees it, and no icon has such a name
    return _AT_LINE_START.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\1", broken))
