"""A bar for whatever takes longer than two seconds; nothing for the rest, or where nobody looks."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 2.0


class Progress:
    """Shows how far we are, in bytes or in things. Use as a context manager."""

    def __init__(self, text: str, total: int, *, patience: float = PATIENCE) -> None:
        self.text, self.total, self.done = text, total, 0
        self._show_from = time.monotonic() + patience
        self._bar = None
        self._task = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *problem: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, number: int) -> None:
        """Tell that so much more is done."""
        self.reach(self.done + number)

    def reach(self, done: int) -> None:
        """Tell how much is done."""
        self.done = done
        if self._bar is None and time.monotonic() >= self._show_from and sys.stderr.isatty():
            self._begin()
        if self._bar is not None:
            self._bar.update(self._task, completed=min(done, self.total))

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self.text, total=self.total)
        self._bar.start()


def while_it_grows(text: str, path: Path, total: int, work: Callable[[], None]) -> None:
    """Do work that writes a file, and show its size as progress; raises what the work raises."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - carried to the thread that waits
            problems.append(problem)

    thread = threading.Thread(target=run, name="work")
    thread.start()
    with Progress(text, total) as progress:
        while thread.is_alive():
            thread.join(0.2)
            progress.reach(path.stat().st_size if path.exists() else 0)
    if problems:
        raise problems[0]
