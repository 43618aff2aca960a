"""What keeps the hall going: sealing the audit trail, pressing deleted words out of the files."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from plein.town.sealing import GENESIS, Head, row_digest, seal
from plein_web.town.models import AuditRow, AuditSeal, Pressing, Town
from plein_web.town.search import press
from plein_web.town.trail import as_sealed, heads, sealing_key

# Rows under one seal at most: a transaction of a few milliseconds.
ROWS = 100
# Pressing holds SQLite's only pen for as long as it takes: not after every deletion.
PRESS_EVERY = timedelta(minutes=10)


def seal_audit(now: datetime) -> int:
    """Seal what was written since the last round, town by town. Returns how many rows."""
    unsealed = AuditRow.objects.filter(town=OuterRef("pk"), seal=None)
    towns = Town.objects.filter(Exists(unsealed)).order_by("pk")
    key = sealing_key()
    return sum(_seal_town(town, key, now) for town in towns)


@transaction.atomic
def _seal_town(town: Town, key: bytes, now: datetime) -> int:
    # Two sealers at once would make two chains: the town's row is the lock.
    Town.objects.select_for_update().get(pk=town.pk)
    rows = list(AuditRow.objects.filter(town=town, seal=None).order_by("id")[:ROWS])
    if not rows:
        return 0
    last = AuditSeal.objects.filter(town=town).order_by("-id").first()
    previous = last.digest if last else GENESIS
    for row in rows:
        row.digest = row_digest(as_sealed(row), key)
    digest = seal(previous, (row.digest for row in rows), key)
    made = AuditSeal.objects.create(town=town, digest=digest, previous=previous, rows=len(rows), at=now)
    for row in rows:
        row.seal = made
    AuditRow.objects.bulk_update(rows, ["digest", "seal"])
    # A full disk stops no sealing: it is logged, and the head before this one stands.
    transaction.on_commit(lambda: heads().keep(town.pk, Head(made.pk, digest)), robust=True)
    return len(rows)


def press_deleted(now: datetime) -> int:
    """Press the indexes of tables from which words were deleted. Returns how many were pressed.

    The mark is taken away after the pressing: whoever dies in between presses once more.
    """
    rested = Q(pressed_at=None) | Q(pressed_at__lte=now - PRESS_EVERY)
    due = list(Pressing.objects.filter(rested, asked__gt=F("done")))
    for row in due:
        press(row.table)
        Pressing.objects.filter(pk=row.table).update(done=row.asked, pressed_at=now)
    return len(due)
