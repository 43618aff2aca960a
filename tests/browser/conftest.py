"""A browser, and a Plein to look at. One of each for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import needs
from tests.browser.house import House, house, signed_in


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """A browser without a window."""
    program = needs.program("chromium", "chromium-browser", "google-chrome")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def plein(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running Plein with Waterdam and Oeverloo."""
    with house(Path(tmp_path_factory.mktemp("plein"))) as made:
        yield made


@pytest.fixture
def open_page(chromium, plein: House) -> Iterator:
    """Return a function that opens a page for somebody: `open_page("femke", language="en")`."""
    pages = []

    def open_page(who: str = "sanne", language: str = "nl", **options):
        pages.append(signed_in(chromium, plein, who, language, **options))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()
