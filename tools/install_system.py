"""Install the programs that the tests need from Debian, or say which are missing.

As root it installs; as anybody else it names the packages, and the tests that need them are
skipped by name (with CI=true they fail, naming the same packages). Standard library only.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys

# What has to be there -> the Debian package that brings it.
NEEDED = {
    "chromium": "chromium",
    "postgres": "postgresql",
    "g++": "g++",
    "make": "make",
}
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3", "-y", "--no-install-recommends"]
QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


def present(program: str) -> bool:
    """Whether a program is installed, also where Debian keeps it off the path."""
    if program == "postgres":
        return bool(glob.glob("/usr/lib/postgresql/*/bin/postgres") or shutil.which("postgres"))
    if program == "chromium":
        return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return shutil.which(program) is not None


def main() -> int:
    """Install what is missing; never fails because something is there already."""
    packages = [package for program, package in NEEDED.items() if not present(program)]
    if not packages:
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Not installed: {', '.join(packages)}. As root: apt-get install {' '.join(packages)}", flush=True)
        return 0
    print(f"Installing {', '.join(packages)}", flush=True)
    if not _apt("install", *packages):
        _apt("update")
        _apt("install", *packages)
    left = [package for program, package in NEEDED.items() if not present(program)]
    if left:
        print(f"Could not install: {', '.join(left)}. The tests that need them will say so.", flush=True)
    return 0


def _apt(*arguments: str) -> bool:
    command = [*APT, *arguments]
    done = subprocess.run(
        command, env=QUIET, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stdout.write(done.stdout.decode(errors="replace")[-2000:])
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
