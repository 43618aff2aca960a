"""Chromium on a living server, with two towns full of people. SQLite: the pages are the same on both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from tests import needs
from tests.browser.looking import Looker
from tests.browser.street import street  # noqa: F401
from tests.browser.world import World, build
from tests.databases import rows  # noqa: F401

# Playwright's loop runs in this thread, so that Django takes our own rows for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
ROOT = Path(__file__).resolve().parents[2]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One database is enough to look at pages."""
    metafunc.parametrize("database", ["sqlite"], indirect=True, scope="session")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A Chromium for the table of all screens and one for the rest. Said before xdist looks at the groups."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("screens" if item.path.stem == "test_every_screen" else "browser"))


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium."""
    from playwright.sync_api import sync_playwright

    program = needs.program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, as a script."""
    path = ROOT / "node_modules/axe-core/axe.min.js"
    if not path.exists():
        needs.missing("axe-core", "Run: python tools/assets.py")
    return path.read_text()


@pytest.fixture(scope="session")
def server(database) -> Iterator[str]:
    """The address of the pages, served from this process."""
    from pytest_django.live_server_helper import LiveServer

    started = LiveServer("127.0.0.1")
    yield started.url
    started.stop()


@pytest.fixture(scope="module")
def world(database, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Two towns, filled once for all tests of a file: they look, and change nothing."""
    with django_db_blocker.unblock():
        yield build(tmp_path_factory.mktemp("world"))
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def looker(chromium, server, world) -> Iterator[Looker]:
    """Whoever looks at the pages of a file."""
    looker = Looker(chromium, server, world)
    yield looker
    looker.close()


@pytest.fixture
def look(looker) -> Iterator[Looker]:
    """Return a function that opens an address as somebody, and notes what should not happen.

    `look(path, who, width=…, dark=…, javascript=…, language=…)` returns a page; its `complaints`
    are console errors and requests that left our own server.
    """
    yield looker
    looker.leave()
