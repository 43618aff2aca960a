"""What is written when a network fails us: for the person who looks, and for the next try."""

from __future__ import annotations

from datetime import datetime
from random import Random

import httpx
from django.db import transaction

from plein.channels.asking import back_off
from plein.channels.errors import ChannelError, SignInNeeded, TryLater
from plein.town.door import DoorClosed
from plein.town.saying import own
from plein_web.channels.models import Channel, Source
from plein_web.town.actions import audit, emit

# What a client may raise beside ChannelError: the network under the network.
UNREACHABLE = (httpx.HTTPError, DoorClosed, OSError)
CHANCE = Random()


def as_channel_error(error: Exception) -> ChannelError:
    """Return any trouble on the way to a network as the one kind of error that loops look at."""
    if isinstance(error, ChannelError):
        return error
    # The door says its own sentence; what the machine says is English and for who knows machines.
    said = str(error) if isinstance(error, DoorClosed) else ""
    return TryLater(said or own("The network cannot be reached: {0}", str(error) or type(error).__name__))


@transaction.atomic
def source_failed(source: Source, error: ChannelError, now: datetime) -> None:
    """Write what a source said, and when to look again."""
    wait = back_off(
        source.failures,
        source.network.poll_seconds,
        CHANCE,
        permanent=error.permanent,
        retry_after=error.retry_after,
    )
    Source.objects.filter(pk=source.pk).update(failures=source.failures + 1, error=error.words, due_at=now + wait)
    if isinstance(error, SignInNeeded):
        sign_in_needed(source.channel, error, now)
    elif source.failures == 0:
        emit(town=source.town_id, kind="channel.changed", subject=source.channel_id or 0)


@transaction.atomic
def sign_in_needed(channel: Channel, error: ChannelError, now: datetime) -> None:
    """Stop using a channel of which the token died, until somebody connects it anew."""
    values = {"status": Channel.Status.SIGN_IN_NEEDED, "error": error.words, "error_at": now}
    if not Channel.objects.filter(pk=channel.pk, status=Channel.Status.OPEN).update(**values):
        return
    audit(
        town=channel.town_id,
        actor="engine",
        action="channel.sign_in_needed",
        subject=f"channel:{channel.pk}",
        details={"words": error.words},
    )
    emit(town=channel.town_id, kind="channel.changed", subject=channel.pk, payload={"status": "sign_in_needed"})
