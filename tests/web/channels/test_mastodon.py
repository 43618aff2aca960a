"""The whole way of a message over Mastodon's API: connect, hear, answer, and what becomes of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from plein.channels.errors import Refused, SignInNeeded
from plein_web.channels import actions as channels
from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.channels.workers import poll_sources, send_due
from plein_web.channels.workers.checking import ask_after_posts
from plein_web.inbox import actions as inbox
from plein_web.inbox.models import Conversation
from plein_web.inbox.workers import apply_events
from tests import factories
from tests.servers.fake_mastodon import FakeMastodon, fake_mastodon
from tests.servers.mastodon import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with fake_mastodon() as started:
        yield started


@pytest.fixture
def town(server: FakeMastodon) -> Person:
    return server.person("waterdam")


@pytest.fixture
def jan(server: FakeMastodon) -> Person:
    return server.person("jan")


@pytest.fixture
def actor(waterdam, sanne):
    waterdam.allowed_addresses = ["127.0.0.1"]
    waterdam.save()
    return factories.actor(sanne, waterdam)


@pytest.fixture
def channel(actor, town) -> Channel:
    return connect(actor, town)


def connect(actor, town: Person, **secrets: str) -> Channel:
    return channels.connect_channel(
        actor=actor,
        network_code="mastodon",
        handle="",
        settings={"address": town.base},
        secrets={"token": town.token} | secrets,
    )


def hear() -> Conversation:
    poll_sources(timezone.now() + timedelta(seconds=20))
    apply_events(timezone.now())
    return Conversation.objects.get()


def test_a_question_is_heard_and_answered_under_it(server, actor, channel, town, jan) -> None:
    asked = jan.post(f"{town.handle} wanneer is de brug weer open?", visibility="unlisted")
    conversation = hear()
    question = Post.objects.get(uri=asked["uri"])
    answer = inbox.send_answer(actor=actor, conversation=conversation, post=question, text="Vrijdag om acht uur.")
    assert send_due(timezone.now()) == 1
    answer.refresh_from_db()
    stands = next(status for status in server.statuses.values() if status.text.endswith("Vrijdag om acht uur."))
    assert (answer.state, stands.in_reply_to_id, stands.visibility) == ("sent", asked["id"], "unlisted")
    assert stands.text.startswith(jan.handle)


def test_an_edit_and_a_deletion_reach_the_inbox(actor, channel, town, jan) -> None:
    first = jan.post(f"{town.handle} de lamp is stok")
    hear()
    jan.edit(first["id"], f"{town.handle} de lamp is stuk")
    ask_after_posts(timezone.now() + timedelta(hours=1))
    assert Post.objects.get(uri=first["uri"]).text == "@waterdam de lamp is stuk"
    jan.call("DELETE", f"/api/v1/statuses/{first['id']}")
    ask_after_posts(timezone.now() + timedelta(hours=2))
    assert Post.objects.get(uri=first["uri"]).deleted_at


def test_an_answer_whose_receipt_was_lost_stands_there_once(server, actor, channel, town, jan) -> None:
    asked = jan.post(f"{town.handle} hallo?")
    conversation = hear()
    question = Post.objects.get(uri=asked["uri"])
    inbox.send_answer(actor=actor, conversation=conversation, post=question, text="Dag Jan")
    server.behave("POST /api/v1/statuses", "silence")
    send_due(timezone.now())
    assert Outgoing.objects.get().state == "unknown"
    for minutes in (1, 10, 60):
        send_due(timezone.now() + timedelta(minutes=minutes))
    assert Outgoing.objects.get().state == "sent"
    assert [status.text for status in server.statuses.values()].count(f"{jan.handle} Dag Jan") == 1


def test_what_the_server_refuses_is_told_in_its_own_words(server, actor, channel, town, jan) -> None:
    asked = jan.post(f"{town.handle} hallo?")
    conversation = hear()
    question = Post.objects.get(uri=asked["uri"])
    inbox.send_answer(actor=actor, conversation=conversation, post=question, text="Dag Jan")
    server.behave("POST /api/v1/statuses", 422, words="Je plaatst te vaak hetzelfde")
    send_due(timezone.now())
    refused = Outgoing.objects.get()
    assert (refused.state, refused.words) == ("refused", "Je plaatst te vaak hetzelfde")


def test_a_withdrawn_token_closes_the_channel_until_somebody_signs_in(server, actor, channel, town) -> None:
    for account in server.accounts.values():
        account.token = "withdrawn"
    poll_sources(timezone.now() + timedelta(seconds=20))
    channel.refresh_from_db()
    assert (channel.status, channel.error) == ("sign_in_needed", "The access token is invalid")


def test_a_server_with_a_long_limit_takes_long_answers(server, actor, channel) -> None:
    assert (channel.max_length, channel.handle) == (500, f"waterdam@{server.host}")
    Channel.objects.update(max_length=5000)
    from plein_web.channels.clients import account_of

    channel.refresh_from_db()
    assert account_of(channel).settings["max_length"] == "5000"


def test_a_wrong_token_and_an_address_of_our_own_connect_nothing(actor, waterdam, town) -> None:
    with pytest.raises(SignInNeeded):
        connect(actor, town, token="wrong")
    waterdam.allowed_addresses = []
    waterdam.save()
    with pytest.raises(Refused, match="our own network"):
        connect(actor, town)
    assert not Channel.objects.exists()
