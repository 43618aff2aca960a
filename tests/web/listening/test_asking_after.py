"""What its author deleted on the network goes here within a day, also where no stream tells of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plein.channels.fates import Fate
from plein.channels.posts import Batch
from plein_web.listening.ingest import Ingestion
from plein_web.listening.keeping import asking
from plein_web.listening.keeping.asking import AROUND_EVERY, ask_networks
from plein_web.listening.models import Mention
from plein_web.listening.standing import STANDING
from plein_web.town.models import AuditRow, DeletionProof, LegalHold
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=10)


@pytest.fixture
def network(monkeypatch) -> dict[str, Fate]:
    """A network that answers what stands in here; everything else stands."""
    told: dict[str, Fate] = {}
    monkeypatch.setattr(asking, "fates", lambda _code, uris, _door, _settings: {uri: told.get(uri, Fate.STANDS) for uri in uris})
    return told


def hear(*texts: str) -> list[str]:
    """Overhear some texts; returns their addresses."""
    posts = tuple(said(text) for text in texts)
    Ingestion(factories.source(None, kind="public", address="memory")).take_batch(Batch(posts, "1"), STANDING.listener(), NOW)
    return [post.uri for post in posts]


@pytest.mark.parametrize(("fate", "left"), [(Fate.GONE, 1), (Fate.HIDDEN, 1), (Fate.STANDS, 2), (Fate.UNKNOWN, 2)])
def test_what_is_gone_or_hidden_there_goes_and_doubt_changes_nothing(waterdam, network, fate, left):
    watch_row(waterdam, "sluisbrug")
    first, _second = hear("sluisbrug een", "sluisbrug twee")
    network[first] = fate
    ask_networks(SOON)
    assert Mention.objects.count() == left
    assert list(DeletionProof.objects.values_list("why", "number")) == ([("network", 1)] if left == 1 else [])


def test_every_watch_and_town_that_has_it_forgets_it_also_where_a_hold_stands(waterdam, oeverloo, network):
    for town in (waterdam, oeverloo):
        watch = watch_row(town, "sluisbrug")
        LegalHold.objects.create(town=town, subject=f"watch:{watch.pk}", reason="Woo", until=(NOW + timedelta(days=9)).date())
    [uri] = hear("sluisbrug")
    network[uri] = Fate.GONE
    ask_networks(SOON)
    assert not Mention.objects.exists()
    assert DeletionProof.objects.count() == 2


def test_a_post_that_was_forgotten_does_not_come_back(waterdam, network):
    watch_row(waterdam, "sluisbrug")
    post = said("sluisbrug")
    ingestion = Ingestion(factories.source(None, kind="public", address="memory"))
    ingestion.take_batch(Batch((post,), "1"), STANDING.listener(), NOW)
    network[post.uri] = Fate.GONE
    ask_networks(SOON)
    ingestion.take_batch(Batch((post,), "2"), STANDING.listener(), SOON)
    assert not Mention.objects.exists()


def test_a_time_around_asks_after_everything_once_and_is_written_down_once(waterdam, network, monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    asked: list[str] = []
    monkeypatch.setattr(asking, "fates", lambda _code, uris, *_rest: asked.extend(uris) or {})
    watch_row(waterdam, "sluisbrug")
    uris = hear(*[f"sluisbrug {number}" for number in range(5)])
    for minute in range(10, 15):
        ask_networks(NOW + timedelta(minutes=minute))
    assert sorted(asked) == sorted(uris)
    assert [row.details["number"] for row in AuditRow.objects.filter(action="mention.asked_after")] == [5]
    ask_networks(SOON + AROUND_EVERY)
    assert len(asked) == 7
    assert AuditRow.objects.filter(action="mention.asked_after").count() == 2


def test_everything_is_asked_after_within_a_day(waterdam):
    rounds_a_day = 24 * 3600 / 15
    assert timedelta(hours=12) >= asking.AROUND_EVERY
    assert rounds_a_day / 2 * asking.AT_ONCE >= 70_000


def test_what_was_heard_just_now_is_left_to_its_stream(waterdam, network):
    watch_row(waterdam, "sluisbrug")
    [uri] = hear("sluisbrug")
    network[uri] = Fate.GONE
    ask_networks(NOW + timedelta(minutes=1))
    assert Mention.objects.count() == 1
