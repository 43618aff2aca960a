"""The only way from a person to a channel, a source, a post or something that is sent."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from plein.town.roles import Right
from plein_web.channels.models import Channel, Outgoing, Post, SendHold, Source
from plein_web.town.access import Actor


def channel_for(actor: Actor, pk: int, right: Right = Right.READ) -> Channel:
    """Return a channel of the actor's town."""
    actor.need(right, "channels")
    return get_object_or_404(Channel.objects.of(actor.town), pk=pk)


def source_for(actor: Actor, pk: int, right: Right = Right.READ) -> Source:
    """Return a source that the actor's town reads; those for all towns may be seen, not changed."""
    actor.need(right, "channels")
    source = get_object_or_404(Source.objects.of(actor.town).select_related("channel"), pk=pk)
    if right is Right.WRITE and source.town_id is None:
        raise Http404(pk)
    return source


def outgoing_for(actor: Actor, pk: int, right: Right = Right.READ) -> Outgoing:
    """Return something that the actor's town sends. Who answers residents may handle it."""
    actor.need(right, "inbox")
    rows = Outgoing.objects.of(actor.town).select_related("channel", "reply_to")
    return get_object_or_404(rows, pk=pk)


def post_for(actor: Actor, pk: int, right: Right = Right.READ) -> Post:
    """Return a post that was addressed to the actor's town."""
    actor.need(right, "inbox")
    return get_object_or_404(Post.objects.of(actor.town).select_related("channel"), pk=pk)


def hold_for(actor: Actor, pk: int, right: Right = Right.READ) -> SendHold:
    """Return a stop that stands in the actor's town."""
    actor.need(right, "inbox")
    return get_object_or_404(SendHold.objects.standing(), town=actor.town, pk=pk)
