"""Rows and pages: Django, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import factories
from tests.databases import pytest_generate_tests, rows  # noqa: F401


@pytest.fixture(autouse=True)
def fresh_looks():
    """No test knows who looked at what in the one before."""
    from plein_web.town.noting import forget_looks

    forget_looks()


@pytest.fixture
def waterdam(db):
    """A town with every room switched on."""
    return factories.waterdam()


@pytest.fixture
def oeverloo(db):
    """A village with the small preset."""
    return factories.oeverloo()


@pytest.fixture
def sanne(waterdam, oeverloo):
    """Administrator of Waterdam and of Oeverloo: one person, two towns."""
    return factories.sanne(waterdam, oeverloo)


@pytest.fixture
def femke(waterdam):
    """Webcare in Waterdam, and nowhere else."""
    return factories.femke(waterdam)


@pytest.fixture
def daan(oeverloo):
    """Reader in Oeverloo, and nowhere else: the stranger to Waterdam."""
    return factories.daan(oeverloo)


@pytest.fixture
def square(tmp_path: Path):
    """The practice square (memory network), empty."""
    from plein.channels.memory import Square

    return Square(str(tmp_path / "square.sqlite3"))


@pytest.fixture
def square_address(tmp_path: Path) -> str:
    """Where `square` lives: the address a memory channel is connected with."""
    return str(tmp_path / "square.sqlite3")


@pytest.fixture
def sign_in(client):
    """Return a function that signs a person in and gives the test client back."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in
