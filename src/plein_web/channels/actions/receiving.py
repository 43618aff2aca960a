"""What came in: written in short transactions, the cursor in the last of them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plein.channels.errors import Unsupported
from plein.channels.merging import Meeting
from plein.channels.posts import Author, Batch, Item, Unreadable
from plein.channels.posts import Post as Told
from plein.town.roles import Right
from plein_web.channels.clients import client_for
from plein_web.channels.incoming import Incoming, incoming, refused
from plein_web.channels.models import Channel, Gap, Post, Source, Unread
from plein_web.channels.queries import HOOK
from plein_web.channels.shelf import Shelf
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit_all, lock_town, vault

# A writing transaction keeps everybody else waiting: it holds so many rows, for so many seconds.
MOST_ROWS = 100
MOST_SECONDS = 0.02
FEWEST_ROWS = 20
_COUNTED = (Meeting.NEW, Meeting.NEWER, Meeting.OLDER, Meeting.DELETED)


def receive(*, source: Source, batch: Batch, now: datetime) -> int:
    """Write what one look at an addressed source brought; returns how many posts came or changed.

    Safe to repeat and to break off anywhere: the cursor is written with the last items, and an
    item that comes twice changes nothing.
    """
    return take(source=source, items=batch.items, now=now, last=lambda: _move_on(source, batch, now))


def take(*, source: Source, items: Sequence[Item], now: datetime, last=None, ask_threads: bool = True) -> int:
    """Write items of a source in short transactions; `last` writes along in the last one."""
    keys = vault()
    ready = [incoming(item, source, keys) for item in items]
    count = 0
    for part, is_last in _portion.cut(ready):
        count += _write(source, part, now, last if is_last else None, ask_threads)
    return count


class _Portion:
    """How many items the database writes in a moment, on this machine and at this time of the day."""

    size = MOST_ROWS // 2

    def cut(self, ready: list[Incoming]) -> Iterator[tuple[list[Incoming], bool]]:
        """Yield a batch in portions, and whether it is the last; learns from how long each takes."""
        start = 0
        while True:
            end = start + self.size
            began = time.perf_counter()
            yield ready[start:end], end >= len(ready)
            self._learn(time.perf_counter() - began, len(ready[start:end]))
            start = end
            if start >= len(ready):
                return

    def _learn(self, seconds: float, rows: int) -> None:
        if seconds > MOST_SECONDS:
            self.size = max(FEWEST_ROWS, min(self.size, rows) // 2)
        elif rows == self.size and seconds < MOST_SECONDS / 2:
            self.size = min(MOST_ROWS, self.size * 2)


_portion = _Portion()


@transaction.atomic
def _write(source: Source, part: list[Incoming], now: datetime, last, ask_threads: bool) -> int:
    happened, count = [], 0
    if part:
        # On PostgreSQL two routes to the same post would collide: one town, one writer.
        lock_town(source.town_id)
        for entry in part:
            if isinstance(entry.item, Unreadable):
                _keep_unread(source, entry, now)
        shelf = Shelf(source, now, ask_threads=ask_threads)
        readable = [entry for entry in part if not isinstance(entry.item, Unreadable)]
        shelf.fill(readable)
        count = sum(shelf.take(entry) in _COUNTED for entry in readable)
        for entry in shelf.refused:
            _keep_unread(source, refused(entry, source, vault()), now)
        happened = shelf.write()
        _count(source, sum(kind == "post.arrived" for kind, _ in happened), now)
    if last:
        last()
    emit_all(town=source.town_id, happened=happened, at=now)
    return count


def _move_on(source: Source, batch: Batch, now: datetime) -> None:
    """Write how far we have come, and when to look again."""
    wait = 0.0 if batch.more else batch.poll_after or source.network.poll_seconds
    values = {"last_ok_at": now, "failures": 0, "error": "", "due_at": now + timedelta(seconds=wait)}
    if batch.cursor is not None:
        values["cursor"] = batch.cursor
    Source.objects.filter(pk=source.pk).update(**values)
    if batch.gap:
        Gap.objects.create(source=source, at=now, words=batch.gap, before=source.cursor or "", after=batch.cursor or "")
    for name, value in values.items():
        setattr(source, name, value)


def _count(source: Source, new: int, now: datetime) -> None:
    if new:
        Source.objects.filter(pk=source.pk).update(posts=F("posts") + new, last_post_at=now)


def _keep_unread(source: Source, entry: Incoming, now: datetime) -> None:
    """Keep what nobody could read: its words where it was meant for us, else only that it was there."""
    raw = entry.columns["raw"] if source.channel_id else None
    row, made = Unread.objects.get_or_create(
        source=source,
        digest=entry.digest,
        defaults={"error": entry.item.error, "raw": raw, "first_at": now, "last_at": now},
    )
    if not made:
        Unread.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now, error=entry.item.error)


def receive_delivery(*, channel: Channel, headers: Mapping[str, str], body: bytes, now: datetime) -> int:
    """Take a delivery from outside. Raises Refused unless it was signed with the channel's secret."""
    client = client_for(channel)
    if not channel.network.abilities.hooks:
        raise Unsupported("Nothing can be delivered here.")
    client.verify(headers, body, now)
    source = _source_of(channel, HOOK)
    return receive(source=source, batch=Batch(client.parse(body)), now=now)


def enter_by_hand(
    *, actor: Actor, channel: Channel, author_name: str, text: str, posted_at: datetime, url: str = ""
) -> Post:
    """Enter a message from a network that is closed to us, as a colleague read it there."""
    actor.need(Right.WRITE, "inbox")
    if not text.strip():
        raise ValidationError(_("Enter what the resident wrote."))
    name = author_name.strip() or "?"
    told = Told(
        network=channel.network_code,
        uri=f"urn:uuid:{uuid.uuid4()}",
        remote_id="",
        author=Author(id=f"name:{name.casefold()}", handle=name, name=name),
        text=text.strip(),
        posted_at=posted_at,
        url=url,
    )
    source = _source_of(channel, "manual")
    with transaction.atomic():
        receive(source=source, batch=Batch((told,)), now=timezone.now())
        audit(town=actor.town, actor=actor.person, action="post.entered", subject=told.uri)
    return Post.objects.of(actor.town).get(network_code=channel.network_code, uri=told.uri)


def _source_of(channel: Channel, kind: str) -> Source:
    """Return the source of what is brought to us; nobody looks at it by itself."""
    source, _made = Source.objects.select_related("channel").get_or_create(
        town_id=channel.town_id, channel=channel, network_code=channel.network_code, kind=kind, address=""
    )
    return source
