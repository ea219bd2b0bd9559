"""Choosing an account: names and a passphrase, for the first time or anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import record, sealing
from tracker.accounts import names, passphrases
from tracker.accounts.known import Known, held, still_holds, verified
from tracker.accounts.problems import AccountProblem, AccountRefused
from tracker.members import Asker, NotYours
from tracker.models import Deed, Member, SignInLink, WebSession


@dataclass(frozen=True)
class Account:
    """An account that somebody chose, looked through and ready to be kept."""

    name: str = field(repr=False)
    sign_in_name: str = field(repr=False)
    kept: str = field(repr=False)


@dataclass(frozen=True)
class Change:
    """A new passphrase, and the account as it was when it was chosen."""

    found: Known
    kept: str = field(repr=False)


def prepared(
    name: str, sign_in_name: str, passphrase: str, *, repeat: str | None = None
) -> Account:
    """Return the account, ready for `give`. Slow on purpose: outside of `database.writing()`.

    Args:
        name: what others are to see.
        sign_in_name: what to sign in with; unique on the server.
        passphrase: SHORTEST to LONGEST characters, and not easily guessed.
        repeat: the passphrase again, where a form asked for it twice.

    Raises:
        AccountRefused: with every problem at once; only whether the name is free is left to `give`.
    """
    problems = {
        "name": names.name_problem(name),
        "sign_in_name": names.sign_in_name_problem(sign_in_name),
    }
    # Names may be longer than any: only such as will do help to judge a passphrase.
    judged = not any(problems.values())
    problems |= _passphrase_problems(passphrase, repeat, (name, sign_in_name), judged=judged)
    _refuse(problems)
    return Account(
        name=names.display_name(name),
        sign_in_name=names.display_name(sign_in_name),
        kept=passphrases.hashed(passphrase),
    )


def give(
    db: Session, member_id: int, account: Account, *, now: datetime, keep_token: str | None = None
) -> None:
    """Give the member that account; every session but that of `keep_token` ends, and every link.

    Raises:
        AccountRefused: somebody else has the sign-in name.
        UnknownMember: there is no such member.
    """
    member = held(db, member_id)
    taken = AccountRefused({"sign_in_name": AccountProblem.TAKEN})
    other = db.scalar(
        select(Member.id).where(
            Member.sign_in_key.in_(names.sign_in_keys(account.sign_in_name)),
            Member.id != member_id,
        )
    )
    if other is not None:
        raise taken
    try:
        with db.begin_nested():
            member.name = account.name
            member.sign_in_name = account.sign_in_name
            member.sign_in_key = names.sign_in_key(account.sign_in_name)
            member.passphrase = account.kept
    except IntegrityError:  # another process was quicker
        raise taken from None
    end_other_ways_in(db, member_id, now=now, keep_token=keep_token)
    record.add(
        db,
        Deed.ACCOUNT_CHOSEN,
        now=now,
        member_id=member_id,
        section_id=member.section_id,
    )


def give_first(
    db: Session, member_id: int, account: Account, *, now: datetime, keep_token: str | None = None
) -> bool:
    """Give the member a first account, as `give` does; False where there is one by now.

    Preparing it took a while, in which a link may have given them one, or somebody disabled them.

    Raises:
        AccountRefused: somebody else has the sign-in name.
        UnknownMember: there is no such member.
    """
    member = held(db, member_id)
    if member.passphrase is not None or member.disabled_at is not None:
        return False
    give(db, member_id, account, now=now, keep_token=keep_token)
    return True


def changed(found: Known, current: str, passphrase: str, *, repeat: str | None = None) -> Change:
    """Return the new passphrase, ready for `change_passphrase`. Slow on purpose.

    Raises:
        AccountRefused: the current one is wrong, or the new one will not do.
    """
    right = verified(found, current)
    problems = {
        "current": None if right else AccountProblem.WRONG_PASSPHRASE,
        **_passphrase_problems(passphrase, repeat, found.words, judged=right),
    }
    _refuse(problems)
    return Change(found, passphrases.hashed(passphrase))


def change_passphrase(
    db: Session, asker: Asker, change: Change, *, now: datetime, keep_token: str | None = None
) -> None:
    """Give the asker that passphrase; every session but that of `keep_token` ends, and every link.

    Raises:
        AccountRefused: it was changed meanwhile.
        NotYours: it is somebody else's.
    """
    if asker.member_id is None or change.found.member_id != asker.member_id:
        raise NotYours("a passphrase is its owner's alone")
    if not still_holds(db, change.found):
        raise AccountRefused({"current": AccountProblem.WRONG_PASSPHRASE})
    held(db, asker.member_id).passphrase = change.kept
    end_other_ways_in(db, asker.member_id, now=now, keep_token=keep_token)
    record.add(db, Deed.PASSPHRASE_CHANGED, now=now, by=asker, section_id=asker.section_id)


def end_other_ways_in(
    db: Session, member_id: int, *, now: datetime, keep_token: str | None = None
) -> None:
    """End every session of the member but that of `keep_token`, and every link for the member."""
    sessions = update(WebSession).where(
        WebSession.member_id == member_id, WebSession.ended_at.is_(None)
    )
    if keep_token is not None:
        sessions = sessions.where(WebSession.token_hash != sealing.token_hash(keep_token))
    db.execute(sessions.values(ended_at=now))
    db.execute(
        update(SignInLink)
        .where(SignInLink.member_id == member_id, SignInLink.spent_at.is_(None))
        .values(spent_at=now)
    )


def sign_in_name_of(db: Session, asker: Asker) -> str:
    """Return what the asker signs in with; empty where that is not chosen yet."""
    return (
        db.scalar(select(Member.sign_in_name).where(Member.id == asker.member_id)) or ""
        if asker.member_id is not None
        else ""
    )


def rename(db: Session, asker: Asker, name: str, now: datetime) -> None:
    """Give the asker another name for others to see.

    Raises:
        AccountRefused: no name, or one too long.
        NotYours: the command line has no name.
    """
    if asker.member_id is None:
        raise NotYours("the command line has no name")
    _refuse({"name": names.name_problem(name)})
    member = held(db, asker.member_id)
    if member.name != names.display_name(name):
        member.name = names.display_name(name)
        record.add(db, Deed.ACCOUNT_CHOSEN, now=now, by=asker, section_id=asker.section_id)


def _passphrase_problems(
    passphrase: str, repeat: str | None, words: tuple[str, ...], *, judged: bool
) -> dict[str, AccountProblem | None]:
    problem = passphrases.length_problem(passphrase)
    if judged and problem is None:
        problem = passphrases.problem_with(passphrase, words)
    differs = repeat is not None and repeat != passphrase
    return {
        "passphrase": problem,
        # Whoever must choose another one types that twice, too.
        "repeat": AccountProblem.DIFFERS if differs and problem is None else None,
    }


def _refuse(problems: dict[str, AccountProblem | None]) -> None:
    found = {field: problem for field, problem in problems.items() if problem is not None}
    if found:
        raise AccountRefused(found)
