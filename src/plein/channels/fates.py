"""What became of posts that were overheard: do they still stand, and may we still have them? Asked as a stranger, without an account.

Doubt is "unknown" and changes nothing; a page that is not there (404, 410) counts as deleted also when its server
merely lost it. To forget a text too soon harms nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import httpx
import msgspec

from plein.channels.answers import send
from plein.channels.bluesky import PostView
from plein.channels.errors import ChannelError
from plein.channels.lexicon import SIGNED_IN_ONLY
from plein.channels.posts import Deleted
from plein.channels.reading import NOT_READABLE
from plein.channels.square import Square
from plein.town.door import Door

APPVIEW = "https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts"
# As many as the AppView takes in one question.
AT_ONCE = 25
DOCUMENT = "application/activity+json, text/html;q=0.5"


class Fate(StrEnum):
    """What became of a post."""

    STANDS = "stands"
    GONE = "gone"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


class _Shown(msgspec.Struct):
    posts: list[PostView] = []


class _Document(msgspec.Struct):
    type: str | list[str] = ""


def fates(network: str, uris: Sequence[str], door: Door, settings: Mapping[str, str]) -> dict[str, Fate]:
    """Return what became of some posts of one network; what could not be asked is unknown."""
    if network == "memory":
        return {uri: _on_square(settings.get("address", ""), uri) for uri in uris}
    with door.client(headers={"accept": DOCUMENT}) as http:
        if network == "bluesky":
            return dict(_on_bluesky(http, list(uris)))
        return {uri: _on_a_page(http, uri) for uri in uris}


def _on_square(address: str, uri: str) -> Fate:
    if not address:
        return Fate.UNKNOWN
    found = Square.at(address).get(uri)
    if found is None:
        return Fate.UNKNOWN
    return Fate.GONE if isinstance(found, Deleted) else Fate.STANDS


def _on_bluesky(http: httpx.Client, uris: list[str]) -> Iterator[tuple[str, Fate]]:
    for start in range(0, len(uris), AT_ONCE):
        part = uris[start : start + AT_ONCE]
        shown = _shown(http, part)
        for uri in part:
            yield uri, Fate.UNKNOWN if shown is None else _fate(shown.get(uri))


def _shown(http: httpx.Client, uris: list[str]) -> dict[str, PostView] | None:
    """Return the posts that the network shows; None when it did not answer as it should."""
    try:
        answer = send(http, "GET", APPVIEW, params=[("uris", uri) for uri in uris])
        if answer.status != 200:
            return None
        return {post.uri: post for post in answer.json(_Shown).posts}
    except (ChannelError, httpx.HTTPError, *NOT_READABLE):
        return None


def _fate(post: PostView | None) -> Fate:
    if post is None:
        return Fate.GONE
    labels = {label.val for label in (*post.author.labels, *post.labels) if not label.neg}
    return Fate.HIDDEN if SIGNED_IN_ONLY in labels else Fate.STANDS


def _on_a_page(http: httpx.Client, uri: str) -> Fate:
    """Return what the address of a post itself says: a fediverse server shows a tombstone, or nothing."""
    if not uri.startswith(("https://", "http://")):
        return Fate.UNKNOWN
    try:
        answer = send(http, "GET", uri)
    except (ChannelError, httpx.HTTPError):
        return Fate.UNKNOWN
    if answer.status in (404, 410):
        return Fate.GONE
    if answer.status != 200:
        return Fate.UNKNOWN
    return Fate.GONE if "Tombstone" in _types(answer.body) else Fate.STANDS


def _types(body: bytes) -> list[str]:
    try:
        found = msgspec.json.decode(body, type=_Document).type
    except NOT_READABLE:
        return []
    return [found] if isinstance(found, str) else found
