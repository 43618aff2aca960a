"""Join, hand over, not ours, leave it, ask something there, and undo. Each choice teaches this town's ranking."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plein.channels.registry import network
from plein.listening.joining.queueing import undoable
from plein.town.roles import Right
from plein_web.channels.actions import plan_post
from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.listening.actions import open_place
from plein_web.listening.elsewhere.access import colleagues_of, mention_in
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice, Spoken
from plein_web.listening.models import Mention
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit, lock_town
from plein_web.town.models import Person

CHOSEN = "place.chosen"
JOINED = "place.joined"
LEFT = "place.left"
Made, Fetch, State = PlaceChoice.Made, PlaceChoice.Fetch, ConversationPlace.State
AWAY = {Made.NOT_OURS: State.NOT_OURS, Made.LEAVE: State.LEFT}


def accounts_on(town, network_code: str, ability: str = "replies") -> list[Channel]:
    """Return the town's own, recognisable accounts that can speak on a network."""
    rows = Channel.objects.of(town).open().filter(network_code=network_code)
    return [channel for channel in rows if getattr(channel.abilities, ability)]


@transaction.atomic
def join(*, actor: Actor, place: ConversationPlace, uri_hash: str, channel: Channel | None = None) -> PlaceChoice:
    """Bring the conversation around a message here, to answer it there. Who opened its address is written down.

    The engine fetches it from the network; the inbox makes a conversation of it. Nothing is sent. Joining twice is joining once.
    """
    _begin(actor)
    if (
        joined := PlaceChoice.objects.of(actor.town)
        .filter(choice=Made.JOIN, uri_hash=uri_hash)
        .exclude(fetch="failed")
        .first()
    ):
        return joined
    mention = mention_in(place, uri_hash)
    if mention is None:
        raise ValidationError(_("This message is gone: there is nothing left to answer."))
    channel = channel or next(iter(accounts_on(actor.town, place.network_code)), None)
    if channel is None or channel.network_code != place.network_code or channel.town_id != actor.town.pk:
        raise ValidationError(_needs_account(place))
    uri, now = open_place(actor=actor, mention=mention), timezone.now()
    here = Post.objects.of(actor.town).filter(network_code=place.network_code, uri=uri).first()
    choice = _write(
        actor, place, Made.JOIN, now, channel=channel, watch=mention.watch_id, period=mention.period, uri_hash=uri_hash,
        locator="" if here else mention.locator, asked_at=mention.posted_at, post=here,
        fetch=Fetch.HERE if here else Fetch.WAITING, fetch_at=now,
    )  # fmt: skip
    _put_away(_thread_of(actor, mention), State.JOINED, now)
    _tell(actor, choice, now)
    if here:
        emit(town=actor.town, kind=JOINED, subject=choice.pk, at=now)
    return choice


@transaction.atomic
def hand_over(*, actor: Actor, place: ConversationPlace, to: Person, note: str = "") -> PlaceChoice:
    """Give a place to a colleague, who finds it on top of the queue."""
    _begin(actor)
    if to not in colleagues_of(actor):
        raise ValidationError(_("This person does not answer residents in your town."))
    now = timezone.now()
    choice = _write(actor, place, Made.HAND_OVER, now, to=to, note=note.strip()[:300], uri_hash=place.asking)
    _put_away(_with_thread(actor, place), State.HANDED, now, assignee=to)
    _tell(actor, choice, now, to=to.email)
    return choice


@transaction.atomic
def put_away(*, actor: Actor, place: ConversationPlace, choice: str) -> PlaceChoice:
    """Say that a place is not ours, or leave it until something else is asked there."""
    _begin(actor)
    if choice not in AWAY:
        raise ValidationError(_("Choose what to do with this place."))
    now = timezone.now()
    made = _write(actor, place, Made(choice), now, uri_hash=place.asking)
    _put_away(_with_thread(actor, place), AWAY[Made(choice)], now)
    _tell(actor, made, now)
    return made


@transaction.atomic
def ask_there(*, actor: Actor, place: ConversationPlace, channel: Channel, text: str) -> PlaceChoice:
    """Ask something under a hashtag, as the town: planned now, because somebody pressed the button."""
    _begin(actor)
    if place.kind != "hashtag":
        raise ValidationError(
            _("Only under a hashtag can a new message be placed. Join a conversation to say something in it.")
        )
    if channel not in accounts_on(actor.town, place.network_code, "posts"):
        raise ValidationError(_needs_account(place))
    now = timezone.now()
    choice = _write(actor, place, Made.ASK, now, channel=channel)
    plan_post(actor=actor, channel=channel, text=text, cause=cause_of(choice))
    _tell(actor, choice, now)
    return choice


