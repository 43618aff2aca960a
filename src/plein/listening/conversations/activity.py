"""How busy a place is, day by day, and what we cannot see there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from plein.listening.conversations.messages import Message, Placed, moment
from plein.town.saying import own

# Days that are shown at most; a place with a message of years ago does not become a row of zeros.
DAYS = 28


def activity(messages: Iterable[Message]) -> tuple[tuple[date, int], ...]:
    """Return the number of messages of every day (UTC) up to the newest, at most DAYS days, quiet days too.

    >>> from datetime import datetime
    >>> [number for _day, number in activity([Message("a", datetime(2026, 5, 4)), Message("b", datetime(2026, 5, 6))])]
    [1, 0, 1]
    """
    counted = Counter(moment(one.at).date() for one in messages if one.at)
    if not counted:
        return ()
    last = max(counted)
    length = min((last - min(counted)).days + 1, DAYS, last.toordinal())
    days = [last - timedelta(days=back) for back in range(length - 1, -1, -1)]
    return tuple((day, counted[day]) for day in days)


def unseen(said: Sequence[Placed]) -> tuple[str, ...]:
    """Return what we cannot see there: sentences of ours."""
    found = [own("Closed groups and private messages: we never look there.")]
    if missing := sum(one.unseen_parent for one in said):
        found.append(own("{0} messages reply to something that we do not have.", missing))
    if undated := sum(one.message.at is None for one in said):
        found.append(own("Of {0} messages we do not know when they were written.", undated))
    return tuple(found)
