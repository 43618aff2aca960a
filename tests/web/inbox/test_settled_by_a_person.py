"""Answers of which a person says what became of them, and what the screen says of it afterwards."""

from __future__ import annotations

import pytest
from django.utils import timezone

from plein_web.channels.models import Outgoing, Post
from plein_web.inbox.models import Answer
from tests import factories


@pytest.fixture
def talk(waterdam):
    channel = factories.channel(waterdam, network="manual")
    return factories.conversation(waterdam, channel=channel)


@pytest.fixture
def waiting(talk):
    """An answer that a colleague is to copy."""
    made = factories.outgoing(talk.channel, reply_to=talk.entries.get().post, needs_person=True, author=None)
    Answer.objects.create(conversation=talk, outgoing=made)
    return made


def page(client, talk) -> str:
    return client.get(f"/waterdam/inbox/{talk.pk}/").content.decode()


def say(client, talk, sent, what: str) -> None:
    client.post(f"/waterdam/inbox/{talk.pk}/sending/{sent.pk}/", {"do": what})


def test_nobody_refused_what_a_colleague_did_not_find(sign_in, sanne, femke, talk, waiting):
    Outgoing.objects.update(state="unknown")
    say(sign_in(femke), talk, waiting, "absent")
    sanne.language = "en"
    sanne.save()
    client = sign_in(sanne)
    for html in (page(client, talk), client.get("/waterdam/digest/").content.decode()):
        assert "Not sent.</strong>" in html
        assert "Not on the network, says Femke Visser." in html
        assert "refuses" not in html
    sanne.language = "nl"
    sanne.save()
    assert "Niet op het netwerk, zegt Femke Visser." in page(client, talk)


def test_a_network_that_refuses_is_still_said_to(sign_in, sanne, talk, waiting):
    Outgoing.objects.update(state="refused", needs_person=False, words="Duplicate status")
    html = page(sign_in(sanne), talk)
    assert "weigert je bericht" in html
    assert '<q translate="no">Duplicate status</q>' in html


@pytest.mark.parametrize(
    ("state", "needs_person", "buttons"), [("planned", True, ("arrived", "rewrite")), ("refused", False, ("rewrite",))]
)
def test_an_answer_to_a_message_that_is_gone_can_still_be_settled(
    sign_in, sanne, talk, waiting, state, needs_person, buttons
):
    Outgoing.objects.update(state=state, needs_person=needs_person)
    Post.objects.update(deleted_at=timezone.now(), text="")
    client = sign_in(sanne)
    html = page(client, talk)
    for button in buttons:
        assert f'name="do" value="{button}"' in html
    say(client, talk, waiting, buttons[0])
    waiting.refresh_from_db()
    assert waiting.state == ("sent" if needs_person else "cancelled")


def test_a_reader_settles_nothing(sign_in, talk, waiting):
    reader = factories.person("lezer@waterdam.example", "Lies Lezer", waterdam="reader")
    assert 'name="do"' not in page(sign_in(reader), talk)
