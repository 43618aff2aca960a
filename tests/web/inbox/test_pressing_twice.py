"""Two presses on the button at the same moment, each in a request of its own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from plein_web.channels.actions import plan_reply
from plein_web.channels.models import Outgoing, Post
from plein_web.inbox import actions
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow_to_plan(monkeypatch):
    """Planning takes so long that both requests are at it together."""

    def slow(**given):
        time.sleep(0.4)
        return plan_reply(**given)

    monkeypatch.setattr(actions, "plan_reply", slow)


@pytest.fixture
def talk(waterdam, square_address):
    channel = factories.memory_channel(waterdam, square_address, handle="waterdam")
    return factories.conversation(waterdam, channel=channel)


def press(person, talk) -> str:
    client = Client()
    try:
        client.force_login(person)
        post = Post.objects.get(entry__conversation=talk)
        address = f"/waterdam/inbox/{talk.pk}/answer/"
        return client.post(address, {"post": post.pk, "text": "Morgen om 9 uur."})["Location"]
    finally:
        connections.close_all()


def test_two_presses_at_once_send_once(sanne, talk, slow_to_plan):
    with ThreadPoolExecutor(2) as pool:
        first, second = [pool.submit(press, sanne, talk) for _ in range(2)]
        assert first.result(60) == second.result(60)
    assert Outgoing.objects.count() == 1


def test_two_colleagues_who_give_the_same_answer_both_send_it(sanne, femke, talk, slow_to_plan):
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(press, who, talk) for who in (sanne, femke)]:
            done.result(60)
    assert Outgoing.objects.count() == 2
