"""A place in a list whose newest entries stand on top, but not always.

Some networks sort by the moment that an author claims, so that a late entry turns up below
those we had. Every look therefore begins at the top, goes on until some minutes before the
newest entry of the last look (now and then: a day), and remembers what it saw. What was seen in
another version has changed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from plein.channels.lexicon import moment

# How far back every look goes, and how far the deep one, in seconds.
SHALLOW = 600.0
DEEP = 86_400.0
DEEP_EVERY = 600.0
# Pages that a look reads when nothing on them is new, and how many entries we remember.
MAX_PAGES = 10
KEEP = 1000


class Key(msgspec.Struct, gc=False):
    """The little of an entry by which we know whether we have had it; `at` is ISO 8601, in UTC."""

    uri: str
    cid: str
    at: str = msgspec.field(name="indexedAt", default="")


class Place(msgspec.Struct, omit_defaults=True):
    """Where we are; written down as the cursor.

    `at` is the newest moment of the last complete look and `seen` what we remember (uri to
    version, both as digests). During a look over several pages, `page` is the next one, `back`
    how far this look goes, and `fresh` and `top` become `seen` and `at` at its end.
    """

    at: str = ""
    seen: dict[str, str] = {}
    deep_at: float = 0.0
    page: str = ""
    pages: int = 0
    back: float = 0.0
    fresh: dict[str, str] = {}
    top: str = ""


class New(msgspec.Struct):
    """An entry, by its index on the page, that we did not have in this version."""

    index: int
    changed: bool


def read(place: Place | None, page: Sequence[Key], following: str, now: float) -> tuple[list[New], Place]:
    """Return what is new on a page, and the place behind it; `following` leads to the next page.

    `place` is None on the very first look: that one reads a single page. While the place that
    comes back has a `page`, the look is not complete.

    >>> first = [Key("at://a", "1", "2026-03-03T10:00:00Z")]
    >>> found, place = read(None, first, "", 0.0)
    >>> read(place, [Key("at://a", "2", "2026-03-03T10:00:00Z")], "", 3.0)[0]
    [New(index=0, changed=True)]
    """
    before = place or Place(deep_at=now)
    back = before.back or (DEEP if now - before.deep_at >= DEEP_EVERY else SHALLOW)
    fresh, new = dict(before.fresh), []
    for index, key in enumerate(page):
        name, version = _digest(key.uri), _digest(key.cid)
        if version not in (before.seen.get(name), fresh.get(name)):
            new.append(New(index, name in before.seen))
        fresh[name] = version
    top = max([before.top, *(key.at for key in page)])
    if place is None or not following or _far_enough(before, page, back, bool(new)):
        deep_at = now if back == DEEP else before.deep_at
        return new, Place(at=max(before.at, top), seen=_newest(fresh, before.seen), deep_at=deep_at)
    onward = Place(before.at, before.seen, before.deep_at, following, before.pages + 1, back, fresh, top)
    return new, onward


def _far_enough(place: Place, page: Sequence[Key], back: float, news: bool) -> bool:
    """Whether everything below this page was read before."""
    last, here = moment(place.at), moment(page[-1].at) if page else None
    if last is None or here is None:
        return False
    behind = (last - here).total_seconds()
    return behind > back or (behind > 0 and not news and place.pages + 1 >= MAX_PAGES)


def _newest(fresh: dict[str, str], seen: dict[str, str]) -> dict[str, str]:
    return dict(list((fresh | {name: seen[name] for name in seen.keys() - fresh.keys()}).items())[:KEEP])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
