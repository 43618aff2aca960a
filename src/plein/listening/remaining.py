"""What remains of overheard texts when they go: how many there were a day, by language where that says nothing of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

# A language that fewer posts of a day had would point at somebody: they are counted without.
FEWEST = 5
ANY = ""


def day_counts(posts: Iterable[tuple[date, str]]) -> Counter[tuple[date, str]]:
    """Return how many posts (day, language) there were for each day; rare languages of a day together.

    >>> day = date(2026, 3, 3)
    >>> sorted(day_counts([(day, "nl")] * 6 + [(day, "ti")])) == [(day, ""), (day, "nl")]
    True
    """
    kept: Counter[tuple[date, str]] = Counter()
    for (day, language), number in Counter(posts).items():
        kept[day, language if number >= FEWEST else ANY] += number
    return kept
