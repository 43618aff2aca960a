"""Watches and posts for the tests of listening."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from plein.channels.posts import Author, Post
from plein_web.listening.lawful.deciding import decide_by_link
from plein_web.listening.models import Watch
from plein_web.listening.standing import STANDING
from tests import factories

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
_number = count(1)


@pytest.fixture(autouse=True)
def fresh_watches():
    """No test listens with the watches of the one before."""
    STANDING.forget()
    yield
    STANDING.forget()


def watch_row(town, *phrases: str, **fields) -> Watch:
    """Return a watch that runs."""
    values = {
        "name": phrases[0].capitalize(),
        "query": " OR ".join(f'"{one}"' for one in phrases),
        "purpose": "Vragen van inwoners beantwoorden",
        "legal_ground": "public_task",
        "starts_at": NOW - timedelta(days=30),
        "ends_at": NOW + timedelta(days=3650),
        "review_at": NOW + timedelta(days=3650),
        "approved_at": NOW - timedelta(days=30),
        **fields,
    }
    return Watch.objects.create(town=town, **values)


def approve(watch: Watch) -> Watch:
    """Have what waits approved by the one whom the link was made for."""
    decide_by_link(terms=watch.terms.last(), approved=True, name="Ineke Vermaat", reason="")
    watch.refresh_from_db()
    return watch


def said(text: str, **fields) -> Post:
    """Return a post as a network tells it."""
    number = next(_number)
    made = Post(
        network="memory",
        uri=f"memory://square/overheard/{number}",
        remote_id=str(number),
        author=Author("resident-joke", "joke"),
        text=text,
        posted_at=NOW - timedelta(minutes=5),
        language="nl",
    )
    return replace(made, **fields)


@pytest.fixture
def brug(waterdam) -> Watch:
    """Waterdam listens for its bridge."""
    return watch_row(waterdam, "sluisbrug", "brug dicht")


@pytest.fixture
def everywhere(waterdam):
    """A source for all towns."""
    return factories.source(None, kind="public", address="memory")
