"""The same tests on SQLite and on PostgreSQL: one fixture that swaps the database underneath.

A folder of tests that needs rows imports `rows` and `pytest_generate_tests` in its conftest. Every
test there then runs once per database, all tests of one database together. `database` itself
stands in the conftest above all folders: there is one of it, or two would pull at one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections

from tests import postgres
from tests.home import HOME

VENDORS = ("sqlite", "postgresql")
_server: list[postgres.Server] = []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of the folder once per chosen database; a module may name its own DATABASES."""
    chosen = metafunc.config.getoption("--database")
    vendors = VENDORS if chosen == "both" else (chosen,)
    vendors = getattr(metafunc.module, "DATABASES", vendors)
    metafunc.parametrize("database", vendors, indirect=True, scope="session")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, django_db_blocker) -> Iterator[str]:
    """The name of the database that the test runs on: sqlite or postgresql."""
    with django_db_blocker.unblock(), _swapped(_url(request.param)):
        connection = connections["default"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        yield request.param
        connections.close_all()
        connections["default"].creation.destroy_test_db(_url(request.param), verbosity=0)


@pytest.fixture(autouse=True)
def rows(database: str) -> str:
    """Every test of a folder that imports this has a database."""
    return database


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Nothing: `database` has set it up."""


@pytest.fixture
def database_url(database: str) -> str:
    """The test database as a DATABASE_URL, for processes that a test starts."""
    chosen = connections["default"].settings_dict
    if database == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    return f"postgres://{chosen['USER']}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"


def postgres_server() -> postgres.Server:
    """Return this test run's own PostgreSQL; started on first use."""
    if not _server:
        _server.append(postgres.start())
    return _server[0]


def _url(vendor: str) -> str:
    """Return what the settings would have made of the database."""
    if vendor == "sqlite":
        return f"sqlite:///{HOME / 'unused.sqlite3'}"
    return postgres_server().url("postgres")


@contextmanager
def _swapped(url: str) -> Iterator[None]:
    """Put another database in the place of `default`, as the settings would have it."""
    from plein_web.site.settings import database_settings

    before = dict(connections.settings["default"])
    wanted = database_settings(url)
    wanted["TEST"] = {"NAME": str(HOME / "test.sqlite3")} if url.startswith("sqlite") else {}
    _put(connections.configure_settings({"default": wanted})["default"])
    yield
    connections.close_all()
    _put(before)


def _put(wanted: dict) -> None:
    place = connections.settings["default"]
    place.clear()
    place.update(wanted)
    settings.DATABASES["default"] = place
    if hasattr(connections._connections, "default"):
        connections["default"].close()
        del connections["default"]
