"""The digest: what waits, what came since yesterday, what went wrong. One look a day is enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from plein.channels.outgoing import State
from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.inbox.daymail.choosing import form_for
from plein_web.inbox.hearing import hearing_now
from plein_web.inbox.models import Conversation
from plein_web.inbox.queries import TROUBLED
from plein_web.inbox.shown import AT, Row, groups, network_name
from plein_web.town.access import Actor
from plein_web.town.moments import day_clock, span

SHOWN = 8


def of(actor: Actor, now: datetime) -> dict:
    """Return what the digest page shows."""
    since = _yesterday(now)
    ours = Conversation.objects.of(actor.town)
    waiting = ours.to_do().longest_waiting_first()
    return {
        "waits": _rows(waiting.as_rows("waiting_since")[:SHOWN], actor, now),
        "waits_count": ours.to_do().counted(),
        "longest": _longest(waiting, now),
        "came": _came(actor, since),
        "answered": Outgoing.objects.of(actor.town)
        .filter(kind="reply", state=State.SENT, settled_at__gte=since)
        .count(),
        "closed": ours.done().filter(closed_at__gte=since).count(),
        "troubles": _troubles(actor, now),
        "hearing": hearing_now(actor, now),
        "channels_to_mend": list(Channel.objects.of(actor.town).exclude(status__in=["open", "disconnected"])),
        "expiring": list(_expiring(actor, now)),
        "day_mail": form_for(actor),
    }


def _yesterday(now: datetime) -> datetime:
    """Return the start of yesterday: who looks every morning then misses nothing."""
    local = timezone.localtime(now) - timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _rows(found, actor: Actor, now: datetime) -> list[Row]:
    """Return the rows with since when somebody waits, as that is their order."""
    rows = list(found)
    shown = [row for group in groups([row[:-1] for row in rows], actor, now, "") for row in group.rows]
    return [row._replace(time=day_clock(told[-1] or told[AT], now)) for row, told in zip(shown, rows, strict=True)]


def _longest(waiting, now: datetime) -> str:
    first = waiting.values_list("waiting_since", flat=True).first()
    return span((now - first).total_seconds()) if first else ""


def _came(actor: Actor, since: datetime) -> list[tuple[str, int, int]]:
    """Return per network how many posts of residents came in, and in how many conversations."""
    posts = Post.objects.of(actor.town).filter(arrived_at__gte=since, ours=False, deleted_at=None)
    counted = posts.values_list("network_code").annotate(Count("pk"), Count("root_uri", distinct=True))
    return [(network_name(code), many, threads) for code, many, threads in counted.order_by("network_code")]


def _troubles(actor: Actor, now: datetime) -> list[dict]:
    """Return the answers that were refused, or that nobody knows the outcome of."""
    troubled = (
        Outgoing.objects.of(actor.town).filter(state__in=TROUBLED).select_related("answer", "reply_to", "channel")
    )
    return [
        {
            "conversation": sent.answer.conversation_id if hasattr(sent, "answer") else 0,
            "state": sent.state,
            "to": (sent.reply_to.author_name or sent.reply_to.author_handle) if sent.reply_to else "",
            "network": network_name(sent.channel.network_code),
            "words": sent.words,
            "at": day_clock(sent.written_at, now),
        }
        for sent in troubled.order_by("-written_at")[:SHOWN]
    ]


def _expiring(actor: Actor, now: datetime):
    """Return the channels whose access ends within two weeks."""
    soon = now + timedelta(days=14)
    return Channel.objects.of(actor.town).filter(token_expires_at__gt=now, token_expires_at__lte=soon)
