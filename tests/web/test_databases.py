"""The two databases are what they say they are, and both have the search index."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from plein_web.channels.models import Post
from plein_web.town.search import found
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_tests_run_on_the_database_they_name(database: str) -> None:
    assert connection.vendor == database


def test_search_finds_the_same_words_on_both_and_never_another_towns(waterdam, oeverloo) -> None:
    here = factories.post(waterdam, text="De sluisbrug is dicht", search=f"town{waterdam.pk} de sluisbrug is dicht")
    factories.post(oeverloo, text="De sluisbrug is open", search=f"town{oeverloo.pk} de sluisbrug is open")
    assert list(found(Post.objects.all(), waterdam.pk, "Sluisbr")) == [here]


def test_sqlite_transactions_start_by_taking_the_write_lock(database: str) -> None:
    if database != "sqlite":
        return
    with transaction.atomic():
        assert connection.transaction_mode == "IMMEDIATE"
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
