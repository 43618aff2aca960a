"""Somebody who asks about their own data, and what a room answers: the words that every room uses for it.

A room that holds residents' words has a module with `find(resident)` and `erase(resident)`; the front puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resident:
    """An author on a network, as far as one town is concerned. The id is the network's own and never empty."""

    town: int
    network: str
    author_id: str

    def __post_init__(self) -> None:
        if not self.author_id:
            raise ValueError("Whoever is nobody on a network cannot be looked up.")


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of a kind went, and what was kept: how many, with the code of the reason."""

    kind: str
    count: int
    kept: tuple[tuple[int, str], ...] = ()
