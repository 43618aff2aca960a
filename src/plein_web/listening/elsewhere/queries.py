"""Which places of conversation, and which choices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import F, Q

THREAD = "thread"


class PlaceQuerySet(models.QuerySet):
    def of(self, town) -> PlaceQuerySet:
        """Return the places of a town."""
        return self.filter(town=town)

    def waiting(self) -> PlaceQuerySet:
        """Return the places where somebody may help and nobody chose yet."""
        return self.filter(queued=True, state="open")

    def handed_to(self, person) -> PlaceQuerySet:
        """Return the places that a colleague handed to a person."""
        return self.filter(state="handed", assignee=person)

    def best_first(self) -> PlaceQuerySet:
        """Return the place where the town can add most first; of equals the one that waits longest."""
        return self.order_by("-score", F("waiting_since").asc(nulls_last=True), "-last_at", "id")

    def newest_first(self) -> PlaceQuerySet:
        """Return the place where somebody spoke last first."""
        return self.order_by("-last_at", "-id")

    def talked_in(self) -> PlaceQuerySet:
        """Leave out threads of one message: somebody spoke there, nobody talked."""
        return self.exclude(kind=THREAD, messages__lt=2)

    def to_weigh(self, before: datetime) -> PlaceQuerySet:
        """Return the places where something changed, or of which the time alone may change the weight, longest ago first."""
        stale = Q(queued=True, state="open", weighed_at__lt=before)
        changed = Q(weighed_at=None) | Q(changed_at__gt=F("weighed_at"))
        return self.filter(changed | stale).order_by(F("weighed_at").asc(nulls_first=True), "id")


class ChoiceQuerySet(models.QuerySet):
    def of(self, town) -> ChoiceQuerySet:
        """Return the choices of a town that stand."""
        return self.filter(town=town, undone_at=None)

    def to_fetch(self, now: datetime) -> ChoiceQuerySet:
        """Return the conversations that were joined and are not here yet, the oldest first."""
        return self.filter(fetch="waiting", fetch_at__lte=now, undone_at=None).order_by("fetch_at", "id")

    def joined(self) -> ChoiceQuerySet:
        """Return the conversations elsewhere that were brought here to answer."""
        return self.filter(choice="join", fetch="here", undone_at=None)

    def by_pattern(self) -> Iterable[tuple[str, str, str, int]]:
        """Return how often each choice was made: what the place was taken for, its topic, the choice, how often."""
        counted = self.values("said", "topic", "choice").annotate(number=models.Count("id")).order_by()
        return [(row["said"], row["topic"], row["choice"], row["number"]) for row in counted]
