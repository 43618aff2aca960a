"""What there is to tell in the mail of the day, as far as its reader may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count

from plein.channels.health import Level
from plein.inbox.daymail import Day, Heard, Trouble
from plein_web.channels import health
from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.inbox.models import Conversation, DayMail, DayMailSent
from plein_web.inbox.queries import TROUBLED
from plein_web.listening.models import Mention
from plein_web.town.access import Actor

# How far back the first mail looks, and how soon the end of a token is told.
FIRST = timedelta(days=1)
TOKEN_SOON = timedelta(days=14)


def gather(actor: Actor, wish: DayMail, now: datetime) -> Day:
    """Return what happened since the last mail, and what waits or fails now."""
    since = _since(wish, now)
    conversations = Conversation.objects.of(actor.town).to_do()
    first = conversations.longest_waiting_first().values_list("waiting_since", flat=True).first()
    came = Post.objects.of(actor.town).filter(arrived_at__gte=since, ours=False, deleted_at=None)
    return Day(
        waiting=conversations.counted(),
        longest=(now - first).total_seconds() if first else 0.0,
        came=came.count(),
        heard=tuple(_heard(actor, since)) if actor.may("read", "listening") else (),
        troubles=tuple(_troubles(actor, now)),
    )


def _since(wish: DayMail, now: datetime) -> datetime:
    last = wish.sent.filter(outcome=DayMailSent.Outcome.SENT).order_by("-day").first()
    return max(last.claimed_at, now - timedelta(days=7)) if last else now - FIRST


def _heard(actor: Actor, since: datetime) -> Iterator[Heard]:
    mentions = Mention.objects.filter(town=actor.town, heard_at__gte=since).order_by()
    for watch, name, count in mentions.values_list("watch_id", "watch__name").annotate(Count("pk")):
        yield Heard(watch, name, count)


def _troubles(actor: Actor, now: datetime) -> Iterator[Trouble]:
    """Yield what failed: answers that got stuck, channels, what was read and is silent, the engine."""
    stuck = Outgoing.objects.of(actor.town).filter(state__in=TROUBLED).count()
    if stuck:
        yield Trouble("stuck", str(stuck))
    for state in health.channels(actor.town, now):
        if state.health.level is Level.WRONG:
            yield Trouble("channel", str(state.channel), state.channel.pk)
    for channel in Channel.objects.of(actor.town).filter(
        token_expires_at__gt=now, token_expires_at__lte=now + TOKEN_SOON
    ):
        yield Trouble("token", str(channel), channel.pk)
    for state in health.public_sources(actor.town, now):
        if state.health.level is Level.WRONG:
            yield Trouble("source", state.source.address or state.source.network.name)
