"""What was found in a text, and how the next search is kept off it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple


class Kind(StrEnum):
    """What points at a person; the value is the word of its placeholder."""

    ACCOUNT = "account"
    EMAIL = "e-mail"
    PHONE = "tel."
    CITIZEN = "bsn"
    BANK = "rekening"
    PLATE = "kenteken"
    HOME = "adres"


class Span(NamedTuple):
    """A place in a text, from `start` up to `end`; without a kind it only looks like something."""

    start: int
    end: int
    kind: Kind | None


# For private use: no letter, no digit, no space, and nobody types it.
BLANK = "\ue000"


def blanked(text: str, spans: Iterable[Span]) -> str:
    """Return text, as long as it was, without what is found already.

    >>> blanked("bel 112 nu", [Span(4, 7, None)]) == f"bel {BLANK * 3} nu"
    True
    """
    return replaced(text, spans, lambda one: BLANK * (one.end - one.start))


def replaced(text: str, spans: Iterable[Span], by: Callable[[Span], str]) -> str:
    """Return text with something else in the place of every span; spans do not overlap.

    >>> replaced("bel 112 nu", [Span(4, 7, Kind.PHONE)], lambda one: f"[{one.kind}]")
    'bel [tel.] nu'
    """
    parts, at = [], 0
    for one in sorted(spans, key=_start):
        parts += (text[at : one.start], by(one))
        at = one.end
    return "".join((*parts, text[at:])) if parts else text


_start = attrgetter("start")
