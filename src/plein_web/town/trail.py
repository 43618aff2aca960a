"""Reading the audit trail back: does every sealed row still fit its seal?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch

from plein.town.sealing import Fault, Link, verify
from plein_web.town.models import AuditRow, AuditSeal, Town
from plein_web.town.workers import as_sealed

SEALS_AT_ONCE = 200


def faults(town: Town) -> Iterator[Fault]:
    """Yield what no longer fits in a town's trail, oldest first."""
    return verify(_chain(town))


def _chain(town: Town) -> Iterator[Link]:
    in_order = Prefetch("sealed_rows", AuditRow.objects.order_by("id"))
    for seal in AuditSeal.objects.filter(town=town).order_by("id").prefetch_related(in_order).iterator(SEALS_AT_ONCE):
        sealed = tuple((row.pk, row.digest, as_sealed(row)) for row in seal.sealed_rows.all())
        yield Link(seal.pk, seal.digest, seal.previous, seal.rows, sealed)
