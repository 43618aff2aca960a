"""Citizen service numbers and bank accounts: numbers with a check in them.

Of nine digits one in eleven passes the check of the citizen service number by chance, so the words
beside it have a say as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plein.listening.masking.spans import Kind, Span
from plein.listening.masking.words import after, before, cues, is_of_a_file

_NINE = re.compile(
    r"(?:(?<![\w€])|(?<=[bB][sS][nN]))(?<!\d[.,:/-])(?<!€ )(?<![A-Z]-)"
    r"(?:\d{9}|\d{4}([ .-])\d{2}\1\d{3}|\d{3}([ .-])\d{3}\2\d{3})(?!\w)(?![.,:/-]\d)(?! \d{3}(?!\d))"
)
# Grouped as no form does it, or without the nought it begins with: only where the words call it a citizen service number.
_CALLED = re.compile(r"(?<![\w€])(?<!\d[.,:/-])\d(?:[ .-]?\d){7,8}(?!\w)(?![.,:/-]\d)(?! \d)")
_ACCOUNT = re.compile(r"(?:(?<![^\W_])|(?<=[Ii][Bb][Aa][Nn]))[A-Za-z]{2} ?\d{2}(?:[ .-]?[A-Za-z0-9]){11,32}")
_LIKE_DUTCH = re.compile(r"(?i)NL ?\d{2}[ .-]?[a-z]{4}(?:[ .-]?\d){1,10}")
_NAMES = ("bsn", "sofi", "burgers")
_SIGNS = re.compile(r"[ .-]")
_SHORTEST, _LONGEST = 15, 34


def citizens(text: str) -> Iterator[Span]:
    """Yield the citizen service numbers: nine digits that pass the 11-test, unless the words say something else."""
    ends = -1
    for match in _NINE.finditer(text):
        if _is_citizen(text, match):
            ends = match.end()
            yield Span(*match.span(), Kind.CITIZEN)
    low = text.lower() if ends < 0 else ""
    if any(word in low for word in _NAMES):
        yield from (Span(*match.span(), Kind.CITIZEN) for match in _CALLED.finditer(text) if _is_called(text, match))


def _is_called(text: str, match: re.Match[str]) -> bool:
    from stdnum.nl import bsn

    valid = bsn.is_valid(_SIGNS.sub("", match[0]).zfill(9))
    return valid and any(word in cues("citizen") for word in before(text, match.start(), 3))


def _is_citizen(text: str, match: re.Match[str]) -> bool:
    from stdnum.nl import bsn

    if not bsn.is_valid(_SIGNS.sub("", match[0])):
        return False
    near = before(text, match.start(), 3)
    if any(word in cues("citizen") for word in near):
        return True
    follows = after(text, match.end(), 1)
    counted = (
        follows
        and text[match.end() : match.end() + 1] == " "
        and (follows[0] in cues("amount") or follows[0] in cues("money"))
    )
    return not counted and near[:1] not in (["€"], ["eur"]) and not is_of_a_file(text, *match.span(), far=6)


def accounts(text: str) -> Iterator[Span]:
    """Yield the bank accounts (IBAN) that pass mod 97. What only looks like a Dutch one comes without a kind."""
    at = 0
    while match := _ACCOUNT.search(text, at):
        at = match.start() + 2
        if end := _end_of_account(text, match):
            at = end
            yield Span(match.start(), end, Kind.BANK)
        elif like := _LIKE_DUTCH.match(text, match.start()):
            at = like.end()
            yield Span(*like.span(), None)


def _end_of_account(text: str, match: re.Match[str]) -> int:
    """Return where the account ends: the words after it match as well."""
    from stdnum import iban

    kept, ends = "", 0
    for at in range(match.start(), match.end()):
        if not text[at].isalnum():
            continue
        kept += text[at]
        closed = not text[at + 1 : at + 2].isalnum()
        if closed and _SHORTEST <= len(kept) <= _LONGEST and iban.is_valid(kept, check_country=False):
            ends = at + 1
    return ends
