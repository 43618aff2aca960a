"""What a check says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is. Only `wrong` makes the exit code 1."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was checked, how it is, what was seen, what to do."""

    check: str
    state: State
    seen: str
    remedy: str = ""


Check = Callable[[], Iterator[Finding]]


def fine(check: str, seen: str) -> Finding:
    """Return that all is well."""
    return Finding(check, State.FINE, seen)


def look(check: str, seen: str, remedy: str) -> Finding:
    """Return that somebody should look when there is time."""
    return Finding(check, State.LOOK, seen, remedy)


def wrong(check: str, seen: str, remedy: str) -> Finding:
    """Return that something does not work."""
    return Finding(check, State.WRONG, seen, remedy)
