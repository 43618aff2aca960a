"""Which places come about, of what, and what is kept of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plein.channels.posts import Batch, Deleted
from plein_web.listening.elsewhere.discovering import discover
from plein_web.listening.elsewhere.models import ConversationPlace, Spoken
from plein_web.listening.elsewhere.weighing import forget_places, said_in, taught_by
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention
from plein_web.listening.standing import STANDING
from tests import factories
from tests.web.listening.conftest import watch_row
from tests.web.listening.elsewhere.conftest import asks, hear, settle

pytestmark = pytest.mark.django_db


def known() -> set[tuple[str, str]]:
    return {(one.kind, one.key if one.kind == "hashtag" else "") for one in ConversationPlace.objects.all()}


def test_what_a_watch_caught_was_said_in_a_thread_and_under_a_hashtag(asked):
    assert known() == {("thread", ""), ("hashtag", "vaartkade")}


def test_what_nobody_asked_for_makes_no_place(brug, everywhere):
    hear(everywhere, asks("Mooi weer vandaag? #zomer"))
    assert not ConversationPlace.objects.exists() and not Spoken.objects.exists()


def test_a_place_holds_no_words_and_no_address_of_anybody(asked):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {ConversationPlace._meta.db_table}")
        rows = str(cursor.fetchall())
    assert asked.uri not in rows and asked.author.id not in rows and "containers" not in rows
    assert len(ConversationPlace.objects.get(kind="thread").key) == 32


def test_a_reply_that_we_overhear_is_in_the_thread_of_its_question(asked, everywhere):
    hear(everywhere, asks("Bij de sluisbrug altijd dinsdag", 1, root=asked.uri, parent=asked.uri))
    thread = ConversationPlace.objects.get(kind="thread")
    assert thread.messages == 2
    first, second = said_in([thread])[thread.pk]
    assert second.parent == first.uri_hash == thread.key


def test_two_watches_that_catch_the_same_post_make_one_message(asked, waterdam, everywhere):
    watch_row(waterdam, "containers")
    STANDING.forget()
    hear(everywhere, asked)
    assert Mention.objects.count() == 2
    assert {one.messages for one in ConversationPlace.objects.all()} == {1}


def test_what_is_not_about_us_is_in_no_place(brug, everywhere):
    hear(everywhere, asks())
    Mention.objects.update(about=False)
    ConversationPlace.objects.update(weighed_at=None)
    settle()
    assert not ConversationPlace.objects.exists()


def test_a_feed_is_a_place_where_people_talk(brug, waterdam):
    feed = factories.source(waterdam, network_code="feed", kind="feed", address="https://courant.example/feed")
    hear(feed, asks("Krant: sluisbrug blijft dicht"))
    assert ("feed", "") in known()


def test_a_question_waits_in_the_queue_with_its_reason(thread):
    assert thread.queued and thread.asked == 1 and thread.waiting_since
    assert thread.why and thread.step == "answer"
    assert Mention.objects.get().uri_hash == thread.asking


def test_when_the_message_is_gone_the_place_is_forgotten(asked, everywhere):
    hear(everywhere, Deleted("memory", asked.uri, timezone.now()))
    assert not Mention.objects.exists()
    forget_places(timezone.now())
    settle()
    assert not ConversationPlace.objects.exists() and not Spoken.objects.exists()


def test_looking_again_changes_nothing(asked):
    before = list(ConversationPlace.objects.order_by("id").values())
    assert discover(timezone.now()) == 0
    settle()
    assert list(ConversationPlace.objects.order_by("id").values()) == before


def test_each_town_has_its_own_places(asked, oeverloo, everywhere):
    watch_row(oeverloo, "containers")
    STANDING.forget()
    hear(everywhere, asks())
    assert ConversationPlace.objects.filter(town=oeverloo, kind="hashtag").get().messages == 1


def test_a_hundred_mentions_cost_no_more_queries_than_ten(brug, everywhere):
    def queries(number: int) -> int:
        posts = [asks(f"sluisbrug {at}? #vaartkade") for at in range(number)]
        Ingestion(everywhere).take_batch(Batch(tuple(posts), "1"), STANDING.listener(), timezone.now())
        with CaptureQueriesContext(connection) as counted:
            discover(timezone.now())
        return len(counted)

    queries(1)
    assert queries(100) <= queries(10) + 2


def test_nothing_is_taught_before_anybody_chose(waterdam):
    assert taught_by(waterdam).counts == {}
