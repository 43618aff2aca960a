"""How far a watch has looked back on a network."""

from __future__ import annotations

from django.db import models


class LookBack(models.Model):
    """The search of a watch on a network: where it is, and until when everything was looked at.

    It holds no query and nothing that was found: those stand with the watch and its mentions.
    """

    watch = models.ForeignKey("listening.Watch", models.CASCADE, related_name="lookbacks")
    network_code = models.CharField(max_length=20, db_column="network")
    since = models.DateTimeField(null=True, help_text="how far back this round goes")
    until = models.DateTimeField(null=True, help_text="when this round began; none: no round is going on")
    reached = models.DateTimeField(null=True, help_text="until when was looked; none: never yet")
    term = models.PositiveSmallIntegerField(default=0, help_text="which of the terms is being searched for")
    page = models.TextField(blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(blank=True, help_text="what it could not do")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch", "network_code"], name="look_back_once")]
