"""What a town taught about places: counts of the choices of colleagues, by kind and topic, never a text.

"Join" speaks for places of that kind and topic. "Not ours" speaks against the topic, whatever the kind. "Leave it"
speaks against the kind and the topic together, and a little against each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import log

from plein.listening.conversations.weighed import Weighed

# What one pattern may shift the score at most, and all of them together; a score goes from 0 to 3.
MOST, MOST_TOGETHER = 0.5, 0.9
# So many choices are imagined for and against, so that a single one shifts gently.
_DOUBT = 3.0


class Choice(StrEnum):
    """What a colleague chose for a place."""

    JOIN = "join"
    NOT_OURS = "not_ours"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Taught:
    """Counts by pattern: (choices for, choices against).

    >>> from plein.listening.conversations.weighing import weigh
    >>> Taught().learn(weigh("plein", [], None), Choice.LEAVE).as_data()
    {'kind:chatter': [0, 1], 'kind:chatter topic:anders': [0, 1]}
    """

    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def learn(self, weighed: Weighed, choice: Choice | str) -> Taught:
        """Return what is known after one choice more. Raises ValueError for an unknown choice."""
        chosen = Choice(choice)
        counts = dict(self.counts)
        for pattern in _told_by(weighed, chosen):
            yes, no = counts.get(pattern, (0, 0))
            counts[pattern] = (yes + (chosen is Choice.JOIN), no + (chosen is not Choice.JOIN))
        return Taught(counts)

    def with_all(self, other: Taught) -> Taught:
        """Return what both know together."""
        counts = dict(self.counts)
        for pattern, (yes, no) in other.counts.items():
            mine = counts.get(pattern, (0, 0))
            counts[pattern] = (mine[0] + yes, mine[1] + no)
        return Taught(counts)

    def shift(self, kind: str, topic: str) -> float:
        """Return by how much the score of such a place goes up (or down, below zero)."""
        total = sum(self._weight(pattern) for pattern in patterns(kind, topic))
        return max(-MOST_TOGETHER, min(MOST_TOGETHER, total))

    def _weight(self, pattern: str) -> float:
        yes, no = self.counts.get(pattern, (0, 0))
        return max(-MOST, min(MOST, 0.5 * log((yes + _DOUBT) / (no + _DOUBT))))

    def as_data(self) -> dict[str, list[int]]:
        """Return it as JSON holds it."""
        return {pattern: list(pair) for pattern, pair in sorted(self.counts.items())}


def taught_from(data: Mapping[str, Iterable[int]]) -> Taught:
    """Read what `as_data` wrote.

    >>> taught_from({"topic:afval": [2, 0]}).counts
    {'topic:afval': (2, 0)}
    """
    pairs = ((pattern, tuple(pair)) for pattern, pair in data.items())
    return Taught({pattern: (pair[0], pair[1]) for pattern, pair in pairs})


def patterns(kind: str, topic: str) -> tuple[str, str, str]:
    """Return what can be learned from a place: its kind, its topic, and both."""
    return (f"kind:{kind}", f"topic:{topic}", f"kind:{kind} topic:{topic}")


def _told_by(weighed: Weighed, choice: Choice) -> list[str]:
    kind, topic, both = patterns(weighed.kind, weighed.topic)
    match choice:
        case Choice.JOIN:
            return [kind, topic, both]
        case Choice.NOT_OURS:
            return [topic, both]
        case Choice.LEAVE:
            return [kind, both]
