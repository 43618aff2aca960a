"""What the judge knows of a town before it reads a word: its names, what lies in and around it, and its rivals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from plein.listening.places import gazetteer
from plein.listening.places.gazetteer import Municipality
from plein.listening.places.tables import entries, key, rows
from plein.listening.places.vocabulary import kinds_of

Key = tuple[str, ...]
# What a town calls its own and only it has: such a street or building names the town by itself.
OWN_NAMES = frozenset({"own street", "own building"})
OWN, NEIGHBOUR, RIVAL, FAR = "own", "neighbour", "rival", "far"
# Endings with which Dutch makes the people and the adjective of a place; the ordinary words among the results.
_ENDINGS = ("se", "er", "ers", "enaar", "enaren", "enaars", "naar", "naren", "aar", "aren")
_ARTICLES = frozenset({"de", "het", "een", "t", "n", "den", "ons", "onze"})
_NOT_OF_A_PLACE = frozenset(
    "leider leiders emmer emmers beter bester steiner duiver burse buurse hoorner losers ander".split()
)


@dataclass(frozen=True, slots=True)
class TownKnowledge:
    """What a town knows of itself. All are names as people write them; all but the first may be empty."""

    name: str
    aliases: tuple[str, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A name that may stand for the town: its text, its kind, and what else the word can be (`senses`).

    `base` is the name whose ordinary meaning and companions count: of "Texelse" that is Texel.
    """

    text: str
    kind: str
    senses: tuple[str, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Sense:
    """An ordinary word that is also a place: its grammar, its companions, and other places or people of the name."""

    kinds: tuple[str, ...]
    ordinary: tuple[str, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything looked up while judging, by folded words."""

    names: Mapping[Key, Named]
    support: frozenset[Key]
    places: Mapping[Key, str]
    provinces: frozenset[str]
    rival_provinces: frozenset[str]
    joined: Mapping[str, Named] = field(default_factory=dict)


@cache
def senses() -> Mapping[str, Sense]:
    """Return the ordinary words by folded name."""
    return MappingProxyType(
        {
            " ".join(key(row["name"])): Sense(
                tuple(row["kinds"].split()), tuple(entries(row["ordinary"])), tuple(entries(row["elsewhere"]))
            )
            for row in rows("senses.tsv")
        }
    )


def municipalities_called(name: str) -> tuple[Municipality, ...]:
    """Return the municipalities of a name, also when the province is written otherwise; none for an unknown name.

    >>> [one.code for one in municipalities_called("Bergen (NH.)")], municipalities_called("Atlantis")
    (['gm0373'], ())
    """
    found = gazetteer.find(name) or gazetteer.find(re.sub(r"\s*\(.*", "", name))
    wanted = " ".join(key(name))
    exact = [one for one in found if " ".join(key(one.name)) == wanted]
    return tuple(exact) or found


def surroundings(town: TownKnowledge) -> Surroundings:
    """Return what is known of a town by its name, with what it says of itself on top."""
    mine = municipalities_called(town.name)
    rivals = _rivals(town, mine)
    around = [_around()[one.name] for one in mine if one.name in _around()]
    names = _names(town, mine, around)
    support = {key(text) for text in (*town.topics, *(text for one in around for text in one[1]))}
    own_provinces = {word for one in mine for word in _province_words(one.province)}
    return Surroundings(
        names,
        frozenset(support - names.keys()),
        _places(mine, rivals, names.keys()),
        frozenset(own_provinces),
        frozenset({word for one in rivals for word in _province_words(one.province)} - own_provinces),
        {"".join(words): named for words, named in names.items() if len("".join(words)) > 3},
    )


# -- the names of a town --------------------------------------------------------------------------


def _names(
    town: TownKnowledge, mine: Iterable[Municipality], around: list[tuple[list[str], list[str]]]
) -> dict[Key, Named]:
    short = re.sub(r"\s*\(.*", "", town.name)
    found: dict[Key, Named] = {}

    def add(texts: Iterable[str], kind: str, base: str = "") -> None:
        for text in texts:
            if words := key(text):
                found.setdefault(words, Named(text, kind, _senses_of(text, kind), base or text))

    add([short], "name")
    add(town.aliases, "alias")
    add((text for text in town.buildings if _is_own_building(text)), "own building")
    add(town.buildings, "building")
    add((*town.neighbourhoods, *town.villages), "village")
    add((text for text in town.streets if not gazetteer.is_common_street(text)), "own street")
    add(town.streets, "street")
    for one in mine:
        add([re.sub(r"\s*\(.*", "", one.name)], "name")
        add((alias.text for alias in one.aliases if alias.kind not in ("former", gazetteer.NUMBERS)), "alias")
        add((alias.text for alias in one.aliases if alias.kind == gazetteer.NUMBERS), "number")
        add((alias.text for alias in one.aliases if alias.kind == "former"), "village")
        add(one.villages, "village")
    for text in (short, *(one.name for one in mine)):
        add(_people(text), "people", text)
    add((text for one in around for text in one[0]), "around")
    return found


def _senses_of(text: str, kind: str) -> tuple[str, ...]:
    word = " ".join(key(text))
    if word in senses():
        return senses()[word].kinds
    return ("ordinary",) if kind != "around" and gazetteer.is_ambiguous(text) else ()


def _is_own_building(text: str) -> bool:
    """Whether a building is called as no ordinary thing is: no known word, and no "de" or "het" with one behind it."""
    said = key(text)
    if not said or said[0] in _ARTICLES or gazetteer.is_common_street(text):
        return False
    return any(not kinds_of(word) and not gazetteer.is_ambiguous(word) for word in said)


def _people(name: str) -> list[str]:
    """Return what the people and things of a place are called: Bestenaar, Bestse."""
    word = "".join(key(name)) if len(key(name)) == 1 else ""
    stems = {word, re.sub(r"(en|e|a)$", "", word)} if len(word) > 2 else set()
    made = {stem + ending for stem in stems for ending in _ENDINGS}
    return sorted(one for one in made if len(one) > 4 and one not in _NOT_OF_A_PLACE)


@cache
def _around() -> Mapping[str, tuple[list[str], list[str]]]:
    return {row["municipality"]: (entries(row["names"]), entries(row["support"])) for row in rows("around.tsv")}


def _province_words(province: str) -> frozenset[str]:
    return frozenset(row["words"] for row in rows("provinces.tsv") if row["province"] == province)


# -- other places ---------------------------------------------------------------------------------


def _rivals(town: TownKnowledge, mine: tuple[Municipality, ...]) -> tuple[Municipality, ...]:
    """Return the municipalities that are called alike, or have a village that is."""
    names = {key(re.sub(r"\s*\(.*", "", one.name)) for one in mine} | {key(re.sub(r"\s*\(.*", "", town.name))}
    own = {one.code for one in mine}
    return tuple(_everything()[code] for code in sorted({c for name in names for c in _index().get(name, ())} - own))


def _places(mine: tuple[Municipality, ...], rivals: tuple[Municipality, ...], own: Iterable[Key]) -> dict[Key, str]:
    codes, enemies = {one.code for one in mine}, {one.code for one in rivals}
    neighbours = {code for one in mine for code in one.neighbours}
    found: dict[Key, str] = {}
    for words, homes in _index().items():
        if homes & neighbours:
            found[words] = NEIGHBOUR
        elif not _is_common(words):
            found[words] = RIVAL if homes & enemies else FAR
        if homes & codes:
            found.pop(words, None)
    for one in rivals:
        for text in (*_around().get(one.name, ((), ()))[0],):
            found.setdefault(key(text), RIVAL)
    for words in own:
        found.pop(words, None)
    return found


@cache
def _is_common(words: Key) -> bool:
    return " ".join(words) in senses() or gazetteer.is_ambiguous(" ".join(words))


def _everything() -> Mapping[str, Municipality]:
    return gazetteer.municipalities()


@cache
def _index() -> Mapping[Key, frozenset[str]]:
    """Return the codes by name: of municipalities and of the villages in them."""
    found: dict[Key, set[str]] = {}
    for one in _everything().values():
        for text in (
            re.sub(r"\s*\(.*", "", one.name),
            *one.villages,
            *(a.text for a in one.aliases if a.kind == "former"),
        ):
            found.setdefault(key(text), set()).add(one.code)
    return {words: frozenset(codes) for words, codes in found.items()}
