"""Joining a conversation elsewhere, and the other choices: what they do, what they leave behind, what they teach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from plein.channels.memory import author_of
from plein.channels.posts import Batch
from plein_web.channels.actions import receive
from plein_web.channels.models import Outgoing, Post
from plein_web.channels.workers.hearing import poll
from plein_web.channels.workers.sending import send_from
from plein_web.inbox.actions import send_answer
from plein_web.inbox.models import Conversation
from plein_web.inbox.workers import apply_events
from plein_web.listening.elsewhere import actions, workers
from plein_web.listening.elsewhere.fetching import fetch_joined
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice
from plein_web.listening.elsewhere.weighing import taught_by
from plein_web.listening.models import Mention
from plein_web.town.models import AuditRow, Event
from tests import factories
from tests.web.listening.elsewhere.conftest import QUESTION, asks, hear, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(waterdam, square, square_address):
    """The town's account on the square."""
    return factories.memory_channel(waterdam, square_address, handle="waterdam")


@pytest.fixture
def overheard(square, square_address, account, brug, waterdam):
    """A question on a real (practice) network, met by a watch; returns its uri."""
    uri = square.post(author_of("joke", "Joke Terpstra"), QUESTION, None, timezone.now() - timedelta(hours=2))
    source = factories.source(waterdam, kind="public", settings={"address": square_address})
    told = square.get(uri)
    hear(source, told)
    return uri


@pytest.fixture
def actor(femke, waterdam):
    """Webcare chooses."""
    return factories.actor(femke, waterdam)


def thread() -> ConversationPlace:
    return ConversationPlace.objects.get(kind="thread")


def tag() -> ConversationPlace:
    return ConversationPlace.objects.get(kind="hashtag")


def arrive() -> None:
    """Let the engine fetch what was joined, and the inbox make conversations of it."""
    while fetch_joined(timezone.now()):
        pass
    while apply_events(timezone.now()):
        pass
    settle()


def test_who_joins_finds_the_conversation_in_the_inbox_as_their_own(overheard, actor):
    choice = actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    assert not Conversation.objects.exists(), "the engine asks the network, not the page"
    arrive()
    conversation = Conversation.objects.get()
    choice.refresh_from_db()
    assert (conversation.assignee, conversation.status) == (actor.person, "open")
    assert (choice.fetch, choice.post.uri, choice.locator) == ("here", overheard, "")
    assert thread().state == "joined"


def test_the_address_is_opened_once_and_that_is_written_down(overheard, actor):
    for _twice in range(2):
        actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    arrive()
    rows = list(
        AuditRow.objects.filter(action__in=("mention.opened", "place.join"))
        .order_by("id")
        .values_list("action", "actor")
    )
    assert rows == [("mention.opened", actor.person.email), ("place.join", actor.person.email)]
    assert PlaceChoice.objects.count() == 1


def test_joining_sends_nothing(overheard, actor):
    actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    arrive()
    assert not Outgoing.objects.exists()


def test_the_answer_is_given_on_the_spot_by_the_account_of_the_town(overheard, actor, account, square):
    actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    arrive()
    conversation = Conversation.objects.get()
    post = Post.objects.get(uri=overheard)
    send_answer(actor=actor, conversation=conversation, post=post, text="Dinsdag, voor 12.00 uur.")
    send_from(account.pk, timezone.now())
    answer = square.get(Outgoing.objects.get().uri)
    assert (answer.parent, answer.author.handle) == (overheard, "waterdam")


def test_the_replies_that_others_gave_come_along(overheard, actor, square):
    square.post(author_of("okke", "Okke K."), "Bij ons altijd op dinsdag", overheard, timezone.now())
    actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    arrive()
    assert Conversation.objects.get().posts == 2


def test_joined_from_a_mention_while_the_same_post_arrives_as_addressed_is_one_post_and_one_conversation(
    overheard, actor, account, square, waterdam
):
    actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    receive(source=account.sources.get(), batch=Batch((square.get(overheard),), "9"), now=timezone.now())
    arrive()
    other = factories.source(waterdam, channel=account, kind="hashtag")
    receive(source=other, batch=Batch((square.get(overheard),), "3"), now=timezone.now())
    poll(account.sources.first(), timezone.now())
    arrive()
    assert Post.objects.filter(uri=overheard).count() == 1
    assert Conversation.objects.count() == 1


def test_what_is_in_the_inbox_already_is_not_fetched_again(overheard, actor, account, square):
    receive(source=account.sources.get(), batch=Batch((square.get(overheard),), "9"), now=timezone.now())
    choice = actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    assert (choice.fetch, choice.post.uri, choice.locator) == ("here", overheard, "")
    arrive()
    assert Conversation.objects.get().assignee == actor.person


def test_what_reached_the_inbox_by_itself_is_nothing_to_look_for(overheard, actor, account, square):
    assert thread().queued and tag().queued
    receive(source=account.sources.get(), batch=Batch((square.get(overheard),), "9"), now=timezone.now())
    workers.run_once(timezone.now())
    ConversationPlace.objects.filter(kind="hashtag").update(weighed_at=None)
    settle()
    assert not thread().queued and not tag().queued


def test_a_message_that_was_deleted_meanwhile_is_told_and_waits_for_nobody(overheard, actor, square):
    choice = actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    square.delete(overheard, timezone.now())
    arrive()
    choice.refresh_from_db()
    assert choice.fetch == "failed" and choice.words and not choice.locator
    assert not Conversation.objects.exists()


