"""A PostgreSQL of our own on a random port, thrown away afterwards.

Debian's binaries, as user `postgres` when we are root (PostgreSQL refuses root).
"""

from __future__ import annotations

import atexit
import glob
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass

from tests.needs import missing

QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL."""

    port: int
    process: subprocess.Popen
    folder: str

    def url(self, name: str) -> str:
        """Return the DATABASE_URL of one of its databases."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """End it at once and remove its files."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def binaries() -> str:
    """Return the folder with PostgreSQL's programs."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if found:
        return os.path.dirname(found[-1])
    if path := shutil.which("initdb"):
        return os.path.dirname(os.path.realpath(path))
    return missing("PostgreSQL", "Run as root: apt-get install postgresql (or: python tools/install_system.py)")


def start() -> Server:
    """Start a fresh PostgreSQL; it stops with this process."""
    programs = binaries()
    folder = tempfile.mkdtemp(prefix="plein-pg-")
    run_as = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if run_as:
        shutil.chown(folder, "postgres", "postgres")
    subprocess.run(
        [f"{programs}/initdb", "-D", f"{folder}/d", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync",
         "--locale=C.UTF-8"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **run_as,
    )  # fmt: skip
    port = _free_port()
    settings = [*QUICK, "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    process = subprocess.Popen(
        [f"{programs}/postgres", "-D", f"{folder}/d", "-p", str(port), *(part for s in settings for part in ("-c", s))],
        cwd=folder, stderr=subprocess.DEVNULL, **run_as,
    )  # fmt: skip
    server = Server(port, process, folder)
    atexit.register(server.stop)
    _wait(port)
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(port: int) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
