"""How good an order is: the best first. Rows of one score share what stands at their places."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from plein_web.site.evaluate.scoring import mean

# So many places are looked at.
FIRST = 20


def ndcg(gains: Sequence[float], scores: Sequence[float], first: int = FIRST) -> float:
    """Return the gain of the first rows, discounted by their place, as a share of the best order; 1 where all gain nothing.

    >>> ndcg([3, 0], [0.9, 0.1]), round(ndcg([3, 0], [0.1, 0.9]), 3), round(ndcg([3, 0], [0.5, 0.5]), 3)
    (1.0, 0.631, 0.815)
    """
    return _share(_discounted(in_order(gains, scores), first), _best(gains, first))


def chance_ndcg(gains: Sequence[float], first: int = FIRST) -> float:
    """Return what any order gives, averaged over all orders: exactly, because every row is as likely at every place.

    >>> round(chance_ndcg([3, 0]), 3)
    0.815
    """
    return _share(_discounted([mean(gains)] * len(gains), first), _best(gains, first))


def share_of_first(which: Sequence[float], scores: Sequence[float], first: int = FIRST) -> float:
    """Return which share of the first rows is of those that count (1), not (0).

    >>> share_of_first([1, 0, 0, 1], [4, 3, 2, 1], first=2)
    0.5
    """
    return mean(in_order(which, scores)[:first])


def in_order(values: Sequence[float], scores: Sequence[float]) -> list[float]:
    """Return the values by score, the highest first; rows of one score get their mean.

    >>> in_order([1, 2, 3], [0.5, 0.5, 0.9])
    [3.0, 1.5, 1.5]
    """
    groups: dict[float, list[float]] = {}
    for value, score in zip(values, scores, strict=True):
        groups.setdefault(score, []).append(value)
    return [mean(groups[score]) for score in sorted(groups, reverse=True) for _ in groups[score]]


def _best(gains: Sequence[float], first: int) -> float:
    return _discounted(sorted(gains, reverse=True), first)


def _discounted(gains: Sequence[float], first: int) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains[:first]))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
