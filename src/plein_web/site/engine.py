"""The engine: every worker in a thread of its own, and a thread per stream.

A worker is a function `run_once(now) -> int` that is safe to kill anywhere, so the engine has
nothing to finish when it is told to stop. This is the outermost loop: the only place that
catches whatever goes wrong, writes it down and tries again.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import connections
from django.utils import timezone

from plein_web.site.logging import without_secrets
from plein_web.site.processes import end_with_parent, wait_for_rows
from plein_web.site.streams import Streams
from plein_web.site.table import WORKERS, Worker
from plein_web.town.models import WorkerBeat
from plein_web.town.rounds import Partly

log = logging.getLogger("plein.engine")

# A worker that fails comes back after this many seconds, longer every time in a row.
AFTER_ERROR = (1, 2, 5, 15, 30, 60)
BEAT_SECONDS = 5.0
GRACE = 1.2


@dataclass
class Beat:
    """What a worker did since the engine last told the database."""

    done: int = 0
    error: str = ""
    at: datetime = field(default_factory=timezone.now)


class Engine:
    """Runs workers until it is told to stop."""

    def __init__(self, workers: tuple[Worker, ...] = WORKERS, *, streams: Streams | None = None) -> None:
        self.stop = threading.Event()
        self.workers = workers
        self.streams = streams if streams is not None else Streams()
        self._beats: dict[str, Beat] = {}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start every worker, the streams, and the keeper of the beats."""
        for worker, run_once in [(worker, worker.load()) for worker in self.workers]:
            self._thread(worker.name, partial(self._keep, worker.name, run_once, worker.seconds))
        self._thread("streams", partial(self._keep, "streams", self.streams.tend, 2.0))
        self._thread("beats", partial(self._keep, "", self._write_beats, BEAT_SECONDS))

    def wait(self) -> None:
        """Wait until somebody sets `stop`, then a moment for the rounds that are under way."""
        while not self.stop.wait(1.0):
            pass
        deadline = time.monotonic() + GRACE
        self.streams.stop()
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _thread(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep(self, name: str, run_once: Callable[[datetime], int], seconds: float) -> None:
        failures = 0
        while not self.stop.is_set():
            done, error = self._round(name, run_once)
            failures = failures + 1 if error else 0
            if error:
                self.stop.wait(AFTER_ERROR[min(failures, len(AFTER_ERROR)) - 1])
            elif not done:
                self.stop.wait(seconds)
        connections.close_all()

    def _round(self, name: str, run_once: Callable[[datetime], int]) -> tuple[int, str]:
        """Run a worker once; whatever happens, the connection is good again afterwards."""
        done, error = 0, ""
        try:
            done = run_once(timezone.now())
        except Partly as problem:
            log.exception("a part of %s failed", name)
            self._note(name, problem.done, without_secrets(str(problem)))
            return problem.done, ""
        except Exception as problem:  # the outermost loop of a worker
            log.exception("%s failed", name or "beats")
            error = without_secrets(f"{type(problem).__name__}: {problem}")
            connections.close_all()
        if name:
            self._note(name, done, error)
        return done, error

    def _note(self, name: str, done: int, error: str) -> None:
        with self._lock:
            beat = self._beats.setdefault(name, Beat())
            beat.done, beat.error, beat.at = beat.done + done, error, timezone.now()

    def _write_beats(self, now: datetime) -> int:
        """Tell the database who is alive: together, so that the beats cost one write."""
        with self._lock:
            beats, self._beats = self._beats, {}
        known = {row.worker: row for row in WorkerBeat.objects.filter(worker__in=beats)}
        rows = [
            WorkerBeat(worker=name, at=beat.at, error=beat.error, done=beat.done + getattr(known.get(name), "done", 0))
            for name, beat in beats.items()
        ]
        WorkerBeat.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["worker"], update_fields=["at", "done", "error"]
        )
        return 0


def run() -> int:
    """Run the engine in this process until a signal says stop."""
    engine = Engine()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: engine.stop.set())
    end_with_parent()
    wait_for_rows()
    engine.start()
    log.info("the engine runs", extra={"workers": len(engine.workers)})
    engine.wait()
    logging.shutdown()
    # A thread may hang in a call to a network; every worker is safe to kill, so nobody waits for it.
    os._exit(0)
