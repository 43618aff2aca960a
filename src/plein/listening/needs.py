"""Which words a post cannot do without if it is to match a query.

Every match of `("brug" OR "sluis") AND NOT open` holds "brug" or "sluis": an engine that knows
which posts do needs to look at no others. Of several such sets the one is chosen whose words are
likely the rarest.
"""

from __future__ import annotations

from plein.listening.meaning import Sought
from plein.listening.query.tree import And, Near, Node, Not, Or

# How often a term stands in a post, in millionths: a guess by its length in letters.
_BY_LENGTH = (300_000, 200_000, 60_000, 20_000, 6_000, 3_000, 1_500, 800, 400, 200, 100, 50)
_PHRASE = 20
_BEGINNING = 8
_TAG = 5


def needed(tree: Node) -> tuple[Sought, ...] | None:
    """Return terms of which every match of a tree (as `meant` gives it) holds at least one.

    None when there are no such terms: the tree also matches by a filter or by what is absent.
    An empty tuple means that the tree matches nothing.

    >>> from plein.listening.meaning import meant
    >>> from plein.listening.query.tree import Word
    >>> [term.written for term in needed(meant(And((Word("de"), Word("sluisbrug")))))]
    ['sluisbrug']
    """
    match tree:
        case Sought():
            return (tree,) if any(tree.words) else ()
        case Or(parts):
            sets = [needed(part) for part in parts]
            return None if None in sets else tuple(dict.fromkeys(term for some in sets for term in some))
        case And(parts):
            return _rarest(*(needed(part) for part in parts))
        case Near(left, right):
            return _rarest(needed(left), needed(right))
        case Not():
            return None
    return None


def _rarest(*sets: tuple[Sought, ...] | None) -> tuple[Sought, ...] | None:
    return min((terms for terms in sets if terms is not None), key=_commonness, default=None)


def _commonness(terms: tuple[Sought, ...]) -> float:
    return sum(map(_share, terms))


def _share(term: Sought) -> float:
    length = sum(map(len, term.words))
    share = _BY_LENGTH[min(length, len(_BY_LENGTH) - 1)]
    if term.tag:
        return share / _TAG
    if len(term.words) > 1:
        return share / _PHRASE
    return share * _BEGINNING if term.open_ended else share
