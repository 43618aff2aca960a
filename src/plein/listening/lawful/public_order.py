"""Listening for public order (R16): with a mandate of the mayor, undirected, for days, and never for persons.

Article 172 of the Gemeentewet carries, with restraint, a picture of what goes on where there is no concrete lead;
nothing that is aimed at somebody. A hashtag or an address is where a group meets: asking for it is aiming.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from plein.listening.query.errors import QueryError
from plein.listening.query.parsing import parse
from plein.listening.query.tree import And, Filter, Node, Or, Place, Tag, walk

LONGEST = timedelta(days=7)


class Bar(StrEnum):
    """What stands in the way."""

    NO_MANDATE = "no_mandate"
    TOO_LONG = "public_order_too_long"
    DIRECTED = "directed"
    NO_ADVICE = "no_advice"


@dataclass(frozen=True, slots=True)
class Mandate:
    """What the mayor signed: until which day, the day itself included."""

    until: date
    withdrawn: bool = False

    def stands(self, today: date) -> bool:
        """Whether it holds today."""
        return not self.withdrawn and today <= self.until


def bars(query: str, ends_at: datetime | None, now: datetime, mandate: Mandate | None) -> tuple[Bar, ...]:
    """Return what keeps a watch for public order from being asked for."""
    return tuple(_bars(query, ends_at, now, mandate))


def _bars(query: str, ends_at: datetime | None, now: datetime, mandate: Mandate | None) -> Iterator[Bar]:
    if mandate is None or not mandate.stands(now.date()):
        yield Bar.NO_MANDATE
    if ends_at is None or ends_at > now + LONGEST + timedelta(days=1) or _outlives(ends_at, mandate):
        yield Bar.TOO_LONG
    if not is_undirected(query):
        yield Bar.DIRECTED


def _outlives(ends_at: datetime, mandate: Mandate | None) -> bool:
    return mandate is not None and ends_at.date() > mandate.until + timedelta(days=1)


def bars_to_approval(mandated: bool, advised: bool) -> tuple[Bar, ...]:
    """Return what keeps it from being approved: the mandate, and the advice of the data protection officer."""
    return tuple(bar for bar, there in ((Bar.NO_MANDATE, mandated), (Bar.NO_ADVICE, advised)) if not there)


def is_undirected(query: str) -> bool:
    """Whether a query asks what goes on in a place, and not where some group meets.

    >>> is_undirected("place:Best AND onrust"), is_undirected("place:Best AND #opstaan"), is_undirected("onrust")
    (True, False, False)
    """
    try:
        tree = parse(query)
    except QueryError:
        return False
    aimed = any(isinstance(one, Tag) or (isinstance(one, Filter) and one.name in ("link", "tag")) for one in walk(tree))
    return not aimed and _is_about_a_place(tree)


def _is_about_a_place(tree: Node) -> bool:
    match tree:
        case And(parts):
            return any(map(_is_about_a_place, parts))
        case Or(parts):
            return all(map(_is_about_a_place, parts))
    return isinstance(tree, Place)
