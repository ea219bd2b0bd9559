"""The second step: a code from the telephone (TOTP), or one of the codes kept on paper."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from tracker import record, sealing, settings
from tracker.accounts.choosing import end_other_ways_in, sign_in_name_of
from tracker.accounts.known import held, of_asker
from tracker.accounts.problems import AccountProblem, AccountRefused
from tracker.members import Asker, NotYours
from tracker.models import Deed, Member, RecoveryCode, Role

ISSUER = "Urgent Action letters"
"""What the telephone calls it; as the address it stays the same in every language."""

RECOVERY_CODES = 10

_STEP = 30
_DRIFT = 1
# Crockford's: without I, L, O and U, which are mistaken for others. 16 signs are 80 bits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNS = 16
_MISREAD = str.maketrans("ILO", "110")


@dataclass(frozen=True)
class Enrolment:
    """What the telephone is told once: the secret, and the same as an address for a QR."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


def second_step_since(db: Session, asker: Asker) -> datetime | None:
    """Return since when sign-in asks the asker for a code; None while it does not."""
    return db.scalar(select(Member.totp_since).where(Member.id == asker.member_id))


def begin_second_step(db: Session, asker: Asker, secret: str | None = None) -> Enrolment:
    """Return what the telephone must be told; nothing changes until the first code is given.

    Args:
        secret: what the telephone was told already; a fresh one where it was told nothing.

    Raises:
        AccountRefused: the second step is set already.
        NotYours: the command line has no second step.
    """
    member = of_asker(db, asker)
    if member.totp_since is not None:
        raise AccountRefused({"code": AccountProblem.DEMANDED})
    secret = secret or pyotp.random_base32()
    name = sign_in_name_of(db, asker) or asker.name or ISSUER
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER))


def confirm_second_step(
    db: Session,
    asker: Asker,
    secret: str | None,
    code: str,
    now: datetime,
    *,
    keep_token: str | None = None,
) -> list[str]:
    """Have sign-in ask for a code from now on, and return the recovery codes, this once.

    Every session but that of `keep_token` ends: none of them gave a code.

    Args:
        secret: what the telephone was told; None where nobody knows any more.

    Raises:
        AccountRefused: the code is wrong, or there is no secret to it, or it is set already.
    """
    member = _own(db, asker)
    step = None
    if secret is not None and member.totp_since is None:
        step = _step_of(secret, code, now)
    if step is None:
        raise AccountRefused({"code": AccountProblem.WRONG_CODE})
    member.totp_secret, member.totp_since, member.totp_step = secret, now, step
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    db.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))
    db.add_all(RecoveryCode(member_id=member.id, code_hash=_code_hash(kept)) for kept in codes)
    end_other_ways_in(db, member.id, now=now, keep_token=keep_token)
    record.add(db, Deed.SECOND_STEP_SET, now=now, by=asker, section_id=asker.section_id)
    return codes


def is_demanded(asker: Asker) -> bool:
    """Return whether the server demands a second step of the asker."""
    beyond = {role for role, _ in asker.grants} | asker.waiting
    return settings.current().require_totp and bool(beyond - {Role.VOLUNTEER})


def remove_second_step(db: Session, asker: Asker, *, now: datetime) -> None:
    """Have sign-in ask the asker for no code any more.

    Raises:
        AccountRefused: the server demands it of coordinators and case leads.
    """
    if is_demanded(asker):
        raise AccountRefused({"code": AccountProblem.DEMANDED})
    member = _own(db, asker)
    if member.totp_since is not None:
        drop_second_step(db, member.id)
        record.add(db, Deed.SECOND_STEP_REMOVED, now=now, by=asker, section_id=asker.section_id)


def drop_second_step(db: Session, member_id: int) -> None:
    """Take the second step from a member who lost both the telephone and the paper.

    Whoever calls it asked whether that may be, and records it.
    """
    member = held(db, member_id)
    member.totp_secret = member.totp_since = member.totp_step = None
    db.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))


def accepts_code(db: Session, member_id: int, code: str, now: datetime) -> bool:
    """Return whether the member may come in with that code, which it then opens nothing more.

    A code of the telephone may be one step (30 seconds) early or late; one from paper is crossed
    out.
    """
    member = db.get(Member, member_id)
    if member is None or member.totp_secret is None or member.totp_since is None:
        return False
    step = _step_of(member.totp_secret, code, now)
    if step is not None:
        taken = db.execute(
            update(Member)
            .where(
                Member.id == member_id,
                or_(
                    Member.totp_step.is_(None),
                    Member.totp_step < step,
                    # Taken while this server's clock was wrong: else nobody would get in until
                    # that time has come.
                    Member.totp_step > _step_at(now) + _DRIFT,
                ),
            )
            .values(totp_step=step)
            .execution_options(synchronize_session=False)
        )
    else:
        taken = db.execute(
            delete(RecoveryCode).where(
                RecoveryCode.member_id == member_id, RecoveryCode.code_hash == _code_hash(code)
            )
        )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _own(db: Session, asker: Asker) -> Member:
    if asker.member_id is None:
        raise NotYours("the command line has no second step")
    return held(db, asker.member_id)


def _step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // _STEP


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code that is, of those near `now`."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdecimal()):
        return None
    totp = pyotp.TOTP(secret)
    near = _step_at(now)
    # The newest first: of two steps with the same code it is taken for the later one.
    for step in range(near + _DRIFT, near - _DRIFT - 1, -1):
        if secrets.compare_digest(totp.at(step * _STEP), typed):
            return step
    return None


def _new_code() -> str:
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS))
    return "-".join(signs[place : place + 4] for place in range(0, _SIGNS, 4))


def _code_hash(code: str) -> bytes:
    """Return what is kept of a recovery code: however it is typed, the same."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return sealing.token_hash(signs.translate(_MISREAD))
