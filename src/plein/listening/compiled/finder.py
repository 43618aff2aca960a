"""The compiled base as a finder of the engine."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from plein.listening.compiled import reading, scanning
from plein.listening.compiled.hashing import FACTOR
from plein.listening.compiled.letters import GROWTH, letters
from plein.listening.compiled.tables import Tables, build, written
from plein.listening.finding import Candidate, Sketch
from plein.listening.watches import Batch

HITS = 4096
_STAMPS = 2**32 - 2


class Compiled:
    """Finds watches by all their terms at once. One thread at a time may use it."""

    def __init__(self, tables: Tables, size: int) -> None:
        self.tables = tables
        self.size = size
        self._letters = letters()
        self._desk = scanning.desk(tables, max(HITS, 2 * len(tables.always)))
        self._room = reading.room(0, 0)
        self._stamp = 1
        list(self.candidates(Batch.of(["warm"])))

    @classmethod
    def of(cls, sketches: Iterable[Sketch], seed: int | None = None) -> Compiled:
        """Return watches as a finder. Compiles on first use, and remembers that on disk."""
        return cls(*build(sketches, secrets.randbits(64) if seed is None else seed))

    @classmethod
    def open(cls, folder: Path) -> Compiled:
        """Return what `save` wrote. The tables are shared by all processes that open the folder."""
        tables = Tables.open(folder)
        return cls(tables, len(tables.leaves))

    @property
    def nbytes(self) -> int:
        """How many bytes the tables take, and what is written on beside them."""
        return self.tables.nbytes + self._desk.stamps.nbytes + self._desk.looked.nbytes + self._desk.waiting.nbytes

    def save(self, folder: Path) -> None:
        """Write the tables to a folder."""
        self.tables.save(folder)

    def candidates(self, batch: Batch) -> Iterator[Candidate]:
        """Yield the posts that match a watch; without a reason where a look has to decide."""
        if not len(batch):
            return
        tables = self.tables
        posts = len(batch)
        words = self._read(batch.encoded, posts)
        at = 0
        while at < posts:
            if self._stamp + posts >= _STAMPS:
                self._desk.stamps[:] = self._desk.looked[:] = 0
                self._stamp = 1
            before, (at, hits) = at, scanning.scan(words, tables, self._desk, at, posts, np.uint32(self._stamp))
            self._stamp += at - before + 1
            found = [column[:hits].tolist() for column in self._desk[-3:]]
            if at == before:
                self._make_room()
            for index, slot, cause in zip(*found, strict=True):
                yield Candidate(index, int(tables.watch[slot]), self._reason(slot, cause))

    def _reason(self, slot: int, cause: int) -> str | None:
        if cause >= 0:
            return written(self.tables, slot, cause)
        return None if cause == scanning.UNDECIDED else ""

    def _read(self, raw: bytes, posts: int) -> reading.Words:
        """Return the words of so many texts, each with a NUL behind it."""
        content = np.frombuffer(raw, np.uint8)
        folded = -1
        for growth in (1, GROWTH):
            self._widen(len(raw) * growth + 128, posts)
            folded = reading.fold(content, self._letters, self._room.content, self._room.kinds)
            if folded >= 0:
                break
        reading.split(folded, self._room, self.tables.seed[0], FACTOR)
        return self._room

    def _widen(self, folded: int, posts: int) -> None:
        if len(self._room.content) < folded or len(self._room.first) <= posts:
            self._room = reading.room(max(folded, len(self._room.content)), max(posts, len(self._room.first)))

    def _make_room(self) -> None:
        """Make room for twice as many hits: one post alone may have more than there was room for."""
        wider = [np.empty(2 * len(column), column.dtype) for column in self._desk[-3:]]
        self._desk = scanning.Desk(*self._desk[:-3], *wider)
