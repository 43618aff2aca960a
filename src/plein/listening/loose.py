"""A few watches in plain dictionaries: a change costs nothing, a look at a post some microseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from plein.listening.finding import Candidate, Sketch
from plein.listening.meaning import Sought
from plein.listening.tokens import Line
from plein.listening.watches import Batch


class Loose:
    """Finds watches by the longest word of every needed term."""

    def __init__(self) -> None:
        self.sketches: dict[int, Sketch] = {}
        self.size = 0
        self._words: dict[str, set[int]] = defaultdict(set)
        self._beginnings: dict[str, set[int]] = defaultdict(set)
        self._lengths: dict[int, int] = defaultdict(int)
        self._tags: dict[str, set[int]] = defaultdict(set)
        self._always: set[int] = set()

    def put(self, sketch: Sketch) -> None:
        """Add a watch that is not there yet."""
        self.sketches[sketch.id] = sketch
        self.size += sketch.size
        if sketch.needed is None:
            self._always.add(sketch.id)
        for term in sketch.needed or ():
            shelf, key = self._shelf(term)
            shelf[key].add(sketch.id)
            if shelf is self._beginnings:
                self._lengths[len(key)] += 1

    def drop(self, watch_id: int) -> None:
        """Forget a watch that is there."""
        sketch = self.sketches.pop(watch_id)
        self.size -= sketch.size
        self._always.discard(watch_id)
        for term in sketch.needed or ():
            shelf, key = self._shelf(term)
            shelf[key].discard(watch_id)
            if not shelf[key]:
                del shelf[key]

    def candidates(self, batch: Batch) -> Iterator[Candidate]:
        """Yield the posts that may match a watch, each pair once."""
        for index in range(len(batch)):
            line = batch.heard(index)[1]
            for watch_id in self._may_match(line):
                yield Candidate(index, watch_id)

    def _may_match(self, line: Line) -> set[int]:
        found = set(self._always)
        for word in line.places.keys() & self._words.keys():
            found |= self._words[word]
        for tag in line.tags.keys() & self._tags.keys():
            found |= self._tags[tag]
        if self._beginnings:
            begun = {word[:length] for word in line.places for length in self._lengths}
            for beginning in begun & self._beginnings.keys():
                found |= self._beginnings[beginning]
        return found

    def _shelf(self, term: Sought) -> tuple[dict[str, set[int]], str]:
        if term.tag:
            return self._tags, term.words[0]
        whole = term.words[:-1] if term.open_ended else term.words
        return (self._words, max(whole, key=len)) if whole else (self._beginnings, term.words[0])
