"""What folding makes of every character, and what the rules of words see in it, as a table.

Made of the functions themselves, so that there is one truth: `fold` for the image, `tokens` for
what is an emoji. Takes a third of a second, once a process.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np

from plein.listening.tokens import FLAG_LETTERS, FLAG_MARKS, JOINER, KEYCAP, PICTOGRAPHS
from plein.town.words import fold

OTHER, LETTER, APOSTROPHE, SIGN, UNDERSCORE, PICTURE, FLAG, JOIN, MARK, CAP, INNER, STAR, END = range(13)
# A cell below this is the kind of a character that folds to itself; above, the place of its image.
IMAGES = 16
# So many times as long a text can become: U+FDFA folds to eighteen characters.
GROWTH = 11
# Nothing folds above the first, and between the others Unicode has no characters at all.
_PLANES = (range(0x30000), range(0x30000, 0x34000), range(0xE0000, 0xE0200))
_KINDS = {"'": APOSTROPHE, "’": APOSTROPHE, "#": SIGN, "_": UNDERSCORE, "*": STAR, JOINER: JOIN, KEYCAP: CAP, "\0": END}


class Letters(NamedTuple):
    """The table. `cells[pages[code >> 8] << 8 | code & 255]` is the cell of a character.

    An image at `images[cell - IMAGES]` is its length n, n bytes of UTF-8, and the kind of each:
    that of the character for its first byte, INNER for the others, LETTER for all of a letter.
    """

    ascii: np.ndarray
    ascii_kinds: np.ndarray
    pages: np.ndarray
    cells: np.ndarray
    images: np.ndarray


@cache
def letters() -> Letters:
    """Return the table for the Unicode of this Python."""
    cells = np.zeros(sys.maxunicode + 1, np.int32)
    images = bytearray()
    for code in range(_PLANES[0].stop):
        cells[code] = _cell(code, images)
    for plane in _PLANES[1:]:
        for code in plane:
            cells[code] = _kind(chr(code))
    pages, used = np.unique(cells.reshape(-1, 256), axis=0, return_inverse=True)
    text = "".join(map(chr, range(128)))
    return Letters(
        np.frombuffer(fold(text).encode(), np.uint8),
        np.array([_kind(one) for one in fold(text)], np.uint8),
        used.reshape(-1).astype(np.uint16),
        pages.reshape(-1),
        np.frombuffer(bytes(images), np.uint8),
    )


def _cell(code: int, images: bytearray) -> int:
    character = chr(code)
    folded = fold(character) if _may_fold(character) else character
    if folded == character:
        return _kind(character)
    place = len(images) + IMAGES
    content = folded.encode("utf-8", "surrogatepass")
    images += bytes([len(content)]) + content + b"".join(map(_kinds, folded))
    return place


def _may_fold(character: str) -> bool:
    """Whether it is worth asking: most characters fold to themselves."""
    return bool(
        not character.isascii()
        and (
            unicodedata.decomposition(character)
            or unicodedata.combining(character)
            or character.casefold() != character
            or character.lower() != character
            or 0xAC00 <= ord(character) <= 0xD7A3
            or 0xFE00 <= ord(character) <= 0xFE0F
            or 0x1F3FB <= ord(character) <= 0x1F3FF
        )
    )


def _kinds(character: str) -> bytes:
    kind = _kind(character)
    inner = LETTER if kind == LETTER else INNER
    return bytes([kind] + [inner] * (len(character.encode("utf-8", "surrogatepass")) - 1))


def _kind(character: str) -> int:
    if character.isalnum():
        return LETTER
    return _KINDS.get(character) or _EMOJI.get(ord(character), OTHER)


_EMOJI = {
    code: kind
    for kind, ranges in ((PICTURE, PICTOGRAPHS), (FLAG, (FLAG_LETTERS,)), (MARK, (FLAG_MARKS,)))
    for first, last in ranges
    for code in range(first, last + 1)
}
