"""The sealing worker, and reading the trail back."""

from __future__ import annotations

import pytest

from plein.town.sealing import GENESIS, row_digest
from plein.town.sealing import seal as chained
from plein_web.town.actions import audit
from plein_web.town.models import AuditRow, AuditSeal
from plein_web.town.trail import as_sealed, faults, heads
from plein_web.town.workers import ROWS, seal_audit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A folder of one's own: what one test commits, another never heard of."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def seal(clock, django_capture_on_commit_callbacks):
    """Seal as the worker does, also what happens once it is written."""

    def seal_now() -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return seal_audit(clock.now)

    return seal_now


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


def test_the_newest_seal_that_was_removed_with_its_rows_is_missed(waterdam, oeverloo, seal) -> None:
    for number in (2, 1):
        write(waterdam, number)
        seal()
    write(oeverloo, 1)
    seal()
    last = AuditSeal.objects.filter(town=waterdam).last()
    assert list(faults(waterdam)) == []
    AuditRow.objects.filter(seal=last).delete()
    AuditSeal.objects.filter(pk=last.pk).delete()
    assert [(fault.seal, fault.kind) for fault in faults(waterdam)] == [(last.pk, "head")]
    assert list(faults(oeverloo)) == []


def test_a_chain_made_anew_without_the_key_does_not_fit(waterdam, seal) -> None:
    write(waterdam, 1)
    seal()
    row, made = AuditRow.objects.get(), AuditSeal.objects.get()
    AuditRow.objects.update(digest=row_digest(as_sealed(row), b""))
    AuditSeal.objects.update(digest=chained(GENESIS, [row_digest(as_sealed(row), b"")], b""))
    assert {fault.kind for fault in faults(waterdam)} == {"changed", "seal", "head"}
    assert made.digest == newest_of(waterdam).digest


def newest_of(town):
    return heads().of(town.pk)


def test_sealing_goes_on_where_the_folder_cannot_be_written(waterdam, seal, settings, tmp_path) -> None:
    settings.HOME = tmp_path / "file"
    settings.HOME.write_text("no folder")
    write(waterdam, 1)
    assert seal() == 1
    assert list(faults(waterdam)) == []
