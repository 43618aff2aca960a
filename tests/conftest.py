"""What every tier shares."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

# A folder of our own, before anything reads the settings; never the operator's.
HOME = Path(tempfile.mkdtemp(prefix="plein-test-"))
os.environ["PLEIN_HOME"] = str(HOME)
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("PLEIN_LANGUAGE", "en")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")

# The ground floor is tested without Django; where it is there, models may be imported from here on.
if find_spec("django"):
    import django

    django.setup()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql", "both"],
        default="both",
        help="which database the tests of rows and pages run on (default: both, one after the other)",
    )
    parser.addoption("--whole", action="store_true", help="run the long proofs at their full size")
    parser.addoption("--seed", type=int, default=20261123, help="seed of the proofs that draw lots")


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a test with its tier, which is its folder."""
    root = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(root):
            item.add_marker(item.path.relative_to(root).parts[0])


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def forward(self, **span: float) -> datetime:
        """Move on by a timedelta's arguments and return the new time."""
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A Tuesday morning in Waterdam."""
    return Clock(datetime(2026, 3, 3, 9, 30, tzinfo=UTC))


@pytest.fixture
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether a proof runs at its full size (`make prove`) or at a seeded tenth (`make test`)."""
    return request.config.getoption("--whole")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of whatever a test draws."""
    return request.config.getoption("--seed")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named folder that other users (PostgreSQL) may enter, gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="plein-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)
