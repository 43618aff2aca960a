"""Which places stand in the queue "Here you can help", and when one that was put away comes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

# From here on a town may have something to add.
LEAST_SCORE = 1.0
# What the judge says to leave alone never stands in the queue, whatever else speaks for it.
NO_STEPS = frozenset({"leave", "watch"})
# A place where nobody spoke for so long waits for nobody any more.
FRESH = timedelta(days=21)
UNDO = timedelta(minutes=1)


def belongs(score: float, step: str, last_at: datetime, now: datetime) -> bool:
    """Whether a place stands in the queue.

    >>> at = datetime(2026, 3, 3)
    >>> belongs(2.0, "answer", at, at), belongs(2.0, "leave", at, at), belongs(2.0, "answer", at, at + FRESH)
    (True, False, False)
    """
    return score >= LEAST_SCORE and step not in NO_STEPS and now - last_at < FRESH


def returns(state: str, chosen_at: datetime | None, asked_at: datetime | None) -> bool:
    """Whether a place that was left alone comes back: when something is asked after that. Other choices stand.

    >>> noon = datetime(2026, 3, 3, 12)
    >>> returns("left", noon, noon + timedelta(hours=1)), returns("not_ours", noon, noon + timedelta(hours=1))
    (True, False)
    """
    return state == "left" and chosen_at is not None and asked_at is not None and asked_at > chosen_at


def undoable(made_at: datetime, now: datetime) -> bool:
    """Whether a choice can still be undone."""
    return now - made_at <= UNDO


def without(hashes: Collection[str], threads: Mapping[str, str], answered: Collection[str]) -> list[str]:
    """Return the messages of a place that are not of a thread in which we take part already.

    >>> without(["a", "b"], {"a": "t1", "b": "t2"}, {"t2"})
    ['a']
    """
    return [one for one in hashes if threads.get(one) not in answered]
