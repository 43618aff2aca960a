"""Bluesky, and whatever else speaks the AT Protocol with Bluesky's posts.

We talk to the account's own server (PDS) alone; it passes what it does not know itself to the
AppView. The lexicon of a post stands in `lexicon.py`, the public streams in `jetstream.py` and
`firehose.py`.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
import msgspec

from plein.channels import lookback
from plein.channels.answers import Answer, Gone, error_in, send, words_in
from plein.channels.contract import (
    Abilities,
    Absent,
    Account,
    Basis,
    Counting,
    Field,
    Found,
    Image,
    Message,
    Network,
    Preview,
    Profile,
    Receipt,
    Sent,
    SignsIn,
    SourceSpec,
    Support,
)
from plein.channels.counting import graphemes
from plein.channels.errors import ChannelError, Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.lexicon import NETWORK_CODE, POSTS, Label, Link, Record, moment, post_of_record, web_address
from plein.channels.pictures import size_of
from plein.channels.posts import Author, Batch, Deleted, Item, Post, Unreadable, Visibility
from plein.channels.reading import NOT_READABLE, read
from plein.town.door import Door
from plein.town.saying import own

T = TypeVar("T")

# --- abilities ---

MAX_GRAPHEMES = 300
MAX_IMAGES = 4

ABILITIES = Abilities(
    basis=Basis.OFFICIAL_API,
    signs_in=SignsIn.OFFICIAL_ACCOUNT,
    hears_mentions=True,
    public_sources=("jetstream", "firehose"),
    searches=True,
    shows_threads=True,
    replies=True,
    posts=True,
    deletes=True,
    alt_text=True,
    max_images=MAX_IMAGES,
    max_length=MAX_GRAPHEMES,
    counting=Counting.GRAPHEMES,
    hears_edits=True,
    hears_deletes=True,
    receipt=Receipt.ASKABLE,
)


# --- translate in ---


class AuthorView(msgspec.Struct, gc=False):
    """Somebody, as the AppView shows them."""

    did: str
    handle: str
    name: str = msgspec.field(name="displayName", default="")
    labels: list[Label] = []


class ViewerState(msgspec.Struct, gc=False, rename="camel"):
    """What stands between us and a post."""

    reply_disabled: bool = False


class PostView(msgspec.Struct, gc=False, rename="camel"):
    """A post as the AppView shows it, on its own or in a notification.

    `indexed_at` is the earlier of what the author claims and when the AppView first had it; an
    edit changes `cid` and nothing else.
    """

    uri: str
    cid: str
    author: AuthorView
    record: Record
    indexed_at: str
    labels: list[Label] = []
    viewer: ViewerState = msgspec.field(default_factory=ViewerState)


class Notifications(msgspec.Struct, gc=False):
    """One page of notifications, newest first; `cursor` leads to the next."""

    notifications: list[msgspec.Raw] = []
    cursor: str | None = None


class ThreadView(msgspec.Struct, gc=False):
    """A post between what it answers and its answers. One that is gone or blocked has no `post`."""

    post: msgspec.Raw = msgspec.Raw()
    parent: ThreadView | None = None
    replies: list[ThreadView] = []


class Thread(msgspec.Struct, gc=False):
    """The answer to the question after a thread."""

    thread: ThreadView


class Posts(msgspec.Struct, gc=False):
    """The answer to the question after some posts; those that are gone are not in it."""

    posts: list[msgspec.Raw] = []


class SearchPage(msgspec.Struct, gc=False):
    """One page of a search. The AppView may stop before all was shown; then it gives no cursor."""

    posts: list[msgspec.Raw] = []
    cursor: str | None = None


class Credentials(msgspec.Struct, gc=False):
    """What a sign-in or its renewal gives."""

    did: str
    access: str = msgspec.field(name="accessJwt")
    refresh: str = msgspec.field(name="refreshJwt")


class Me(msgspec.Struct, gc=False):
    """Who our server says we are."""

    did: str
    handle: str


class Shown(msgspec.Struct, gc=False):
    """How the AppView shows us."""

    name: str | None = msgspec.field(name="displayName", default=None)


class Stored(msgspec.Struct, gc=False):
    """A record in a repository, or what was made of one that we wrote."""

    uri: str
    cid: str
    value: dict[str, Any] = {}

    @property
    def created_at(self) -> str:
        """Return when its author says it was written."""
        return str(self.value.get("createdAt", ""))


class Uploaded(msgspec.Struct, gc=False):
    """A file that we stored; `blob` goes into a record as it is."""

    blob: dict[str, Any]


class Resolved(msgspec.Struct, gc=False):
    """Who a handle belongs to."""

    did: str


class Complaint(msgspec.Struct, gc=False):
    """What the network says instead of an answer: a name for programs."""

    error: str = ""


def item_of_view(raw: bytes, edited_at: datetime | None = None) -> Item:
    """Translate a post as the AppView shows it."""
    try:
        view = read(raw, PostView)
        did, rkey = split_uri(view.uri)
    except (*NOT_READABLE, ValueError) as error:
        return Unreadable(bytes(raw), str(error))
    return post_of_record(
        did,
        rkey,
        view.cid,
        view.record,
        seen_at=moment(view.indexed_at) or datetime.now(UTC),
        edited_at=edited_at,
        author=author_of(view.author),
        warnings=tuple(label.val for label in view.labels if not label.neg),
        asked=tuple(label.val for label in view.author.labels if not label.neg),
        raw=bytes(raw),
    )


def keyed(raws: list[msgspec.Raw]) -> tuple[list[bytes], list[lookback.Key], list[Unreadable]]:
    """Return the notifications with their keys, and those that have none."""
    kept, keys, unread = [], [], []
    for raw in map(bytes, raws):
        try:
            keys.append(read(raw, lookback.Key))
            kept.append(raw)
        except NOT_READABLE as error:
            unread.append(Unreadable(raw, str(error)))
    return kept, keys, unread


def author_of(view: AuthorView) -> Author:
    """Translate somebody. Who has lost their handle is called by their id."""
    handle = view.did if view.handle == "handle.invalid" else view.handle
    return Author(view.did, handle, view.name, f"https://bsky.app/profile/{handle}")


def items_of_thread(thread: ThreadView) -> tuple[Item, ...]:
    """Return the posts of a thread that are there, in no particular order."""
    waiting, found = [thread], []
    while waiting:
        node = waiting.pop()
        if bytes(node.post):
            found.append(item_of_view(node.post))
        waiting += [*node.replies, *([node.parent] if node.parent else [])]
    return tuple(found)


def split_uri(uri: str) -> tuple[str, str]:
    """Return the author's id and the key of a post.

    >>> split_uri("at://did:plc:a/app.bsky.feed.post/3k")
    ('did:plc:a', '3k')
    """
    did, _, rkey = uri.removeprefix("at://").partition(f"/{POSTS}/")
    if not rkey or not did:
        raise ValueError(f"{uri} is not the uri of a post")
    return did, rkey


# --- translate out ---

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
# A link says https://, or ends in a name that Dutch readers know as one.
_BARE = r"(?:[a-z0-9-]+\.)+(?:nl|com|org|net|eu|frl|info|example)\b(?:/[^\s<>\"]*)?"
_LINK = re.compile(rf"(?<![\w@/.-])(?:https?://[^\s<>\"]+|{_BARE})", re.IGNORECASE)
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_MENTION = re.compile(rf"(?<![\w@/.])@((?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)")
_TAG = re.compile(r"(?<!\S)[#＃](?!\ufe0f)(\S*[^\d\s.,;:!?'\"()\[\]{}<>…]\S*)")
_TRAILING = ".,;:!?'\"…"


def record_key(message: Message) -> str:
    """Return the key of a message in our repository: the same for every try, valid as a TID.

    A TID is a moment in microseconds and a number of ten bits, in base 32. The millisecond is
    that of writing; what is below it comes from our own key, so that two messages of the same
    millisecond differ.

    >>> record_key(Message("a", "Hoi", datetime(2026, 3, 3, tzinfo=UTC)))
    '3mg4hlb6cbucm'
    """
    digest = int.from_bytes(hashlib.sha256(message.key.encode()).digest()[:8])
    milliseconds = int(message.written_at.timestamp() * 1000)
    number = (milliseconds * 1000 + digest % 1000) << 10 | (digest >> 32) % 1024
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def links_in(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and address of every link, with or without https.

    >>> links_in("Zie waterdam.example/afval.")
    [(4, 26, 'https://waterdam.example/afval')]
    """
    found = []
    for match in _LINK.finditer(text):
        shown = _without_trailing(match[0])
        address = shown if shown.lower().startswith("http") else f"https://{shown}"
        found.append((match.start(), match.start() + len(shown), address))
    return found


