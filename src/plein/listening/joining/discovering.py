"""To which places of conversation a message belongs, judged by the message itself and by the source that brought it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from plein.listening.persons.glued import falls_apart
from plein.listening.persons.lists import listed


class PlaceKind(StrEnum):
    """What kind of place it is where people talk."""

    THREAD = "thread"
    HASHTAG = "hashtag"
    FEED = "feed"
    COMMUNITY = "community"
    ACCOUNT = "account"
    FORUM = "forum"


# Sources that are a place of their own. A stream of everything, or a search through it, is none.
KIND_OF_SOURCE = {
    "feed": PlaceKind.FEED,
    "comments": PlaceKind.FEED,
    "community": PlaceKind.COMMUNITY,
    "account": PlaceKind.ACCOUNT,
    "forum": PlaceKind.FORUM,
}
# A message with more hashtags than this is advertising, and is in none of those places.
MOST_TAGS = 6


class Spot(NamedTuple):
    """A place as it is known: its kind, and what tells it from others of that kind on the same network."""

    kind: PlaceKind
    key: str


def spots(thread: str, tags: str, source: int | None = None, source_kind: str = "") -> Iterator[Spot]:
    """Yield the places of a message: its thread (a keyed hash), its hashtags, and its source where that is a place.

    A hashtag that is the name of a person is no place: people are not followed that way either.

    >>> [one.key for one in spots("ab12", "janjansen sluisbrug")]
    ['ab12', 'sluisbrug']
    """
    if thread:
        yield Spot(PlaceKind.THREAD, thread)
    named = tags.split()
    for tag in named if len(named) <= MOST_TAGS else ():
        if not is_person(tag):
            yield Spot(PlaceKind.HASHTAG, tag)
    if source is not None and source_kind in KIND_OF_SOURCE:
        yield Spot(KIND_OF_SOURCE[source_kind], str(source))


def is_person(tag: str) -> bool:
    """Whether a hashtag is the name of a person: a first name alone, or with a surname behind it.

    >>> is_person("jandevries"), is_person("jandevriesbrug"), is_person("vaartkade")
    (True, False, False)
    """
    return tag in listed("first_names") or falls_apart(tag)
