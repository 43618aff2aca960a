"""The demo fills an empty home by the way of a message, quickly, with what every screen needs."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from plein_web.channels.models import Channel, Outgoing, Post, PostVersion, Source
from plein_web.inbox.models import Conversation, Draft
from plein_web.listening.models import Mention, Watch
from plein_web.site.demo.bulk import fill as fill_in_bulk
from plein_web.site.demo.filling import fill, links
from plein_web.town.models import AuditRow, Event, Membership, Person, Town
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
# Of this process alone: a machine that is busy with other things says nothing about us.
SECONDS = 30


def test_two_towns_full_of_life_within_half_a_minute(tmp_path):
    began, now = time.process_time(), timezone.now()
    fill(tmp_path / "square.sqlite3")
    assert time.process_time() - began < SECONDS
    assert abs((timezone.now() - now).total_seconds()) < 600, "the clock is right again after the story"
    waterdam, oeverloo = Town.objects.get(slug="waterdam"), Town.objects.get(slug="oeverloo")
    assert (waterdam.preset, oeverloo.preset) == ("ruim", "klein")
    assert 60 <= Conversation.objects.of(waterdam).count() <= 120
    assert 15 <= Conversation.objects.of(oeverloo).count() <= 25
    _has_every_state(waterdam)
    _people_serve_their_towns()
    _nothing_lies_in_the_future(timezone.now())
    assert Post.objects.earliest("posted_at").posted_at < now - timezone.timedelta(days=20)
    assert len(links()) == Person.objects.count() == 4


def _has_every_state(town):
    conversations = Conversation.objects.of(town)
    assert all(conversations.filter(status=status).exists() for status in ("open", "waiting", "done"))
    assert conversations.filter(private=True).exists() and conversations.exclude(assignee=None).exists()
    states = set(Outgoing.objects.of(town).values_list("state", flat=True))
    assert {"sent", "refused", "unknown"} <= states
    posts = Post.objects.of(town)
    assert posts.exclude(deleted_at=None).exists() and PostVersion.objects.filter(post__town=town).exists()
    assert posts.exclude(content_warning="").exists() and posts.filter(ours=True).exists()
    assert {"nl", "tr", "pl", "ar", "en", "fy"} <= set(posts.values_list("language", flat=True))
    alts = [image["alt"] for images in posts.values_list("attachments", flat=True) for image in images]
    assert any(alts) and not all(alts)
    assert Draft.objects.filter(conversation__town=town).exists()
    assert Channel.objects.of(town).filter(network_code="manual").exists()
    assert Watch.objects.of(town).count() == 4 and Mention.objects.of(town).count() > 10
    assert Source.objects.filter(town=town, channel=None).exists()


def _people_serve_their_towns():
    roles = Membership.objects.order_by("person__name", "town__slug").values_list("person__name", "town__slug", "role")
    assert list(roles) == [
        ("Daan de Wit", "oeverloo", "reader"),
        ("Femke Visser", "waterdam", "webcare"),
        ("Noor Dekker", "waterdam", "privacy_officer"),
        ("Sanne Bos", "oeverloo", "administrator"),
        ("Sanne Bos", "waterdam", "administrator"),
    ]


def _nothing_lies_in_the_future(now):
    moments = [
        (Post, "posted_at"),
        (Post, "arrived_at"),
        (Event, "at"),
        (AuditRow, "at"),
        (Outgoing, "written_at"),
        (Mention, "heard_at"),
    ]
    for model, field in moments:
        assert not model.objects.filter(**{f"{field}__gt": now}).exists(), (model, field)


def test_filling_in_bulk_gives_the_same_rows_for_the_same_seed(waterdam, oeverloo):
    factories.sanne(waterdam, oeverloo)
    first, second = (factories.channel(town, handle="gemeente") for town in (waterdam, oeverloo))
    for channel in (first, first, second):
        seed = 1 if Conversation.objects.count() == 0 or channel is second else 2
        fill_in_bulk(town=channel.town, channel=channel, conversations=40, seed=seed)
    assert Conversation.objects.of(waterdam).count() == 80
    again = Conversation.objects.of(oeverloo)
    assert again.count() == 40
    assert set(again.values_list("status", flat=True)) == {"open", "waiting", "done"}
    assert Outgoing.objects.filter(town=oeverloo).count() == again.exclude(status="open").count()
    texts = list(Post.objects.of(oeverloo).order_by("id").values_list("text", flat=True))
    Conversation.objects.of(oeverloo).delete()
    Outgoing.objects.filter(town=oeverloo).delete()
    Post.objects.of(oeverloo).delete()
    fill_in_bulk(town=oeverloo, channel=second, conversations=40, seed=1)
    assert list(Post.objects.of(oeverloo).order_by("id").values_list("text", flat=True)) == texts
