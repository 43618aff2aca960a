"""Who wrote it and where it stands, in a form that cannot be followed.

A watch has its own keys for every period (a calendar month), derived from the keys of the
installation: the same author is somebody else for another watch and another month.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plein.town.vault import WrongKey

NONCE = 12


def period_of(moment: datetime) -> str:
    """Return the period in which a moment lies, in UTC.

    >>> period_of(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    '2026-11'
    """
    at = moment.astimezone(UTC)
    return f"{at.year:04d}-{at.month:02d}"


def uri_hash(key: bytes, uri: str) -> str:
    """Return the keyed hash under which a post is known: 32 hexadecimal digits."""
    return blake2b(uri.encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Disguise:
    """The keys of one watch in one period; `locators` newest first, the newest encrypts."""

    authors: bytes
    locators: tuple[AESGCM, ...]

    @classmethod
    def of(cls, authors: bytes, locators: Sequence[bytes]) -> Disguise:
        """Return the disguise for keys of 32 bytes each."""
        return cls(authors, tuple(AESGCM(key) for key in locators))

    def author(self, author_id: str) -> str:
        """Return the pseudonym of an author: 16 hexadecimal digits."""
        return blake2b(author_id.encode("utf-8", "replace"), key=self.authors, digest_size=8).hexdigest()

    def lock(self, uri: str, hashed: str) -> str:
        """Return a uri encrypted, readable only beside the hash it was stored with."""
        nonce = os.urandom(NONCE)
        locked = self.locators[0].encrypt(nonce, uri.encode("utf-8", "replace"), hashed.encode())
        return urlsafe_b64encode(nonce + locked).decode()

    def unlock(self, locator: str, hashed: str) -> str:
        """Return what `lock` was given; raises WrongKey when it was not locked with our keys."""
        content = urlsafe_b64decode(locator)
        for key in self.locators:
            try:
                return key.decrypt(content[:NONCE], content[NONCE:], hashed.encode()).decode()
            except InvalidTag:
                continue
        raise WrongKey("This locator was encrypted with another key, or belongs to another mention.")
