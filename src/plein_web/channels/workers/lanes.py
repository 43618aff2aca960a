"""One lane a channel: a network that is slow holds up nobody but itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future, wait
from threading import Thread
from time import monotonic

from django.db import connection, connections

from plein_web.town.rounds import Partly

Job = Callable[[], int]
# How long a lane rests after so many crashes in a row, in seconds.
AFTER_CRASH = (2.0, 10.0, 60.0)


class Lanes:
    """Runs jobs in threads, at most one at a time for each key and `width` in all.

    `run` waits a while for the jobs that it starts. What takes longer goes on by itself, and its
    key is passed over until it is done. The threads are thrown away with the process: every job
    is safe to kill. A lane that crashes rests a while, longer each time; the others go on. Inside
    a transaction there is only one connection: then the jobs run one after the other.
    """

    def __init__(self, name: str, *, patience: float = 1.0, width: int = 48) -> None:
        self._name, self._patience, self._width = name, patience, width
        self._busy: dict[Hashable, Future[int]] = {}
        self._crashes: Counter[Hashable] = Counter()
        self._rests: dict[Hashable, float] = {}

    def run(self, jobs: Mapping[Hashable, Job]) -> int:
        """Run the jobs of the keys that are free; returns what the finished ones returned, added up."""
        if connection.in_atomic_block:
            return sum(job() for job in jobs.values())
        free = [key for key in jobs if key not in self._busy and self._rests.get(key, 0.0) <= monotonic()]
        started = {key: self._start(jobs[key]) for key in free[: max(0, self._width - len(self._busy))]}
        self._busy |= started
        wait(started.values(), timeout=self._patience)
        return self._collect()

    def _start(self, job: Job) -> Future[int]:
        future: Future[int] = Future()
        Thread(target=_work, args=(future, job), name=self._name, daemon=True).start()
        return future

    def _collect(self) -> int:
        """Add up what is done. Raises Partly when a job crashed, with what the others did."""
        done = [key for key, future in self._busy.items() if future.done()]
        finished = {key: self._busy.pop(key) for key in done}
        crashes = {key: error for key, future in finished.items() if (error := future.exception())}
        count = sum(future.result() for key, future in finished.items() if key not in crashes)
        for key in finished.keys() - crashes.keys():
            self._crashes.pop(key, None)
            self._rests.pop(key, None)
        for key in crashes:
            self._crashes[key] += 1
            self._rests[key] = monotonic() + AFTER_CRASH[min(self._crashes[key], len(AFTER_CRASH)) - 1]
        if crashes:
            raise Partly(count, *crashes.items()) from next(iter(crashes.values()))
        return count


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
