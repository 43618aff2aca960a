"""Who does not want to be listened to. Kept as a keyed hash per town: enough to drop their posts, too little to find them.

It is asked of hits alone, and only in towns where somebody objected, so that a stream of thousands of posts a
second does not notice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Unheard:
    """Those of one town who objected: the town's key, and a digest for each of them."""

    key: bytes
    digests: Collection[str]

    def holds(self, network: str, author_id: str) -> bool:
        """Whether an author objected."""
        return has_objected(digest(self.key, network, author_id), self.digests)


def digest(key: bytes, network: str, author_id: str) -> str:
    """Return under which hash an author is kept: 32 hexadecimal digits.

    >>> digest(b"key", "memory", "joke") == digest(b"key", "memory", "joke") != digest(b"other", "memory", "joke")
    True
    """
    author = f"{network}\0{author_id}".encode("utf-8", "replace")
    return blake2b(author, key=key, digest_size=16).hexdigest()


def has_objected(digest: str, digests: Collection[str]) -> bool:
    """Whether a digest is that of somebody who objected: their overheard posts are dropped."""
    return digest in digests


def purpose_of(town: int) -> str:
    """Return from what the key of a town is derived."""
    return f"unheard:{town}"
