"""What a site offers to whoever pastes its address: its feeds, or else the page itself, to be watched.

Only what the page links to is looked at; nothing is guessed. Each feed is read once, so that its
name and its newest message can be shown before somebody chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plein.channels import feed, page
from plein.channels.answers import Answer
from plein.channels.contract import Account
from plein.channels.errors import ChannelError
from plein.channels.pages import FeedLink, page_from
from plein.town.door import Door

# So many feeds of one page are read to see what is in them.
MOST_FEEDS = 6


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that can be read, as it calls itself."""

    title: str
    address: str
    messages: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Site:
    """What stands at an address. `why_not_watched` is empty when its changes may be followed."""

    title: str
    address: str
    feeds: tuple[FoundFeed, ...] = ()
    is_page: bool = False
    why_not_watched: str = ""


def whole(typed: str) -> str:
    """Return an address as somebody types it, with how to get there.

    >>> whole(" www.waterdam.example/nieuws "), whole("http://w.example")
    ('https://www.waterdam.example/nieuws', 'http://w.example')
    """
    typed = typed.strip()
    return typed if "://" in typed else f"https://{typed}"


def explore(typed: str, door: Door) -> Site:
    """Return what stands at an address. Raises ChannelError when nothing can be found out."""
    reader = feed.connect(Account("feed"), door)
    answer, _, at = reader.fetch(whole(typed), {})
    if itself := _feed_in(answer, at):
        return Site(itself.title or at, at, (itself,))
    read = page_from(answer.body, at, answer.headers.get("content-type", ""))
    feeds = tuple(found for link in read.feeds[:MOST_FEEDS] if (found := _tried(reader, link)))
    unique = {one.address: one for one in reversed(feeds)}
    return Site(read.title or at, at, tuple(reversed(unique.values())), True, _why_not_watched(answer, at, door))


def _tried(reader: feed.Client, link: FeedLink) -> FoundFeed | None:
    """Return a feed that a page names, if it is one."""
    try:
        answer, _, at = reader.fetch(link.address, {})
    except ChannelError:
        return None
    return _feed_in(answer, at, link.title)


def _feed_in(answer: Answer, at: str, called: str = "") -> FoundFeed | None:
    try:
        read = feed.read_answer(answer, at)
    except ValueError:
        return None
    newest = max((post.version_at for post in read.posts), default=None)
    return FoundFeed(read.title or called or at, at, len(read.posts), newest)


def _why_not_watched(answer: Answer, at: str, door: Door) -> str:
    try:
        page.must_be_page(answer)
        page.connect(Account(page.NETWORK_CODE), door).must_be_welcome(at)
    except ChannelError as error:
        return error.words
    return ""
