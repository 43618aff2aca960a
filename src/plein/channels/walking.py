"""Reading a list that only grows at the top, without missing a line.

A list is walked back from its newest entry to the newest of the walk before, one page a call. Of
a server that needs only that it can go on below an entry. Stopping anywhere loses nothing: the
cursor says where the walk is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from plein.channels.posts import Post, Unreadable

# Every so many looks the newest page is read again whole: edits show there, and whatever a server
# gave a number before it gave it to us.
WHOLE_LOOK = 8
# What a first look brings, and how far back a whole look goes.
RECENT = timedelta(hours=48)
# The newest entry of a list that had none: everything comes after it.
NOTHING = "0"


class Place(msgspec.Struct, omit_defaults=True):
    """Where we are in a list that is read from the newest back: the cursor, as JSON.

    `seen` is the newest entry of the last walk. While a walk goes on, `top` is its newest and
    `below` its oldest so far: stopping in between loses nothing.
    """

    seen: str = ""
    top: str = ""
    below: str = ""
    round: int = 0
    pages: int = 0
    edited: datetime | None = None

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

    def moved(self, known: str) -> Place:
        """Return the place after an entry that was told of by itself."""
        return msgspec.structs.replace(self, seen=known) if later(known, self.seen) else self

    def beaten(self) -> Place:
        """Return the place after a sign of life."""
        return msgspec.structs.replace(self, round=self.round + 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: its id in that list, and what it brought (nothing: not for us)."""

    id: str
    item: Post | Unreadable | None


def later(one: str, other: str) -> bool:
    """Whether an id came after another: a longer number is a higher one.

    >>> later("100", "99"), later("01HB", "01HA")
    (True, True)
    """
    return (len(one), one) > (len(other), other)


def wanted(entry: Entry, place: Place, whole: bool, now: datetime) -> bool:
    """Whether an entry is news: not seen yet, edited since, or recent when we look at everything again."""
    post = entry.item
    recent = isinstance(post, Unreadable) or now - post.version_at < RECENT
    if not place.seen and not place.top:
        return recent
    edited = isinstance(post, Post) and post.edited_at and (not place.edited or post.edited_at > place.edited)
    return later(entry.id, place.seen) or bool(edited and recent) or (whole and recent)


def step(place: Place, entries: Sequence[Entry], page: int, most_pages: int | None) -> tuple[Place, str]:
    """Return where to go on from after a page, and what may have been missed."""
    ids = [entry.id for entry in entries if entry.id]
    edits = [entry.item.edited_at for entry in entries if isinstance(entry.item, Post) and entry.item.edited_at]
    edited = max([*edits, *([place.edited] if place.edited else [])], default=None)
    top = max([place.top or place.seen, *ids], key=lambda known: (len(known), known))
    arrived = Place(seen=top or NOTHING, round=place.round + 1, edited=edited)
    fresh = [known for known in ids if later(known, place.seen) and (not place.below or later(place.below, known))]
    # The first look ever takes one page; a page without news ends the walk.
    if not place.seen or not fresh or len(fresh) < len(ids):
        return arrived, ""
    if most_pages and place.pages + 1 >= most_pages:
        return arrived, f"More was posted than {most_pages * page} posts since the last look; the oldest were not read."
    below = min(fresh, key=lambda known: (len(known), known))
    return Place(place.seen, top, below, place.round, place.pages + 1, edited), ""
