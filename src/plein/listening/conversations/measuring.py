"""What can be measured of a place: how much is asked and stays open, what it is about, how people speak, and how fresh it is.

What an organisation says answers questions and holds up rumours, and counts for nothing else.
Every measure is from 0 to 1. What each is worth stands in `weights.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import log1p

from plein.listening.conversations.asking import Asked, asked_in
from plein.listening.conversations.cues import cues_of
from plein.listening.conversations.elsewhere import elsewhere
from plein.listening.conversations.messages import Placed, moment, newest
from plein.listening.conversations.reading import Reading, read
from plein.listening.places.judge import Judge
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.tokens import tokens

# How people speak: measured by how many messages do it, and by whether the first one does.
THEMES = (
    "grief",
    "missing",
    "pet",
    "party",
    "insult",
    "conspiracy",
    "trade",
    "sport",
    "tv",
    "news",
    "hobby",
    "private",
)
MANNERS = (
    "rumour",
    "help",
    "idea",
    "guess",
    "echo",
    "thanks",
    "answer",
    "corrected",
    "greeting",
    "memory",
    "lived",
    "praise",
)
# A question is a municipality's from here; a message is about its matters from here.
CIVIC = 0.3
# How far a rumour is out of the world where an organisation has spoken, whatever it said.
_HEARD = 0.5
# What the name of a place says of all that is said there.
_NAMED = 0.4
# After so long a place is quiet.
QUIET = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of a place, and what they were taken from."""

    readings: tuple[Reading, ...]
    asked: tuple[Asked, ...]
    measures: dict[str, float]
    about: float = 0.0

    @property
    def ours(self) -> list[Asked]:
        """Return the questions about what a municipality does."""
        return ours(self.asked, self.about)


def measure(name: str, said: Sequence[Placed], now: datetime | None, town: TownKnowledge | None = None) -> Measured:
    """Measure a place. With a town it is measured too whether people talk about another one."""
    readings = [read(one) for one in said]
    asked = asked_in(readings)
    spoken = [one for one in readings if one.words and not one.official]
    official = any(one.official for one in readings)
    about = max(_mean(one.civic for one in spoken), _NAMED * cues_of(tokens(name)).get("civic", 0.0))
    measures = {
        **_about(name, spoken),
        "official": float(official),
        **_asking(asked, spoken, about),
        **_speaking(name, spoken, official=official),
        **_people(spoken),
        "quiet": _quiet(spoken, now),
        "elsewhere": elsewhere(name, [one.text for one in spoken], town, _judge(town)) if town else 0.0,
    }
    return Measured(tuple(spoken), tuple(asked), measures, about)


def _about(name: str, spoken: Sequence[Reading]) -> dict[str, float]:
    """Return how much is about what a municipality does: of all, at the beginning, and by the name of the place."""
    return {
        "civic": _mean(one.civic for one in spoken),
        "civic:topic": _mean(one.sure for one in spoken),
        "civic:most": max((one.civic for one in spoken), default=0.0),
        "civic:first": spoken[0].civic if spoken else 0.0,
        "civic:name": cues_of(tokens(name)).get("civic", 0.0),
        "other desk": _mean(one.of("foreign_place") for one in spoken),
    }


def ours(asked: Sequence[Asked], about: float) -> list[Asked]:
    """Return the questions about what a municipality does: by their own words, or by what all talk `about`."""
    return [one for one in asked if max(one.reading.civic, about) >= CIVIC]


def _asking(asked: Sequence[Asked], spoken: Sequence[Reading], about: float) -> dict[str, float]:
    """Return how much is asked and open: of a municipality's, of others', how long, and how many ask it with them."""
    mine = ours(asked, about)
    still = [one for one in mine if one.is_open]
    others = sum(one.is_open for one in asked) - len(still)
    first = [one for one in asked if one.reading is spoken[0]] if spoken else []
    return {
        "open": _most(len(still)),
        "open:civic": max((one.reading.civic for one in still), default=0.0),
        "open:others": _most(others),
        "open:first": max((1 - one.answered for one in first), default=0.0),
        "open:first of ours": max((1 - one.answered for one in mine if one in first), default=0.0),
        "open:guesses": _most(sum(one.guesses for one in still) / 2),
        "answered": _mean(one.answered for one in asked),
        "answered:ours": _mean(one.answered for one in mine),
        "answered:first": max((one.answered for one in first), default=0.0),
        "nothing asked": float(not asked),
    }


def _speaking(name: str, spoken: Sequence[Reading], *, official: bool) -> dict[str, float]:
    named, first = cues_of(tokens(name)), spoken[0].says if spoken else {}
    found: dict[str, float] = {}
    for theme in (*THEMES, *MANNERS):
        found[theme] = _mean(one.of(theme) for one in spoken)
        found[f"{theme}:first"] = max(first.get(theme, 0.0), float(named.get(theme, 0.0) >= 1))
    about = _mean(one.civic for one in spoken)
    corrected = max(_HEARD * official, *(one.of("corrected") for one in spoken), 0.0)
    found["rumour of ours"] = found["rumour"] * min(1.0, 2 * about) * (1 - corrected)
    found["help of ours"] = found["help"] * min(1.0, 2 * about)
    found["idea of ours"] = found["idea"] * min(1.0, 2 * about)
    return found


def _people(spoken: Sequence[Reading]) -> dict[str, float]:
    people = len({one.author for one in spoken})
    return {
        "alone": float(people == 1),
        "people": _most(max(0, people - 1) / 2),
        "messages": min(1.0, log1p(len(spoken)) / log1p(14)),
        "words": min(1.0, _mean(one.words for one in spoken) / 20),
    }


def _quiet(spoken: Sequence[Reading], now: datetime | None) -> float:
    """Return how long nothing was said, as a share of QUIET; 0 where the time is unknown."""
    last = newest(one.placed.message for one in spoken)
    if last is None or now is None:
        return 0.0
    return min(1.0, max(0.0, (moment(now) - last) / QUIET))


# A judge of a place knows a lot; towns are few.
@lru_cache(maxsize=16)
def _judge(town: TownKnowledge) -> Judge:
    return Judge(town)


def _most(number: float) -> float:
    """Return how much a number of the same is: the second adds less than the first.

    >>> _most(0), _most(1), _most(3)
    (0.0, 0.5, 0.875)
    """
    return 1 - 0.5**number


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
