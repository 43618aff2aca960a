"""The companions of an ordinary word: what it is said with when it is no place ("plak" and "mosterd" with gouda)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from plein.listening.places.framing import Found, agrees, is_framed
from plein.listening.places.knowledge import senses
from plein.listening.places.mentions import Mention
from plein.listening.places.tables import key
from plein.listening.places.utterance import Utterance
from plein.listening.places.vocabulary import kinds_of

_LITTLE = frozenset(
    "dutch determiner possessive pronoun degree auxiliary verb_singular verb_plural whole adjective english".split()
)


# The distance of words that the name itself is among: "naar best vermogen".
_PHRASE = -1


class Companion(NamedTuple):
    """Words that go with a name: folded, whether the last may go on (`plak*`), whether they are only a little word."""

    words: tuple[str, ...]
    open_end: bool
    little: bool


def companions_of(said: Utterance, mention: Mention) -> Found:
    """Yield whether the ordinary word's companions, or those of something else of the name, stand in a text."""
    name = " ".join(key(mention.named.base or mention.named.text))
    if name not in senses():
        return
    close = "adjective" in senses()[name].kinds
    little, great, elsewhere = _lists(name)
    beside = _distances(little, said, mention, 0)
    found = _distances(great, said, mention, 2 if close else len(said.words))
    if beside:
        yield "ordinary:little", said.raw(mention.first - 1, mention.end + 1)
    framed = is_framed(said, mention)
    phrase = found.pop(_PHRASE, "")
    if phrase:
        yield "ordinary:phrase", phrase
    if found and framed and min(found) > 0:
        yield "ordinary:framed", found[min(found)]
    elif found and agrees(said, mention):
        yield "ordinary:despite", found[min(found)]
    elif found:
        yield from _ordinary(found)
    if not beside and not found and not phrase:
        yield "ordinary:none", mention.named.text
    others = _distances(elsewhere, said, mention, len(said.words))
    if framed:
        others.pop(_PHRASE, None)
    if others:
        yield "elsewhere", others[min(others)]


def _ordinary(found: dict[int, str]) -> Found:
    yield "ordinary", found[min(found)]
    if min(found) <= 1:
        yield "ordinary:beside", found[min(found)]
    if len(found) > 1:
        yield "ordinary:more", ", ".join(list(found.values())[:2])


@cache
def _lists(name: str) -> tuple[dict[str, list[Companion]], ...]:
    """Return the companions of a name by their first letters: little words, others, and those of something else."""
    sense = senses()[name]
    ordinary = [_companion(one) for one in sense.ordinary if "english" not in sense.kinds or not _is_dutch(one)]
    kinds = (
        [one for one in ordinary if one.little],
        [one for one in ordinary if not one.little],
        [_companion(one) for one in sense.elsewhere],
    )
    return tuple(_by_start(one) for one in kinds)


def _companion(text: str) -> Companion:
    wanted = key(text)
    return Companion(wanted, text.endswith("*"), _little(wanted))


def _by_start(companions: Iterable[Companion]) -> dict[str, list[Companion]]:
    found: dict[str, list[Companion]] = {}
    for one in companions:
        if one.words:
            found.setdefault(one.words[0][:2], []).append(one)
    return found


def _distances(
    companions: dict[str, list[Companion]], said: Utterance, mention: Mention, furthest: int
) -> dict[int, str]:
    """Return the companions that occur, by their distance to the name in words (of two as near, the first)."""
    found: dict[int, str] = {}
    for place, word in enumerate(said.words):
        for one in companions.get(word.folded[:2], ()):
            end = place + len(one.words)
            if _fits(said, place, one) and not (mention.first <= place and end <= mention.end):
                distance = max(place - mention.end, mention.first - end, 0)
                if place < mention.end and mention.first < end:
                    distance = _PHRASE
                if distance <= furthest:
                    found.setdefault(distance, said.raw(place, end))
    return found


def _fits(said: Utterance, place: int, companion: Companion) -> bool:
    words = tuple(word.folded for word in said.words[place : place + len(companion.words)])
    if companion.open_end:
        last = len(companion.words) - 1
        return (
            len(words) > last
            and words[:last] == companion.words[:last]
            and words[last].startswith(companion.words[last])
        )
    return words == companion.words


def _is_dutch(companion: str) -> bool:
    """Whether a companion of an English word is as much a Dutch one ("is", "was", "of")."""
    return bool({"dutch", "verb_singular"} & kinds_of(companion.lower()))


def _little(wanted: tuple[str, ...]) -> bool:
    return len(wanted) == 1 and (len(wanted[0]) < 3 or bool(_LITTLE & kinds_of(wanted[0])))
