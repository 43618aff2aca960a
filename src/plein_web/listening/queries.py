"""Which watches and mentions."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class WatchQuerySet(models.QuerySet):
    def of(self, town) -> WatchQuerySet:
        """Return the watches of a town."""
        return self.filter(town=town).order_by("name")

    def live(self, now: datetime) -> WatchQuerySet:
        """Return the watches that collect at this moment."""
        return self.filter(starts_at__lte=now, ends_at__gt=now, stopped_at=None)


class MentionQuerySet(models.QuerySet):
    def of(self, town) -> MentionQuerySet:
        """Return what was overheard for a town."""
        return self.filter(town=town)

    def newest_first(self) -> MentionQuerySet:
        """Return the newest first."""
        return self.order_by("-id")
