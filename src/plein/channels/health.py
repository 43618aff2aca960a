"""Does everything run? What is wrong with a source, a channel or the queue, from the facts alone.

Each finding is a word; the screens say it in a sentence with its remedy. The worst is last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

# A source may be silent for so many of its own rounds, and at least so long, before we say so.
ROUNDS = 10
AT_LEAST = timedelta(minutes=3)
# What should have been looked at or sent is late after this: the engine stands still or is too slow.
LATE = timedelta(minutes=2)
TOKEN_SOON = timedelta(days=14)
# A worker that did not finish a round for so long is taken to stand still.
WORKER_STILL = timedelta(minutes=5)
# Workers whose rounds are further apart than that.
SLOW_WORKERS = {"forget": timedelta(minutes=35), "forget_conversations": timedelta(minutes=35)}


class Level(IntEnum):
    """How bad it is; the colours of the screens."""

    OFF = 0
    FINE = 1
    LOOK = 2
    WRONG = 3


@dataclass(frozen=True, slots=True)
class Health:
    """A word for what is the matter, and how bad that is."""

    word: str
    level: Level


FINE = Health("fine", Level.FINE)
# The network cannot tell whether something arrived: somebody has to look there.
ASKS_PERSON = Health("asks_person", Level.LOOK)
STANDS_STILL = Health("engine_still", Level.WRONG)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a source. `by_itself` is false when messages are brought to us."""

    active: bool
    channel_status: str
    by_itself: bool
    last_ok_at: datetime | None
    due_at: datetime
    failures: int
    poll_seconds: float


def of_source(facts: SourceFacts, now: datetime) -> Health:
    """Return how a source is doing.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> of_source(SourceFacts(True, "open", True, at, at, 0, 15.0), at).word
    'fine'
    """
    if not facts.active or facts.channel_status in ("paused", "disconnected"):
        return Health(facts.channel_status if facts.active else "off", Level.OFF)
    if facts.channel_status == "sign_in_needed":
        return Health("sign_in_needed", Level.WRONG)
    if not facts.by_itself:
        return FINE
    if _is_silent(facts, now):
        return Health("failing" if facts.failures else "engine_still", Level.WRONG)
    if facts.last_ok_at is None:
        return Health("not_yet", Level.LOOK)
    return Health("stumbled", Level.LOOK) if facts.failures else FINE


def _is_silent(facts: SourceFacts, now: datetime) -> bool:
    patience = max(AT_LEAST, timedelta(seconds=ROUNDS * facts.poll_seconds))
    return now - (facts.last_ok_at or facts.due_at) > patience


def of_token(expires_at: datetime | None, now: datetime) -> Health:
    """Return whether a token is about to die."""
    if expires_at is None or expires_at - now > TOKEN_SOON:
        return FINE
    return Health("token_dead", Level.WRONG) if expires_at <= now else Health("token_soon", Level.LOOK)


def of_queue(oldest_due_at: datetime | None, held: bool, now: datetime) -> Health:
    """Return whether what should have left by now is still here."""
    if oldest_due_at is None or now - oldest_due_at < LATE:
        return FINE
    return Health("queue_held", Level.LOOK) if held else Health("queue_late", Level.WRONG)


def of_worker(name: str, beat_at: datetime | None, error: str, now: datetime) -> Health:
    """Return whether a worker still finishes its rounds."""
    if beat_at is None or now - beat_at > SLOW_WORKERS.get(name, WORKER_STILL):
        return STANDS_STILL
    return Health("worker_error", Level.LOOK) if error else FINE


def worst(findings: Iterable[Health]) -> Health:
    """Return the worst finding; nothing to find is fine."""
    return max(findings, key=lambda health: health.level, default=FINE)
