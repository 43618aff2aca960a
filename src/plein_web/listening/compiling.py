"""From the row of a watch to what the engines look for."""

from __future__ import annotations

from datetime import date
from functools import partial

from plein.listening import matching
from plein.listening.places.expanding import expanded
from plein.listening.places.gazetteer import Name, find, is_ambiguous, key_of, names_of
from plein.listening.query.parsing import parse
from plein_web.listening.models import Watch
from plein_web.town.models import Town


def compiled(watch: Watch, today: date) -> matching.Watch:
    """Return a watch as engines know it, its places replaced by the names of today."""
    tree = expanded(parse(watch.query), partial(place_names, watch.town, on=today))
    return matching.Watch(watch.pk, watch.town_id, tree, watch.starts_at, watch.ends_at)


def place_names(town: Town, typed: str, *, on: date) -> tuple[Name, ...]:
    """Return what people call the place that was typed; of a town that no register knows its own name."""
    found = tuple(name for one in find(typed, on) for name in names_of(one, on))
    if found or key_of(typed) != key_of(town.name):
        return found
    return (Name(town.name, "municipality", is_ambiguous(town.name)),)
