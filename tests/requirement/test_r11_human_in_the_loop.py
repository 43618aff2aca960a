"""R11: a human sends; what Plein thinks is advice with its reason, is corrected by a choice, and learns from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from plein_web.channels.models import Outgoing
from plein_web.channels.workers.sending import send_from
from plein_web.listening.elsewhere import actions, workers
from plein_web.listening.elsewhere.models import ConversationPlace
from tests import factories
from tests.web.listening.conftest import brug, everywhere, fresh_watches  # noqa: F401
from tests.web.listening.elsewhere.conftest import asks, hear, settle

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]


def test_what_nobody_pressed_send_for_never_leaves(waterdam, square_address, square):
    channel = factories.memory_channel(waterdam, square_address)
    nobodys = factories.outgoing(channel, author=None)
    send_from(channel.pk, timezone.now() + timedelta(minutes=1))
    nobodys.refresh_from_db()
    assert nobodys.state == "planned"


def test_the_workers_that_find_and_weigh_places_plan_nothing(brug, everywhere):
    hear(everywhere, asks())
    for work in (workers.run_once, workers.join, workers.forget):
        work(timezone.now())
    assert ConversationPlace.objects.waiting().exists()
    assert not Outgoing.objects.exists()


def test_every_place_in_the_queue_tells_why_it_is_there(brug, everywhere):
    hear(everywhere, asks())
    assert all(place.why for place in ConversationPlace.objects.waiting())


def test_a_correction_is_learned_from(brug, everywhere, femke, waterdam):
    actor = factories.actor(femke, waterdam)
    hear(everywhere, *(asks(hours=hours) for hours in range(1, 6)))
    ConversationPlace.objects.filter(kind="hashtag").delete()
    first, *others = ConversationPlace.objects.waiting().order_by("id")
    before = ConversationPlace.objects.get(pk=first.pk).score
    for place in others:
        actions.put_away(actor=actor, place=place, choice="not_ours")
    ConversationPlace.objects.update(weighed_at=None)
    settle()
    assert ConversationPlace.objects.get(pk=first.pk).score < before - 0.1, "more than the seconds that passed can tell"
