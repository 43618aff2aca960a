"""Pages of channels and sources: the owner, a colleague, a stranger, and how many queries."""

from __future__ import annotations

import html
import json
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from plein.channels.memory import Square
from plein.channels.webhook import signature
from plein.town.saying import own
from plein_web.channels.clients import client_for_source, spec_of
from plein_web.channels.models import Channel, Gap, Outgoing, SendHold, Source, Unread
from plein_web.channels.workers.trouble import as_channel_error
from plein_web.inbox.models import Answer
from plein_web.town.actions import keep_secret
from plein_web.town.models import AuditRow, Secret, WorkerBeat
from tests import factories

PAGES = {
    # page: (who may see it, most queries)
    "channels/": ("owner colleague", 12),
    "channels/{channel}/": ("owner colleague", 13),
    "channels/connect/": ("owner", 9),
    "channels/connect/memory/": ("owner", 9),
    "sources/": ("owner colleague", 13),
    "sources/site/": ("owner", 9),
    "running/": ("owner colleague", 16),
    "stop/": ("owner colleague", 9),
}


@pytest.fixture
def channel(waterdam, square_address):
    Square(square_address)
    made = factories.memory_channel(waterdam, square_address, handle="waterdam")
    Source.objects.update(last_ok_at=timezone.now())
    return made


@pytest.fixture(autouse=True)
def practising(settings, square_address):
    """The practice square is switched on."""
    settings.PRACTICE_SQUARE = square_address


@pytest.fixture(autouse=True)
def everybody_reads_english(sanne, femke, daan):
    for person in (sanne, femke, daan):
        person.language = "en"
        person.save()


