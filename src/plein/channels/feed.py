"""RSS and Atom: news sites, blogs, podcasts, agendas and council information, read politely.

A feed is a page that changes. It is asked for only when it may have changed, never more often
than it wishes, and what is wrong in it costs no more than what is wrong. A feed cannot be answered.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import httpx
import msgspec

from plein.channels.answers import Answer, Gone, error_in, send, server_time
from plein.channels.contract import (
    Abilities,
    Absent,
    Account,
    Basis,
    CannotTell,
    Counting,
    Field,
    Message,
    Network,
    Preview,
    Profile,
    Sent,
    SourceSpec,
    Support,
)
from plein.channels.errors import Refused, TryLater, Unsupported
from plein.channels.markup import Plain, plain
from plein.channels.posts import Attachment, Author, Batch, Post, Unreadable
from plein.town.door import Door
from plein.town.saying import own

# --- abilities ---

ABILITIES = Abilities(
    basis=Basis.FEED,
    public_sources=("feed",),
    counting=Counting.NONE,
    hears_edits=True,
)

# --- translate in ---

# More entries than this in one document are no news.
MOST_ENTRIES = 1000
# A document that defines more names than this does so to make us unfold them.
MOST_ENTITIES = 64
# As long as a uri may be: longer ones are shortened to a hash.
LONGEST_URI = 400
LONGEST_HANDLE = 200
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_HOURS = re.compile(rb"<skipHours>(.*?)</skipHours>", re.IGNORECASE | re.DOTALL)
_DAYS = re.compile(rb"<skipDays>(.*?)</skipDays>", re.IGNORECASE | re.DOTALL)
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# What we ask when a feed says nothing, and between what we stay whatever it says, in seconds.
USUAL, SHORTEST, LONGEST = 900.0, 300.0, 86400.0


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it stood when we read it."""

    title: str
    url: str
    language: str
    posts: tuple[Post, ...]
    wishes: float
    read_at: datetime
    trouble: str = ""


def feed_from(body: bytes, address: str, now: datetime, *, content_type: str = "", language: str = "") -> Feed:
    """Translate a document; a broken one as far as it can be read. Raises ValueError when it is no feed.

    `address` is where it was found: relative links are completed with it.
    """
    if body.count(b"<!ENTITY") > MOST_ENTITIES:
        raise ValueError(own("The document defines more names than a feed has use for."))
    headers = {"content-location": address, "content-type": content_type, "content-language": language}
    read = feedparser.parse(io.BytesIO(body), response_headers={k: v for k, v in headers.items() if v})
    if not read.get("version") and not read.entries:
        raise ValueError(_why_not(read, address))
    entries = read.entries[:MOST_ENTRIES]
    home = _web(read.feed.get("link", ""), address)
    shared = Counter(_web(entry.get("link", ""), address) for entry in entries)
    posts = [_post(entry, read.feed, address, now, shared) for entry in entries]
    # Two entries that call themselves the same are one: the first is the newest.
    unique = {post.uri: post for post in reversed(posts)}
    return Feed(
        title=plain(read.feed.get("title", "")).text,
        url=home,
        language=str(read.feed.get("language", "")),
        posts=tuple(reversed(unique.values())),
        wishes=_wishes(read.feed, body, now),
        read_at=now,
        trouble=str(read.get("bozo_exception", "")) if read.bozo else "",
    )


def _post(entry: dict[str, Any], feed: Mapping[str, Any], address: str, now: datetime, shared: Counter) -> Post:
    title = plain(str(entry.get("title", ""))).text
    markup = _longest(_texts(entry))
    link = _web(entry.get("link", ""), address)
    body = plain(markup, link or address)
    posted = _date(entry, now, "published_parsed", "created_parsed", "updated_parsed")
    updated = _date(entry, now, "updated_parsed")
    uri = identity(entry, address, lonely=shared[link] == 1)
    return Post(
        network="feed",
        uri=uri,
        remote_id=uri,
        author=_author(entry, feed, address),
        text=body.text or title,
        title=title if body.text else "",
        posted_at=posted or now,
        edited_at=updated if updated and posted and updated > posted else None,
        url=link or _web(entry.get("id", ""), ""),
        markup=markup,
        language=_language(entry, feed),
        attachments=tuple(_attachments(entry, body, address)),
        links=body.links,
        tags=tuple(dict.fromkeys(tag["term"].lower() for tag in entry.get("tags", []) if tag.get("term"))),
    )


