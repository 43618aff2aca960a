"""How an engine finds the posts that are worth a look, whichever way it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from plein.listening.meaning import Sought, meant
from plein.listening.needs import needed
from plein.listening.query.tree import Node, walk
from plein.listening.watches import Batch, Watch


class Candidate(NamedTuple):
    """A post that may match a watch; with a `reason` it surely does."""

    index: int
    watch: int
    reason: str | None = None


@dataclass(frozen=True)
class Sketch:
    """A watch as finders need it. Made of it on demand: thousands of trees weigh more than their tables."""

    watch: Watch

    @property
    def id(self) -> int:
        """The number of the watch."""
        return self.watch.id

    @cached_property
    def meant(self) -> Node:
        """The tree, its terms folded."""
        return meant(self.watch.tree)

    @cached_property
    def needed(self) -> tuple[Sought, ...] | None:
        """Terms of which every match holds one, or None."""
        return needed(self.meant)

    @cached_property
    def size(self) -> int:
        """How many terms the watch has."""
        return sum(isinstance(node, Sought) for node in walk(self.meant))


class Finder(Protocol):
    """Some watches, and the way to the posts that may match them."""

    size: int

    def candidates(self, batch: Batch) -> Iterator[Candidate]:
        """Yield every pair that matches, each once; and few others."""
        ...
