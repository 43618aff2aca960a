"""What somebody may have meant: the nearest of some words by typing errors."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the word that was most likely meant; nothing when none is near.

    One error is forgiven in words of up to four letters, two in longer ones.

    >>> nearest("netwrok", ["lang", "network", "tag"])
    'network'
    >>> nearest("datum", ["lang", "network", "tag"])
    ''
    """
    allowed = 1 if len(word) <= 4 else 2
    near = [(distance(word, one), one) for one in known if abs(len(one) - len(word)) <= allowed]
    best = min(near, default=(allowed + 1, ""))
    return best[1] if best[0] <= allowed else ""


def distance(left: str, right: str) -> int:
    """Return how many typing errors lie between two words: a letter more, less, other, or two swapped.

    >>> distance("taal", "tala")
    1
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, above, row = row, before, [i]
        for j, other in enumerate(right, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other)))
            if i > 1 and j > 1 and (letter, other) == (right[j - 2], left[i - 2]):
                row[j] = min(row[j], above[j - 2] + 1)
    return row[-1]
