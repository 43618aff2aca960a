"""Words that say what somebody does in a message: asks, guesses, mourns, quarrels, sells (`cues.tsv`, written by hand).

`x*` is how a word begins; words with `_` between them are a phrase. Each has a strength from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from plein.listening.tokens import tokens

# Words of the longest phrase; a word's beginning has at least so many letters.
_PHRASE, _BEGINNING = 4, 2
Strengths = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class _Table:
    whole: dict[tuple[str, ...], Strengths] = field(default_factory=dict)
    beginnings: dict[tuple[str, ...], Strengths] = field(default_factory=dict)
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
            yield from _by_beginning(phrase, table)


def _by_beginning(phrase: tuple[str, ...], table: _Table) -> Iterator[tuple[str, float]]:
    head, last = phrase[:-1], phrase[-1]
    if head and head[0] not in table.firsts:
        return
    for size in range(_BEGINNING, len(last) + 1):
        yield from table.beginnings.get((*head, last[:size]), ())


@cache
def _table() -> _Table:
    table = _Table()
    for says, strength, written in _rows():
        for entry in written.split(" "):
            words = tuple(tokens(entry.removesuffix("*").replace("_", " ")))
            if words:
                kind = table.beginnings if entry.endswith("*") else table.whole
                kind.setdefault(words, []).append((says, float(strength)))
                table.firsts.add(words[0])
    return table


def _rows() -> Iterator[list[str]]:
    for line in files(__package__).joinpath("cues.tsv").read_text("utf-8").splitlines()[1:]:
        yield line.split("\t")
