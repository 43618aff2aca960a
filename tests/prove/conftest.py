"""The long proofs, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.databases import pytest_generate_tests, rows  # noqa: F401
