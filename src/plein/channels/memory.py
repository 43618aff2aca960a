"""The practice square: a whole network in one SQLite file, for the demo, for learning and for tests.

It has every ability, several processes can stand on it at once, and it misbehaves on request:
it refuses, rate-limits, goes down, or times out after it has accepted a message.

    square = Square("square.sqlite3")
    uri = square.post("jan", "Hallo @waterdam, de brug is stuk")
    square.behave("times_out_after", times=1)
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

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
    Receipt,
    Sent,
    SignsIn,
    SourceSpec,
    Support,
)
from plein.channels.counting import graphemes
from plein.channels.errors import Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.posts import Batch, Deleted, Item, Post, Unreadable, Visibility
from plein.channels.square import BATCH, Behaviour, Square, author_of, found_in
from plein.town.door import Door
from plein.town.saying import own

__all__ = ["ABILITIES", "NETWORK", "Client", "Square", "author_of", "connect", "item_from"]

# --- abilities ---

ABILITIES = Abilities(
    basis=Basis.OFFICIAL_API,
    signs_in=SignsIn.OFFICIAL_ACCOUNT,
    hears_mentions=True,
    public_sources=("public", "hashtag"),
    shows_threads=True,
    replies=True,
    posts=True,
    edits=True,
    deletes=True,
    alt_text=True,
    max_images=4,
    max_length=500,
    counting=Counting.GRAPHEMES,
    visibilities=tuple(Visibility),
    content_warnings=True,
    hears_edits=True,
    hears_deletes=True,
    receipt=Receipt.ASKABLE,
)

# --- translate in ---


def item_from(kind: str, body: bytes, uri: str) -> Item:
    """Translate a line of the square's log."""
    if kind == "deleted":
        return msgspec.json.decode(body, type=Deleted)
    if kind == "post":
        return replace(msgspec.json.decode(body, type=Post), raw=body)
    return Unreadable(body, f"The square sent a line that nobody understands, about {uri}.")


# --- translate out: the square takes a Message as it is ---


def _sent(post: Post) -> Sent:
    return Sent(post.uri, post.remote_id, post.url, post.posted_at)


# --- client ---


