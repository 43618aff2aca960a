"""What a town taught the judge: counts per word pattern, of texts about it and of texts not about it.

Counts only grow, so nothing is forgotten, and what two people taught can be added up. A pattern is kept as words near
the name, never as a whole text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from plein.listening.places.mentions import Mention
from plein.listening.places.utterance import Utterance, Word

# How far from the name words are kept, what one pattern may weigh, and all of them together.
REACH = 3
MOST, MOST_TOGETHER = 2.5, 2.5
# The very same words around the name settle it: somebody said so of this phrase.
PHRASE, SETTLES = "phrase:", 12.0
# So many texts are imagined for and against, so that one correction carries over to others only gently.
_DOUBT = 3.0


@dataclass(frozen=True, slots=True)
class Learned:
    """Counts by pattern: (texts about us, texts not about us)."""

    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def with_one(self, found: Iterable[str], about: bool) -> Learned:
        """Return what is known after one text more."""
        counts = dict(self.counts)
        for pattern in set(found):
            yes, no = counts.get(pattern, (0, 0))
            counts[pattern] = (yes + about, no + (not about))
        return Learned(counts)

    def with_all(self, other: Learned) -> Learned:
        """Return what both know together."""
        counts = dict(self.counts)
        for pattern, (yes, no) in other.counts.items():
            mine = counts.get(pattern, (0, 0))
            counts[pattern] = (mine[0] + yes, mine[1] + no)
        return Learned(counts)

    def as_data(self) -> dict[str, list[int]]:
        """Return it as JSON holds it."""
        return {pattern: list(pair) for pattern, pair in sorted(self.counts.items())}


NOTHING_LEARNED = Learned()


def learned_from(data: Mapping[str, Iterable[int]]) -> Learned:
    """Read what `as_data` wrote.

    >>> learned_from({"word:wel": [0, 2]}).counts
    {'word:wel': (0, 2)}
    """
    pairs = ((pattern, tuple(pair)) for pattern, pair in data.items())
    return Learned({pattern: (pair[0], pair[1]) for pattern, pair in pairs})


def patterns(said: Utterance, mention: Mention) -> dict[str, str]:
    """Return what can be learned from a mention, with the words to show: its neighbours in the text."""
    found: dict[str, str] = {}
    first, end = max(mention.first - REACH, 0), min(mention.end + REACH, len(said.words))
    if phrase := _phrase(said, mention, first, end):
        found[PHRASE + phrase] = said.raw(first, end)
    for place in (*range(first, mention.first), *range(mention.end, end)):
        word = said.words[place]
        if _may_be_kept(word):
            found[f"word:{word.folded}"] = word.raw
    if mention.first and f"word:{said.words[mention.first - 1].folded}" in found:
        found[f"before:{said.words[mention.first - 1].folded}"] = said.raw(mention.first - 1, mention.end)
    if mention.end < len(said.words) and f"word:{said.words[mention.end].folded}" in found:
        found[f"after:{said.words[mention.end].folded}"] = said.raw(mention.first, mention.end + 1)
    return found


def _may_be_kept(word: Word) -> bool:
    return not any(sign.isdigit() for sign in word.folded) and not word.before.endswith("@")


def _phrase(said: Utterance, mention: Mention, first: int, end: int) -> str:
    """Return the words around the name as one pattern; none when nothing stands there, or something not to be kept."""
    words = said.words[first:end]
    if end - first == mention.end - mention.first or not all(map(_may_be_kept, words)):
        return ""
    return " ".join(word.folded for word in words)


def shift(learned: Learned, found: Mapping[str, str]) -> list[tuple[str, float]]:
    """Return what was learned about the patterns of a text: the words to show, and what they weigh."""
    if not learned.counts:
        return []
    taught = [
        (pattern, shown, weight_of(pattern, learned)) for pattern, shown in found.items() if pattern in learned.counts
    ]
    total = sum(weight for pattern, _, weight in taught if not pattern.startswith(PHRASE))
    rate = MOST_TOGETHER / abs(total) if abs(total) > MOST_TOGETHER else 1.0
    return [
        (shown or pattern, weight if pattern.startswith(PHRASE) else weight * rate)
        for pattern, shown, weight in taught
        if weight
    ]


def weight_of(pattern: str, learned: Learned) -> float:
    """Return what a pattern weighs by its counts: a log odds that starts small and grows; a phrase settles it."""
    yes, no = learned.counts[pattern]
    if pattern.startswith(PHRASE):
        return SETTLES * ((yes > no) - (yes < no))
    return max(-MOST, min(MOST, log((yes + _DOUBT) / (no + _DOUBT))))


def explain(learned: Learned, most: int = 20) -> list[tuple[str, int, int, float]]:
    """Return what was learned, the weightiest first: pattern, texts about us, texts not about us, weight.

    >>> explain(NOTHING_LEARNED.with_one(["before:zijn"], False))[0][:3]
    ('before:zijn', 0, 1)
    """
    told = [(pattern, yes, no, weight_of(pattern, learned)) for pattern, (yes, no) in learned.counts.items()]
    return sorted(told, key=lambda entry: (-abs(entry[3]), entry[0]))[:most]
