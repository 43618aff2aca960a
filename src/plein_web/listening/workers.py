"""What keeps listening going: looking at sources, following streams, forgetting in time."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from plein.channels.asking import back_off
from plein.channels.errors import ChannelError, Unsupported
from plein.channels.jetstream import Jetstream
from plein_web.channels.clients import client_for_source, spec_of, streams
from plein_web.channels.models import Post, Source
from plein_web.channels.workers.lanes import Lanes
from plein_web.channels.workers.trouble import UNREACHABLE, as_channel_error, sign_in_needed
from plein_web.listening import store
from plein_web.listening.ingest import Ingestion
from plein_web.listening.keeping.forgetting import forget_overheard
from plein_web.listening.models import Trial
from plein_web.listening.standing import STANDING
from plein_web.town.actions import consume, door_for, emit
from plein_web.town.models import Event

log = logging.getLogger("plein.listening")

# Public streams that cannot be asked now and then: they keep their own cursor.
JETSTREAM = "jetstream"
ONLY_STREAMED = frozenset({JETSTREAM, "firehose"})
# A source that keeps saying there is more gives way to the others after so many looks.
LOOKS = 20
# What a try caught may still be read for so long.
KEEP_TRIALS = timedelta(minutes=3)
CHANCE = Random()

_lanes = Lanes("listen")


def overheard():
    """Return the sources that bring posts of the public, and not those of our own channels."""
    closed = Q(reads_as__isnull=False) & ~Q(reads_as__status="open")
    return Source.objects.filter(channel=None, active=True).exclude(closed).select_related("town", "reads_as__town")


def poll_sources(now: datetime) -> int:
    """Look at every source that is due. Returns how many posts passed."""
    due = overheard().due(now).exclude(kind__in=ONLY_STREAMED)
    return _lanes.run({source.pk: partial(look, source, now) for source in due})


def look(source: Source, now: datetime) -> int:
    """Look at one source; whatever the network says decides when we come back."""
    usual = timedelta(seconds=source.network.poll_seconds)
    # A second engine that saw the same row is turned away here.
    if not Source.objects.filter(pk=source.pk, due_at=source.due_at).update(due_at=now + usual):
        return 0
    try:
        return _look(source, now)
    except (ChannelError, *UNREACHABLE) as trouble:
        _failed(source, as_channel_error(trouble), now)
        return 0


def _look(source: Source, now: datetime) -> int:
    ingestion, passed = Ingestion(source), 0
    client, spec = client_for_source(source), spec_of(source)
    for _ in range(LOOKS):
        batch = client.listen(spec, source.cursor)
        passed += ingestion.take_batch(batch, STANDING.listener(source.town_id), now).seen
        if not batch.more:
            break
    if batch.poll_after is not None:
        Source.objects.filter(pk=source.pk).update(due_at=now + timedelta(seconds=batch.poll_after))
    return passed


def streaming() -> list[Source]:
    """Return the sources that come by themselves."""
    return [source for source in overheard() if source.kind in ONLY_STREAMED or streams(source)]


def follow(source: Source, stop: threading.Event) -> None:
    """Follow a stream until the network hangs up or `stop` is set, from the stored cursor on.

    What can also be asked now and then keeps being asked, and the cursor is left to that: a
    stream that was away for a moment would otherwise move it past what it missed.
    """
    source = overheard().filter(pk=source.pk).first()
    if source is None:
        return
    try:
        _follow_lines(source, stop) if source.kind == JETSTREAM else _follow_batches(source, stop)
    except Unsupported:
        stop.wait()
    except (ChannelError, *UNREACHABLE) as trouble:
        error = as_channel_error(trouble)
        if source.kind in ONLY_STREAMED:
            _failed(source, error, timezone.now())
        stop.wait(error.retry_after or 0)


def _follow_lines(source: Source, stop: threading.Event) -> None:
    ingestion = Ingestion(source)
    stream = Jetstream.of(door_for(source.town), source.address, source.settings)
    with closing(stream.subscribe(source.cursor)) as chunks:
        for lines in chunks:
            ingestion.ingest(lines, STANDING.listener(source.town_id), timezone.now())
            if stop.is_set():
                return


def _follow_batches(source: Source, stop: threading.Event) -> None:
    ingestion = Ingestion(source, keeps_cursor=source.kind in ONLY_STREAMED)
    with closing(client_for_source(source).stream(spec_of(source), source.cursor)) as batches:
        for batch in batches:
            ingestion.take_batch(batch, STANDING.listener(source.town_id), timezone.now())
            if stop.is_set():
                return


@transaction.atomic
def _failed(source: Source, error: ChannelError, now: datetime) -> None:
    """Write what a source said, and when to look again."""
    log.warning("source %s: %s", source, error)
    usual = source.network.poll_seconds
    wait = back_off(source.failures, usual, CHANCE, permanent=error.permanent, retry_after=error.retry_after)
    Source.objects.filter(pk=source.pk).update(failures=source.failures + 1, error=error.words, due_at=now + wait)
    if error.needs_sign_in and source.reads_as:
        sign_in_needed(source.reads_as, error, now)
    if source.failures == 0 and source.town_id:
        emit(town=source.town_id, kind="channel.changed")


def apply_events(now: datetime) -> int:
    """Take away the mentions of posts that were deleted elsewhere in Plein. Returns how many events passed."""
    return consume(consumer="listening", kinds=frozenset({"post.deleted"}), apply=_forget_post)


def _forget_post(event: Event) -> None:
    uri = Post.objects.filter(pk=event.subject).values_list("uri", flat=True).first()
    if uri:
        store.forget([STANDING.listener().keys.hash(uri)], event.at)


def expire(now: datetime) -> int:
    """Delete what was tried and what was overheard when its time has come. Returns how many texts went."""
    Trial.objects.filter(until__lt=now - KEEP_TRIALS).delete()
    return forget_overheard(now)
