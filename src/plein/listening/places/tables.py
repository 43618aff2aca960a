"""Reads the tables that are shipped beside this file: tab-separated, with a header."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from plein.town.words import words


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table by column."""
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    header = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(header, line.split("\t"), strict=True))


def entries(cell: str) -> list[str]:
    """Return what stands between the semicolons of a cell."""
    return [entry for part in cell.split(";") if (entry := part.strip())]


def key(text: str) -> tuple[str, ...]:
    """Return a name as its folded words.

    >>> key("'s-Heer Arendskerke")
    ('s', 'heer', 'arendskerke')
    """
    return tuple(words(text))
