"""Streams are followed from the stored cursor; sources are looked at when they are due."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from plein.channels.posts import Deleted
from plein.town.saying import plain
from plein_web.channels.models import Gap, Source, Unread
from plein_web.listening import workers
from plein_web.listening.models import Mention
from plein_web.town.actions import emit
from plein_web.town.models import Event
from tests import factories
from tests.servers.jetstream import jetstream
from tests.web.listening.conftest import said, watch_row

pytestmark = pytest.mark.django_db


def event(text: str, number: int, operation: str = "create") -> dict:
    """Return an event of Jetstream of a moment ago."""
    at = timezone.now() + timedelta(microseconds=number)
    commit = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": f"3k{number}", "cid": f"b{number}"}
    if operation != "delete":
        commit["record"] = {"text": text, "createdAt": at.isoformat(), "langs": ["nl"]}
    return {"did": "did:plc:joke", "time_us": int(at.timestamp() * 1e6), "kind": "commit", "commit": commit}


@pytest.fixture
def server(settings):
    """A Jetstream that we may reach."""
    with jetstream() as running:
        settings.ALLOWED_ADDRESSES = [running.url.split("/")[2]]
        yield running


@pytest.fixture
def stream(db, server) -> Source:
    address = {"address": server.url, "settings": {"dictionary": server.dictionary_url}}
    return Source.objects.create(network_code="bluesky", kind="jetstream", **address)


def follow(source: Source, seconds: float = 0.8) -> None:
    """Follow a stream for a moment."""
    stop = threading.Event()
    threading.Timer(seconds, stop.set).start()
    workers.follow(source, stop)


def test_a_stream_brings_what_watches_asked_for(brug, server, stream):
    stream.cursor = str(event("", 0)["time_us"])
    stream.save()
    server.say(event("De sluisbrug is dicht", 1), event("mooi weer", 2), b"{no json", event("sluisbrug", 3))
    follow(stream)
    assert list(Mention.objects.order_by("id").values_list("text", flat=True)) == ["De sluisbrug is dicht", "sluisbrug"]
    assert Unread.objects.get().raw is None
    stored = Source.objects.get(pk=stream.pk)
    assert (stored.posts, stored.failures) == (3, 0)
    assert int(stored.cursor) == max(one["time_us"] for one in server.events if isinstance(one, dict))
    assert server.queries[0]["compress"] == ["true"]


def test_following_goes_on_where_it_stopped_and_doubles_nothing(brug, server, stream):
    first = event("begin", 0)
    stream.cursor = str(first["time_us"])
    stream.save()
    server.say(first, event("sluisbrug een", 1), event("sluisbrug twee", 2))
    follow(stream)
    server.say(event("sluisbrug drie", 3), event("", 1, "delete"))
    follow(stream)
    assert sorted(Mention.objects.values_list("text", flat=True)) == ["sluisbrug drie", "sluisbrug twee"]
    assert not Gap.objects.exists()


def test_a_server_that_forgot_leaves_a_visible_gap(brug, server, stream):
    stream.cursor = str(event("", 0)["time_us"] - 3_600_000_000)
    stream.save()
    server.say(event("sluisbrug", 1))
    follow(stream)
    assert "3600 seconds" in plain(Gap.objects.get(source=stream).words)


def test_a_server_that_is_away_is_told_of_and_left_alone_for_a_while(brug, server, stream):
    stream.address = stream.address.replace("/subscribe", "").rsplit(":", 1)[0] + ":1/subscribe"
    stream.settings = {"compress": "no"}
    stream.save()
    workers.follow(stream, threading.Event())
    stored = Source.objects.get(pk=stream.pk)
    assert stored.failures == 1
    assert stored.error


def test_a_private_address_that_nobody_allowed_is_not_reached(brug, server, stream, settings):
    settings.ALLOWED_ADDRESSES = []
    workers.follow(stream, threading.Event())
    assert "inside our own network" in Source.objects.get(pk=stream.pk).error
    assert server.queries == []


def test_streams_are_followed_and_the_rest_is_looked_at(brug, stream, square_address):
    feed = Source.objects.create(
        town=brug.town, network_code="feed", kind="feed", address="https://waterdam.example/rss"
    )
    memory = Source.objects.create(
        town=brug.town, network_code="memory", kind="public", settings={"address": square_address}
    )
    addressed = factories.memory_channel(brug.town, square_address)
    followed = {source.pk for source in workers.streaming()}
    assert {stream.pk, memory.pk} <= followed
    assert feed.pk not in followed
    assert not followed & set(addressed.sources.values_list("pk", flat=True))


def test_a_source_of_a_town_is_looked_at_when_it_is_due(brug, square, square_address):
    source = Source.objects.create(
        town=brug.town, network_code="memory", kind="public", settings={"address": square_address}
    )
    now = timezone.now()
    square.post("joke", "De sluisbrug is dicht")
    square.post("joke", "mooi weer")
    workers.poll_sources(now)
    square.post("joke", "Nog steeds: brug dicht")
    assert workers.poll_sources(now) == 0, "it is not due yet"
    workers.poll_sources(now + timedelta(minutes=5))
    assert Mention.objects.filter(watch=brug).count() == 2
    source.refresh_from_db()
    assert source.posts >= 3
    assert source.cursor


def test_a_source_that_fails_is_told_of_and_tried_later(brug):
    source = Source.objects.create(
        town=brug.town, network_code="feed", kind="feed", address="http://127.0.0.1:9/feed", due_at=timezone.now()
    )
    now = timezone.now()
    workers.poll_sources(now)
    source.refresh_from_db()
    assert source.failures == 1
    assert "127.0.0.1" in source.error
    assert source.due_at > now
    assert Event.objects.filter(kind="channel.changed", town=brug.town).count() == 1


def test_a_post_that_was_deleted_in_the_inbox_is_forgotten_here_too(brug, everywhere):
    from plein.channels.posts import Batch
    from plein_web.listening.ingest import Ingestion
    from plein_web.listening.standing import STANDING

    overheard = said("sluisbrug")
    listener = STANDING.listener()
    Ingestion(everywhere).take_batch(Batch((overheard,)), listener, timezone.now())
    addressed = factories.post(brug.town, uri=overheard.uri)
    emit(town=brug.town, kind="post.deleted", subject=addressed.pk)
    while workers.apply_events(timezone.now()):
        pass
    assert not Mention.objects.exists()
    Ingestion(everywhere).take_batch(
        Batch((overheard, Deleted("memory", "memory://x", timezone.now()))), listener, timezone.now()
    )
    assert not Mention.objects.exists()


def test_a_watch_that_starts_later_waits_for_its_day(brug, everywhere):
    from plein.channels.posts import Batch
    from plein_web.listening.ingest import Ingestion
    from plein_web.listening.standing import STANDING

    watch_row(brug.town, "zwerfvuil", starts_at=timezone.now() + timedelta(days=1))
    ingestion = Ingestion(everywhere)
    ingestion.take_batch(Batch((said("zwerfvuil"),)), STANDING.listener(), timezone.now())
    assert not Mention.objects.exists()
    ingestion.take_batch(Batch((said("zwerfvuil"),)), STANDING.listener(), timezone.now() + timedelta(days=2))
    assert Mention.objects.count() == 1
