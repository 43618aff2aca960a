"""What an evaluation is given, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Prediction = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TownFile:
    """What a TOWN.toml says of a town: all names as people write them."""

    name: str
    aliases: tuple[str, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed after `plein evaluate WHAT`."""

    input: Path
    town: TownFile | None = None
    learn: Path | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure, with the same measure for the baseline and for chance; each from 0 to 1, None where it has no sense."""

    name: str
    score: float
    baseline: float | None = None
    chance: float | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One prediction a row, in the order of the input, and the figures; the first figure is the one that counts."""

    rows: int
    predictions: list[Prediction]
    figures: list[Figure]
    baseline: str
    notes: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Prediction]:
        return iter(self.predictions)
