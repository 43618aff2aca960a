"""What keeps the hall going: sealing the audit trail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from plein.town.sealing import GENESIS, row_digest, seal
from plein_web.town.models import AuditRow, AuditSeal, Town

# Rows under one seal at most: a transaction of a few milliseconds.
ROWS = 100


def seal_audit(now: datetime) -> int:
    """Seal what was written since the last round, town by town. Returns how many rows."""
    unsealed = AuditRow.objects.filter(town=OuterRef("pk"), seal=None)
    towns = Town.objects.filter(Exists(unsealed)).order_by("pk")
    return sum(_seal_town(town, now) for town in towns)


@transaction.atomic
def _seal_town(town: Town, now: datetime) -> int:
    # Two sealers at once would make two chains: the town's row is the lock.
    Town.objects.select_for_update().get(pk=town.pk)
    rows = list(AuditRow.objects.filter(town=town, seal=None).order_by("id")[:ROWS])
    if not rows:
        return 0
    last = AuditSeal.objects.filter(town=town).order_by("-id").first()
    previous = last.digest if last else GENESIS
    for row in rows:
        row.digest = row_digest(as_sealed(row))
    digest = seal(previous, (row.digest for row in rows))
    made = AuditSeal.objects.create(town=town, digest=digest, previous=previous, rows=len(rows), at=now)
    for row in rows:
        row.seal = made
    AuditRow.objects.bulk_update(rows, ["digest", "seal"])
    return len(rows)


def as_sealed(row: AuditRow) -> dict[str, object]:
    """Return what of a row is sealed: everything that tells who did what, and when."""
    return {
        "id": row.pk,
        "town": row.town_id,
        "at": row.at.isoformat(timespec="microseconds"),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "details": row.details,
    }
