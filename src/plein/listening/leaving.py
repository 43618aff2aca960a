"""What may leave Plein about residents, and in which form.

An export says for which purpose it was made and carries a mark that ties it to its content; for looking after
fraud, enforcing or investigating none is made (there is no such purpose to choose). Whoever is quoted can be
found back with a search engine: reports leave quotes out, and what is quoted on purpose is masked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum

from plein.listening import masking
from plein.listening.masking.spans import Span


class Purpose(StrEnum):
    """For what words of residents may leave."""

    OWN_DATA = "own_data"
    OPEN_GOVERNMENT = "open_government"
    ARCHIVE = "archive"


class NotAllowed(ValueError):
    """An export for a purpose for which none is made."""


def may_leave(purpose: str) -> bool:
    """Whether an export is made for a purpose.

    >>> may_leave("own_data"), may_leave("fraud")
    (True, False)
    """
    return purpose in set(Purpose)


def marked(content: Mapping[str, object], purpose: str, seal: Callable[[str], str]) -> dict[str, object]:
    """Return an export with its purpose and its watermark; `seal` makes a keyed hash. Raises NotAllowed.

    >>> marked({"posts": []}, "own_data", lambda text: "abc")["watermark"]
    'abc'
    """
    if not may_leave(purpose):
        raise NotAllowed(purpose)
    named = {"purpose": str(purpose), **content}
    return {"purpose": named["purpose"], "watermark": seal(as_sealed(named)), **content}


def is_genuine(export: Mapping[str, object], seal: Callable[[str], str]) -> bool:
    """Whether an export is as it left: same purpose, same content."""
    named = {name: value for name, value in export.items() if name != "watermark"}
    return seal(as_sealed(named)) == export.get("watermark")


def as_sealed(export: Mapping[str, object]) -> str:
    """Return the one text of an export that its mark is made of."""
    return json.dumps(export, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hidden(text: str) -> list[Span]:
    """Return what of a text stays inside: accounts, numbers and addresses that point at somebody."""
    return masking.find(text)


def outside(text: str) -> str:
    """Return a text as it may leave.

    >>> outside("Bel @jan op 020 624 1111")
    'Bel [account] op [tel.]'
    """
    return masking.mask(text) if hidden(text) else text


def may_quote(chosen: bool) -> bool:
    """Whether words of residents stand in a report: only where somebody chose so."""
    return chosen


def quote(text: str, *, chosen: bool = False) -> str:
    """Return a quote for a report: nothing by default, masked where somebody chose to quote.

    >>> quote("Bel 020 624 1111"), quote("Bel 020 624 1111", chosen=True)
    ('', 'Bel [tel.]')
    """
    return outside(text) if may_quote(chosen) else ""
