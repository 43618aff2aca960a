"""Makes machine code of functions, and keeps it on disk for the next start.

numba looks only at a function's own file to see whether what it kept is still true. Ours call one
another across files, so what is kept stands in a folder named after the contents of all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import numba

_HERE = Path(__file__).parent


def _digest() -> str:
    """Return what tells these sources from any other version of them."""
    content = b"\0".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))
    return blake2b(content, digest_size=8).hexdigest()


def _folder() -> Path | None:
    """Return a folder that is ours to write in: beside the sources, else the user's cache."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for base in (_HERE / "__pycache__", home / "plein"):
        try:
            folder = base / _digest()
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


_FOLDER = _folder()


def compiled(function: Callable) -> Callable:
    """Return a function as machine code, made at its first call. Other threads go on meanwhile."""
    return _made(function)


def woven(function: Callable) -> Callable:
    """Return a function that becomes part of whatever compiled function calls it."""
    return _made(function, inline="always")


def _made(function: Callable, **options: str) -> Callable:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_FOLDER or "")
    try:
        return numba.njit(nogil=True, cache=_FOLDER is not None, **options)(function)
    finally:
        numba.config.CACHE_DIR = before
