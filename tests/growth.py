"""How work grows with what it is given: on a busy machine seconds say nothing, their ratio does."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time

# Less than this says little: the clock, a collection of garbage.
LEAST = 0.01


def grows_gently(work: Callable[[int], object], size: int = 400, times: int = 8) -> bool:
    """Whether `times` as much takes far less than `times` squared as long: four times its share is allowed."""
    little = min(_seconds(work, size) for _ in range(2))
    allowed = 4 * times * max(little, LEAST)
    # Once more before it is believed: a machine may be held up, work that grows too fast is so every time.
    return any(_seconds(work, size * times) < allowed for _ in range(3))


def _seconds(work: Callable[[int], object], size: int) -> float:
    # Searching the garbage of all the tests before takes longer than the work.
    gc.disable()
    began = process_time()
    try:
        work(size)
        return process_time() - began
    finally:
        gc.enable()
