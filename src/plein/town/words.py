"""Words as search and matching see them: one spelling for what people write in many."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)


def fold(text: str) -> str:
    """Return text in lower case without accents, in compatibility form.

    >>> fold("Café ＺＯË ß")
    'cafe zoe ss'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """Return the folded words of a text, hashtags without their sign.

    >>> words("De #Sluisbrug is dicht, foto's volgen")
    ['de', 'sluisbrug', 'is', 'dicht', 'fotos', 'volgen']
    """
    return [word.replace("'", "").replace("’", "") for word in _WORD.findall(fold(text))]


def search_line(town: int, *texts: str) -> str:
    """Return the one column that search reads: the town's token, then the words.

    >>> search_line(7, "Zwerfvuil!", "bij de brug")
    'town7 zwerfvuil bij de brug'
    """
    return " ".join([f"town{town}", *(word for text in texts for word in words(text))])
