"""Reading a list that only grows at the top, without missing a line.

A list is walked back from its newest entry to the newest of the walk before, one page a call. Of
a server that needs only that it can go on below an entry. Stopping anywhere loses nothing: the
cursor says where the walk is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from plein.channels.posts import Post, Unreadable
from plein.town.saying import own

# Every so many looks the newest page is read again whole: edits show there, and whatever a server
# gave a number before it gave it to us.
WHOLE_LOOK = 8
# What a first look brings, and how far back a whole look goes.
RECENT = timedelta(hours=48)
# The newest entry of a list that had none: everything comes after it.
NOTHING = "0"
# How many entries we remember: two pages.
REMEMBERED = 80


class Place(msgspec.Struct, omit_defaults=True):
    """Where we are in a list that is read from the newest back: the cursor, as JSON.

    `seen` is the newest entry of the last walk. While a walk goes on, `top` is its newest and
    `below` its oldest so far. `known` holds the newest entries that we had, with the moment of
    their last edit (seconds since 1970; 0: never), so that each version of each is told once.
    """

    seen: str = ""
    top: str = ""
    below: str = ""
    round: int = 0
    pages: int = 0
    known: dict[str, int] = {}

    @classmethod
    def read(cls, cursor: str | None) -> Place:
        """Return where a cursor says we are."""
        return msgspec.json.decode(cursor, type=cls) if cursor else cls()

    def written(self) -> str:
        """Return the cursor."""
        return msgspec.json.encode(self).decode()

    @property
    def looks_whole(self) -> bool:
        """Whether the newest page is read again from the top, whatever was seen of it."""
        return not self.below and self.round % WHOLE_LOOK == 0

    def after(self, entry: Entry) -> Place:
        """Return the place after an entry that was told of by itself."""
        seen = entry.id if later(entry.id, self.seen) else self.seen
        return msgspec.structs.replace(self, seen=seen, known=_known(self, [entry]))

    def beaten(self) -> Place:
        """Return the place after a sign of life."""
        return msgspec.structs.replace(self, round=self.round + 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: its id in that list, and what it brought (nothing: not for us)."""

    id: str
    item: Post | Unreadable | None

    @property
    def name(self) -> str:
        """Return what we remember it by, also when it has no id that can be read."""
        if self.id or not isinstance(self.item, Unreadable):
            return self.id
        return f"?{hashlib.sha256(self.item.raw).hexdigest()[:12]}"

    @property
    def version(self) -> int:
        """Return when it was last edited, in seconds since 1970 (0: never)."""
        edited = self.item.edited_at if isinstance(self.item, Post) else None
        return int(edited.timestamp()) if edited else 0


def later(one: str, other: str) -> bool:
    """Whether an id came after another: a longer number is a higher one.

    >>> later("100", "99"), later("01HB", "01HA")
    (True, True)
    """
    return (len(one), one) > (len(other), other)


def is_news(entry: Entry, place: Place, now: datetime) -> bool:
    """Whether we were not told of this version of an entry.

    An entry below `seen` that we do not know was given its number before it was given to us; what
    is older than RECENT was there before our first look.
    """
    if entry.name in place.known:
        return place.known[entry.name] != entry.version
    recent = not isinstance(entry.item, Post) or now - entry.item.version_at < RECENT
    return recent or (bool(place.seen) and later(entry.id, place.seen))


def step(place: Place, entries: Sequence[Entry], page: int, most_pages: int | None) -> tuple[Place, str]:
    """Return where to go on from after a page, and what may have been missed."""
    ids = [entry.id for entry in entries if entry.id]
    known = _known(place, entries)
    top = max([place.top or place.seen, *ids], key=_order)
    arrived = Place(seen=top or NOTHING, round=place.round + 1, known=known)
    fresh = [one for one in ids if later(one, place.seen) and (not place.below or later(place.below, one))]
    # The first look ever takes one page; a page without news ends the walk.
    if not place.seen or not fresh or len(fresh) < len(ids):
        return arrived, ""
    if most_pages and place.pages + 1 >= most_pages:
        return arrived, own(
            "More was posted than {0} posts since the last look; the oldest were not read.", most_pages * page
        )
    return Place(place.seen, top, min(fresh, key=_order), place.round, place.pages + 1, known), ""


def _known(place: Place, entries: Sequence[Entry]) -> dict[str, int]:
    """Return what we remember after some entries: the newest."""
    known = place.known | {entry.name: entry.version for entry in entries}
    return {name: known[name] for name in sorted(known, key=_order, reverse=True)[:REMEMBERED]}


def _order(known: str) -> tuple[int, str]:
    return len(known), known
