"""How a Bluesky post is written down: the record, and what becomes of it here.

The record is the same whether the AppView, Jetstream or the firehose shows it; only what comes
with it differs. Fields and limits are those of the lexicon `app.bsky.feed.post`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from plein.channels.posts import Attachment, Author, Post
from plein.channels.wishes import Wish

NETWORK_CODE = "bluesky"
POSTS = "app.bsky.feed.post"
PICTURES = "https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg"
FILMS = "https://video.bsky.app/watch/{did}/{cid}/playlist.m3u8"
SIGNED_IN_ONLY = "!no-unauthenticated"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Link(msgspec.Struct, gc=False):
    """A reference to another record: its uri and the digest of its content."""

    uri: str = ""
    cid: str = ""


class Reply(msgspec.Struct, gc=False):
    """What a post answers, and where that thread began."""

    root: Link
    parent: Link


class Slice(msgspec.Struct, gc=False, rename="camel"):
    """A stretch of the text, counted in UTF-8 bytes."""

    byte_start: int = 0
    byte_end: int = 0


class Feature(msgspec.Struct, gc=False):
    """What a stretch of text is: a link has `uri`, a mention `did`, a hashtag `tag`."""

    uri: str = ""
    did: str = ""
    tag: str = ""


class Facet(msgspec.Struct, gc=False):
    """A stretch of text with its meanings."""

    index: Slice
    features: list[Feature] = []


class Blob(msgspec.Struct, gc=False):
    """A file beside the record. `ref` holds its digest under `$link`; very old ones say `cid`."""

    ref: dict[str, str] = {}
    mime_type: str = msgspec.field(name="mimeType", default="")
    cid: str = ""

    @property
    def digest(self) -> str:
        """Return the digest under which the file is kept."""
        return self.ref.get("$link", self.cid)


class Picture(msgspec.Struct, gc=False):
    """An image of a post, with the description for who cannot see it."""

    image: Blob
    alt: str = ""


class External(msgspec.Struct, gc=False):
    """A card for a page elsewhere."""

    uri: str = ""
    title: str = ""


class Quote(msgspec.Struct, gc=False):
    """A quoted record; with other media beside it, it lies one level deeper."""

    uri: str = ""
    record: Link | None = None

    @property
    def target(self) -> str:
        """Return the uri of what is quoted."""
        return self.record.uri if self.record else self.uri


class Embed(msgspec.Struct, gc=False):
    """What hangs under a post: images, a card, a film, a quoted post, or a quote with one of these."""

    images: list[Picture] = []
    external: External | None = None
    video: Blob | None = None
    alt: str = ""
    record: Quote | None = None
    media: Embed | None = None


class Label(msgspec.Struct, gc=False):
    """A warning on a post. `neg` takes an earlier one back."""

    val: str = ""
    neg: bool = False


class Labels(msgspec.Struct, gc=False):
    """The warnings that the author gave."""

    values: list[Label] = []


class Record(msgspec.Struct, gc=False):
    """A post as its author wrote it. `created_at` is the author's claim."""

    text: str = ""
    created_at: str = msgspec.field(name="createdAt", default="")
    langs: list[str] | None = None
    reply: Reply | None = None
    embed: Embed | None = None
    facets: list[Facet] | None = None
    labels: Labels | None = None
    tags: list[str] | None = None


def post_of_record(
    did: str,
    rkey: str,
    cid: str,
    record: Record,
    *,
    seen_at: datetime,
    edited_at: datetime | None = None,
    author: Author | None = None,
    warnings: tuple[str, ...] = (),
    asked: tuple[str, ...] = (),
    raw: bytes = b"",
) -> Post:
    """Return a record as a post. `seen_at` is when the network first had it: nobody writes later than that.

    `asked` are the labels that authors put on themselves. `remote_id` is the digest of this version, by which an edit is recognised.
    """
    facets = record.facets or []
    features = [feature for facet in facets for feature in facet.features]
    return Post(
        network=NETWORK_CODE,
        uri=f"at://{did}/{POSTS}/{rkey}",
        remote_id=cid,
        author=author or Author(id=did, handle=did, url=f"https://bsky.app/profile/{did}"),
        # PostgreSQL cannot store the character zero, and nobody can see it.
        text=full_text(record.text, facets).replace("\x00", ""),
        posted_at=min(moment(record.created_at) or seen_at, seen_at),
        edited_at=edited_at,
        parent=record.reply.parent.uri if record.reply else None,
        root=record.reply.root.uri if record.reply else None,
        url=f"https://bsky.app/profile/{did}/post/{rkey}",
        language=(record.langs or [""])[0],
        content_warning=", ".join(_warnings(record, warnings)),
        attachments=attachments(did, record.embed),
        mentions=_once(feature.did for feature in features),
        links=_once([*(feature.uri for feature in features), *_embedded_links(record.embed)]),
        tags=_once([*(feature.tag for feature in features), *(record.tags or [])]),
        wishes=_wishes(record, (*warnings, *asked)),
        raw=raw,
    )


