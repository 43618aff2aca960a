"""How a name is shown in short, and what of a town's name is the name of a place."""

from __future__ import annotations

import re
from functools import lru_cache

_MUNICIPALITY = re.compile(r"(?:de\s+)?(?:gemeente|gem\.?)\s+", re.IGNORECASE)


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


def place_of(name: str) -> str:
    """Return a municipality's name without the word for what it is: listening reads it as the name of a place.

    >>> place_of("Gemeente Best"), place_of("gem. Waterdam"), place_of("Gemert-Bakel")
    ('Best', 'Waterdam', 'Gemert-Bakel')
    """
    name = name.strip()
    said = _MUNICIPALITY.match(name)
    return name[said.end() :] if said else name
