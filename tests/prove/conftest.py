"""The long proofs, on SQLite and on PostgreSQL."""

from __future__ import annotations

# First: it sets Django up.
from tests.databases import database, database_url, django_db_setup, pytest_generate_tests  # noqa: F401
