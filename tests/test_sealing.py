"""What is secret in the database, and the key that keeps it so."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests import factories
from tests.processes import together
from tracker import database, sealing, settings
from tracker.models import Member
from tracker.sealing import KeyFileError

KEY = "5e" * 32


@pytest.fixture
def key_file(tmp_path: Path) -> Iterator[Path]:
    """Where the key will lie; nobody has made it yet."""
    file = tmp_path / "keys" / "secret.key"
    settings.use(settings.load({"TRACKER_SECRET_KEY_FILE": str(file)}))
    yield file
    settings.use(None)


def another_key(key_file: Path) -> None:
    settings.use(replace(settings.current(), secret_key_file=key_file.with_name("another.key")))


# Sealed values --------------------------------------------------------------------------------


@given(words=st.text())
def test_what_was_sealed_opens_again(words: str) -> None:
    assert sealing.unseal(sealing.seal(words, "members.name"), "members.name") == words


def test_the_same_text_is_sealed_differently_each_time(key_file: Path) -> None:
    assert len({sealing.seal("Vera", "members.name") for _ in range(50)}) == 50


def test_a_sealed_value_shows_nothing_of_its_text(key_file: Path) -> None:
    assert b"Vera" not in sealing.seal("Vera", "members.name")


def test_another_key_opens_nothing(key_file: Path) -> None:
    sealed = sealing.seal("Vera", "members.name")
    another_key(key_file)
    with pytest.raises(KeyFileError, match="is this the key of this database"):
        sealing.unseal(sealed, "members.name")


def test_a_value_moved_to_another_column_does_not_open(key_file: Path) -> None:
    sealed = sealing.seal("Vera", "members.name")
    with pytest.raises(KeyFileError):
        sealing.unseal(sealed, "members.email")


def test_a_value_with_any_byte_changed_does_not_open(key_file: Path) -> None:
    sealed = sealing.seal("Vera", "members.name")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(KeyFileError):
            sealing.unseal(bytes(changed), "members.name")


def test_a_value_cut_short_does_not_open(key_file: Path) -> None:
    sealed = sealing.seal("Vera", "members.name")
    for length in range(len(sealed)):
        with pytest.raises(KeyFileError):
            sealing.unseal(sealed[:length], "members.name")


def test_the_database_holds_no_members_name(tracker_settings: settings.Settings) -> None:
    with database.writing() as db:
        member_id = factories.member(db, name="Vera Volunteer").id
        nameless_id = factories.member(db).id
        db.execute(text("UPDATE members SET name = NULL WHERE id = :id"), {"id": nameless_id})
    with database.reading() as db:
        stored = db.execute(text("SELECT id, name FROM members")).all()
        by_id = {row.id: row.name for row in stored}
        assert by_id[nameless_id] is None
        assert b"Vera" not in bytes(by_id[member_id])
        assert b"Volunteer" not in bytes(by_id[member_id])
        assert db.get_one(Member, member_id).name == "Vera Volunteer"
        assert db.get_one(Member, nameless_id).name is None


def test_a_member_read_with_another_key_is_refused_and_not_garbled(
    tracker_settings: settings.Settings,
) -> None:
    with database.writing() as db:
        member_id = factories.member(db).id
    another_key(tracker_settings.secret_key_file)
    with database.reading() as db, pytest.raises(KeyFileError):
        db.get(Member, member_id)


# Pseudonyms, keyed hashes, tokens -------------------------------------------------------------


def test_a_pseudonym_can_be_read_out_over_a_telephone(key_file: Path) -> None:
    form = re.compile(r"writer [0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
    for member_id in range(200):
        assert form.fullmatch(sealing.pseudonym(member_id, 1))


def test_a_pseudonym_stays_the_same_within_a_section_and_after_a_restart(key_file: Path) -> None:
    first = sealing.pseudonym(7, 1)
    sealing._known.clear()
    assert sealing.pseudonym(7, 1) == first


def test_no_two_members_sections_or_keys_share_a_pseudonym(key_file: Path) -> None:
    def made() -> set[str]:
        return {sealing.pseudonym(member, section) for member in range(40) for section in range(40)}

    here = made()
    another_key(key_file)
    assert len(here | made()) == 2 * 40 * 40


def test_where_member_and_section_end_makes_a_difference(key_file: Path) -> None:
    assert sealing.pseudonym(1, 11) != sealing.pseudonym(11, 1)
    assert sealing.pseudonym(1, 112) != sealing.pseudonym(2, 11)


def test_a_keyed_hash_finds_again_what_it_stands_for(key_file: Path) -> None:
    assert sealing.keyed_hash("vera@x.example", "email") == sealing.keyed_hash(
        "vera@x.example", "email"
    )
    assert sealing.keyed_hash("vera@x.example", "email") != sealing.keyed_hash(
        "vera@y.example", "email"
    )


def test_keyed_hashes_differ_by_purpose_and_by_key(key_file: Path) -> None:
    hashes = {sealing.keyed_hash("vera", purpose) for purpose in ("email", "name", "")}
    another_key(key_file)
    hashes.add(sealing.keyed_hash("vera", "email"))
    assert len(hashes) == 4


def test_tokens_are_long_never_the_same_and_known_again_by_their_hash() -> None:
    tokens = {sealing.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert len({sealing.token_hash(token) for token in tokens}) == 100
    token = tokens.pop()
    assert sealing.token_hash(token) == sealing.token_hash(token)
    assert token.encode() not in sealing.token_hash(token)


# The key file ---------------------------------------------------------------------------------


def test_the_key_is_made_when_it_is_first_needed_for_its_owners_eyes_alone(key_file: Path) -> None:
    assert not key_file.exists()
    sealing.seal("Vera", "members.name")
    assert re.fullmatch(r"[0-9a-f]{64}\n", key_file.read_text())
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in key_file.parent.iterdir()] == ["secret.key"]


def test_the_key_is_private_whatever_the_umask_is(key_file: Path) -> None:
    before = os.umask(0)
    try:
        sealing.seal("Vera", "members.name")
    finally:
        os.umask(before)
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_there_is_used_and_left_as_it_is(key_file: Path) -> None:
    key_file.parent.mkdir()
    key_file.write_text(f"  {KEY.upper()}\r\n")
    sealed = sealing.seal("Vera", "members.name")
    assert key_file.read_text() == f"  {KEY.upper()}\n"
    key_file.with_name("another.key").write_text(KEY)
    another_key(key_file)
    assert sealing.unseal(sealed, "members.name") == "Vera"


def test_many_threads_that_need_a_key_at_once_make_one(key_file: Path) -> None:
    number = 16
    barrier = Barrier(number)

    def seal(_: int) -> bytes:
        barrier.wait()
        return sealing.seal("Vera", "members.name")

    with ThreadPoolExecutor(number) as threads:
        sealed = list(threads.map(seal, range(number)))
    sealing._known.clear()
    assert {sealing.unseal(value, "members.name") for value in sealed} == {"Vera"}
    assert [file.name for file in key_file.parent.iterdir()] == ["secret.key"]


def test_many_processes_that_need_a_key_at_once_make_one(key_file: Path) -> None:
    printed = together(
        """
