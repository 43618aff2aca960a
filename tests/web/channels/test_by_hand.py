"""Networks that let nobody in: entered or delivered, answered by copying."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plein.channels import webhook
from plein.channels.errors import Refused
from plein.channels.outgoing import State
from plein_web.channels.actions import (
    disconnect_channel,
    enter_by_hand,
    plan_reply,
    receive_delivery,
    settle_by_hand,
    try_again,
)
from plein_web.channels.clients import Kept
from plein_web.channels.models import Outgoing, Post, Source, Unread
from plein_web.channels.workers import poll_sources, send_due
from plein_web.town.actions import keep_secret
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "een-geheim-dat-niemand-raadt-0123456789"


@pytest.fixture
def actor(femke, waterdam):
    return factories.actor(femke, waterdam)


@pytest.fixture
def desk(waterdam):
    return factories.channel(waterdam, network="manual", handle="Buurtapp")


@pytest.fixture
def answer(actor, desk):
    post = enter_by_hand(
        actor=actor, channel=desk, author_name="Mevrouw Smit", text="Stoep ligt los", posted_at=timezone.now()
    )
    return plan_reply(actor=actor, post=post, text="We komen kijken.")


def state_of(outgoing) -> tuple[str, bool]:
    outgoing.refresh_from_db()
    return outgoing.state, outgoing.needs_person


def test_an_answer_to_copy_waits_for_a_person_and_is_never_sent(answer):
    assert state_of(answer) == (State.PLANNED, True)
    assert send_due(timezone.now() + timedelta(hours=1)) == 0
    assert state_of(answer) == (State.PLANNED, True)


def test_whoever_copied_it_says_so(answer, actor):
    settle_by_hand(actor=actor, outgoing=answer, arrived=True)
    assert state_of(answer) == (State.SENT, False)
    with pytest.raises(ValidationError):
        settle_by_hand(actor=actor, outgoing=answer, arrived=False)


def test_what_could_not_be_copied_can_be_tried_again(answer, actor):
    settle_by_hand(actor=actor, outgoing=answer, arrived=False)
    assert state_of(answer) == (State.REFUSED, False)
    try_again(actor=actor, outgoing=answer)
    assert state_of(answer) == (State.PLANNED, True)


def test_nobody_looks_at_a_source_that_is_entered_by_hand(answer):
    assert Source.objects.get().kind == "manual"
    assert poll_sources(timezone.now() + timedelta(hours=1)) == 0
    assert Source.objects.get().failures == 0


@pytest.fixture
def hook(waterdam):
    channel = factories.channel(waterdam, network="webhook", handle="Meldsysteem")
    keep_secret(name=channel.secret_name, values={"secret": SECRET})
    return channel


def deliver(channel, body: bytes, secret: str = SECRET) -> int:
    now = timezone.now()
    stamp = str(int(now.timestamp()))
    headers = {webhook.TIMESTAMP: stamp, webhook.SIGNATURE: webhook.signature(secret, stamp, body)}
    return receive_delivery(channel=channel, headers=headers, body=body, now=now)


def body(**fields) -> bytes:
    post = {
        "type": "message",
        "id": "m1",
        "author": {"id": "1", "name": "Mevrouw Smit"},
        "text": "Stoep ligt los",
        "posted_at": "2026-03-03T09:30:00Z",
        **fields,
    }
    return json.dumps(post).encode()


def test_a_signed_delivery_comes_in_once(hook):
    assert deliver(hook, body()) == 1
    assert deliver(hook, body()) == 0
    assert Post.objects.get().text == "Stoep ligt los"


def test_a_delivery_signed_by_somebody_else_leaves_nothing(hook):
    with pytest.raises(Refused):
        deliver(hook, body(), secret="een-ander-geheim-0123456789-0123456789")
    assert not Post.objects.exists()


@pytest.fixture
def vendor(waterdam):
    channel = factories.channel(waterdam, network="webhook", handle="Leverancier")
    keep_secret(name=channel.secret_name, values={"secret": SECRET})
    return channel


WHOLE = "https://forum.example/12"
TAKEN_AWAY = {"type": "delete", "at": "2026-03-03T10:00:00Z"}
CHANGED = {"text": "Koop hier", "edited_at": "2026-03-03T10:00:00Z"}


@pytest.mark.parametrize("change", [TAKEN_AWAY, CHANGED, {"text": "Koop hier", "posted_at": "2026-03-03T08:00:00Z"}])
def test_nobody_changes_or_takes_away_what_another_system_delivered(hook, vendor, change):
    deliver(hook, body(uri=WHOLE))
    assert deliver(vendor, body(uri=WHOLE)) == 0
    assert deliver(vendor, body(uri=WHOLE, **change)) == 0
    post = Post.objects.get()
    assert (post.text, post.deleted_at, post.versions) == ("Stoep ligt los", None, 1)
    assert "Another system" in Unread.objects.get(source__channel=vendor).error
    assert deliver(hook, body(uri=WHOLE, **TAKEN_AWAY)) == 1


def test_a_deletion_of_something_still_to_come_only_keeps_out_what_the_same_system_brings(hook, vendor):
    deliver(vendor, body(uri=WHOLE, **TAKEN_AWAY))
    assert deliver(vendor, body(uri=WHOLE)) == 0
    assert deliver(hook, body(uri=WHOLE)) == 1


def test_an_account_that_takes_answers_is_not_copied_by_hand(hook):
    assert hook.abilities.copies_by_hand
    hook.settings = {"answer_address": "https://meldsysteem.example/answers"}
    assert hook.abilities.replies and not hook.abilities.copies_by_hand


def test_what_is_not_known_when_an_account_goes_is_for_a_person_to_look_up(hook, sanne, waterdam):
    doubt = factories.outgoing(hook, state=State.UNKNOWN)
    disconnect_channel(actor=factories.actor(sanne, waterdam), channel=hook)
    assert state_of(doubt) == (State.UNKNOWN, True)
    assert not Outgoing.objects.to_ask(timezone.now()).exists()


def test_a_client_lives_until_its_tokens_change(hook):
    kept = Kept()
    first = kept.client_for(hook)
    assert kept.client_for(hook) is first
    keep_secret(name=hook.secret_name, values={"secret": "vernieuwd-" + SECRET})
    assert kept.client_for(hook) is not first
