"""Does a query look for a person?"""

from __future__ import annotations

from collections.abc import Sequence

from plein.listening.query.wordlists import (
    BEFORE_STREET_NAMES,
    BETWEEN,
    FIRST_NAMES,
    SURNAME_ENDINGS,
    SURNAMES,
    THINGS,
    TITLES,
)
from plein.listening.tokens import tokens


def name_in(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that look like the name of a person; nothing when none do.

    Evidence is a first name with a surname behind it: known, with an ending or a little word that
    surnames have, or both with a capital; or a title with a capital behind it. A name that a street or school carries is no person.

    >>> name_in(["wethouder", "Sanne", "van", "der", "Laak"])
    ('Sanne', 'van', 'der', 'Laak')
    >>> name_in(["Jan", "Steenstraat"])
    ()
    """
    folded = ["".join(tokens(word)) for word in words]
    for length_of in (_surname, _titled):
        for at in range(len(folded)):
            length = length_of(words[at:], folded[at:])
            if length and not (at and folded[at - 1] in BEFORE_STREET_NAMES):
                return tuple(words[at : at + length])
    return ()


def _surname(words: Sequence[str], folded: Sequence[str]) -> int:
    """Return how many words a full name takes, the first name first; 0 when there is no surname.

    Behind a little word a thing by itself is a surname: Jan van Dijk, but Willem van Oranjelaan.
    """
    at = _behind(folded)
    if folded[0] not in FIRST_NAMES or at == len(folded):
        return 0
    if any(map(_is_thing, folded[at + (folded[at] in THINGS and at > 1) : at + 2])):
        return 0
    known = folded[at] in SURNAMES or (len(folded[at]) > 4 and folded[at].endswith(SURNAME_ENDINGS))
    capitals = words[0][:1].isupper() and words[at][:1].isupper() and not words[at].isupper()
    return at + 1 if known or at > 1 or capitals else 0


def _titled(words: Sequence[str], folded: Sequence[str]) -> int:
    """Return how many words a title and a name behind it take; 0 when they are none."""
    at = _behind(folded)
    if folded[0] not in TITLES or at == len(folded) or any(map(_is_thing, folded[at : at + 2])):
        return 0
    return at + 1 if words[at][:1].isupper() and not words[at].isupper() else 0


def _behind(folded: Sequence[str]) -> int:
    """Return where the little words behind the first one end."""
    return next((at for at, word in enumerate(folded) if at and word not in BETWEEN), len(folded))


def is_first_name(words: Sequence[str]) -> bool:
    """Whether there is nothing but first names here.

    >>> is_first_name(["Jan"]), is_first_name(["Café", "Jan"])
    (True, False)
    """
    return all("".join(tokens(word)) in FIRST_NAMES for word in words)


def _is_thing(word: str) -> bool:
    return word.endswith(THINGS)
