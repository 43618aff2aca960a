"""Words that say what somebody does in a message: asks, guesses, mourns, quarrels, sells (`cues.tsv`, written by hand).

`x*` is how a word begins and `*x` how one ends; words with `_` between them are a phrase. Each has a strength from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from plein.listening.tokens import tokens

# Words of the longest phrase; letters of the shortest beginning and ending.
_PHRASE, _BEGINNING, _ENDING = 4, 2, 4
Strengths = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class _Table:
    whole: dict[tuple[str, ...], Strengths] = field(default_factory=dict)
    beginnings: dict[tuple[str, ...], Strengths] = field(default_factory=dict)
    endings: dict[tuple[str, ...], Strengths] = field(default_factory=dict)
    firsts: set[str] = field(default_factory=set)


def cues_of(words: Sequence[str]) -> dict[str, float]:
    """Return what the words of a message say, each with its strength, 1 at most.

    >>> cues_of(tokens("Gecondoleerd, heel veel sterkte")), cues_of(tokens("wat een mooie plaat"))
    ({'grief': 1.0}, {})
    """
    found: dict[str, float] = {}
    for says, strength in _found(words):
        found[says] = min(1.0, found.get(says, 0.0) + strength)
    return found


def _found(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    table = _table()
    for place in range(len(words)):
        for length in range(1, _PHRASE + 1):
            phrase = tuple(words[place : place + length])
            if len(phrase) < length:
                break
            yield from table.whole.get(phrase, ())
            yield from _by_part(phrase, table)


def _by_part(phrase: tuple[str, ...], table: _Table) -> Iterator[tuple[str, float]]:
    head, last = phrase[:-1], phrase[-1]
    if head and head[0] not in table.firsts:
        return
    for size in range(_BEGINNING, len(last) + 1):
        yield from table.beginnings.get((*head, last[:size]), ())
    for start in range(len(last) - _ENDING + 1 if not head else 0):
        yield from table.endings.get((last[start:],), ())


@cache
def _table() -> _Table:
    table = _Table()
    for says, strength, written in _rows():
        for entry in written.split(" "):
            words = tuple(tokens(entry.strip("*").replace("_", " ")))
            if words:
                _kind(table, entry).setdefault(words, []).append((says, float(strength)))
                table.firsts.add(words[0])
    return table


def _kind(table: _Table, entry: str) -> dict[tuple[str, ...], Strengths]:
    if entry.startswith("*") and "_" not in entry:
        return table.endings
    return table.beginnings if entry.endswith("*") else table.whole


def _rows() -> Iterator[list[str]]:
    for line in files(__package__).joinpath("cues.tsv").read_text("utf-8").splitlines()[1:]:
        yield line.split("\t")
