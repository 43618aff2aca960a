"""What we hear with, what we heard that was meant for us, and what we send."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plein.channels.contract import Abilities, Network
from plein.channels.outgoing import State
from plein.channels.registry import network
from plein_web.channels.queries import (
    ChannelQuerySet,
    HoldQuerySet,
    OutgoingQuerySet,
    PostQuerySet,
    SourceQuerySet,
)
from plein_web.town.models import Person, Town


class Channel(models.Model):
    """One account of a town on a network."""

    class Status(models.TextChoices):
        OPEN = "open", "open"
        PAUSED = "paused", "paused"
        SIGN_IN_NEEDED = "sign_in_needed", "sign_in_needed"
        DISCONNECTED = "disconnected", "disconnected"

    town = models.ForeignKey(Town, models.CASCADE, related_name="channels")
    network_code = models.CharField(max_length=20, db_column="network")
    handle = models.CharField(max_length=200)
    identity = models.CharField(max_length=300, blank=True, help_text="the network's unchanging id of the account")
    name = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    settings = models.JSONField(default=dict)
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    max_length = models.PositiveIntegerField(null=True, help_text="the server's own limit, where it says one")
    token_expires_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True, help_text="when the network last said who we are")
    last_sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, help_text="the network's own words, while something is wrong")
    error_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "network_code", "handle"], name="channel_once_per_town")]

    def __str__(self) -> str:
        return self.name or self.handle

    @property
    def network(self) -> Network:
        """Return the network this is an account on."""
        return network(self.network_code)

    @property
    def abilities(self) -> Abilities:
        """Return what can be done with this account."""
        return self.network.abilities_with(self.settings)

    @property
    def secret_name(self) -> str:
        """Return under which name the hall keeps our tokens."""
        return f"channel:{self.pk}"


class Source(models.Model):
    """Anything we read. A source with a channel brings addressed posts; one without, overheard ones."""

    town = models.ForeignKey(Town, models.CASCADE, null=True, related_name="sources", help_text="none: for all towns")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="sources")
    reads_as = models.ForeignKey(
        Channel,
        models.SET_NULL,
        null=True,
        related_name="also_reads",
        help_text="with whose sign-in something overheard is read, where the network shows it to nobody else",
    )
    network_code = models.CharField(max_length=20, db_column="network")
    kind = models.CharField(max_length=30)
    address = models.CharField(max_length=500, blank=True)
    settings = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    cursor = models.TextField(null=True)
    due_at = models.DateTimeField(default=timezone.now, help_text="when to look again")
    last_ok_at = models.DateTimeField(null=True)
    last_post_at = models.DateTimeField(null=True)
    posts = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    error = models.TextField(blank=True)

    objects = SourceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.network_code}: {self.kind} {self.address}".strip()

    @property
    def network(self) -> Network:
        """Return the network this reads."""
        return network(self.network_code)


class Gap(models.Model):
    """A stretch of a source that may have passed unseen."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="gaps")
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField()
    before = models.TextField(blank=True, help_text="the cursor on the near side")
    after = models.TextField(blank=True)


class Unread(models.Model):
    """Input we could not understand: kept encrypted where it was meant for us, else only counted."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="unread")
    digest = models.CharField(max_length=64)
    error = models.TextField()
    raw = models.BinaryField(null=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="unread_once_per_digest")]


class Post(models.Model):
    """A message that was addressed to the town, or that the town itself sent.

    Unique per (town, network, uri), whichever source showed it. The text is the newest version;
    older ones are `PostVersion`s. A deleted post stays as a tombstone.
    """

    town = models.ForeignKey(Town, models.CASCADE, related_name="posts")
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="posts")
    network_code = models.CharField(max_length=20, db_column="network")
    uri = models.CharField(max_length=500)
    url = models.CharField(max_length=500, blank=True)
    parent_uri = models.CharField(max_length=500, blank=True)
    root_uri = models.CharField(max_length=500, help_text="its own uri when it starts a thread")
    ours = models.BooleanField(default=False, help_text="the town wrote it")
    author_id = models.CharField(max_length=300)
    author_handle = models.CharField(max_length=200)
    author_name = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    markup = models.TextField(blank=True, help_text="sanitised HTML")
    title = models.CharField(max_length=300, blank=True)
    content_warning = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    visibility = models.CharField(max_length=10, default="public")
    attachments = models.JSONField(default=list)
    posted_at = models.DateTimeField()
    version_at = models.DateTimeField(help_text="when this text came to be")
    versions = models.PositiveSmallIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    raw = models.BinaryField(default=b"", help_text="as the network gave it, encrypted")
    check_at = models.DateTimeField(null=True, help_text="when to ask the network whether it still stands")
    thread_at = models.DateTimeField(null=True, help_text="when to ask the network for the thread around it")
    search = models.TextField(blank=True, help_text="normalised words with the town's token; indexed")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "network_code", "uri"], name="post_once")]
        indexes = [
            models.Index(fields=["town", "root_uri"], name="post_by_thread"),
            models.Index(fields=["check_at"], condition=~models.Q(check_at=None), name="post_to_check"),
            models.Index(fields=["thread_at"], condition=~models.Q(thread_at=None), name="post_to_thread"),
        ]

    @property
    def remote_id(self) -> str:
        """Return what our channel calls this post, for calls about it."""
        by_channel = models.Case(models.When(source__channel=self.channel_id, then=0), default=1)
        name = self.sightings.order_by(by_channel, "id").values_list("remote_id", flat=True).first()
        if name is None and self.ours:
            name = Outgoing.objects.filter(town=self.town_id, uri=self.uri).values_list("remote_id", flat=True).first()
        return name or ""


class PostVersion(models.Model):
    """An earlier (or, out of order, a later met) text of a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="earlier")
    text = models.TextField()
    content_warning = models.TextField(blank=True)
    version_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "version_at"], name="version_once")]


class Sighting(models.Model):
    """What a source calls a post: a post met by several routes is one post with several sightings."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="sightings")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    remote_id = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "source"], name="sighting_once")]


class Gone(models.Model):
    """A keyed hash of a deleted uri that we did not hold, so that disorder cannot bring it back."""

    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)


class Outgoing(models.Model):
    """Anything we send. Its states and moves stand in `plein.channels.outgoing`."""

    class Kind(models.TextChoices):
        REPLY = "reply", "reply"
        POST = "post", "post"

    town = models.ForeignKey(Town, models.CASCADE, related_name="outgoing")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="outgoing")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.UUIDField(unique=True, help_text="the same for every try: the network can be asked after it")
    reply_to = models.ForeignKey(Post, models.PROTECT, null=True, related_name="answers")
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=80, blank=True, help_text="opaque: what made us send this")
    text = models.TextField()
    content_warning = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, default="public")
    language = models.CharField(max_length=8, default="nl")
    images = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=State.PLANNED, choices=[(s.value, s.value) for s in State])
    written_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="sent, refused or cancelled")
    ask_at = models.DateTimeField(null=True, help_text="when to ask the network after an unknown outcome")
    tries = models.PositiveSmallIntegerField(default=0)
    needs_person = models.BooleanField(default=False, help_text="the network cannot tell: somebody has to look")
    words = models.TextField(blank=True, help_text="the network's own words on failure")
    uri = models.CharField(max_length=500, blank=True)
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="outgoing_due")]


class SendHold(models.Model):
    """Somebody stopped sending, in a whole town or on one channel."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="holds")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="holds")
    reason = models.CharField(max_length=300)
    spares = models.JSONField(default=list, help_text="kinds that may leave all the same")
    placed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()
