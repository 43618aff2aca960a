"""Words as search and matching see them: one spelling for what people write in many."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache, lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
# Unicode has no combining marks above; looking through all of it would cost every start a third of a second.
_LAST_PLANE_WITH_MARKS = 0x20000
_COLOURS = "\ufe00-\ufe0f\U0001f3fb-\U0001f3ff"


def fold(text: str) -> str:
    """Return text in lower case without accents, in compatibility form.

    What only colours an emoji (its style, a tone of skin) goes the way of accents. Every character
    is folded by itself, whatever stands beside it, so that others may keep a table of them. Only
    what lies outside ASCII needs the tables of Unicode.

    >>> fold("Café ＺＯË ß 𝓢𝓵𝓾𝓲𝓼")
    'cafe zoe ss sluis'
    """
    if text.isascii():
        return text.lower()
    return _FOREIGN.sub(lambda run: _fold_run(run[0]), text).lower()


def fold_to_bytes(text: str) -> bytes:
    """Return `fold(text)` in UTF-8. Three times as fast on long texts.

    The ASCII encoder finds the runs beyond ASCII in C and hands each to our error handler.
    Lone surrogates come out as they went in (`surrogatepass`).
    """
    return text.encode("ascii", "plein.fold").lower()


@cache
def _marks() -> re.Pattern[str]:
    found = (chr(code) for code in range(0x300, _LAST_PLANE_WITH_MARKS) if unicodedata.combining(chr(code)))
    return re.compile(f"[{''.join(found)}{_COLOURS}]")


def _fold_slowly(text: str) -> str:
    """Fold twice decomposed: decomposing brings forth capitals (𝓢), and folding accents (ΐ) and capitals (Ꭰ)."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _marks().sub("", decomposed).lower()


@lru_cache(maxsize=16_384)
def _fold_short_run(run: str) -> tuple[str, bytes]:
    folded = _fold_slowly(run)
    return folded, folded.encode("utf-8", "surrogatepass")


def _fold_run(run: str) -> str:
    return _fold_short_run(run)[0] if len(run) < 8 else _fold_slowly(run)


def _fold_for_encoder(error: UnicodeEncodeError) -> tuple[bytes, int]:
    run = error.object[error.start : error.end]
    if len(run) < 8:
        return _fold_short_run(run)[1], error.end
    return _fold_slowly(run).encode("utf-8", "surrogatepass"), error.end


codecs.register_error("plein.fold", _fold_for_encoder)


def words(text: str) -> list[str]:
    """Return the folded words of a text, hashtags without their sign.

    >>> words("De #Sluisbrug is dicht, foto's volgen")
    ['de', 'sluisbrug', 'is', 'dicht', 'fotos', 'volgen']
    """
    folded = fold(text)
    found = (_ASCII_WORD if folded.isascii() else _WORD).findall(folded)
    if "'" in folded or "’" in folded:
        return [word.replace("'", "").replace("’", "") for word in found]
    return found


def search_line(town: int, *texts: str) -> str:
    """Return the one column that search reads: the town's token, then the words.

    >>> search_line(7, "Zwerfvuil!", "bij de brug")
    'town7 zwerfvuil bij de brug'
    """
    return " ".join([f"town{town}", *(word for text in texts for word in words(text))])
