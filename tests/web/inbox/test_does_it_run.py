"""What the list and the digest say about whether everything runs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from plein_web.channels.models import Channel, Source
from plein_web.inbox.models import Answer
from plein_web.town.models import WorkerBeat
from tests import factories


@pytest.fixture
def channel(waterdam):
    return factories.channel(waterdam, name="Gemeente Waterdam")


@pytest.fixture
def source(waterdam, channel):
    return factories.source(waterdam, channel=channel, last_ok_at=timezone.now())


@pytest.fixture
def pages(sign_in, sanne):
    client = sign_in(sanne)
    return lambda: [client.get(f"/waterdam/{name}/").content.decode() for name in ("inbox", "digest")]


def test_while_everything_comes_in_it_says_so(source, pages):
    assert all("Alles loopt" in html for html in pages())


def test_a_stumble_that_mends_itself_is_no_news(source, pages):
    Source.objects.update(failures=1)
    assert all("Alles loopt" in html for html in pages())


def test_when_the_engine_stands_still_nobody_is_told_that_all_is_well(source, pages):
    Source.objects.update(last_ok_at=timezone.now() - timedelta(minutes=40))
    for html in pages():
        assert "Alles loopt" not in html
        assert "Plein haalt niets op" in html
        assert "plein up" in html


def test_an_engine_that_never_ran_is_not_about_to_look_for_the_first_time(waterdam, channel, pages):
    factories.source(waterdam, channel=channel, due_at=timezone.now() - timedelta(hours=1))
    assert all("Plein haalt niets op" in html for html in pages())


def test_where_messages_are_brought_the_engine_itself_is_asked(waterdam, channel, pages):
    factories.source(waterdam, channel=channel, kind="hook", last_ok_at=timezone.now() - timedelta(days=3))
    assert all("Alles loopt" in html for html in pages())
    WorkerBeat.objects.create(worker="inbox", at=timezone.now() - timedelta(hours=1))
    assert all("Plein haalt niets op" in html for html in pages())


def test_a_paused_channel_is_named(waterdam, source, channel, pages):
    Channel.objects.filter(pk=channel.pk).update(status="paused")
    other = factories.channel(waterdam)
    factories.source(waterdam, channel=other, last_ok_at=timezone.now())
    for html in pages():
        assert "Alles loopt" not in html
        assert "Gemeente Waterdam is gepauzeerd" in html


def test_a_public_source_that_is_silent_is_named_too(waterdam, source, pages):
    factories.source(
        waterdam, kind="public", failures=9, last_ok_at=timezone.now() - timedelta(hours=2), error="geen antwoord"
    )
    for html in pages():
        assert "Oefenplein is stil" in html


@pytest.mark.parametrize(("state", "asks"), [("refused", False), ("unknown", True)])
def test_an_answer_that_got_stuck_is_told_with_where_it_is(waterdam, channel, source, pages, state, asks):
    talk = factories.conversation(waterdam, channel=channel)
    sent = factories.outgoing(channel, state=state, needs_person=asks)
    Answer.objects.create(conversation=talk, outgoing=sent)
    for html in pages():
        assert "Alles loopt" not in html
        assert "1 antwoord bleef hangen" in html
        assert f'href="/waterdam/outgoing/{sent.pk}/"' in html
    more = factories.outgoing(channel, state=state, needs_person=asks)
    Answer.objects.create(conversation=talk, outgoing=more)
    for html in pages():
        assert re.search(r'href="/waterdam/digest/"[^\n]*2 antwoorden bleven hangen', html)


def test_what_the_engine_still_asks_after_is_no_news(waterdam, channel, source, pages):
    talk = factories.conversation(waterdam, channel=channel)
    Answer.objects.create(conversation=talk, outgoing=factories.outgoing(channel, state="unknown"))
    assert all("Alles loopt" in html for html in pages())


def test_since_when_it_is_silent_is_said_in_words_of_any_year(source, pages):
    Source.objects.update(failures=9, last_ok_at=timezone.now() - timedelta(days=500))
    for html in pages():
        words = html.split("is stil sinds ")[1].split(" Wat je ziet")[0]
        assert words.endswith(" uur.")


def test_the_digest_says_since_when_it_tells(source, pages):
    assert "<h2>Sinds gisteren</h2>" in pages()[1]


def test_public_sources_alone_are_no_channel(waterdam, pages):
    factories.source(waterdam, kind="public", last_ok_at=timezone.now())
    assert all("Nog geen kanaal" in html for html in pages())
