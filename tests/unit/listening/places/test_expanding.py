"""A place in a query stands for all its names."""

from __future__ import annotations

from datetime import date

from plein.listening.matching import PlainEngine
from plein.listening.places.expanding import expanded, places_of
from plein.listening.places.gazetteer import find, names_of
from plein.listening.query.parsing import parse
from plein.listening.query.tree import Place, walk
from plein.listening.watches import Watch

TODAY = date(2026, 3, 1)


def names(typed: str):
    return [name for town in find(typed, TODAY) for name in names_of(town, TODAY)]


def matches(query: str, text: str) -> bool:
    return bool(PlainEngine([Watch(1, 1, expanded(parse(query), names))]).match([text]))


def test_a_place_is_found_by_its_villages_former_names_and_nicknames() -> None:
    assert matches("plaats:Maashorst", "Wateroverlast in Uden vannacht")
    assert matches("plaats:Groningen brug", "in Garmerwolde is de brug dicht")
    assert not matches("plaats:Groningen brug", "in Zwolle is de brug dicht")


def test_a_place_that_nobody_knows_is_found_by_its_own_words() -> None:
    assert matches('plaats:"Nieuw Waterdam"', "Feest in nieuw waterdam!")


def test_no_place_is_left_in_what_engines_get() -> None:
    tree = expanded(parse('(plaats:Best OF plaats:Leiden) NIET plaats:"Berg en Dal"'), names)
    assert not [node for node in walk(tree) if isinstance(node, Place)]


def test_the_places_of_a_query_are_named_once_as_they_were_typed() -> None:
    assert places_of(parse("plaats:Best OF (brug plaats:Best) OF plaats:Leiden")) == ("Best", "Leiden")
