"""Kinds of words that say something about the word beside them: `vocabulary.tsv`, written by hand.

A word may be of several kinds ("centrum" is a venue and an amenity). Words are compared folded.
"""

from __future__ import annotations

from functools import cache

from plein.listening.places.tables import rows
from plein.town.words import words

# How the names of streets end; with what stands before it, such a word is a street.
STREET_ENDINGS = (
    "straat",
    "laan",
    "weg",
    "plein",
    "dijk",
    "singel",
    "gracht",
    "kade",
    "dreef",
    "plantsoen",
    "hof",
    "steeg",
)
NO_STREETS = frozenset(
    "onderweg snelweg dwarsweg halverwege spoorweg zeedijk rijksweg fietsstraat winkelstraat woonstraat gerechtshof uitweg "
    "middenweg rechtsweg hoofdweg terugweg".split()
)
# How compounds end that name something a town has.
VENUE_ENDINGS = tuple(
    "plein centrum station haven markt kermis school raad politie kerk museum ziekenhuis bibliotheek bad wijk vereniging "
    "brigade dichter feest feesten brug tunnel vierdaagse poort park plas corso kerkhof fanfare bond loket gemeente".split()
)
VENUE_BEGINNINGS = ("stads", "dorps")
_VENUE, _NONE = frozenset({"venue"}), frozenset[str]()


@cache
def vocabulary() -> dict[str, frozenset[str]]:
    """Return the kinds of each word.

    >>> sorted(vocabulary()["centrum"])
    ['amenities', 'direction', 'venue']
    """
    found: dict[str, set[str]] = {}
    for row in rows("vocabulary.tsv"):
        for entry in row["words"].split():
            key = words(entry)
            if len(key) == 1:
                found.setdefault(key[0], set()).add(row["kind"])
    return {word: frozenset(kinds) for word, kinds in found.items()}


def kinds_of(word: str) -> frozenset[str]:
    """Return the kinds of a folded word; none for a word that is not listed. A compound is a venue by its end.

    >>> sorted(kinds_of("kerstmarkt")), sorted(kinds_of("dorpsplein")), sorted(kinds_of("banaan"))
    (['amenities', 'venue'], ['venue'], [])
    """
    found = vocabulary().get(word)
    if found is None:
        return _VENUE if word.endswith(VENUE_ENDINGS) or word.startswith(VENUE_BEGINNINGS) else _NONE
    return found


def is_street(word: str) -> bool:
    """Whether a folded word looks like the name of a street.

    >>> is_street("nieuwstraat"), is_street("straat"), is_street("snelweg")
    (True, False, False)
    """
    return word.endswith(STREET_ENDINGS) and len(word) > 6 and word not in NO_STREETS
