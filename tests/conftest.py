"""What every tier shares."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.home import DJANGO, HOME

if DJANGO:
    from tests.databases import database, database_url, django_db_setup  # noqa: F401


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql", "both"],
        default="both",
        help="which database the tests of rows and pages run on (default: both, one after the other)",
    )
    parser.addoption("--whole", action="store_true", help="run the long proofs at their full size")
    parser.addoption("--seed", type=int, default=20261123, help="seed of the proofs that draw lots")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Call a test of a very long text by the beginning of it."""
    return f"{val[:40]!a}… ({len(val)})" if isinstance(val, str | bytes) and len(val) > 100 else None


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a test with its tier, which is its folder; what shares a server stays in one process.

    Said before xdist looks at the groups.
    """
    root = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(root):
            tier = item.path.relative_to(root).parts[0]
            item.add_marker(tier)
            if tier == "contract" and not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group(f"contract-{_world(item)}"))


def _world(item: pytest.Item) -> str:
    """Return the network that a contract test runs on."""
    return item.callspec.params.get("world", "") if hasattr(item, "callspec") else ""


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
