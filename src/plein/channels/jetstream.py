"""Jetstream: Bluesky's public posts as lines of JSON, compressed on the way.

Three layers, each usable by itself: `subscribe` yields raw lines, `decode` turns lines by the
hundred into typed events in one pass, `stream` translates them to posts. Who has thousands of
lines a second takes the first two and translates only what was asked for.

A cursor is the `time_us` of the last event (microseconds since 1970). On resuming we ask for a
few seconds more, because another server of the same network numbers the same event slightly
differently. The overlap holds the event of the cursor itself; a server that does not send it
again has forgotten what came before, and that is a gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec
import zstandard

from plein.channels.answers import error_in, send
from plein.channels.lexicon import NETWORK_CODE, POSTS, Record, post_of_record
from plein.channels.posts import Batch, Deleted, Item, Unreadable
from plein.channels.reading import NOT_READABLE
from plein.channels.sockets import frames
from plein.town.door import Door
from plein.town.saying import own

URL = "wss://jetstream2.us-east.bsky.network/subscribe"
DICTIONARY = "https://raw.githubusercontent.com/bluesky-social/jetstream/main/pkg/models/zstd_dictionary"
OVERLAP_US = 5_000_000
# A post is at most some kilobytes; whatever claims to be more is not one.
MAX_LINE = 2 * 1024 * 1024


class Commit(msgspec.Struct, gc=False):
    """A change to one record. `operation` is create, update or delete."""

    operation: str
    collection: str
    rkey: str
    cid: str = ""
    record: Record | None = None


class Event(msgspec.Struct, gc=False):
    """One line of the stream. `commit` is None for news about an account."""

    did: str
    time_us: int
    kind: str = "commit"
    commit: Commit | None = None

    @property
    def uri(self) -> str:
        """Return the canonical uri of the record that this event is about."""
        return f"at://{self.did}/{self.commit.collection}/{self.commit.rkey}" if self.commit else ""

    @property
    def at(self) -> datetime:
        """Return when the server saw it."""
        return datetime.fromtimestamp(self.time_us / 1_000_000, UTC)


_DECODER = msgspec.json.Decoder(Event)


def decode(lines: Iterable[bytes]) -> tuple[list[Event], list[Unreadable]]:
    r"""Return the events of many lines, and the lines that are none.

    One malformed line does not spoil the others; the usual case is one call of the decoder.

    >>> decode([b'{"did":"did:plc:a","time_us":1,"kind":"account"}', b'{"did":7}'])[0][0].time_us
    1
    """
    lines = list(lines)
    try:
        return _DECODER.decode_lines(b"\n".join(lines)), []
    except NOT_READABLE:
        return _decode_one_by_one(lines)


def _decode_one_by_one(lines: list[bytes]) -> tuple[list[Event], list[Unreadable]]:
    events: list[Event] = []
    unread: list[Unreadable] = []
    for line in lines:
        try:
            events.append(_DECODER.decode(line))
        except NOT_READABLE as error:
            unread.append(Unreadable(line, str(error)))
    return events, unread


def item_of(event: Event) -> Item | None:
    """Return the post or deletion that an event tells of; None when it is about something else."""
    commit = event.commit
    if commit is None or commit.collection != POSTS:
        return None
    if commit.operation == "delete":
        return Deleted(NETWORK_CODE, event.uri, event.at)
    if commit.record is None:
        return Unreadable(msgspec.json.encode(event), f"{commit.operation} without a record")
    edited_at = event.at if commit.operation == "update" else None
    return post_of_record(event.did, commit.rkey, commit.cid, commit.record, seen_at=event.at, edited_at=edited_at)


def gap_between(cursor: str | None, first_us: int) -> str:
    """Return in words what was missed when the server starts later than our cursor, else nothing.

    >>> gap_between("1000000", 61_000_000)
    'The server starts \u206860\u2069 seconds after the last event we saw.'
    """
    if cursor is None or first_us <= int(cursor):
        return ""
    return own("The server starts {0} seconds after the last event we saw.", round((first_us - int(cursor)) / 1e6))


@dataclass
class Jetstream:
    """One subscription. `passed` counts events that are no posts, by their kind."""

    door: Door
    url: str = URL
    collections: tuple[str, ...] = (POSTS,)
    dids: tuple[str, ...] = ()
    compress: bool = True
    dictionary_url: str = DICTIONARY
    passed: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, door: Door, url: str, settings: Mapping[str, str]) -> Jetstream:
        """Return the subscription that a source describes: an empty url is the public server."""
        return cls(
            door,
            url or URL,
            collections=tuple(settings.get("collections", POSTS).split()),
            dids=tuple(settings.get("dids", "").split()),
            compress=settings.get("compress", "yes") != "no",
            dictionary_url=settings.get("dictionary", DICTIONARY),
        )

    def subscribe(self, cursor: str | None) -> Iterator[list[bytes]]:
        """Yield lines of JSON by the hundred, as they come; an empty list is a heartbeat.

        Raises TryLater when the server cannot be reached or hangs up, Refused when it says no.
        """
        unpack = self._unpacker() if self.compress else None
        for chunk in frames(self.door, self._address(cursor, unpack is not None), max_size=MAX_LINE):
            yield [unpack(frame) for frame in chunk] if unpack else chunk

    def stream(self, cursor: str | None) -> Iterator[Batch]:
        """Yield posts, edits and deletions with the cursor behind them."""
        started, last = False, int(cursor or 0)
        for lines in self.subscribe(cursor):
            events, unread = decode(lines)
            gap = "" if started or not events else gap_between(cursor, events[0].time_us)
            started = started or bool(events)
            last = max([last, *(event.time_us for event in events)])
            yield Batch((*self._items(events), *unread), str(last) if last else None, gap)

    def _items(self, events: list[Event]) -> Iterator[Item]:
        for event in events:
            item = item_of(event)
            if item is None:
                self.passed[event.kind] += 1
            else:
                yield item

    def _address(self, cursor: str | None, compressed: bool) -> str:
        query = [("wantedCollections", name) for name in self.collections]
        query += [("wantedDids", did) for did in self.dids]
        if cursor:
            query.append(("cursor", str(max(0, int(cursor) - OVERLAP_US))))
        if compressed:
            query.append(("compress", "true"))
        return f"{self.url}?{urlencode(query)}" if query else self.url

    def _unpacker(self):
        dictionary = _dictionary(self.door, self.dictionary_url)
        decompressor = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))

        def unpack(frame: bytes) -> bytes:
            """Return the line in a frame; what is no such frame stays as it is, to be found unreadable."""
            try:
                if zstandard.frame_content_size(frame) > MAX_LINE:
                    return frame
                return decompressor.decompress(frame, max_output_size=MAX_LINE)
            except zstandard.ZstdError:
                return frame

        return unpack


_dictionaries: dict[str, bytes] = {}


def _dictionary(door: Door, url: str) -> bytes:
    """Return the dictionary without which the frames cannot be read; fetched once a process."""
    if url not in _dictionaries:
        with door.client(follow_redirects=True) as client:
            answer = send(client, "GET", url)
        if error := error_in(answer):
            raise error
        _dictionaries[url] = answer.body
    return _dictionaries[url]
