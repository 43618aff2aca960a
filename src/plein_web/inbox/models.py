"""Conversations: threads with residents that the town handles."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.inbox.queries import ConversationQuerySet
from plein_web.town.models import Person, Town


class Conversation(models.Model):
    """A thread with a resident. What the list shows stands on the row, so that a list is one query."""

    class Status(models.TextChoices):
        OPEN = "open", "open"
        WAITING = "waiting", "waiting"
        DONE = "done", "done"

    town = models.ForeignKey(Town, models.CASCADE, related_name="conversations")
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="conversations")
    network_code = models.CharField(max_length=20, db_column="network")
    root_uri = models.CharField(max_length=500)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    assignee = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="conversations")
    title = models.CharField(max_length=160, help_text="the resident's first words")
    resident = models.CharField(max_length=200, help_text="name or handle of who spoke last")
    snippet = models.CharField(max_length=240, help_text="the resident's last words")
    private = models.BooleanField(default=False)
    edited = models.BooleanField(default=False, help_text="a resident changed a text since our last answer")
    posts = models.PositiveIntegerField(default=0)
    unseen = models.PositiveIntegerField(default=0, help_text="posts of residents since the last answer")
    waiting_since = models.DateTimeField(null=True, help_text="the oldest unanswered post of a resident")
    last_post_at = models.DateTimeField()
    changed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True, help_text="when a colleague last closed, parked or reopened it")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "network_code", "root_uri"], name="conversation_once")]
        indexes = [
            models.Index(fields=["town", "status", "-last_post_at", "-id"], name="conversation_list"),
            models.Index(fields=["town", "assignee", "status", "-last_post_at"], name="conversation_mine"),
        ]


class Entry(models.Model):
    """A post's place in a conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="entries")
    post = models.OneToOneField(Post, models.CASCADE, related_name="entry")


class Answer(models.Model):
    """An outgoing message's place in a conversation: shown before the network shows it back."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="answers")
    outgoing = models.OneToOneField(Outgoing, models.CASCADE, related_name="answer")


class Draft(models.Model):
    """What a person is writing, to whom and for whose eyes. On the server, so that it survives another device."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", help_text="what it answers")
    visibility = models.CharField(max_length=10, blank=True, help_text="empty: that of the post")
    content_warning = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="draft_once")]

    @property
    def empty(self) -> bool:
        """Whether nothing was written: what was chosen beside it is then no choice either."""
        return not (self.text.strip() or self.content_warning.strip())


class DayMail(models.Model):
    """That a person wants the mail of the day of a town, and at what hour."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    town = models.ForeignKey(Town, models.CASCADE, related_name="+")
    on = models.BooleanField(default=False)
    hour = models.PositiveSmallIntegerField(default=8, help_text="on the town's own clock")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "town"], name="day_mail_once")]


class DayMailSent(models.Model):
    """The mail of one day: written before it is made, so that no kill can send a second one."""

    class Outcome(models.TextChoices):
        CLAIMED = "claimed", "claimed"
        NOTHING = "nothing", "nothing"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"

    wish = models.ForeignKey(DayMail, models.CASCADE, related_name="sent")
    day = models.DateField()
    claimed_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.CLAIMED)
    words = models.TextField(blank=True, help_text="of the mail server, when it failed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wish", "day"], name="day_mail_sent_once")]
