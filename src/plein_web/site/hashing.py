"""Hashes of files that may be large."""

from __future__ import annotations

import hashlib
from pathlib import Path

from plein_web.site.progress import Progress

CHUNK = 1 << 20


def digest(file: Path, progress: Progress | None = None) -> str:
    """Return the SHA-256 of a file, in hex."""
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            found.update(chunk)
            if progress:
                progress.advance(len(chunk))
    return found.hexdigest()
