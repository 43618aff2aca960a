"""What a round of a worker may say beside how much it did."""

from __future__ import annotations


class Partly(Exception):
    """Some of a round crashed, the rest was done: to be written down, not to be waited for.

    `done` is how many rows moved; `crashes` pairs whose part it was with what went wrong.
    """

    def __init__(self, done: int, *crashes: tuple[object, BaseException]) -> None:
        super().__init__("; ".join(f"{key}: {type(error).__name__}: {error}" for key, error in crashes))
        self.done, self.crashes = done, crashes
