"""The words that the rules know, as data. One file a list, so that adding a name is adding a word."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from importlib.resources import files

from plein.town.words import words

_FILES = ("first_names", "first_names_perhaps", "beginnings", "surnames", "surnames_perhaps")


@cache
def listed(name: str) -> frozenset[str]:
    """Return the words of a list: a file of its own, else a line of `words.tsv`."""
    return frozenset(_file(name)) if name in _FILES else _lines().get(name, frozenset())


@cache
def endings(name: str) -> tuple[str, ...]:
    """Return a list of endings, for `str.endswith`."""
    return tuple(listed(name))


def begins_one(name: str, beginning: str) -> bool:
    """Whether a word of a list begins so.

    >>> begins_one("first_names", "sjoe"), begins_one("first_names", "zwem")
    (True, False)
    """
    ordered = _ordered(name)
    at = bisect_left(ordered, beginning)
    return at < len(ordered) and ordered[at].startswith(beginning)


@cache
def phrases(name: str) -> frozenset[str]:
    """Return the lines of a list of several words each, as they are compared."""
    lines = (line for line in _text(name).splitlines() if not line.startswith("#"))
    return frozenset(" ".join(words(line)) for line in lines if line)


@cache
def _ordered(name: str) -> tuple[str, ...]:
    return tuple(sorted(listed(name)))


def _file(name: str) -> list[str]:
    return [word for line in _text(name).splitlines() if not line.startswith("#") for word in line.split()]


@cache
def _lines() -> dict[str, frozenset[str]]:
    rows = (line.split("\t") for line in _text("words", "tsv").splitlines()[1:])
    return {kind: frozenset(line.split()) for kind, line in rows}


def _text(name: str, kind: str = "txt") -> str:
    return files(__package__).joinpath(f"{name}.{kind}").read_text("utf-8")
