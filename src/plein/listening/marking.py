"""Shows in a text which words brought it."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from plein.town.words import words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Marked(NamedTuple):
    """A text in three parts; `hit` is empty when the phrase cannot be pointed at."""

    before: str
    hit: str
    after: str


def marked(text: str, phrase: str) -> Marked:
    """Return a text split around the first place where a phrase stands, as the author wrote it.

    >>> marked("Is de Sluis-Brug weer dicht?", "sluis brug")
    Marked(before='Is de ', hit='Sluis-Brug', after=' weer dicht?')
    """
    asked = words(phrase)
    found = [(word.start(), word.end(), words(word[0])) for word in _WORD.finditer(text)]
    for at in range(len(found)):
        stretch = list(islice(found, at, at + len(asked)))
        if asked and [part for _, _, parts in stretch for part in parts] == asked:
            start, end = stretch[0][0], stretch[-1][1]
            return Marked(text[:start], text[start:end], text[end:])
    return Marked(text, "", "")
