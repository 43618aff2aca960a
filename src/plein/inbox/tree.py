"""A conversation as a tree on one page: in which order, how deep, and where the lines run.

A flat list with a depth instead of lists in lists: a thread of five hundred answers to answers
then costs no stack and keeps its width on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

# Answers that lie deeper than this stand under each other.
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the tree has to know of a message: its uri, its parent's, and its moment."""

    uri: str
    parent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands. `lines` tells, per level left of it, whether a line passes by.

    `last` is whether it is the last of its brothers and sisters; `orphan` whether it answers
    something that we never saw.
    """

    uri: str
    depth: int
    lines: tuple[bool, ...] = ()
    last: bool = True
    orphan: bool = False


def arrange(leaves: Iterable[Leaf]) -> list[Place]:
    """Return the places of messages from top to bottom: the oldest first, answers below what they answer.

    >>> from datetime import datetime
    >>> day = lambda n: datetime(2026, 3, n)
    >>> [(p.uri, p.depth) for p in arrange([Leaf("b", "a", day(2)), Leaf("a", "", day(1)), Leaf("c", "b", day(3))])]
    [('a', 0), ('b', 1), ('c', 2)]
    """
    ordered = sorted(leaves, key=lambda leaf: (leaf.at, leaf.uri))
    known = {leaf.uri for leaf in ordered}
    children: dict[str, list[Leaf]] = {}
    for leaf in ordered:
        children.setdefault(leaf.parent if leaf.parent in known else "", []).append(leaf)
    walked = _walk(children)
    lost = [leaf for leaf in ordered if leaf.uri not in {place.uri for place in walked}]
    # A ring of answers (a network's error) has no top: it is shown flat, at the end.
    walked += [Place(leaf.uri, 0, orphan=True) for leaf in lost]
    return _lined(walked)


def _walk(children: dict[str, list[Leaf]]) -> list[Place]:
    places: list[Place] = []
    waiting = [(leaf, 0) for leaf in reversed(children.get("", []))]
    while waiting:
        leaf, depth = waiting.pop()
        places.append(Place(leaf.uri, min(depth, DEEPEST), orphan=depth == 0 and bool(leaf.parent)))
        waiting.extend((child, depth + 1) for child in reversed(children.get(leaf.uri, [])))
    return places


def _lined(places: list[Place]) -> list[Place]:
    """Draw the lines from the bottom up: a level is open while a later message still hangs on it."""
    opened = [False] * (DEEPEST + 2)
    lined: list[Place] = []
    for place in reversed(places):
        lines = tuple(opened[1 : place.depth])
        lined.append(Place(place.uri, place.depth, lines, not opened[place.depth], place.orphan))
        opened[place.depth] = True
        opened[place.depth + 1 :] = [False] * (DEEPEST + 1 - place.depth)
    return lined[::-1]
