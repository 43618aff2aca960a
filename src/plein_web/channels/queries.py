"""Which channels, sources, posts and sends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from plein.channels.outgoing import CLAIM_EXPIRES, Hold, State

# Kinds of source that nobody looks at: what they bring is entered or delivered.
HOOK = "hook"
BROUGHT = ("manual", HOOK)


class ChannelQuerySet(models.QuerySet):
    def of(self, town) -> ChannelQuerySet:
        """Return the channels of a town."""
        return self.filter(town=town).exclude(status="disconnected").order_by("name", "handle")

    def open(self) -> ChannelQuerySet:
        """Return the channels that may be used."""
        return self.filter(status="open")

    def to_introduce(self, before: datetime) -> ChannelQuerySet:
        """Return the channels of which the network last said who they are before a moment."""
        return self.filter(Q(checked_at=None) | Q(checked_at__lt=before)).select_related("town")


class SourceQuerySet(models.QuerySet):
    def of(self, town) -> SourceQuerySet:
        """Return the sources that a town reads, those for all towns included."""
        return self.filter(Q(town=town) | Q(town=None)).order_by("network_code", "kind", "address")

    def due(self, now: datetime) -> SourceQuerySet:
        """Return the sources that should be looked at, the longest waiting first."""
        return (
            self.filter(active=True, due_at__lte=now)
            .filter(Q(channel=None) | Q(channel__status="open"))
            .filter(Q(reads_as=None) | Q(reads_as__status="open"))
            .order_by("due_at")
        )

    def addressed(self) -> SourceQuerySet:
        """Return the sources of our channels that are looked at; the others are brought to us."""
        return self.filter(channel__isnull=False).exclude(kind__in=BROUGHT)


class PostQuerySet(models.QuerySet):
    def of(self, town) -> PostQuerySet:
        """Return the posts of a town."""
        return self.filter(town=town)

    def thread_wanted(self, now: datetime) -> PostQuerySet:
        """Return the posts of which the network is to be asked for the thread."""
        return self.filter(thread_at__lte=now, channel__status="open")

    def to_check(self, now: datetime) -> PostQuerySet:
        """Return the posts of which the network is to be asked whether they still stand, newest first."""
        return self.filter(check_at__lte=now, deleted_at=None, channel__status="open").order_by("-posted_at", "-id")


class OutgoingQuerySet(models.QuerySet):
    def of(self, town) -> OutgoingQuerySet:
        """Return what a town sends."""
        return self.filter(town=town)

    def due(self, now: datetime) -> OutgoingQuerySet:
        """Return what is planned for now or earlier, oldest first; what a person copies is theirs."""
        return self.filter(state=State.PLANNED, due_at__lte=now, needs_person=False).order_by("due_at", "id")

    def to_leave(self) -> OutgoingQuerySet:
        """Return what we still have to send, the oldest first; what a person copies does not leave by us."""
        return self.filter(state=State.PLANNED, needs_person=False).order_by("due_at", "id")

    def abandoned(self, now: datetime) -> OutgoingQuerySet:
        """Return what was claimed by a process that did not live to tell."""
        return self.filter(state=State.CLAIMED, claimed_at__lte=now - CLAIM_EXPIRES)

    def to_ask(self, now: datetime) -> OutgoingQuerySet:
        """Return the unknown outcomes that the network can be asked about."""
        return self.filter(state=State.UNKNOWN, needs_person=False).filter(Q(ask_at=None) | Q(ask_at__lte=now))

    def on_the_way(self) -> OutgoingQuerySet:
        """Return what has not been settled."""
        return self.filter(state__in=[State.PLANNED, State.CLAIMED, State.UNKNOWN])

    def first_of_their_thread(self) -> OutgoingQuerySet:
        """Leave out what has to wait for something that goes out in the same thread before it."""
        earlier = self.model.objects.on_the_way().filter(
            channel=OuterRef("channel"),
            reply_to__root_uri=OuterRef("reply_to__root_uri"),
            needs_person=False,
            id__lt=OuterRef("id"),
        )
        return self.exclude(Exists(earlier))

    def spared_by(self, holds: Iterable[Hold], channel: int) -> OutgoingQuerySet:
        """Leave out what a stop keeps on this channel."""
        rows = self
        for hold in holds:
            if hold.channel in (None, channel):
                rows = rows.filter(kind__in=hold.spares)
        return rows


class HoldQuerySet(models.QuerySet):
    def standing(self) -> HoldQuerySet:
        """Return the holds that nobody lifted."""
        return self.filter(lifted_at=None)
