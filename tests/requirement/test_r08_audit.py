"""R8: any row of the trail that is changed, removed, slipped in or moved is found, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from plein_web.town.actions import audit
from plein_web.town.models import AuditRow, AuditSeal
from plein_web.town.trail import faults
from plein_web.town.workers import seal_audit

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
CHANGES: dict[str, Callable[[AuditRow], dict]] = {
    "actor": lambda row: {"actor": "ander@waterdam.example"},
    "action": lambda row: {"action": "mention.opened"},
    "subject": lambda row: {"subject": "mention:99"},
    "details": lambda row: {"details": {**row.details, "words": "iets anders"}},
    "moment": lambda row: {"at": row.at + timedelta(microseconds=1)},
}


@pytest.fixture(autouse=True)
def sealed(waterdam, settings, tmp_path, django_capture_on_commit_callbacks) -> list[int]:
    """Nine rows under three seals; returns their numbers."""
    settings.HOME = tmp_path
    for group in range(3):
        for number in range(3):
            audit(town=waterdam, actor="femke", action="inbox.searched", subject=f"inbox:{group}{number}", details={"words": "glas"})
        with django_capture_on_commit_callbacks(execute=True):
            assert seal_audit(NOW) == 3
    return list(AuditRow.objects.order_by("id").values_list("pk", flat=True))


def test_an_untouched_trail_fits(waterdam):
    assert list(faults(waterdam)) == []


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("place", range(9))
def test_a_changed_row_is_named(waterdam, sealed, place, what):
    row = AuditRow.objects.get(pk=sealed[place])
    AuditRow.objects.filter(pk=row.pk).update(**CHANGES[what](row))
    assert [fault.row for fault in faults(waterdam)] == [row.pk]


@pytest.mark.parametrize("place", range(9))
def test_a_removed_row_is_missed(waterdam, sealed, place):
    AuditRow.objects.filter(pk=sealed[place]).delete()
    assert [fault.kind for fault in faults(waterdam)] == ["count"]


@pytest.mark.parametrize("seal", range(3))
def test_a_row_slipped_in_is_found(waterdam, sealed, seal):
    audit(town=waterdam, actor="femke", action="inbox.searched", subject="inbox")
    made = AuditRow.objects.order_by("id").last()
    AuditRow.objects.filter(pk=made.pk).update(seal=AuditSeal.objects.order_by("id")[seal], digest="0" * 64)
    assert {fault.kind for fault in faults(waterdam)} == {"changed", "count"}


@pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 8), (4, 5), (2, 3)])
def test_two_rows_that_changed_places_are_found(waterdam, sealed, one, other):
    first, second = (AuditRow.objects.get(pk=sealed[place]) for place in (one, other))
    for row, with_ in ((first, second), (second, first)):
        AuditRow.objects.filter(pk=row.pk).update(subject=with_.subject, digest=with_.digest, at=with_.at)
    found = list(faults(waterdam))
    assert {first.pk, second.pk} <= {fault.row for fault in found}


@pytest.mark.parametrize("seal", range(3))
def test_a_seal_removed_with_all_its_rows_is_missed(waterdam, seal):
    gone = AuditSeal.objects.order_by("id")[seal]
    AuditRow.objects.filter(seal=gone).delete()
    AuditSeal.objects.filter(pk=gone.pk).delete()
    assert {fault.kind for fault in faults(waterdam)} == {"head" if seal == 2 else "chain"}
