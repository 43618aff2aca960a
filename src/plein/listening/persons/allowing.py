"""The narrow exceptions: an account of our own, a member of the mayor and aldermen in office.

Each needs a reason and a second pair of eyes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plein.town.words import words


class Why(StrEnum):
    """For whom there may be an exception. There is none for anybody else."""

    OWN_ACCOUNT = "own_account"
    IN_OFFICE = "in_office"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Somebody who may be named in a watch. `asked_by` and `approved_by` are two people; `until` the last day in office."""

    name: str
    why: Why
    reason: str
    asked_by: str
    approved_by: str
    until: date


def holds(one: Allowance, on: date) -> bool:
    """Whether an exception holds: with a reason, seen by a second person, and not over.

    >>> mayor = Allowance("Sanne Bakker", Why.IN_OFFICE, "Open letter", "a@x.example", "b@x.example", date(2026, 12, 31))
    >>> holds(mayor, date(2026, 5, 1)), holds(mayor, date(2027, 1, 1))
    (True, False)
    """
    both = one.asked_by.strip() and one.approved_by.strip() and key_of(one.asked_by) != key_of(one.approved_by)
    return bool(one.why in set(Why) and one.reason.strip() and both and key_of(one.name) and on <= one.until)


def is_allowed(name: str, allowances: Iterable[Allowance]) -> bool:
    """Whether a name stands in the exceptions, with or without the title before it."""
    asked = key_of(name).split()
    return any(asked[-len(named) :] == named for one in allowances if (named := key_of(one.name).split()))


def key_of(name: str) -> str:
    """Return a name as it is compared."""
    return " ".join(words(name))
