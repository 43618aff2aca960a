"""Look at the sources of our channels, and at the threads around what they bring."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from django.utils import timezone

from plein.channels.errors import ChannelError, Unsupported
from plein_web.channels.actions.receiving import receive, take
from plein_web.channels.clients import Kept, client_for_source, spec_of, streams
from plein_web.channels.models import Channel, Post, Source
from plein_web.channels.workers.lanes import Lanes
from plein_web.channels.workers.trouble import UNREACHABLE, as_channel_error, sign_in_needed, source_failed

# How long one look may go on while there is more, in seconds, before others get their turn.
LONGEST_LOOK = 10.0
THREADS_A_ROUND = 3
THREADS_EVERY = timedelta(seconds=2)
THREAD_LATER = timedelta(minutes=2)
STREAM_BEAT = timedelta(seconds=20)

_lanes = Lanes("hear")
_kept = Kept()


def poll_sources(now: datetime) -> int:
    """Look at every addressed source that is due; returns how many posts came or changed."""
    due = Source.objects.due(now).addressed().values_list("channel", flat=True)
    wanting = Post.objects.thread_wanted(now).values_list("channel", flat=True).distinct()
    return _lanes.run({pk: partial(hear, pk, now) for pk in {*due, *wanting}})


def hear(channel_pk: int, now: datetime) -> int:
    """Look at what is due of one channel."""
    sources = Source.objects.due(now).addressed().filter(channel=channel_pk).select_related("channel__town")
    count = sum(poll(source, now) for source in sources)
    return count + fill_threads(channel_pk, now)


def poll(source: Source, now: datetime) -> int:
    """Look at one source until there is no more, or for a while."""
    usual = timedelta(seconds=source.network.poll_seconds)
    # A second engine that saw the same row is turned away here.
    if not Source.objects.filter(pk=source.pk, due_at=source.due_at).update(due_at=now + usual):
        return 0
    count, until = 0, time.monotonic() + LONGEST_LOOK
    try:
        client = _kept.client_for(source.channel)
        while True:
            batch = client.listen(spec_of(source), source.cursor)
            count += receive(source=source, batch=batch, now=now)
            if not batch.more or time.monotonic() > until:
                return count
    except (ChannelError, *UNREACHABLE) as error:
        source_failed(source, as_channel_error(error), now)
        return count


def fill_threads(channel_pk: int, now: datetime) -> int:
    """Ask for some threads of which we know that parts are missing, the newest first."""
    wanted = Post.objects.thread_wanted(now).filter(channel=channel_pk)
    roots: dict[str, Post] = {}
    for post in wanted.select_related("channel__town").defer("raw", "search").order_by("-posted_at")[:20]:
        roots.setdefault(post.root_uri, post)
    count = 0
    try:
        for post in list(roots.values())[:THREADS_A_ROUND]:
            count += _fill_thread(post, now)
            wanted.filter(root_uri=post.root_uri).update(thread_at=None)
        # The others wait a little: a busy day is no reason to storm a network.
        wanted.update(thread_at=now + THREADS_EVERY)
    except (ChannelError, *UNREACHABLE) as trouble:
        _leave_threads(post.channel, as_channel_error(trouble), now)
    return count


def _fill_thread(post: Post, now: datetime) -> int:
    source = sighted_source(post) or nameless_source(post.channel)
    try:
        items = _kept.client_for(post.channel).thread(post.uri, post.remote_id)
    except ChannelError as error:
        if error.needs_sign_in or not error.permanent:
            raise
        return 0
    return take(source=source, items=items, now=now, ask_threads=False)


def _leave_threads(channel: Channel, error: ChannelError, now: datetime) -> None:
    if error.needs_sign_in:
        sign_in_needed(channel, error, now)
    later = now + max(THREAD_LATER, timedelta(seconds=error.retry_after or 0))
    Post.objects.thread_wanted(now).filter(channel=channel).update(thread_at=later)


def nameless_source(channel: Channel) -> Source:
    """Return a source that is no row: for what we learn of a channel without looking at a source."""
    return Source(town_id=channel.town_id, channel=channel, network_code=channel.network_code, kind="")


def sighted_source(post: Post) -> Source | None:
    """Return the source of its own channel that showed a post."""
    sighting = post.sightings.filter(source__channel=post.channel_id).select_related("source__channel__town").first()
    return sighting.source if sighting else None


def streaming() -> list[Source]:
    """Return the addressed sources of networks that stream."""
    sources = Source.objects.filter(active=True, channel__status="open").addressed().select_related("channel__town")
    return [source for source in sources if streams(source)]



def follow(source: Source, stop: Event) -> None:
    """Write what a stream brings, until told to stop or the channel is closed.

    Looking goes on beside it and keeps the cursor: a stream that was away for a moment would
    otherwise move it past what it missed.
    """
    while not stop.is_set():
        source = Source.objects.select_related("channel__town").filter(pk=source.pk, active=True).first()
        if source is None or source.channel.status != Channel.Status.OPEN:
            return
        try:
            _drink(source, stop)
        except Unsupported:
            return
        except (ChannelError, *UNREACHABLE) as trouble:
            error = as_channel_error(trouble)
            if error.needs_sign_in:
                sign_in_needed(source.channel, error, timezone.now())
            stop.wait(max(5.0, error.retry_after or 0))


def _drink(source: Source, stop: Event) -> None:
    told_at = datetime.min.replace(tzinfo=timezone.get_default_timezone())
    for batch in client_for_source(source).stream(spec_of(source), source.cursor):
        now = timezone.now()
        if batch.items:
            take(source=source, items=batch.items, now=now)
        if now - told_at > STREAM_BEAT:
            Source.objects.filter(pk=source.pk).update(last_ok_at=now)
            told_at = now
        if stop.is_set():
            return
