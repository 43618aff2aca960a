"""Fit what the measures of a place are worth, on our own labelled places, and write `weights.tsv` beside them.

    pip install numpy
    python -m tools.fit_conversations [--folds]

A logistic regression of `worth_joining` (as a share of 3) on the measures of `plein.listening.conversations.measuring`.
What we expect beforehand is where a weight starts (`PRIORS`), and a ridge keeps it there unless places say otherwise.
With --folds nothing is written: every place is weighed by weights that never saw it. The places that are held out for
the tests are never read here.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

import numpy as np

from plein.listening.conversations.measuring import measure
from plein.listening.conversations.messages import Message, in_order, newest

FOLDER = Path(__file__).parent.parent / "src/plein/listening/conversations"
RIDGE, ROUNDS, FOLDS = 0.012, 1500, 10
# What we expect before a place is read. What is not here starts at nought.
PRIORS = {
    "bias": -1.6, "open": 2.0, "open:civic": 1.5, "open:first": 0.4, "open:first of ours": 0.8, "open:guesses": 0.6, "open:others": -0.2,
    "answered:first": -1.2, "answered:ours": -1.0, "official": -0.3, "thanks": -1.0,
    "civic": 2.0, "civic:first": 0.5, "civic:most": 0.8, "rumour of ours": 2.5, "help of ours": 2.0, "idea of ours": 2.0, "echo": 0.5,
    "grief": -5.0, "grief:first": -2.0, "missing": -5.0, "missing:first": -2.0, "pet": -2.0, "pet:first": -1.0,
    "party": -4.0, "party:first": -2.0, "insult": -5.0, "insult:first": -1.5, "conspiracy": -5.0, "conspiracy:first": -2.0,
    "trade": -4.0, "trade:first": -1.5, "sport": -3.0, "sport:first": -1.0, "tv": -3.0, "tv:first": -1.0, "news": -4.0,
    "news:first": -1.5, "hobby": -3.0, "hobby:first": -1.0, "private": -3.0, "private:first": -1.0,
    "greeting": -2.0, "memory": -1.5, "alone": -1.0, "people": 0.3, "quiet": -1.0, "elsewhere": -6.0, "corrected": -1.0,
    "nothing asked": -0.3, "praise": -2.0, "lived": -1.5,
}  # fmt: skip
# What has to hold whatever our places say: an answer never raises a score, an open question never lowers one.
NEVER_UP = ("answered", "official", "thanks", "corrected", "quiet", "elsewhere", "alone", "grief", "missing", "party", "insult",
            "conspiracy", "trade", "sport", "tv", "news", "hobby", "private")  # fmt: skip
NEVER_DOWN = ("open", "rumour of ours", "help of ours", "civic")


def places() -> list[dict]:
    """Return the labelled places."""
    return [json.loads(line) for line in (FOLDER / "built_on.jsonl").read_text().splitlines()]


def measured(place: dict) -> dict[str, float]:
    """Return the measures of a labelled place."""
    said = [
        Message(one["text"], datetime.fromisoformat(one["at"]), one["author"], one["reply_to"])
        for one in place["messages"]
    ]
    return {"bias": 1.0, **measure(place["place"], in_order(said), newest(said)).measures}


def fit(rows: np.ndarray, worth: np.ndarray, start: np.ndarray, limits: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the weights, by Adam over all places, each between its limits."""
    weights, slow, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for turn in range(1, ROUNDS + 1):
        guess = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (guess - worth) / len(worth) + RIDGE * (weights - start)
        slow, square = 0.9 * slow + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
        weights -= 0.03 * (slow / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
        weights = np.clip(weights, *limits)
    return weights


def limits_of(names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest that each weight may be."""
    low = [0.0 if name.startswith(NEVER_DOWN) else -np.inf for name in names]
    high = [0.0 if name.startswith(NEVER_UP) else np.inf for name in names]
    return np.array(low), np.array(high)


def ndcg(labels: np.ndarray, scores: np.ndarray, first: int = 20) -> float:
    """Return the NDCG of the first so many."""
    gains = 2.0**labels - 1
    discounts = 1 / np.log2(np.arange(2, first + 2))
    best, ours = np.sort(gains)[::-1][:first], gains[np.argsort(-scores, kind="stable")][:first]
    return float((ours * discounts[: len(ours)]).sum() / (best * discounts[: len(best)]).sum())


def folds(rows: np.ndarray, labels: np.ndarray, start: np.ndarray, limits: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the score of every place by weights that never saw it."""
    fold = np.random.default_rng(1).permutation(len(rows)) % FOLDS
    scores = np.zeros(len(rows))
    for number in range(FOLDS):
        weights = fit(rows[fold != number], labels[fold != number] / 3, start, limits)
        scores[fold == number] = rows[fold == number] @ weights
    return scores


def tell(found: list[dict], labels: np.ndarray, scores: np.ndarray) -> None:
    """Print how good scores are, and which places of the first twenty are not welcome."""
    order = np.argsort(-scores, kind="stable")[:20]
    print(f"NDCG@20 {ndcg(labels, scores):.3f}, welcome in the first 20: {(labels[order] >= 2).sum()}")
    for label, sign in ((0, -1), (1, -1), (2, 1), (3, 1)):
        those = [place for place in np.argsort(sign * scores) if labels[place] == label][:7]
        print(label, [(found[place]["place"], round(float(scores[place]), 2)) for place in those])


def main() -> int:
    """Fit and write, or tell how good folds are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    found = places()
    taken = [measured(place) for place in found]
    names = list(taken[0])
    rows = np.array([[one[name] for name in names] for one in taken])
    labels = np.array([place["worth_joining"] for place in found], float)
    start = np.array([PRIORS.get(name, 0.0) for name in names])
    if options.folds:
        print("by what we expect alone:")
        tell(found, labels, rows @ start)
        print("by folds:")
        tell(found, labels, folds(rows, labels, start, limits_of(names)))
        return 0
    weights = fit(rows, labels / 3, start, limits_of(names))
    lines = ["measure\tweight", *(f"{name}\t{weight:.3f}" for name, weight in zip(names, weights, strict=True))]
    (FOLDER / "weights.tsv").write_text("\n".join(lines) + "\n")
    tell(found, labels, rows @ weights)
    return 0


if __name__ == "__main__":
    sys.exit(main())