def _without_trailing(address: str) -> str:
    """Return an address without what belongs to the sentence around it: its punctuation, a bracket too many."""
    address = address.rstrip(_TRAILING)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_TRAILING)
    return address


def mentions_in(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and handle of every mention.

    >>> mentions_in("Dag @jan.test!")
    [(4, 13, 'jan.test')]
    """
    return [(match.start(), match.end(), match[1].lower()) for match in _MENTION.finditer(text)]


def tags_in(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and word of every hashtag.

    >>> tags_in("De #Sluisbrug, #1 en #a")
    [(3, 13, 'Sluisbrug'), (21, 23, 'a')]
    """
    found = []
    for match in _TAG.finditer(text):
        word = match[1].rstrip(_TRAILING + ")]}")
        if word and graphemes(word) <= 64:
            found.append((match.start(), match.start() + 1 + len(word), word))
    return found


def facets_of(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what makes links, mentions and hashtags clickable; places count in UTF-8 bytes.

    `dids` gives the id of a handle; a mention of somebody who is not in it stays plain text.
    """
    found = [(start, end, {"$type": "app.bsky.richtext.facet#link", "uri": uri}) for start, end, uri in links_in(text)]
    found += [
        (start, end, {"$type": "app.bsky.richtext.facet#mention", "did": dids[handle]})
        for start, end, handle in mentions_in(text)
        if handle in dids
    ]
    found += [(start, end, {"$type": "app.bsky.richtext.facet#tag", "tag": tag}) for start, end, tag in tags_in(text)]
    return [_facet(text, *one) for one in sorted(found, key=lambda one: one[0])]


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    index = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}
    return {"index": index, "features": [feature]}


def record_of(
    message: Message,
    *,
    created_at: datetime,
    reply: Mapping[str, Any] | None = None,
    blobs: tuple[dict[str, Any], ...] = (),
    dids: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Translate what we want to send to a record; `blobs` are its images, uploaded before."""
    record: dict[str, Any] = {"$type": POSTS, "text": message.text, "createdAt": _written(created_at)}
    if message.language:
        record["langs"] = [message.language]
    if facets := facets_of(message.text, dids or {}):
        record["facets"] = facets
    if reply:
        record["reply"] = reply
    if blobs:
        images = [_pictured(image, blob) for image, blob in zip(message.images, blobs, strict=True)]
        record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    return record


def _pictured(image: Image, blob: dict[str, Any]) -> dict[str, Any]:
    """Return a picture with its description and, so that it is not cut off, its shape."""
    shown = {"image": blob, "alt": image.alt}
    size = size_of(image.content)
    if size and all(size):
        shown["aspectRatio"] = {"width": size[0], "height": size[1]}
    return shown


def refs_of(parent: PostView) -> dict[str, Any]:
    """Return what ties an answer to its thread: the post it answers, and where that thread began."""
    own = {"uri": parent.uri, "cid": parent.cid}
    root: Link | None = parent.record.reply.root if parent.record.reply else None
    return {"root": {"uri": root.uri, "cid": root.cid} if root else own, "parent": own}


def preview_of(message: Message) -> Preview:
    """Return a message as Bluesky will show it, counted in characters as a reader sees them."""
    text = message.text
    return Preview(
        text=text,
        length=graphemes(text),
        max_length=MAX_GRAPHEMES,
        links=tuple(address for _, _, address in links_in(text)),
        mentions=tuple(handle for _, _, handle in mentions_in(text)),
    )


def deny(message: Message) -> None:
    """Raise Unsupported for what Bluesky has no word for."""
    if message.visibility is not Visibility.PUBLIC:
        raise Unsupported(own("On Bluesky every post is public."))
    if message.content_warning:
        raise Unsupported(own("Bluesky has no content warnings in words."))
    if len(message.images) > MAX_IMAGES:
        raise Unsupported(own("A post on Bluesky takes at most {0} pictures.", MAX_IMAGES))


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- client ---

SERVICE = "https://bsky.social"
REASONS = ("mention", "reply", "quote")
PAGE = 100
# How much of the past a newly connected channel brings along.
FIRST_LOOK = timedelta(days=7)
# The network allows 30 sign-ins in five minutes and 300 a day; we stay well below.
LOGINS = ((300.0, 6), (86_400.0, 60))
DEAD_TOKEN = {"ExpiredToken", "InvalidToken", "AuthMissing"}
BARRED = {"AuthenticationRequired", "AuthFactorTokenRequired", "AccountTakedown", "AccountDeactivated"}
# Our own words, where the network has none.
GONE = own("The post is no longer on Bluesky.")
CLOSED = own("The author lets only some people answer this post.")


def service_at(typed: str) -> str:
    """Return the address of a server as somebody types it.

    >>> service_at(" pds.waterdam.example/ ")
    'https://pds.waterdam.example'
    """
    typed = typed.strip().rstrip("/")
    return typed if "://" in typed else f"https://{typed}"


class Claims(msgspec.Struct, gc=False):
    """What a token says of itself: when it ends, in seconds since 1970."""

    exp: float


def end_of(token: str) -> datetime | None:
    """Return when a token ends, as it says itself; None when it does not say.

    >>> end_of("e30.eyJleHAiOjE3OTAwMDAwMDB9.x").isoformat()
    '2026-09-21T14:13:20+00:00'
    """
    body = token.split(".")[1:2]
    try:
        return datetime.fromtimestamp(read(base64.urlsafe_b64decode(f"{body[0]}==="), Claims).exp, UTC)
    except (*NOT_READABLE, ValueError, OverflowError, OSError, IndexError):
        return None


class Session:
    """Our sign-in at the server: made once, kept, renewed; a new one only when it has to be."""

    def __init__(self, account: Account, http: httpx.Client, clock: Callable[[], float]) -> None:
        self.account, self.http, self.clock = account, http, clock
        self.service = service_at(account.settings.get("service") or SERVICE)
        self.secrets = dict(account.secrets)

    @property
    def did(self) -> str:
        """Return the id of our account."""
        return self.secrets.get("did") or self.account.identity

    @property
    def ends_at(self) -> datetime | None:
        """Return when a person has to sign in again; None while an app password can do it."""
        return None if self.secrets.get("app_password") else end_of(self.secrets.get("refresh", ""))

    def call(self, method: str, name: str, **options: Any) -> Answer:
        """Return whatever our server answers to a call of an XRPC method."""
        return send(self.http, method, f"{self.service}/xrpc/{name}", **options)

    def headers(self) -> dict[str, str]:
        """Return what identifies us; signs in the first time."""
        if not self.secrets.get("access") or not self.did:
            self.renew()
        return {"authorization": f"Bearer {self.secrets['access']}"}

    def renew(self) -> None:
        """Get a new access token by the refresh token, or when that died by the app password."""
        if not self._refreshed():
            self._sign_in()

    def _refreshed(self) -> bool:
        """Whether the refresh token still worked; raises when nobody can say."""
        refresh = self.secrets.get("refresh")
        if not refresh:
            return False
        headers = {"authorization": f"Bearer {refresh}"}
        answer = self.call("POST", "com.atproto.server.refreshSession", headers=headers)
        if isinstance(trouble(answer), SignInNeeded):
            return False
        self._keep(decoded(answer, Credentials))
        return True

    def _sign_in(self) -> None:
        password = self.secrets.get("app_password")
        if not password:
            raise SignInNeeded(own("Bluesky no longer knows our sign-in, and no app password is kept."))
        self._count_sign_in()
        body = {"identifier": self.account.handle.lstrip("@"), "password": password}
        answer = self.call("POST", "com.atproto.server.createSession", json=body)
        self._keep(decoded(answer, Credentials))

    def _count_sign_in(self) -> None:
        """Write a sign-in down before it is tried, so that a crash cannot make us forget one."""
        now = self.clock()
        earlier = [float(at) for at in self.secrets.get("sign_ins", "").split() if now - float(at) < LOGINS[-1][0]]
        for seconds, most in LOGINS:
            recent = [at for at in earlier if now - at < seconds]
            if len(recent) >= most:
                wait = recent[0] + seconds - now
                raise TryLater(own("We signed in on Bluesky too often and wait a while."), retry_after=wait)
        self.secrets["sign_ins"] = " ".join(f"{at:.0f}" for at in [*earlier, now])
        self.account.keep(dict(self.secrets))

    def _keep(self, got: Credentials) -> None:
        self.secrets |= {"access": got.access, "refresh": got.refresh, "did": got.did}
        self.account.keep(dict(self.secrets))


class Client:
    """One account on Bluesky."""

    def __init__(self, account: Account, door: Door, clock: Callable[[], float] = time.time) -> None:
        self.door, self.clock = door, clock
        self.session = Session(account, door.client(), clock)

    def profile(self) -> Profile:
        """Return who we are."""
        me = self._call(Me, "GET", "com.atproto.server.getSession")
        try:
            shown = self._call(Shown, "GET", "app.bsky.actor.getProfile", params={"actor": me.did})
        except Refused:
            shown = Shown()  # A new account that the AppView has not met yet.
        url = f"https://bsky.app/profile/{me.handle}"
        return Profile(me.did, me.handle, shown.name or me.handle, url, self.session.ends_at, MAX_GRAPHEMES)

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Return mentions, answers and quotes; a post that changed comes again."""
        if source.kind != "mentions":
            raise Unsupported(own("{0} is a stream on Bluesky; it cannot be asked now and then.", source.kind))
        place = msgspec.json.decode(cursor, type=lookback.Place) if cursor else None
        query = {"limit": PAGE, "reasons": REASONS} | ({"cursor": place.page} if place and place.page else {})
        answer = self._ask("GET", "app.bsky.notification.listNotifications", params=query)
        page = decoded(answer, Notifications)
        raws, keys, unread = keyed(page.notifications)
        new, place = lookback.read(place, keys, page.cursor or "", self.clock())
        items = [self._newly(raws[one.index], one.changed) for one in new if cursor or self._recent(keys[one.index])]
        written = msgspec.json.encode(place).decode()
        return Batch((*items, *unread), written, more=bool(place.page), poll_after=pace(answer.headers))

    def _newly(self, raw: bytes, changed: bool) -> Item:
        # Bluesky does not tell when a post was changed: we know that it was, and that it is now.
        return item_of_view(raw, edited_at=self._now() if changed else None)

    def _recent(self, key: lookback.Key) -> bool:
        """Whether a newly connected channel still wants to see this."""
        at = moment(key.at)
        return at is not None and self._now() - at < FIRST_LOOK

    def stream(self, source: SourceSpec, cursor: str | None) -> Iterator[Batch]:
        """Yield public posts as they are made; needs no account."""
        if source.kind == "jetstream":
            from plein.channels.jetstream import Jetstream

            return Jetstream.of(self.door, source.address, source.settings).stream(cursor)
        if source.kind == "firehose":
            from plein.channels.firehose import Firehose

            return Firehose.of(self.door, source.address).stream(cursor)
        raise Unsupported(own("Bluesky has no stream called {0}.", source.kind))

    def search(self, words: str, since: datetime, page: str = "") -> Found:
        """Return the newest public posts with these words; `since` counts from when the AppView had them."""
        query = {"q": words, "sort": "latest", "since": _written(since), "limit": PAGE}
        query |= {"cursor": page} if page else {}
        found = self._call(SearchPage, "GET", "app.bsky.feed.searchPosts", params=query)
        return Found(tuple(item_of_view(raw) for raw in found.posts), found.cursor or "")

    def thread(self, uri: str, remote_id: str) -> tuple[Item, ...]:
        """Return what a post answers, all the way up, and what answers it."""
        query = {"uri": uri, "depth": 80, "parentHeight": 80}
        try:
            found = self._call(Thread, "GET", "app.bsky.feed.getPostThread", params=query)
        except Refused:
            return ()
        return items_of_thread(found.thread)

    def check(self, uri: str, remote_id: str) -> Post | Deleted:
        """Return a post as it stands now. `remote_id` is the version we know: another one was edited."""
        found = self._own(uri) if split_uri(uri)[0] == self._did() else self._views([uri])
        if not found:
            return Deleted(NETWORK_CODE, uri, self._now())
        item = item_of_view(found[0])
        if isinstance(item, Unreadable):
            raise Refused(own("The network showed a post that we cannot read: {0}", item.error))
        if isinstance(item, Post) and remote_id and item.remote_id != remote_id:
            item = item_of_view(found[0], edited_at=self._now())
        return item

    def preview(self, message: Message) -> Preview:
        """Return a message as Bluesky will show it."""
        return preview_of(message)

    def publish(self, message: Message) -> Sent:
        """Send once: a second message under the same key is never accepted."""
        deny(message)
        reply = self._refs(message.reply_to) if message.reply_to else None
        blobs = tuple(self._upload(image) for image in message.images)
        record = record_of(message, created_at=self._now(), reply=reply, blobs=blobs, dids=self._dids(message))
        body = {"repo": self._did(), "collection": POSTS, "rkey": record_key(message), "record": record}
        try:
            made = self._call(Stored, "POST", "com.atproto.repo.createRecord", json=body)
        except TryLater:
            # The server has no better word for a key that is taken.
            found = self.find_sent(message)
            if isinstance(found, Sent):
                return found
            raise
        return Sent(made.uri, made.cid, web_address(made.uri), self._now())

    def find_sent(self, message: Message) -> Sent | Absent:
        """Ask our server whether the key of this message is taken."""
        found = self._record(record_key(message))
        if found is None:
            return Absent()
        return Sent(found.uri, found.cid, web_address(found.uri), moment(found.created_at))

    def revise(self, sent: Sent, message: Message) -> Sent:
        """Bluesky's readers do not see that a post was changed: say so in a new one."""
        raise Unsupported(own("A post on Bluesky cannot be changed."))

    def withdraw(self, sent: Sent) -> None:
        """Take back what we sent."""
        body = {"repo": self._did(), "collection": POSTS, "rkey": split_uri(sent.uri)[1]}
        self._call(dict, "POST", "com.atproto.repo.deleteRecord", json=body)

    def _refs(self, uri: str) -> dict[str, Any]:
        found = self._views([uri])
        if not found:
            raise Gone(GONE)
        try:
            view = read(found[0], PostView)
        except NOT_READABLE as error:
            raise Refused(own("The post cannot be answered: {0}", error)) from error
        if view.viewer.reply_disabled:
            raise Refused(CLOSED)
        return refs_of(view)

    def _views(self, uris: list[str]) -> list[msgspec.Raw]:
        return self._call(Posts, "GET", "app.bsky.feed.getPosts", params={"uris": uris}).posts

    def _own(self, uri: str) -> list[bytes]:
        """Return one of our own posts in the form of a view; our server knows better than the AppView."""
        record = self._record(split_uri(uri)[1])
        if record is None:
            return []
        me = {"did": self._did(), "handle": self.session.account.handle.lstrip("@")}
        view = {"uri": uri, "cid": record.cid, "author": me, "record": record.value, "indexedAt": record.created_at}
        return [msgspec.json.encode(view)]

    def _record(self, rkey: str) -> Stored | None:
        query = {"repo": self._did(), "collection": POSTS, "rkey": rkey}
        answer = self._ask("GET", "com.atproto.repo.getRecord", params=query)
        return None if error_name(answer) == "RecordNotFound" else decoded(answer, Stored)

    def _upload(self, image: Image) -> dict[str, Any]:
        options = {"content": image.content, "headers": {"content-type": image.media_type}}
        return self._call(Uploaded, "POST", "com.atproto.repo.uploadBlob", **options).blob

    def _dids(self, message: Message) -> dict[str, str]:
        """Return the ids of whom a message mentions, as far as the network knows them."""
        known = {message.to.handle.lower(): message.to.id} if message.to else {}
        asked = {handle for _, _, handle in mentions_in(message.text)} - known.keys()
        return known | {handle: did for handle in sorted(asked) if (did := self._resolve(handle))}

    def _resolve(self, handle: str) -> str:
        try:
            return self._call(Resolved, "GET", "com.atproto.identity.resolveHandle", params={"handle": handle}).did
        except Refused:
            return ""

    def _did(self) -> str:
        self.session.headers()
        return self.session.did

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    def _call(self, kind: type[T], method: str, name: str, **options: Any) -> T:
        """Return the answer to a call; raises what the network says instead."""
        return decoded(self._ask(method, name, **options), kind)

    def _ask(self, method: str, name: str, **options: Any) -> Answer:
        """Return whatever the network answers; an access token that died is renewed once."""
        headers = options.pop("headers", {})
        answer = self.session.call(method, name, headers=headers | self.session.headers(), **options)
        if error_name(answer) in DEAD_TOKEN:
            self.session.renew()
            answer = self.session.call(method, name, headers=headers | self.session.headers(), **options)
        return answer


def decoded(answer: Answer, kind: type[T]) -> T:
    """Return a good answer as one of our types; raises what a bad one means."""
    if error := trouble(answer):
        raise error
    try:
        return read(answer.body, kind)
    except NOT_READABLE as error:
        # Something stood in between, and for a send the outcome is not known.
        raise TryLater(
            own("{0} answered in a form that Bluesky does not have: {1}", answer.address.host, error)
        ) from error


def trouble(answer: Answer) -> ChannelError | None:
    """Return what went wrong according to an answer; Bluesky says with 400 that a token is dead."""
    if error_name(answer) in DEAD_TOKEN | BARRED:
        return SignInNeeded(words_in(answer))
    return error_in(answer)


def error_name(answer: Answer) -> str:
    """Return the network's name for what went wrong, or nothing."""
    if answer.status < 400:
        return ""
    try:
        return read(answer.body, Complaint).error
    except NOT_READABLE:
        return ""


def pace(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds to leave the network alone once most of our ration is used."""
    left, ration = (headers.get("ratelimit-remaining", ""), headers.get("ratelimit-limit", ""))
    return 30.0 if left.isdecimal() and ration.isdecimal() and int(left) * 5 < int(ration) else None


def connect(account: Account, door: Door) -> Client:
    """Return a client for an account; public streams need none."""
    return Client(account, door)


NETWORK = Network(
    code=NETWORK_CODE,
    name="Bluesky",
    abilities=ABILITIES,
    support=Support.LIVE,
    connect=connect,
    fields=(
        Field("handle", "Handle", "For example waterdam.bsky.social."),
        Field(
            "app_password",
            "App password",
            "Make one at Bluesky under Settings, Privacy and security, App passwords. Never your own password.",
            secret=True,
        ),
        Field(
            "service",
            "Server",
            "Leave as it is, unless you have a server of your own.",
            required=False,
            default=SERVICE,
        ),
    ),
    poll_seconds=2.0,
    docs="docs/channels/bluesky.md",
)
