"""From what a network tells us to the values of our columns. Touches no row."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

import nh3

from plein.channels.posts import Deleted, Item, Post, Unreadable
from plein.town.vault import Vault
from plein.town.words import search_line
from plein_web.channels.models import Source
from plein_web.channels.queries import HOOK

# A uri is what makes a post one post: cutting it off would make one of two.
LONGEST_URI = 500
TAGS = {"p", "br", "a", "span", "strong", "b", "em", "i", "u", "del", "ul", "ol", "li", "blockquote", "code", "pre"}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Incoming:
    """An item with everything that takes time already done, so that the transaction is short."""

    item: Item
    digest: str
    columns: dict[str, object]


def sanitised(markup: str) -> str:
    """Return a stranger's HTML without anything that acts, loads or dresses up.

    >>> sanitised('<p onclick="x()">Hoi <img src="http://tracker.example/x.png"></p>')
    '<p>Hoi </p>'
    """
    return nh3.clean(
        markup,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow ugc",
    )


def incoming(item: Item, source: Source, vault: Vault) -> Incoming:
    """Prepare an item for its transaction. What our columns cannot hold becomes Unreadable."""
    if isinstance(item, Unreadable):
        return Incoming(item, hashlib.sha256(item.raw).hexdigest(), {"raw": vault.lock_bytes(item.raw)})
    if not 0 < len(item.uri) <= LONGEST_URI:
        raw = item.raw if isinstance(item, Post) and item.raw else item.uri.encode(errors="replace")
        return incoming(Unreadable(raw, "The address of this post is empty or too long."), source, vault)
    if isinstance(item, Deleted):
        return Incoming(item, gone_digest(vault, source, item), {})
    item = replace(item, text=storable(item.text), content_warning=storable(item.content_warning))
    return Incoming(item, gone_digest(vault, source, item), _columns(item, source, vault))


def refused(entry: Incoming, source: Source, vault: Vault) -> Incoming:
    """Return an item that is not for this source to tell, to be kept as what could not be read."""
    item = entry.item
    raw = item.raw if isinstance(item, Post) and item.raw else item.uri.encode(errors="replace")
    words = "Another system delivered this message: only that one may change it or take it away."
    return incoming(Unreadable(raw, words), source, vault)


def gone_digest(vault: Vault, source: Source, item: Post | Deleted) -> str:
    """Return what we remember of a deleted post that we never held: nothing that can be read back."""
    # What is delivered names itself: a system may only keep out what it would have brought itself.
    by = f" {source.channel_id}" if source.kind == HOOK else ""
    return vault.keyed_hash("gone", f"{source.town_id} {item.network} {item.uri}{by}", length=64)


def storable(text: str, longest: int | None = None) -> str:
    """Return text without the characters that no database can hold, cut off where it has to be."""
    return _UNSTORABLE.sub("\ufffd", text)[:longest]


def _columns(post: Post, source: Source, vault: Vault) -> dict[str, object]:
    """Return the columns that come from the newest version of a post."""
    author = post.author
    return {
        "url": storable(post.url, 500),
        "author_id": storable(author.id, 300),
        "author_handle": storable(author.handle, 200),
        "author_name": storable(author.name, 200),
        "text": post.text,
        "markup": sanitised(storable(post.markup)) if post.markup else "",
        "title": storable(post.title, 300),
        "content_warning": post.content_warning,
        "language": storable(post.language, 16),
        "visibility": str(post.visibility),
        "attachments": [
            {"url": storable(a.url), "media_type": storable(a.media_type), "alt": storable(a.alt)}
            for a in post.attachments
        ],
        "version_at": post.version_at,
        "raw": vault.lock_bytes(post.raw) if post.raw else b"",
        "search": search_line(source.town_id, post.title, post.content_warning, post.text, author.name, author.handle),
    }
