"""Places of conversation, what was said in them, and what the town chose to do there."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plein.listening.joining.discovering import PlaceKind
from plein_web.channels.models import Channel, Post
from plein_web.listening.elsewhere.queries import ChoiceQuerySet, PlaceQuerySet
from plein_web.town.models import Person, Town


class ConversationPlace(models.Model):
    """Where people talk: a hashtag, a thread, a feed, a community, an account of an organisation, a forum.

    Made of what watches brought, and of nothing else. It holds no words of residents and no address: a thread is
    known by the keyed hash of where it begins, what was said stands in the mentions.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        JOINED = "joined", "joined"
        HANDED = "handed", "handed"
        NOT_OURS = "not_ours", "not_ours"
        LEFT = "left", "left"

    town = models.ForeignKey(Town, models.CASCADE, related_name="conversation_places")
    network_code = models.CharField(max_length=20, db_column="network")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in PlaceKind])
    key = models.CharField(
        max_length=120, help_text="a keyed hash, a hashtag as it is compared, the number of a source"
    )
    messages = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="when the newest message was written")
    changed_at = models.DateTimeField(default=timezone.now, help_text="when something was said that is not weighed yet")
    weighed_at = models.DateTimeField(null=True)
    score = models.FloatField(default=0.0, help_text="0 stay away to 3 needed now")
    said = models.CharField(max_length=20, blank=True, help_text="what the judge takes it for")
    step = models.CharField(max_length=20, blank=True, help_text="what to do first")
    topic = models.CharField(max_length=40, blank=True)
    why = models.TextField(blank=True, help_text="the reason that counts, an own sentence")
    reasons = models.TextField(blank=True, help_text="own sentences, one a line")
    unseen = models.TextField(blank=True, help_text="what we cannot see there, own sentences, one a line")
    asked = models.PositiveIntegerField(default=0, help_text="questions that stand open")
    asking = models.CharField(
        max_length=32, blank=True, help_text="hash of the message to answer: what asks longest, or newest"
    )
    waiting_since = models.DateTimeField(null=True)
    queued = models.BooleanField(default=False, help_text="a town may have something to add here")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    chosen_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "network_code", "kind", "key"], name="spot_once")]
        indexes = [
            models.Index(fields=["town", "queued", "state", "-score"], name="spot_queue"),
            models.Index(fields=["town", "-last_at"], name="spot_newest"),
        ]


class Spoken(models.Model):
    """That a post was said in a place: the keyed hash under which mentions know it, so that deleting needs no look here."""

    place = models.ForeignKey(ConversationPlace, models.CASCADE, related_name="spoken")
    uri_hash = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "uri_hash"], name="spoken_once")]
        indexes = [models.Index(fields=["uri_hash"], name="spoken_by_post")]


class PlaceChoice(models.Model):
    """What a colleague chose for a place, and, of joining, how that goes on.

    What it teaches is counted from these rows, so that undoing unlearns.
    """

    class Made(models.TextChoices):
        JOIN = "join", "join"
        HAND_OVER = "hand_over", "hand_over"
        NOT_OURS = "not_ours", "not_ours"
        LEAVE = "leave", "leave"
        ASK = "ask", "ask"

    class Fetch(models.TextChoices):
        NONE = "", ""
        WAITING = "waiting", "waiting"
        HERE = "here", "here"
        FAILED = "failed", "failed"

    town = models.ForeignKey(Town, models.CASCADE, related_name="place_choices")
    place = models.ForeignKey(ConversationPlace, models.SET_NULL, null=True, related_name="choices")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Made)
    said = models.CharField(max_length=20, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    before = models.CharField(max_length=10, blank=True, help_text="the state of the place before it")
    to = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", help_text="whom it was handed to")
    note = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True, help_text="when the question was asked that is answered")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    # Of joining alone.
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="+")
    watch = models.BigIntegerField(null=True)
    period = models.CharField(max_length=7, blank=True)
    uri_hash = models.CharField(max_length=32, blank=True)
    locator = models.TextField(blank=True, help_text="encrypted; thrown away once the conversation is here")
    fetch = models.CharField(max_length=8, choices=Fetch, blank=True)
    fetch_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(blank=True, help_text="why the conversation could not be brought here")
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["town", "-made_at"], name="choice_newest"),
            models.Index(fields=["fetch_at"], condition=models.Q(fetch="waiting"), name="choice_to_fetch"),
        ]
