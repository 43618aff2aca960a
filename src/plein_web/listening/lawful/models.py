"""The versions of a watch that somebody asked approval for, the advice on them, and the mandate of the mayor."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plein_web.listening.models import Watch
from plein_web.town.models import Person, Town


class TermsQuerySet(models.QuerySet["Terms"]):
    def pending(self) -> TermsQuerySet:
        """Return what still waits for a decision."""
        return self.filter(decided_at=None, superseded_at=None, watch__stopped_at=None).order_by("id")


class Terms(models.Model):
    """One version of what a watch says of itself, put to somebody to approve. The watch itself holds the approved one."""

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="terms")
    name = models.CharField(max_length=120)
    query = models.TextField()
    purpose_code = models.CharField(max_length=20)
    purpose = models.CharField(max_length=300)
    legal_ground = models.CharField(max_length=300)
    article = models.CharField(max_length=200)
    ends_at = models.DateTimeField()
    review_at = models.DateTimeField()
    maker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    approver_name = models.CharField(max_length=120)
    approver_email = models.EmailField(max_length=160)
    superseded_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    decided_by = models.CharField(max_length=300, default="", help_text="name and address")
    reason = models.CharField(max_length=600, default="")

    objects = TermsQuerySet.as_manager()


class Advice(models.Model):
    """What an officer advised on a version of a watch."""

    terms = models.ForeignKey(Terms, models.CASCADE, related_name="advice")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    text = models.CharField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)


class Mandate(models.Model):
    """That the mayor lets a town listen for public order, for a while. Without one that class is off."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="mandates")
    mayor = models.CharField(max_length=120)
    reference = models.CharField(max_length=200, help_text="where the signed document is found")
    until = models.DateField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
