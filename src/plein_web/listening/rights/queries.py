"""Which requests."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from plein.listening.watching import RETENTION


class RequestQuerySet(models.QuerySet):
    def of(self, town) -> RequestQuerySet:
        """Return the requests to a town, the most pressing first."""
        return self.filter(town=town).order_by("due_on", "id")

    def open(self) -> RequestQuerySet:
        """Return the requests that still need an answer."""
        return self.filter(closed_at=None)

    def closed(self) -> RequestQuerySet:
        """Return the requests that were answered, the newest first."""
        return self.exclude(closed_at=None).order_by("-closed_at", "-id")

    def waiting_for_proof(self, now: datetime) -> RequestQuerySet:
        """Return the requests of which the code may still arrive."""
        return self.open().filter(proved_at=None, code_until__gt=now).exclude(code="")

    def forgettable(self, now: datetime) -> RequestQuerySet:
        """Return the requests that were closed so long ago that nobody needs to know any more about whom they were."""
        return self.filter(closed_at__lte=now - RETENTION).exclude(handle="", author_id="")
