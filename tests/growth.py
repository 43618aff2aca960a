"""How work grows with what it is given: on a busy machine seconds say nothing, their ratio does."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

# Less than this says little: the clock, a collection of garbage.
LEAST = 0.01


def grows_gently(work: Callable[[int], object], size: int = 400, times: int = 8) -> bool:
    """Whether `times` as much takes far less than `times` squared as long: four times its share is allowed."""
    little = min(_seconds(work, size) for _ in range(2))
    return _seconds(work, size * times) < 4 * times * max(little, LEAST)


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = process_time()
    work(size)
    return process_time() - began
