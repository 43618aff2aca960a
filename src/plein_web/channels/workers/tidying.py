"""Throw away what was only kept for a while."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plein.town.retention import Kind
from plein_web.channels.models import Gone, Post, Unread
from plein_web.town.keeping import due_day, end_of, note_deletion
from plein_web.town.models import DeletionProof, Town
from plein_web.town.proving import Traces, prove

TABLE = Post._meta.db_table
# Where in an encrypted payload it is like no other.
UNIQUE = slice(24, 88)


def tidy(now: datetime) -> int:
    """Delete what has had its time; returns how many rows went."""
    unread = sum(_forget_unread(town, now) for town in Town.objects.order_by("pk"))
    of_all, _ = Unread.objects.filter(source__town=None, last_at__lte=end_of(due_day(None, Kind.UNREADABLE, now))).delete()
    gone, _ = Gone.objects.filter(until__lt=now).delete()
    return unread + of_all + gone


def _forget_unread(town: Town, now: datetime) -> int:
    """Delete a town's input that nobody could read; prove it where we had kept it."""
    day = due_day(town, Kind.UNREADABLE, now)
    due = Unread.objects.filter(source__town=town, last_at__lte=end_of(day))
    if not due.exists():
        return 0
    with transaction.atomic():
        rows = list(due)
        Unread.objects.filter(pk__in=[row.pk for row in rows]).delete()
        names = [f"unread:{row.source_id}:{row.digest}" for row in rows]
        proof = note_deletion(town=town, kind=Kind.UNREADABLE, number=len(rows), what=names, up_to=day, now=now)
    _prove(proof, [row for row in rows if row.raw], now)
    return len(rows)


def _prove(proof: DeletionProof, kept: list[Unread], now: datetime) -> None:
    secrets = [bytes(row.raw)[UNIQUE].decode("ascii", "ignore") for row in kept]
    stayed = Unread.objects.filter(pk__in=[row.pk for row in kept]).exists()
    prove([proof], TABLE, Traces.of([one for one in secrets if one], []), now, stayed=stayed)
