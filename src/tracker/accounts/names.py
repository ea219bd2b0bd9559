"""Names: the one that others see, and the one to sign in with."""

from __future__ import annotations

from unicodedata import category, normalize

from tracker import sealing
from tracker.accounts.problems import AccountProblem
from tracker.members import NAME_LENGTH
from tracker.members.sections import TURNING


def normal_name(text: str) -> str:
    """Return a sign-in name as it is compared: however it is written or typed, the same.

    Width, capitals, blanks and signs that nobody sees make no difference.
    """
    seen = _one_line(text, without={"Cf"})
    return _one_line(normalize("NFKC", normalize("NFKC", seen).casefold()), without={"Cf"})


def sign_in_key(name: str) -> bytes:
    """Return the keyed hash by which a member is found who signs in with that name."""
    return sealing.keyed_hash(normal_name(name), "members.sign_in_key")


def sign_in_keys(name: str) -> list[bytes]:
    """Return every hash under which that sign-in name may be kept, while the key is changed."""
    return sealing.keyed_hashes(normal_name(name), "members.sign_in_key")


def display_name(text: str) -> str:
    """Return a name as it is kept and shown: in one line, without signs that change the rest."""
    return _one_line(normalize("NFC", "".join(sign for sign in text if sign not in TURNING)))


def name_problem(text: str) -> AccountProblem | None:
    """Return what stands against that name for others to see, if anything."""
    if not normal_name(text):
        return AccountProblem.NO_NAME
    return AccountProblem.LONG_NAME if len(display_name(text)) > NAME_LENGTH else None


def sign_in_name_problem(text: str) -> AccountProblem | None:
    """Return what stands against signing in with that name, if anything; not whether it is free."""
    if not normal_name(text):
        return AccountProblem.NO_SIGN_IN_NAME
    longest = max(len(display_name(text)), len(normal_name(text)))
    return AccountProblem.LONG_SIGN_IN_NAME if longest > NAME_LENGTH else None


def _one_line(text: str, without: frozenset[str] | set[str] = frozenset()) -> str:
    # Control characters and halves of characters: no database and no page has a place for them.
    unwanted = {"Cc", "Cs", *without}
    kept = (sign for sign in text if sign.isspace() or category(sign) not in unwanted)
    return " ".join("".join(kept).split())
