"""Which posts hold a phrase of which watch.

A phrase is found where its words stand next to each other in a text, both folded as
`plein.town.words` does: capitals, accents, hashtag signs and the marks between words make no
difference; word boundaries do.

`PlainEngine` is the specification. `FastEngine` says the same about every text, some hundred
times as fast: one Aho-Corasick pass over many texts at once points out the few that may match,
and only those are looked at word by word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple, Protocol

from ahocorasick_rs import BytesAhoCorasick, Implementation

from plein.town.words import fold_to_bytes, words

ALWAYS = datetime.max.replace(tzinfo=UTC)
NEVER_BEFORE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Watch:
    """A standing query as matching needs it. It collects from `starts_at` until before `ends_at`."""

    id: int
    town: int
    phrases: tuple[str, ...]
    starts_at: datetime = NEVER_BEFORE
    ends_at: datetime = ALWAYS

    def collects(self, now: datetime) -> bool:
        """Whether this watch may collect at this moment."""
        return self.starts_at <= now < self.ends_at


class Hit(NamedTuple):
    """Text number `index` holds `phrase`, the first of the watch's phrases that it holds."""

    index: int
    watch: int
    phrase: str


class Engine(Protocol):
    """Knows watches and finds them in texts. Hits come in order of text, then of watch."""

    watches: dict[int, Watch]

    def put(self, watch: Watch) -> None:
        """Add a watch, or replace the one with the same id. Counts from the next text on."""
        ...

    def drop(self, watch_id: int) -> None:
        """Forget a watch; one that is not there is no error."""
        ...

    def match(self, texts: Sequence[str]) -> list[Hit]:
        """Return which texts hold which watch."""
        ...


def word_line(text: str) -> str:
    """Return the words of a text with one space around each.

    >>> word_line("De #Sluisbrug?")
    ' de sluisbrug '
    """
    return f" {' '.join(words(text))} "


class PlainEngine:
    """The specification: every phrase of every watch against every text."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self.watches = {watch.id: watch for watch in watches}

    def put(self, watch: Watch) -> None:
        """Add or replace a watch."""
        self.watches[watch.id] = watch

    def drop(self, watch_id: int) -> None:
        """Forget a watch."""
        self.watches.pop(watch_id, None)

    def match(self, texts: Sequence[str]) -> list[Hit]:
        """Return which texts hold which watch."""
        return [
            Hit(index, watch_id, phrase)
            for index, text in enumerate(texts)
            for watch_id in sorted(self.watches)
            for phrase in self._first(self.watches[watch_id].phrases, words(text))
        ]

    @staticmethod
    def _first(phrases: Iterable[str], text: list[str]) -> list[str]:
        for phrase in phrases:
            asked = words(phrase)
            if asked and any(text[at : at + len(asked)] == asked for at in range(len(text))):
                return [phrase]
        return []


class FastEngine:
    """Finds the longest word of every phrase first, anywhere, and checks what that turns up.

    Building takes some milliseconds for a thousand phrases and happens at the first text after
    a change.
    """

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self.watches = {watch.id: watch for watch in watches}
        self._stale = True

    def put(self, watch: Watch) -> None:
        """Add or replace a watch."""
        self.watches[watch.id] = watch
        self._stale = True

    def drop(self, watch_id: int) -> None:
        """Forget a watch."""
        self._stale |= self.watches.pop(watch_id, None) is not None

    def match(self, texts: Sequence[str]) -> list[Hit]:
        """Return which texts hold which watch."""
        if self._stale:
            self._build()
        if not self._anchors or not texts:
            return []
        haystack, ends = _haystack(texts)
        return [
            hit
            for index, anchors in sorted(self._candidates(haystack, ends).items())
            for hit in self._check(
                index, texts[index], haystack[ends[index - 1] if index else 0 : ends[index]], anchors
            )
        ]

    def _build(self) -> None:
        asked: dict[bytes, list[_Asked]] = {}
        for watch in self.watches.values():
            for rank, phrase in enumerate(watch.phrases):
                if parts := words(phrase):
                    encoded = [part.encode() for part in parts]
                    anchor = max(encoded, key=len)
                    others = tuple(part for part in encoded if part != anchor)
                    line = f" {' '.join(parts)} "
                    asked.setdefault(anchor, []).append(_Asked(watch.id, rank, phrase, line, len(parts) == 1, others))
        self._anchors = list(asked.values())
        self._finder = BytesAhoCorasick(list(asked), implementation=_implementation(len(asked))) if asked else None
        self._stale = False

    def _candidates(self, haystack: bytes, ends: list[int]) -> dict[int, dict[int, bool]]:
        """Return the texts in which anchors stand, and of each anchor whether it surely stands alone."""
        found: dict[int, dict[int, bool]] = {}
        for anchor, start, end in self._finder.find_matches_as_indexes(haystack, overlapping=True):
            before, after = haystack[start - 1], haystack[end]
            if before not in _INSIDE_A_WORD and after not in _INSIDE_A_WORD:
                anchors = found.setdefault(bisect_right(ends, start), {})
                anchors[anchor] = anchors.get(anchor, False) or (before < 128 and after < 128)
        return found

    def _check(self, index: int, text: str, folded: bytes, anchors: dict[int, bool]) -> list[Hit]:
        """Return the hits of a text. One word that surely stands by itself needs no second look.

        A phrase gets one, word by word, only if its other words are there at all.
        """
        line = ""
        first: dict[int, tuple[int, str]] = {}
        for anchor, alone in anchors.items():
            for asked in self._anchors[anchor]:
                if not (alone and asked.single):
                    if not all(part in folded for part in asked.others):
                        continue
                    line = line or word_line(text)
                    if asked.line not in line:
                        continue
                if asked.watch not in first or asked.rank < first[asked.watch][0]:
                    first[asked.watch] = (asked.rank, asked.phrase)
        return [Hit(index, watch_id, first[watch_id][1]) for watch_id in sorted(first)]


class _Asked(NamedTuple):
    """A phrase with its anchor taken out: `others` are its other words, `line` all of them with spaces around."""

    watch: int
    rank: int
    phrase: str
    line: str
    single: bool
    others: tuple[bytes, ...]


_INSIDE_A_WORD = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyz")


def _implementation(anchors: int) -> Implementation:
    """Return the quickest automaton that does not grow out of hand (a DFA takes about 1.3 kB an anchor)."""
    return Implementation.DFA if anchors <= 20_000 else Implementation.ContiguousNFA


def _haystack(texts: Sequence[str]) -> tuple[bytes, list[int]]:
    """Return all texts, folded, without apostrophes, and the offsets at which they end.

    A NUL stands before, between and after them. Apostrophes between letters join words, as
    `words` has it; two in a row do not. A letter beyond ASCII next to an anchor stays a candidate:
    whether it is part of the word is settled by the check.
    """
    joined = "\0".join(texts)
    if joined.count("\0") >= len(texts):
        joined = "\0".join([text.replace("\0", " ") for text in texts])
    folded = fold_to_bytes(joined).replace(b"\xe2\x80\x99", b"'").replace(b"''", b"  ").replace(b"'", b"")
    ends = list(accumulate((len(text) + 1 for text in folded.split(b"\0")), initial=0))
    return b"\0" + folded + b"\0", ends[1:]
