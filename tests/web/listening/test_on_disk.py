"""What nobody asked for is not on the disk, and what was deleted is not either."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from plein.channels.posts import Batch, Deleted
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention
from plein_web.listening.standing import STANDING
from plein_web.listening.workers import expire
from plein_web.town.models import AuditRow, Town
from plein_web.town.workers import press_deleted
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row

pytestmark = pytest.mark.django_db(transaction=True)
UNASKED, ASKED = "kanariepietje", "zwaluwnestje"


def everything_on_disk() -> bytes:
    """Return the database file with its log; of PostgreSQL, all rows as text."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return b"".join(_rows_of(table) for table in connection.introspection.table_names())


def _rows_of(table: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{table}" t')
        return "\n".join(row[0] for row in cursor.fetchall()).encode()


@pytest.fixture
def listening_town():
    town = factories.waterdam()
    yield town
    AuditRow.objects.all().delete()
    Town.objects.all().delete()


def test_a_post_that_nobody_asked_for_is_nowhere_on_disk(listening_town):
    watch_row(listening_town, ASKED)
    source = factories.source(None, kind="public")
    passing = [said(f"{UNASKED} {n}", uri=f"memory://{UNASKED}/{n}") for n in range(50)]
    gone = Deleted("memory", f"memory://{UNASKED}/gone", NOW)
    Ingestion(source).take_batch(Batch((*passing, gone, said(ASKED)), "1"), STANDING.listener(), NOW)
    content = everything_on_disk()
    assert ASKED.encode() in content
    assert UNASKED.encode() not in content


def test_what_was_kept_long_enough_is_gone_from_the_files(listening_town):
    watch_row(listening_town, "nestkast")
    source = factories.source(None, kind="public")
    posts = tuple(said(f"nestkast {ASKED}{n} woord") for n in range(30))
    Ingestion(source).take_batch(Batch(posts, "1"), STANDING.listener(), NOW)
    assert expire(NOW + timedelta(days=89)) == 0
    assert Mention.objects.count() == 30
    assert expire(NOW + timedelta(days=90)) == 30
    assert Mention.objects.count() == 0
    assert ASKED.encode() not in everything_on_disk()
    assert expire(NOW + timedelta(days=91)) == 0


def test_of_a_mention_that_its_author_deleted_no_word_stays_in_the_files(listening_town):
    watch_row(listening_town, "nestkast")
    source = factories.source(None, kind="public")
    posts = [said(f"nestkast nummer {n}") for n in range(300)]
    last = said(f"nestkast {ASKED}", uri="memory://mention/last")
    Ingestion(source).take_batch(Batch((*posts, last), "1"), STANDING.listener(), NOW)
    assert ASKED.encode() in everything_on_disk()
    gone = Deleted("memory", last.uri, NOW)
    Ingestion(source).take_batch(Batch((gone,), "2"), STANDING.listener(), NOW)
    assert Mention.objects.count() == 300
    assert press_deleted(NOW) == 1
    assert ASKED.encode() not in everything_on_disk()
    assert press_deleted(NOW + timedelta(hours=1)) == 0
