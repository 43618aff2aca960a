"""Takes out of a text what points at a person, and leaves a placeholder, so that nobody thinks the author wrote it so.

Accounts, e-mail addresses, telephone numbers, citizen service numbers, bank accounts, number plates and home
addresses. A file a kind; the words they need are tables. Names of people in plain words stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plein.listening.masking import accounts
from plein.listening.masking.addresses import addresses
from plein.listening.masking.numbers import accounts as bank_accounts
from plein.listening.masking.numbers import citizens
from plein.listening.masking.oldaccounts import old_accounts
from plein.listening.masking.phones import abroad, phones
from plein.listening.masking.plates import plates
from plein.listening.masking.spans import Kind, Span, blanked, replaced
from plein.listening.masking.spoken import is_near, spoken

__all__ = ["Kind", "Span", "find", "mask", "points_at_somebody", "without_placeholders"]

_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(re.escape(kind) for kind in Kind)})\]")
# Most texts are ASCII, where this is quicker than asking for the digits of all scripts.
_DIGIT, _ANY_DIGIT = re.compile(r"[0-9]"), re.compile(r"\d")
# Neither a date nor a link is a number, whatever its digits look like. (What begins with a class is found soonest.)
_DATE = re.compile(r"\d(?<![\d-]\d)(?:\d?([-/.])\d{1,2}\1(?:19|20)\d{2}|(?<=[12])\d{3}([-/])\d{1,2}\2\d{1,2})(?![\d-])")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+")
_CALLS = re.compile(r"wa\.me/|whatsapp|tel:")
Search = Callable[[str], Iterator[Span]]
# In this order: what is longer and has a check in it goes first.
_LONG: tuple[Search, ...] = (bank_accounts, abroad, phones, citizens)
_SHORT: tuple[Search, ...] = (old_accounts, plates, addresses)
# The least that a long number has. Most posts with digits only have a time, a date or a price.
_MANY_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")


def mask(text: str) -> str:
    """Return text with placeholders for what points at a person.

    >>> mask("@jan@plein.example Bel 020 624 1111 of mail jan.bos@post.example!")
    '[account] Bel [tel.] of mail [e-mail]!'
    """
    found, rest = accounts.find(text)
    text = _replaced(text, found) if found else text
    if not (_has_digit(rest) or is_near(rest)):
        return text
    # A placeholder may part or join what stood beside it: until there is nothing left to find.
    while found := list(_numbers(text)):
        text = _replaced(text, found)
    return text


def find(text: str) -> list[Span]:
    """Return what points at a person, in the order of the text.

    >>> [(one.kind.value, one.start, one.end) for one in find("bel 020 624 1111")]
    [('tel.', 4, 16)]
    """
    found, rest = accounts.find(text)
    if _has_digit(rest) or is_near(rest):
        found += _numbers(rest)
    return sorted(found, key=lambda one: one.start)


def without_placeholders(masked: str) -> str:
    """Return masked text with a space for every placeholder: what may be searched."""
    return _PLACEHOLDER.sub(" ", masked) if "[" in masked else masked


def points_at_somebody(text: str) -> bool:
    """Whether what somebody looks for points at a person. An address may be looked for: much of a town is one."""
    return any(one.kind is not Kind.HOME for one in find(text))


def _has_digit(text: str) -> bool:
    return (_DIGIT if text.isascii() else _ANY_DIGIT).search(text) is not None


def _numbers(text: str) -> Iterator[Span]:
    text = blanked(text, (Span(*one.span(), None) for one in _PLACEHOLDER.finditer(text))) if "[" in text else text
    if "://" in text or "www." in text:
        text = blanked(text, (Span(*one.span(), None) for one in _LINK.finditer(text) if not _CALLS.search(one[0])))
    if is_near(text) and (said := list(spoken(text))):
        text = blanked(text, said)
        yield from said
    long = _MANY_DIGITS.search(text)
    if long:
        text = blanked(text, (Span(*one.span(), None) for one in _DATE.finditer(text)))
    for search in _LONG + _SHORT if long else _SHORT:
        if found := list(search(text)):
            text = blanked(text, found)
            yield from (one for one in found if one.kind)


def _replaced(text: str, found: list[Span]) -> str:
    return replaced(text, found, lambda one: f"[{one.kind}]")
