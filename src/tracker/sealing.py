"""What is secret in the database: sealed columns, keyed hashes, pseudonyms; one key file.

The key file holds 64 hexadecimal digits. Whoever needs it first makes it; each use derives a key
of its own from it. A process reads the file once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
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
    return nonce + AESGCM(_key("seal")).encrypt(nonce, text.encode(), purpose.encode())


def unseal(sealed: bytes, purpose: str) -> str:
    """Return the text that `seal` encrypted for `purpose`.

    Raises:
        KeyFileError: the key is not the one that sealed it, or the value was changed.
    """
    try:
        opened = AESGCM(_key("seal")).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode()
        )
    except (InvalidTag, ValueError):  # a ValueError where a value is cut short
        raise KeyFileError(
            "a sealed value does not open: is this the key of this database?"
        ) from None
    return opened.decode()


def keyed_hash(text: str, purpose: str) -> bytes:
    """Return a hash by which a secret text can be looked up but not guessed without the key."""
    return hmac.digest(_key("look-up " + purpose), text.encode(), hashlib.sha256)


def pseudonym(member_id: int, section_id: int) -> str:
    """Return the member's name for everybody's eyes in that section, like "writer 7F3K-Q2M8".

    In another section the same member has another one, so that the two cannot be joined.
    """
    digest = hmac.digest(_key("pseudonym"), f"{section_id}/{member_id}".encode(), hashlib.sha256)
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


def _key(use: str) -> bytes:
    return _derived(settings.current().secret_key_file, use)


@lru_cache(maxsize=64)
def _derived(file: Path, use: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=use.encode()).derive(_main_key(file))


def _main_key(file: Path) -> bytes:
    try:
        return _read_key(file)
    except FileNotFoundError:
        return _make_key(file)


def _read_key(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFileError(f"the key file {file} cannot be read: {error.strerror}") from None
    except ValueError:  # what it says instead may be most of a key: nobody is told
        key = b""
    if len(key) != _KEY_BYTES:
        raise KeyFileError(
            f"the key file {file} is damaged: it must hold {2 * _KEY_BYTES} hexadecimal digits"
        )
    return key


def _make_key(file: Path) -> bytes:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(file, os.urandom(_KEY_BYTES).hex() + "\n")
    except OSError as error:
        raise KeyFileError(f"the key file {file} cannot be made: {error.strerror}") from None
    return _read_key(file)


def _write_once(file: Path, text: str) -> None:
    """Make the file with that text, unless somebody else is quicker."""
    # Written whole under another name first, then linked: of two servers that start together one
    # key wins, and nobody ever reads half a key.
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    if hasattr(os, "O_DIRECTORY"):
        # The file's name must outlast a power cut as surely as what it is about to seal does.
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
