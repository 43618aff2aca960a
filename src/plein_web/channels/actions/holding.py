"""Stop sending, in a whole town or on one channel, and go on."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from plein.town.roles import Right
from plein_web.channels.models import Channel, SendHold
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit, lock_town


@transaction.atomic
def place_hold(*, actor: Actor, reason: str, channel: Channel | None = None) -> SendHold:
    """Stop everything that is about to leave. Whoever answers residents may; asking first takes too long."""
    actor.need(Right.WRITE, "inbox")
    # Who is sending at this moment finishes first; what comes after sees the stop.
    lock_town(actor.town.pk)
    hold = SendHold.objects.create(
        town=actor.town, channel=channel, reason=reason[:300], placed_by=actor.person, placed_at=timezone.now()
    )
    audit(
        town=actor.town,
        actor=actor.person,
        action="hold.placed",
        subject=f"hold:{hold.pk}",
        details={"reason": hold.reason, "channel": channel.handle if channel else ""},
    )
    emit(town=actor.town, kind="hold.changed", subject=hold.pk, payload={"standing": True})
    return hold


@transaction.atomic
def lift_hold(*, actor: Actor, hold: SendHold) -> None:
    """Let everything leave again. A stop that somebody else lifted already stays as they left it."""
    actor.need(Right.WRITE, "inbox")
    if not SendHold.objects.standing().filter(pk=hold.pk, town=actor.town).update(lifted_at=timezone.now()):
        return
    audit(town=actor.town, actor=actor.person, action="hold.lifted", subject=f"hold:{hold.pk}")
    emit(town=actor.town, kind="hold.changed", subject=hold.pk, payload={"standing": False})
