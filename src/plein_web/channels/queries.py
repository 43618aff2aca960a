"""Which channels, sources, posts and sends."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from plein.channels.outgoing import CLAIM_EXPIRES, State


class ChannelQuerySet(models.QuerySet):
    def of(self, town) -> ChannelQuerySet:
        """Return the channels of a town."""
        return self.filter(town=town).exclude(status="disconnected").order_by("name", "handle")

    def open(self) -> ChannelQuerySet:
        """Return the channels that may be used."""
        return self.filter(status="open")


class SourceQuerySet(models.QuerySet):
    def of(self, town) -> SourceQuerySet:
        """Return the sources that a town reads, those for all towns included."""
        return self.filter(Q(town=town) | Q(town=None)).order_by("network_code", "kind", "address")

    def due(self, now: datetime) -> SourceQuerySet:
        """Return the sources that should be looked at, the longest waiting first."""
        return (
            self.filter(active=True, due_at__lte=now)
            .filter(Q(channel=None) | Q(channel__status="open"))
            .order_by("due_at")
        )


class PostQuerySet(models.QuerySet):
    def of(self, town) -> PostQuerySet:
        """Return the posts of a town."""
        return self.filter(town=town)

    def in_thread(self, root_uri: str) -> PostQuerySet:
        """Return the posts of one thread, oldest first."""
        return self.filter(root_uri=root_uri).order_by("posted_at", "id")


class OutgoingQuerySet(models.QuerySet):
    def of(self, town) -> OutgoingQuerySet:
        """Return what a town sends."""
        return self.filter(town=town)

    def due(self, now: datetime) -> OutgoingQuerySet:
        """Return what is planned for now or earlier, oldest first."""
        return self.filter(state=State.PLANNED, due_at__lte=now).order_by("due_at", "id")

    def abandoned(self, now: datetime) -> OutgoingQuerySet:
        """Return what was claimed by a process that did not live to tell."""
        return self.filter(state=State.CLAIMED, claimed_at__lte=now - CLAIM_EXPIRES)

    def to_ask(self, now: datetime) -> OutgoingQuerySet:
        """Return the unknown outcomes that the network can be asked about."""
        return self.filter(state=State.UNKNOWN, needs_person=False).filter(Q(ask_at=None) | Q(ask_at__lte=now))

    def on_the_way(self) -> OutgoingQuerySet:
        """Return what has not been settled."""
        return self.filter(state__in=[State.PLANNED, State.CLAIMED, State.UNKNOWN])


class HoldQuerySet(models.QuerySet):
    def standing(self) -> HoldQuerySet:
        """Return the holds that nobody lifted."""
        return self.filter(lifted_at=None)
