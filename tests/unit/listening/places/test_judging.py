"""When a place is asked for, and when what is found was asked for without it."""

from __future__ import annotations

import pytest

from plein.listening.places.judge import Judge
from plein.listening.places.judging import PlaceJudges, without_places
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.query.parsing import parse
from plein.listening.query.writing import write
from plein.listening.watches import Said


@pytest.mark.parametrize(
    ("query", "rest"),
    [
        ("place:Best", None),
        ("place:Best OR kliko", "kliko"),
        ("place:Best AND kliko", None),
        ("kliko AND (place:Best OR container)", "kliko AND container"),
        ("kliko AND NOT place:Best", "kliko"),
        ("(place:Best OR place:Leiden) kliko OR grofvuil", "grofvuil"),
        ("kliko NEAR/3 place:Best", None),
        ("kliko NEAR/3 dicht OR place:Best", "kliko NEAR/3 dicht"),
    ],
)
def test_a_query_without_its_places_asks_for_the_rest(query, rest) -> None:
    found = without_places(parse(query))
    assert (None if found is None else write(found)) == rest


def test_a_post_is_judged_only_when_it_was_found_by_the_place() -> None:
    judges = PlaceJudges.of(parse("place:Best OR kliko"), [Judge(TownKnowledge("Best"))])
    assert judges.verdict(Said("Mijn kliko staat er nog, best vervelend")) is None
    assert not judges.verdict(Said("Best lastig, zo'n zwembad")).about
    assert judges.verdict(Said("Burgemeester van Best opent zwembad")).about


def test_the_surest_place_decides() -> None:
    judges = PlaceJudges.of(
        parse("place:Best OR place:Leiden"), [Judge(TownKnowledge("Best")), Judge(TownKnowledge("Leiden"))]
    )
    assert judges.verdict(Said("De gemeente Leiden sluit de brug, best jammer")).about
