"""How somebody shows that an account is theirs: with a code sent from it, never with an identity document.

An officer makes a code; the resident sends it from the account to one of the town's channels. It counts once,
for seven days. Handwork on both sides of the network leaves its traces: small letters, spaces, other dashes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(days=7)
# Without what people take for each other on paper and over the phone: 0 and O, 1, I and L.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
# There a colleague, or another system, says who wrote: that is no proof.
UNPROVEN = frozenset({"manual", "webhook", "feed", "page"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom a code is expected: an account on a network, and until when."""

    network: str
    handle: str
    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What arrived at one of our channels. `ours`: we wrote it ourselves."""

    network: str
    handle: str
    text: str
    arrived_at: datetime
    ours: bool = False


def new_code(draw: Callable[[Sequence[str]], str]) -> str:
    """Return a code of eight signs, each drawn by `draw` (such as `secrets.choice`).

    >>> new_code(lambda signs: signs[0])
    '2222-2222'
    """
    signs = "".join(draw(SIGNS) for _ in range(LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def proves(asked: Asked, sent: Sent) -> bool:
    """Whether what arrived shows that the account belongs to who asked.

    >>> from datetime import UTC
    >>> asked = Asked("memory", "joke", "7KQ4-M2XD", datetime(2026, 3, 10, tzinfo=UTC))
    >>> at = datetime(2026, 3, 4, tzinfo=UTC)
    >>> proves(asked, Sent("memory", "@Joke", "Mijn code: 7kq4 m2xd", at))
    True
    >>> proves(asked, Sent("memory", "piet", "Mijn code: 7kq4 m2xd", at))
    False
    """
    return (
        bool(squeezed(asked.code))
        and not sent.ours
        and sent.network == asked.network
        and sent.network not in UNPROVEN
        and same_handle(sent.handle, asked.handle)
        and sent.arrived_at < asked.until
        and squeezed(asked.code) in squeezed(sent.text)
    )


def bare(handle: str) -> str:
    """Return an account as it is compared.

    >>> bare(" @Joke@Plein.example ")
    'joke@plein.example'
    """
    return unicodedata.normalize("NFKC", handle).strip().lstrip("@").casefold()


def same_handle(one: str, other: str) -> bool:
    """Whether two ways of writing mean the same account."""
    return bare(one) == bare(other)


def squeezed(text: str) -> str:
    """Return the letters and figures of a text, as a code is looked for.

    >>> squeezed("7kq4 – m2xd!")
    '7KQ4M2XD'
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).upper()
