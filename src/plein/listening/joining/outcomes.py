"""What came of taking part: was it answered back, how long did it take, and which share of our answers was it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from plein.listening.tokens import tokens

# After so long without a word nobody will say anything any more.
SILENT_AFTER = timedelta(days=3)
# Of fewer than this, nobody can speak of a share or of what is usual.
FEW = 20
THANKS = frozenset(
    "dank dankje dankjewel dankjullie bedankt thanks thx thnx merci tof super top fijn netjes helder duidelijk tige tank".split()
)


class Outcome(StrEnum):
    """What became of a conversation that we joined."""

    NOT_YET = "not_yet"
    THANKED = "thanked"
    ANSWERED = "answered"
    WAITING = "waiting"
    SILENT = "silent"


def outcome(answered_at: datetime | None, replies: Sequence[str], now: datetime) -> Outcome:
    """Return what became of a conversation: our first answer in it, and what residents said after that.

    >>> at = datetime(2026, 3, 3, 12)
    >>> str(outcome(at, ["Top, bedankt!"], at)), str(outcome(at, [], at)), str(outcome(at, [], at + SILENT_AFTER))
    ('thanked', 'waiting', 'silent')
    """
    if answered_at is None:
        return Outcome.NOT_YET
    if any(thanks(one) for one in replies):
        return Outcome.THANKED
    if replies:
        return Outcome.ANSWERED
    return Outcome.SILENT if now - answered_at >= SILENT_AFTER else Outcome.WAITING


def thanks(text: str) -> bool:
    """Whether somebody says thank you. "Nee bedankt" is none.

    >>> thanks("Oké, dank je wel!"), thanks("Nee bedankt"), thanks("Niet bepaald duidelijk")
    (True, False, False)
    """
    said = tokens(text)
    return any(
        word in THANKS and not {"nee", "niet", "no", "geen", "on"} & set(said[max(0, at - 3) : at])
        for at, word in enumerate(said)
    )


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many. Of few there is no percentage: they are counted by name."""

    part: int
    whole: int

    @property
    def few(self) -> bool:
        """Whether there are too few to speak of a share."""
        return self.whole < FEW

    @property
    def percent(self) -> int | None:
        """Return the share in whole percents; None where there are too few.

        >>> Share(9, 64).percent, Share(1, 3).percent
        (14, None)
        """
        return None if self.few else round(100 * self.part / self.whole)


def usual(times: Iterable[timedelta]) -> timedelta | None:
    """Return the time in the middle: half took longer, half shorter; None where there is none.

    >>> usual([timedelta(hours=1), timedelta(hours=9), timedelta(hours=2)])
    datetime.timedelta(seconds=7200)
    """
    seconds = [max(0.0, one.total_seconds()) for one in times]
    return timedelta(seconds=median(seconds)) if seconds else None


def done_in(periods: Sequence[tuple[datetime, datetime]], moments: Iterable[datetime]) -> list[bool]:
    """Return for each period (from, until) whether anything was done in it."""
    done = list(moments)
    return [any(start <= at < end for at in done) for start, end in periods]
