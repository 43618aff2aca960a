"""Tokens at rest: encrypted with keys that live beside the database, not in it.

A key file holds one key a line, newest first. The newest encrypts, all decrypt, so that a key
is replaced by adding a line on top. Keyed hashes (pseudonyms, uris we may not keep) use keys
derived from the oldest, because they have to stay the same when a key is replaced.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class WrongKey(Exception):
    """What was stored cannot be read with the keys we have."""


class Vault:
    """Encrypts and decrypts short texts, and makes keyed hashes."""

    def __init__(self, keys: list[bytes]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._keys = keys
        self._root = keys[-1]

    @classmethod
    def open(cls, path: Path) -> Vault:
        """Read the key file; make one, readable by us alone, where there is none."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Written aside and then linked: two processes that start together end up with one key.
            descriptor, own = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
            with suppress(FileExistsError):
                os.link(own, path)
            os.unlink(own)
        return cls([line for line in path.read_bytes().split() if line])

    def lock(self, text: str) -> str:
        """Return `text` encrypted."""
        return self._fernet.encrypt(text.encode()).decode()

    def unlock(self, token: str) -> str:
        """Return what `lock` was given; raises WrongKey when the key is not ours."""
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise WrongKey(
                "This was encrypted with another key. Put the key file that belongs to this database back."
            ) from error

    def lock_bytes(self, content: bytes) -> bytes:
        """Return `content` encrypted."""
        return self._fernet.encrypt(content)

    def unlock_bytes(self, token: bytes) -> bytes:
        """Return what `lock_bytes` was given."""
        return self._fernet.decrypt(token)

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        """Return a key of 32 bytes for a purpose from each of our keys, newest first.

        Encrypt with the first and decrypt with any; hash with the last, which never changes.
        """
        return tuple(hmac.digest(key, purpose.encode(), hashlib.sha256) for key in self._keys)

    def keyed_hash(self, purpose: str, value: str, *, length: int = 32) -> str:
        """Return a hash that nobody without the key can recompute, different for each purpose."""
        key = hmac.digest(self._root, purpose.encode(), hashlib.sha256)
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:length]
