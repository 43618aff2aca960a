"""How long `plein up` takes until a page is there, and what all its processes use at rest.

Memory is the proportional set size (PSS): shared pages are counted once over all processes. At
rest means: after somebody signed in and looked at the inbox, and a while of nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

STARTS = 5
MOST_SECONDS = 3.0
MOST_MEGABYTES = 300.0
REST = 15.0
PAGES = 30
PLEIN = [sys.executable, "-m", "plein_web.site.cli"]
TOWN = """
import django; django.setup()
from plein_web.channels.models import Channel, Source
from plein_web.town.links import one_time_link
from plein_web.town.models import Membership, Person, Town
town = Town.objects.create(name="Waterdam", slug="waterdam", preset="ruim")
person = Person.objects.create_user("sanne.bos@waterdam.example", name="Sanne Bos")
Membership.objects.create(town=town, person=person, role="administrator")
square = {"address": HOME + "/square.sqlite3"}
channel = Channel.objects.create(
    town=town, network_code="memory", handle="waterdam", identity="square:waterdam", settings=square)
Source.objects.create(town=town, channel=channel, network_code="memory", kind="mentions")
print(one_time_link(person))
"""


def main(starts: int = STARTS, rest: float = REST) -> bool:
    """Measure, print, and return whether both bounds were kept."""
    with tempfile.TemporaryDirectory(prefix="plein-bench-") as home:
        with running(home) as (_address, first):
            pass
        link = _found_town(home)
        times = []
        for _number in range(starts):
            with running(home) as (_address, seconds):
                times.append(seconds)
        with running(home) as (address, _seconds):
            _look_around(address, link)
            before = {pid: ticks(pid) for pid in processes()}
            time.sleep(rest)
            memory = {name: pss(pid) for pid, name in processes().items()}
            busy = sum(ticks(pid) - before.get(pid, 0) for pid in processes()) / os.sysconf("SC_CLK_TCK") / rest
    return _tell(first, times, memory, busy)


def _tell(first: float, times: list[float], memory: dict[str, float], busy: float) -> bool:
    total = sum(memory.values())
    print("start-up, SQLite, from the command until the sign-in page is there")
    print(f"  first start  {first:5.2f} s, with every migration")
    print(f"  start-up     {max(times):5.2f} s, worst of {len(times)}; median {statistics.median(times):.2f} s"
          f" (at most {MOST_SECONDS:.0f} s)")  # fmt: skip
    parts = ", ".join(f"{name} {size:.0f}" for name, size in memory.items())
    print(f"  at rest      {total:5.0f} MB of all processes: {parts} (at most {MOST_MEGABYTES:.0f} MB)")
    print(f"  at rest      {busy:5.1%} of one core")
    return max(times) <= MOST_SECONDS and total <= MOST_MEGABYTES


@contextlib.contextmanager
def running(home: str) -> Iterator[tuple[str, float]]:
    """Run `plein up`; give its address and the seconds until its sign-in page was there."""
    environment = {**os.environ, "PLEIN_HOME": home, "PLEIN_LANGUAGE": "en", "PLEIN_LOG_LEVEL": "ERROR"}
    environment.pop("DATABASE_URL", None)
    environment.pop("PLEIN_ADDRESS", None)
    began = time.perf_counter()
    process = subprocess.Popen([*PLEIN, "up", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        address = _address(process)
        httpx.get(f"{address}/sign-in/", timeout=30).raise_for_status()
        yield address, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _address(process: subprocess.Popen) -> str:
    for line in process.stdout or ():
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found.group()
    raise SystemExit("plein up did not start")


def _found_town(home: str) -> str:
    environment = {**os.environ, "PLEIN_HOME": home, "DJANGO_SETTINGS_MODULE": "plein_web.site.settings"}
    program = f"HOME = {home!r}\n{TOWN}"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def _look_around(address: str, link: str) -> None:
    path = link.split("/", 3)[3]
    with httpx.Client(base_url=address, follow_redirects=True, timeout=30) as browser:
        page = browser.get(f"/{path}")
        if token := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text):
            browser.post(f"/{path}", data={"csrfmiddlewaretoken": token.group(1)})
        for _number in range(PAGES):
            page = browser.get("/waterdam/inbox/").raise_for_status()
        if "/sign-in/" in str(page.url):
            raise SystemExit("the sign-in link did not work")


def processes() -> dict[int, str]:
    """Return our running processes with their names: those below this one."""
    found, parents = {}, {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    for pid in parents:
        above = pid
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid() and pid != above:
            found[pid] = _name(pid)
    return found


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    name = words[words.index("plein_web.site.cli") + 1] if "plein_web.site.cli" in words else words[0]
    return "supervisor" if name == "up" else name


def pss(pid: int) -> float:
    """Return the proportional set size of a process, in megabytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def ticks(pid: int) -> int:
    """Return how many clock ticks of processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
