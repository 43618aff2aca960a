"""The hash chain that makes a changed audit row visible.

Rows are appended freely, by many processes at once. Every few seconds one process seals what
is there: it hashes the rows together with the seal before. A row that is changed or removed
afterwards no longer fits its seal; `verify` says which.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

GENESIS = "0" * 64


def row_digest(row: Mapping[str, object]) -> str:
    """Return the SHA-256 of a row as canonical JSON, in hex."""
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def seal(previous: str, digests: Iterable[str]) -> str:
    """Return the seal over some rows, given the seal before it.

    >>> seal(GENESIS, []) == seal(GENESIS, ["a"])
    False
    """
    chain = hashlib.sha256(previous.encode())
    for digest in digests:
        chain.update(digest.encode())
    return chain.hexdigest()
