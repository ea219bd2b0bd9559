"""Letters: logged, corrected, withdrawn, restored; and the asker's own."""

from tracker.letters.changes import (
    ChangedMeanwhile,
    Details,
    Refused,
    correct,
    log,
    restore,
    withdraw,
    withdraw_entry,
)
from tracker.letters.own import (
    LoggedLetter,
    UnknownLetter,
    count_own,
    of_entry,
    own_letter,
    own_letters,
    versions,
)
from tracker.letters.writers import Writer, writers_without_account

__all__ = [
    "ChangedMeanwhile",
    "Details",
    "LoggedLetter",
    "Refused",
    "UnknownLetter",
    "Writer",
    "correct",
    "count_own",
    "log",
    "of_entry",
    "own_letter",
    "own_letters",
    "restore",
    "versions",
    "withdraw",
    "withdraw_entry",
    "writers_without_account",
]
