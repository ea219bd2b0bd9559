"""The tables, typed, with named constraints. What a column means is said here and nowhere else.

Days (`Date`) are local days of a section; moments (`Moment`) are UTC. Relationships never load by
surprise (`lazy="raise"`): a query says what it needs.
"""

from tracker.models.base import Base, Moment, new_public_id
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
)
from tracker.models.members import (
    RETENTION_DAYS,
    Grant,
    Group,
    Mark,
    Member,
    Role,
    Section,
)
from tracker.models.record import Deed, RecordEntry
from tracker.models.ways_in import (
    SESSION_IDLE,
    SESSION_LONGEST,
    Invitation,
    JoinCode,
    MailDomain,
    RecoveryCode,
    SignInLink,
    WebSession,
)

__all__ = [
    "RETENTION_DAYS",
    "RUNNING_COUNTS",
    "SESSION_IDLE",
    "SESSION_LONGEST",
    "ActionStatus",
    "ActionTarget",
    "Base",
    "Case",
    "Channel",
    "ChannelCount",
    "Deed",
    "Event",
    "EventKind",
    "EventPerson",
    "Grant",
    "Group",
    "GroupCount",
    "Invitation",
    "JoinCode",
    "LanguageCount",
    "Letter",
    "LetterChange",
    "LetterStatus",
    "LetterVersion",
    "MailDomain",
    "Mark",
    "Member",
    "Moment",
    "Person",
    "PersonName",
    "RecordEntry",
    "RecoveryCode",
    "Role",
    "Section",
    "SectionCount",
    "SignInLink",
    "Target",
    "UrgentAction",
    "WebSession",
    "new_public_id",
]
