"""The mail of the day: when it is due, and what of all that happened is worth a line in it.

It carries counts and links, never a resident's name or words: a mailbox is no place for those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from plein.town.officedays import is_first_of_week, is_office_day

# After this hour yesterday's news is left for tomorrow.
TOO_LATE = 18
HOURS = tuple(range(7, 17))
# How many watches and troubles are named; the page behind the link has them all.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """How much a watch overheard since the last mail."""

    watch: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that failed: a word for what it is, whose it is (a network, a channel, a source), and its row."""

    kind: str
    name: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """What there is to tell. Times are in seconds."""

    waiting: int = 0
    longest: float = 0.0
    came: int = 0
    heard: tuple[Heard, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    quiet: bool = False


def due_on(local: datetime, hour: int) -> date | None:
    """Return the day of which the mail is due at a moment on the town's own clock; None when none is.

    >>> due_on(datetime(2026, 3, 3, 8, 30), 8), due_on(datetime(2026, 3, 3, 7, 30), 8)
    (datetime.date(2026, 3, 3), None)
    """
    in_time = hour <= local.hour < max(TOO_LATE, hour + 1)
    return local.date() if in_time and is_office_day(local.date()) else None


def worth_a_mail(day: Day, on: date) -> Day | None:
    """Return what goes into the mail, or None: a day without news has no mail, but once a week says so.

    >>> worth_a_mail(Day(), date(2026, 3, 3)) is None, worth_a_mail(Day(), date(2026, 3, 2)).quiet
    (True, True)
    """
    if day.waiting or day.came or day.heard or day.troubles:
        return Day(day.waiting, day.longest, day.came, most(day.heard), tuple(day.troubles[:NAMED]))
    return Day(quiet=True) if is_first_of_week(on) else None


def most(heard: Sequence[Heard]) -> tuple[Heard, ...]:
    """Return the watches that heard most.

    >>> [one.name for one in most([Heard(1, "Brug", 1), Heard(2, "Afval", 7)])]
    ['Afval', 'Brug']
    """
    return tuple(sorted(heard, key=lambda one: (-one.count, one.name))[:NAMED])