def full_text(text: str, facets: list[Facet]) -> str:
    """Return the text with links that were shortened for display written out.

    >>> link = Facet(Slice(5, 21), [Feature(uri="https://waterdam.example/afval")])
    >>> full_text("Zie: waterdam.exam...!", [link])
    'Zie: https://waterdam.example/afval!'
    """
    if not facets:
        return text
    content = text.encode()
    for facet in sorted(facets, key=lambda facet: facet.index.byte_start, reverse=True):
        start, end = facet.index.byte_start, facet.index.byte_end
        uri = next((feature.uri for feature in facet.features if feature.uri), "")
        if uri and 0 <= start < end <= len(content) and _is_short_for(content[start:end], uri):
            content = content[:start] + uri.encode() + content[end:]
    return content.decode(errors="replace")


def _is_short_for(shown: bytes, uri: str) -> bool:
    short = shown.decode(errors="replace").removesuffix("...").removesuffix("…")
    return bool(short) and uri.removeprefix("https://").removeprefix("http://").removeprefix("www.").startswith(short)


def attachments(did: str, embed: Embed | None) -> tuple[Attachment, ...]:
    """Return the pictures and films of a post, at the address where the network serves them."""
    found = []
    for part in _parts(embed):
        for one in part.images:
            found.append(Attachment(PICTURES.format(did=did, cid=one.image.digest), one.image.mime_type, one.alt))
        if part.video:
            found.append(Attachment(FILMS.format(did=did, cid=part.video.digest), part.video.mime_type, part.alt))
    return tuple(found)


def _embedded_links(embed: Embed | None) -> list[str]:
    """Return the page of a card and the page of a quoted post."""
    found = []
    for part in _parts(embed):
        found += [part.external.uri] if part.external else []
        found += [web_address(part.record.target)] if part.record else []
    return found


def _parts(embed: Embed | None) -> list[Embed]:
    """Return what hangs under a post and the media beside a quote: the lexicon goes no deeper."""
    return [part for part in (embed, embed and embed.media) if part]


def _warnings(record: Record, others: tuple[str, ...]) -> tuple[str, ...]:
    if not record.labels and not others:
        return ()
    own = [label.val for label in record.labels.values if not label.neg] if record.labels else []
    # A label that starts with ! is an instruction to apps, not a warning to readers.
    return _once(value for value in (*own, *others) if not value.startswith("!"))


def _wishes(record: Record, others: tuple[str, ...]) -> tuple[Wish, ...]:
    """Return what the author asks: apps are to show this only to who is signed in there."""
    own = [label.val for label in record.labels.values if not label.neg] if record.labels else []
    return (Wish.SIGNED_IN_ONLY,) if SIGNED_IN_ONLY in (*own, *others) else ()


def _once(values) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))


def web_address(uri: str) -> str:
    """Return where people read a post.

    >>> web_address("at://did:plc:a/app.bsky.feed.post/3k")
    'https://bsky.app/profile/did:plc:a/post/3k'
    """
    did, _, rkey = uri.removeprefix("at://").partition(f"/{POSTS}/")
    return f"https://bsky.app/profile/{did}/post/{rkey}" if rkey else ""


def moment(text: str) -> datetime | None:
    """Return an aware UTC time; None when it is no time at all or lies before the calendar.

    >>> moment("2026-03-03T10:00:00.000Z").isoformat(), moment("gisteren")
    ('2026-03-03T10:00:00+00:00', None)
    """
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
