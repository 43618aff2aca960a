"""Looks at running processes and pages from outside, as an operator would."""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil


def memory_of(process: psutil.Process) -> int:
    """Return what a process and all below it take together, in bytes; shared pages count once (PSS)."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += _pss(one.pid)
        except (FileNotFoundError, ProcessLookupError, psutil.NoSuchProcess):
            continue
    return total


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


@dataclass
class Look:
    """What was seen: bytes of memory, seconds of a page, seconds behind the stream."""

    memory: list[int] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """Return how much larger the memory of the last third was than that of the second, as a factor."""
        third = max(1, len(self.memory) // 3)
        return median(self.memory[-third:]) / median(self.memory[third : 2 * third] or self.memory[:1])


class Watcher:
    """Looks every so often, in a thread, until told to stop."""

    def __init__(self, *, process: psutil.Process, page: str, cookies: dict[str, str], database: Path) -> None:
        self.look = Look()
        self._process = process
        self._page = page
        self._database = database
        self._client = httpx.Client(cookies=cookies, trust_env=False, timeout=30)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Look:
        self._thread.start()
        return self.look

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._client.close()

    def _run(self) -> None:
        rounds = 0
        while not self._stop.wait(0.25):
            self._open_page()
            if rounds % 4 == 0:
                self.look.memory.append(memory_of(self._process))
                self.look.behind.append(seconds_behind(self._database))
            rounds += 1

    def _open_page(self) -> None:
        started = time.perf_counter()
        try:
            answer = self._client.get(self._page)
        except httpx.HTTPError as error:
            self.look.failed.append(str(error))
            return
        self.look.pages.append(time.perf_counter() - started)
        if answer.status_code != 200 or "straatlamp" not in answer.text:
            self.look.failed.append(f"{answer.status_code}")


def cursor_of(database: Path) -> int:
    """Return how far the stream was stored, in microseconds since 1970."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20) as opened:
        row = opened.execute("SELECT cursor FROM channels_source WHERE kind = 'jetstream'").fetchone()
    opened.close()
    return int(row[0] or 0)


def seconds_behind(database: Path) -> float:
    """Return how old the newest event is that was stored. An idle second counts: the cursor may wait five."""
    cursor = cursor_of(database)
    return time.time() - cursor / 1e6 if cursor else 0.0


def at(share: float, values: list[float]) -> float:
    """Return a percentile."""
    return quantiles(values, n=100, method="inclusive")[round(share * 100) - 1] if len(values) > 1 else sum(values)
