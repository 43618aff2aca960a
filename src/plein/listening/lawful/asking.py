"""Who may approve a watch, and which changes ask for approval again."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

# What is no longer what was approved when it changes. A name may change, and an end may come sooner.
ASK_AGAIN = ("query", "purpose_code", "purpose", "legal_ground", "article")


def asks_again(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Return which changes have to be approved; none when the approval still holds.

    >>> asks_again({"query": "brug", "name": "Brug"}, {"query": "brug", "name": "De brug"})
    ()
    """
    changed = [name for name in ASK_AGAIN if before.get(name) != after.get(name)]
    later = [name for name in ("ends_at",) if name in before and name in after and after[name] > before[name]]
    return (*changed, *later)


def mailbox(address: str) -> str:
    """Return an e-mail address as it is compared: without capitals, look-alike forms, or a part after a plus.

    >>> mailbox(" Sanne+akkoord@Waterdam.example")
    'sanne@waterdam.example'
    """
    name, _at, host = unicodedata.normalize("NFKC", address).strip().casefold().partition("@")
    return f"{name.partition('+')[0]}@{host}"


def is_too_near(approver: str, involved: Collection[str]) -> bool:
    """Whether who should approve is the maker or the owner: nobody approves a watch of their own."""
    return mailbox(approver) in {mailbox(one) for one in involved if one}


def is_officer(address: str, officers: Collection[str]) -> bool:
    """Whether somebody advises on watches, and therefore neither owns nor approves one."""
    return mailbox(address) in {mailbox(one) for one in officers}
