"""What refusals about members, groups and ways in say, and what the lines of the record say."""

from __future__ import annotations

from tracker.invitations import (
    MOST_PLACES,
    DomainProblem,
    DomainRefused,
    InvitationRefused,
    JoinCodeProblem,
    JoinCodeRefused,
)
from tracker.members import (
    ChangedMeanwhile,
    GroupProblem,
    GroupRefused,
    NotYours,
    PersonProblem,
    PersonRefused,
    SectionRefused,
)
from tracker.models import Deed
from tracker.rules import LateRule
from tracker.web import labels
from tracker.wording import gettext as _

REFUSALS = (
    ChangedMeanwhile,
    DomainRefused,
    GroupRefused,
    InvitationRefused,
    JoinCodeRefused,
    NotYours,
    PersonRefused,
    SectionRefused,
)
"""What a change of members, groups, sections and ways in may be refused with."""


def refusal(refused: Exception) -> str:
    """Return in words what one of REFUSALS says."""
    words = _("This is not open to you")
    match refused:
        case SectionRefused():
            words = " ".join(labels.section_problem(reason) for reason in refused.reasons)
        case GroupRefused():
            words = _group_problem(refused.reason)
        case PersonRefused():
            words = _person_problem(refused.reason)
        case JoinCodeRefused():
            words = _join_code_problem(refused.reason)
        case DomainRefused():
            words = _domain_problem(refused.reason)
        case InvitationRefused():
            words = _("This is no e-mail address. It can also be left out.")
        case ChangedMeanwhile():
            words = _("Somebody else changed this meanwhile. Here is how it stands now.")
        case _other:
            pass
    return words


def late_rule(code: LateRule) -> str:
    """Return what a section does with late letters."""
    return {
        LateRule.ACCEPT: _("They count"),
        LateRule.ASK: _("The writer asks the section's office first"),
        LateRule.REFUSE: _("They cannot be logged"),
    }[code]


def deed(code: Deed) -> str:
    """Return what the record's line tells, without who and when."""
    return {
        Deed.SET_UP: _("set the server up"),
        Deed.SIGNED_IN: _("signed in"),
        Deed.SIGNED_OUT: _("signed out"),
        Deed.SIGN_IN_REFUSED: _("was not let in: name, passphrase or code did not fit"),
        Deed.SIGN_IN_SLOWED: _("tried to sign in too often and had to wait"),
        Deed.SESSION_ENDED: _("ended a browser's session"),
        Deed.PAGE_REFUSED: _("asked for a page that is not open to them"),
        Deed.ACCOUNT_CHOSEN: _("chose a name or a way to sign in"),
        Deed.PASSPHRASE_CHANGED: _("changed the passphrase"),
        Deed.SECOND_STEP_SET: _("set a second step to sign in"),
        Deed.SECOND_STEP_REMOVED: _("removed the second step"),
        Deed.INVITED: _("made an invitation"),
        Deed.INVITATION_REVOKED: _("revoked an invitation"),
        Deed.JOIN_CODE_MADE: _("made a join code"),
        Deed.JOIN_CODE_ENDED: _("ended a join code"),
        Deed.JOINED: _("joined"),
        Deed.MEMBER_ADDED: _("added somebody without an account"),
        Deed.MEMBER_DISABLED: _("disabled a member"),
        Deed.MEMBER_ENABLED: _("enabled a member again"),
        Deed.MEMBER_RESET: _("made a fresh link for a member"),
        Deed.GROUP_CHANGED: _("put a member into another group"),
        Deed.GRANTED: _("gave a role"),
        Deed.GRANT_TAKEN: _("took a role"),
        Deed.SECTION_ADDED: _("made this section"),
        Deed.SECTION_CHANGED: _("changed the section's rules"),
        Deed.GROUP_ADDED: _("made a group"),
        Deed.GROUP_RENAMED: _("renamed a group"),
        Deed.GROUP_MERGED: _("merged two groups"),
        Deed.DOMAIN_MAPPED: _("let a mail domain in"),
        Deed.DOMAIN_REMOVED: _("removed a mail domain"),
        Deed.NAMES_SHOWN: _("looked at names"),
        Deed.NAMES_EXPORTED: _("took a report with names"),
        Deed.LETTERS_LOGGED_FOR: _("logged letters for somebody else"),
        Deed.LETTER_CORRECTED: _("corrected a letter"),
        Deed.LETTER_WITHDRAWN: _("withdrew a letter"),
        Deed.LETTER_RESTORED: _("put a letter back"),
        Deed.ACTION_CLOSED: _("closed an urgent action"),
        Deed.MEMBER_ERASED: _("somebody was forgotten"),
        Deed.PURGED: _("writers were cut from letters after their time"),
        Deed.KEY_ROTATED: _("changed the server's key"),
    }[code]


def _group_problem(problem: GroupProblem) -> str:
    return {
        GroupProblem.NO_NAME: _("Please give the group a name."),
        GroupProblem.LONG_NAME: _("That name is too long: 120 characters are the most."),
        GroupProblem.SAME_NAME: _("There is a group with this name already."),
        GroupProblem.MERGED: _("That group was merged into another one and changes no more."),
        GroupProblem.ITSELF: _("Please choose two different groups."),
        GroupProblem.OTHER_SECTION: _("That group belongs to another section."),
    }[problem]


def _person_problem(problem: PersonProblem) -> str:
    return {
        PersonProblem.NO_NAME: _("Please give a name: it stays sealed, and tells you who it is."),
        PersonProblem.LONG_NAME: _("That name is too long: 120 characters are the most."),
        PersonProblem.ONESELF: _("Nobody can do this to themselves. Please ask somebody else."),
        PersonProblem.LAST_CASE_LEAD: _(
            "This is the last case lead who can sign in. Please make another one first."
        ),
        PersonProblem.DISABLED: _("This member is disabled. Please enable them first."),
    }[problem]


def _join_code_problem(problem: JoinCodeProblem) -> str:
    return {
        JoinCodeProblem.NO_GROUP: _(
            "A join code is for your own group, and you are in none yet: choose one for yourself."
        ),
        JoinCodeProblem.PLACES: _("Please give a number of people from 1 to {most}.").format(
            most=MOST_PLACES
        ),
    }[problem]


def _domain_problem(problem: DomainProblem) -> str:
    return {
        DomainProblem.NO_DOMAIN: _("Please give a mail domain, like letters.example."),
        DomainProblem.MAPPED: _("This domain leads to a section already."),
    }[problem]
