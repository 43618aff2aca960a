"""Which posts are what which watch looks for.

`PlainEngine` is the specification: every tree on every post. `FastEngine` says the same about
every post, thousands of times as fast. What a word is stands in `plein.listening.tokens`, what a
tree means in `plein.listening.meaning`.
"""

from __future__ import annotations

from collections.abc import Iterable

from plein.listening.fast import FastEngine
from plein.listening.meaning import meant, reason
from plein.listening.watches import ALWAYS, NEVER_BEFORE, Batch, Engine, Hit, Posts, Said, Watch

__all__ = ["ALWAYS", "NEVER_BEFORE", "Batch", "Engine", "FastEngine", "Hit", "PlainEngine", "Posts", "Said", "Watch"]


class PlainEngine:
    """The specification: the tree of every watch against every post."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self.watches: dict[int, Watch] = {}
        self._meant = {}
        for watch in watches:
            self.put(watch)

    def put(self, watch: Watch) -> None:
        """Add or replace a watch."""
        self._meant[watch.id] = meant(watch.tree)
        self.watches[watch.id] = watch

    def drop(self, watch_id: int) -> None:
        """Forget a watch."""
        self.watches.pop(watch_id, None)
        self._meant.pop(watch_id, None)

    def match(self, posts: Posts) -> list[Hit]:
        """Return which posts hold which watch."""
        batch = Batch.of(posts)
        found = [
            Hit(index, watch_id, reason(self._meant[watch_id], *batch.heard(index)))
            for index in range(len(batch))
            for watch_id in sorted(self.watches)
        ]
        return [hit for hit in found if hit.reason is not None]
