"""Fit the weights of `plein.listening.topics` on our own messages, and write `weights.tsv` beside them.

    pip install numpy scipy
    python tools/fit_topics.py [--folds]

Multinomial logistic regression with a quadratic penalty on what `features` yields for the messages of `learned.tsv`.
With --folds nothing is written: it prints the macro-F1 of five folds of the learned messages. The messages that are
held out for the tests are never read here.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack

from plein.listening.topics import TOPICS, UNIT, features, spread, telling

FOLDER = Path(__file__).parent.parent / "src/plein/listening/topics"
# A piece that occurs in one message only says nothing about another.
LEAST = 2
PENALTY = 0.003
ROUNDS = 200


def messages() -> tuple[list[list[str]], np.ndarray]:
    """Return the messages as words, and the places of their topics."""
    rows = [line.split("\t") for line in (FOLDER / "learned.tsv").read_text().splitlines()[1:]]
    return [telling(text) for _, text in rows], np.array([TOPICS.index(topic) for topic, _ in rows])


def matrix(said: list[list[str]], known: list[str]) -> csr_matrix:
    """Return a row a message, a column a feature: how many of its words have the feature, divided by the spread."""
    places = {feature: place for place, feature in enumerate(known)}
    shares, rows, columns = [], [], []
    for row, one in enumerate(said):
        pairs = list(features(one))
        share = 1 / spread(len({word for word, _ in pairs} | set(one)))
        found = [places[feature] for _, feature in pairs if feature in places]
        shares += [share] * len(found)
        rows += [row] * len(found)
        columns += found
    return csr_matrix((np.array(shares, np.float32), (rows, columns)), shape=(len(said), len(known)))


def known_features(said: list[list[str]]) -> list[str]:
    """Return the features of at least LEAST messages."""
    counted = Counter(feature for one in said for feature in {feature for _, feature in features(one)})
    return sorted(feature for feature, number in counted.items() if number >= LEAST)


def fit(rows: csr_matrix, topics: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (feature, topic) and what every message starts with (topic), by Adam over all messages."""
    wanted = np.eye(len(TOPICS), dtype=np.float32)[topics]
    weights = np.zeros((rows.shape[1] + 1, len(TOPICS)), np.float32)
    full = hstack([rows, np.ones((rows.shape[0], 1), np.float32)]).tocsr()
    slow, square = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, ROUNDS + 1):
        scores = full @ weights
        guess = np.exp(scores - scores.max(axis=1, keepdims=True))
        guess /= guess.sum(axis=1, keepdims=True)
        slope = full.T @ (guess - wanted) / full.shape[0] + PENALTY * weights
        slow = 0.9 * slow + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        weights -= 0.05 * (slow / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
    return weights[:-1], weights[-1]


def macro_f1(true: np.ndarray, guess: np.ndarray) -> float:
    """Return the mean F1 of the topics."""
    found = []
    for topic in range(len(TOPICS)):
        hits = np.sum((true == topic) & (guess == topic))
        found.append(2 * hits / max(np.sum(true == topic) + np.sum(guess == topic), 1))
    return float(np.mean(found))


def folds(said: list[list[str]], topics: np.ndarray) -> float:
    """Return the macro-F1 over five folds: every message judged by weights that never saw it."""
    fold = np.random.default_rng(1).permutation(len(said)) % 5
    guess = np.zeros_like(topics)
    for number in range(5):
        learning = [one for one, its in zip(said, fold, strict=True) if its != number]
        known = known_features(learning)
        weights, start = fit(matrix(learning, known), topics[fold != number])
        apart = matrix([one for one, its in zip(said, fold, strict=True) if its == number], known)
        guess[fold == number] = (apart @ weights + start).argmax(axis=1)
    return macro_f1(topics, guess)


def write(known: list[str], weights: np.ndarray, start: np.ndarray) -> None:
    """Write the weights as whole hundredths; features that hardly say anything are left out."""
    lines = ["feature\t" + " ".join(TOPICS), "#\t" + _numbers(start)]
    lines += [f"{one}\t{_numbers(row)}" for one, row in zip(known, weights, strict=True) if np.abs(row).max() > 0.04]
    (FOLDER / "weights.tsv").write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 2} features", file=sys.stderr)


def _numbers(row: np.ndarray) -> str:
    return " ".join(str(int(number)) for number in np.round(row * UNIT))


def main() -> int:
    """Fit and write, or tell how good five folds are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    said, topics = messages()
    if options.folds:
        print(f"macro-F1 of five folds: {folds(said, topics):.3f} of {len(said)} messages")
        return 0
    known = known_features(said)
    write(known, *fit(matrix(said, known), topics))
    return 0


if __name__ == "__main__":
    sys.exit(main())
