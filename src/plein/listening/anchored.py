"""Many watches in one automaton: the way of the default install.

Of every needed term the longest word is looked for, anywhere and in all posts of a batch in one
pass (Aho-Corasick). Where it stands by itself and the other words of the term are about, the post
is worth a look.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from plein.listening.finding import Candidate, Sketch
from plein.listening.meaning import Sought
from plein.listening.watches import Batch
from plein.town.words import fold_to_bytes

# A deterministic automaton is the quickest, and takes about 1.3 kB an anchor.
_DETERMINISTIC = 20_000
_INSIDE_A_WORD = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyz")
_KEYCAP = re.compile(rb"[0-9#*]\xe2\x83\xa3")
_SPLIT_TAG = re.compile(rb"#[^\s\0#]*_[^\s\0#]*")


class _Asked(NamedTuple):
    """A needed term without its anchor: the other words, and the watch it belongs to."""

    watch: int
    others: tuple[bytes, ...]


class _Anchor(NamedTuple):
    """Bytes to look for, and whether a letter may stand directly before and behind them."""

    word: bytes
    glued_before: bool
    glued_behind: bool


class Anchored:
    """Finds watches by the longest word of every needed term."""

    def __init__(self, sketches: Iterable[Sketch]) -> None:
        asked: dict[_Anchor, list[_Asked]] = {}
        self._always: list[int] = []
        self.size = 0
        for sketch in sketches:
            self.size += sketch.size
            if sketch.needed is None:
                self._always.append(sketch.id)
            for term in sketch.needed or ():
                anchor, others = _anchor_of(term)
                asked.setdefault(anchor, []).append(_Asked(sketch.id, others))
        self._anchors = list(asked)
        self._asked = list(asked.values())
        kind = Implementation.DFA if len(asked) <= _DETERMINISTIC else Implementation.ContiguousNFA
        self._automaton = BytesAhoCorasick([a.word for a in asked], implementation=kind) if asked else None

    def candidates(self, batch: Batch) -> Iterator[Candidate]:
        """Yield the posts that may match a watch, each pair once."""
        for watch in self._always:
            for index in range(len(batch)):
                yield Candidate(index, watch)
        if self._automaton is not None and len(batch):
            yield from self._found(*_haystack(batch.joined))

    def _found(self, haystack: bytes, ends: list[int]) -> Iterator[Candidate]:
        seen: set[Candidate] = set()
        for number, start, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True):
            anchor = self._anchors[number]
            if (haystack[start - 1] in _INSIDE_A_WORD and not anchor.glued_before) or (
                haystack[end] in _INSIDE_A_WORD and not anchor.glued_behind
            ):
                continue
            index = bisect_right(ends, start)
            for watch, others in self._asked[number]:
                pair = Candidate(index, watch)
                if pair not in seen and _all_in(others, haystack, ends[index - 1] if index else 0, ends[index]):
                    seen.add(pair)
                    yield pair


def _all_in(others: tuple[bytes, ...], haystack: bytes, start: int, end: int) -> bool:
    return not others or all(haystack.find(word, start, end) >= 0 for word in others)


def _anchor_of(term: Sought) -> tuple[_Anchor, tuple[bytes, ...]]:
    """Return what to look for, and the other words of a term.

    An emoji stands by itself also between letters; so may a beginning, on one side.
    """
    words = [word.encode("utf-8", "surrogatepass") for word in term.words]
    at = max(range(len(words)), key=lambda number: len(words[number]))
    emoji = not term.words[at].isalnum()
    begun = term.open_ended and at == len(words) - 1
    return _Anchor(words[at], emoji, emoji or begun), tuple(words[:at] + words[at + 1 :])


def _haystack(joined: str) -> tuple[bytes, list[int]]:
    """Return all texts, folded, without apostrophes, and the offsets at which they end.

    A NUL stands before, between and after them. Apostrophes between letters join words; two in a
    row do not. A letter beyond ASCII next to an anchor stays a candidate: whether it is part of
    the word is settled by the look. A keycap gets room, a tag of several words is said once more as one.
    """
    folded = fold_to_bytes(joined).replace(b"\xe2\x80\x99", b"'").replace(b"''", b"  ").replace(b"'", b"")
    if b"\xe2\x83\xa3" in folded:
        folded = _KEYCAP.sub(rb" \g<0> ", folded)
    if b"_" in folded:
        folded = _SPLIT_TAG.sub(lambda tag: tag[0] + b" " + tag[0].replace(b"_", b""), folded)
    ends = list(accumulate((len(text) + 1 for text in folded.split(b"\0")), initial=0))
    return b"\0" + folded + b"\0", ends[1:]
