"""How a name is shown in short."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(1024)
def initials(name: str) -> str:
    """Return at most two letters that stand for a name.

    >>> initials("Marloes van Teunisse"), initials("@havik77"), initials("")
    ('MT', 'H', '?')
    """
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
