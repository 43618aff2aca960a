"""How long each kind of data is kept: a table with its sources, and the few rules that read it.

A term is counted in whole days, and what has had its time goes at the start of its last day: never
later than the term says. A hold (a request under the Open Government Act, a dispute) stands above it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What is kept for a time of its own."""

    OVERHEARD = "overheard"
    CONVERSATION = "conversation"
    OWN = "own"
    DRAFT = "draft"
    UNREADABLE = "unreadable"
    TRIAL = "trial"
    DELETED = "deleted"
    AUDIT = "audit"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Term:
    """How many days by default, and between which numbers a town may choose; None is kept for good.

    `since` says from when the days count, `source` where the term comes from. Days of 0 go within the hour.
    """

    days: int | None
    least: int | None
    most: int | None
    since: str
    source: str

    @property
    def chosen_by_town(self) -> bool:
        """Whether a town may choose another number of days."""
        return self.least != self.most


YEAR = 365
TERMS: dict[Kind, Term] = {
    Kind.OVERHEARD: Term(90, 30, 90, "heard", "GDPR 5(1)(e): no longer than the purpose of a watch needs; requirement R5"),
    # Destroying too early cannot be mended: until the archivist chose, the longest of the usual terms holds.
    Kind.CONVERSATION: Term(5 * YEAR, YEAR, 5 * YEAR, "last_message", "selection list of municipalities 2020; R5: one to five years"),
    Kind.OWN: Term(None, None, None, "sent", "Archives Act: what a municipality publishes is assessed by its archivist"),
    Kind.DRAFT: Term(30, 30, 30, "saved", "nobody needs what was not sent"),
    Kind.UNREADABLE: Term(14, 14, 14, "heard", "long enough to mend a reader, and no longer"),
    Kind.TRIAL: Term(0, 0, 0, "tried", "shown once, and gone within a quarter of an hour"),
    Kind.DELETED: Term(3, 3, 3, "deleted", "a keyed hash alone, so that disorder on a network brings nothing back"),
    Kind.AUDIT: Term(None, None, None, "done", "accountability, GDPR 5(2): the chain of seals ends where a row is cut out"),
    Kind.BACKUP: Term(30, 30, 30, "made", "what was deleted stands in a backup until that is gone too"),
}  # fmt: skip


def days_of(kind: Kind | str, chosen: int | None = None) -> int | None:
    """Return how many days something is kept; what a town chose counts as far as the table allows it.

    >>> days_of("overheard"), days_of("overheard", 30), days_of("overheard", 400), days_of("own", 30)
    (90, 30, 90, None)
    """
    term = TERMS[Kind(kind)]
    if chosen is None or term.days is None:
        return term.days
    return min(max(chosen, term.least), term.most)


def has_had_its_time(began: date, days: int | None, today: date) -> bool:
    """Whether something that began on a day has had its term today; what is kept for good never has.

    >>> has_had_its_time(date(2026, 3, 3), 30, date(2026, 4, 1)), has_had_its_time(date(2026, 3, 3), 30, date(2026, 4, 2))
    (False, True)
    """
    return days is not None and began + timedelta(days=days) <= today


def last_due_day(days: int | None, today: date) -> date | None:
    """Return the newest day of which everything has had its time today; None when nothing has.

    >>> last_due_day(30, date(2026, 4, 2))
    datetime.date(2026, 3, 3)
    """
    if days is None:
        return None
    newest = today - timedelta(days=days)
    return newest if has_had_its_time(newest, days, today) else None


def is_held(subject: str, holds: Collection[str]) -> bool:
    """Whether a hold keeps something from being deleted, though its time has come.

    >>> is_held("watch:5", {"watch:5"}), is_held("watch:6", {"watch:5"})
    (True, False)
    """
    return subject in holds


def holds_on(lifted_at: datetime | None, until: date, today: date) -> bool:
    """Whether a hold still stands: nobody lifted it, and its last day has not passed.

    >>> holds_on(None, date(2026, 3, 3), date(2026, 3, 3)), holds_on(None, date(2026, 3, 3), date(2026, 3, 4))
    (True, False)
    """
    return lifted_at is None and today <= until
