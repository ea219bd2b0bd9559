"""The tables, typed, with named constraints. What a column means is said here and nowhere else.

Days (`Date`) are local days of a section; moments (`Moment`) are UTC. Relationships never load by
surprise (`lazy="raise"`): a query says what it needs.
"""

from tracker.models.base import Base, Moment
from tracker.models.cases import (
    ActionStatus,
    ActionTarget,
    Case,
    Event,
    EventKind,
    EventPerson,
    Person,
    PersonName,
    Target,
    UrgentAction,
)
from tracker.models.letters import (
    RUNNING_COUNTS,
    Channel,
    ChannelCount,
    GroupCount,
    LanguageCount,
    Letter,
    LetterChange,
    LetterStatus,
    LetterVersion,
    SectionCount,
    new_public_id,
)
from tracker.models.members import Grant, Group, Mark, Member, Role, Section, SignInLink, WebSession

__all__ = [
    "RUNNING_COUNTS",
    "ActionStatus",
    "ActionTarget",
    "Base",
    "Case",
    "Channel",
    "ChannelCount",
    "Event",
    "EventKind",
    "EventPerson",
    "Grant",
    "Group",
    "GroupCount",
    "LanguageCount",
    "Letter",
    "LetterChange",
    "LetterStatus",
    "LetterVersion",
    "Mark",
    "Member",
    "Moment",
    "Person",
    "PersonName",
    "Role",
    "Section",
    "SectionCount",
    "SignInLink",
    "Target",
    "UrgentAction",
    "WebSession",
    "new_public_id",
]
