"""Posts become conversations, and conversations tell how they stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from plein_web.channels.models import Post
from plein_web.channels.workers import poll_sources, send_due
from plein_web.channels.workers.checking import ask_after_posts
from plein_web.inbox.access import conversation_for
from plein_web.inbox.actions import assign, close, reopen, rewrite_answer, save_draft, send_answer, wait
from plein_web.inbox.models import Conversation, Draft, Entry
from plein_web.inbox.workers import apply_events
from plein_web.town.models import Cursor, Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(waterdam, square_address):
    return factories.memory_channel(waterdam, square_address, handle="waterdam", identity="square:waterdam")


@pytest.fixture
def actor(femke, waterdam):
    return factories.actor(femke, waterdam)


@pytest.fixture
def hear(channel):
    """Let everything that happened on the square come through to the inbox."""
    looks = iter(range(0, 10_000, 5))

    def hear() -> None:
        moment = timezone.now() + timedelta(seconds=next(looks))
        poll_sources(moment)
        send_due(moment)
        while apply_events(moment):
            pass

    return hear


@pytest.fixture
def talk(hear, square):
    square.post("joke", "@waterdam de brug is dicht")
    hear()
    return Conversation.objects.get()


def fresh(conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def answer(actor, conversation, text="We kijken ernaar."):
    post = Post.objects.filter(entry__conversation=conversation, ours=False).order_by("posted_at").last()
    return send_answer(actor=actor, conversation=fresh(conversation), post=post, text=text)


def test_a_question_becomes_a_conversation(talk, channel, waterdam):
    assert (talk.status, talk.title, talk.resident, talk.unseen, talk.posts) == (
        "open",
        "de brug is dicht",
        "joke",
        1,
        1,
    )
    assert (talk.town, talk.channel, talk.waiting_since) == (waterdam, channel, Post.objects.get().posted_at)
    assert Event.objects.filter(kind="conversation.changed", subject=talk.pk).exists()


def test_an_answer_makes_it_wait_and_a_reaction_opens_it_again(talk, actor, hear, square):
    sent = answer(actor, talk)
    hear()
    assert (fresh(talk).status, fresh(talk).unseen, fresh(talk).assignee) == ("waiting", 0, actor.person)
    sent.refresh_from_db()
    square.post("joke", "Dank!", reply_to=sent.uri)
    hear()
    assert (fresh(talk).status, fresh(talk).unseen, fresh(talk).snippet, fresh(talk).posts) == ("open", 1, "Dank!", 3)
    assert Conversation.objects.count() == 1


def test_an_answer_that_is_refused_brings_the_question_back(talk, actor, hear, square):
    square.behave("refuses")
    answer(actor, talk)
    assert fresh(talk).status == "waiting"
    hear()
    assert (fresh(talk).status, fresh(talk).unseen) == ("open", 1)


def test_a_deleted_question_leaves_no_words_in_the_list(talk, hear, square):
    square.delete(Post.objects.get().uri)
    hear()
    assert (fresh(talk).title, fresh(talk).snippet, fresh(talk).status, fresh(talk).waiting_since) == (
        "",
        "",
        "done",
        None,
    )


def test_an_edit_shows_in_the_list(talk, hear, square, actor):
    answer(actor, talk)
    hear()
    square.edit(Post.objects.get(ours=False).uri, "@waterdam de Sluisbrug is dicht")
    hear()
    assert (fresh(talk).snippet, fresh(talk).edited, fresh(talk).status) == (
        "de Sluisbrug is dicht",
        True,
        "waiting",
    )


def test_what_we_post_ourselves_is_no_conversation_until_somebody_answers(hear, square, channel):
    root = square.post("waterdam", "De brug gaat vannacht dicht")
    square.post("joke", "Hoe lang?", reply_to=root)
    hear()
    talk = Conversation.objects.get()
    assert (talk.root_uri, talk.title, talk.posts) == (root, "Hoe lang?", 2)


def test_an_answer_in_the_networks_own_app_counts(talk, hear, square):
    square.post("waterdam", "Komt goed", reply_to=Post.objects.get().uri)
    ask_after_posts(timezone.now() + timedelta(seconds=20))
    Post.objects.update(thread_at=timezone.now())
    hear()
    assert (fresh(talk).status, fresh(talk).unseen) == ("waiting", 0)


def test_two_ends_of_one_thread_become_one_conversation_at_the_older_address(hear, channel, waterdam, actor):
    from plein.channels.posts import Author, Batch
    from plein.channels.posts import Post as Told
    from plein_web.channels.actions import receive

    source, now = channel.sources.get(), timezone.now()

    def say(uri: str, parent: str | None) -> None:
        told = Told("memory", uri, uri, Author("joke", "joke"), uri, now, parent=parent)
        receive(source=source, batch=Batch((told,), "1"), now=now)
        while apply_events(now):
            pass

    say("c", "b")
    say("y", "x")
    older, younger = Conversation.objects.order_by("id")
    save_draft(actor=actor, conversation=younger, text="Halve zin")
    say("b", "x")
    talk = Conversation.objects.get()
    assert (talk.pk, talk.root_uri, talk.posts) == (older.pk, "x", 3)
    assert Draft.objects.get().conversation == talk
    say("x", "a")
    assert Conversation.objects.get().pk == older.pk and Conversation.objects.get().root_uri == "a"
    assert Entry.objects.count() == 4


def test_events_that_come_again_change_nothing(talk, actor, hear, square):
    answer(actor, talk)
    hear()
    close(actor=actor, conversation=fresh(talk))
    before = Conversation.objects.values("status", "unseen", "posts", "title", "waiting_since", "closed_at").get()
    Cursor.objects.update(event=0)
    hear()
    assert (
        Conversation.objects.values("status", "unseen", "posts", "title", "waiting_since", "closed_at").get() == before
    )


def test_a_closed_conversation_opens_when_the_resident_writes_again(talk, actor, hear, square):
    close(actor=actor, conversation=talk)
    assert (fresh(talk).status, fresh(talk).unseen) == ("done", 0)
    hear()
    assert fresh(talk).status == "done"
    square.post("joke", "@waterdam hallo?", reply_to=Post.objects.get().uri, at=timezone.now())
    hear()
    assert (fresh(talk).status, fresh(talk).unseen, fresh(talk).closed_at) == ("open", 1, None)


def test_a_reopened_conversation_stays_open(talk, actor, hear):
    close(actor=actor, conversation=talk)
    reopen(actor=actor, conversation=fresh(talk))
    Cursor.objects.update(event=0)
    hear()
    assert fresh(talk).status == "open"
    wait(actor=actor, conversation=fresh(talk))
    assert fresh(talk).status == "waiting"


def test_who_waits_is_known_again_in_a_conversation_that_is_brought_back(talk, actor, hear):
    close(actor=actor, conversation=talk)
    assert fresh(talk).waiting_since is None
    reopen(actor=actor, conversation=fresh(talk))
    hear()
    assert (fresh(talk).unseen, fresh(talk).waiting_since) == (1, Post.objects.get().posted_at)


def test_an_answer_that_is_refused_brings_a_conversation_back_that_was_reopened(talk, actor, hear, square):
    taken_back = answer(actor, talk)
    rewrite_answer(actor=actor, outgoing=taken_back)
    hear()
    assert (fresh(talk).status, fresh(talk).unseen) == ("open", 1)
    square.behave("refuses", times=1)
    answer(actor, fresh(talk))
    send_due(timezone.now())
    hear()
    assert (fresh(talk).status, fresh(talk).unseen) == ("open", 1)


def test_a_draft_is_kept_until_it_is_sent(talk, actor):
    save_draft(actor=actor, conversation=talk, text="We kij")
    save_draft(actor=actor, conversation=talk, text="We kijken")
    assert Draft.objects.get().text == "We kijken"
    answer(actor, talk)
    assert not Draft.objects.exists()


def test_an_answer_goes_to_a_post_of_the_conversation_itself(talk, actor, channel, waterdam):
    with pytest.raises(ValidationError):
        send_answer(actor=actor, conversation=talk, post=factories.post(waterdam, channel=channel), text="Hoi")


def test_a_conversation_is_given_to_a_colleague_who_answers_in_this_town(talk, actor, sanne, daan, femke):
    assign(actor=actor, conversation=talk, person=femke)
    assert fresh(talk).assignee == femke
    assign(actor=actor, conversation=talk, person=None)
    assert fresh(talk).assignee is None
    with pytest.raises(ValidationError):
        assign(actor=actor, conversation=talk, person=daan)


def test_a_private_message_is_marked(hear, square, channel):
    square.post("joke", "@waterdam tussen ons", visibility="direct")
    hear()
    assert Conversation.objects.get().private


def test_a_content_warning_stands_for_the_words(hear, square, channel):
    square.post("joke", "@waterdam vreselijk verhaal", content_warning="ongeluk")
    hear()
    assert Conversation.objects.get().snippet == "ongeluk"


def test_a_reader_looks_and_touches_nothing(talk, waterdam):
    reader = factories.actor(factories.person("lees@waterdam.example", "Lies Lezer", waterdam="reader"), waterdam)
    assert conversation_for(reader, talk.pk) == talk
    for act in (
        lambda: save_draft(actor=reader, conversation=talk, text="x"),
        lambda: close(actor=reader, conversation=talk),
        lambda: assign(actor=reader, conversation=talk, person=None),
        lambda: answer(reader, talk),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_for_a_stranger_the_conversation_does_not_exist(talk, daan, oeverloo):
    with pytest.raises(Http404):
        conversation_for(factories.actor(daan, oeverloo), talk.pk)


def test_many_events_take_few_queries(hear, square, channel, django_assert_max_num_queries):
    for number in range(40):
        square.post(f"joke{number}", f"@waterdam nummer {number}")
    poll_sources(timezone.now())
    with django_assert_max_num_queries(100):
        assert apply_events(timezone.now()) == 40
    assert Conversation.objects.count() == 40
