"""How people come in: set-up links, links to a passphrase, invitations, join codes, mail domains.

What is secret of a link or a code lies in the database as a hash, and is shown once.
"""

from tracker.invitations.by_email import place_by_email
from tracker.invitations.codes import (
    JOIN_CODE_LIFETIME,
    MOST_PLACES,
    JoinCodeProblem,
    JoinCodeRefused,
    ListedJoinCode,
    end_join_code,
    join_codes,
    make_join_code,
    open_join_code,
    take_place,
)
from tracker.invitations.domains import (
    DomainProblem,
    DomainRefused,
    MappedDomain,
    domains,
    map_domain,
    remove_domain,
)
from tracker.invitations.invites import (
    INVITATION_LIFETIME,
    InvitationProblem,
    InvitationRefused,
    ListedInvitation,
    invitations,
    invite,
    open_invitation,
    revoke,
    spend_invitation,
)
from tracker.invitations.links import (
    LINK_LIFETIME,
    RESET_LIFETIME,
    end_sign_in_links,
    member_of_link,
    new_sign_in_link,
    open_passphrase_link,
    open_sign_in_link,
    reset,
    set_up_is_open,
    spend_passphrase_link,
    spend_sign_in_link,
)
from tracker.invitations.places import Place, admit, plain_address
from tracker.invitations.used import just_used

__all__ = [
    "INVITATION_LIFETIME",
    "JOIN_CODE_LIFETIME",
    "LINK_LIFETIME",
    "MOST_PLACES",
    "RESET_LIFETIME",
    "DomainProblem",
    "DomainRefused",
    "InvitationProblem",
    "InvitationRefused",
    "JoinCodeProblem",
    "JoinCodeRefused",
    "ListedInvitation",
    "ListedJoinCode",
    "MappedDomain",
    "Place",
    "admit",
    "domains",
    "end_join_code",
    "end_sign_in_links",
    "invitations",
    "invite",
    "join_codes",
    "just_used",
    "make_join_code",
    "map_domain",
    "member_of_link",
    "new_sign_in_link",
    "open_invitation",
    "open_join_code",
    "open_passphrase_link",
    "open_sign_in_link",
    "place_by_email",
    "plain_address",
    "remove_domain",
    "reset",
    "revoke",
    "set_up_is_open",
    "spend_invitation",
    "spend_passphrase_link",
    "spend_sign_in_link",
    "take_place",
]
