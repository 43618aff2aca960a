"""A resident's request, an objection, and what only the town itself can say in the register."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plein.listening.answering import Kind, Outcome
from plein_web.listening.rights.queries import RequestQuerySet
from plein_web.town.models import Person, Town


class Request(models.Model):
    """What a resident asks about their own data. The account is proved by a code that is sent from it.

    Whom it is about stands here until some time after it was closed; the audit trail holds its number only.
    """

    town = models.ForeignKey(Town, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Kind])
    network_code = models.CharField(max_length=20, db_column="network")
    handle = models.CharField(max_length=200, blank=True)
    author_id = models.CharField(max_length=300, blank=True, help_text="the network's own, known once it is proved")
    code = models.CharField(max_length=9, blank=True, help_text="empty: it was used")
    code_until = models.DateTimeField()
    received_on = models.DateField()
    due_on = models.DateField()
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(null=True)
    proof = models.ForeignKey("channels.Post", models.SET_NULL, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True, help_text="when somebody last saw what was found")
    erased = models.JSONField(default=dict, help_text="how many of each kind went, and what was kept with its reason")
    outcome = models.CharField(max_length=16, blank=True, choices=[(one.value, one.value) for one in Outcome])
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = RequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["town", "closed_at", "due_on"], name="request_by_due")]


class Objection(models.Model):
    """Somebody does not want to be listened to: a keyed hash of who, nothing else."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="objections")
    digest = models.CharField(max_length=32)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "digest"], name="objection_once")]


class Particulars(models.Model):
    """What the register and the drafts say of a town that follows from no other setting."""

    town = models.OneToOneField(Town, models.CASCADE, related_name="particulars")
    owner = models.CharField(max_length=120, blank=True, help_text="the function of who answers for listening")
    contact = models.CharField(max_length=200, blank=True, help_text="where residents ask about their data")
    officer = models.CharField(max_length=200, blank=True, help_text="where the data protection officer can be reached")
    processor = models.CharField(max_length=200, blank=True, help_text="who runs this Plein, and where")
    changed_at = models.DateTimeField(default=timezone.now)
