"""What is secret in the database: sealed columns, keyed hashes, pseudonyms; one key file.

The key file holds a key a line, 64 hexadecimal digits each, the newest first. Whoever needs it
first makes it; each use derives a key of its own from it. New values are sealed with the newest
key, and any of them opens what it sealed: so a server goes on while the key is changed, and notices
when the file was. Pseudonyms outlast a change: what makes them then stands on a line of its own,
"pseudonyms" and 64 digits; where there is no such line, it is derived from the one key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from tracker import settings

_NONCE_BYTES = 12
_KEY_BYTES = 32
_PSEUDONYMS = "pseudonyms"
# Crockford's alphabet: no I, L, O or U, so that a pseudonym can be read out over a telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class KeyFileError(RuntimeError):
    """The key file cannot be read, made or used; the message says why in one sentence."""


class Sealed(TypeDecorator[str]):
    """A text column that is encrypted in the database (AES-256-GCM, a fresh nonce a value).

    The column's own name is bound to the value, so that a sealed value copied into another
    column does not open there. None stays NULL.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal `value` on its way into the database."""
        return None if value is None else seal(value, self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open `value` on its way out of the database."""
        return None if value is None else unseal(value, self.purpose)


def seal(text: str, purpose: str) -> bytes:
    """Return `text` encrypted, bound to `purpose`."""
    nonce = os.urandom(_NONCE_BYTES)
    key = _derived(_keys().newest, "seal")
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())


def unseal(sealed: bytes, purpose: str) -> str:
    """Return the text that `seal` encrypted for `purpose`.

    Raises:
        KeyFileError: the key is not the one that sealed it, or the value was changed.
    """
    for key in _keys().openers:
        try:
            return (
                AESGCM(_derived(key, "seal"))
                .decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
                .decode()
            )
        except (InvalidTag, ValueError):  # a ValueError where a value is cut short
            continue
    raise KeyFileError("a sealed value does not open: is this the key of this database?")


def keyed_hash(text: str, purpose: str) -> bytes:
    """Return a hash by which a secret text can be looked up but not guessed without the key.

    To look something up use `keyed_hashes`: while the key is changed there are two.
    """
    return _hash(_keys().newest, text, purpose)


def keyed_hashes(text: str, purpose: str) -> list[bytes]:
    """Return the hashes under which the text may be kept: one a key, the newest key's first."""
    return [_hash(key, text, purpose) for key in _keys().openers]


def fingerprints() -> list[str]:
    """Return what tells the keys of the key file from others, and nothing more; newest first."""
    return [_derived(key, "fingerprint")[:8].hex() for key in _keys().in_file]


def pseudonym(member_id: int, section_id: int) -> str:
    """Return the member's name for everybody's eyes in that section, like "writer 7F3K-Q2M8".

    In another section the same member has another one, so that the two cannot be joined.
    """
    digest = hmac.digest(_keys().pseudonyms, f"{section_id}/{member_id}".encode(), hashlib.sha256)
    number = int.from_bytes(digest[:5])
    letters = "".join(_ALPHABET[(number >> 5 * place) & 31] for place in range(8))
    return f"writer {letters[:4]}-{letters[4:]}"


def key_file_warning(chosen: settings.Settings) -> str | None:
    """Return what is unwise about where the key lies, in one sentence, or None."""
    if chosen.secret_key_file.parent == chosen.data_dir:
        return (
            "the key lies beside the database, so whoever copies the folder has both; "
            "TRACKER_SECRET_KEY_FILE can name another place"
        )
    return None


def new_token() -> str:
    """Return a random 256-bit token for a link or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what the database keeps of a token: enough to know it again, not to use it."""
    return hashlib.sha256(token.encode()).digest()


# Changing the key -----------------------------------------------------------------------------


def begin_rotation() -> None:
    """Put a new key before the old one in the key file: from now on values are sealed with it.

    Where a rotation was begun and never ended, its new key stays the new one. Nobody else may begin
    one at the same moment.

    Raises:
        KeyFileError: the file cannot be changed; then nothing was.
    """
    keys = _keys()
    if len(keys.in_file) == 1:
        _write_keys([os.urandom(_KEY_BYTES), keys.newest], keys.pseudonyms)


def end_rotation() -> None:
    """Take all keys but the newest out of the key file; nothing may be sealed with them any more.

    This process itself still opens what it read before.
    """
    keys = _keys()
    _write_keys([keys.newest], keys.pseudonyms)
    file = settings.current().secret_key_file.resolve()
    for draft in file.parent.glob(f"{file.name}.{'[0-9a-f]' * 16}"):
        draft.unlink(missing_ok=True)  # left by a change that was killed


