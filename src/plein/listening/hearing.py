"""From what passes on a network to the few rows that may be kept.

Everything here is pure: lines or items go in, a `Harvest` comes out. A post that no watch asked
for leaves nothing in it but a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from plein.channels import jetstream
from plein.channels.lexicon import POSTS
from plein.channels.posts import Deleted, Item, Post, Unreadable, Visibility
from plein.channels.wishes import may_be_overheard
from plein.listening.language import UNKNOWN, language_of
from plein.listening.masking import mask, without_placeholders
from plein.listening.places.judging import PlaceJudges
from plein.listening.places.reasons import reasons
from plein.listening.pseudonyms import Disguise, period_of, uri_hash
from plein.listening.tokens import tags_in
from plein.listening.unheard import Unheard
from plein.listening.watches import Batch, Engine, Hit, Said
from plein.town.words import words

# What is narrower is not looked at. An edit to "unlisted" is: what we hold of that post has to go.
ASKED_AT_ALL = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})
MAX_PHRASE = 120
# Below this a post is not about the place, and nobody is asked; from ABOUT of the judge on it counts as about it.
DOUBTFUL = 0.25
_MOMENT = timedelta(microseconds=1)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class Overheard(NamedTuple):
    """One row of what was overheard, in the order of its columns. Times are in UTC."""

    town: int
    watch: int
    period: str
    uri_hash: str
    network: str
    author: str
    locator: str
    text: str
    language: str
    phrase: str
    posted_at: datetime
    version_at: datetime
    heard_at: datetime
    search: str
    sure: float | None = None
    why: str = ""
    thread: str | None = None
    parent: str | None = None
    tags: str | None = None
    source: int | None = None

    @property
    def key(self) -> tuple[int, int, str, str]:
        """Return what a row is unique by."""
        return self[:4]


@dataclass(slots=True)
class Harvest:
    """What a stretch of a source brought.

    `edited` holds the hash of every changed post with the moment of the change: rows of that
    post which the new text does not bring any more have to go. `gone` holds deleted ones.
    `samples` are rows of queries that somebody tries (numbered below zero): shown, not kept.
    `seen` counts posts, the unasked included; `last_at` is when the newest of all was made, and
    `first_us` (microseconds since 1970) when the first line was.
    """

    rows: list[Overheard] = field(default_factory=list)
    samples: list[Overheard] = field(default_factory=list)
    edited: dict[str, datetime] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    unread: list[Unreadable] = field(default_factory=list)
    seen: int = 0
    first_us: int = 0
    cursor: str | None = None
    last_at: datetime | None = None

    @property
    def writes(self) -> int:
        """Return how many rows this asks the store to touch."""
        return len(self.rows) + len(self.samples) + len(self.edited) + len(self.gone) + len(self.unread)

    def followed_by(self, later: Harvest) -> Harvest:
        """Return this harvest and a later one of the same source together."""
        return Harvest(
            self.rows + later.rows,
            self.samples + later.samples,
            self.edited | later.edited,
            self.gone + later.gone,
            self.unread + later.unread,
            self.seen + later.seen,
            self.first_us or later.first_us,
            later.cursor or self.cursor,
            later.last_at or self.last_at,
        )


class Keys:
    """The keys of an installation, as pseudonyms and hashes need them."""

    def __init__(self, derive: Callable[[str], Sequence[bytes]]) -> None:
        self._derive = derive
        self._uris = derive("mention:uri")[-1]
        self.disguise = lru_cache(maxsize=4096)(self._disguise)

    def _disguise(self, watch: int, period: str) -> Disguise:
        purpose = f"mention:{watch}:{period}"
        return Disguise.of(self._derive(f"{purpose}:author")[-1], self._derive(f"{purpose}:locator"))

    def hash(self, uri: str) -> str:
        """Return the hash under which a post is known to all watches."""
        return uri_hash(self._uris, uri)


@dataclass(slots=True)
class Listener:
    """Listens to one source: for all towns, or for one (`town`).

    `judges` holds, for the watches that ask for a place, who judges whether a post is about it;
    `own` the accounts (network, author) of each town: what a town says itself, it does not overhear;
    `unheard` who does not want to be listened to, for towns where there is anybody.
    """

    engine: Engine
    keys: Keys
    town: int | None = None
    judges: Mapping[int, PlaceJudges] = field(default_factory=dict)
    own: Mapping[int, Collection[tuple[str, str]]] = field(default_factory=dict)
    unheard: Mapping[int, Unheard] = field(default_factory=dict)

    def hear_lines(self, lines: Iterable[bytes], now: datetime) -> Harvest:
        """Return what lines of Jetstream brought. Only what was asked for becomes a `Post`."""
        events, unread, commits, posts, hits, made, heard = hits_in(self.engine, lines)
        harvest = Harvest(unread=unread, seen=len(posts))
        if events:
            newest = max(events, key=attrgetter("time_us"))
            harvest.cursor, harvest.last_at = str(newest.time_us), newest.at
            harvest.first_us = events[0].time_us
        if len(posts) < len(commits):
            harvest.gone = [self.keys.hash(one.uri) for one in commits if one.commit.operation == "delete"]
        harvest.edited = {self.keys.hash(one.uri): one.at for one in posts if one.commit.operation == "update"}
        self._keep(harvest, ((made(index), heard(index), found) for index, found in _by_text(hits)), now)
        return harvest

    def hear_items(self, items: Iterable[Item], now: datetime) -> Harvest:
        """Return what items of any network brought."""
        items = list(items)
        posts = [item for item in items if isinstance(item, Post) and item.visibility in ASKED_AT_ALL]
        harvest = Harvest(unread=[item for item in items if isinstance(item, Unreadable)], seen=len(posts))
        harvest.gone = [self.keys.hash(item.uri) for item in items if isinstance(item, Deleted)]
        harvest.edited = {self.keys.hash(post.uri): post.edited_at for post in posts if post.edited_at}
        harvest.last_at = max((post.version_at for post in posts), default=None)
        heard = [said(post) for post in posts]
        hits = self.engine.match(heard)
        self._keep(harvest, ((posts[index], heard[index], found) for index, found in _by_text(hits)), now)
        return harvest

    def _keep(self, harvest: Harvest, found: Iterable[tuple[Item | None, Said, list[Hit]]], now: datetime) -> None:
        for post, heard, hits in found:
            if isinstance(post, Post) and may_be_overheard(post.visibility, post.wishes):
                for row in self._rows(post, heard, hits, now):
                    (harvest.rows if row.watch > 0 else harvest.samples).append(row)

    def _rows(self, post: Post, heard: Said, hits: list[Hit], now: datetime) -> Iterator[Overheard]:
        """Yield a row for every watch that may collect. An edit also counts for towns that have it from elsewhere."""
        watches = [(self.engine.watches[hit.watch], hit.reason) for hit in hits]
        wanted = [
            (watch, phrase)
            for watch, phrase in watches
            if watch.collects(now)
            and (self.town in (None, watch.town) or post.edited_at)
            and (post.network, post.author.id) not in self.own.get(watch.town, ())
            and not self._objected(watch.town, post)
        ]
        if not wanted:
            return
        text = storable(mask(post.text if not post.title else f"{post.title}\n{post.text}"))
        searched = " ".join(words(without_placeholders(text)))
        period, hashed = period_of(post.posted_at), self.keys.hash(post.uri)
        place = (self.keys.hash(post.root or post.uri), self.keys.hash(post.parent) if post.parent else None)
        tags = tags_of(text, post.tags)
        for watch, phrase in wanted:
            judges = self.judges.get(watch.id)
            verdict = judges.verdict(heard) if judges else None
            if verdict and verdict.sure < DOUBTFUL:
                continue
            disguise = self.keys.disguise(watch.id, period)
            yield Overheard(
                watch.town,
                watch.id,
                period,
                hashed,
                post.network,
                disguise.author(post.author.id),
                disguise.lock(post.uri, hashed),
                text,
                heard.language[:16],
                phrase[:MAX_PHRASE],
                post.posted_at,
                _version_at(post),
                now,
                f"town{watch.town} {searched}",
                verdict.sure if verdict else None,
                storable(mask("\n".join(reasons(verdict.why)))) if verdict else "",
                *place,
                tags,
            )


    def _objected(self, town: int, post: Post) -> bool:
        unheard = self.unheard.get(town)
        return unheard is not None and unheard.holds(post.network, post.author.id)


class Heard(NamedTuple):
    """Lines of Jetstream, decoded and matched.

    A hit's index is that of its event in `posts`; `made` makes the post of one, and `heard` what watches look at, once.
    """

    events: list[jetstream.Event]
    unread: list[Unreadable]
    commits: list[jetstream.Event]
    posts: list[jetstream.Event]
    hits: list[Hit]
    made: Callable[[int], Item | None]
    heard: Callable[[int], Said]


def hits_in(engine: Engine, lines: Iterable[bytes]) -> Heard:
    """Return what watches find in lines of Jetstream: decoded once, and nothing made of the rest."""
    events, unread = jetstream.decode(lines)
    commits = [event for event in events if event.commit is not None and event.commit.collection == POSTS]
    posts = [event for event in commits if event.commit.record is not None]
    texts = [_written(one) if (one := event.commit.record).tags else one.text for event in posts]
    made = cache(lambda index: jetstream.item_of(posts[index]))
    heard = cache(lambda index: said(made(index)))
    return Heard(events, unread, commits, posts, engine.match(Batch(texts, heard)), made, heard)


def said(post: Post) -> Said:
    """Return what watches look at in a post: title, warning and text, and what is known beside them."""
    text = "\n".join([post.title, post.content_warning, post.text]) if post.title or post.content_warning else post.text
    links = (*post.links, *_ADDRESS.findall(post.text))
    return Said(text, post.tags, post.language or _guessed(text), post.network, links)


def tags_of(text: str, beside: Iterable[str] = ()) -> str:
    """Return the hashtags of a masked text, and of what stands beside it, as they are compared; numbers are none.

    >>> tags_of("Druk op de #Sluis_brug, zie foto 3 #1", ["Waterdam"])
    'sluisbrug waterdam'
    """
    found = tags_in(Said(text, tuple(beside)).written)
    return " ".join(sorted(tag[:MAX_PHRASE] for tag in found if not tag.isdecimal()))


def _version_at(post: Post) -> datetime:
    """Return when a text was made; of an edit always after the post, whatever the author's clock says."""
    return max(post.edited_at, post.posted_at + _MOMENT) if post.edited_at else post.posted_at


def _guessed(text: str) -> str:
    """Return the language of a text whose author names none; nothing where it cannot be told."""
    code = language_of(text).code
    return "" if code == UNKNOWN else code


def _written(record: jetstream.Record) -> str:
    return Said(record.text, record.tags).written


def storable(text: str) -> str:
    """Return text without what a database cannot hold: NUL and halves of a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode() if not text.isascii() or "\0" in text else text


def _by_text(hits: list[Hit]) -> Iterator[tuple[int, list[Hit]]]:
    return ((index, list(found)) for index, found in groupby(hits, key=attrgetter("index")))
