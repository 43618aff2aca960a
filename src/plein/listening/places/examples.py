"""The labelled sentences that belong to the product, written by hand: to learn from, and to be held apart.

One in four is held apart, chosen by a checksum of its text, so that adding sentences moves none from one part to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and whether it is about a place."""

    place: str
    text: str
    about: bool

    @property
    def apart(self) -> bool:
        return crc32(self.text.encode()) % 4 == 0


@cache
def examples() -> tuple[Example, ...]:
    """Return all sentences, by the order of their files.

    >>> len({one.place for one in examples()}) >= 45
    True
    """
    folder = files(__package__).joinpath("sentences")
    tables = sorted((one for one in folder.iterdir() if one.name.endswith(".tsv")), key=lambda one: one.name)
    lines = (line.split("\t") for one in tables for line in one.read_text("utf-8").splitlines()[1:])
    return tuple(Example(place, text, label == "1") for place, text, label in lines)
