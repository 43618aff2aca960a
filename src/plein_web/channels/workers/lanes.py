"""One lane a channel: a network that is slow holds up nobody but itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.db import connection, connections

Job = Callable[[], int]


class Lanes:
    """Runs jobs in threads, at most one at a time for each key.

    `run` waits a while for its jobs. What takes longer goes on by itself, and its key is passed
    over until it is done. Inside a transaction there is only one connection: then the jobs run
    one after the other.
    """

    def __init__(self, name: str, *, patience: float = 1.0, width: int = 16) -> None:
        self._pool = ThreadPoolExecutor(width, thread_name_prefix=name)
        self._busy: dict[Hashable, Future[int]] = {}
        self._patience = patience

    def run(self, jobs: Mapping[Hashable, Job]) -> int:
        """Run the jobs of the keys that are free; returns what the finished ones returned, added up."""
        if connection.in_atomic_block:
            return sum(job() for job in jobs.values())
        for key, job in jobs.items():
            if key not in self._busy:
                self._busy[key] = self._pool.submit(_in_thread, job)
        wait(self._busy.values(), timeout=self._patience)
        return self._collect()

    def _collect(self) -> int:
        """Add up what is done; a job that crashed is told of after the others were counted."""
        done = [key for key, future in self._busy.items() if future.done()]
        finished = [self._busy.pop(key) for key in done]
        crashes = [error for future in finished if (error := future.exception())]
        if crashes:
            raise crashes[0]
        return sum(future.result() for future in finished)


def _in_thread(job: Job) -> int:
    try:
        return job()
    finally:
        connections.close_all()
