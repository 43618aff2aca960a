"""The sealing worker, and reading the trail back."""

from __future__ import annotations

import pytest

from plein_web.town.actions import audit
from plein_web.town.models import AuditRow, AuditSeal
from plein_web.town.trail import faults
from plein_web.town.workers import ROWS, seal_audit

pytestmark = pytest.mark.django_db


def write(town, number: int) -> None:
    """Write some rows of audit, in a mix of plain and awkward details."""
    for at in range(number):
        details = {"at": at, "words": "glas én blik", "share": 0.1, "none": None}
        audit(town=town, actor="femke@waterdam.example", action="answer.sent", subject=f"post:{at}", details=details)


def test_what_was_written_is_sealed_and_fits(waterdam, oeverloo, clock) -> None:
    write(waterdam, 3)
    write(oeverloo, 2)
    assert seal_audit(clock.now) == 5
    write(waterdam, 1)
    assert seal_audit(clock.forward(seconds=3)) == 1
    assert seal_audit(clock.forward(seconds=3)) == 0
    assert AuditSeal.objects.filter(town=waterdam).count() == 2
    assert list(faults(waterdam)) == list(faults(oeverloo)) == []


def test_a_flood_is_sealed_in_portions(waterdam, clock) -> None:
    write(waterdam, ROWS + 1)
    assert [seal_audit(clock.now), seal_audit(clock.now), seal_audit(clock.now)] == [ROWS, 1, 0]
    assert list(faults(waterdam)) == []


def test_a_row_that_somebody_changed_is_named(waterdam, clock) -> None:
    write(waterdam, 3)
    seal_audit(clock.now)
    touched = AuditRow.objects.filter(town=waterdam)[1]
    AuditRow.objects.filter(pk=touched.pk).update(actor="daan@waterdam.example")
    assert [(fault.row, fault.kind) for fault in faults(waterdam)] == [(touched.pk, "changed")]


def test_a_row_that_somebody_removed_is_missed(waterdam, clock) -> None:
    write(waterdam, 3)
    seal_audit(clock.now)
    AuditRow.objects.filter(town=waterdam).last().delete()
    assert [fault.kind for fault in faults(waterdam)] == ["count"]


def test_a_row_slipped_in_under_an_old_seal_is_seen(waterdam, clock) -> None:
    write(waterdam, 2)
    seal_audit(clock.now)
    write(waterdam, 1)
    AuditRow.objects.filter(town=waterdam, seal=None).update(seal=AuditSeal.objects.get(town=waterdam))
    assert {fault.kind for fault in faults(waterdam)} == {"changed", "count"}


def test_the_rows_of_one_town_say_nothing_about_anothers(waterdam, oeverloo, clock) -> None:
    write(waterdam, 1)
    write(oeverloo, 1)
    seal_audit(clock.now)
    AuditRow.objects.filter(town=oeverloo).update(subject="post:999")
    assert list(faults(waterdam)) == []


def test_sealing_costs_the_same_few_queries_for_many_rows(waterdam, clock, django_assert_max_num_queries) -> None:
    write(waterdam, 50)
    with django_assert_max_num_queries(10):
        seal_audit(clock.now)
