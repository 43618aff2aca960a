"""What a town's own names and the loaded registers add to what everybody knows of a place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plein.listening.places.gazetteer import Municipality, Name, Place, find, is_ambiguous, key_of, names_of
from plein.listening.places.knowledge import TownKnowledge
from plein_web.listening.models import OwnName, PlaceName
from plein_web.town.models import Town

# To what a town's own names add, in the knowledge of the judge; what is not here is a neighbourhood.
ADDS_TO = {"nickname": "aliases", "building": "buildings", "event": "buildings", "street": "streets"}


def place_names(town: Town, typed: str, *, on: date) -> tuple[Name, ...]:
    """Return what people call the place that was typed; of a town that no register knows its own name.

    Of the registers only names that say by themselves which town is meant: somebody who writes of the Kerkstraat
    without another name of the town is not about it, and with one is found by that.
    """
    municipalities = find(typed, on)
    own = _own(town) if _is_own(town, typed, municipalities) else ()
    found = [name for one in municipalities for name in names_of(one, on, _at(own, one.code))]
    found += [name for one in municipalities for name in _of_registers(town, one, on)]
    if not municipalities and key_of(typed) == key_of(town.name):
        found = [Name(town.name, "municipality", is_ambiguous(town.name))]
        found += [Name(one.name, one.kind, is_ambiguous(one.name)) for one in own]
    return tuple({key_of(name.text): name for name in reversed(found)}.values())[::-1]


def knowledge_of(town: Town, typed: str) -> TownKnowledge:
    """Return what the judge of a place may know of it, beside what everybody knows."""
    municipalities = find(typed)
    found: dict[str, list[str]] = {}
    for one in _own(town) if _is_own(town, typed, municipalities) else ():
        found.setdefault(ADDS_TO.get(one.kind, "neighbourhoods"), []).append(one.name)
    for municipality in municipalities:
        for name in _of_registers(town, municipality, None):
            found.setdefault("streets" if name.kind == "street" else "neighbourhoods", []).append(name.text)
    return TownKnowledge(typed, **{part: tuple(names) for part, names in found.items()})


def _is_own(town: Town, typed: str, municipalities: Iterable[Municipality]) -> bool:
    """Whether what was typed is the town itself."""
    return key_of(typed) == key_of(town.name) or bool(set(_codes(municipalities)) & set(_codes(find(town.name))))


def _codes(municipalities: Iterable[Municipality]) -> list[str]:
    return [one.code for one in municipalities]


def _own(town: Town) -> list[OwnName]:
    # A town that is not kept, as for a query in the terminal, has no names and perhaps no database.
    return list(OwnName.objects.of(town)) if town.pk else []


def _at(own: Iterable[OwnName], code: str) -> list[Place]:
    return [Place("", one.name, one.kind, code) for one in own]


def _of_registers(town: Town, municipality: Municipality, on: date | None) -> list[Name]:
    if not town.pk:
        return []
    rows = PlaceName.objects.within(municipality.code).filter(shared=False, valid_until=None)
    places = [Place(one.code, one.name, one.kind, one.municipality, one.valid_from) for one in rows]
    known = {key_of(name.text) for name in names_of(municipality, on or date.max)}
    names = names_of(municipality, on or date.max, places=places)
    return [name for name in names if not name.ambiguous and key_of(name.text) not in known]
