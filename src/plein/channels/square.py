"""The practice square itself: residents, posts, a log of what happened, and moods on request.

It plays the other side: what a real network's servers do. `memory.py` is how Plein speaks with it.
"""

from __future__ import annotations

import hashlib
import random
import re
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import msgspec

from plein.channels.contract import Image, Message
from plein.channels.counting import LINK
from plein.channels.errors import Refused
from plein.channels.posts import Attachment, Author, Deleted, Item, Post, Visibility
from plein.town.saying import own

HOST = "https://oefenplein.example"
BATCH = 100
_MENTION = re.compile(r"(?<![\w/])@([\w.-]*\w)")
_TAG = re.compile(r"(?<![\w/&])#(\w+)")


def author_of(handle: str, name: str = "") -> Author:
    """Return who somebody is on the square."""
    return Author(id=f"square:{handle}", handle=handle, name=name or handle, url=f"{HOST}/@{handle}")


def draft(message: Message, author: Author, number: int, root: str | None, now: datetime) -> Post:
    """Return a message as the post that it becomes on the square."""
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
        **found_in(message.text),
    )


def _attachment(image: Image) -> Attachment:
    name = hashlib.sha256(image.content).hexdigest()[:24]
    return Attachment(f"{HOST}/media/{name}", image.media_type, image.alt)


def found_in(text: str) -> dict[str, tuple[str, ...]]:
    """Return the mentions, links and tags in a text, each once."""
    return {
        "mentions": tuple(dict.fromkeys(_MENTION.findall(text))),
        "links": tuple(dict.fromkeys(LINK.findall(text))),
        "tags": tuple(dict.fromkeys(tag.lower() for tag in _TAG.findall(text))),
    }


def _markup(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{part}</p>" for part in escaped.replace("\n", "<br>").split("<br><br>"))


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
            edited = replace(post, text=text, edited_at=at or _later(post), markup=_markup(text), **found_in(text))
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
            raise Refused(own("This message does not exist (any more)."))
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
    "refuses": own("This message does not fit the house rules of the square."),
    "rate_limits": own("Too many requests. Try again later."),
    "times_out_after": own("The square did not answer in time."),
    "times_out_before": own("The square did not answer in time."),
    "is_down": own("The square is closed for a moment."),
    "dead_token": own("You are no longer signed in on the square."),
    "cannot_tell": own("The square does not know whether this message stands there."),
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
