"""One lane a channel: a network that is slow holds up nobody but itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future, wait
from threading import Thread

from django.db import connection, connections

Job = Callable[[], int]


class Lanes:
    """Runs jobs in threads, at most one at a time for each key and `width` in all.

    `run` waits a while for the jobs that it starts. What takes longer goes on by itself, and its
    key is passed over until it is done. The threads are thrown away with the process: every job
    is safe to kill. Inside a transaction there is only one connection: then the jobs run one
    after the other.
    """

    def __init__(self, name: str, *, patience: float = 1.0, width: int = 48) -> None:
        self._name, self._patience, self._width = name, patience, width
        self._busy: dict[Hashable, Future[int]] = {}

    def run(self, jobs: Mapping[Hashable, Job]) -> int:
        """Run the jobs of the keys that are free; returns what the finished ones returned, added up."""
        if connection.in_atomic_block:
            return sum(job() for job in jobs.values())
        free = [key for key in jobs if key not in self._busy]
        started = {key: self._start(jobs[key]) for key in free[: max(0, self._width - len(self._busy))]}
        self._busy |= started
        wait(started.values(), timeout=self._patience)
        return self._collect()

    def _start(self, job: Job) -> Future[int]:
        future: Future[int] = Future()
        Thread(target=_work, args=(future, job), name=self._name, daemon=True).start()
        return future

    def _collect(self) -> int:
        """Add up what is done; a job that crashed is told of after the others were counted."""
        done = [key for key, future in self._busy.items() if future.done()]
        finished = [self._busy.pop(key) for key in done]
        crashes = [error for future in finished if (error := future.exception())]
        if crashes:
            raise crashes[0]
        return sum(future.result() for future in finished)


def _work(future: Future[int], job: Job) -> None:
    """Run a job to its end; what goes wrong is carried to the worker's loop, which writes it down."""
    try:
        done, problem = job(), None
    except Exception as error:  # the outermost loop of a lane
        done, problem = 0, error
    connections.close_all()
    if problem:
        future.set_exception(problem)
    else:
        future.set_result(done)
