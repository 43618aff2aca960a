"""Whether people talk about another municipality than the town that asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plein.listening.places import gazetteer
from plein.listening.places.judge import Judge
from plein.listening.places.knowledge import TownKnowledge

# So many texts are looked at: more say nothing new of where they are about.
ENOUGH = 100
# A name of a place stands after such a word, with a capital; in the name of a conversation place it stands anywhere.
_PLACED = re.compile(
    r"\b(?:[Ii]n|[Uu]it|[Nn]aar|[Bb]ij|[Gg]emeente|[Vv]an|[Tt]e)\s+"
    r"((?:'s-|’s-)?[A-Z][\w’'-]+(?:\s+(?:aan den |aan de |op |en |bij )?[A-Z][\w’'-]+)?)"
)
_WORDS = re.compile(r"[#]?[^\W\d_][\w’'-]{2,}")


def elsewhere(name: str, texts: Sequence[str], town: TownKnowledge, judge: Judge) -> float:
    """Return how much is about other places, from 0 to 1; 0 as soon as anything is about the town.

    >>> best = TownKnowledge("Best")
    >>> elsewhere("#zwolle", ["In Zwolle is het glad"], best, Judge(best)), elsewhere("afval", ["glad hier"], best, Judge(best))
    (1.0, 0.0)
    """
    own = {one.code for one in gazetteer.find(town.name)}
    looked_at = [text[:500] for text in texts[:ENOUGH]]
    if any(judge.judge(text).about for text in (name, *looked_at)):
        return 0.0
    found = [_is_other(one, own) for one in _in_name(name)]
    found += [any(_is_other(one, own) for one in _in_text(text)) for text in looked_at]
    return min(1.0, sum(found) / 2)


def _is_other(name: str, own: set[str]) -> bool:
    codes = {one.code for one in gazetteer.find(name)}
    return bool(codes) and not codes & own


def _in_name(name: str) -> Iterator[str]:
    for found in _WORDS.finditer(name):
        word = found[0].lstrip("#")
        if not gazetteer.is_ambiguous(word):
            yield word


def _in_text(text: str) -> Iterator[str]:
    for found in _PLACED.finditer(text):
        yield found[1]
        yield found[1].split()[0]
