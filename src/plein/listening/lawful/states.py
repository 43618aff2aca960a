"""In which state a watch is, whether it may collect, and what comes up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WARN, WARN_AGAIN = timedelta(days=30), timedelta(days=7)


class State(StrEnum):
    """What a watch does now."""

    WAITING = "waiting"
    REFUSED = "refused"
    COMING = "coming"
    COLLECTING = "collecting"
    REVIEW_DUE = "review_due"
    NO_MANDATE = "no_mandate"
    EXPIRED = "expired"
    STOPPED = "stopped"


COLLECTS = frozenset({State.COMING, State.COLLECTING})


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about a watch. All moments are aware; None is what did not happen."""

    starts_at: datetime
    ends_at: datetime
    review_at: datetime | None = None
    approved_at: datetime | None = None
    refused_at: datetime | None = None
    stopped_at: datetime | None = None
    public_order: bool = False
    mandated: bool = False


@dataclass(frozen=True, slots=True)
class ComingUp:
    """What comes up within thirty days: the review or the end, and after how many whole days."""

    review: bool
    days: int
    soon: bool


def state_of(watch: Standing, now: datetime) -> State:
    """Return the state of a watch: the first of these that holds."""
    reached = (
        (State.STOPPED, watch.stopped_at is not None),
        (State.EXPIRED, watch.ends_at <= now),
        (State.REFUSED, watch.approved_at is None and watch.refused_at is not None),
        (State.WAITING, watch.approved_at is None),
        (State.REVIEW_DUE, watch.review_at is None or watch.review_at <= now),
        (State.NO_MANDATE, watch.public_order and not watch.mandated),
        (State.COMING, watch.starts_at > now),
    )
    return next((state for state, holds in reached if holds), State.COLLECTING)


def may_collect(watch: Standing, now: datetime) -> bool:
    """Whether a watch may collect now, or from its start on: approved, not over, not due for review."""
    return state_of(watch, now) in COLLECTS


def collects_until(watch: Standing) -> datetime:
    """Return when collecting stops by itself: at the end, or at a review that nobody did."""
    return min(watch.ends_at, watch.review_at or watch.ends_at)


def coming_up(watch: Standing, now: datetime) -> ComingUp | None:
    """Return what will stop a collecting watch within thirty days; within seven it is soon."""
    left = collects_until(watch) - now
    if not may_collect(watch, now) or left > WARN:
        return None
    return ComingUp(collects_until(watch) < watch.ends_at, left.days, left <= WARN_AGAIN)
