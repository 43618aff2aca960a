"""How long a text is, as each network counts it.

People see one character where Unicode has several: a letter with its accents, a flag, a family.
Such a *grapheme* counts as one on most networks. The rules are those of Unicode's text
segmentation (UAX 29), with Python's own character data in place of the annex's tables.
"""

from __future__ import annotations

import re
import unicodedata

from plein.channels.contract import Counting

# The punctuation behind a link belongs to the sentence.
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'…)\]]", re.IGNORECASE)
_REMOTE_HANDLE = re.compile(r"(@[\w.-]+)@[\w.-]+\.\w+")
_JOINER = "\u200d"


def graphemes(text: str) -> int:
    """Return how many characters a reader sees.

    >>> graphemes("café"), graphemes("cafe\\u0301"), graphemes("🇳🇱"), graphemes("👩‍👩‍👧")
    (4, 4, 1, 1)
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    count, flags, previous, picture = 0, 0, "", False
    for character in text:
        flags = flags + 1 if _is_flag_half(character) else 0
        joined = picture and previous == _JOINER and _is_picture(character)
        if not (previous and (joined or _belongs(previous, character, flags))):
            count += 1
        picture = _is_picture(character) or (picture and _extends(character))
        previous = character
    return count


def length(text: str, counting: Counting, link_length: int | None = None) -> int:
    """Return the length of a text as a network counts it; `link_length` is what a link counts for.

    >>> length("zie https://waterdam.example/een/lang/adres", Counting.MASTODON, 23)
    27
    """
    if counting is Counting.NONE:
        return 0
    if counting is Counting.MASTODON:
        text = _REMOTE_HANDLE.sub(r"\1", text)
    if link_length is not None:
        text = LINK.sub("x" * link_length, text)
    return len(text) if counting is Counting.CHARACTERS else graphemes(text)


def _belongs(previous: str, character: str, flags: int) -> bool:
    """Whether a character is part of the one before it."""
    if previous == "\r" and character == "\n":
        return True
    if unicodedata.category(previous) in ("Cc", "Cf", "Zl", "Zp") and not _extends(previous):
        return False
    return _extends(character) or (flags > 0 and flags % 2 == 0) or _continues_syllable(previous, character)


def _extends(character: str) -> bool:
    """Whether a character never stands alone: accents, joiners, skin tones, tags."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in (_JOINER, "\u200c")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) == "So" or "\U0001f000" <= character <= "\U0001faff"


def _continues_syllable(previous: str, character: str) -> bool:
    """Whether two Korean letters make one syllable block."""
    if "\u1160" <= character <= "\u11a7":
        return "\u1100" <= previous <= "\u115f" or "\u1160" <= previous <= "\u11a7" or _is_open_syllable(previous)
    if "\u11a8" <= character <= "\u11ff":
        return "\u1160" <= previous <= "\u11ff" or "\uac00" <= previous <= "\ud7a3"
    begins_or_is_whole = "\u1100" <= character <= "\u115f" or "\uac00" <= character <= "\ud7a3"
    return begins_or_is_whole and "\u1100" <= previous <= "\u115f"


def _is_open_syllable(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3" and (ord(character) - 0xAC00) % 28 == 0
