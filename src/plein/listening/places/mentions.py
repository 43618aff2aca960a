"""Finds where a text may name a town: by its name, by a place in it, by its people, or in a hashtag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plein.listening.places.knowledge import Named, Surroundings
from plein.listening.places.utterance import Utterance, Word

_TAG_WORDS = ("gemeente", "gem", "stad", "dorp", "politie", "lokaal", "centrum")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` up to `end` may name the town."""

    named: Named
    first: int
    end: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Words `first` up to `end` name another place; `relation` says how it lies to the town."""

    relation: str
    first: int
    end: int


class Finder:
    """Looks for the names of one town. A longer name of another place goes before a shorter one of the town."""

    def __init__(self, known: Surroundings) -> None:
        self._known = known
        self._longest: dict[str, int] = {}
        for words in (*known.names, *known.places):
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def find(self, said: Utterance) -> tuple[list[Mention], list[Elsewhere]]:
        """Return what may name the town, and the other places."""
        mentions: list[Mention] = []
        others: list[Elsewhere] = []
        place = 0
        while place < len(said.words):
            found = self._at(said, place)
            if isinstance(found, Mention):
                mentions.append(found)
            elif found is not None:
                others.append(found)
            place = found.end if found is not None else place + 1
        return mentions, others

    def _at(self, said: Utterance, place: int) -> Mention | Elsewhere | None:
        folded = said.words[place].folded
        for length in range(self._longest.get(folded, 0), 0, -1):
            words = tuple(word.folded for word in said.words[place : place + length])
            if len(words) < length or not _together(said, place, length):
                continue
            if named := self._known.names.get(words):
                return Mention(named, place, place + length, "name" if said.words[place].tagged else "")
            if relation := self._known.places.get(words):
                return Elsewhere(relation, place, place + length)
        return _tagged(said.words[place], place, self._known.joined)


def _together(said: Utterance, place: int, length: int) -> bool:
    """Whether nothing but a space, a hyphen or an apostrophe stands between the words of a name."""
    return all(
        said.words[one].before.strip() in ("", "-", "'", "’", "/", "&", ".") for one in range(place + 1, place + length)
    )


def _tagged(word: Word, place: int, joined: Mapping[str, Named]) -> Mention | None:
    """Read #gemeentebest, #denhaag and #best2026; a name written as one word counts without its sign too."""
    folded = word.folded.rstrip("0123456789")
    if len(folded) < 4:
        return None
    if named := joined.get(folded):
        return Mention(named, place, place + 1, "name" if word.tagged else "")
    for start in _TAG_WORDS:
        rest = folded.removeprefix(start)
        if rest != folded and (named := joined.get(rest)):
            return Mention(named, place, place + 1, "office")
    return None