def page(client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_the_owner_sees_every_page_in_few_queries(sign_in, sanne, channel, name, django_assert_max_num_queries):
    for number in range(8):
        extra = factories.channel(channel.town, handle=f"nog-{number}")
        factories.source(channel.town, channel=extra, last_ok_at=timezone.now())
        factories.outgoing(extra)
    client = sign_in(sanne)
    path = f"/waterdam/{name.format(channel=channel.pk)}"
    client.get(path)
    with django_assert_max_num_queries(PAGES[name][1]):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_colleague_reads_and_may_not_connect(sign_in, femke, channel, name):
    may, _ = PAGES[name]
    answer = sign_in(femke).get(f"/waterdam/{name.format(channel=channel.pk)}")
    assert answer.status_code == (200 if "colleague" in may else 403)


@pytest.mark.parametrize("name", PAGES)
def test_for_a_stranger_the_town_does_not_exist(sign_in, daan, channel, name):
    assert sign_in(daan).get(f"/waterdam/{name.format(channel=channel.pk)}").status_code == 404


def test_a_channel_of_another_town_does_not_exist_here(sign_in, sanne, channel):
    client = sign_in(sanne)
    assert client.get(f"/oeverloo/channels/{channel.pk}/").status_code == 404
    assert client.post(f"/oeverloo/channels/{channel.pk}/switch/", {"do": "disconnect"}).status_code == 404
    assert client.get(f"/oeverloo/channels/{channel.pk}/enter/").status_code == 404


@pytest.mark.parametrize("do", ["pause", "resume", "disconnect"])
def test_only_an_administrator_switches_a_channel(sign_in, femke, channel, do):
    assert sign_in(femke).post(f"/waterdam/channels/{channel.pk}/switch/", {"do": do}).status_code == 403
    channel.refresh_from_db()
    assert channel.status == "open"


def test_pausing_resuming_and_disconnecting(sign_in, sanne, channel):
    client = sign_in(sanne)
    path = f"/waterdam/channels/{channel.pk}/"
    client.post(f"{path}switch/", {"do": "pause"})
    assert "Resume the channel" in page(client, path)
    client.post(f"{path}switch/", {"do": "resume"})
    client.post(f"{path}switch/", {"do": "disconnect"})
    channel.refresh_from_db()
    assert channel.status == "disconnected"
    assert client.get(path).status_code == 404
    assert client.post(f"{path}switch/", {"do": "sell"}).status_code == 404


def test_the_abilities_stand_there_as_questions(sign_in, sanne, channel):
    shown = page(sign_in(sanne), f"/waterdam/channels/{channel.pk}/")
    assert "How long may a text be?" in shown
    assert "500 characters; an emoji counts as one." in shown


def test_a_new_channel_asks_what_the_network_asks(sign_in, sanne, square_address):
    Square(square_address).post("waterdam", "hallo")
    client = sign_in(sanne)
    client.post("/waterdam/channels/connect/memory/", {"handle": "waterdam"})
    made = Channel.objects.get(handle="waterdam")
    assert made.settings["address"] == square_address
    assert made.sources.filter(kind="mentions").exists()
    assert AuditRow.objects.filter(action="channel.connected").exists()


def test_a_network_that_refuses_is_quoted_and_the_input_is_kept_without_secrets(sign_in, sanne, monkeypatch):
    from plein.channels.errors import Refused
    from plein_web.channels import actions

    def refuse(**given):
        raise Refused("Invalid identifier or password")

    monkeypatch.setattr(actions, "connect_channel", refuse)
    given = {"handle": "waterdam.example", "app_password": "geheim-geheim", "service": "https://pds.waterdam.example"}
    answer = sign_in(sanne).post("/waterdam/channels/connect/bluesky/", given)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Invalid identifier or password" in shown
    assert "waterdam.example" in shown
    assert "geheim-geheim" not in shown
    assert not Channel.objects.exists()


def test_what_plein_itself_has_to_say_about_a_network_is_said_in_the_readers_language(sign_in, sanne):
    sanne.language = "nl"
    sanne.save()
    typed = {"handle": "waterdam", "address": "http://127.0.0.1:9", "secret": "kort"}
    told = sign_in(sanne).post("/waterdam/channels/connect/webhook/", typed)
    assert told.status_code == 422
    assert "Het geheim is te kort" in told.content.decode()


def test_who_cannot_be_reached_has_refused_nothing_and_a_feed_has_no_secret(sign_in, sanne, monkeypatch):
    def unknown(*where: object, **how: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    sanne.language = "nl"
    sanne.save()
    client = sign_in(sanne)
    typed = {"address": "https://nieuws.waterdam.example/feed"}
    shown = html.unescape(client.post("/waterdam/channels/connect/feed/", typed).content.decode())
    assert "Er is geen server met de naam nieuws.waterdam.example" in shown
    assert "refuses" not in shown and "Name or service" not in shown and "eheimen" not in shown
    typed = {"address": "onzin onzin", "token": "geheim"}
    shown = html.unescape(client.post("/waterdam/channels/connect/mastodon/", typed).content.decode())
    assert "https://onzin onzin is geen webadres" in shown and "%20" not in shown
    assert "Geheimen vul je opnieuw in" in shown


def test_messages_by_hand_are_called_so_in_the_readers_language(sign_in, sanne):
    for language, name in (("nl", "Handmatig"), ("en", "By hand")):
        sanne.language = language
        sanne.save()
        assert f">{name}<" in page(sign_in(sanne), "/waterdam/channels/connect/")


def test_the_trouble_of_a_source_is_said_in_the_readers_language(sign_in, sanne, channel):
    sanne.language = "nl"
    sanne.save()
    Source.objects.update(failures=9, error=own("{0} did not answer in time.", "net.example"))
    seen = page(sign_in(sanne), f"/waterdam/channels/{channel.pk}/")
    assert "net.example antwoordde niet op tijd." in seen


def test_an_unknown_network_does_not_exist(sign_in, sanne):
    assert sign_in(sanne).get("/waterdam/channels/connect/hyves/").status_code == 404


def test_no_screen_says_which_file_the_practice_square_is(sign_in, sanne, square_address, tmp_path):
    client = sign_in(sanne)
    client.post(
        "/waterdam/channels/connect/memory/", {"handle": "waterdam", "address": str(tmp_path / "other.sqlite3")}
    )
    assert Channel.objects.get().settings["address"] == square_address
    assert not (tmp_path / "other.sqlite3").exists()
    assert "File" not in page(client, "/waterdam/channels/connect/memory/")


def test_without_a_practice_square_it_is_not_offered(sign_in, sanne, settings):
    settings.PRACTICE_SQUARE = ""
    client = sign_in(sanne)
    assert "Oefenplein" not in page(client, "/waterdam/channels/connect/")
    assert "Oefenplein" not in page(client, "/waterdam/sources/")
    assert client.post("/waterdam/channels/connect/memory/", {"handle": "waterdam"}).status_code == 404
    assert not Channel.objects.exists()


def test_a_practice_square_that_cannot_be_opened_is_said_and_not_crashed_on(sign_in, sanne, settings, tmp_path):
    (tmp_path / "notes.txt").write_text("no database at all" * 100)
    settings.PRACTICE_SQUARE = str(tmp_path / "notes.txt")
    told = sign_in(sanne).post("/waterdam/channels/connect/memory/", {"handle": "waterdam"})
    assert told.status_code == 422
    assert "The practice square cannot be opened" in told.content.decode()


def test_what_is_public_on_the_practice_square_is_read_from_its_file(sign_in, sanne, waterdam, square):
    square.post("joke", "Het is mooi weer #waterdam")
    given = {"what": "memory:hashtag", "address": "#waterdam"}
    sign_in(sanne).post("/waterdam/sources/", given)
    source = Source.objects.get()
    batch = client_for_source(source).listen(spec_of(source), None)
    assert [post.text for post in batch.items] == ["Het is mooi weer #waterdam"]


def test_a_secret_is_never_shown_again(sign_in, sanne, channel):
    keep_secret(name=channel.secret_name, values={"token": "streng-geheim"})
    client = sign_in(sanne)
    for path in (f"/waterdam/channels/{channel.pk}/", "/waterdam/channels/connect/memory/", "/waterdam/running/"):
        assert "streng-geheim" not in page(client, path)
    assert "streng-geheim" not in Secret.objects.get(name=channel.secret_name).locked


def test_something_public_is_read_and_no_longer_read(sign_in, sanne, waterdam):
    client = sign_in(sanne)
    client.post("/waterdam/sources/", {"what": "memory:hashtag", "address": "#sluisbrug"})
    source = Source.objects.get(kind="hashtag")
    assert (source.town, source.channel, source.address) == (waterdam, None, "sluisbrug")
    client.post(f"/waterdam/sources/{source.pk}/remove/")
    source.refresh_from_db()
    assert not source.active


def test_a_hashtag_without_a_name_is_asked_for(sign_in, sanne):
    shown = sign_in(sanne).post("/waterdam/sources/", {"what": "memory:hashtag"}).content.decode()
    assert "Fill in which one you mean." in shown
    assert 'aria-invalid="true"' in shown
    assert not Source.objects.exists()


def test_a_source_of_another_town_cannot_be_removed(sign_in, sanne, oeverloo, waterdam):
    source = factories.source(waterdam, kind="hashtag", address="brug")
    assert sign_in(sanne).post(f"/oeverloo/sources/{source.pk}/remove/").status_code == 404


def test_the_page_of_what_runs_names_the_trouble_with_its_remedy(sign_in, sanne, channel):
    Source.objects.update(last_ok_at=timezone.now() - timedelta(hours=1), failures=9, error="connection refused")
    source = Source.objects.get()
    Gap.objects.create(source=source, words="the network keeps only 800")
    Unread.objects.create(source=source, digest="x", error="no text in it", count=3)
    factories.outgoing(channel, state="unknown", needs_person=True, text="Kwam dit aan?")
    WorkerBeat.objects.create(worker="send", at=timezone.now() - timedelta(hours=1))
    shown = page(sign_in(sanne), "/waterdam/running/")
    for words in (
        "The network does not answer",
        "connection refused",
        "the network keeps only 800",
        "no text in it",
        "Kwam dit aan?",
        "Stands still",
    ):
        assert words in shown


def test_without_any_beat_the_page_says_how_to_start(sign_in, sanne):
    assert "plein up" in page(sign_in(sanne), "/waterdam/running/")


def test_technical_words_are_folded_away_below_a_sentence_of_ours(sign_in, sanne, channel):
    source = channel.sources.get()
    Unread.objects.create(source=source, digest="a", error="Object missing required field `uri`")
    WorkerBeat.objects.create(worker="send", at=timezone.now(), error="ValueError: odd")
    sanne.language = "nl"
    sanne.save()
    shown = page(sign_in(sanne), "/waterdam/running/")
    for words in ("Object missing required field", "ValueError: odd"):
        before = shown.split(words)[0]
        assert before.endswith('<summary>Voor wie Plein maakt</summary><code class="secondary" translate="no">')
    assert "De laatste ronde lukte niet." in shown


def test_a_network_that_cannot_be_reached_is_told_in_the_readers_language(sign_in, sanne, channel):
    error = as_channel_error(OSError(113, "No route to host"))
    Source.objects.update(failures=9, error=error.words)
    sanne.language = "nl"
    sanne.save()
    shown = page(sign_in(sanne), f"/waterdam/channels/{channel.pk}/")
    assert "Het netwerk is niet te bereiken: [Errno 113] No route to host" in shown


@pytest.mark.parametrize("name", ["running", "channels/{channel}"])
def test_how_long_the_oldest_message_waits_is_said_in_a_sentence(sign_in, sanne, channel, name):
    factories.outgoing(channel, due_at=timezone.now() - timedelta(minutes=12))
    sanne.language = "nl"
    sanne.save()
    assert "het oudste wacht al 12 minuten" in page(sign_in(sanne), f"/waterdam/{name.format(channel=channel.pk)}/")


# --- the stop button ---


def test_webcare_stops_everything_and_every_page_says_so(sign_in, femke, channel):
    factories.outgoing(channel, text="Dit moet wachten")
    client = sign_in(femke)
    client.post("/waterdam/stop/", {"reason": "brand aan de Havenkade"})
    hold = SendHold.objects.get()
    assert hold.placed_by == femke
    for path in ("channels/", "sources/", "running/"):
        shown = page(client, f"/waterdam/{path}")
        assert "Everything is silent." in shown and "brand aan de Havenkade" in shown
    assert "Dit moet wachten" in page(client, "/waterdam/stop/")
    client.post(f"/waterdam/stop/{hold.pk}/lift/")
    assert not SendHold.objects.standing().exists()


def test_the_banner_names_who_stopped_and_counts_what_would_have_left(sign_in, sanne, femke, waterdam, channel):
    SendHold.objects.create(town=waterdam, reason="brand", placed_by=femke)
    factories.outgoing(channel, text="Dit wacht")
    by_hand = factories.channel(waterdam, network="manual")
    factories.outgoing(by_hand, text="Dit kopieert iemand", needs_person=True)
    client = sign_in(sanne)
    banner = page(client, "/waterdam/channels/").split('<div class="banner">')[1].split("</div>")[0]
    assert "Stopped by Femke Visser." in banner
    assert "1 message waits." in banner
    stopped = page(client, "/waterdam/stop/")
    assert "Dit wacht" in stopped
    assert "Dit kopieert iemand" not in stopped


def test_what_waits_is_counted_beyond_what_is_shown(sign_in, femke, channel):
    for number in range(103):
        factories.outgoing(channel, text=f"Bericht {number}")
    shown = page(sign_in(femke), "/waterdam/stop/")
    assert '<span class="quiet">103</span>' in shown
    assert "These are the first 100." in shown


@pytest.mark.parametrize(("name", "fields"), [("stop", {}), ("running", {"state": "unknown", "needs_person": True})])
def test_what_is_listed_leads_to_its_conversation(sign_in, femke, sanne, channel, name, fields):
    talk = factories.conversation(channel.town, channel=channel)
    made = factories.outgoing(channel, reply_to=talk.entries.get().post, **fields)
    Answer.objects.create(conversation=talk, outgoing=made)
    client = sign_in(femke if name == "stop" else sanne)
    address = f"/waterdam/outgoing/{made.pk}/"
    assert f'href="{address}"' in page(client, f"/waterdam/{name}/")
    assert client.get(address)["Location"] == f"/waterdam/inbox/{talk.pk}/#answer-{made.pk}"
    assert f'id="answer-{made.pk}"' in page(client, f"/waterdam/inbox/{talk.pk}/")


def test_what_another_town_sends_has_no_place_here(sign_in, sanne, daan, oeverloo, channel):
    talk = factories.conversation(channel.town, channel=channel)
    made = factories.outgoing(channel, reply_to=talk.entries.get().post)
    Answer.objects.create(conversation=talk, outgoing=made)
    assert sign_in(sanne).get(f"/oeverloo/outgoing/{made.pk}/").status_code == 404
    assert sign_in(daan).get(f"/waterdam/outgoing/{made.pk}/").status_code == 404


def test_a_reader_sees_the_stop_and_cannot_press_it(sign_in, daan, oeverloo):
    client = sign_in(daan)
    assert "button--danger" not in page(client, "/oeverloo/stop/")
    assert client.post("/oeverloo/stop/", {"reason": "x"}).status_code == 403
    assert not SendHold.objects.exists()


def test_a_stop_needs_a_reason(sign_in, femke):
    sign_in(femke).post("/waterdam/stop/", {"reason": " "})
    assert not SendHold.objects.exists()


def test_the_stop_of_another_town_cannot_be_lifted(sign_in, sanne, femke, waterdam):
    hold = SendHold.objects.create(town=waterdam, reason="brand", placed_by=femke)
    assert sign_in(sanne).post(f"/oeverloo/stop/{hold.pk}/lift/").status_code == 404
    assert SendHold.objects.standing().exists()


# --- what comes from outside ---


def test_a_delivery_to_a_channel_that_takes_none_does_not_exist(client, channel):
    assert client.post(f"/hooks/{channel.pk}/", b"{}", content_type="application/json").status_code == 404
    assert client.post("/hooks/999/", b"{}", content_type="application/json").status_code == 404


def test_a_delivery_is_a_post(client, channel):
    assert client.get(f"/hooks/{channel.pk}/").status_code == 405


def test_a_delivery_that_is_too_large_is_refused_unread(client, waterdam):
    channel = factories.channel(waterdam, network="webhook", handle="kcc")
    body = json.dumps({"text": "x" * 1_100_000})
    assert client.post(f"/hooks/{channel.pk}/", body, content_type="application/json").status_code == 413


def test_an_unsigned_delivery_is_refused_and_nothing_is_written(client, waterdam):
    channel = factories.channel(waterdam, network="webhook", handle="kcc")
    answer = client.post(f"/hooks/{channel.pk}/", b"{}", content_type="application/json")
    assert answer.status_code == 400
    assert not Outgoing.objects.exists() and not channel.posts.exists()


SECRET = "een geheim van minstens tweeendertig tekens"


def deliver(client, channel, *items, secret=SECRET, at=None):
    body = json.dumps(items).encode()
    moment = str(int((at or timezone.now()).timestamp()))
    headers = {"x-plein-timestamp": moment, "x-plein-signature": signature(secret, moment, body)}
    return client.post(f"/hooks/{channel.pk}/", body, content_type="application/json", headers=headers)


@pytest.fixture
def system(waterdam):
    """Another system that delivers messages here."""
    made = factories.channel(waterdam, network="webhook", handle="kcc")
    keep_secret(name=made.secret_name, values={"secret": SECRET})
    return made


MESSAGE = {
    "type": "message",
    "id": "1",
    "author": {"id": "joke", "handle": "joke", "name": "Joke Terpstra"},
    "text": "Mijn kliko is niet geleegd.",
    "posted_at": "2026-03-03T09:30:00Z",
}


def test_a_signed_delivery_is_kept_once_however_often_it_comes(client, system):
    assert deliver(client, system, MESSAGE).status_code == 202
    assert deliver(client, system, MESSAGE).status_code == 202
    assert [post.text for post in system.posts.all()] == ["Mijn kliko is niet geleegd."]


def test_a_delivery_with_another_secret_or_of_yesterday_is_refused(client, system):
    assert deliver(client, system, MESSAGE, secret="x" * 40).status_code == 400
    assert deliver(client, system, MESSAGE, at=timezone.now() - timedelta(days=1)).status_code == 400
    assert not system.posts.exists()


def test_a_paused_channel_takes_no_delivery_and_says_to_come_back(client, system):
    Channel.objects.update(status="paused")
    answer = deliver(client, system, MESSAGE)
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert not system.posts.exists()
    Channel.objects.update(status="open")
    assert deliver(client, system, MESSAGE).status_code == 202


def test_a_channel_that_was_disconnected_takes_no_delivery_ever_again(client, system):
    Channel.objects.update(status="disconnected")
    assert deliver(client, system, MESSAGE).status_code == 404


def test_a_source_says_when_it_is_looked_at_again(sign_in, sanne, waterdam):
    soon = timezone.now() + timedelta(minutes=12, seconds=30)
    source = factories.source(waterdam, kind="feed", network_code="feed", address="https://krant.example/rss")
    Source.objects.filter(pk=source.pk).update(last_ok_at=timezone.now(), due_at=soon)
    assert "again in 12 minutes" in page(sign_in(sanne), "/waterdam/sources/")
    Source.objects.filter(pk=source.pk).update(due_at=timezone.now() + timedelta(seconds=10))
    assert "again in" not in page(sign_in(sanne), "/waterdam/sources/")
