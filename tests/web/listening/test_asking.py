"""Asking what to listen to: what the form understands, offers and refuses, and what a try tells."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plein.channels.posts import Batch
from plein_web.channels.models import Post
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention, OwnName, Watch
from plein_web.listening.places import place_names
from plein_web.listening.standing import STANDING
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row
from tests.web.listening.test_pages import given, in_form

pytestmark = pytest.mark.django_db
ABOUT_US = "Burgemeester van Best opent het nieuwe zwembad"


@pytest.fixture
def sanne_in(sign_in, sanne):
    return sign_in(sanne)


@pytest.fixture
def best(waterdam):
    waterdam.name = "Gemeente Best"
    waterdam.save()
    return waterdam


def told(client, query: str) -> str:
    return client.post(reverse("query_check", args=["waterdam"]), {"how": "query", "query": query}).content.decode()


def posted(client, **fields) -> str:
    return client.post(reverse("watch_new", args=["waterdam"]), fields).content.decode()


def offers(page: str) -> list[str]:
    return re.findall(r'name="mend" value="([^"]*)"', page)


def test_a_town_that_is_called_municipality_is_that_municipality(sanne_in, best):
    today = timezone.localdate()
    assert "Klompengat" in {name.text for name in place_names(best, "Best", on=today)}
    shown = sanne_in.get(reverse("watch_new", args=["waterdam"])).content.decode()
    assert ">\nBest</textarea>" in shown
    assert "plaats:Best" in offers(told(sanne_in, "plaats:gemeente Best"))
    posted(sanne_in, **in_form(places="gemeente Best"))
    assert Watch.objects.get().query.startswith("plaats:Best EN ")
    assert "Klompengat" in sanne_in.get("/waterdam/listening/names/").content.decode()


def test_a_place_that_nobody_knows_is_refused_with_the_nearest_one(sanne_in, waterdam):
    shown = posted(sanne_in, **in_form(places="Bst"))
    assert 'id="id_places_error"' in shown and "Bedoel je Best?" in shown
    assert "Een naam van meer woorden" not in shown
    assert offers(told(sanne_in, "plaats:Bst zwembad")) == ["plaats:Best zwembad"]
    assert offers(told(sanne_in, "plaats:Bst OF (Jan de Vries)")) == ["plaats:Best OF (Jan de Vries)"]
    assert not Watch.objects.exists()


def test_an_own_name_is_a_place_too(sanne_in, waterdam):
    OwnName.objects.create(town=waterdam, name="Ons Huis", key="ons huis", kind="building")
    posted(sanne_in, **in_form(places="Ons Huis"))
    assert Watch.objects.get().query.startswith('plaats:"Ons Huis" EN ')


def test_places_and_words_may_stand_with_commas_between(sanne_in, waterdam):
    posted(sanne_in, **in_form(places="Best, Oirschot", any_of="station, zwembad"))
    assert Watch.objects.get().query == "(plaats:Best OF plaats:Oirschot) EN (station OF zwembad)"


@pytest.mark.parametrize(("typed", "words"), [("station EN zwembad", "EN verbindt"), ("(brug", "doet niets")])
def test_signs_of_a_query_in_a_line_of_the_form_are_told(sanne_in, waterdam, typed, words):
    assert words in posted(sanne_in, **in_form(any_of=typed))
    assert not Watch.objects.exists()


@pytest.mark.parametrize("typed", [
    "@jan", "*", "b*", "NOT open", "lang:xx", "afval lang:xx", "place:", "((((", "AND", "06 12345678",
    "jan@waterdam.example", "een OF EN", '"Jan de Vries"', "Jan de Vries", "Mark Rutte", "burgemeester Ubachs",
    "'Jan de Vries'", '"Jan de Vries',
])  # fmt: skip
def test_nothing_is_offered_that_is_the_same_no_query_or_a_person(sanne_in, waterdam, typed):
    page = told(sanne_in, typed)
    assert "remark--" in page
    assert offers(page) == []


def test_what_is_wrong_is_said_in_the_words_of_the_screen(sanne_in, waterdam):
    page = told(sanne_in, "foo:bar")
    assert "taal, netwerk" in page and "network" not in page
    assert offers(told(sanne_in, "brug nabij/3 dicht")) == ["brug NABIJ/3 dicht"]
    assert "brug EN dicht" in offers(told(sanne_in, "brug and dicht"))


def test_a_word_of_many_times_is_remarked_on_once_and_a_long_reading_is_folded(sanne_in, waterdam):
    page = told(sanne_in, "afval " * 833)
    assert page.count("staat hier dubbel") == 1
    assert "<summary>Zo lezen we het</summary>" in page


def test_a_place_that_is_an_ordinary_word_says_what_counts(sanne_in, waterdam):
    assert "“gemeente Best”" in told(sanne_in, "plaats:Best")


def hear(source, *texts: str) -> None:
    STANDING.forget()
    now = timezone.now()
    posts = tuple(said(text, posted_at=now) for text in texts)
    Ingestion(source).take_batch(Batch(posts, "1"), STANDING.listener(), now)


def test_a_look_back_judges_as_the_watch_does_and_hears_a_colleague(sanne_in, waterdam, everywhere):
    watch_row(waterdam, "zwembad", query="zwembad")
    hear(everywhere, ABOUT_US, "Best lastig, zo'n zwembad")
    page = told(sanne_in, "plaats:Best zwembad")
    assert "1 bericht in 14 dagen" in page and "over ons" in page and "Burgemeester" in page
    assert "gaat over iets anders" in page
    Mention.objects.filter(text=ABOUT_US).update(about=False)
    page = told(sanne_in, "plaats:Best zwembad")
    assert "0 berichten in 14 dagen" in page and "Niet over ons, zegt een collega" in page


def test_what_was_written_to_us_is_shown_but_not_counted(sanne_in, waterdam):
    factories.conversation(waterdam, texts=("De pont is dicht",))
    Post.objects.update(posted_at=timezone.now())
    page = told(sanne_in, "pont")
    assert "<mark>pont</mark>" in page and "0 berichten in 14 dagen" in page and "staat in de inbox" in page


def test_a_new_watch_shows_no_zeros_of_days_on_which_nobody_listened(sanne_in, waterdam):
    posted(sanne_in, **given())
    watch = Watch.objects.get()
    page = sanne_in.get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    assert page.count("niet geluisterd</td>") == 13
    assert "0 berichten sinds" in page and "14 dagen" not in page
    assert "telt vanaf het begin" in page
    Watch.objects.update(starts_at=NOW - timedelta(days=400))
    page = sanne_in.get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    assert "niet geluisterd" not in page


def test_stopping_is_asked_first_and_can_be_begun_again(sanne_in, brug):
    stop = reverse("watch_stop", args=["waterdam", brug.pk])
    asked = sanne_in.get(stop).content.decode()
    brug.refresh_from_db()
    assert brug.stopped_at is None and "90 dagen" in asked
    sanne_in.post(stop)
    again = reverse("watch_new", args=["waterdam"]) + f"?from={brug.pk}"
    assert again in sanne_in.get(reverse("watch", args=["waterdam", brug.pk])).content.decode()
    shown = sanne_in.get(again).content.decode()
    assert ">\nsluisbrug\nbrug dicht</textarea>" in shown and brug.purpose in shown


def test_a_watch_of_another_town_is_not_begun_again(sign_in, sanne, brug, oeverloo):
    address = reverse("watch_new", args=["oeverloo"]) + f"?from={brug.pk}"
    assert sign_in(sanne).get(address).status_code in (403, 404)


def test_a_try_says_what_it_was_for_and_that_feeds_are_slow(sanne_in, waterdam):
    factories.source(None, network_code="feed", kind="feed", address="https://waterdam.example/rss")
    address = reverse("query_try", args=["waterdam"])
    shown = sanne_in.post(address, {"how": "query", "query": "pont"}).content.decode()
    assert "<code>pont</code>" in shown and "15 minuten" in shown
    wrong = sanne_in.post(address, {"how": "query", "query": "(pont"}).content.decode()
    assert "nooit gesloten" not in wrong and 'id="checked"' not in wrong and 'id="tried"' in wrong
    assert 'id="try"' in told(sanne_in, "pont") and 'aria-disabled="true"' not in told(sanne_in, "pont")
    assert 'aria-disabled="true"' in told(sanne_in, "(pont")


def test_who_said_that_it_is_about_us_reads_you(sanne_in, waterdam, everywhere):
    watch = watch_row(waterdam, "zwembad", query="plaats:Best")
    hear(everywhere, ABOUT_US)
    pk = Mention.objects.get().pk
    sanne_in.post(reverse("mention_about", args=["waterdam", pk]), {"about": "no"})
    shown = sanne_in.get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    assert "Niet over ons, zeg je" in shown
    assert 'class="sure"' not in shown and "is hoe je" not in shown
