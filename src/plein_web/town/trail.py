"""Reading the audit trail back: does every sealed row still fit its seal?"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Max, Prefetch

from plein.town.heads import Heads
from plein.town.sealing import Fault, Head, Link, verify
from plein_web.town.actions import vault
from plein_web.town.models import AuditRow, AuditSeal, Town

SEALS_AT_ONCE = 200


def faults(town: Town) -> Iterator[Fault]:
    """Yield what no longer fits in a town's trail, oldest first."""
    return verify(_chain(town), sealing_key(), heads().of(town.pk))


def sealing_key() -> bytes:
    """Return the key of the chains: the one that stays when the others are replaced."""
    return vault().derive("audit trail")[-1]


def heads() -> Heads:
    """Return where each chain ended last, as kept outside the database."""
    return Heads(settings.HOME / "audit-heads")


def newest() -> dict[int, Head]:
    """Return the newest seal of each town in the database."""
    last = AuditSeal.objects.values("town").annotate(last=Max("pk")).values("last")
    found = AuditSeal.objects.filter(pk__in=last).values_list("town", "pk", "digest")
    return {town: Head(seal, digest) for town, seal, digest in found}


def _chain(town: Town) -> Iterator[Link]:
    in_order = Prefetch("sealed_rows", AuditRow.objects.order_by("id"))
    for seal in AuditSeal.objects.filter(town=town).order_by("id").prefetch_related(in_order).iterator(SEALS_AT_ONCE):
        sealed = tuple((row.pk, row.digest, as_sealed(row)) for row in seal.sealed_rows.all())
        yield Link(seal.pk, seal.digest, seal.previous, seal.rows, sealed)


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
