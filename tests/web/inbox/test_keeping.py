"""Conversations and drafts go in time, are proved to be gone, and what the town itself said stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from plein.town.retention import Kind, days_of
from plein_web.channels.models import Outgoing, Post, PostVersion, Unread
from plein_web.channels.workers import tidy
from plein_web.inbox.keeping import expire
from plein_web.inbox.models import Answer, Conversation, Draft
from plein_web.town import keeping
from plein_web.town.actions import vault
from plein_web.town.models import AuditRow, DeletionProof, LegalHold, Town
from tests import factories
from tests.factories import NOW
from tests.web.listening.test_on_disk import everything_on_disk

pytestmark = pytest.mark.django_db(transaction=True)
WORD = "zwaluwnestje"
TERM = days_of(Kind.CONVERSATION)
LATER = NOW + timedelta(days=TERM)


@pytest.fixture
def town():
    made = factories.waterdam()
    yield made
    AuditRow.objects.all().delete()
    LegalHold.objects.all().delete()
    Outgoing.objects.all().delete()
    Town.objects.all().delete()


@pytest.fixture
def channel(town):
    return factories.channel(town)


def talk(channel, text: str = f"Waar is het {WORD} gebleven?", **fields) -> Conversation:
    """Return a conversation with an answer of ours, a version, a draft and an encrypted payload."""
    made = factories.conversation(channel.town, channel=channel, texts=(text,), **fields)
    post = Post.objects.get(entry__conversation=made)
    raw = vault().lock_bytes(text.encode())
    Post.objects.filter(pk=post.pk).update(raw=raw, search=f"town{channel.town_id} {text.lower()}", versions=2)
    PostVersion.objects.create(post=post, text=f"{text} {WORD}", version_at=NOW)
    ours = factories.outgoing(channel, text="We kijken het na.", reply_to=post, state="sent", uri=f"memory://ours/{made.pk}")
    Answer.objects.create(conversation=made, outgoing=ours)
    factories.post(channel.town, channel=channel, text="We kijken het na.", uri=ours.uri, parent=post, ours=True)
    Post.objects.get(uri=ours.uri).entry = made.entries.create(post=Post.objects.get(uri=ours.uri))
    return made


def test_a_conversation_goes_after_its_term_and_what_we_said_stays(town, channel):
    talk(channel)
    assert WORD.encode() in everything_on_disk()
    assert expire(LATER - timedelta(days=1)) == 0
    assert expire(LATER) == 1
    assert not Conversation.objects.exists()
    assert not PostVersion.objects.exists()
    ours, sent = Post.objects.get(), Outgoing.objects.get()
    assert (ours.text, ours.parent_uri, ours.root_uri) == ("We kijken het na.", "", ours.uri)
    assert (sent.text, sent.reply_to) == ("We kijken het na.", None)
    assert WORD.encode() not in everything_on_disk()


def test_its_deletion_is_proved(town, channel):
    talk(channel)
    expire(LATER)
    proof = DeletionProof.objects.get()
    looked = {"sqlite": "absent", "postgresql": "not_ours"}[connection.vendor]
    assert (proof.kind, proof.number, proof.up_to, len(proof.digests)) == ("conversation", 1, timezone.localdate(NOW), 1)
    assert proof.found == {"rows": "absent", "index": "absent", "file": looked, "log": looked}


def test_the_archivist_may_choose_a_shorter_term(town, channel):
    sanne = factories.actor(factories.sanne(town), town)
    talk(channel)
    keeping.choose_term(actor=sanne, kind=Kind.CONVERSATION, days=365)
    assert expire(NOW + timedelta(days=364)) == 0
    assert expire(NOW + timedelta(days=365)) == 1
    with pytest.raises(keeping.CannotHold):
        keeping.choose_term(actor=sanne, kind=Kind.CONVERSATION, days=30)
    with pytest.raises(keeping.CannotHold):
        keeping.choose_term(actor=sanne, kind=Kind.OWN, days=30)


def test_a_conversation_that_is_held_is_passed_by_and_others_are_not(town, channel):
    sanne = factories.actor(factories.sanne(town), town)
    kept, _other = talk(channel), talk(channel, "Nog een vraag")
    until = (LATER + timedelta(days=3)).date()
    keeping.place_hold(
        actor=sanne, subject=f"conversation:{kept.pk}", reason="Woo", until=until, now=LATER - timedelta(days=9)
    )
    assert expire(LATER) == 1
    assert Conversation.objects.get() == kept
    assert expire(LATER + timedelta(days=4)) == 1


def test_a_draft_of_a_month_ago_goes_and_its_conversation_stays(town, channel):
    made = talk(channel)
    Draft.objects.create(conversation=made, person=factories.femke(town), text=f"Beste {WORD}", saved_at=NOW)
    assert expire(NOW + timedelta(days=29)) == 0
    assert expire(NOW + timedelta(days=30)) == 1
    assert Conversation.objects.exists() and not Draft.objects.exists()
    assert DeletionProof.objects.get().kind == "draft"


def test_input_that_nobody_could_read_goes_after_a_fortnight_with_proof(town, channel):
    source = factories.source(town, channel=channel)
    raw = vault().lock_bytes(b"half a message")
    Unread.objects.create(source=source, digest="1", error="no author", raw=raw, first_at=NOW, last_at=NOW)
    assert tidy(NOW + timedelta(days=13)) == 0
    assert tidy(NOW + timedelta(days=14)) == 1
    proof = DeletionProof.objects.get()
    assert (proof.kind, proof.number, proof.found["rows"]) == ("unreadable", 1, "absent")
    assert raw[30:80] not in everything_on_disk()
