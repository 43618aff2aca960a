"""The two ends of a conversation, in the words of the tests."""

from __future__ import annotations

import struct
import time
import uuid
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from plein.channels.contract import Image, Message, Sent, SourceSpec
from plein.channels.posts import Deleted, Item, Post
from tests.contract.worlds import World, Written

MENTIONS = SourceSpec("mentions")
LOOK_EVERY = 0.25


def unique(text: str) -> str:
    """Return a text that no other test uses.

    >>> unique("lamp") != unique("lamp")
    True
    """
    return f"{text} {uuid.uuid4().hex[:10]}"


def bare(text: str) -> str:
    """Return a text without who it is for, and with single spaces: servers write names their own way.

    >>> bare("@waterdam@a.example  de lamp")
    'de lamp'
    """
    return " ".join(word for word in text.split() if not word.startswith("@"))


def eventually(what: Callable[[], Any], within: float, words: str) -> Any:
    """Return the first true value of `what()`; fails with `words` when it stays away."""
    until = time.monotonic() + within
    while True:
        if found := what():
            return found
        assert time.monotonic() < until, f"{words} did not happen within {within:.0f} s"
        time.sleep(LOOK_EVERY)


class Ear:
    """Looks at a source as the engine does: again and again, from the cursor of the last look.

    Starts behind what is there already. Every look is by a new client, as after a restart.
    """

    def __init__(self, world: World, source: SourceSpec = MENTIONS) -> None:
        self.world, self.source = world, source
        self.cursor: str | None = None
        self.heard: list[Item] = []
        self.look()
        self.heard.clear()

    def look(self) -> None:
        """Look until there is no more for now."""
        client = self.world.connect()
        while True:
            batch = client.listen(self.source, self.cursor)
            self.heard += batch.items
            self.cursor = batch.cursor
            if not batch.more:
                return

    def until(self, uri: str) -> Post:
        """Return a post once it is heard."""
        return self.until_that(lambda item: item.uri == uri, uri)

    def until_that(self, fits: Callable[[Any], bool], words: str) -> Any:
        """Return the first item heard that fits, also when it came before."""

        def heard() -> Item | None:
            self.look()
            return next((item for item in self.heard if hasattr(item, "uri") and fits(item)), None)

        return eventually(heard, self.world.patience, f"Hearing {words}")

    def until_all(self, uris: set[str]) -> None:
        """Return once all of these were heard."""
        try:
            eventually(lambda: self.look() or uris <= set(self.uris()), self.world.patience * 3, "Hearing all")
        except AssertionError as late:
            lacking = uris - set(self.uris())
            there = {item.uri for item in self.world.connect().listen(self.source, None).items}
            told = f"{len(lacking)} of {len(uris)} lack; {len(lacking & there)} of these the network shows on its first page"
            raise AssertionError(told) from late

    def uris(self) -> list[str]:
        """Return what was heard, every time that it was."""
        return [item.uri for item in self.heard if isinstance(item, Post | Deleted)]


class Town:
    """Sends as the engine does, and remembers what it sent."""

    def __init__(self, world: World, client: Any) -> None:
        self.world, self.client = world, client
        self.sent: list[Sent] = []

    def message(self, text: str, to: Post | None = None, **fields: Any) -> Message:
        """Return a message with a key of its own; a reply knows what it answers."""
        if to:
            fields |= {"reply_to": to.uri, "reply_to_id": to.remote_id, "root": to.root or to.uri, "to": to.author}
            fields.setdefault("visibility", to.visibility)
        return Message(key=str(uuid.uuid4()), text=text, written_at=datetime.now(UTC), **fields)

    def sends(self, message: Message) -> Sent:
        """Send a message."""
        self.sent.append(self.client.publish(message))
        return self.sent[-1]

    def written(self, sent: Sent, text: str) -> Written:
        """Return what we sent as something a resident can answer."""
        return self.world.sent(sent.uri, text)


def picture(alt: str) -> Image:
    """Return one red pixel with a description."""
    return Image(_png(), "image/png", alt)


def _png() -> bytes:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\xff\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
