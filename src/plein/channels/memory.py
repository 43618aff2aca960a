"""The practice square: a whole network in one SQLite file, for the demo, for learning and for tests.

It has every ability, several processes can stand on it at once, and it misbehaves on request:
it refuses, rate-limits, goes down, or times out after it has accepted a message.

    square = Square("square.sqlite3")
    uri = square.post("jan", "Hallo @waterdam, de brug is stuk")
    square.behave("times_out_after", times=1)
"""

from __future__ import annotations

import hashlib
import random
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import msgspec

from plein.channels.contract import (
    Abilities,
    Absent,
    Account,
    CannotTell,
    Counting,
    Field,
    Image,
    Message,
    Network,
    Preview,
    Profile,
    Receipt,
    Sent,
    SourceSpec,
    Support,
)
from plein.channels.counting import LINK, graphemes
from plein.channels.errors import Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.posts import Attachment, Author, Batch, Deleted, Item, Post, Unreadable, Visibility
from plein.town.door import Door

# --- abilities ---

ABILITIES = Abilities(
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

HOST = "https://oefenplein.example"
BATCH = 100
_MENTION = re.compile(r"(?<![\w/])@([\w.-]*\w)")
_TAG = re.compile(r"(?<![\w/&])#(\w+)")


def author_of(handle: str, name: str = "") -> Author:
    """Return who somebody is on the square."""
    return Author(id=f"square:{handle}", handle=handle, name=name or handle, url=f"{HOST}/@{handle}")


def item_from(kind: str, body: bytes, uri: str) -> Item:
    """Translate a line of the square's log."""
    if kind == "deleted":
        return msgspec.json.decode(body, type=Deleted)
    if kind == "post":
        return replace(msgspec.json.decode(body, type=Post), raw=body)
    return Unreadable(body, f"The square sent a line that nobody understands, about {uri}.")


# --- translate out ---


def draft(message: Message, author: Author, number: int, root: str | None, now: datetime) -> Post:
    """Translate what we want to send to a post on the square."""
    uri = f"{HOST}/@{author.handle}/{number}"
    return Post(
        network="memory",
        uri=uri,
        remote_id=str(number),
        author=author,
        text=message.text,
        posted_at=now,
        parent=message.reply_to,
        root=root or message.root or message.reply_to,
        url=uri,
        markup=_markup(message.text),
        language=message.language,
        content_warning=message.content_warning,
        visibility=message.visibility,
        attachments=tuple(_attachment(image) for image in message.images),
        **_found_in(message.text),
    )


def _attachment(image: Image) -> Attachment:
    name = hashlib.sha256(image.content).hexdigest()[:24]
    return Attachment(f"{HOST}/media/{name}", image.media_type, image.alt)


def _found_in(text: str) -> dict[str, tuple[str, ...]]:
    return {
        "mentions": tuple(dict.fromkeys(_MENTION.findall(text))),
        "links": tuple(dict.fromkeys(LINK.findall(text))),
        "tags": tuple(dict.fromkeys(tag.lower() for tag in _TAG.findall(text))),
    }


def _markup(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{part}</p>" for part in escaped.replace("\n", "<br>").split("<br><br>"))


# --- the square itself ---

ANSWERS = (
    "refuses",
    "rate_limits",
    "times_out_after",
    "times_out_before",
    "is_down",
    "dead_token",
    "cannot_tell",
    "takes_time",
)
CALLS = ("publish", "find_sent", "listen", "thread", "check", "profile", "revise", "withdraw")

_TABLES = """
CREATE TABLE IF NOT EXISTS post (
    number INTEGER PRIMARY KEY, uri TEXT UNIQUE, handle TEXT NOT NULL, key TEXT, root TEXT NOT NULL,
    audience TEXT NOT NULL, body BLOB, deleted_at TEXT);
CREATE INDEX IF NOT EXISTS post_by_key ON post (key);
CREATE INDEX IF NOT EXISTS post_by_root ON post (root);
CREATE TABLE IF NOT EXISTS log (
    place INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, uri TEXT NOT NULL, handle TEXT NOT NULL,
    audience TEXT NOT NULL, visibility TEXT NOT NULL, tags TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS behaviour (
    number INTEGER PRIMARY KEY, call TEXT NOT NULL, answer TEXT NOT NULL, words TEXT NOT NULL,
    times INTEGER, retry_after REAL, share REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the square does instead of what was asked."""

    answer: str
    words: str
    retry_after: float | None


class Square:
    """A network that lives in one file. `:memory:` (or `:memory:name`) lives in this process alone."""

    def __init__(self, path: str) -> None:
        # A story that is told in seconds sets it back.
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._lock = threading.RLock()
        name = ":memory:" if path.startswith(":memory:") else path
        self._rows = sqlite3.connect(name, timeout=20, isolation_level=None, check_same_thread=False)
        self._rows.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; {_TABLES}")

    @classmethod
    def at(cls, path: str) -> Square:
        """Return the one square of this process at a path."""
        return _square(str(path))

    # What residents do.

    def post(
        self,
        author: str | Author,
        text: str,
        reply_to: str | None = None,
        at: datetime | None = None,
        visibility: Visibility | str = Visibility.PUBLIC,
        *,
        content_warning: str = "",
        language: str = "nl",
        images: Sequence[Image] = (),
        key: str = "",
    ) -> str:
        """Put a post on the square and return its uri. `reply_to` may point at a post that nobody has."""
        message = Message(
            key=key,
            text=text,
            written_at=at or self.clock(),
            reply_to=reply_to,
            visibility=Visibility(visibility),
            content_warning=content_warning,
            language=language,
            images=tuple(images),
        )
        return self.accept(message, author if isinstance(author, Author) else author_of(author), at).uri

    def edit(self, uri: str, text: str, at: datetime | None = None) -> None:
        """Change the text of a post."""
        with self._write():
            post = self._held(uri)
            edited = replace(post, text=text, edited_at=at or _later(post), markup=_markup(text), **_found_in(text))
            self._store(edited)
            self._tell("post", edited, self._audience(edited))

    def delete(self, uri: str, at: datetime | None = None) -> None:
        """Take a post away; its words are gone from the square."""
        with self._write():
            post = self._held(uri)
            gone = Deleted("memory", uri, at or _later(post))
            audience = self._audience(post)
            self._rows.execute("UPDATE post SET body = NULL, deleted_at = ? WHERE uri = ?", (gone.at.isoformat(), uri))
            self._rows.execute("DELETE FROM log WHERE uri = ?", (uri,))
            self._tell("deleted", gone, audience, post)

    def say_again(self, item: Post | Deleted) -> None:
        """Deliver something once more, as it was: also what has been changed or deleted since."""
        with self._write():
            row = self._rows.execute("SELECT audience, handle FROM post WHERE uri = ?", (item.uri,)).fetchone()
            about = item if isinstance(item, Post) else replace(_NOBODYS, uri=item.uri, author=author_of(row[1]))
            self._tell("post" if isinstance(item, Post) else "deleted", item, row[0], about)

    def mumble(self, handle: str, line: bytes = b"{") -> None:
        """Send somebody a line that cannot be understood."""
        with self._write():
            self._rows.execute(
                f"INSERT INTO log ({_LOG}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                ("?", "", "", f" {handle} ", "direct", "", line),
            )

    # What one sees there.

    def posts(self) -> list[Post]:
        """Return everything that stands on the square, oldest first."""
        with self._lock:
            rows = self._rows.execute("SELECT body FROM post WHERE body IS NOT NULL ORDER BY number").fetchall()
        return [msgspec.json.decode(body, type=Post) for (body,) in rows]

    def get(self, uri: str) -> Post | Deleted | None:
        """Return one post as it stands now."""
        with self._lock:
            row = self._rows.execute("SELECT body, deleted_at FROM post WHERE uri = ?", (uri,)).fetchone()
        if row is None:
            return None
        body, deleted_at = row
        return (
            msgspec.json.decode(body, type=Post) if body else Deleted("memory", uri, datetime.fromisoformat(deleted_at))
        )

    def thread(self, root: str) -> list[Post]:
        """Return the posts of a thread that are still there, oldest first."""
        with self._lock:
            rows = self._rows.execute(
                "SELECT body FROM post WHERE root = ? AND body IS NOT NULL ORDER BY number", (root,)
            ).fetchall()
        return [msgspec.json.decode(body, type=Post) for (body,) in rows]

    def times_sent(self) -> dict[str, int]:
        """Return how often each key was accepted; more than once is a message sent twice."""
        with self._lock:
            return dict(self._rows.execute("SELECT key, count(*) FROM post WHERE key > '' GROUP BY key").fetchall())

    def sent_as(self, key: str) -> Post | Deleted | None:
        """Return what was accepted under a key."""
        with self._lock:
            row = self._rows.execute("SELECT uri FROM post WHERE key = ? ORDER BY number", (key,)).fetchone()
        return self.get(row[0]) if row else None

    # How it behaves.

    def behave(
        self,
        answer: str = "answers",
        *,
        on: str = "publish",
        times: int | None = None,
        words: str = "",
        retry_after: float | None = None,
        share: float = 1.0,
    ) -> None:
        """Say how the square answers a call from now on: one of ANSWERS, or `answers` to be good again.

        `retry_after` is what a busy square asks for, or how long it takes its time, in seconds.
        `times` limits how often (None: until told otherwise), `share` which part of the calls.
        Several behaviours of one call stand in line: the first that applies is taken.
        """
        with self._write():
            if answer == "answers":
                self._rows.execute("DELETE FROM behaviour WHERE call = ?", (on,))
                return
            if answer not in ANSWERS or on not in CALLS:
                raise ValueError(f"The square cannot {answer!r} on {on!r}.")
            self._rows.execute(
                "INSERT INTO behaviour (call, answer, words, times, retry_after, share) VALUES (?, ?, ?, ?, ?, ?)",
                (on, answer, words or _WORDS[answer], times, retry_after, share),
            )

    def scramble(self, seed: int, *, after: int = 0, duplicates: float = 0.1) -> None:
        """Shuffle the log behind a place, and repeat a part of it: what a bad day looks like."""
        chance = random.Random(seed)
        with self._write():
            rows = self._rows.execute(f"SELECT {_LOG} FROM log WHERE place > ?", (after,)).fetchall()
            rows += [row for row in rows if chance.random() < duplicates]
            chance.shuffle(rows)
            self._rows.execute("DELETE FROM log WHERE place > ?", (after,))
            self._rows.executemany(f"INSERT INTO log ({_LOG}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def end(self) -> int:
        """Return the last place in the log."""
        with self._lock:
            return self._rows.execute("SELECT coalesce(max(place), 0) FROM log").fetchone()[0]

    # What the client needs.

    def accept(self, message: Message, author: Author, at: datetime | None = None) -> Post:
        """Put a message on the square. It is not idempotent: what is sent twice stands there twice."""
        with self._write():
            number = self._rows.execute("SELECT coalesce(max(number), 0) + 1 FROM post").fetchone()[0]
            post = draft(message, author, number, self._root_of(message.reply_to), at or self.clock())
            self._rows.execute(
                "INSERT INTO post (number, uri, handle, key, root, audience) VALUES (?, ?, ?, ?, ?, '')",
                (number, post.uri, author.handle, message.key, post.root or post.uri),
            )
            self._store(post)
            self._tell("post", post, self._audience(post))
        return post

    def log(self, place: int, where: str, values: Sequence[str]) -> list[tuple[int, str, bytes, str]]:
        """Return the next lines (place, kind, body, uri) behind a place."""
        query = f"SELECT place, kind, body, uri FROM log WHERE place > ? AND {where} ORDER BY place LIMIT {BATCH}"
        with self._lock:
            return self._rows.execute(query, (place, *values)).fetchall()

    def behaviour(self, call: str) -> Behaviour | None:
        """Return what the square does instead of this call, and count it."""
        for number, answer, words, times, retry_after, share in self._behaviours(call):
            if random.random() >= share or not self._count_off(number, times):
                continue
            return Behaviour(answer, words, retry_after)
        return None

    def _behaviours(self, call: str) -> list[tuple]:
        columns = "number, answer, words, times, retry_after, share"
        with self._lock:
            return self._rows.execute(
                f"SELECT {columns} FROM behaviour WHERE call = ? ORDER BY number", (call,)
            ).fetchall()

    def _count_off(self, number: int, times: int | None) -> bool:
        """Use up one of the times that a behaviour is for; whether there was one left."""
        if times is None:
            return True
        with self._write():
            used = self._rows.execute(
                "UPDATE behaviour SET times = times - 1 WHERE number = ? AND times > 0", (number,)
            )
            return used.rowcount == 1

    def _write(self) -> _Writing:
        return _Writing(self._lock, self._rows)

    def _held(self, uri: str) -> Post:
        post = self.get(uri)
        if not isinstance(post, Post):
            raise Refused("Dit bericht bestaat niet (meer).")
        return post

    def _store(self, post: Post) -> None:
        self._rows.execute(
            "UPDATE post SET body = ?, audience = ? WHERE uri = ?",
            (msgspec.json.encode(post), self._audience(post), post.uri),
        )

    def _root_of(self, uri: str | None) -> str | None:
        row = self._rows.execute("SELECT root FROM post WHERE uri = ?", (uri,)).fetchone() if uri else None
        return row[0] if row else None

    def _audience(self, post: Post) -> str:
        """Return who is told about a post: whom it names, answers or was first told to."""
        told = {*post.mentions}
        for uri in (post.parent, post.root):
            row = self._rows.execute("SELECT handle FROM post WHERE uri = ?", (uri,)).fetchone() if uri else None
            told |= {row[0]} if row else set()
        row = self._rows.execute("SELECT audience FROM post WHERE uri = ?", (post.uri,)).fetchone()
        told |= set(row[0].split()) if row else set()
        return f" {' '.join(sorted(told - {post.author.handle}))} "

    def _tell(self, kind: str, item: Item, audience: str, post: Post | None = None) -> None:
        about = post or item
        self._rows.execute(
            f"INSERT INTO log ({_LOG}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                kind,
                about.uri,
                about.author.handle,
                audience,
                about.visibility,
                f" {' '.join(about.tags)} ",
                msgspec.json.encode(replace(item, raw=b"") if isinstance(item, Post) else item),
            ),
        )


_NOBODYS = Post("memory", "", "", author_of(""), "", datetime.min.replace(tzinfo=UTC))
_LOG = "kind, uri, handle, audience, visibility, tags, body"
_WORDS = {
    "refuses": "Dit bericht past niet bij de huisregels van het plein.",
    "rate_limits": "Te veel verzoeken. Probeer het straks opnieuw.",
    "times_out_after": "Het plein antwoordde niet op tijd.",
    "times_out_before": "Het plein antwoordde niet op tijd.",
    "is_down": "Het plein is even dicht.",
    "dead_token": "Je bent niet meer aangemeld op het plein.",
    "cannot_tell": "Het plein weet niet of dit bericht er staat.",
    "takes_time": "",
}


class _Writing:
    """One writing transaction, one thread and one process at a time."""

    def __init__(self, lock: threading.RLock, rows: sqlite3.Connection) -> None:
        self._lock, self._rows = lock, rows

    def __enter__(self) -> None:
        self._lock.acquire()
        self._rows.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._rows.execute("ROLLBACK" if kind else "COMMIT")
        self._lock.release()


@cache
def _square(path: str) -> Square:
    return Square(path)


def _later(post: Post) -> datetime:
    """Return now, or a moment after the newest text when the clock has not moved on."""
    return max(datetime.now(UTC), post.version_at.replace(microsecond=min(post.version_at.microsecond + 1, 999_999)))


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
        """Return who we are; every name is free on the square."""
        self._ask("profile")
        return Profile(self.me.id, self.me.handle, self.me.name, self.me.url, max_length=ABILITIES.max_length)

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
        found = _found_in(message.text)
        return Preview(message.text, graphemes(message.text), ABILITIES.max_length, found["links"], found["mentions"])

    def publish(self, message: Message) -> Sent:
        """Send once."""
        plan = self._ask("publish")
        if len(message.images) > ABILITIES.max_images:
            raise Unsupported(f"Op het plein passen {ABILITIES.max_images} foto's bij een bericht.")
        if self.preview(message).too_long_by:
            raise Refused("Dit bericht is te lang voor het plein.")
        if message.reply_to and isinstance(self.square.get(message.reply_to), Deleted):
            raise Refused("Het bericht waarop je antwoordt is verwijderd.")
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
        raise Unsupported(f"The square has no source called {source.kind!r}.")

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


def _sent(post: Post) -> Sent:
    return Sent(post.uri, post.remote_id, post.url, post.posted_at)


def connect(account: Account, door: Door) -> Client:
    """Return a client. The square is a file, so that the door stays shut."""
    return Client(account, Square.at(account.settings.get("address") or ":memory:"))


NETWORK = Network(
    code="memory",
    name="Oefenplein",
    abilities=ABILITIES,
    support=Support.LIVE,
    connect=connect,
    fields=(
        Field("handle", "Name on the practice square", "Any name will do; residents write to you with @ before it."),
        Field("address", "File", "Where the practice square is kept.", required=False, default=":memory:"),
    ),
    poll_seconds=1.0,
    docs="docs/channels/memory.md",
)
