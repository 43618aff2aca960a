"""What the judge says of a place: how much a municipality could contribute there, why, and what to do first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a place is, above all."""

    QUESTION = "question"
    MISINFORMATION = "misinformation"
    HELP = "help"
    IDEA = "idea"
    MATTER = "matter"
    ANSWERED = "answered"
    CHATTER = "chatter"
    GRIEF = "grief"
    QUARREL = "quarrel"
    INSULTS = "insults"
    CONSPIRACY = "conspiracy"
    TRADE = "trade"
    LEISURE = "leisure"
    NEWS = "news"
    PRIVATE = "private"
    MONOLOGUE = "monologue"
    ELSEWHERE = "elsewhere"


# Where a municipality can contribute; of the others it stays away.
WELCOME = frozenset({Kind.QUESTION, Kind.MISINFORMATION, Kind.HELP, Kind.IDEA, Kind.MATTER})


class Step(StrEnum):
    """What to do first."""

    ANSWER = "answer"
    CORRECT = "correct"
    REFER = "refer"
    INVITE = "invite"
    EXPLAIN = "explain"
    WATCH = "watch"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands open: its text, the `id` of its message, its topic, and how long it waits.

    `guesses` counts replies of people who do not know either. `at` and `waits` are None where the time is unknown.
    """

    text: str
    message: str
    at: datetime | None
    waits: timedelta | None
    topic: str
    guesses: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """How much a municipality could contribute in a place, from 0 (stay away) to 3 (needed now), and why.

    `why` and `reasons` are own sentences (`plein.town.saying`): the one that counts, then all that speak for or against.
    `asked`: the open questions, the longest waiting first. `activity`: messages a day, from the first day to the last.
    `unseen`: what we cannot see there, own sentences. `topic`: a code of `plein.listening.topics`.
    """

    score: float
    why: str
    kind: Kind
    step: Step
    topic: str
    asked: tuple[Question, ...] = ()
    reasons: tuple[str, ...] = ()
    activity: tuple[tuple[date, int], ...] = ()
    unseen: tuple[str, ...] = ()
    people: int = 0

    @property
    def waits(self) -> timedelta | None:
        """Return how long the oldest open question waits; None where none does, or nobody knows."""
        return max((one.waits for one in self.asked if one.waits is not None), default=None)
