"""R5: what had its time goes, holds are kept, and afterwards the words are nowhere: file, log, index, backup."""

from __future__ import annotations

import tarfile
from datetime import date, timedelta

import pytest
from django.db import connection

from plein.channels.posts import Batch
from plein_web.listening.ingest import Ingestion
from plein_web.listening.keeping.forgetting import forget_overheard
from plein_web.listening.models import DayCount, Mention
from plein_web.listening.standing import STANDING
from plein_web.site import backup
from plein_web.town.models import AuditRow, BackupMade, DeletionProof, LegalHold, Town
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row
from tests.web.listening.test_on_disk import everything_on_disk

pytestmark = [pytest.mark.requirement, pytest.mark.django_db(transaction=True)]
WORD = "zwaluwnestje"
DUE = NOW + timedelta(days=90)


@pytest.fixture
def watch():
    """A watch in a town of its own."""
    town = factories.waterdam()
    made = watch_row(town, "nestkast")
    source = factories.source(None, kind="public", address="memory")
    Ingestion(source).take_batch(Batch(tuple(said(f"nestkast {WORD}") for _ in range(8)), "1"), STANDING.listener(), NOW)
    yield made
    for model in (AuditRow, LegalHold, BackupMade, Town):
        model.objects.all().delete()


def index() -> str:
    """Return the words that the search index holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT word FROM ts_stat('SELECT search_words FROM listening_mention')")
        else:
            cursor.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.seen USING fts5vocab('main', 'listening_mention_words', 'row')")
            cursor.execute("SELECT term FROM temp.seen")
        return " ".join(row[0] for row in cursor.fetchall())


def test_texts_go_on_their_last_day_and_their_words_are_nowhere(watch, tmp_path):
    assert WORD.encode() in everything_on_disk() and WORD in index()
    forget_overheard(DUE - timedelta(days=1))
    assert Mention.objects.count() == 8
    forget_overheard(DUE)
    assert not Mention.objects.exists()
    assert WORD.encode() not in everything_on_disk() and WORD not in index()
    manifest = backup.write(tmp_path / "after.tar", with_key=False, now=DUE)
    assert manifest["counts"]["listening_mention"] == 0 and WORD not in str(manifest)
    with tarfile.open(tmp_path / "after.tar") as archive:
        members = [archive.extractfile(one).read() for one in archive if one.isreg()]
    assert not [content for content in members if WORD.encode() in content]


def test_the_deletion_is_proved_and_numbers_remain(watch):
    forget_overheard(DUE)
    proof = DeletionProof.objects.get()
    assert (proof.number, proof.up_to, proof.checked_at) == (8, date(2026, 3, 3), DUE)
    assert "present" not in proof.found.values() and proof.found["rows"] == "absent"
    assert DayCount.objects.get().number == 8
    told = AuditRow.objects.get(action="data.deleted")
    assert (told.actor, told.details["number"]) == ("retention", 8)


def test_what_is_held_is_passed_by_and_goes_when_the_hold_ends(watch):
    LegalHold.objects.create(town=watch.town, subject=f"watch:{watch.pk}", reason="Woo", until=DUE.date())
    forget_overheard(DUE)
    assert Mention.objects.count() == 8
    forget_overheard(DUE + timedelta(days=1))
    assert not Mention.objects.exists()
