"""On what basis Plein gets in at a network: official and recognisable, or not at all (R6).

A network declares it as data in its abilities. The two rules here are asked before anything is
connected or read, also for networks that somebody else wrote.
"""

from __future__ import annotations

import re

from plein.channels.contract import Abilities, Basis, SignsIn
from plein.town.saying import own
from plein.town.words import fold

ALLOWED = frozenset({Basis.OFFICIAL_API, Basis.FEED, Basis.PUBLIC_PAGE, Basis.BROUGHT})
# Words that say of an account that a public body speaks.
BODIES = ("gemeente", "municipality")
_LETTERS = re.compile(r"[\W_]+")


def why_not_connect(abilities: Abilities) -> str:
    """Return why a network may not be used, as a sentence of ours; nothing when it may.

    >>> why_not_connect(Abilities(basis=Basis.FEED))
    ''
    """
    if abilities.basis not in ALLOWED:
        return own("This network does not say by which official way we get in. Plein does not use it.")
    if abilities.signs_in is SignsIn.PERSON:
        return own("This network wants us to sign in as a person. A municipality only comes in as itself.")
    if abilities.closed_groups:
        return own("This network reads closed groups. Plein only reads what everybody may read, or what is sent to us.")
    return ""


def is_recognisable(town: str, name: str, handle: str) -> bool:
    """Whether residents see by an account's name or handle that it is the municipality's.

    >>> is_recognisable("Waterdam", "Gemeente Waterdam", "info@s.example"), is_recognisable("Waterdam", "Jan", "jan")
    (True, False)
    """
    shown = _letters(f"{name} {handle}")
    return _letters(town) in shown or any(body in shown for body in BODIES)


def _letters(text: str) -> str:
    return _LETTERS.sub("", fold(text))
