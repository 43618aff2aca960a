"""Bank accounts from before the IBAN, which people still write: nine or ten digits with an 11-test, and giro numbers without one.

They have so little of their own that the words before them must call them an account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plein.listening.masking.spans import Kind, Span
from plein.listening.masking.words import before, cues

_WORDS = ("rek", "giro", "postbank", "rabo", "abn", "konto", "hesap")
_FOUR_DIGITS = re.compile(r"\d(?:[ .-]?\d){3}")
_BANK = re.compile(r"(?<![\w€])(?<!\d[.,:/-])\d(?:[ .-]?\d){8,9}(?!\w)(?![.,:/-]\d)")
_GIRO = re.compile(r"(?<![\w€.,-])[Pp]?\d(?:[ .]?\d){3,6}(?![\w%€])(?![.,:/-]\d)")
_SIGNS = re.compile(r"[ .-]")
# What may stand between the word for it and the number.
_BETWEEN = frozenset("nr nummer is was mijn mn no van de het oude".split())


def old_accounts(text: str) -> Iterator[Span]:
    """Yield the old bank accounts.

    >>> [text[one.start : one.end] for text in ("rek.nr. 12.34.56.789", "giro 12345") for one in old_accounts(text)]
    ['12.34.56.789', '12345']
    """
    low = text.lower()
    if not any(word in low for word in _WORDS) or not _FOUR_DIGITS.search(text):
        return
    for match in _BANK.finditer(text):
        if _passes(match[0]) and _is_called(text, match.start(), "bank"):
            yield Span(*match.span(), Kind.BANK)
    for match in _GIRO.finditer(text):
        if _is_called(text, match.start(), "giro"):
            yield Span(*match.span(), Kind.BANK)


def _passes(written: str) -> bool:
    """Whether the digits, the last times one, the one before it times two and so on, add up to a multiple of eleven."""
    digits = _SIGNS.sub("", written)
    return digits.strip("0") != "" and sum(int(one) * (len(digits) - at) for at, one in enumerate(digits)) % 11 == 0


def _is_called(text: str, start: int, says: str) -> bool:
    """Whether the nearest word that is more than a filler calls it an account."""
    words = [word for word in before(text, start, 5) if word not in _BETWEEN]
    return bool(words) and words[0] in cues(says)
