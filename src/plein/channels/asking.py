"""When to ask a network again: after a failure, and whether a post still stands as we hold it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

# A post that may have changed while we were not there: long overdue, and asked after in haste.
DOUBTED = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_CHECK = timedelta(seconds=8)
LAST_CHECK = timedelta(days=14)
LONGEST_WAIT = timedelta(minutes=15)
PERMANENT_WAIT = timedelta(hours=1)


def check_again_after(age: timedelta) -> timedelta | None:
    """Return how long to wait before checking a post of this age again; None: never again.

    A post is looked at some sixty times in all, most often while people are still at it.

    >>> check_again_after(timedelta(minutes=1)).total_seconds()
    10.0
    >>> check_again_after(timedelta(days=15)) is None
    True
    """
    return None if age > LAST_CHECK else max(FIRST_CHECK, age / 6)


def back_off(
    failures: int, usual: float, chance: Random, *, permanent: bool = False, retry_after: float | None = None
) -> timedelta:
    """Return how long to leave a network alone after so many failures in a row.

    `usual` and `retry_after` are in seconds. A little chance keeps a thousand towns from coming
    back in the same second; it never shortens what the network asked for.
    """
    if permanent:
        return PERMANENT_WAIT * chance.uniform(0.8, 1.2)
    wait = min(usual * 2 ** min(failures, 16), LONGEST_WAIT.total_seconds()) * chance.uniform(0.8, 1.2)
    return timedelta(seconds=max(wait, (retry_after or 0) * chance.uniform(1.0, 1.2)))
