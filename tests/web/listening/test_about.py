"""Posts that are about the place a watch asks for, and what a town teaches about it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from plein.channels.posts import Batch
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Lesson, Mention, Watch
from plein_web.listening.standing import STANDING
from plein_web.town.models import AuditRow
from tests.web.listening.conftest import NOW, said, watch_row

pytestmark = pytest.mark.django_db

ABOUT_US = "Burgemeester van Best opent het nieuwe zwembad"
NOT_US = "Best lastig, zo'n nieuwe telefoon"


@pytest.fixture
def best(waterdam) -> Watch:
    return watch_row(waterdam, "zwembad", query="plaats:Best")


def hear(source, *texts: str) -> None:
    STANDING.forget()
    posts = tuple(said(text) for text in texts)
    Ingestion(source).take_batch(Batch(posts, "1"), STANDING.listener(), NOW)


def test_an_ordinary_word_is_not_kept_and_the_place_is(best, everywhere):
    hear(everywhere, ABOUT_US, NOT_US)
    mention = Mention.objects.counting().get()
    assert mention.text == ABOUT_US
    assert mention.sure > 0.5 and "Burgemeester" in mention.why


def test_what_is_asked_for_beside_the_place_needs_no_judge(waterdam, everywhere):
    watch_row(waterdam, "x", query="plaats:Best OF kliko")
    hear(everywhere, "De kliko is weer vol", NOT_US)
    mention = Mention.objects.counting().get()
    assert (mention.text, mention.sure) == ("De kliko is weer vol", None)


def test_a_doubtful_message_does_not_count_until_somebody_says_so(best, everywhere, sign_in, sanne):
    hear(everywhere, ABOUT_US)
    Mention.objects.update(sure=0.3)
    assert Mention.objects.counting().count() == 0
    client = sign_in(sanne)
    pk = Mention.objects.get().pk
    client.post(reverse("mention_about", args=["waterdam", pk]), {"about": "yes"})
    assert Mention.objects.counting().count() == 1
    shown = client.get(reverse("watch", args=["waterdam", best.pk])).content.decode()
    assert "Over ons, zeg je" in shown


def test_what_a_town_says_is_not_about_it_teaches_the_judge_and_is_written_down(best, everywhere, sign_in, sanne):
    text = "Wij zoeken de Best Western in het centrum"
    hear(everywhere, ABOUT_US)
    Mention.objects.update(text=text)
    pk = Mention.objects.get().pk
    client = sign_in(sanne)
    for _ in range(2):
        client.post(reverse("mention_about", args=["waterdam", pk]), {"about": "no"})
    lesson = Lesson.objects.get()
    assert lesson.place == "best" and lesson.counts["after:western"] == [0, 1]
    assert AuditRow.objects.filter(action="mention.judged").count() == 1
    STANDING.forget()
    assert STANDING.listener().judges[best.pk].judges[0].learned.counts


def test_only_who_may_write_here_says_what_is_about_us(best, everywhere, sign_in, daan, femke, oeverloo):
    hear(everywhere, ABOUT_US)
    address = reverse("mention_about", args=["waterdam", Mention.objects.get().pk])
    assert sign_in(daan).post(address, {"about": "no"}).status_code == 404
    assert Mention.objects.get().about is None


def test_a_mention_shows_its_topic_and_the_words_that_decided_it(waterdam, everywhere, sign_in, sanne):
    watch = watch_row(waterdam, "x", query="kliko OF hoera")
    hear(everywhere, "De kliko is weer niet geleegd, het afval stinkt", "hoera, hoera")
    shown = sign_in(sanne).get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    assert re.search(r"Onderwerp: Afval \([^)]*kliko", shown)
    assert shown.count("Onderwerp:") == 1