@transaction.atomic
def undo(*, actor: Actor, choice: PlaceChoice) -> None:
    """Take a choice back, within a minute; what it taught is unlearned. What was asked somewhere is taken back where it is sent."""
    _begin(actor)
    now = timezone.now()
    if choice.choice == Made.ASK or choice.undone_at or not undoable(choice.made_at, now) or _answered(choice):
        raise ValidationError(_("This cannot be undone any more."))
    PlaceChoice.objects.filter(pk=choice.pk).update(undone_at=now, locator="")
    rows = ConversationPlace.objects.of(actor.town).filter(chosen_at=choice.made_at)
    rows.update(state=State.OPEN, chosen_at=None, assignee=None)
    _weigh_again(actor, choice)
    audit(
        town=actor.town,
        actor=actor.person,
        action="place.undone",
        subject=f"place:{choice.place_id}",
        details={"choice": choice.choice},
    )
    emit(town=actor.town, kind=LEFT if choice.post_id else CHOSEN, subject=choice.pk, at=now)


def cause_of(choice: PlaceChoice) -> str:
    """Return what an Outgoing carries that was caused by a choice."""
    return f"place:{choice.pk}"


def _begin(actor: Actor) -> None:
    """Only who may look here and may answer residents chooses; one at a time in a town."""
    actor.need(Right.READ, "listening")
    actor.need(Right.WRITE, "inbox")
    lock_town(actor.town.pk)


def _write(actor: Actor, place: ConversationPlace, made: str, now: datetime, **values) -> PlaceChoice:
    values.setdefault("asked_at", place.waiting_since)
    return PlaceChoice.objects.create(
        town=actor.town, place=place, person=actor.person, choice=made, said=place.said, topic=place.topic,
        before=place.state, made_at=now, **values,
    )  # fmt: skip


def _put_away(places, state: str, now: datetime, assignee: Person | None = None) -> None:
    ConversationPlace.objects.filter(pk__in=[one.pk for one in places]).update(
        state=state, chosen_at=now, assignee=assignee
    )


def _thread_of(actor: Actor, mention: Mention) -> list[ConversationPlace]:
    rows = ConversationPlace.objects.of(actor.town).filter(network_code=mention.network_code, kind="thread")
    return list(rows.filter(key=mention.thread or mention.uri_hash))


def _with_thread(actor: Actor, place: ConversationPlace) -> list[ConversationPlace]:
    """Return a place with the thread of what is asked in it: else the same question would come back under that name."""
    mention = mention_in(place, place.asking)
    return [place, *(_thread_of(actor, mention) if mention else ())]


def _weigh_again(actor: Actor, choice: PlaceChoice) -> None:
    """Have the other places weighed again in which the same was said: what is chosen does not wait there any more."""
    shared = Spoken.objects.filter(uri_hash=choice.uri_hash, place__town=actor.town).values("place")
    ConversationPlace.objects.filter(pk__in=shared).update(changed_at=timezone.now())


def _answered(choice: PlaceChoice) -> bool:
    if choice.post is None:
        return False
    rows = Outgoing.objects.of(choice.town).exclude(state="cancelled")
    return rows.filter(reply_to__root_uri=choice.post.root_uri, written_at__gte=choice.made_at).exists()


def _tell(actor: Actor, choice: PlaceChoice, now: datetime, **details) -> None:
    _weigh_again(actor, choice)
    # Until they are weighed again, the same question does not stand in the queue under another name.
    others = ConversationPlace.objects.of(actor.town).exclude(kind="thread").exclude(pk=choice.place_id)
    if choice.uri_hash:
        others.filter(asking=choice.uri_hash).update(queued=False)
    audit(
        town=actor.town, actor=actor.person, action=f"place.{choice.choice}", subject=f"place:{choice.place_id}",
        details={"choice": choice.pk, "kind": choice.said, "topic": choice.topic, **details},
    )  # fmt: skip
    emit(town=actor.town, kind=CHOSEN, subject=choice.pk, at=now)


def _needs_account(place: ConversationPlace) -> str:
    return _("Connect an account of the town on %(network)s first: we only speak recognisably.") % {
        "network": network(place.network_code).name
    }
