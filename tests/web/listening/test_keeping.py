"""What was overheard goes in time, is proved to be gone, and leaves numbers; a hold passes it by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from plein.channels.posts import Author, Batch
from plein.town.retention import Kind
from plein_web.listening.ingest import Ingestion
from plein_web.listening.keeping import forgetting
from plein_web.listening.keeping.forgetting import forget_overheard
from plein_web.listening.models import DayCount, Mention
from plein_web.listening.standing import STANDING
from plein_web.town import keeping
from plein_web.town.models import AuditRow, BackupMade, DeletionProof, LegalHold, Town
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row
from tests.web.listening.test_on_disk import everything_on_disk

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=90)
WORD = "zwaluwnestje"


@pytest.fixture
def town():
    made = factories.waterdam()
    yield made
    AuditRow.objects.all().delete()
    LegalHold.objects.all().delete()
    BackupMade.objects.all().delete()
    Town.objects.all().delete()


@pytest.fixture
def officer(town):
    return factories.actor(factories.person("noor@waterdam.example", "Noor", waterdam="privacy_officer"), town)


def hear(*texts: str, now=NOW, **fields) -> None:
    """Let all towns overhear some texts at a moment."""
    source = factories.source(None, kind="public", address=f"memory-{now:%d%H}")
    Ingestion(source).take_batch(Batch(tuple(said(text, **fields) for text in texts), "1"), STANDING.listener(), now)


def test_a_round_deletes_in_portions_and_proves_each(town, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 4)
    watch = watch_row(town, "nestkast")
    hear(*[f"nestkast {WORD}{n}" for n in range(10)])
    assert forget_overheard(LATER) == 10
    proofs = list(DeletionProof.objects.order_by("id"))
    assert [proof.number for proof in proofs] == [4, 4, 2]
    assert {proof.subject for proof in proofs} == {f"watch:{watch.pk}"}
    assert {proof.up_to for proof in proofs} == {date(2026, 3, 3)}
    assert len({digest for proof in proofs for digest in proof.digests}) == 10
    assert all(proof.checked_at == LATER for proof in proofs)
    expected = {"sqlite": "absent", "postgresql": "not_ours"}[connection.vendor]
    assert proofs[0].found == {"rows": "absent", "index": "absent", "file": expected, "log": expected}
    assert WORD.encode() not in everything_on_disk()


def test_only_what_is_old_enough_goes(town):
    watch_row(town, "nestkast")
    hear("nestkast oud")
    hear("nestkast jong", now=NOW + timedelta(days=1))
    assert forget_overheard(LATER) == 1
    assert Mention.objects.get().text == "nestkast jong"


def test_a_town_and_a_watch_may_have_a_shorter_term_and_no_longer_one(town, officer):
    short, usual = watch_row(town, "nestkast"), watch_row(town, "vogelhuis")
    hear("nestkast en vogelhuis")
    keeping.choose_term(actor=officer, kind=Kind.OVERHEARD, days=60)
    keeping.choose_term(actor=officer, kind=Kind.OVERHEARD, days=30, subject=f"watch:{short.pk}")
    with pytest.raises(keeping.CannotHold):
        keeping.choose_term(actor=officer, kind=Kind.OVERHEARD, days=91)
    assert forget_overheard(NOW + timedelta(days=29)) == 0
    assert forget_overheard(NOW + timedelta(days=30)) == 1
    assert Mention.objects.get().watch == usual
    assert forget_overheard(NOW + timedelta(days=60)) == 1
    told = [row.action for row in AuditRow.objects.order_by("id")]
    assert told == ["term.chosen", "term.chosen", "data.deleted", "data.deleted"]


def test_a_hold_is_passed_by_until_it_is_lifted_or_ends(town, officer):
    watch = watch_row(town, "nestkast")
    hear("nestkast")
    until = (LATER + timedelta(days=5)).date()
    hold = keeping.place_hold(actor=officer, subject=f"watch:{watch.pk}", reason="Woo-verzoek 12", until=until, now=NOW)
    assert forget_overheard(LATER) == 0
    keeping.lift_hold(actor=officer, hold=hold, now=LATER)
    assert forget_overheard(LATER) == 1
    hear("nestkast", now=LATER)
    keeping.place_hold(actor=officer, subject=f"watch:{watch.pk}", reason="Bezwaar", until=until, now=LATER)
    assert forget_overheard(LATER + timedelta(days=90)) == 1
    told = [(row.action, row.details.get("reason")) for row in AuditRow.objects.order_by("id")]
    assert told[:2] == [("legal_hold.placed", "Woo-verzoek 12"), ("legal_hold.lifted", "Woo-verzoek 12")]


def test_only_an_administrator_or_a_privacy_officer_holds_or_lifts(town, officer):
    femke, daan = factories.femke(town), factories.person("r@waterdam.example", "R", waterdam="reader")
    fg = factories.person("fg@waterdam.example", "FG", waterdam="data_protection_officer")
    hold = keeping.place_hold(actor=officer, subject="watch:1", reason="Woo", until=LATER.date(), now=NOW)
    for who in (femke, daan, fg):
        actor = factories.actor(who, town)
        with pytest.raises(PermissionDenied):
            keeping.place_hold(actor=actor, subject="watch:2", reason="Woo", until=LATER.date(), now=NOW)
        with pytest.raises(PermissionDenied):
            keeping.lift_hold(actor=actor, hold=hold, now=NOW)
        with pytest.raises(PermissionDenied):
            keeping.choose_term(actor=actor, kind=Kind.OVERHEARD, days=30)


@pytest.mark.parametrize("fields", [{"reason": " "}, {"until": None}, {"until": date(2026, 3, 2)}, {"until": date(2036, 1, 1)}])
def test_a_hold_without_a_reason_or_an_end_is_none(town, officer, fields):
    given = {"reason": "Woo", "until": LATER.date(), **fields}
    with pytest.raises(keeping.CannotHold):
        keeping.place_hold(actor=officer, subject="watch:1", now=NOW, **given)
    assert not LegalHold.objects.exists()


def test_what_remains_are_numbers_by_day_and_language_and_rare_languages_are_not_named(town):
    watch = watch_row(town, "nestkast")
    hear(*["nestkast"] * 6, language="nl")
    hear(*["nestkast"] * 2, language="ti", now=NOW + timedelta(minutes=1))
    doubted = Mention.objects.filter(language="nl").first()
    Mention.objects.filter(pk=doubted.pk).update(about=False)
    forget_overheard(LATER)
    rows = sorted(DayCount.objects.values_list("watch", "day", "language", "number"))
    assert rows == [(watch.pk, date(2026, 3, 3), "", 2), (watch.pk, date(2026, 3, 3), "nl", 5)]
    assert not {"author", "text", "handle"} & {field.name for field in DayCount._meta.get_fields()}


def test_a_round_that_was_killed_before_it_looked_is_looked_at_again_and_counts_once(town, monkeypatch):
    watch_row(town, "nestkast")
    hear(*[f"nestkast {WORD}"] * 6)

    def killed(*_all, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "prove", killed)
        with pytest.raises(KeyboardInterrupt):
            forget_overheard(LATER)
    assert DeletionProof.objects.get().checked_at is None
    assert forget_overheard(LATER) == 0
    proof = DeletionProof.objects.get()
    assert proof.checked_at == LATER
    assert (proof.found["rows"], proof.found["index"]) == ("absent", "not_looked")
    assert DayCount.objects.get().number == 6
    assert WORD.encode() not in everything_on_disk()


def test_a_round_killed_within_a_portion_deletes_and_proves_nothing_of_it(town, monkeypatch):
    watch_row(town, "nestkast")
    hear("nestkast")

    def killed(**_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "note_deletion", killed)
        with pytest.raises(KeyboardInterrupt):
            forget_overheard(LATER)
    assert Mention.objects.count() == 1
    assert not DeletionProof.objects.exists()
    assert not DayCount.objects.exists()
    assert forget_overheard(LATER) == 1


def test_the_proof_sees_what_stayed(town, monkeypatch):
    watch_row(town, "nestkast")
    hear(f"nestkast {WORD}")
    monkeypatch.setattr("plein_web.town.proving.press", lambda _table: None)
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        aside = path.with_name(path.name + "-wal")
        assert aside.exists()
        forget_overheard(LATER)
        assert DeletionProof.objects.get().found["log"] == "present"


def test_days_are_those_of_the_town(town):
    watch_row(town, "nestkast")
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    hear("nestkast", now=late, posted_at=late, author=Author("a", "a"))
    assert forget_overheard(datetime(2026, 6, 1, 21, 30, tzinfo=UTC)) == 0
    assert forget_overheard(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)) == 1
    assert DayCount.objects.get().day == date(2026, 3, 4)
