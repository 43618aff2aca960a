"""The pages of "Here you can help": for who answers residents, an owner, a stranger, and who only reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plein.channels.memory import author_of
from plein_web.channels.models import Outgoing
from plein_web.inbox.models import Conversation
from plein_web.inbox.workers import apply_events
from plein_web.listening.elsewhere.fetching import fetch_joined
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice, Spoken
from plein_web.listening.models import Mention
from tests import factories
from tests.web.listening.elsewhere.conftest import QUESTION, asks, hear

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(waterdam, square, square_address):
    return factories.memory_channel(waterdam, square_address, handle="waterdam")


@pytest.fixture
def overheard(square, square_address, account, brug, waterdam):
    """A question on the square, in the queue; returns its thread."""
    uri = square.post(author_of("joke", "Joke Terpstra"), QUESTION, None, timezone.now() - timedelta(hours=2))
    hear(factories.source(waterdam, kind="public", settings={"address": square_address}), square.get(uri))
    return ConversationPlace.objects.get(kind="thread")


@pytest.fixture
def femke_in(sign_in, femke):
    return sign_in(femke)


def page(client, name: str, *args, **asked) -> str:
    response = client.get(reverse(name, args=["waterdam", *args]), asked)
    assert response.status_code == 200
    return response.content.decode()


def post(client, name: str, *args, **given):
    return client.post(reverse(name, args=["waterdam", *args]), given)


def test_the_queue_tells_what_is_asked_why_how_long_and_what_to_do(femke_in, overheard):
    shown = page(femke_in, "here_you_can_help")
    assert "Weet iemand wanneer de vuilniswagen" in shown
    assert "wacht 2 uur" in shown and "Stap:" in shown
    assert shown.count('class="item help-item"') == 1, (
        "the same question stands there once, though it has a hashtag too"
    )
    assert "joke" not in shown.lower()


def test_a_place_tells_its_reason_its_days_and_what_we_do_not_see(femke_in, overheard):
    shown = page(femke_in, "place", overheard.pk)
    for words in ("Waarom staat dit hier?", "Wat we niet zien", "chart--wide", "Toon als tabel", "Gemeente Waterdam"):
        assert words in shown
    assert "Lees" in shown, "of one message nobody makes a figure"


@pytest.mark.parametrize("name", ["here_you_can_help", "places", "joining_measured"])
def test_everybody_who_may_look_along_sees_the_pages_and_a_stranger_does_not(
    client, name, overheard, sanne, femke, daan
):
    for who, status in ((sanne, 200), (femke, 200), (daan, 404)):
        client.force_login(who)
        assert client.get(reverse(name, args=["waterdam"])).status_code == status
    reader = factories.person("lies@waterdam.example", "Lies", waterdam="reader")
    client.force_login(reader)
    assert client.get(reverse(name, args=["waterdam"])).status_code == 403


def test_the_place_of_another_town_does_not_exist(sign_in, sanne, overheard, oeverloo):
    client = sign_in(sanne)
    for name in ("place", "place_join", "place_choose", "place_hand_over", "place_ask"):
        assert client.post(reverse(name, args=["oeverloo", overheard.pk])).status_code in (404, 405)
        assert client.get(reverse(name, args=["oeverloo", overheard.pk]), follow=True).status_code == 404


def test_who_may_not_answer_sees_the_place_and_no_buttons(sign_in, overheard, waterdam, monkeypatch):
    from plein.town import roles

    monkeypatch.setitem(roles.RIGHTS, roles.Role.READER, {"listening": roles.Right.READ})
    client = sign_in(factories.person("lies@waterdam.example", "Lies", waterdam="reader"))
    shown = page(client, "place", overheard.pk)
    assert reverse("place_join", args=["waterdam", overheard.pk]) not in shown
    assert post(client, "place_choose", overheard.pk, choice="leave").status_code == 403
    assert post(client, "place_join", overheard.pk).status_code == 403


def test_join_and_answer_on_the_spot(femke_in, overheard):
    response = post(femke_in, "place_join", overheard.pk)
    choice = PlaceChoice.objects.get()
    assert response.url == reverse("place_joined", args=["waterdam", choice.pk])
    assert "We halen het gesprek op" in page(femke_in, "place_joined", choice.pk)
    fetch_joined(timezone.now())
    apply_events(timezone.now())
    there = femke_in.get(response.url, follow=True)
    conversation = Conversation.objects.get()
    assert there.redirect_chain[-1][0].startswith(reverse("conversation", args=["waterdam", conversation.pk]))
    assert 'id="answer-text"' in there.content.decode()


def test_the_page_that_waits_goes_on_by_itself_once_it_is_here(femke_in, overheard):
    address = post(femke_in, "place_join", overheard.pk).url
    assert 'hx-trigger="load delay:1s"' in femke_in.get(address, headers={"HX-Request": "true"}).content.decode()
    fetch_joined(timezone.now())
    here = femke_in.get(address, headers={"HX-Request": "true"})
    assert here.headers["HX-Redirect"] == reverse(
        "conversation_of_post", args=["waterdam", PlaceChoice.objects.get().post_id]
    )


def test_a_conversation_that_cannot_be_brought_here_says_why(femke_in, overheard, square):
    address = post(femke_in, "place_join", overheard.pk).url
    PlaceChoice.objects.update(fetch="failed", words="410 Gone")
    assert "410 Gone" in femke_in.get(address).content.decode()


def test_a_choice_can_be_undone_from_the_queue(femke_in, overheard):
    response = post(femke_in, "place_choose", overheard.pk, choice="not_ours")
    shown = femke_in.get(response.url).content.decode()
    choice = PlaceChoice.objects.get()
    assert reverse("place_undo", args=["waterdam", choice.pk]) in shown and 'data-key="Z"' in shown
    assert "help-item" not in shown
    post(femke_in, "place_undo", choice.pk)
    assert "help-item" in page(femke_in, "here_you_can_help")


def test_nonsense_is_refused_in_words_and_changes_nothing(femke_in, overheard):
    told = femke_in.post(reverse("place_choose", args=["waterdam", overheard.pk]), {"choice": "sell"}, follow=True)
    assert "Kies wat je met deze plek doet" in told.content.decode()
    assert not PlaceChoice.objects.exists()


def test_a_colleague_finds_what_was_handed_over_on_top_with_the_note(client, overheard, femke, sanne):
    client.force_login(femke)
    wrong = post(client, "place_hand_over", overheard.pk)
    assert wrong.status_code == 200 and "field--wrong" in wrong.content.decode()
    post(client, "place_hand_over", overheard.pk, **{"hand-to": sanne.pk, "hand-note": "Jij kent het rooster"})
    client.force_login(sanne)
    shown = page(client, "here_you_can_help")
    assert "Jij kent het rooster" in shown and "Femke Visser" in shown


def test_a_question_is_asked_under_a_hashtag_and_only_with_that_hashtag(femke_in, overheard, account):
    tag = ConversationPlace.objects.get(kind="hashtag")
    assert "Stel hier zelf een vraag" in page(femke_in, "place", tag.pk)
    for text in ("Wie helpt mee?", "#vaartkade", "", "x" * 20_000 + " #vaartkade"):
        refused = post(femke_in, "place_ask", tag.pk, **{"ask-channel": account.pk, "ask-text": text})
        assert refused.status_code == 200 and "field--wrong" in refused.content.decode()
    post(femke_in, "place_ask", tag.pk, **{"ask-channel": account.pk, "ask-text": "Wie helpt mee? #Vaartkade"})
    assert Outgoing.objects.get().cause == f"place:{PlaceChoice.objects.get().pk}"


def test_where_the_town_has_no_account_it_says_what_to_do(femke_in, asked):
    thread = ConversationPlace.objects.get(kind="thread")
    shown = page(femke_in, "place", thread.pk)
    assert reverse("connect", args=["waterdam"]) in shown
    assert reverse("place_join", args=["waterdam", thread.pk]) not in shown


def test_an_empty_queue_says_why_and_what_to_do(femke_in, waterdam):
    assert "We zoeken nog nergens naar" in page(femke_in, "here_you_can_help")
    from tests.web.listening.conftest import watch_row

    watch_row(waterdam, "sluisbrug")
    assert "We horen nog niets" in page(femke_in, "here_you_can_help")
    source = factories.source(waterdam, kind="public")
    assert "Nog niets gehoord" in page(femke_in, "here_you_can_help")
    hear(source, asks("Mooie sluisbrug."))
    assert "Niemand wacht nu op ons" in page(femke_in, "here_you_can_help")


def test_an_open_page_fetches_only_the_queue(femke_in, overheard):
    address = reverse("place", args=["waterdam", overheard.pk])
    shown = femke_in.get(address, headers={"HX-Request": "true", "HX-Target": "queue"}).content.decode()
    assert shown.strip().startswith('<div id="queue"') and "<html" not in shown


def many(town, number: int) -> None:
    """Make places by the number, each with a question."""
    now, watch = timezone.now(), town.watches.first()
    hashes = [f"{at:032x}" for at in range(1, number + 1)]
    Mention.objects.bulk_create(
        Mention(town=town, watch=watch, period="2026-03", uri_hash=one, network_code="memory", author="a", locator="x",
                text=f"Wanneer gaat de brug open? {one}", phrase="brug", posted_at=now, version_at=now, search="", thread=one)
        for one in hashes
    )  # fmt: skip
    made = ConversationPlace.objects.bulk_create(
        ConversationPlace(town=town, network_code="memory", kind="thread", key=one, first_at=now, last_at=now, weighed_at=now,
                          changed_at=now, queued=True, score=2.0, step="answer", said="question", asking=one, asked=1, messages=1)
        for one in hashes
    )  # fmt: skip
    Spoken.objects.bulk_create(Spoken(place=place, uri_hash=place.key) for place in made)


def test_a_thousand_places_are_paged_and_cost_no_more_queries(femke_in, brug, waterdam, django_assert_max_num_queries):
    many(waterdam, 1000)
    with django_assert_max_num_queries(45):
        shown = page(femke_in, "here_you_can_help")
    assert shown.count('class="item help-item"') == 25
    assert "1000 gesprekken" in shown or "1.000 gesprekken" in shown
    last = page(femke_in, "here_you_can_help", page=40)
    assert last.count('class="item help-item"') == 25
    assert page(femke_in, "here_you_can_help", page=9999).count('class="item help-item"') == 25


def test_all_places_are_listed_by_kind(femke_in, overheard):
    assert "#vaartkade" in page(femke_in, "places")
    assert "#vaartkade" not in page(femke_in, "places", kind="feed")
    assert "Nog geen plekken" in page(femke_in, "places", kind="feed")


def test_nothing_in_a_page_needs_a_loose_style_or_script(femke_in, overheard):
    import re

    for name, args in (("here_you_can_help", []), ("place", [overheard.pk]), ("places", []), ("joining_measured", [])):
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*src=)", page(femke_in, name, *args))
