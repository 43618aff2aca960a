"""How much a municipality could contribute where people talk: from 0, stay away, to 3, needed now.

The measures of a place, each times what it is worth (`weights.tsv`), are added up; the logistic of the sum is the score.
Grief, party quarrel, insults and conspiracy have a limit that no question outweighs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from math import exp

from plein.listening.conversations.activity import activity, unseen
from plein.listening.conversations.asking import open_questions
from plein.listening.conversations.deciding import AT_MOST, kept_away, kind_of, step_for
from plein.listening.conversations.measuring import CIVIC, Measured, measure
from plein.listening.conversations.messages import Message, authors_of, in_order
from plein.listening.conversations.reasons import reasons
from plein.listening.conversations.teaching import Taught
from plein.listening.conversations.weighed import WELCOME, Weighed
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.topics import ELSE

Town = TownKnowledge
MOST = 3.0


def weigh(
    name: str,
    messages: Sequence[Message],
    now: datetime | None,
    town: Town | None = None,
    taught: Taught | None = None,
) -> Weighed:
    """Weigh a place by what was said there. With `town`, places elsewhere go down; `taught` are its own choices.

    >>> asked = [Message("Wanneer wordt de kliko geleegd?", author="a"), Message("geen idee, zelfde vraag", author="b")]
    >>> found = weigh("#waterdam", asked, None)
    >>> found.score > 2, found.kind.value, found.step.value, [one.text for one in found.asked]
    (True, 'question', 'answer', ['Wanneer wordt de kliko geleegd?'])
    """
    said = in_order(messages)
    found = measure(name, said, now, town)
    topic = _topic(found)
    score = _score(found.measures)
    kind = kind_of(found.measures, score)
    if taught:
        score += taught.shift(kind, topic)
    asked = open_questions(found.ours, now) if kind in WELCOME else ()
    score = max(0.0, min(MOST, AT_MOST.get(kind, MOST), score))
    told = reasons(kind, found, asked)
    return Weighed(
        score,
        told[0],
        kind,
        step_for(kind, found.measures),
        topic,
        asked,
        tuple(told),
        activity(messages),
        unseen(said),
        authors_of(said),
    )


def _score(measures: Mapping[str, float]) -> float:
    total = weights()["bias"] + sum(weights().get(name, 0.0) * value for name, value in measures.items())
    score = MOST / (1 + exp(-max(-30.0, min(30.0, total))))
    away = kept_away(measures)
    return min(score, AT_MOST[away]) if away else score


def _topic(found: Measured) -> str:
    """Return the topic of most messages about a municipality's matters; of those that ask first."""
    votes: Counter[str] = Counter()
    for one in found.readings:
        if one.topic != ELSE and one.civic >= CIVIC:
            votes[one.topic] += 2 if one.question else 1
    return votes.most_common(1)[0][0] if votes else ELSE


@cache
def weights() -> dict[str, float]:
    """Return what each measure is worth. Fitted by tools/fit_conversations.py on the places beside this file."""
    lines = files(__package__).joinpath("weights.tsv").read_text("utf-8").splitlines()[1:]
    return {name: float(weight) for name, weight in (line.split("\t") for line in lines)}
