"""`plein up`: three processes that start together, mend themselves and end together."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.django_db(transaction=True)
PLEIN = [sys.executable, "-m", "plein_web.site.cli"]


class House:
    """A running `plein up`."""

    def __init__(self, home: Path, url: str, *arguments: str) -> None:
        environment = {**os.environ, "PLEIN_HOME": str(home), "DATABASE_URL": url, "PLEIN_LANGUAGE": "en"}
        environment.pop("PLEIN_ADDRESS", None)
        if not url:
            del environment["DATABASE_URL"]
        self.process = subprocess.Popen(
            [*PLEIN, "up", *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.append(line)

    def hear(self, pattern: str, seconds: float = 30) -> str:
        """Wait until it says something, and return what that has in parentheses."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, "".join(self.said))):
            assert time.monotonic() < deadline, "".join(self.said)
            time.sleep(0.05)
        return found.group(1)

    def children(self) -> dict[str, int]:
        """Return the processes that it started, by name."""
        found = {}
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid:
                    words = (folder / "cmdline").read_text().split("\0")
                    found[words[words.index("plein_web.site.cli") + 1]] = int(folder.name)
        return found


@pytest.fixture
def up(tmp_path: Path, database: str, database_url: str) -> Iterator:
    """Return a function that starts Plein, on the test's own PostgreSQL or on a new SQLite file."""
    running: list[House] = []

    def up(*arguments: str) -> House:
        running.append(House(tmp_path / "home", database_url if database == "postgresql" else "", *arguments))
        return running[-1]

    yield up
    for house in running:
        house.process.kill()
        house.process.wait()


def test_it_starts_answers_says_where_to_begin_and_ends_within_seconds(up, tmp_path: Path) -> None:
    house = up("--port", "0")
    address = house.hear(r"Plein answers at (http://127.0.0.1:\d+)")
    link = house.hear(r"(http://\S+/setup/\S+)")
    assert httpx.get(f"{address}/healthz").status_code == 200
    assert link.startswith(address)
    assert (tmp_path / "home" / "address").read_text().strip() == address
    page = httpx.get(link, headers={"accept-language": "en"})
    assert page.status_code == 200
    house.hear(r"(engine runs)")
    began = time.monotonic()
    house.process.send_signal(signal.SIGTERM)
    assert house.process.wait(10) == 0
    assert time.monotonic() - began < 4


def test_a_process_that_is_killed_is_started_again_and_nobody_is_refused(up) -> None:
    house = up("--port", "0")
    address = house.hear(r"Plein answers at (http://127.0.0.1:\d+)")
    before = house.children()
    os.kill(before["web"], signal.SIGKILL)
    os.kill(before["engine"], signal.SIGKILL)
    # The supervisor holds the door: a visitor waits for the new process instead of being refused.
    assert httpx.get(f"{address}/healthz", timeout=20).status_code == 200
    house.hear(r"(engine runs)")
    deadline = time.monotonic() + 10
    while len(after := house.children()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert not set(before.values()) & set(after.values())


def test_when_the_supervisor_is_killed_its_processes_end_too(up) -> None:
    house = up("--port", "0")
    house.hear(r"Plein answers at (http://127.0.0.1:\d+)")
    house.hear(r"(engine runs)")
    children = house.children()
    house.process.kill()
    deadline = time.monotonic() + 10
    while any(_lives(pid) for pid in children.values()):
        assert time.monotonic() < deadline, "orphans"
        time.sleep(0.1)


def _lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def test_a_port_that_is_taken_is_said_in_a_sentence(up) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        house = up("--port", str(taken.getsockname()[1]))
        assert house.process.wait(20) == 1
    assert "is taken. Choose another with --port." in "".join(house.said)
    assert "Traceback" not in "".join(house.said)
