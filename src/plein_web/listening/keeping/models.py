"""What remains when overheard texts go."""

from __future__ import annotations

from django.db import models

from plein_web.town.models import Town


class DayCount(models.Model):
    """How many posts a watch heard on a day, counted when their texts went. No text, no author."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="+")
    watch = models.ForeignKey("listening.Watch", models.CASCADE, related_name="day_counts")
    day = models.DateField(help_text="on which they were posted")
    language = models.CharField(max_length=16, blank=True, help_text="empty: all that were too few to name")
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch", "day", "language"], name="day_count_once")]


class AskRound(models.Model):
    """How far a town has come in asking networks whether what it overheard still stands."""

    town = models.OneToOneField(Town, models.CASCADE, related_name="+")
    reached = models.BigIntegerField(default=0, help_text="the mention that was asked after last")
    began_at = models.DateTimeField()
