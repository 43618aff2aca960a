"""JSON from strangers: it may be no JSON at all, no text, or nested so deep that nobody gets to the bottom.

    NOT_READABLE      what reading a stranger's value can raise, whoever reads it
    read              reads a value; what is nested too deep costs only itself

Without that, one hostile message would spoil the page it stands on, and so the source for good.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

NOT_READABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
# The deepest that is asked for is a thread of 80 answers upon answers: two levels each, and a post.
DEEPEST = 200
# A text that does not end counts to the end: otherwise each of its quotes would be tried as a beginning.
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def read(raw: bytes | msgspec.Raw, kind: type[T] | Any = Any) -> T:
    """Return a value as one of our types; raises NOT_READABLE for anything else.

    >>> read(b'{"id": 7, "x": ' + b"[" * 5000 + b"]" * 5000 + b"}")["id"]
    7
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except RecursionError:
        return msgspec.json.decode(shallow(bytes(raw)), type=kind)


def shallow(raw: bytes, deepest: int = DEEPEST) -> bytes:
    """Return JSON with null for whatever lies deeper than so many levels.

    >>> shallow(b'[1, ["]", [2]], 3]', 2)
    b'[1, ["]", null], 3]'
    """
    kept, start, level = [], 0, 0
    for mark in _MARKS.finditer(raw):
        if mark[0] in (b"[", b"{"):
            level += 1
            if level == deepest + 1:
                kept += [raw[start : mark.start()], b"null"]
        elif mark[0] in (b"]", b"}"):
            start = mark.end() if level == deepest + 1 else start
            level -= 1
    return b"".join([*kept, raw[start:]])
