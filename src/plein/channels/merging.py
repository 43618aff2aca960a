"""How something that comes in meets what we hold.

Networks deliver twice, late and in any order. Whatever the order, the same items leave the same
rows behind: the newest text stands, older ones are kept beside it, and a deletion beats
everything, also when it comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from plein.channels.posts import Deleted, Post

# The text of a post that we know only because we sent it: whatever the network shows is newer.
PROVISIONAL = datetime(1970, 1, 1, tzinfo=UTC)
# How long a deletion of something we never held is remembered.
REMEMBER_GONE = timedelta(hours=72)


class Meeting(StrEnum):
    """What an item means, given what we hold."""

    NEW = "new"
    NEWER = "newer"
    OLDER = "older"
    SAME = "same"
    DELETED = "deleted"
    DELETED_UNSEEN = "deleted_unseen"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A text and the moment it came to be. Of two texts of one moment, the order of the words decides."""

    at: datetime
    text: str
    content_warning: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What we have of a post: its newest version, or None where only a tombstone stands."""

    newest: Version | None


def version_of(post: Post) -> Version:
    """Return the version that an item brings."""
    return Version(post.version_at, post.text, post.content_warning)


def meet(item: Post | Deleted, held: Held | None, *, gone: bool = False) -> Meeting:
    """Return what an item means. `gone`: a deletion of this uri is remembered, though we held nothing.

    >>> at = datetime(2026, 3, 3, tzinfo=UTC)
    >>> str(meet(Deleted("memory", "uri", at), None))
    'deleted_unseen'
    """
    if isinstance(item, Deleted):
        if held is None:
            return Meeting.DELETED_UNSEEN
        return Meeting.DELETED if held.newest else Meeting.SAME
    if gone or (held and held.newest is None):
        return Meeting.FORBIDDEN
    if held is None:
        return Meeting.NEW
    incoming = version_of(item)
    if incoming == held.newest:
        return Meeting.SAME
    return Meeting.NEWER if incoming > held.newest else Meeting.OLDER


def is_earlier(version: Version, newest: Version) -> bool:
    """Whether a version is one that residents could read before the newest."""
    return PROVISIONAL < version.at < newest.at


def kept_of(one: Version | None, other: Version) -> Version:
    """Return which of two texts of one moment is kept as the earlier version of that moment."""
    return max(one, other) if one else other


def new_root(uri: str, moved: dict[str, str]) -> str:
    """Return where a thread begins, after threads turned out to be parts of longer ones.

    >>> new_root("c", {"c": "b", "b": "a"})
    'a'
    """
    seen = {uri}
    while (above := moved.get(uri)) and above not in seen:
        seen.add(above)
        uri = above
    return uri