from tracker import sealing
start()
print(sealing.pseudonym(1, 1))
""",
        number=3,
        configured=settings.current(),
    )
    assert set(printed) == {f"{sealing.pseudonym(1, 1)}\n"}
    assert [file.name for file in key_file.parent.iterdir()] == ["secret.key"]


def test_a_key_beside_the_database_is_warned_of(tmp_path: Path) -> None:
    beside = settings.load({"TRACKER_DATA_DIR": str(tmp_path)})
    assert "TRACKER_SECRET_KEY_FILE" in (sealing.key_file_warning(beside) or "")
    apart = replace(beside, secret_key_file=tmp_path / "keys" / "secret.key")
    assert sealing.key_file_warning(apart) is None


def damaged(content: bytes) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        file.write_bytes(content)

    return damage


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (damaged(b""), "is damaged: it must hold 64 hexadecimal digits"),
        (damaged(KEY[:-2].encode()), "is damaged: it must hold 64 hexadecimal digits"),
        (damaged((KEY + "00").encode()), "is damaged: it must hold 64 hexadecimal digits"),
        (damaged(b"z" + KEY[1:].encode()), "is damaged: it must hold 64 hexadecimal digits"),
        (damaged(os.urandom(32) + b"\xff"), "is damaged: it must hold 64 hexadecimal digits"),
        (Path.mkdir, "cannot be read: Is a directory"),
    ],
    ids=["empty", "short", "long", "no digit", "bytes", "folder"],
)
def test_a_key_file_that_cannot_be_used_is_named_in_one_sentence(
    key_file: Path, damage: Callable[[Path], None], reason: str
) -> None:
    key_file.parent.mkdir()
    damage(key_file)
    with pytest.raises(KeyFileError) as refused:
        sealing.seal("Vera", "members.name")
    assert str(refused.value) == f"the key file {key_file} {reason}"


def test_a_key_file_that_cannot_be_made_is_named_in_one_sentence(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links_here(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links_here)
    with pytest.raises(KeyFileError) as refused:
        sealing.seal("Vera", "members.name")
    assert str(refused.value) == f"the key file {key_file} cannot be made: Operation not permitted"
    assert list(key_file.parent.iterdir()) == []


def test_a_damaged_key_is_never_replaced(key_file: Path) -> None:
    key_file.parent.mkdir()
    key_file.write_text(KEY[:-2])
    with pytest.raises(KeyFileError):
        sealing.seal("Vera", "members.name")
    assert key_file.read_text() == KEY[:-2]


# Several keys ---------------------------------------------------------------------------------


def test_a_running_process_notices_that_the_key_file_was_changed(key_file: Path) -> None:
    before, pseudonym = sealing.seal("Vera", "members.name"), sealing.pseudonym(1, 1)
    hashed = sealing.keyed_hash("vera", "name")
    sealing.begin_rotation()
    first, second, third = key_file.read_text().splitlines()
    assert re.fullmatch(r"[0-9a-f]{64}\n[0-9a-f]{64}", f"{first}\n{second}")
    assert re.fullmatch(r"pseudonyms [0-9a-f]{64}", third)
    assert sealing.unseal(before, "members.name") == "Vera"
    assert sealing.keyed_hash("vera", "name") != hashed
    assert sealing.keyed_hashes("vera", "name") == [sealing.keyed_hash("vera", "name"), hashed]
    after = sealing.seal("Vera", "members.name")
    sealing.end_rotation()
    assert key_file.read_text() == f"{first}\n{third}\n"
    sealing._known.clear()  # as a process that starts now
    assert sealing.unseal(after, "members.name") == "Vera"
    assert sealing.pseudonym(1, 1) == pseudonym
    assert sealing.keyed_hashes("vera", "name") == [sealing.keyed_hash("vera", "name")]
    with pytest.raises(KeyFileError):
        sealing.unseal(before, "members.name")


def test_who_read_the_old_key_still_opens_what_was_read_with_it(key_file: Path) -> None:
    before = sealing.seal("Vera", "members.name")
    sealing.begin_rotation()
    sealing.end_rotation()
    assert sealing.unseal(before, "members.name") == "Vera"


def test_a_key_file_that_vanishes_is_never_made_anew(key_file: Path) -> None:
    sealing.seal("Vera", "members.name")
    sealing.seal("Vera", "members.name")
    key_file.unlink()
    with pytest.raises(KeyFileError, match="cannot be read: No such file"):
        sealing.seal("Vera", "members.name")
    assert not key_file.exists()


def test_a_rotation_that_was_not_ended_goes_on_with_its_new_key(key_file: Path) -> None:
    sealing.begin_rotation()
    held = key_file.read_text()
    sealing.begin_rotation()
    assert key_file.read_text() == held
    assert len(sealing.fingerprints()) == 2
    sealing.end_rotation()
    assert len(sealing.fingerprints()) == 1


def test_a_key_file_keeps_its_mode_its_owner_and_the_link_to_it(
    key_file: Path, tmp_path: Path
) -> None:
    real = tmp_path / "real.key"
    real.write_text(KEY + "\n")
    real.chmod(0o640)
    key_file.parent.mkdir()
    key_file.symlink_to(real)
    sealing.begin_rotation()
    assert key_file.is_symlink()
    assert len(real.read_text().splitlines()) == 3
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "content",
    [f"{KEY}\n{KEY}\n", f"pseudonyms {KEY}\n", f"{KEY}\npseudonyms {KEY}\npseudonyms {KEY}\n",
     f"{KEY}\nnames {KEY}\n", f"{KEY}\npseudonyms\n", f"{KEY}\n\n{KEY}\npseudonyms {KEY}\n"],
    ids=["no pseudonyms", "no key", "pseudonyms twice", "unknown", "empty", "gap"],
)  # fmt: skip
def test_keys_that_were_put_together_wrongly_are_refused(key_file: Path, content: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(content)
    with pytest.raises(KeyFileError, match="is damaged"):
        sealing.seal("Vera", "members.name")


def test_a_key_file_that_cannot_be_changed_is_told_and_stays(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.seal("Vera", "members.name")
    before = key_file.read_text()

    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(sealing, "_replace", read_only)
    with pytest.raises(KeyFileError, match="cannot be changed: Read-only file system"):
        sealing.begin_rotation()
    assert key_file.read_text() == before
