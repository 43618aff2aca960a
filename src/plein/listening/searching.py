"""Searching beside a stream: for what, and from when on.

A search looks back: once for a new watch, and again while the stream of the network is away. It is a
fallback and says what it cannot: a network may stop before it has shown everything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from plein.listening.meaning import meant
from plein.listening.needs import needed
from plein.listening.query.tree import Node

# How far back a new watch looks.
BACK = timedelta(days=7)
# A stream that was not heard for so long is away; then so often is searched instead, with some overlap.
AWAY = timedelta(minutes=10)
EVERY = timedelta(minutes=15)
OVERLAP = timedelta(minutes=10)
# A watch of more terms than this asks too much of a network's search.
MOST_TERMS = 12


def terms_of(tree: Node) -> tuple[str, ...] | None:
    """Return what to search for, so that every match holds one of it; None where a search cannot find it.

    `tree` holds no places any more, but their names. A word that is only begun cannot be searched for.

    >>> from plein.listening.query.parsing import parse
    >>> terms_of(parse('"brug dicht" OR #sluisbrug')), terms_of(parse("brug*"))
    (('"brug dicht"', '#sluisbrug'), None)
    """
    found = needed(meant(tree))
    if not found or len(found) > MOST_TERMS or any(term.open_ended for term in found):
        return None
    return tuple(dict.fromkeys(_as_typed(term.words, tag=term.tag) for term in found))


def _as_typed(words: tuple[str, ...], *, tag: bool) -> str:
    if tag:
        return f"#{words[0]}"
    return f'"{" ".join(words)}"' if len(words) > 1 else words[0]


def search_from(reached: datetime | None, stream_heard_at: datetime | None, now: datetime) -> datetime | None:
    """Return from which moment on to search now; None when there is no need.

    `reached` is until when was searched (None: never), `stream_heard_at` when the stream last brought anything.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    >>> search_from(None, noon, noon) == noon - BACK, search_from(noon - EVERY, noon, noon)
    (True, None)
    """
    if reached is None:
        return now - BACK
    if stream_heard_at is not None and now - stream_heard_at < AWAY:
        return None
    return reached - OVERLAP if now - reached >= EVERY else None
