"""Words beside a number, which say what it is where the number does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|0?6\b|[€%°]", re.UNICODE)
# A sentence ends here; so does what a word before or after it can say of a number.
_STOP = re.compile(r"[!?;\n\ue000]|\.(?=\s+[A-Z])|(?<=\w{4})\.(?=\s)")
# A comma after a word: what follows is told beside it. After a number it goes on with a row of them.
_ASIDE = re.compile(r"[^\W\d], ?$")
_REACH = 60


class Words:
    """A set of words, in small letters, some with an open end (`x*`) or an open beginning (`*x`)."""

    __slots__ = ("_beginnings", "_endings", "_whole")

    def __init__(self, written: str) -> None:
        entries = written.split()
        self._beginnings = tuple(one[:-1] for one in entries if one.endswith("*"))
        self._endings = tuple(one[1:] for one in entries if one.startswith("*"))
        self._whole = frozenset(one for one in entries if "*" not in one)

    def __contains__(self, word: str) -> bool:
        return word in self._whole or word.startswith(self._beginnings) or word.endswith(self._endings)


def lines_of(name: str) -> Iterator[str]:
    """Yield the lines of a table shipped beside this file, without its comments and its header."""
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    yield from [line for line in lines if not line.startswith("#")][1:]


@cache
def sets_of(name: str) -> dict[str, Words]:
    """Return the sets of a table, by what they say."""
    return {says: Words(words) for says, _, words in (line.partition("\t") for line in lines_of(name))}


def cues(says: str) -> Words:
    """Return the words that say something of a number (`cues.tsv`)."""
    return sets_of("cues.tsv")[says]


def before(text: str, start: int, most: int = 5) -> list[str]:
    """Return the words before a place in the same sentence, nearest first, in small letters.

    >>> before("Hoi! Mijn zaak heeft nr 12", 24)
    ['nr', 'heeft', 'zaak', 'mijn']
    """
    piece = text[max(0, start - _REACH) : start]
    for stop in _STOP.finditer(piece):
        piece = f"{' ' * stop.end()}{piece[stop.end() :]}"
    return [word.lower() for word in _WORD.findall(piece)][: -most - 1 : -1]


def after(text: str, end: int, most: int = 5) -> list[str]:
    """Return the words after a place in the same sentence, nearest first, in small letters."""
    piece = text[end : end + _REACH]
    stop = _STOP.search(piece)
    return [word.lower() for word in _WORD.findall(piece[: stop.start()] if stop else piece)][:most]


def is_of_a_file(text: str, start: int, end: int, near: int = 3, far: int = 3) -> bool:
    """Whether the words say that this is the number of a case, an order or a thing.

    Of the nearest words any that is used so counts (`near`), of those further away (`far`) only what says number or code itself.

    >>> is_of_a_file("zaaknr 12", 7, 9), is_of_a_file("12 (order)", 0, 2), is_of_a_file("mijn zaak, 12", 11, 13)
    (True, True, False)
    """
    if _ASIDE.search(text, max(0, start - 3), start):
        return False
    words = [word for word in before(text, start, far + 2) if word not in cues("neutral")]
    for number, word in enumerate(words[:far]):
        if word in cues("citizen") or word in cues("phone") or word in cues("number_plate"):
            return False
        if word in (cues("file") if number < near else cues("number")):
            return True
    return _file_follows(text, end)


def _file_follows(text: str, end: int) -> bool:
    words = after(text, end, 4)
    if words and words[0] in ("is", "was", "als") and text[end : end + 1] == " ":
        words = [
            word for word in words[1:] if word not in ("mijn", "mn", "het", "de", "een", "ons", "uw", "dat", "die")
        ][:1]
        return bool(words) and words[0] in cues("file") and words[0] not in cues("neutral")
    return text[end : end + 2] == " (" and bool(words) and words[0] in cues("file")
