"""An hour of Jetstream on one core and in one gigabyte: nothing lost, memory flat, pages quick."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from bench.posts import Writer
from tests.prove.soak.watching import Watcher, at, cursor_of

DATABASES = ("sqlite",)
ROOT = Path(__file__).parents[3]
RATE = 2_000
HOUR, SHORT = 3_600, 20
MEMORY = 1024**3
# What the memory of a long run may grow by from the second third to the last.
GROWTH = 1.10
PAGE_SECONDS = 0.100
CATCH_UP = 90


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what an operator's shell would hold."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("PLEIN_", "DJANGO_", "DATABASE_URL"))}
    return own | {"PLEIN_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **more}


@contextmanager
def running(command: list[str], core: int, **options) -> Iterator[subprocess.Popen]:
    """Run a process, and all that it starts, on one core; end it and wait."""
    cores = os.sched_getaffinity(0)
    chosen = {sorted(cores)[core % len(cores)]}
    process = subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, chosen), cwd=ROOT, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def rows(home: Path, *arguments: str) -> dict:
    """Fill or read the database of the run."""
    command = [sys.executable, "-m", "tests.prove.soak.rows", arguments[0], str(home), *arguments[1:]]
    return json.loads(subprocess.run(command, env=environment(home), cwd=ROOT, check=True, capture_output=True).stdout)


def wait_for(ready, seconds: float, what: str) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.timeout(0)
def test_an_hour_of_jetstream_loses_nothing_and_keeps_pages_quick(folder, whole):
    seconds = float(os.environ.get("PLEIN_SOAK_SECONDS") or (HOUR if whole else SHORT))
    home, told, phrases = folder / "home", folder / "told.json", folder / "phrases.json"
    phrases.write_text(json.dumps(Writer(1).phrases(1_000)))
    talker = [sys.executable, "-m", "tests.prove.soak.talker", str(RATE), str(seconds), str(told), str(phrases)]
    with running(talker, 1, env=environment(home), stdout=subprocess.PIPE, text=True) as talking:
        port = talking.stdout.readline().strip()
        cookies = rows(home, "fill", port, str(phrases))
        look, until_stored = _run(home, port, told, cookies, seconds)
    result = rows(home, "read", str(told))
    _print(look, result, json.loads(told.read_text()), until_stored, home, seconds)
    assert (result["lost"], result["too_many"], result["double"]) == (0, 0, 0)
    assert (result["gaps"], result["unread"]) == ([], 0)
    assert look.failed == []
    assert max(look.memory) < MEMORY
    if seconds >= 300:
        assert look.growth < GROWTH
    # A machine that runs other tests at the same time says little about a hundredth of a second.
    assert at(0.95, look.pages) < (PAGE_SECONDS if whole else 10 * PAGE_SECONDS)


def _run(home: Path, port: str, told: Path, cookies: dict[str, str], seconds: float):
    """Run Plein until everything that was said is stored; return what was seen, and how long that took."""
    database = home / "plein.sqlite3"
    plein = [sys.executable, "-m", "plein_web.site.cli", "up", "--port", str(_free_port())]
    address = f"http://127.0.0.1:{plein[-1]}"
    env = environment(home, PLEIN_ALLOWED_ADDRESSES=f"127.0.0.1:{port}")
    with running(plein, 0, env=env, stdout=subprocess.DEVNULL) as up:
        wait_for(lambda: answers(f"{address}/healthz"), 60, "Plein to answer")
        watcher = Watcher(
            process=psutil.Process(up.pid), page=f"{address}/waterdam/inbox/", cookies=cookies, database=database
        )
        with watcher as look:
            wait_for(told.exists, seconds * 1.5 + CATCH_UP, "everything to be said")
            silent = time.monotonic()
            last = json.loads(told.read_text())["last_us"]
            wait_for(lambda: cursor_of(database) >= last, CATCH_UP, "everything to be stored")
        return look, time.monotonic() - silent


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _print(look, result: dict, told: dict, until_stored: float, home: Path, seconds: float) -> None:
    size = sum(file.stat().st_size for file in home.glob("plein.sqlite3*"))
    print(
        f"\nsoak: {told['said']:,} events in {seconds:,.0f} s, {result['mentions']:,} mentions kept,"
        f" {result['lost']} lost, {result['double']} double, {result['too_many']} that should have gone"
        f"\n  memory   {max(look.memory) / 1e6:,.0f} MB at most, {look.growth:.2f} times the earlier at the end"
        f"\n  page     p50 {at(0.5, look.pages) * 1e3:.0f} ms, p95 {at(0.95, look.pages) * 1e3:.0f} ms,"
        f" p99 {at(0.99, look.pages) * 1e3:.0f} ms of {len(look.pages):,}"
        f"\n  behind   p50 {at(0.5, look.behind):.1f} s, p95 {at(0.95, look.behind):.1f} s,"
        f" {until_stored:.1f} s after the last"
        f"\n  on disk  {size / 1e6:,.0f} MB, {result['gone']:,} hashes of deletions and edits"
    )
