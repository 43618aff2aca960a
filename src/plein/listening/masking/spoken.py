"""Telephone numbers in words, wholly or partly: nul zes, twaalf, vierendertig; 06 twaalf 34 56 78."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from plein.listening.masking.phones import belongs_to_somebody
from plein.listening.masking.spans import Kind, Span
from plein.listening.masking.words import lines_of

# What such a number begins with; and what the country's code becomes.
_BEGINS = re.compile(r"(?i)(?<!\w)(?:nul|zero|null|sıfır|0)[ ,.-]{1,3}[^\W\d_]|(?<!\w)0[1-9]\d{0,2}[ ,.-]{1,3}[^\W\d_]")
_NOUGHTS, _TENS = ("nul", "zero", "sıfır"), ("tig", "twaalf", "zes ", "acht ")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN = re.compile(r"[ ,.\-–\n]{1,3}")
_LENGTH = 10


def is_near(text: str) -> bool:
    """Whether the text may hold such a number: quickly, for most do not."""
    low = text.lower()
    return any(word in low for word in _NOUGHTS) or ("06 " in low and any(word in low for word in _TENS))


def spoken(text: str) -> Iterator[Span]:
    """Yield the telephone numbers that have at least one word in them.

    >>> [text[one.start : one.end] for text in ["bel nul zes twaalf 34 56 zeven acht!"] for one in spoken(text)]
    ['nul zes twaalf 34 56 zeven acht']
    """
    taken = 0
    for begins in _BEGINS.finditer(text):
        if begins.start() >= taken and (end := _end(text, begins.start())):
            taken = end
            yield Span(begins.start(), end, Kind.PHONE)


def _end(text: str, start: int) -> int | None:
    """Return where ten digits end that begin at `start`; None where something else comes before them."""
    digits, at = "", start
    while word := _WORD.match(text, at):
        said = word[0] if word[0].isdecimal() else _said().get(word[0].lower())
        if said is None:
            return None
        digits += said
        if len(digits) >= _LENGTH:
            return word.end() if len(digits) == _LENGTH and belongs_to_somebody(digits) else None
        gap = _BETWEEN.match(text, word.end())
        if not gap:
            return None
        at = gap.end()
    return None


@cache
def _said() -> dict[str, str]:
    """Return the digits of every word."""
    rows = [line.split("\t") for line in lines_of("spoken.tsv")]
    of = {says: words.split() for says, words in rows if says != "digit"}
    said = {word: str(at) for says, words in reversed(rows) if says == "digit" for at, word in enumerate(words.split())}
    said |= {word: str(at) for at, word in enumerate(of["teen"], 10)}
    for tens, ten in enumerate(of["ten"], 2):
        said[ten] = f"{tens}0"
        for at, unit in enumerate(of["unit"], 1):
            said |= {f"{unit}{joint}{ten}": f"{tens}{at}" for joint in ("en", "ën")}
    return said
