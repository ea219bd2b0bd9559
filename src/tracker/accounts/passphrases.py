"""Passphrases: what makes a good one, and the slow hash that is kept of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn
from zxcvbn.matching import RANKED_DICTIONARIES

from tracker.accounts.problems import AccountProblem

SHORTEST = 12
LONGEST = 200
"""Characters."""

GUESSES = 10**10
"""Whoever tries the likeliest first must need at least so many tries.

The limit at sign-in alone would do with less. But whoever takes the server away has the database
and its key, and can try on machines of their own: a thousand tries a second, where a hash takes 64
MiB, leave 10^10 a third of a year, for each account anew. Three unrelated words reach it easily.
"""

HASHING = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65536, parallelism=4),))
"""Argon2id as RFC 9106 recommends it where 64 MiB a hash can be had (its second choice).

Tests put a cheaper one in this place, which nothing else may.
"""

AT_ONCE = 2
"""So many hashes are computed at a time: each takes 64 MiB, and a core or more."""

_JUDGED = 32
"""So many characters of a passphrase are judged; what follows can only make it better.

Where signs may stand for letters (@ or 4 for a), the time that it takes grows steeply: seconds for
72 of them, a fraction of one for these. Three unrelated words are hardly longer.
"""

_turns = threading.BoundedSemaphore(AT_ONCE)
_judging = threading.Lock()


def problem_with(passphrase: str, words: Sequence[str] = ()) -> AccountProblem | None:
    """Return what stands against a passphrase, if anything.

    Args:
        passphrase: as it was typed.
        words: what is known of the person, and so tried first: their names.
    """
    problem = length_problem(passphrase)
    if problem is not None:
        return problem
    return AccountProblem.COMMON if _is_guessable(normalize("NFKC", passphrase), words) else None


def length_problem(passphrase: str) -> AccountProblem | None:
    """Return what stands against a passphrase at first sight, if anything."""
    length = len(normalize("NFKC", passphrase))
    if length < SHORTEST:
        return AccountProblem.SHORT
    return AccountProblem.LONG if length > LONGEST else None


def hashed(passphrase: str) -> str:
    """Return what is kept of a passphrase; takes a tenth of a second."""
    with _turns:
        return HASHING.hash(_as_bytes(passphrase))


def matches(passphrase: str, kept: str | None) -> bool:
    """Return whether `kept` was made of that passphrase; takes as long where nothing is kept."""
    with _turns:
        return HASHING.verify(_as_bytes(passphrase), kept or _nobodys(HASHING)) and kept is not None


def _is_guessable(text: str, words: Sequence[str]) -> bool:
    if text.lower() in RANKED_DICTIONARIES["passwords"]:
        return True
    # Names also count by their parts.
    known = [part for word in words for part in {word, *word.split()} if part]
    # zxcvbn keeps the words it is given in a list that all threads share, until the next call.
    with _judging:
        try:
            return int(zxcvbn(text[:_JUDGED], user_inputs=known)["guesses"]) < GUESSES
        finally:
            RANKED_DICTIONARIES.pop("user_inputs", None)


def _as_bytes(passphrase: str) -> bytes:
    # However a keyboard composes a character, it is the same passphrase.
    return normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=2)
def _nobodys(hashing: PasswordHash) -> str:
    """Return a hash to try passphrases against where there is no account."""
    return hashing.hash("nobody's")
