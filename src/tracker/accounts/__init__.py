"""Accounts: sign-in names and passphrases, the second step, and who somebody is elsewhere.

A passphrase is hashed on purpose slowly (a tenth of a second and 64 MiB): `prepared`, `changed` and
`verified` take that time, and belong outside of `database.writing()`.
"""

from tracker.accounts.choosing import (
    Account,
    Change,
    change_passphrase,
    changed,
    end_other_ways_in,
    give,
    give_first,
    prepared,
    rename,
    sign_in_name_of,
)
from tracker.accounts.identities import (
    IdentityTaken,
    identity_key,
    link_identity,
    member_of_identity,
)
from tracker.accounts.known import NOBODY, Known, known, of_asker, of_member, still_holds, verified
from tracker.accounts.names import display_name, normal_name, sign_in_key, sign_in_keys
from tracker.accounts.passphrases import LONGEST, SHORTEST
from tracker.accounts.problems import AccountProblem, AccountRefused
from tracker.accounts.second_step import (
    Enrolment,
    accepts_code,
    begin_second_step,
    confirm_second_step,
    drop_second_step,
    is_demanded,
    remove_second_step,
    second_step_since,
)

__all__ = [
    "LONGEST",
    "NOBODY",
    "SHORTEST",
    "Account",
    "AccountProblem",
    "AccountRefused",
    "Change",
    "Enrolment",
    "IdentityTaken",
    "Known",
    "accepts_code",
    "begin_second_step",
    "change_passphrase",
    "changed",
    "confirm_second_step",
    "display_name",
    "drop_second_step",
    "end_other_ways_in",
    "give",
    "give_first",
    "identity_key",
    "is_demanded",
    "known",
    "link_identity",
    "member_of_identity",
    "normal_name",
    "of_asker",
    "of_member",
    "prepared",
    "remove_second_step",
    "rename",
    "second_step_since",
    "sign_in_key",
    "sign_in_keys",
    "sign_in_name_of",
    "still_holds",
    "verified",
]
