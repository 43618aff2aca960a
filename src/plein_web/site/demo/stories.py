"""The stories of the demo, read from the TOML files beside this one.

Pure: no Django, no clock of its own. Times in the files are told as people tell them ("12 days
14:15", "40 minutes", "+2 hours") and become moments before `now`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "stories"
_DAYS = re.compile(r"(\d+) days? (\d{1,2}):(\d{2})")
_SPAN = re.compile(r"(\+?)(\d+) (minutes?|hours?|days?)")


class StoryError(ValueError):
    """A line of a story that cannot be understood; says which."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does. `number` counts from 1 within its story; `to` and `about` too."""

    number: int
    who: str
    at: datetime
    deed: str
    account: str
    text: str = ""
    to: int | None = None
    about: int | None = None
    warning: str = ""
    language: str = "nl"
    private: bool = False
    overheard: bool = False
    picture: str = ""
    alt: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation from beginning to end."""

    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague, with a role per town slug."""

    key: str
    name: str
    email: str
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Town:
    """A fictional municipality with its accounts, watches and history."""

    slug: str
    name: str
    preset: str
    hand: str
    story: str
    channels: tuple[Mapping[str, str], ...]
    watches: tuple[Mapping[str, Any], ...]
    entered: tuple[Mapping[str, str], ...] = ()
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Something that a resident says while the demo runs, and what they do about it a while later."""

    town: str
    who: str
    says: str
    lang: str = "nl"
    private: bool = False
    overheard: bool = False
    then: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything that the demo needs to know."""

    towns: tuple[Town, ...]
    people: tuple[Person, ...]
    residents: Mapping[str, str] = field(default_factory=dict)


def cast(folder: Path = FOLDER) -> Cast:
    """Return the towns, who works there, and the name behind every resident's handle."""
    told = _read(folder / "town.toml")
    towns = tuple(_town(one) for one in told["town"])
    residents: dict[str, str] = {}
    for town in towns:
        residents |= _read(folder / town.story)["people"]
    return Cast(towns, tuple(Person(**one) for one in told["person"]), residents)


def stories(town: Town, now: datetime, folder: Path = FOLDER) -> list[Story]:
    """Return the history of a town, ending at `now`. Raises StoryError on a line it cannot read."""
    told = _read(folder / town.story)
    return [
        _story(one, told["account"], now, f"{town.story}, story {number}")
        for number, one in enumerate(told["story"], 1)
    ]


def later(folder: Path = FOLDER) -> list[Later]:
    """Return what residents say while the demo runs."""
    return [Later(**one) for one in _read(folder / "later.toml")["message"]]


def answers(folder: Path = FOLDER) -> Mapping[str, list[str]]:
    """Return how residents react to an answer, by mood or by language."""
    return _read(folder / "later.toml")["answers"]


def moment(told: str, now: datetime, before: datetime | None = None) -> datetime:
    """Return when something happened, as a story tells it.

    >>> moment("2 days 9:30", datetime(2026, 3, 3, 12, 0))
    datetime.datetime(2026, 3, 1, 9, 30)
    >>> moment("+40 minutes", datetime(2026, 3, 3, 12, 0), datetime(2026, 3, 1, 9, 30))
    datetime.datetime(2026, 3, 1, 10, 10)
    """
    if found := _DAYS.fullmatch(told):
        days, hour, minute = map(int, found.groups())
        return (now - timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    found = _SPAN.fullmatch(told)
    if not found or (found[1] and before is None):
        raise StoryError(f"{told!r} is no moment.")
    span = timedelta(**{found[3].rstrip("s") + "s": int(found[2])})
    return before + span if found[1] and before else now - span


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _town(told: dict[str, Any]) -> Town:
    lists = {"channels": "channel", "watches": "watch", "entered": "entered", "rooms": "rooms"}
    plain = {name: told[name] for name in ("slug", "name", "preset", "hand", "story")}
    return Town(**plain, **{name: tuple(told.get(key, ())) for name, key in lists.items()})


def _story(told: dict[str, Any], account: str, now: datetime, where: str) -> Story:
    account = told.get("account", account)
    acts: list[Act] = []
    for number, line in enumerate(told["acts"], 1):
        try:
            acts.append(_act(number, line, account, now, acts))
        except (KeyError, TypeError, ValueError) as error:
            raise StoryError(f"{where}, line {number}: {error}") from error
    return Story(tuple(acts))


def _act(number: int, line: dict[str, Any], account: str, now: datetime, before: list[Act]) -> Act:
    line = dict(line)
    at = moment(line.pop("when"), now, before[-1].at if before else None)
    if at > now:
        raise StoryError("this still has to happen")
    deed, about = _deed(line)
    who, text, language = line.pop("who"), line.pop("says", ""), line.pop("lang", "nl")
    return Act(number, who, at, deed, account, text, about=about, language=language, **line)


def _deed(line: dict[str, Any]) -> tuple[str, int | None]:
    """Return what is done, and to which line; takes it out of the line."""
    for deed in ("edits", "deletes"):
        if deed in line:
            return deed, int(line.pop(deed))
    for deed in ("posts", "closes", "assigns", "drafts"):
        if line.pop(deed, False):
            return deed, None
    return "says", None


def in_order(tales: list[Story]) -> Iterator[tuple[int, Act]]:
    """Yield every act with the number of its story, oldest first."""
    acts = [(number, act) for number, story in enumerate(tales) for act in story.acts]
    yield from sorted(acts, key=lambda one: (one[1].at, one[0], one[1].number))
