"""All measurements in one run, one after the other, each in a process of its own, and a summary.

    make bench                    all
    make bench ARGS="startup"     some
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys

BENCHES = ("stream", "percolate", "inbox", "startup", "language")
BOUND = re.compile(r"\((?:at most|at least)")


def run(name: str) -> tuple[bool, list[str]]:
    """Run a benchmark, show what it says, and return whether its bounds were kept with its lines."""
    process = subprocess.Popen([sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True)
    lines = []
    for line in process.stdout or ():
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line.rstrip())
    return process.wait() == 0, lines


def main(names: list[str]) -> int:
    """Run them and sum up; the exit code is 1 when a bound was not kept."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {_processor()}\n")
    results = {}
    for name in names:
        results[name] = run(name)
        print(flush=True)
    print("Summary")
    for name, (kept, lines) in results.items():
        for line in [line for line in lines if BOUND.search(line)] or ["  (no figures)"]:
            print(f"  {name:<8} {line.strip()}")
        print(f"  {name:<8} {'every bound kept' if kept else 'A BOUND WAS NOT KEPT'}")
    return 0 if all(kept for kept, _lines in results.values()) else 1


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(BENCHES)))
