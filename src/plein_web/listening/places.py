"""What a town's own names and the loaded registers add to what everybody knows of a place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from plein.listening.places.gazetteer import (
    Municipality,
    Name,
    Place,
    find,
    is_ambiguous,
    key_of,
    municipalities,
    names_of,
)
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.query.nearest import nearest
from plein.listening.query.terms import place_name
from plein.listening.watching import Places
from plein_web.listening.models import OwnName, PlaceName
from plein_web.town.models import Town

# To what a town's own names add, in the knowledge of the judge; what is not here is a neighbourhood.
ADDS_TO = {"nickname": "aliases", "building": "buildings", "event": "buildings", "street": "streets"}


def known_places(town: Town, on: date) -> Places:
    """Return what is known of places for a town."""
    return Places(lambda name: bool(place_names(town, name, on=on)), partial(_like, town))


def _like(town: Town, typed: str) -> str:
    """Return the place whose name is most like what was typed: of the town itself, else of any municipality."""
    ours = {key_of(name): name for name in (place_name(town.name), *(one.name for one in _own(town)))}
    others = {key_of(name): name for one in municipalities().values() for name in (one.name, *one.villages)}
    return next((known[found] for known in (ours, others) if (found := nearest(key_of(typed), known))), "")


def place_names(town: Town, typed: str, *, on: date) -> tuple[Name, ...]:
    """Return what people call the place that was typed; of a town that no register knows its own name.

    Of the registers only names that say by themselves which town is meant: somebody who writes of the Kerkstraat
    without another name of the town is not about it, and with one is found by that.
    """
    typed = place_name(typed)
    meant = find(typed, on)
    own = _own(town) if _is_own(town, typed, meant) else ()
    found = [name for one in meant for name in names_of(one, on, _at(own, one.code))]
    found += [name for one in meant for name in _of_registers(town, one, on)]
    if not meant and key_of(typed) == key_of(place_name(town.name)):
        found = [Name(place_name(town.name), "municipality", is_ambiguous(place_name(town.name)))]
        found += [Name(one.name, one.kind, is_ambiguous(one.name)) for one in own]
    if not found:
        found = _inside(town, typed)
    return tuple({key_of(name.text): name for name in reversed(found)}.values())[::-1]


def _inside(town: Town, typed: str) -> list[Name]:
    """Return what was typed where it is one of a town's own names, or a neighbourhood or street of it."""
    here = [(one.name, one.kind) for one in _own(town)]
    if town.pk:
        rows = PlaceName.objects.filter(municipality__in=_codes(find(place_name(town.name))), valid_until=None)
        here += rows.filter(key=key_of(typed)).values_list("name", "kind")
    return [Name(name, kind, is_ambiguous(name)) for name, kind in here if key_of(name) == key_of(typed)][:1]


def knowledge_of(town: Town, typed: str) -> TownKnowledge:
    """Return what the judge of a place may know of it, beside what everybody knows."""
    meant = find(typed)
    found: dict[str, list[str]] = {}
    for one in _own(town) if _is_own(town, typed, meant) else ():
        found.setdefault(ADDS_TO.get(one.kind, "neighbourhoods"), []).append(one.name)
    for municipality in meant:
        for name in _of_registers(town, municipality, None):
            found.setdefault("streets" if name.kind == "street" else "neighbourhoods", []).append(name.text)
    return TownKnowledge(typed, **{part: tuple(names) for part, names in found.items()})


def _is_own(town: Town, typed: str, meant: Iterable[Municipality]) -> bool:
    """Whether what was typed is the town itself."""
    name = place_name(town.name)
    return key_of(typed) == key_of(name) or bool(set(_codes(meant)) & set(_codes(find(name))))


def _codes(found: Iterable[Municipality]) -> list[str]:
    return [one.code for one in found]


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
