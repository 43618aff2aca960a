"""Until when a resident who asks about their own data has to have an answer (GDPR, article 12.3)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum

# From here on somebody should look today.
SOON = timedelta(days=7)


class Kind(StrEnum):
    """What somebody asks."""

    SEE = "see"
    ERASE = "erase"
    OBJECT = "object"
    HEAR_AGAIN = "hear_again"


class Outcome(StrEnum):
    """How a request ended."""

    EXPORTED = "exported"
    ERASED = "erased"
    UNHEARD = "unheard"
    HEARD_AGAIN = "heard_again"
    NOTHING_FOUND = "nothing_found"
    NOT_PROVEN = "not_proven"
    WITHDRAWN = "withdrawn"


class Urgency(StrEnum):
    """How much of the month is left."""

    FINE = "fine"
    SOON = "soon"
    LATE = "late"


def due(received: date) -> date:
    """Return the last day on which to answer: one month on, or the last day of a shorter month.

    >>> due(date(2026, 1, 31)), due(date(2026, 12, 3))
    (datetime.date(2026, 2, 28), datetime.date(2027, 1, 3))
    """
    year, month = received.year + received.month // 12, received.month % 12 + 1
    return date(year, month, min(received.day, calendar.monthrange(year, month)[1]))


def urgency(last: date, today: date) -> Urgency:
    """Return how pressing it is on a day.

    >>> str(urgency(date(2026, 3, 10), date(2026, 3, 3))), str(urgency(date(2026, 3, 10), date(2026, 3, 11)))
    ('soon', 'late')
    """
    if today > last:
        return Urgency.LATE
    return Urgency.SOON if last - today <= SOON else Urgency.FINE