def test_a_network_that_is_down_is_asked_again_later(overheard, actor, square):
    square.behave("times_out_before", on="thread", times=1)
    choice = actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    fetch_joined(timezone.now())
    choice.refresh_from_db()
    assert (choice.fetch, choice.tries) == ("waiting", 1)
    assert fetch_joined(timezone.now() + timedelta(seconds=5)) == 1


def test_without_an_account_on_the_network_nobody_joins(asked, actor):
    with pytest.raises(ValidationError):
        actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    assert not AuditRow.objects.filter(action="mention.opened").exists(), "nothing was opened for nothing"


def test_an_account_of_another_town_is_not_used(overheard, actor, oeverloo, square_address):
    theirs = factories.memory_channel(oeverloo, square_address, handle="oeverloo")
    with pytest.raises(ValidationError):
        actions.join(actor=actor, place=thread(), uri_hash=thread().asking, channel=theirs)


def test_who_only_reads_chooses_nothing(asked, waterdam):
    reader = factories.actor(factories.person("lies@waterdam.example", "Lies", waterdam="reader"), waterdam)
    for choose in (
        lambda: actions.join(actor=reader, place=thread(), uri_hash=thread().asking),
        lambda: actions.put_away(actor=reader, place=thread(), choice="leave"),
    ):
        with pytest.raises(PermissionDenied):
            choose()


@pytest.mark.parametrize("choice", ["not_ours", "leave"])
@pytest.mark.parametrize("kind", ["thread", "hashtag"])
def test_what_is_put_away_does_not_come_back_under_another_name(asked, actor, choice, kind):
    actions.put_away(actor=actor, place=ConversationPlace.objects.get(kind=kind), choice=choice)
    settle()
    assert not ConversationPlace.objects.waiting().exists()


def test_a_place_that_was_left_comes_back_when_something_new_is_asked(asked, actor, everywhere):
    actions.put_away(actor=actor, place=tag(), choice="leave")
    later = timezone.now() + timedelta(minutes=5)
    other = (
        "Weet iemand of de afvalcontainer bij de sluisbrug vandaag geleegd wordt? Het grofvuil ligt ernaast #vaartkade"
    )
    hear(everywhere, asks(other, -0.05), now=later)
    assert tag().state == "open" and tag().queued


def test_a_choice_teaches_and_undoing_it_unlearns(asked, actor, waterdam):
    choice = actions.put_away(actor=actor, place=thread(), choice="not_ours")
    taught = taught_by(waterdam).counts
    assert taught and all(no == 1 for _yes, no in taught.values())
    actions.undo(actor=actor, choice=choice)
    settle()
    assert taught_by(waterdam).counts == {}
    assert thread().state == "open" and thread().queued


def test_after_a_minute_nothing_is_undone(asked, actor):
    choice = actions.put_away(actor=actor, place=thread(), choice="leave")
    PlaceChoice.objects.update(made_at=timezone.now() - timedelta(minutes=2))
    choice.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.undo(actor=actor, choice=choice)


def test_who_joined_by_mistake_undoes_it_and_the_inbox_puts_it_away(overheard, actor):
    choice = actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    arrive()
    choice.refresh_from_db()
    actions.undo(actor=actor, choice=choice)
    arrive()
    assert Conversation.objects.get().status == "done"
    assert thread().state == "open"


def test_what_was_answered_is_not_undone(overheard, actor):
    choice = actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    arrive()
    send_answer(
        actor=actor, conversation=Conversation.objects.get(), post=Post.objects.get(uri=overheard), text="Dinsdag."
    )
    choice.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.undo(actor=actor, choice=choice)


def test_what_is_handed_over_is_the_colleagues_with_a_note(asked, actor, sanne):
    actions.hand_over(actor=actor, place=thread(), to=sanne, note="Jij kent het rooster")
    assert list(ConversationPlace.objects.handed_to(sanne)) == [thread()]
    assert not ConversationPlace.objects.waiting().filter(kind="thread").exists()
    assert AuditRow.objects.get(action="place.hand_over").details["to"] == sanne.email


def test_nobody_of_another_town_is_handed_anything(asked, actor, daan):
    with pytest.raises(ValidationError):
        actions.hand_over(actor=actor, place=thread(), to=daan)


def test_the_town_asks_something_under_a_hashtag_that_is_not_its_own(overheard, actor, account, square):
    choice = actions.ask_there(
        actor=actor, place=tag(), channel=account, text="Wie rijdt daar 's avonds langs? #vaartkade"
    )
    outgoing = Outgoing.objects.get()
    assert (outgoing.kind, outgoing.cause, outgoing.author) == ("post", f"place:{choice.pk}", actor.person)
    send_from(account.pk, timezone.now())
    outgoing.refresh_from_db()
    assert "#vaartkade" in square.get(outgoing.uri).text


def test_each_choice_is_an_event_and_a_line_in_the_trail(asked, actor):
    actions.put_away(actor=actor, place=thread(), choice="leave")
    assert Event.objects.filter(kind="place.chosen").count() == 1
    assert AuditRow.objects.get(action="place.leave").actor == actor.person.email


def test_the_mention_stays_where_it_is(overheard, actor):
    actions.join(actor=actor, place=thread(), uri_hash=thread().asking)
    arrive()
    assert Mention.objects.count() == 1
