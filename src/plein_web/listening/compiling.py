"""From the row of a watch to what the engines look for, and to who judges what they find."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import NamedTuple

from plein.listening import matching
from plein.listening.lawful.states import collects_until
from plein.listening.places.expanding import expanded, places_of
from plein.listening.places.gazetteer import key_of
from plein.listening.places.judge import Judge
from plein.listening.places.judging import PlaceJudges
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.places.learning import NOTHING_LEARNED, learned_from
from plein.listening.query.parsing import parse
from plein.listening.query.tree import Node
from plein_web.listening.lawful.standing import standing_of
from plein_web.listening.models import Lesson, Trial, Watch
from plein_web.listening.places import knowledge_of, place_names
from plein_web.town.models import Town


class Compiled(NamedTuple):
    """A watch as engines know it, and the judges of the places it asks for, if it asks for any."""

    watch: matching.Watch
    judges: PlaceJudges | None


def compiled(watch: Watch, today: date) -> Compiled:
    """Return a watch with its places replaced by the names of today."""
    tree = parse(watch.query)
    asked = expanded(tree, partial(place_names, watch.town, on=today))
    looked_for = matching.Watch(watch.pk, watch.town_id, asked, watch.starts_at, collects_until(standing_of(watch)))
    return Compiled(looked_for, judges_of(watch.town, tree))


def tried(trial: Trial, today: date) -> Compiled:
    """Return a query that is being tried. Its number is below zero, where no watch is."""
    tree = parse(trial.query)
    asked = expanded(tree, partial(place_names, trial.town, on=today))
    looked_for = matching.Watch(-trial.pk, trial.town_id, asked, ends_at=trial.until)
    return Compiled(looked_for, judges_of(trial.town, tree))


def untaught(query: str, today: date) -> Compiled:
    """Return a query of no town, which nobody taught anything."""
    tree, places = parse(query), places_of(parse(query))
    asked = expanded(tree, partial(place_names, Town(), on=today))
    judges = [Judge(TownKnowledge(place)) for place in places]
    return Compiled(matching.Watch(1, 1, asked), PlaceJudges.of(tree, judges) if judges else None)


def judges_of(town: Town, tree: Node) -> PlaceJudges | None:
    """Return who judges what a query finds; None where it asks for no place."""
    places = places_of(tree)
    return PlaceJudges.of(tree, [judge_of(town, place) for place in places]) if places else None


def judge_of(town: Town, typed: str) -> Judge:
    """Return the judge of a place for a town, with everything that the town taught it."""
    lesson = Lesson.objects.filter(town=town, place=key_of(typed)).first()
    return Judge(knowledge_of(town, typed), learned_from(lesson.counts) if lesson else NOTHING_LEARNED)