class Client:
    """One account on the square."""

    # How often a stream looks at the square, and how long it keeps quiet before it says so, in seconds.
    look_every = 0.2
    heartbeat = 15.0

    def __init__(self, account: Account, square: Square) -> None:
        self.account = account
        self.square = square
        self.me = author_of(account.handle, account.settings.get("name", ""))

    def profile(self) -> Profile:
        """Return who we are; every name is free on the square, and a token ends when its settings say so."""
        self._ask("profile")
        until = self.account.settings.get("token_expires_at", "")
        ends = datetime.fromisoformat(until) if until else None
        return Profile(self.me.id, self.me.handle, self.me.name, self.me.url, ends, ABILITIES.max_length)

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Return the lines of the log behind the cursor that this source is about."""
        self._ask("listen")
        where, values = self._about(source)
        end = max(self.square.end(), int(cursor or 0))
        lines = self.square.log(int(cursor or 0), where, values)
        items = tuple(item_from(kind, body, uri) for _, kind, body, uri in lines)
        more = len(lines) == BATCH
        return Batch(items, str(lines[-1][0] if more else max(end, lines[-1][0] if lines else 0)), more=more)

    def stream(self, source: SourceSpec, cursor: str | None) -> Iterator[Batch]:
        """Yield batches the moment there is something, and an empty one now and then."""
        quiet = 0.0
        while True:
            batch = self.listen(source, cursor)
            cursor = batch.cursor
            if batch.items or quiet >= self.heartbeat:
                quiet = 0.0
                yield batch
                continue
            time.sleep(self.look_every)
            quiet += self.look_every

    def thread(self, uri: str, remote_id: str) -> tuple[Item, ...]:
        """Return the posts of the thread that we may see."""
        self._ask("thread")
        post = self.square.get(uri)
        root = (post.root or post.uri) if isinstance(post, Post) else uri
        return tuple(found for found in self.square.thread(root) if self._sees(found))

    def check(self, uri: str, remote_id: str) -> Post | Deleted:
        """Return a post as it stands now."""
        self._ask("check")
        return self.square.get(uri) or Deleted("memory", uri, datetime.now(UTC))

    def preview(self, message: Message) -> Preview:
        """Return a message as the square will show it."""
        found = found_in(message.text)
        return Preview(message.text, graphemes(message.text), ABILITIES.max_length, found["links"], found["mentions"])

    def publish(self, message: Message) -> Sent:
        """Send once."""
        plan = self._ask("publish")
        if len(message.images) > ABILITIES.max_images:
            raise Unsupported(own("A message on the square takes at most {0} pictures.", ABILITIES.max_images))
        if self.preview(message).too_long_by:
            raise Refused(own("This message is too long for the square."))
        if message.reply_to and isinstance(self.square.get(message.reply_to), Deleted):
            raise Refused(own("The message that you answer has been deleted."))
        post = self.square.accept(message, self.me)
        _take_time(plan)
        if plan and plan.answer == "times_out_after":
            raise TryLater(plan.words, retry_after=plan.retry_after)
        return _sent(post)

    def find_sent(self, message: Message) -> Sent | Absent | CannotTell:
        """Ask the square whether it has this message."""
        plan = self._ask("find_sent")
        if plan and plan.answer == "cannot_tell":
            return CannotTell(plan.words)
        found = self.square.sent_as(message.key)
        if isinstance(found, Deleted):
            return Sent(found.uri, found.uri.rsplit("/", 1)[-1], found.uri)
        return _sent(found) if found else Absent()

    def revise(self, sent: Sent, message: Message) -> Sent:
        """Change the text of what we sent."""
        self._ask("revise")
        self.square.edit(sent.uri, message.text)
        return sent

    def withdraw(self, sent: Sent) -> None:
        """Take back what we sent."""
        self._ask("withdraw")
        if isinstance(self.square.get(sent.uri), Post):
            self.square.delete(sent.uri)

    def _about(self, source: SourceSpec) -> tuple[str, tuple[str, ...]]:
        """Return which lines a source is about, as a condition and its values."""
        if source.kind == "mentions":
            return "audience LIKE ?", (f"% {self.me.handle} %",)
        if source.kind == "hashtag":
            return "visibility = 'public' AND tags LIKE ?", (f"% {source.address.lstrip('#').lower()} %",)
        if source.kind == "public":
            return "visibility = 'public'", ()
        raise Unsupported(own("The practice square has no source called {0}.", source.kind))

    def _sees(self, post: Post) -> bool:
        return post.visibility is not Visibility.DIRECT or self.me.handle in (post.author.handle, *post.mentions)

    def _ask(self, call: str) -> Behaviour | None:
        """Raise what the square answers instead; what still has to happen first comes back."""
        plan = self.square.behaviour(call)
        _take_time(plan)
        if plan is None or plan.answer in ("times_out_after", "cannot_tell", "takes_time"):
            return plan
        if plan.answer == "dead_token":
            raise SignInNeeded(plan.words)
        if plan.answer == "refuses":
            raise Refused(plan.words)
        raise TryLater(plan.words, retry_after=plan.retry_after)


def _take_time(plan: Behaviour | None) -> None:
    if plan and plan.answer == "takes_time":
        time.sleep(plan.retry_after or 0)


def connect(account: Account, door: Door) -> Client:
    """Return a client. The square is a file, so that the door stays shut. Raises Refused.

    Which file is for whoever runs Plein to say, never for somebody on a screen.
    """
    try:
        return Client(account, Square.at(account.settings.get("address") or ":memory:"))
    except sqlite3.Error as error:
        raise Refused(own("The practice square cannot be opened: {0}", error)) from error


NETWORK = Network(
    code="memory",
    name="Oefenplein",
    abilities=ABILITIES,
    support=Support.LIVE,
    connect=connect,
    fields=(
        Field("handle", "Name on the practice square", "Any name will do; residents write to you with @ before it."),
    ),
    poll_seconds=1.0,
    docs="docs/channels/memory.md",
    on_the_web=False,
)