def identity(entry: Mapping[str, Any], address: str, *, lonely: bool = True) -> str:
    """Return what an entry is called, the same each time it is read and wherever it is met.

    Its own id where that is one for the whole world, else its link (unless entries share it),
    else a hash of its title and text. `lonely` says that no other entry has this link.
    """
    own = str(entry.get("id", "")).strip()
    if own and not re.match(r"(https?|tag|urn|ftp):", own, re.IGNORECASE):
        own = f"{address}#{own}"
    link = _web(entry.get("link", ""), address)
    found = own or (link if lonely else "")
    if not found:
        found = f"{address}#{_digest(link, entry.get('title', ''), entry.get('summary', ''))}"
    return found if len(found) <= LONGEST_URI else f"{address[:300]}#{_digest(found)}"


def content_hash(post: Post) -> str:
    """Return a hash of what a reader would see: another one means that the entry was edited."""
    seen = [post.title, post.text, post.url, *(attachment.url for attachment in post.attachments)]
    return _digest(*seen)[:16]


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode(errors="replace")).hexdigest()[:40]


def _texts(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield the forms in which an entry gives its text, as HTML."""
    for content in [*entry.get("content", []), entry.get("summary_detail") or {}]:
        kind, value = content.get("type", ""), content.get("value", "")
        if kind in ("", "text/plain"):
            yield value.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
        elif kind in ("text/html", "application/xhtml+xml"):
            yield value


def _longest(texts: Iterable[str]) -> str:
    return max(texts, key=len, default="")


def _author(entry: Mapping[str, Any], feed: Mapping[str, Any], address: str) -> Author:
    """Return the writer as far as the feed tells; the feed itself is the account."""
    host = urlsplit(address).hostname or address
    detail = entry.get("author_detail") or {}
    name = plain(str(detail.get("name") or entry.get("author") or feed.get("title") or host)).text
    return Author(id=address, handle=host, name=name[:200], url=_web(feed.get("link", ""), address))


def _date(entry: dict[str, Any], now: datetime, *names: str) -> datetime | None:
    """Return the first date that can be true: feeds know of the year 1 and of next century."""
    for name in names:
        # Its own `get` makes up an update from the publication.
        parsed = dict.get(entry, name)
        try:
            moment = datetime(*parsed[:6], tzinfo=UTC) if parsed else None
        except (ValueError, OverflowError, TypeError):
            continue
        if moment and _EARLIEST < moment <= now + timedelta(days=1):
            return min(moment, now)
    return None


def _language(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> str:
    told = (entry.get("title_detail") or {}).get("language") or feed.get("language") or ""
    return str(told)[:16]


def _attachments(entry: Mapping[str, Any], body: Plain, address: str) -> Iterator[Attachment]:
    """Yield what hangs on an entry, each address once."""
    given = [(e.get("href", ""), e.get("type", ""), e.get("title", "")) for e in entry.get("enclosures", [])]
    given += [(m.get("url", ""), m.get("type") or m.get("medium", ""), "") for m in entry.get("media_content", [])]
    given += [(m.get("url", ""), "image/*", "") for m in entry.get("media_thumbnail", [])]
    given += [(url, "image/*", "") for url in body.images]
    known: set[str] = set()
    for url, kind, alt in given:
        whole = _web(url, address)
        if whole and whole not in known:
            known.add(whole)
            yield Attachment(whole, _media_type(whole, kind), str(alt or ""))


def _media_type(url: str, told: str) -> str:
    if "/" in told and not told.endswith("/*"):
        return told
    guessed = mimetypes.guess_type(urlsplit(url).path)[0]
    return guessed or (told if "/" in told else f"{told}/*" if told else "application/octet-stream")


def _web(written: object, base: str) -> str:
    """Return a whole address on the web, or nothing."""
    if not str(written or "").strip():
        return ""
    try:
        address = urljoin(base, str(written).strip())
    except ValueError:
        return ""
    return address if address.lower().startswith(("http://", "https://")) else ""


def _why_not(read: Mapping[str, Any], address: str) -> str:
    """Return why a document is no feed, and where there is one."""
    kinds = ("application/rss+xml", "application/atom+xml")
    for link in read["feed"].get("links", []):
        if link.get("rel") == "alternate" and link.get("type") in kinds:
            found = _web(link.get("href"), address)
            return own("This is a page, not a feed. The page says that its feed is at {0}.", found)
    error = read.get("bozo_exception")
    return own("This is not a feed: {0}.", error) if error else own("This is not a feed.")


def _wishes(feed: Mapping[str, Any], body: bytes, now: datetime) -> float:
    """Return how many seconds the feed itself wants to be left alone."""
    wait = 0.0
    ttl = str(feed.get("ttl", "")).strip()
    if ttl.isdigit():
        wait = min(LONGEST, int(ttl) * 60.0)
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if period:
        often = str(feed.get("sy_updatefrequency", "1")).strip()
        wait = max(wait, period / max(1, int(often) if often.isdigit() and len(often) < 6 else 1))
    return max(wait, _skipped(body, now))


def _skipped(body: bytes, now: datetime) -> float:
    """Return how many seconds it takes until an hour and a day that the feed does not skip.

    >>> _skipped(b"<skipHours><hour>9</hour><hour>10</hour></skipHours>", datetime(2026, 3, 3, 9, 30, tzinfo=UTC))
    5400.0
    """
    hours = {int(hour) % 24 for block in _HOURS.findall(body) for hour in re.findall(rb"\b(\d{1,2})\b", block)}
    days = {day.decode().lower() for block in _DAYS.findall(body) for day in re.findall(rb"[A-Za-z]+day", block)}
    at = now
    for _ in range(24 * 7):
        if at.hour not in hours and _WEEK[at.weekday()] not in days:
            return (at - now).total_seconds()
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return LONGEST


# --- translate out ---


def no_answer() -> Unsupported:
    """Return what everything that sends says."""
    return Unsupported(own("A feed can be read, not answered. Look on the page itself for a way to react."))


# --- client ---

MAX_BYTES = 5 * 1024 * 1024
# What is kept of something that cannot be read.
SAMPLE = 65536
HOPS = 5
# What a first look brings.
RECENT = timedelta(days=14)
# A page that is not there may be back: how long before we look again, in seconds.
MISSING_WAIT = 6 * 3600.0
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"


class Seen(msgspec.Struct, array_like=True):
    """What we know of an entry: a hash of its content, and when it was there first (seconds since 1970)."""

    content: str
    first: int


class Place(msgspec.Struct, omit_defaults=True):
    """What the server and the feed said last time: the cursor, as JSON.

    `of` is the address that we were told to read, shortened to a hash, and `moved` the one that the
    feed moved to for good. `entries` holds what is in the feed
    now: what fell out of it and comes back is brought again, and found to be known already.
    """

    of: str = ""
    moved: str = ""
    etag: str = ""
    modified: str = ""
    wait: float = 0.0
    entries: dict[str, Seen] = {}

    @classmethod
    def read(cls, cursor: str | None) -> Place:
        """Return where a cursor says we are."""
        return msgspec.json.decode(cursor, type=cls) if cursor else cls()

    def at(self, address: str) -> Place:
        """Return the place at an address: what another address said last time says nothing of this one."""
        of = _digest(address)[:16]
        return msgspec.structs.replace(self, of=of) if self.of in ("", of) else Place(of=of)

    def written(self) -> str:
        """Return the cursor."""
        return msgspec.json.encode(self).decode()


class Client:
    """Reads feeds. It has nobody to speak as."""

    def __init__(self, account: Account, door: Door) -> None:
        self.account = account
        self._http = door.client(headers={"accept": ACCEPT})

    def profile(self) -> Profile:
        """Return what the feed calls itself. Raises Refused, with the reason, when it is no feed."""
        address = self.account.settings.get("address", "")
        answer, _, at = self.fetch(address, {})
        try:
            feed = read_answer(answer, at)
        except ValueError as error:
            raise Refused(str(error)) from error
        return Profile(at, handle_of(at), feed.title or urlsplit(at).netloc, feed.url or at)

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Return the entries that are new or changed. Raises Gone when the feed ended for good."""
        if source.kind != "feed":
            raise Unsupported(own("A feed has no source called {0}.", source.kind))
        address = source.address or self.account.settings.get("address", "")
        place = Place.read(cursor).at(address)
        answer, moved, at = self.fetch(place.moved or address, _conditions(place))
        place.moved = moved if moved != address else ""
        if answer.status == 304:
            return Batch((), place.written(), poll_after=pause(answer.headers, place.wait))
        try:
            feed = read_answer(answer, at)
        except ValueError as error:
            return Batch(
                (Unreadable(answer.body[:SAMPLE], str(error)),), place.written(), poll_after=pause(answer.headers, 0)
            )
        return _batch(place, feed, answer)

    def fetch(self, address: str, conditions: Mapping[str, str]) -> tuple[Answer, str, str]:
        """Return the answer, the address the feed has from now on, and where it was found this time.

        Only a chain of permanent moves is remembered; the door looks at every step.
        """
        at, lasting, all_lasting = address, address, True
        for _ in range(HOPS):
            answer = send(self._http, "GET", at, headers=dict(conditions), max_bytes=MAX_BYTES)
            if answer.status not in (301, 302, 303, 307, 308):
                _must_be_good(answer)
                return answer, lasting, at
            at = _web(answer.headers.get("location", ""), at)
            if not at:
                raise Refused(own("The server sends us on to nowhere."))
            all_lasting = all_lasting and answer.status in (301, 308)
            lasting = at if all_lasting else lasting
        raise Refused(own("The server sends us on more than {0} times.", HOPS))

    # A feed has no way back.

    def preview(self, message: Message) -> Preview:
        """Return the text as it is: it will be shown nowhere."""
        return Preview(message.text, 0, None)

    def publish(self, message: Message) -> Sent:
        """Raise Unsupported."""
        raise no_answer()

    def find_sent(self, message: Message) -> Sent | Absent | CannotTell:
        """Return Absent: nothing was ever sent."""
        return Absent()

    def revise(self, sent: Sent, message: Message) -> Sent:
        """Raise Unsupported."""
        raise no_answer()

    def withdraw(self, sent: Sent) -> None:
        """Raise Unsupported."""
        raise no_answer()


def _must_be_good(answer: Answer) -> None:
    """Raise what a bad answer means for a feed: only 410 is for good, 404 may be a mistake."""
    if answer.status == 304:
        return
    error = error_in(answer)
    if answer.status == 404:
        raise TryLater(own("There is no feed at {0} now.", answer.address), retry_after=MISSING_WAIT)
    if answer.status == 410:
        raise Gone(own("The feed at {0} has ended, says its server.", answer.address))
    if error:
        raise error


def read_answer(answer: Answer, address: str) -> Feed:
    """Translate what a server answered. Raises ValueError when it is no feed."""
    kind, language = answer.headers.get("content-type", ""), answer.headers.get("content-language", "")
    return feed_from(answer.body, address, server_time(answer), content_type=kind, language=language)


def _conditions(place: Place) -> dict[str, str]:
    """Return what makes a server say 304 instead of sending everything again."""
    asked = {"if-none-match": place.etag, "if-modified-since": place.modified}
    return {name: value for name, value in asked.items() if value}


def _batch(place: Place, feed: Feed, answer: Answer) -> Batch:
    """Return what is new since the last time, and remember what is there now."""
    now = feed.read_at
    news = [_news(post, place.entries.get(_short(post)), now) for post in feed.posts]
    first_look = not place.entries
    items = [post for post in news if post and not (first_look and now - post.version_at > RECENT)]
    entries = {_short(post): _seen(post, place.entries.get(_short(post)), now) for post in feed.posts}
    rolled_over = len(place.entries) > 1 and len(entries) > 1 and not entries.keys() & place.entries.keys()
    lost = own("All {0} entries are new: others may have come and gone since the last look.", len(entries))
    after = Place(
        of=place.of,
        moved=place.moved,
        etag=answer.headers.get("etag", ""),
        modified=answer.headers.get("last-modified", ""),
        wait=feed.wishes,
        entries=entries,
    )
    return Batch(
        tuple(items), after.written(), lost if rolled_over else "", poll_after=pause(answer.headers, feed.wishes)
    )


def _news(post: Post, seen: Seen | None, now: datetime) -> Post | None:
    """Return a post if it is new, or changed since it was seen; a change without a date is of now."""
    if seen is None:
        return post
    if seen.content == content_hash(post):
        return None
    first = datetime.fromtimestamp(seen.first, UTC)
    posted = min(post.posted_at, first) if post.posted_at == now else post.posted_at
    edited = post.edited_at if post.edited_at and post.edited_at > first else now
    return replace(post, posted_at=posted, edited_at=edited)


def _seen(post: Post, seen: Seen | None, now: datetime) -> Seen:
    return Seen(content_hash(post), seen.first if seen else int(min(post.posted_at, now).timestamp()))


def _short(post: Post) -> str:
    return _digest(post.uri)[:16]


def pause(headers: httpx.Headers, wishes: float) -> float:
    """Return after how many seconds to look again: the longest wish, within reason.

    >>> pause(httpx.Headers({"cache-control": "max-age=1800"}), 600.0)
    1800.0
    """
    age = re.search(r"max-age=(\d{1,9})", headers.get("cache-control", ""))
    asked = max(float(age[1]) if age else 0.0, wishes)
    later = headers.get("retry-after", "").strip()
    if later.isdigit() and len(later) < 9:
        asked = max(asked, float(later))
    return min(LONGEST, max(SHORTEST, asked or USUAL))


def handle_of(address: str) -> str:
    """Return what a feed is called: its address, short enough for a name and unlike any other's.

    >>> handle_of("https://w.example/rss.php?soort=nieuws")
    'w.example/rss.php?soort=nieuws'
    """
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    handle = f"{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}{query}"
    return handle if len(handle) <= LONGEST_HANDLE else f"{handle[:100]}#{_digest(handle)}"


def connect(account: Account, door: Door) -> Client:
    """Return a client."""
    return Client(account, door)


NETWORK = Network(
    code="feed",
    name="RSS",
    abilities=ABILITIES,
    support=Support.RECORDED,
    connect=connect,
    fields=(Field("address", "Address of the feed", "For example https://www.waterdam.example/nieuws/feed."),),
    first_sources=(SourceSpec("feed"),),
    poll_seconds=USUAL,
    docs="docs/channels/feed.md",
)
