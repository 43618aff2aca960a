"""Which watches and mentions."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from plein.listening.places.judge import ABOUT


class WatchQuerySet(models.QuerySet):
    def of(self, town) -> WatchQuerySet:
        """Return the watches of a town."""
        return self.filter(town=town).order_by("name", "id")

    def live(self, now: datetime) -> WatchQuerySet:
        """Return the watches that collect at this moment."""
        return self.filter(starts_at__lte=now, ends_at__gt=now, stopped_at=None)

    def to_come_or_live(self, now: datetime) -> WatchQuerySet:
        """Return the watches that collect now or will."""
        return self.filter(ends_at__gt=now, stopped_at=None)


class MentionQuerySet(models.QuerySet):
    def of(self, town) -> MentionQuerySet:
        """Return what was overheard for a town."""
        return self.filter(town=town)

    def counting(self) -> MentionQuerySet:
        """Leave out what is doubtful, or said to be about something else, unless somebody says that it is about us."""
        return self.exclude(about=False).filter(Q(sure=None) | Q(sure__gte=ABOUT) | Q(about=True))

    def newest_first(self) -> MentionQuerySet:
        """Return the newest first, by when they were written."""
        return self.order_by("-posted_at", "-id")

    def per_day(self, since: datetime) -> dict[int, Counter[date]]:
        """Return how many mentions every watch has for each day since a moment, days as the reader counts them."""
        found: dict[int, Counter[date]] = {}
        rows = (
            self.filter(posted_at__gte=since)
            .annotate(day=TruncDate("posted_at"))
            .values("watch_id", "day")
            .annotate(number=Count("id"))
            .order_by()
        )
        for row in rows:
            found.setdefault(row["watch_id"], Counter())[row["day"]] = row["number"]
        return found

    def before(self, posted_at: datetime, pk: int) -> MentionQuerySet:
        """Return what comes after a mention in the list: the next page."""
        return self.filter(Q(posted_at__lt=posted_at) | Q(posted_at=posted_at, id__lt=pk))


class PlaceNameQuerySet(models.QuerySet):
    def within(self, municipality: str) -> PlaceNameQuerySet:
        """Return what lies in a municipality, by its code."""
        return self.filter(municipality=municipality).order_by("kind", "name")

    def shared_keys(self, kind: str) -> set[str]:
        """Return the names of a kind that more than one municipality has."""
        counted = (
            self.filter(kind=kind, valid_until=None).values("key").annotate(towns=Count("municipality", distinct=True))
        )
        return set(counted.filter(towns__gt=1).order_by().values_list("key", flat=True))


class OwnNameQuerySet(models.QuerySet):
    def of(self, town) -> OwnNameQuerySet:
        """Return what a town has added and not removed."""
        return self.filter(town=town, removed_at=None).order_by("kind", "name")


def days_before(today: date, number: int) -> list[date]:
    """Return a number of days up to and including today."""
    return [today - timedelta(days=back) for back in reversed(range(number))]
