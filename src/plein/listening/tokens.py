"""What a word is, for everything that listens.

A text is folded (`plein.town.words.fold`), and what remains falls apart in

word      letters and digits; one apostrophe between two of them joins
emoji     a word of its own, also when glued to letters: a picture with what is joined to it, a
          flag, a keycap. Tones of skin and styles make no difference
hashtag   its words stand in the text like any other; besides, all of them together are its tag
          (`#sluis_brug` is the tag "sluisbrug"). A sign behind a letter begins none

Everything else only keeps words apart. Because folding looks at one character at a time and
these rules at one folded character after the other, the same can be said as tables of numbers:
`plein.listening.compiled` does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from plein.town.words import fold

KEYCAP = "\u20e3"
JOINER = "\u200d"
FLAG_LETTERS = (0x1F1E6, 0x1F1FF)
FLAG_MARKS = (0xE0020, 0xE007F)
# Unicode's pictographs (Extended_Pictographic), without the two signs of ownership and without
# those that folding turns into letters or marks.
PICTOGRAPHS = (
    (0x2194, 0x2199), (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x2388, 0x2388),
    (0x23CF, 0x23CF), (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x25AA, 0x25AB), (0x25B6, 0x25B6),
    (0x25C0, 0x25C0), (0x25FB, 0x25FE), (0x2600, 0x2605), (0x2607, 0x2612), (0x2614, 0x2685),
    (0x2690, 0x2705), (0x2708, 0x2712), (0x2714, 0x2714), (0x2716, 0x2716), (0x271D, 0x271D),
    (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734), (0x2744, 0x2744), (0x2747, 0x2747),
    (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2763, 0x2767),
    (0x2795, 0x2797), (0x27A1, 0x27A1), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2934, 0x2935),
    (0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030),
    (0x303D, 0x303D), (0x1F000, 0x1F0FF), (0x1F10D, 0x1F10F), (0x1F12F, 0x1F12F), (0x1F16D, 0x1F171),
    (0x1F17E, 0x1F17F), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1AD, 0x1F1E5), (0x1F260, 0x1F3FA),
    (0x1F400, 0x1F53D), (0x1F546, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F774, 0x1F77F), (0x1F7D5, 0x1F7FF),
    (0x1F80C, 0x1F80F), (0x1F848, 0x1F84F), (0x1F85A, 0x1F85F), (0x1F888, 0x1F88F), (0x1F8AE, 0x1F8FF),
    (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1FAFF), (0x1FC00, 0x1FFFD),
)  # fmt: skip


def _spans(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


class _Grammar:
    """The rules as patterns, given what a run of letters is and whether keycaps are looked for."""

    def __init__(self, letters: str, keycaps: str) -> None:
        word = rf"{letters}(?:['’]{letters})*"
        picture = rf"[{_spans(PICTOGRAPHS)}][{_spans((FLAG_MARKS,))}]*"
        flag = rf"[{_spans((FLAG_LETTERS,))}]{{1,2}}"
        self.token = re.compile(rf"{word}|{keycaps}{flag}|{picture}(?:{JOINER}{picture})*")
        self.hashtag = re.compile(rf"#(?<![^\W_]#)_*({word}(?:_+{word})*)")


_USUAL = _Grammar(r"[^\W_]+", "")
_WITH_KEYCAPS = _Grammar(rf"(?:[^\W_0-9]|[0-9](?!{KEYCAP}))+", rf"[0-9#*]{KEYCAP}|")
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_APOSTROPHES = str.maketrans("", "", "'’")
_INSIDE_A_TAG = str.maketrans("", "", "'’_")


class Span(NamedTuple):
    """Words number `first` up to and including `last`."""

    first: int
    last: int


class Line:
    """A text as words: `words` in order, `places` of each, and the `tags` with where they stand."""

    __slots__ = ("_places", "tags", "words")

    def __init__(self, text: str) -> None:
        folded = fold(text)
        self.words = _words(folded)
        self.tags = _tags(folded) if "#" in folded else {}
        self._places: dict[str, list[int]] | None = None

    @property
    def places(self) -> dict[str, list[int]]:
        """Where each word stands: made when somebody asks, for most only ask which words there are."""
        if self._places is None:
            self._places = {}
            for place, word in enumerate(self.words):
                self._places.setdefault(word, []).append(place)
        return self._places


def tokens(text: str) -> list[str]:
    """Return the words and emoji of a text.

    >>> tokens("De #Sluisbrug is dicht😡, foto's volgen")
    ['de', 'sluisbrug', 'is', 'dicht', '😡', 'fotos', 'volgen']
    """
    return _words(fold(text))


def tag_of(text: str) -> str:
    """Return what a hashtag is compared by; nothing for a text without words.

    >>> tag_of("Sluis_Brug")
    'sluisbrug'
    """
    return "".join(tokens(text))


def tags_in(text: str) -> list[str]:
    """Return the hashtags of a text, each once, as they are compared.

    >>> tags_in("De #Sluis_Brug en de #sluisbrug: #dicht")
    ['sluisbrug', 'dicht']
    """
    folded = fold(text)
    found = _grammar(folded).hashtag.findall(folded) if "#" in folded else ()
    return list(dict.fromkeys(tag.translate(_INSIDE_A_TAG) for tag in found))


def _words(folded: str) -> list[str]:
    found = (_ASCII_TOKEN if folded.isascii() else _grammar(folded).token).findall(folded)
    if "'" in folded or "’" in folded:
        return [word.translate(_APOSTROPHES) for word in found]
    return found


def _tags(folded: str) -> dict[str, list[Span]]:
    """Return the hashtags of a folded text, and the words that each is made of."""
    tags: dict[str, list[Span]] = {}
    grammar = _grammar(folded)
    starts = [found.start() for found in grammar.token.finditer(folded)]
    for found in grammar.hashtag.finditer(folded):
        span = Span(bisect_left(starts, found.start(1)), bisect_left(starts, found.end(1)) - 1)
        tags.setdefault(found[1].translate(_INSIDE_A_TAG), []).append(span)
    return tags


def _grammar(folded: str) -> _Grammar:
    return _WITH_KEYCAPS if KEYCAP in folded else _USUAL
