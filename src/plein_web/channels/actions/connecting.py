"""Connect the town's accounts, and say what is read."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from plein.channels.basis import is_recognisable, why_not_connect
from plein.channels.contract import Account, Network, Profile, SignsIn
from plein.channels.errors import Refused
from plein.channels.outgoing import State
from plein.channels.registry import network
from plein.town.door import DoorClosed
from plein.town.roles import Right
from plein.town.saying import own
from plein_web.channels.actions.sending import move
from plein_web.channels.models import Channel, Outgoing, Source
from plein_web.town.access import Actor
from plein_web.town.actions import audit, door_for, emit, emit_all, forget_secret, keep_secret, lock_town


def connect_channel(
    *,
    actor: Actor,
    network_code: str,
    handle: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    vouched: bool = False,
) -> Channel:
    """Connect an account, or connect it anew. Raises ChannelError in the network's own words.

    The network is asked who we are before anything is written, and outside any transaction. An
    account that does not show whose it is raises NotRecognisable, unless the actor vouches for it.
    """
    actor.need(Right.WRITE, "channels")
    must_be_lawful(network(network_code))
    kept = dict(secrets)
    account = Account(network_code, handle, "", dict(settings), dict(secrets), kept.update)
    profile = _ask_who_we_are(account, actor)
    vouched_for = _must_be_ours(network(network_code), profile, actor, vouched)
    with transaction.atomic():
        channel = _write_channel(actor, network_code, profile, settings)
        keep_secret(name=channel.secret_name, values=kept)
        _write_first_sources(channel)
        _tell(actor, channel, "channel.connected", **vouched_for)
    return channel


class NotRecognisable(Refused):
    """Residents cannot see that an account is the municipality's; the actor may vouch for it."""


def must_be_lawful(chosen: Network) -> None:
    """Raise Refused for a network that we may not get in at."""
    if words := why_not_connect(chosen.abilities):
        raise Refused(words)


def _must_be_ours(chosen: Network, profile: Profile, actor: Actor, vouched: bool) -> dict[str, str]:
    """Return what the audit trail adds; raises NotRecognisable."""
    if chosen.abilities.signs_in is not SignsIn.OFFICIAL_ACCOUNT:
        return {}
    if is_recognisable(actor.town.name, profile.name, profile.handle):
        return {}
    if not vouched:
        raise NotRecognisable(
            own("Residents cannot see by {0} that this is an account of the municipality.", profile.handle)
        )
    return {"recognisable": "vouched"}


def _ask_who_we_are(account: Account, actor: Actor) -> Profile:
    try:
        client = network(account.network).connect(account, door_for(actor.town))
        return client.profile()
    except DoorClosed as closed:
        raise Refused(str(closed)) from closed


def _write_channel(actor: Actor, network_code: str, profile: Profile, settings: Mapping[str, str]) -> Channel:
    values = {
        "identity": profile.identity,
        "name": profile.name[:200],
        "url": profile.url[:500],
        "settings": dict(settings),
        "status": Channel.Status.OPEN,
        "max_length": profile.max_length,
        "token_expires_at": profile.token_expires_at,
        "checked_at": timezone.now(),
        "error": "",
        "error_at": None,
    }
    channel, _ = Channel.objects.update_or_create(
        town=actor.town, network_code=network_code, handle=profile.handle[:200], defaults=values
    )
    return channel


def _write_first_sources(channel: Channel) -> None:
    for spec in channel.network.first_sources:
        Source.objects.update_or_create(
            town=channel.town,
            channel=channel,
            network_code=channel.network_code,
            kind=spec.kind,
            address=spec.address,
            defaults={
                "active": True,
                "settings": dict(spec.settings),
                "due_at": timezone.now(),
                "failures": 0,
                "error": "",
            },
        )


@transaction.atomic
def pause_channel(*, actor: Actor, channel: Channel) -> None:
    """Stop hearing and sending on a channel for a while."""
    actor.need(Right.WRITE, "channels")
    lock_town(channel.town_id)
    Channel.objects.filter(pk=channel.pk).update(status=Channel.Status.PAUSED)
    _tell(actor, channel, "channel.paused")


@transaction.atomic
def resume_channel(*, actor: Actor, channel: Channel) -> None:
    """Go on hearing and sending; what was said in the meantime comes in at once."""
    actor.need(Right.WRITE, "channels")
    Channel.objects.filter(pk=channel.pk).update(status=Channel.Status.OPEN, error="", error_at=None)
    channel.sources.update(due_at=timezone.now(), failures=0)
    _tell(actor, channel, "channel.resumed")


@transaction.atomic
def disconnect_channel(*, actor: Actor, channel: Channel) -> None:
    """Forget an account's tokens and stop reading it. What came in and went out stays."""
    actor.need(Right.WRITE, "channels")
    lock_town(channel.town_id)
    Channel.objects.filter(pk=channel.pk).update(status=Channel.Status.DISCONNECTED, settings={})
    channel.sources.update(active=False)
    channel.also_reads.update(active=False)
    cancelled = [row for row in channel.outgoing.filter(state=State.PLANNED) if _cannot_leave(row)]
    # Without tokens nobody can ask any more: what is not known now is for a person to look up.
    channel.outgoing.filter(state=State.UNKNOWN).update(needs_person=True, ask_at=None)
    forget_secret(name=channel.secret_name)
    emit_all(
        town=channel.town_id, happened=[("outgoing.settled", row.pk) for row in cancelled], at=timezone.now()
    )
    _tell(actor, channel, "channel.disconnected")


def _cannot_leave(outgoing: Outgoing) -> bool:
    words = own("The channel was disconnected before this could be sent.")
    return move(outgoing, State.PLANNED, State.CANCELLED, needs_person=False, words=words)


@transaction.atomic
def add_source(
    *,
    actor: Actor,
    network_code: str,
    kind: str,
    address: str,
    channel: Channel | None = None,
    reads_as: Channel | None = None,
) -> Source:
    """Read something more: as a channel (addressed to us), or overheard, as anybody or with the sign-in of `reads_as`."""
    actor.need(Right.WRITE, "channels")
    must_be_lawful(network(network_code))
    source, _ = Source.objects.update_or_create(
        town=actor.town,
        channel=channel,
        network_code=network_code,
        kind=kind,
        address=address.strip(),
        defaults={"active": True, "due_at": timezone.now(), "failures": 0, "error": "", "reads_as": reads_as},
    )
    audit(
        town=actor.town,
        actor=actor.person,
        action="source.added",
        subject=f"source:{source.pk}",
        details={"source": str(source)},
    )
    emit(town=actor.town, kind="channel.changed", subject=channel.pk if channel else 0)
    return source


@transaction.atomic
def remove_source(*, actor: Actor, source: Source) -> None:
    """Stop reading something. Where it had come stays known, so that it can be taken up again."""
    actor.need(Right.WRITE, "channels")
    Source.objects.filter(pk=source.pk, town=actor.town).update(active=False)
    audit(
        town=actor.town,
        actor=actor.person,
        action="source.removed",
        subject=f"source:{source.pk}",
        details={"source": str(source)},
    )
    emit(town=actor.town, kind="channel.changed", subject=source.channel_id or 0)


def _tell(actor: Actor, channel: Channel, action: str, **more: str) -> None:
    audit(
        town=actor.town,
        actor=actor.person,
        action=action,
        subject=f"channel:{channel.pk}",
        details={"network": channel.network_code, "handle": channel.handle, **more},
    )
    emit(town=actor.town, kind="channel.changed", subject=channel.pk)
