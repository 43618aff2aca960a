"""What a network tells us, modelled once for all networks.

Every adapter translates its payloads to these values; nothing to the right of `channels` ever
sees a network's own form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from plein.channels.wishes import Wish


class Visibility(StrEnum):
    """Who can read a post, from everybody to one person.

    Networks with fewer levels use the nearest that shows it to more people.
    """

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"

    @property
    def width(self) -> int:
        """Return where it stands: 0 for everybody, more for fewer people."""
        return tuple(Visibility).index(self)


@dataclass(frozen=True, slots=True)
class Author:
    """Whoever wrote a post, as the network names them. `id` never changes, `handle` may."""

    id: str
    handle: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, film or file that came with a post. `alt` is empty when the author gave none."""

    url: str
    media_type: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One message somewhere.

    `uri` is the same whichever way the post reached us; `remote_id` is what the source that
    showed it calls it. `parent` and `root` are uris and may point at posts we never saw.
    `edited_at` is None until the author changes the text; times are aware datetimes in UTC.
    `text` is plain text; `markup` keeps the network's HTML where it has any, unsanitised.
    `wishes` is what its author asks of who reads along.
    """

    network: str
    uri: str
    remote_id: str
    author: Author
    text: str
    posted_at: datetime
    edited_at: datetime | None = None
    parent: str | None = None
    root: str | None = None
    url: str = ""
    markup: str = ""
    language: str = ""
    content_warning: str = ""
    visibility: Visibility = Visibility.PUBLIC
    attachments: tuple[Attachment, ...] = ()
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    title: str = ""
    wishes: tuple[Wish, ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)

    @property
    def version_at(self) -> datetime:
        """The moment this text came to be: decides which of two versions is the newer."""
        return self.edited_at or self.posted_at


@dataclass(frozen=True, slots=True)
class Deleted:
    """The author (or the network) took a post away. It may never have reached us."""

    network: str
    uri: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Input that could not be understood; kept or counted, never dropped in silence."""

    raw: bytes
    error: str


Item = Post | Deleted | Unreadable


@dataclass(frozen=True, slots=True)
class Batch:
    """What one look at a source brought, and where to go on from.

    The cursor is stored in the same transaction as the items. `gap` names, in words, what may
    have been missed since the cursor we came with; `more` asks to be called again at once.
    """

    items: tuple[Item, ...] = ()
    cursor: str | None = None
    gap: str = ""
    more: bool = False
    poll_after: float | None = None
