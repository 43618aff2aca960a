"""Places where people talk, made as they come about: by what passes and what a watch catches of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from plein.channels.posts import Batch, Post
from plein_web.channels.models import Source
from plein_web.listening.elsewhere.discovering import discover
from plein_web.listening.elsewhere.models import ConversationPlace
from plein_web.listening.elsewhere.weighing import weigh_places
from plein_web.listening.ingest import Ingestion
from plein_web.listening.standing import STANDING
from tests.web.listening.conftest import brug, everywhere, fresh_watches, said, watch_row  # noqa: F401

QUESTION = "Weet iemand wanneer de vuilniswagen langs de sluisbrug komt? De containers zitten vol #vaartkade"


def hear(source: Source, *posts: Post, now: datetime | None = None) -> None:
    """Let posts pass, put what was caught in its places, and weigh those."""
    now = now or timezone.now()
    Ingestion(source).take_batch(Batch(posts, "1"), STANDING.listener(source.town_id), now)
    settle(now)


def settle(now: datetime | None = None) -> None:
    """Let the workers do what there is to do."""
    now = now or timezone.now()
    while discover(now):
        pass
    while weigh_places(now):
        pass


def asks(text: str = QUESTION, hours: float = 3, **fields) -> Post:
    """Return a question of some hours ago, asked of nobody in particular."""
    return said(text, posted_at=timezone.now() - timedelta(hours=hours), **fields)


@pytest.fixture
def asked(brug, everywhere):
    """A resident asks something on the square, with a hashtag; returns the post as the network tells it."""
    post = asks()
    hear(everywhere, post)
    return post


@pytest.fixture
def thread(asked) -> ConversationPlace:
    """The thread of that question."""
    return ConversationPlace.objects.get(kind="thread")
