"""How good a list of answers is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def accuracy(true: Sequence[str], answers: Sequence[str]) -> float:
    """Return the share that is right; 0 for nothing.

    >>> accuracy(["nl", "en"], ["nl", "de"])
    0.5
    """
    return _share(sum(map(_same, true, answers)), len(true))


def _same(one: str, other: str) -> bool:
    return one == other


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def accuracy_each(true: Sequence[str], answers: Sequence[str]) -> dict[str, float]:
    """Return the share that is right for each label, in the order of the labels.

    >>> accuracy_each(["nl", "en", "nl"], ["nl", "de", "en"])
    {'en': 0.0, 'nl': 0.5}
    """
    totals = Counter(true)
    right = Counter(label for label, answer in zip(true, answers, strict=True) if label == answer)
    return {label: right[label] / totals[label] for label in sorted(totals)}


def precision_recall(true: Sequence[str], answers: Sequence[str], label: str) -> tuple[float, float]:
    """Return precision and recall of a label; precision is 0 where it was never answered.

    >>> precision_recall(["a", "a", "b"], ["a", "b", "b"], "b")
    (0.5, 1.0)
    """
    hits = sum(one == label == other for one, other in zip(true, answers, strict=True))
    return _share(hits, list(answers).count(label)), _share(hits, list(true).count(label))


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean of the two."""
    return _share(2 * precision * recall, precision + recall)


def macro_f1(true: Sequence[str], answers: Sequence[str]) -> float:
    """Return the mean F1 over the labels that occur in the truth, each label as heavy as another.

    >>> macro_f1(["a", "b"], ["a", "a"])
    0.3333333333333333
    """
    labels = sorted(set(true))
    return _share(sum(f1(*precision_recall(true, answers, label)) for label in labels), len(labels))


def mean(values: Sequence[float]) -> float:
    """Return the mean; 0 of nothing."""
    return _share(sum(values), len(values))


def chance_macro_f1(true: Sequence[str], labels: int) -> float:
    """Return the macro-F1 to expect from drawing one of `labels` labels blindly for every row.

    Precision is then the label's share of the rows, recall one in `labels`.

    >>> round(chance_macro_f1(["a", "b"], 2), 2)
    0.5
    """
    found = Counter(true)
    return mean([f1(found[label] / len(true), 1 / labels) for label in found])
