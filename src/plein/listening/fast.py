"""The engine of the product: finds the few posts worth a look, and looks.

Its watches stand in a base that never changes, made for speed, and in a small loose rest in plain
dictionaries. A change goes to the rest, or takes a watch out of what counts of the base, and is in
force at once. When the rest has become costly a new base is made: a small one on the spot, a
large one in a thread, while the old one goes on answering.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator
from importlib.util import find_spec

from plein.listening.anchored import Anchored
from plein.listening.finding import Finder, Sketch
from plein.listening.looking import Look
from plein.listening.loose import Loose
from plein.listening.watches import Batch, Hit, Posts, Watch

# Up to so many terms a base is made between two batches: that takes some milliseconds.
AT_ONCE = 1_000
# Up to so many an automaton is made while posts flow: Python stands still for less than a tenth of a second.
BRIEF = 5_000
# From so many terms on the compiled tier is worth its warming up.
SCALE = 20_000
# The share of a base that may wait in the loose rest, or count no more.
OUTSIDE = 1 / 8
LOOKS = 20_000
# From so many watches on, they are kept out of the search for garbage.
MANY = 10_000


class FastEngine:
    """Says what `PlainEngine` says. Threads may share one.

    `compiled` uses the tier of the extra `scale`: None where it is installed and there is
    enough to look for. `settle` waits for it.
    """

    def __init__(self, watches: Iterable[Watch] = (), *, compiled: bool | None = None) -> None:
        self.watches = {watch.id: watch for watch in watches}
        self._compiled = compiled
        self._lock = threading.Lock()
        self._builder: threading.Thread | None = None
        self._base: Finder | None = None
        self._in_base: set[int] = set()
        self._loose = Loose()
        self._changed: set[int] = set()
        self._heard_outside = 0
        self._looks: dict[int, Look] = {}

    def put(self, watch: Watch) -> None:
        """Add or replace a watch."""
        sketch = Sketch(watch)
        sketch.meant  # noqa: B018 a tree that cannot be matched is refused before anything changes
        with self._lock:
            self._forget(watch.id)
            self.watches[watch.id] = watch
            if self._base is not None:
                self._loose.put(sketch)

    def drop(self, watch_id: int) -> None:
        """Forget a watch."""
        with self._lock:
            if self.watches.pop(watch_id, None) is not None:
                self._forget(watch_id)

    def match(self, posts: Posts) -> list[Hit]:
        """Return which posts hold which watch."""
        batch = Batch.of(posts)
        with self._lock:
            self._tidy(len(batch))
            return sorted(self._hits(batch))

    def settle(self) -> None:
        """Wait until whatever is being made in the background stands."""
        with self._lock:
            self._tidy(0)
        while builder := self._builder:
            builder.join()

    @property
    def base(self) -> Finder | None:
        """What answers for most watches at this moment; None before the first post."""
        return self._base

    def _hits(self, batch: Batch) -> Iterator[Hit]:
        for index, watch_id, why in self._base.candidates(batch):
            if watch_id in self._in_base:
                yield from self._looked(batch, index, watch_id, why)
        if self._loose.sketches:
            for index, watch_id, why in self._loose.candidates(batch):
                yield from self._looked(batch, index, watch_id, why)

    def _looked(self, batch: Batch, index: int, watch_id: int, why: str | None) -> Iterator[Hit]:
        if why is None:
            why = self._look(watch_id).reason(*batch.heard(index))
        if why is not None:
            yield Hit(index, watch_id, why)

    def _look(self, watch_id: int) -> Look:
        if watch_id not in self._looks:
            if len(self._looks) >= LOOKS:
                self._looks.clear()
            self._looks[watch_id] = Look(Sketch(self.watches[watch_id]).meant)
        return self._looks[watch_id]

    def _forget(self, watch_id: int) -> None:
        self._changed.add(watch_id)
        self._in_base.discard(watch_id)
        self._looks.pop(watch_id, None)
        if watch_id in self._loose.sketches:
            self._loose.drop(watch_id)

    def _tidy(self, posts: int) -> None:
        """See to it that there is a base, and that not too much stands outside it."""
        if self._base is None:
            self._stand(self._anchored(self.watches), self.watches)
            if self._scale(self._base.size):
                self._build()
            return
        if not self._loose.sketches and len(self._in_base) >= len(self.watches) * OUTSIDE:
            return
        self._heard_outside += posts
        if self._base.size + self._loose.size <= AT_ONCE:
            self._changed.clear()
            self._stand(self._anchored(self.watches), self.watches)
        elif self._is_costly():
            self._build()

    def _is_costly(self) -> bool:
        """Whether a new base is worth its price.

        That is so when much stands outside, and when the looks at what stands outside have cost
        about as much as a new base does. A large automaton is not made for the latter: while it
        is made, Python stands still.
        """
        if self._loose.size > max(AT_ONCE, self._base.size * OUTSIDE):
            return True
        size = self._base.size + self._loose.size
        return self._heard_outside >= size and (size <= BRIEF or self._scale(size))

    def _scale(self, size: int) -> bool:
        if self._compiled is not None:
            return self._compiled
        return size >= SCALE and find_spec("numba") is not None

    def _build(self) -> None:
        if self._builder is None:
            self._changed.clear()
            if len(self.watches) >= MANY:
                # Millions of nodes stand. A search through them for garbage would stop everything for a second.
                gc.freeze()
            self._builder = threading.Thread(target=self._rebuild, args=(dict(self.watches),), daemon=True)
            self._builder.start()

    def _rebuild(self, watches: dict[int, Watch]) -> None:
        try:
            finder = (
                self._compile(watches) if self._scale(self._base.size + self._loose.size) else self._anchored(watches)
            )
            standing = set(watches)
            with self._lock:
                self._stand(finder, standing)
        finally:
            self._builder = None

    def _stand(self, finder: Finder, standing: Iterable[int]) -> None:
        """Let a base answer from now on; what changed while it was made stays outside."""
        self._base, self._in_base, self._loose = finder, set(standing) - self._changed, Loose()
        for watch_id in self._changed & self.watches.keys():
            self._loose.put(Sketch(self.watches[watch_id]))
        self._heard_outside = 0

    @staticmethod
    def _anchored(watches: dict[int, Watch]) -> Finder:
        return Anchored(map(Sketch, watches.values()))

    @staticmethod
    def _compile(watches: dict[int, Watch]) -> Finder:
        from plein.listening.compiled import Compiled

        return Compiled.of(map(Sketch, watches.values()))
