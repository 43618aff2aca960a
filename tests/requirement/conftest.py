"""The rows of the pages' tests, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.databases import pytest_generate_tests, rows  # noqa: F401
from tests.web.conftest import daan, femke, oeverloo, sanne, sign_in, square, square_address, waterdam  # noqa: F401
from tests.web.listening.conftest import fresh_watches  # noqa: F401
