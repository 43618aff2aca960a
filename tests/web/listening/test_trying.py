"""A query that is tried on what passes now, before it becomes a watch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plein.channels.posts import Batch
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention, Sample, Trial
from plein_web.listening.standing import STANDING
from plein_web.listening.store import SAMPLES
from plein_web.listening.workers import expire
from tests.web.listening.conftest import said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr("plein_web.listening.standing.LOOK_SECONDS", 0.0)


def hear(source, *texts: str) -> None:
    posts = tuple(said(text) for text in texts)
    Ingestion(source).take_batch(Batch(posts, "1"), STANDING.listener(source.town_id), timezone.now())


def start(client, query: str):
    return client.post(reverse("query_try", args=["waterdam"]), {"how": "query", "query": query})


def test_a_query_on_trial_shows_what_passes_and_keeps_no_mention(sign_in, sanne, brug, everywhere):
    client = sign_in(sanne)
    hear(everywhere, "pont voor de proef")
    start(client, "pont")
    hear(everywhere, "de pont vaart weer, zegt @jan@plein.example", "de sluisbrug is dicht", "mooi weer")
    shown = client.get(reverse("query_try", args=["waterdam"])).content.decode()
    assert "<mark>pont</mark> vaart weer" in shown and "jan" not in shown and "every 2s" in shown
    assert "voor de proef" not in shown and "mooi weer" not in shown
    assert [mention.text for mention in Mention.objects.all()] == ["de sluisbrug is dicht"]


def test_a_trial_ends_by_itself_and_leaves_nothing(sign_in, sanne, waterdam, everywhere):
    client = sign_in(sanne)
    start(client, "pont")
    Trial.objects.update(until=timezone.now() - timedelta(minutes=5))
    STANDING.forget()
    hear(everywhere, "de pont vaart weer")
    assert not Sample.objects.exists()
    assert "every 2s" not in client.get(reverse("query_try", args=["waterdam"])).content.decode()
    expire(timezone.now())
    assert not Trial.objects.exists()


def test_of_much_only_the_newest_is_shown_and_all_is_counted(sign_in, sanne, waterdam, everywhere):
    start(sign_in(sanne), "pont")
    hear(everywhere, *(f"pont nummer {n}" for n in range(SAMPLES + 5)))
    hear(everywhere, "nog een pont")
    assert (Trial.objects.get().caught, Sample.objects.count()) == (SAMPLES + 6, SAMPLES)
    assert Sample.objects.order_by("-id").first().text == "nog een pont"


def test_a_new_try_takes_the_place_of_the_last(sign_in, sanne, waterdam, everywhere):
    client = sign_in(sanne)
    start(client, "pont")
    hear(everywhere, "een pont")
    start(client, "brug")
    hear(everywhere, "een pont", "een brug")
    assert [sample.text for sample in Sample.objects.all()] == ["een brug"]


def test_what_is_no_query_cannot_be_tried(sign_in, sanne, waterdam):
    shown = start(sign_in(sanne), "(pont").content.decode()
    assert "nog niet meeluisteren" in shown and not Trial.objects.exists()


def test_nobody_sees_what_another_tries(sign_in, sanne, daan, waterdam, oeverloo, everywhere):
    start(sign_in(sanne), "pont")
    hear(everywhere, "een pont")
    stranger = sign_in(daan)
    assert stranger.get(reverse("query_try", args=["waterdam"])).status_code == 404
    assert stranger.get(reverse("query_try", args=["oeverloo"])).status_code == 403


def test_a_town_that_changes_a_watch_changes_only_its_own(brug, everywhere, sanne, waterdam, sign_in):
    hear(everywhere, "sluisbrug dicht")
    engine = STANDING.listener().engine
    sign_in(sanne).post(reverse("watch_stop", args=["waterdam", brug.pk]))
    hear(everywhere, "sluisbrug nog steeds dicht")
    assert STANDING.listener().engine is engine
    assert Mention.objects.count() == 1
