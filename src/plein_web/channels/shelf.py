"""What we hold of the posts that a batch is about, and what becomes of it.

A shelf is filled with a few queries, takes every item in turn (in memory, so that an item may
meet an earlier one of the same batch) and is written back with a few more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from plein.channels import merging
from plein.channels.asking import FIRST_CHECK, check_again_after
from plein.channels.merging import Held, Meeting, Version
from plein.channels.posts import Deleted
from plein.channels.posts import Post as Told
from plein_web.channels.incoming import Incoming
from plein_web.channels.models import Gone, Outgoing, Post, PostVersion, Sighting, Source
from plein_web.channels.queries import HOOK
from plein_web.town.actions import ask_to_press

NOTHING = {"text": "", "markup": "", "title": "", "content_warning": "", "language": "", "raw": b"", "search": ""}
_EVENTS = {
    Meeting.NEW: "post.arrived",
    Meeting.NEWER: "post.edited",
    Meeting.OLDER: "post.edited",
    Meeting.DELETED: "post.deleted",
}


class Shelf:
    """The posts of one transaction."""

    def __init__(self, source: Source, now: datetime, *, ask_threads: bool = True) -> None:
        self.source, self.now, self.ask_threads = source, now, ask_threads
        self.held: dict[str, Post] = {}
        self.versions: dict[str, dict[datetime, Version]] = {}
        self.sent: set[str] = set()
        self.gone: set[str] = set()
        self.sightings: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.happened: dict[str, Meeting] = {}
        self.new_gone: set[str] = set()
        self.refused: list[Incoming] = []

    def fill(self, part: list[Incoming]) -> None:
        """Fetch what we hold of everything that a part of a batch mentions."""
        about = [entry.item for entry in part if not isinstance(entry.item, Told) or entry.item.uri]
        uris = {uri for item in about for uri in (item.uri, *_above(item))}
        ours = {"town_id": self.source.town_id, "network_code": self.source.network_code}
        self.held = {post.uri: post for post in Post.objects.filter(**ours, uri__in=uris).defer("raw", "search")}
        for version in PostVersion.objects.filter(post__in=[p for p in self.held.values() if p.versions > 1]):
            kept = Version(version.version_at, version.text, version.content_warning)
            self.versions.setdefault(self._uri_of(version.post_id), {})[kept.at] = kept
        self.gone = set(
            Gone.objects.filter(digest__in=[e.digest for e in part], until__gt=self.now).values_list(
                "digest", flat=True
            )
        )
        own = Outgoing.objects.filter(town_id=self.source.town_id, channel__network_code=self.source.network_code)
        self.sent = set(own.filter(uri__in=uris).values_list("uri", flat=True))

    def take(self, entry: Incoming) -> Meeting:
        """Let one item meet what we hold."""
        item = entry.item
        post = self.held.get(item.uri)
        meeting = merging.meet(item, _held(post), gone=entry.digest in self.gone)
        if post is not None and self._is_anothers(post):
            return self._refuse(entry, meeting)
        if meeting is Meeting.DELETED_UNSEEN:
            self.gone.add(entry.digest)
            self.new_gone.add(entry.digest)
        elif meeting is Meeting.DELETED:
            self._bury(post, item)
        elif meeting is Meeting.NEW:
            self._place(entry)
        elif meeting is Meeting.NEWER:
            self._keep_version(post.uri, _version(post))
            _set(post, entry.columns)
        elif meeting is Meeting.OLDER:
            self._keep_version(post.uri, merging.version_of(item))
            _set(post, {})
        if isinstance(item, Told) and meeting is not Meeting.FORBIDDEN and item.remote_id:
            self.sightings[item.uri] = item.remote_id[:500]
        self._remember(item.uri, meeting)
        return meeting

    def write(self) -> list[tuple[str, int]]:
        """Write the shelf back; returns the events, in the order in which things happened."""
        self._move_threads()
        changed = [uri for uri, meeting in self.happened.items() if meeting in _EVENTS]
        self._write_posts(changed)
        self._write_versions(changed)
        self._write_sightings()
        until = self.now + merging.REMEMBER_GONE
        Gone.objects.bulk_create(
            [Gone(digest=digest, until=until) for digest in self.new_gone],
            update_conflicts=True,
            unique_fields=["digest"],
            update_fields=["until"],
        )
        return [(_EVENTS[self.happened[uri]], self.held[uri].pk) for uri in changed]

    # One item.

    def _place(self, entry: Incoming) -> None:
        item, source = entry.item, self.source
        root = self._root_of(item)
        parent_unknown = bool(item.parent) and item.parent not in self.held
        asks = source.network.abilities.shows_threads
        post = Post(
            town_id=source.town_id,
            channel_id=source.channel_id,
            network_code=source.network_code,
            uri=item.uri,
            parent_uri=(item.parent or "")[:500],
            root_uri=root,
            ours=self._is_ours(item),
            posted_at=item.posted_at,
            arrived_at=self.now,
            check_at=_first_check(item, self.now) if asks else None,
            thread_at=self.now if asks and parent_unknown and self.ask_threads else None,
            **entry.columns,
        )
        self.held[item.uri] = post
        if root != item.uri:
            self.moved[item.uri] = root

    def _is_anothers(self, post: Post) -> bool:
        """Whether another system delivered a post: a signature says who speaks, not that all of it is theirs."""
        return self.source.kind == HOOK and post.channel_id != self.source.channel_id

    def _refuse(self, entry: Incoming, meeting: Meeting) -> Meeting:
        if meeting in _EVENTS:
            self.refused.append(entry)
        return Meeting.FORBIDDEN

    def _bury(self, post: Post, item: Deleted) -> None:
        """Take the words away; that there was something, and where, stays."""
        _set(post, {**NOTHING, "attachments": [], "deleted_at": item.at, "versions": 1, "check_at": None})
        self.versions.pop(post.uri, None)

    def _keep_version(self, uri: str, version: Version) -> None:
        versions = self.versions.setdefault(uri, {})
        versions[version.at] = merging.kept_of(versions.get(version.at), version)

    def _remember(self, uri: str, meeting: Meeting) -> None:
        """Keep what happened to a post in this batch: arrived and edited is arrived, deleted is deleted."""
        before = self.happened.get(uri)
        if before is Meeting.NEW and meeting in (Meeting.NEWER, Meeting.OLDER):
            return
        if meeting in _EVENTS:
            self.happened[uri] = meeting

    def _is_ours(self, item: Told) -> bool:
        channel = self.source.channel
        return item.uri in self.sent or bool(channel and channel.identity and item.author.id == channel.identity)

    # Threads.

    def _root_of(self, item: Told) -> str:
        claimed = (item.root or item.parent or item.uri)[:500]
        above = self.held.get(claimed)
        return above.root_uri if above else claimed

    def _move_threads(self) -> None:
        """Join threads of which the beginning now turns out to be an answer to something."""
        if not self.moved:
            return
        ours = Post.objects.filter(town_id=self.source.town_id, network_code=self.source.network_code)
        begun = set(ours.filter(root_uri__in=self.moved).values_list("root_uri", flat=True).distinct())
        for uri in begun:
            ours.filter(root_uri=uri).update(root_uri=merging.new_root(uri, self.moved))
        for post in self.held.values():
            post.root_uri = merging.new_root(post.root_uri, self.moved)

    # Rows.

    def _write_posts(self, changed: Iterable[str]) -> None:
        posts = [self.held[uri] for uri in changed]
        for post in posts:
            versions = self.versions.get(post.uri, {}).values()
            newest = _version(post)
            post.versions = 1 + sum(merging.is_earlier(version, newest) for version in versions)
        fresh = [post for post in posts if post.pk is None]
        Post.objects.bulk_create(fresh)
        for post in posts:
            touched = post.__dict__.pop("_touched", None)
            if touched is not None and post not in fresh:
                post.save(update_fields=touched | {"versions"})

    def _write_versions(self, changed: Iterable[str]) -> None:
        deleted = [self.held[uri].pk for uri in changed if self.held[uri].deleted_at]
        if deleted:
            PostVersion.objects.filter(post_id__in=deleted).delete()
            ask_to_press(Post._meta.db_table)
        rows = [
            PostVersion(post=self.held[uri], text=v.text, content_warning=v.content_warning, version_at=v.at)
            for uri in changed
            for v in self.versions.get(uri, {}).values()
            if merging.is_earlier(v, _version(self.held[uri]))
        ]
        PostVersion.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["post", "version_at"], update_fields=["text", "content_warning"]
        )

    def _write_sightings(self) -> None:
        if self.source.pk is not None:
            rows = [Sighting(post=self.held[u], source=self.source, remote_id=r) for u, r in self.sightings.items()]
            Sighting.objects.bulk_create(rows, ignore_conflicts=True)

    def _uri_of(self, pk: int) -> str:
        return next(post.uri for post in self.held.values() if post.pk == pk)


def _set(post: Post, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(post, name, value)
    post.__dict__.setdefault("_touched", set()).update(columns)


def _above(item: object) -> tuple[str, ...]:
    return tuple(uri[:500] for uri in (item.parent, item.root) if uri) if isinstance(item, Told) else ()


def _held(post: Post | None) -> Held | None:
    if post is None:
        return None
    return Held(None if post.deleted_at else _version(post))


def _version(post: Post) -> Version:
    return Version(post.version_at, post.text, post.content_warning)


def _first_check(item: Told, now: datetime) -> datetime | None:
    wait = check_again_after(max(now - item.posted_at, FIRST_CHECK))
    return now + wait if wait else None
