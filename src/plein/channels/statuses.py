"""How a post looks in Mastodon's API, and what becomes of it here.

Every server with this API gives a post the same form, whether a timeline, a notification or a
stream brings it. Only the fields that we read are named; what a server leaves out may be missing.
"""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from plein.channels.markup import plain
from plein.channels.posts import Attachment, Author, Post, Unreadable, Visibility
from plein.channels.reading import NOT_READABLE, read
from plein.channels.wishes import Wish, in_profile


class AccountEntity(msgspec.Struct):
    """Somebody, as a server names them. `acct` leaves out the server when it is its own."""

    id: str
    acct: str
    url: str | None = ""
    uri: str | None = None
    display_name: str | None = ""
    noindex: bool | None = None
    indexable: bool | None = None
    discoverable: bool | None = None
    note: str | None = ""

    @property
    def wishes(self) -> frozenset[Wish]:
        """Return what they ask of strangers. A server that has no word for searching says it with `discoverable`."""
        asked = {
            Wish.NOT_SEARCHED: self.indexable is False or (self.indexable is None and self.discoverable is False),
            Wish.NOT_INDEXED: self.noindex is True,
            Wish.NOT_RECOMMENDED: self.discoverable is False,
        }
        return in_profile(self.note or "") | {wish for wish, yes in asked.items() if yes}


class MediaEntity(msgspec.Struct):
    """A picture, film or file."""

    id: str | None = None
    type: str | None = "unknown"
    url: str | None = None
    remote_url: str | None = None
    preview_url: str | None = None
    description: str | None = None


class Named(msgspec.Struct):
    """Somebody who is mentioned, or a hashtag."""

    name: str = ""
    acct: str = ""
    url: str = ""


class Option(msgspec.Struct):
    """What one can vote for."""

    title: str = ""


class Poll(msgspec.Struct):
    """A question with choices."""

    options: list[Option] | None = None


class Status(msgspec.Struct):
    """A post as Mastodon's API gives it: the fields we read, of the many there are."""

    id: str
    uri: str
    account: AccountEntity
    created_at: datetime
    content: str | None = ""
    visibility: str = "public"
    url: str | None = None
    edited_at: datetime | None = None
    in_reply_to_id: str | None = None
    spoiler_text: str | None = ""
    language: str | None = None
    media_attachments: list[MediaEntity] | None = None
    mentions: list[Named] | None = None
    tags: list[Named] | None = None
    poll: Poll | None = None


class Notice(msgspec.Struct):
    """Something that happened to our account."""

    id: str
    type: str
    status: msgspec.Raw = msgspec.Raw(b"null")


class Family(msgspec.Struct):
    """The uris around a post, which the API itself tells as ids of one server."""

    parent: str | None = None
    root: str | None = None


VISIBILITY = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}
_KINDS = {"image": "image/*", "gifv": "video/mp4", "video": "video/*", "audio": "audio/*"}


def status_from(raw: bytes) -> Status:
    """Read a post as the server gave it; raises NOT_READABLE for anything else."""
    return read(raw, Status)


def post_from(raw: bytes, host: str, family: Family | None = None) -> Post | Unreadable:
    """Translate a post as the server at `host` gave it."""
    try:
        return _post(status_from(raw), host, family or Family(), raw)
    except (*NOT_READABLE, ValueError) as error:
        return Unreadable(raw, f"This is no post as Mastodon's API describes it: {error}")


def _post(status: Status, host: str, family: Family, raw: bytes) -> Post:
    content = plain(status.content or "", status.url or "")
    choices = [f"☐ {option.title}" for option in status.poll.options or []] if status.poll else []
    return Post(
        network="mastodon",
        uri=status.uri,
        remote_id=status.id,
        author=author_from(status.account, host),
        text="\n".join(filter(None, [content.text, *choices])),
        posted_at=utc(status.created_at),
        edited_at=utc(status.edited_at) if status.edited_at else None,
        parent=family.parent,
        root=family.root or family.parent,
        url=status.url or status.uri,
        markup=status.content or "",
        language=status.language or "",
        content_warning=status.spoiler_text or "",
        # A level we do not know (servers invent them) counts as the narrowest.
        visibility=VISIBILITY.get(status.visibility, Visibility.DIRECT),
        attachments=tuple(_attachment(media) for media in status.media_attachments or []),
        mentions=tuple(full_handle(named.acct, host) for named in status.mentions or []),
        links=content.links,
        tags=tuple(named.name.lower() for named in status.tags or []),
        wishes=tuple(sorted(status.account.wishes)),
        raw=raw,
    )


def author_from(account: AccountEntity, host: str) -> Author:
    """Translate an account. Its uri is the same on every server, its id is not."""
    handle = full_handle(account.acct, host)
    return Author(account.uri or account.url or handle, handle, account.display_name or account.acct, account.url or "")


def full_handle(acct: str, host: str) -> str:
    """Return a name with its server: the API leaves out its own.

    >>> full_handle("jan", "a.example"), full_handle("jan@b.example", "a.example")
    ('jan@a.example', 'jan@b.example')
    """
    return acct if "@" in acct or not acct else f"{acct}@{host}"


def _attachment(media: MediaEntity) -> Attachment:
    url = media.url or media.remote_url or media.preview_url or ""
    guessed = mimetypes.guess_type(urlsplit(url).path)[0]
    return Attachment(url, guessed or _KINDS.get(media.type or "", "application/octet-stream"), media.description or "")


def utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without an offset is in UTC already."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
