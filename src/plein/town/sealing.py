"""The hash chain that makes a changed audit row visible.

Rows are appended freely, by many processes at once. Every few seconds one process seals what
is there: it hashes the rows together with the seal before. A row that is changed or removed
afterwards no longer fits its seal; `verify` says which.

All hashes are made with a key that is not in the database, so that nobody can make the chain anew
with the database alone. Where a chain ends is kept outside too: what is cut off there is missed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64


def row_digest(row: Mapping[str, object], key: bytes) -> str:
    """Return the HMAC-SHA256 of a row as canonical JSON, in hex."""
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def seal(previous: str, digests: Iterable[str], key: bytes) -> str:
    """Return the seal over some rows, given the seal before it.

    >>> seal(GENESIS, [], b"key") == seal(GENESIS, ["a"], b"key")
    False
    """
    chain = hmac.new(key, previous.encode(), hashlib.sha256)
    for digest in digests:
        chain.update(digest.encode())
    return chain.hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One seal with the rows under it: (id, digest kept at sealing, row as it stands now)."""

    id: int
    digest: str
    previous: str
    rows: int
    sealed: tuple[tuple[int, str, Mapping[str, object]], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: its newest seal, or one that was the newest not long ago."""

    seal: int
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that no longer fits. `row` is None when the whole seal is meant."""

    seal: int
    row: int | None
    kind: str


def verify(chain: Iterable[Link], key: bytes, head: Head | None = None) -> Iterator[Fault]:
    """Yield what was changed, removed or slipped in, in the order of the chain.

    `head` is a seal of which we know from elsewhere that it was there.

    Kinds: `changed` (this row is not as it was sealed), `count` (rows under this seal are gone or
    came later), `seal` (the seal does not fit its rows), `chain` (a seal before this one is gone
    or was replaced), `head` (this seal was there and is gone, and so is what came after it).
    """
    previous = GENESIS
    for link in chain:
        if head and (link.id, link.digest) == (head.seal, head.digest):
            head = None
        if link.previous != previous:
            yield Fault(link.id, None, "chain")
        for row, kept, now in link.sealed:
            if row_digest(now, key) != kept:
                yield Fault(link.id, row, "changed")
        if len(link.sealed) != link.rows:
            yield Fault(link.id, None, "count")
        elif seal(link.previous, (kept for _row, kept, _now in link.sealed), key) != link.digest:
            yield Fault(link.id, None, "seal")
        previous = link.digest
    if head:
        yield Fault(head.seal, None, "head")
