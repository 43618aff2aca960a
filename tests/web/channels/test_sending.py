"""What leaves: once, in order, and never blindly a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from plein.channels.contract import Image
from plein.channels.memory import Client
from plein.channels.outgoing import CLAIM_EXPIRES, UNDER_WAY, State
from plein_web.channels.access import channel_for, outgoing_for, post_for, source_for
from plein_web.channels.actions import (
    after_restore,
    cancel,
    disconnect_channel,
    lift_hold,
    pause_channel,
    place_hold,
    plan_post,
    plan_reply,
    receive,
    settle_by_hand,
    try_again,
)
from plein_web.channels.actions.sending import move
from plein_web.channels.clients import client_for
from plein_web.channels.models import Channel, Outgoing, Post, SendHold
from plein_web.channels.workers import poll_sources, send_due, sending
from plein_web.channels.workers.checking import ask_after_posts
from plein_web.channels.workers.sending import SENDS_A_ROUND, claim, ruling
from plein_web.town.models import AuditRow, Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(waterdam, square_address):
    return factories.memory_channel(waterdam, square_address, handle="waterdam", identity="square:waterdam")


@pytest.fixture
def actor(femke, waterdam):
    return factories.actor(femke, waterdam)


@pytest.fixture
def question(channel, square):
    square.post("jan", "@waterdam wanneer gaat de brug open?")
    poll_sources(timezone.now())
    return Post.objects.get()


@pytest.fixture
def answer(actor, question):
    return plan_reply(actor=actor, post=question, text="Morgen om negen uur.")


def now():
    return timezone.now()


def later(**span):
    return timezone.now() + timedelta(**span)


def state_of(outgoing) -> str:
    outgoing.refresh_from_db()
    return outgoing.state


def test_an_answer_arrives_in_the_thread_of_the_question(answer, question, square):
    assert send_due(now()) == 1
    assert state_of(answer) == State.SENT
    sent = square.get(answer.uri)
    assert (sent.text, sent.parent, sent.root, sent.author.handle) == (
        answer.text,
        question.uri,
        question.uri,
        "waterdam",
    )


def test_what_was_sent_stands_in_our_own_rows_too(answer, question):
    send_due(now())
    answer.refresh_from_db()
    own = Post.objects.get(uri=answer.uri)
    assert (own.ours, own.text, own.root_uri, own.parent_uri) == (True, answer.text, question.uri, question.uri)
    assert own.remote_id == answer.remote_id


def test_our_own_post_as_the_network_shows_it_is_no_change(answer, question, square):
    send_due(now())
    answer.refresh_from_db()
    own = Post.objects.get(uri=answer.uri)
    source = own.channel.sources.get()
    from plein.channels.posts import Batch

    receive(source=source, batch=Batch((square.get(answer.uri),)), now=now())
    own.refresh_from_db()
    assert (own.versions, own.text, own.ours) == (1, answer.text, True)


def test_planning_is_audited_and_told(answer, femke):
    assert AuditRow.objects.filter(
        action="outgoing.planned", actor=femke.email, subject=f"outgoing:{answer.pk}"
    ).exists()
    assert Event.objects.filter(kind="outgoing.planned", subject=answer.pk).exists()


def test_a_second_round_sends_nothing_again(answer, square):
    send_due(now())
    assert send_due(later(hours=1)) == 0
    assert square.times_sent() == {answer.key.hex: 1}


def test_a_refusal_is_kept_in_the_networks_own_words(answer, square):
    square.behave("refuses", words="Geen reclame.")
    send_due(now())
    assert (state_of(answer), answer.words) == (State.REFUSED, "Geen reclame.")
    assert Event.objects.filter(kind="outgoing.settled", subject=answer.pk, payload__state="refused").exists()


def test_after_a_time_out_the_network_is_asked_and_found_to_have_it(answer, square):
    square.behave("times_out_after", times=1)
    send_due(now())
    assert state_of(answer) == State.UNKNOWN
    send_due(later(seconds=5))
    assert state_of(answer) == State.SENT
    assert square.times_sent() == {answer.key.hex: 1}


def test_what_did_not_arrive_is_sent_again_but_only_when_nothing_can_be_under_way(answer, square):
    square.behave("times_out_before", times=1)
    send_due(now())
    send_due(later(seconds=5))
    assert state_of(answer) == State.UNKNOWN and not square.times_sent()
    send_due(later(seconds=UNDER_WAY.total_seconds() + 5))
    assert state_of(answer) == State.SENT
    assert square.times_sent() == {answer.key.hex: 1}


def test_a_network_that_cannot_tell_leaves_it_to_a_person(answer, actor, square):
    square.behave("times_out_after", times=1)
    square.behave("cannot_tell", on="find_sent")
    send_due(now())
    send_due(later(seconds=5))
    assert state_of(answer) == State.UNKNOWN and answer.needs_person
    send_due(later(hours=5))
    settle_by_hand(actor=actor, outgoing=answer, arrived=True)
    assert state_of(answer) == State.SENT


def test_a_claim_of_a_process_that_died_is_asked_after(answer, square):
    Client(_account(answer), square).publish(_message(answer))
    assert claim(answer, now())
    send_due(later(seconds=CLAIM_EXPIRES.total_seconds() - 5))
    assert state_of(answer) == State.CLAIMED
    send_due(later(seconds=CLAIM_EXPIRES.total_seconds() + 5))
    assert state_of(answer) == State.SENT
    assert square.times_sent() == {answer.key.hex: 1}


def _account(outgoing):
    from plein_web.channels.clients import account_of

    return account_of(outgoing.channel)


def _message(outgoing):
    from plein_web.channels.workers.sending import message_of

    return message_of(outgoing)


def test_two_processes_cannot_claim_the_same_row(answer):
    other = Outgoing.objects.select_related("channel").get(pk=answer.pk)
    assert claim(answer, now()) and not claim(other, now())


def test_a_row_that_is_claimed_late_in_a_round_is_claimed_at_that_moment(actor, question, channel, monkeypatch):
    for number in range(3):
        plan_post(actor=actor, channel=channel, text=f"Nummer {number}")
    seconds = iter(range(0, 3_000, 100))
    monkeypatch.setattr(sending.time, "monotonic", lambda: float(next(seconds)))
    send_due(moment := now())
    claimed = [row.claimed_at for row in Outgoing.objects.order_by("id")]
    assert all(later_one - earlier >= timedelta(seconds=100) for earlier, later_one in pairwise([moment, *claimed]))


def test_a_channel_that_is_paused_while_it_sends_sends_no_more(actor, sanne, channel, square, monkeypatch):
    for number in range(3):
        plan_post(actor=actor, channel=channel, text=f"Nummer {number}")
    publish = Client.publish

    def and_pause(self, message):
        pause_channel(actor=factories.actor(sanne, channel.town), channel=channel)
        return publish(self, message)

    monkeypatch.setattr(Client, "publish", and_pause)
    send_due(now())
    assert [row.state for row in Outgoing.objects.order_by("id")] == [State.SENT, State.PLANNED, State.PLANNED]


def test_what_a_stop_keeps_does_not_take_the_place_of_what_it_spares(actor, question, channel, square):
    for number in range(SENDS_A_ROUND + 5):
        plan_reply(actor=actor, post=question, text=f"Antwoord {number}")
    spared = plan_post(actor=actor, channel=channel, text="NL-Alert: blijf binnen.")
    SendHold.objects.create(town=channel.town, reason="Brand", spares=["post"])
    send_due(now())
    assert state_of(spared) == State.SENT
    assert Outgoing.objects.filter(state=State.PLANNED).count() == SENDS_A_ROUND + 5


def test_a_thread_that_waits_does_not_take_the_place_of_other_threads(actor, question, channel, square):
    answers = [plan_reply(actor=actor, post=question, text=f"Antwoord {n}") for n in range(SENDS_A_ROUND + 5)]
    Outgoing.objects.filter(pk=answers[0].pk).update(state=State.UNKNOWN, ask_at=later(hours=1))
    other = plan_post(actor=actor, channel=channel, text="De brug is weer open.")
    send_due(now())
    assert state_of(other) == State.SENT


def test_what_waits_on_a_channel_that_is_disconnected_comes_back_to_the_colleagues(
    sanne, waterdam, answer, channel, square
):
    Event.objects.all().delete()
    disconnect_channel(actor=factories.actor(sanne, waterdam), channel=channel)
    assert state_of(answer) == State.CANCELLED
    assert Event.objects.filter(kind="outgoing.settled", subject=answer.pk).exists()


def test_a_send_under_way_on_a_channel_that_is_disconnected_ends_with_a_person(sanne, waterdam, answer, channel):
    assert claim(answer, now())
    disconnect_channel(actor=factories.actor(sanne, waterdam), channel=channel)
    send_due(later(seconds=CLAIM_EXPIRES.total_seconds() + 5))
    assert state_of(answer) == State.UNKNOWN and answer.needs_person


def test_no_state_is_reached_by_a_way_that_is_not_on_the_map(answer):
    Outgoing.objects.update(state=State.SENT)
    with pytest.raises(ValueError, match="Nothing goes from sent to planned"):
        move(answer, State.SENT, State.PLANNED)


def test_an_edit_of_which_the_network_says_no_moment_counts_once(question, channel, square, monkeypatch):
    held = client_for(channel).check(question.uri, "")
    edited = replace(held, text="Wanneer gaat de brug dicht?", remote_id="version-2")
    monkeypatch.setattr(Client, "check", lambda self, uri, remote_id: replace(edited, edited_at=now()))
    for hours in range(1, 6):
        Post.objects.update(check_at=later())
        ask_after_posts(later(hours=hours))
    question.refresh_from_db()
    assert question.versions == 2
    assert Event.objects.filter(kind="post.edited").count() == 1


def test_a_dead_token_holds_the_answer_until_somebody_signs_in(answer, channel, square):
    square.behave("dead_token", times=1)
    send_due(now())
    channel.refresh_from_db()
    assert channel.status == Channel.Status.SIGN_IN_NEEDED and state_of(answer) == State.UNKNOWN
    send_due(later(hours=1))
    assert state_of(answer) == State.UNKNOWN
    Channel.objects.update(status=Channel.Status.OPEN)
    send_due(later(hours=2))
    assert state_of(answer) == State.SENT


def test_a_stop_holds_what_is_due_and_says_why(answer, actor, square):
    hold = place_hold(actor=actor, reason="Brand aan de haven")
    assert send_due(now()) == 0
    assert ruling(answer, now()).reason == "Brand aan de haven"
    lift_hold(actor=actor, hold=hold)
    send_due(now())
    assert state_of(answer) == State.SENT
    kinds = list(AuditRow.objects.values_list("action", flat=True))
    assert "hold.placed" in kinds and "hold.lifted" in kinds


def test_answers_in_one_conversation_leave_in_the_order_in_which_they_were_written(answer, actor, question, square):
    second = plan_reply(actor=actor, post=question, text="En overmorgen ook.")
    square.behave("times_out_before", times=1)
    send_due(now())
    send_due(later(seconds=3))
    assert state_of(second) == State.PLANNED
    send_due(later(seconds=60))
    send_due(later(seconds=61))
    assert [post.text for post in square.posts()][1:] == [answer.text, second.text]


def test_a_planned_answer_can_be_taken_back_and_a_sent_one_not(answer, actor, square):
    cancel(actor=actor, outgoing=answer)
    assert send_due(now()) == 0 and not square.times_sent()
    with pytest.raises(ValidationError):
        cancel(actor=actor, outgoing=answer)


def test_a_refused_answer_can_be_tried_again(answer, actor, square):
    square.behave("refuses", times=1)
    send_due(now())
    answer.refresh_from_db()
    try_again(actor=actor, outgoing=answer)
    send_due(later(seconds=1))
    assert state_of(answer) == State.SENT


def test_an_answer_is_never_wider_than_the_question(actor, channel, waterdam):
    private = factories.post(waterdam, channel=channel, visibility="direct")
    assert plan_reply(actor=actor, post=private, text="Hoi", visibility="public").visibility == "direct"


def test_nobody_answers_what_was_taken_away_or_says_nothing(actor, channel, waterdam):
    gone = factories.post(waterdam, channel=channel, deleted_at=now())
    with pytest.raises(ValidationError):
        plan_reply(actor=actor, post=gone, text="Hoi")
    with pytest.raises(ValidationError):
        plan_reply(actor=actor, post=factories.post(waterdam, channel=channel), text="  ")


def test_a_picture_goes_along_with_its_description(actor, channel, square, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    plan_post(actor=actor, channel=channel, text="Kijk", images=[Image(b"png", "image/png", "De brug")])
    send_due(now())
    assert square.posts()[0].attachments[0].alt == "De brug"


def test_after_a_restore_everything_asks_first(answer, actor, question, square):
    claimed = plan_reply(actor=actor, post=question, text="Tweede")
    Client(_account(answer), square).publish(_message(answer))
    Outgoing.objects.filter(pk=claimed.pk).update(state=State.CLAIMED, claimed_at=now())
    assert after_restore(now()) == {"to_ask": 2, "to_check": 1}
    assert state_of(answer) == State.UNKNOWN == state_of(claimed)
    for seconds in (1, 60, 61, 62):
        send_due(later(seconds=seconds))
    assert state_of(answer) == State.SENT == state_of(claimed)
    assert set(square.times_sent().values()) == {1}


def test_after_a_restore_a_post_that_was_deleted_since_goes_in_the_first_round(channel, square, monkeypatch):
    uris = [square.post("jan", f"@waterdam nummer {number}") for number in range(20)]
    poll_sources(now())
    monkeypatch.setattr(square, "_tell", lambda *_: None)
    for uri in uris[:10]:
        square.delete(uri)
    after_restore(now())
    assert ask_after_posts(now()) == 20
    assert Post.objects.filter(deleted_at=None).count() == 10 == Post.objects.filter(text="").count()


def test_a_reader_sees_and_does_not_send(waterdam, question, answer):
    reader = factories.actor(factories.person("lees@waterdam.example", "Lies Lezer", waterdam="reader"), waterdam)
    assert outgoing_for(reader, answer.pk) == answer and post_for(reader, question.pk) == question
    for act in (
        lambda: plan_reply(actor=reader, post=question, text="Hoi"),
        lambda: cancel(actor=reader, outgoing=answer),
        lambda: place_hold(actor=reader, reason="x"),
        lambda: try_again(actor=reader, outgoing=answer),
        lambda: settle_by_hand(actor=reader, outgoing=answer, arrived=True),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_for_a_stranger_from_another_town_nothing_of_ours_exists(daan, oeverloo, channel, question, answer):
    stranger = factories.actor(daan, oeverloo)
    for look, pk in (
        (channel_for, channel.pk),
        (source_for, channel.sources.get().pk),
        (outgoing_for, answer.pk),
        (post_for, question.pk),
    ):
        with pytest.raises(Http404):
            look(stranger, pk)
