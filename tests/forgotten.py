"""Volunteers with everything one can have, erased, and looked for in every byte that is kept."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.postgres import Server
from tracker import accounts, database, forgetting, invitations, letters, members, record, sealing
from tracker.models import (
    Base,
    Deed,
    Invitation,
    Member,
    RecoveryCode,
    Role,
    SignInLink,
    WebSession,
)
from tracker.settings import Settings
from tracker.web import serving

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class Looked:
    """Where was looked, in how many bytes, and how many of the noted marks were there."""

    where: str
    bytes: int
    found: int


def fill(number: int) -> list[int]:
    """Add that many volunteers beside others who stay, and return their keys."""
    with database.writing() as db:
        action = factories.action(db)
        section = factories.section(db)
        lead = factories.member(db, [Role.CASE_LEAD])
        lead.passphrase = "$argon2id$fictional"
    keys = []
    for place in range(2 * number):  # every second one stays
        with database.writing() as db:
            member_id = _volunteer(db, section.id, place)
            if place % 2:
                keys.append(member_id)
            asker = members.asker(db, member_id)
            logged = factories.log(db, asker, action)
            letters.withdraw(db, asker, logged[0].letter_id, version=1, now=NOW)
    if database.engine().dialect.name == "postgresql":
        with database.engine().connect() as connection:
            # As the server does by itself after some time; what it learns are values, too.
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return keys


def _volunteer(db: Session, section_id: int, place: int) -> int:
    member = factories.member(db, name=f"Fictional Vera the {place:04}th")
    sign_in = f"fictional-vera-{place:04}"
    member.sign_in_name, member.sign_in_key = sign_in, accounts.sign_in_key(sign_in)
    member.passphrase = f"$argon2id$fictional{place:04}"
    member.totp_secret = f"JBSWY3DPEHPK3PXP{place:04}"
    accounts.link_identity(db, member.id, "https://id.example", f"subject-{place:04}")
    for browser in ("Firefox, Android", "Chromium, Linux"):
        db.add(
            WebSession(
                token_hash=sealing.token_hash(f"{browser} {place}"),
                member_id=member.id,
                browser=f"{browser} {place:04}",
                created_at=NOW,
                last_seen_at=NOW,
            )
        )
    db.add(RecoveryCode(member_id=member.id, code_hash=sealing.token_hash(f"code {place}")))
    invitations.new_sign_in_link(db, member.id, now=NOW)
    email = f"fictional.vera.{place:04}@ruritania.example"
    token = invitations.invite(
        db, members.operator(db), section_id, None, Role.VOLUNTEER, email=email, now=NOW
    )
    found = select(Invitation).where(Invitation.token_hash == sealing.token_hash(token))
    db.scalars(found).one().spent_at = NOW
    for deed in (Deed.JOINED, Deed.SIGNED_IN):
        record.add(db, deed, now=NOW, member_id=member.id, section_id=section_id)
    return member.id


def marks(keys: Sequence[int]) -> set[bytes]:
    """Return what tells these members: names, addresses, sealed bytes, hashes and pseudonyms."""
    noted: set[bytes] = set()
    with database.reading() as db:
        for member in db.scalars(select(Member).where(Member.id.in_(keys))):
            place = int((member.sign_in_name or "")[-4:])
            email = f"fictional.vera.{place:04}@ruritania.example"
            words = [member.name, member.sign_in_name, member.identity, member.totp_secret, email]
            noted |= {word.encode() for word in words if word}
            noted.add(members.pseudonym(member.id, member.section_id).encode())
            noted.add(sealing.keyed_hash(email, "invitations.email"))
        for table, owner in (
            (Member, "id"), (WebSession, "member_id"), (RecoveryCode, "member_id"),
            (SignInLink, "member_id"),
        ):  # fmt: skip
            rows = db.execute(text(f"SELECT * FROM {table.__tablename__}")).mappings()
            for row in rows:
                if row[owner] in keys:
                    noted |= {bytes(value) for value in row.values() if _is_bytes(value)}
        # The invitations are nobody's; those of the members who go are known by their address.
        hashes = {mark for mark in noted if len(mark) == 32}
        rows = db.execute(text("SELECT email, email_key FROM invitations")).all()
        noted |= {bytes(email) for email, key in rows if bytes(key) in hashes}
    return noted


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes | memoryview)


def plain(noted: set[bytes]) -> set[bytes]:
    """Return those of the marks that are words: what a copy without the key must not show."""
    return {mark for mark in noted if mark.isascii() and b"\0" not in mark and len(mark) != 32}


def erase(keys: Sequence[int]) -> bool:
    """Erase them one after the other as the command does; return whether the files were swept.

    Then purge as a server does, and let it log.
    """
    for key in keys:
        with database.writing() as db:
            forgetting.erase(db, key, now=LATER, by=None)
    swept = database.sweep(forgetting.EMPTIED)
    serving.purge(LATER)
    return swept


def search(
    chosen: Settings, noted: set[bytes], logged: str, backup: Path, postgres: Server | None
) -> list[Looked]:
    """Look for the marks in all rows, the log, every file of the database and a new backup."""
    looked = [_in_rows(noted), _in({"log": logged.encode()}, "log", noted)]
    if postgres is None:
        file = Path(database.engine().url.database or "")
        files = {path.name: path.read_bytes() for path in file.parent.glob(f"{file.name}*")}
        looked.append(_in(files, "database, WAL, shared memory", noted))
        backup.unlink(missing_ok=True)
        with sqlite3.connect(file) as source, sqlite3.connect(backup) as target:
            source.backup(target)
        source.close()
        target.close()
        return [*looked, _in({"backup": backup.read_bytes()}, "backup", noted)]
    with postgres.connect() as connection:
        connection.execute("CHECKPOINT")  # what is in memory only is written
    tables, log = {}, {}
    for path in postgres.folder.rglob("*"):
        if path.is_file() and not path.is_socket():
            place = str(path.relative_to(postgres.folder))
            (log if "pg_wal" in place else tables)[place] = path.read_bytes()
    return [*looked, _in(tables, "data files, server log", noted), _in(log, "pg_wal", noted)]


def _in(files: dict[str, bytes], where: str, noted: set[bytes]) -> Looked:
    found: set[bytes] = set()
    for content in files.values():
        found |= _marks_in(content, noted - found)
    return Looked(where, sum(map(len, files.values())), len(found))


def _marks_in(content: bytes, noted: set[bytes]) -> set[bytes]:
    """Return which marks are in there; by their first three bytes, as both are many."""
    by_start: dict[bytes, list[bytes]] = defaultdict(list)
    starts = np.zeros(1 << 24, dtype=bool)
    for mark in noted:
        by_start[mark[:3]].append(mark)
        starts[int.from_bytes(mark[:3])] = True
    octets = np.frombuffer(content, dtype=np.uint8).astype(np.uint32)
    if len(octets) < 3:
        return set()
    places = np.flatnonzero(starts[octets[:-2] << 16 | octets[1:-1] << 8 | octets[2:]])
    return {
        mark
        for place in places.tolist()
        for mark in by_start[content[place : place + 3]]
        if content.startswith(mark, place)
    }


def _in_rows(noted: set[bytes]) -> Looked:
    with database.reading() as db:
        rows = [
            bytes(value) if _is_bytes(value) else str(value).encode()
            for table in Base.metadata.sorted_tables
            for row in db.execute(text(f"SELECT * FROM {table.name}"))
            for value in row
        ]
    return _in({"rows": b"\x1f".join(rows)}, "every row of every table", noted)


def table(before: Sequence[Looked], after: Sequence[Looked]) -> str:
    """Return the two searches as a table."""
    lines = [f"{'where':<30} {'bytes':>12} {'before':>7} {'after':>6}"]
    lines += [
        f"{one.where:<30} {other.bytes:>12,} {one.found:>7} {other.found:>6}"
        for one, other in zip(before, after, strict=True)
    ]
    return "\n".join(lines)
