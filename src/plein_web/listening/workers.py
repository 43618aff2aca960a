"""What keeps listening going: looking at sources, following streams, forgetting in time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from plein.channels.contract import Streams
from plein.channels.errors import ChannelError
from plein.channels.jetstream import Jetstream
from plein_web.channels.clients import client_for_source, spec_of
from plein_web.channels.models import Post, Source
from plein_web.listening import store
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention, Watch
from plein_web.listening.standing import STANDING
from plein_web.town.actions import consume, door_for
from plein_web.town.models import Event

log = logging.getLogger("plein.listening")

# Kinds of sources that come by themselves, as opposed to those we look at.
JETSTREAM = "jetstream"
# After the n-th failure in a row a source is left alone for so many seconds.
REST = (5, 15, 60, 300, 900)
REST_WHEN_REFUSED = 3600.0
# A source that keeps saying there is more gives way to the others after so many looks.
LOOKS = 20
FORGET_AT_ONCE = 500


def poll_sources(now: datetime) -> int:
    """Look at every source of overheard posts that is due and does not stream. Returns how many posts passed."""
    sources = Source.objects.filter(channel=None).due(now)
    return sum(look(source, now) for source in sources if not streams(source))


def streams(source: Source) -> bool:
    """Whether a source comes by itself."""
    return source.kind == JETSTREAM or source.kind in STREAMING.get(source.network_code, ())


def look(source: Source, now: datetime) -> int:
    """Look at one source; whatever the network says decides when we come back."""
    ingestion, passed = Ingestion(source), 0
    try:
        client, spec = client_for_source(source), spec_of(source)
        for _ in range(LOOKS):
            batch = client.listen(spec, source.cursor)
            passed += ingestion.take_batch(batch, STANDING.listener(source.town_id), now).seen
            if not batch.more:
                break
        seconds = source.network.poll_seconds if batch.poll_after is None else batch.poll_after
        Source.objects.filter(pk=source.pk).update(due_at=now + timedelta(seconds=seconds))
    except ChannelError as error:
        _failed(source, error, now)
    return passed


def follow(source: Source, stop: threading.Event) -> None:
    """Follow a stream until the network hangs up or `stop` is set. Goes on from the stored cursor."""
    source = Source.objects.select_related("town").get(pk=source.pk)
    ingestion = Ingestion(source)
    try:
        for _ in _stream(source, ingestion):
            if stop.is_set():
                return
    except ChannelError as error:
        _failed(source, error, timezone.now())
        stop.wait(error.retry_after or 0)


def _stream(source: Source, ingestion: Ingestion) -> Iterator[None]:
    """Take in what comes, and yield after every chunk."""
    if source.kind == JETSTREAM:
        with closing(Jetstream.of(door_for(source.town), source.address, source.settings).subscribe(source.cursor)) as chunks:
            for lines in chunks:
                ingestion.ingest(lines, STANDING.listener(source.town_id), timezone.now())
                yield
        return
    client = client_for_source(source)
    assert isinstance(client, Streams)
    with closing(client.stream(spec_of(source), source.cursor)) as batches:
        for batch in batches:
            ingestion.take_batch(batch, STANDING.listener(source.town_id), timezone.now())
            yield


def _failed(source: Source, error: ChannelError, now: datetime) -> None:
    log.warning("source %s: %s", source, error.words)
    rest = REST_WHEN_REFUSED if error.permanent else REST[min(source.failures, len(REST) - 1)]
    seconds = max(rest, error.retry_after or 0)
    Source.objects.filter(pk=source.pk).update(
        failures=F("failures") + 1, error=error.words, due_at=now + timedelta(seconds=seconds)
    )


def apply_events(now: datetime) -> int:
    """Take away the mentions of posts that were deleted elsewhere in Plein. Returns how many events passed."""
    return consume(consumer="listening", kinds=frozenset({"post.deleted"}), apply=_forget_post)


def _forget_post(event: Event) -> None:
    uri = Post.objects.filter(pk=event.subject).values_list("uri", flat=True).first()
    if uri:
        store.forget([STANDING.listener().keys.hash(uri)], event.at)


def expire(now: datetime) -> int:
    """Delete, for good, what watches heard that ended longer ago than we may keep it. Returns how many went."""
    forgotten = 0
    for watch in Watch.objects.forgettable(now).filter(mentions__isnull=False).distinct():
        while number := _forget_some(watch):
            forgotten += number
    if forgotten:
        store.wipe()
    return forgotten


def _forget_some(watch: Watch) -> int:
    """Delete a portion, small enough not to hold up whoever else wants to write."""
    with transaction.atomic():
        ids = list(Mention.objects.filter(watch=watch).values_list("pk", flat=True)[:FORGET_AT_ONCE])
        return Mention.objects.filter(pk__in=ids).delete()[0]
