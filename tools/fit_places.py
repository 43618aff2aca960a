"""Fits what each cue of the place judge is worth, on the sentences that belong to the product.

    python -m tools.fit_places           print how well it does, on municipalities and sentences it did not learn from
    python -m tools.fit_places write     and write src/plein/listening/places/weights.tsv

A logistic regression over the named cues with a ridge: cues of one kind of word (`code|verb`) are held nearer to nought
than the cues themselves, so that what goes for all words is told by the general cue. A text with several mentions learns
from the mention that the weights of the round before like best. Sentences that are held apart are never learned from.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from plein.listening.places.examples import Example, examples
from plein.listening.places.judge import Judge
from plein.listening.places.knowledge import TownKnowledge
from plein.town.words import words

TARGET = Path(__file__).parents[1] / "src/plein/listening/places/weights.tsv"
ROUNDS, FOLDS = 3, 6
# How often a step is made at most, and how far one goes: a longer one may overshoot and never come back.
STEPS, FURTHEST = 20, 2.0
# The ridge: of the bias, of a cue, of a cue for one kind of word, of what only says which kind of name it is.
RIDGES = {"bias": 0.01, "cue": 1.0, "kind": 4.0, "name": 1.5}
# A cue has to occur in so many mentions; one of a kind of word in more.
RAREST, RAREST_OF_A_KIND = 4, 10
# Added to the bias: in texts of other writers fewer cues are known, and silence should not mean no.
LEAN = 0.3
# Figures per place are for places with at least so many sentences.
ENOUGH = 5
# What we know before any sentence: where a cue starts, and to where the ridge holds it.
PRIORS = {
    "is:plain": 2.0,
    "before:whole": 0.5,
    "is:proper": 1.0,
    "before:club": -5.0,
    "person:van": -3.0,
    "person": -2.0,
    "link:name": -3.0,
    "elsewhere": -2.5,
    "place:rival": -2.0,
    "ordinary": -2.0,
    "ordinary:little": -1.5,
    "ordinary:despite": -0.5,
    "link:journey": 1.5,
    "link:office": 1.5,
    "before:office": 1.5,
    "before:in": 1.0,
    "around": 2.0,
    "tag:office": 3.0,
    "with:clear": 2.0,
    "before:number": -1.0,
    "before:determiner": -1.0,
    "near": 1.5,
    "province:rival": -1.5,
    "province:beside": 3.0,
    "link:capital": -1.0,
    "with:street": 2.5,
    "with:building": 2.5,
    "foreign:english": -1.5,
    "foreign:german": -1.5,
    "foreign": -1.5,
    "foreign:foreign": -1.5,
    "postcode": 0.5,
    "written:dateline": 1.5,
    "opens, after:verb_singular": 1.0,
    "opens, after:word-t": 0.5,
    "agreement": 2.5,
    "written:name": 1.5,
    # No sentence is judged with what a town tells of itself: these stay as they are.
    "own street": 3.0,
    "own building": 3.0,
    "framed": 1.0,
    "unframed:small": -1.5,
    "unframed:placed": -1.0,
    "unframed:degree": -3.0,
    "link:best": 3.0,
    "link:trade": 1.5,
    "before:that place": 2.5,
    "ordinary:phrase": -4.0,
    "ordinary:framed": -0.3,
}

Cues = frozenset[str]
Weights = dict[str, float]


@cache
def _judge(place: str) -> Judge:
    return Judge(TownKnowledge(place))


@cache
def mentions_of(example: Example) -> tuple[Cues, ...]:
    """Return the cues of each mention in a sentence."""
    judge = _judge(example.place)
    found = judge.read(example.text)
    counting = [one for one in found.mentions if one.named.kind not in ("street", "building")]
    return tuple(frozenset(judge.cues(found, one)) | {"bias"} for one in counting)


def bare(cues: Cues) -> Cues:
    """Return the cues as they would be for a town of which nothing is known but its name."""
    return frozenset(cue for cue in cues if not cue.startswith(("around", "with:", "street")))


def ridge_of(cue: str) -> float:
    """Return how strongly a cue is held to nought."""
    if cue == "bias":
        return RIDGES["bias"]
    if cue in PRIORS and PRIORS[cue] <= -3:
        return RIDGES["kind"]
    return RIDGES["kind" if "|" in cue else "name" if cue.startswith(("is:", "by:")) else "cue"]


def score(cues: Iterable[str], weights: Weights) -> float:
    """Return the sum of the weights."""
    return sum(weights.get(cue, 0.0) for cue in cues)


def fit(learning: Sequence[Example]) -> Weights:
    """Return the weight of each cue that occurs often enough."""
    rows = [(mentions_of(one), one.about) for one in learning]
    rows = [(mentions, about) for mentions, about in rows if mentions]
    weights: Weights = dict(PRIORS)
    for _ in range(ROUNDS):
        chosen = [max(mentions, key=lambda cues: score(cues, weights)) for mentions, _ in rows]
        without = [max(map(bare, mentions), key=lambda cues: score(cues, weights)) for mentions, _ in rows]
        weights = _regress(chosen + without, np.array([about for _, about in rows + rows], float))
    return lean(weights)


def _regress(chosen: list[Cues], labels: np.ndarray) -> Weights:
    counts: dict[str, int] = {}
    for cues in chosen:
        for cue in cues:
            counts[cue] = counts.get(cue, 0) + 1
    names = sorted(cue for cue, number in counts.items() if number >= (RAREST_OF_A_KIND if "|" in cue else RAREST))
    column = {cue: number for number, cue in enumerate(names)}
    table = np.zeros((len(chosen), len(names)), np.float32)
    for row, cues in enumerate(chosen):
        table[row, [column[cue] for cue in cues if cue in column]] = 1
    prior = np.array([PRIORS.get(cue, 0.0) for cue in names])
    found = prior.copy()
    ridge = np.array([ridge_of(cue) for cue in names])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (labels - likely) - ridge * (found - prior)
        curve = (table * (likely * (1 - likely))[:, None]).T @ table + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found += step * min(1.0, FURTHEST / np.abs(step).max())
        if np.abs(step).max() < 1e-2:
            break
    return PRIORS | dict(zip(names, found.tolist(), strict=True))


def lean(weights: Weights) -> Weights:
    """Return the weights that are shipped."""
    return weights | {"bias": weights["bias"] + LEAN}


def says(example: Example, weights: Weights) -> bool:
    """Return whether a sentence is about its place by these weights."""
    return max((score(cues, weights) for cues in mentions_of(example)), default=-1.0) >= 0


def plain(example: Example) -> bool:
    """Return what matching the bare name says."""
    name = words(example.place.split(" (")[0])
    line = f" {' '.join(words(example.text))} "
    return f" {' '.join(name)} " in line


def macro(answers: Sequence[tuple[Example, bool]]) -> tuple[float, float]:
    """Return precision and recall, each place as heavy as another."""
    counted = Counter(example.place for example, _ in answers)
    places = [place for place, number in counted.items() if number >= ENOUGH]
    pairs = [_measure([pair for pair in answers if pair[0].place == place]) for place in places]
    return float(np.mean([one for one, _ in pairs])), float(np.mean([other for _, other in pairs]))


def _measure(answers: Sequence[tuple[Example, bool]]) -> tuple[float, float]:
    hits = sum(example.about and said for example, said in answers)
    said = sum(one for _, one in answers)
    true = sum(example.about for example, _ in answers)
    return (hits / said if said else 0.0, hits / true if true else 0.0)


def across_places(learning: Sequence[Example]) -> list[tuple[Example, bool]]:
    """Return the answers for places of which no sentence was learned from."""
    places = sorted({one.place for one in learning})
    found = []
    for fold in range(FOLDS):
        out = set(places[fold::FOLDS])
        weights = fit([one for one in learning if one.place not in out])
        found += [(one, says(one, weights)) for one in learning if one.place in out]
    return found


def main(arguments: Sequence[str]) -> None:
    """Print the figures, and write the weights when asked to."""
    learning = [one for one in examples() if not one.apart]
    apart = [one for one in examples() if one.apart]
    weights = fit(learning)
    if "write" in arguments:
        lines = [f"{cue}\t{weight:.3f}" for cue, weight in sorted(weights.items()) if abs(weight) >= 0.005]
        TARGET.write_text("\n".join(["cue\tweight", *lines]) + "\n", encoding="utf-8")
    print(
        f"{len(examples())} sentences, {len({one.place for one in examples()})} places, {len(weights)} cues", flush=True
    )
    for name, answers in (
        ("learned from", [(one, says(one, weights)) for one in learning]),
        ("places left out", across_places(learning)),
        ("held apart", [(one, says(one, weights)) for one in apart]),
        ("plain matching", [(one, plain(one)) for one in apart]),
    ):
        print(
            f"{name:16} precision {macro(answers)[0]:.3f}  recall {macro(answers)[1]:.3f}  rows {len(answers)}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
