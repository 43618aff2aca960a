"""The sentences that belong to the product: enough of them, varied, and the judge does well on those held apart."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from plein.listening.places import gazetteer
from plein.listening.places.examples import Example, examples
from plein.listening.places.judge import Judge
from plein.listening.places.knowledge import TownKnowledge
from plein.town.words import words


def test_at_least_forty_five_places_have_twenty_sentences_for_and_twenty_against() -> None:
    counted = Counter((one.place, one.about) for one in examples())
    full = [
        place for place in {one.place for one in examples()} if min(counted[place, True], counted[place, False]) >= 20
    ]
    assert len(full) >= 45


def test_no_sentence_stands_twice_for_a_place_and_every_place_is_a_municipality() -> None:
    assert max(Counter((one.place, one.text) for one in examples()).values()) == 1
    assert [one.place for one in examples() if not gazetteer.find(one.place)] == []


def test_no_sentence_is_another_with_the_name_filled_in() -> None:
    """A template would leave the same words in many places."""

    def frame(one: Example) -> str:
        name = set(words(one.place))
        return " ".join("_" if word in name else word for word in words(one.text))

    shared = Counter(frame(one) for one in examples() if len(words(one.text)) > 5)
    assert sum(number for number in shared.values() if number > 1) < len(examples()) / 100


def test_on_sentences_held_apart_the_judge_is_right_far_more_often_than_plain_matching() -> None:
    apart = [one for one in examples() if one.apart]
    judges = {place: Judge(TownKnowledge(place)) for place in {one.place for one in apart}}
    precision, recall = _measure(apart, [judges[one.place].judge(one.text).about for one in apart])
    plain_precision, plain_recall = _measure(
        apart, [one.place.split(" (")[0].lower() in one.text.lower() for one in apart]
    )
    assert precision >= 0.9 > plain_precision + 0.2
    assert recall >= 0.9 > plain_recall - 0.1


def test_on_sentences_that_nothing_was_learned_from_the_judge_holds() -> None:
    """`held_out.tsv`: half of what was written before frames were weighed, chosen by a checksum."""
    lines = Path(__file__).with_name("held_out.tsv").read_text("utf-8").splitlines()[1:]
    rows = [Example(place, text, label == "1") for place, text, label in (line.split("\t") for line in lines)]
    assert {(one.place, one.text) for one in rows}.isdisjoint((one.place, one.text) for one in examples())
    judges = {place: Judge(TownKnowledge(place)) for place in {one.place for one in rows}}
    precision, recall = _measure(rows, [judges[one.place].judge(one.text).about for one in rows])
    assert precision >= 0.85
    assert recall >= 0.88


def _measure(rows: list[Example], said: list[bool]) -> tuple[float, float]:
    hits = sum(one.about and answer for one, answer in zip(rows, said, strict=True))
    return hits / sum(said), hits / sum(one.about for one in rows)
