"""What carries the name of a person is none: a street, a school, a shop, a storm, a man of history."""

from __future__ import annotations

from collections.abc import Sequence

from plein.listening.persons.evidence import REACH, Said, is_initial
from plein.listening.persons.glued import has_little_word
from plein.listening.persons.lists import endings, phrases


def is_thing(row: Sequence[Said], at: int, end: int, *, sure: bool) -> bool:
    """Whether a street, a school, a shop or a storm carries the name."""
    if (row[at].is_in("polite") or is_initial(row[at])) and any(
        key.endswith(endings("houses")) for key in row[end - 1].keys
    ):
        return False
    if any(of_a_thing(one) for one in row[at + 1 : end]) or (end - at == 1 and of_a_thing(row[at])):
        return True
    if at and _excuses(row[at], sure) and (row[at - 1].is_in("before") or of_a_thing(row[at - 1])):
        return True
    behind = [one for one in row[end : end + 2] if _excuses(one, sure)]
    return any(of_a_thing(one) or one.is_in("behind") for one in behind) and bool(_excuses(row[end], sure))


def _excuses(one: Said, sure: bool) -> bool:
    return one.glue == "quoted" or (one.glue == "typed" and not sure)


def of_a_thing(one: Said) -> bool:
    """Whether a word ends in what carries names: Steenplein. A surname that ends so is none: Nieuwenhuis."""
    if one.is_in("surnames") or one.is_in("surnames_perhaps") or any(map(has_little_word, one.keys)):
        return False
    return any(key.endswith(endings("things")) for key in one.keys) or one.is_in("things")


def namesakes(row: Sequence[Said]) -> set[int]:
    """Return the words that are a person of history, a shop, a figure from a book."""
    found: set[int] = set()
    for at in range(len(row)):
        for end in range(at + 1, min(len(row), at + REACH) + 1):
            if " ".join(one.key for one in row[at:end]) in phrases("namesakes"):
                found |= set(range(at, end))
    return found