def _write_keys(keys: list[bytes], pseudonyms: bytes) -> None:
    file = settings.current().secret_key_file.resolve()  # a link goes on leading where it leads
    lines = [key.hex() for key in keys] + [f"{_PSEUDONYMS} {pseudonyms.hex()}"]
    try:
        _replace(file, "\n".join(lines) + "\n")
    except OSError as error:
        raise KeyFileError(f"the key file {file} cannot be changed: {error.strerror}") from None


# The key file ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Keys:
    """What the key file held when it was last read.

    Attributes:
        in_file: the keys, the newest first.
        retired: keys that this process has read there earlier. Somebody may still be reading what
            the database held before a rotation.
        pseudonyms: what pseudonyms are made with.
    """

    in_file: tuple[bytes, ...]
    pseudonyms: bytes
    retired: tuple[bytes, ...] = ()

    @property
    def newest(self) -> bytes:
        return self.in_file[0]

    @property
    def openers(self) -> tuple[bytes, ...]:
        return self.in_file + self.retired


_known: dict[Path, tuple[tuple[int, ...], _Keys]] = {}
_reading = threading.Lock()


def _keys() -> _Keys:
    """Return what the key file holds now, and make it where it never was."""
    file = settings.current().secret_key_file
    seen = _known.get(file)
    try:
        state = _state(file)
    except OSError as error:
        if seen is not None:
            # Never a new key in the place of one that is in use.
            raise KeyFileError(f"the key file {file} cannot be read: {error.strerror}") from None
        state = ()
    if seen is not None and seen[0] == state:
        return seen[1]
    with _reading:
        keys = _read_keys(file) if state else _first_keys(file)
        if seen is not None:
            before = seen[1]
            gone = [key for key in before.openers if key not in keys.in_file]
            keys = _Keys(keys.in_file, keys.pseudonyms, tuple(gone))
        _known[file] = (state, keys)  # just made: read once more, next time
        return keys


def _state(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return (found.st_mtime_ns, found.st_ino, found.st_size)


@lru_cache(maxsize=256)
def _derived(key: bytes, use: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=use.encode()).derive(key)


def _hash(key: bytes, text: str, purpose: str) -> bytes:
    return hmac.digest(_derived(key, "look-up " + purpose), text.encode(), hashlib.sha256)


def _first_keys(file: Path) -> _Keys:
    try:
        return _read_keys(file)
    except FileNotFoundError:
        return _make_key(file)


def _read_keys(file: Path) -> _Keys:
    keys: list[bytes] = []
    pseudonyms: list[bytes] = []
    try:
        for line in file.read_text(encoding="ascii").strip().splitlines():
            *name, digits = line.split() or [""]
            key = bytes.fromhex(digits)
            if len(key) != _KEY_BYTES or name not in ([], [_PSEUDONYMS]):
                raise ValueError
            (pseudonyms if name else keys).append(key)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFileError(f"the key file {file} cannot be read: {error.strerror}") from None
    except ValueError:  # what it says instead may be most of a key: nobody is told
        keys = []
    # Whose pseudonyms they are must be certain; several keys without that line were put together.
    if not keys or len(pseudonyms) > 1 or (len(keys) > 1 and not pseudonyms):
        raise KeyFileError(
            f"the key file {file} is damaged: it must hold {2 * _KEY_BYTES} hexadecimal digits"
        )
    return _Keys(tuple(keys), pseudonyms[0] if pseudonyms else _derived(keys[0], "pseudonym"))


def _make_key(file: Path) -> _Keys:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(file, os.urandom(_KEY_BYTES).hex() + "\n")
    except OSError as error:
        raise KeyFileError(f"the key file {file} cannot be made: {error.strerror}") from None
    return _read_keys(file)


def _write_once(file: Path, text: str) -> None:
    """Make the file with that text, unless somebody else is quicker."""
    # Written whole under another name first, then linked: of two servers that start together one
    # key wins, and nobody ever reads half a key.
    draft = _draft(file, text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _keep_names(file.parent)


def _replace(file: Path, text: str) -> None:
    """Put a file with that text in the place of the one there, whole and for the same eyes."""
    before = file.stat()
    draft = _draft(file, text)
    try:
        if hasattr(os, "chown"):  # whoever serves must be able to read what the operator changed
            os.chown(draft, before.st_uid, before.st_gid)
        draft.chmod(before.st_mode & 0o777)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    _keep_names(file.parent)


def _draft(file: Path, text: str) -> Path:
    """Return a new file beside `file`, for its owner alone, that safely holds the text."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        draft.unlink()
        raise
    return draft


def _keep_names(folder: Path) -> None:
    # The file's name must outlast a power cut as surely as what it is about to seal does.
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
